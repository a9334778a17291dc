"""What only skp needs while it runs: keys, password hashing, evidence store, the hot writer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from services.skp.akun.masuk import Pintu
from services.skp.akun.sandi import Sandi
from services.skp.bukti.gudang import Gudang
from services.skp.realisasi.commands import catat
from shared.auth.token import Signer
from shared.brankas import Brankas
from shared.db.database import Database
from shared.db.group_commit import GroupCommit
from shared.settings import ServiceSettings


@asynccontextmanager
async def resources(settings: ServiceSettings, database: Database) -> AsyncIterator[dict[str, Any]]:
    """Open them; at the end, what is queued is written first."""
    sandi, signer = Sandi(), Signer(settings.keys)
    penulis = GroupCommit(database, "skp", catat(settings.zone))
    penulis.start()
    try:
        yield {
            "signer": signer,
            "pintu": Pintu(signer, Brankas(settings.keys / "faktor.key.json"), settings.peran_berfaktor),
            "sandi": sandi,
            "gudang": Gudang(settings.store),
            "penulis": penulis,
        }
    finally:
        await penulis.stop()
        sandi.close()
