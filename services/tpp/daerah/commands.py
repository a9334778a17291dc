"""Taking a fact back: it was never so, and the months it touched follow."""

from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.daerah.jenis import FAKTA_DAERAH, SQL, beritakan
from services.tpp.daerah.queries import jenis_dari
from shared.auth.guard import Subject, within
from shared.db import Tx
from shared.errors import Conflict, NotFound


class PencabutanFakta(BaseModel):
    """Why a fact is taken back."""

    alasan: str = Field(min_length=5, max_length=500)


class FaktaDicabut(BaseModel):
    """The fact that no longer stands."""

    fakta_id: UUID
    version: int


async def cabut(tx: Tx, jenis: str, fakta_id: UUID, body: PencabutanFakta) -> FaktaDicabut:
    """Take a fact back. Raises NotFound, Forbidden, Conflict when that was done before."""
    row = await SQL.satu(tx.conn, fakta_id=fakta_id, hari=tx.now.date())
    found = row if row is not None and jenis_dari(row["nama"]) == jenis else None
    scope = tx.guard.scope()
    if found is not None and not scope.all and not within(found["unit_path"], scope.unit_paths):
        tx.guard.admit(Subject(found["pegawai_id"], found["unit_path"]))
    if found is None:
        raise NotFound("Fakta ini tidak ada.", remedy="Muat ulang daftarnya.")
    taken = await FAKTA_DAERAH.cabut(tx, found["pegawai_id"], found["nama"], found["mulai"])
    if taken is None:
        raise Conflict("Fakta ini sudah dicabut.", remedy="Muat ulang daftarnya.")
    await beritakan(tx, [taken])
    tx.audit(f"{jenis}.dicabut", f"pegawai:{found['pegawai_id']}", fakta=found["nama"], alasan=body.alasan)
    return FaktaDicabut(fakta_id=fakta_id, version=found["version"] + 1)
