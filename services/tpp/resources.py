"""What only tpp needs while it runs: keys to sign for payroll and to seal personal data, and the printer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from services.tpp.penetapan.tanda_tangan import Penanda
from services.tpp.slip.percetakan import Percetakan
from shared.brankas import Brankas
from shared.db.database import Database
from shared.settings import ServiceSettings


@asynccontextmanager
async def resources(settings: ServiceSettings, database: Database) -> AsyncIterator[dict[str, Any]]:
    """Open them; keys are made at first start."""
    percetakan = Percetakan()
    try:
        yield {
            "penanda": Penanda(settings.keys),
            "brankas": Brankas(settings.keys / "rekening.key.json"),
            "percetakan": percetakan,
        }
    finally:
        await percetakan.tutup()
