"""What only tpp needs while it runs: the key that signs what payroll is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from services.tpp.penetapan.tanda_tangan import Penanda
from shared.db.database import Database
from shared.settings import ServiceSettings


@asynccontextmanager
async def resources(settings: ServiceSettings, database: Database) -> AsyncIterator[dict[str, Any]]:
    """Open it; the key is made at first start."""
    yield {"penanda": Penanda(settings.keys)}
