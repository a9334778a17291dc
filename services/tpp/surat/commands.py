"""Taking a letter back: it never held, and the months it touched are counted anew."""

from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.fakta.commands import hitung_bulannya
from services.tpp.surat.jenis import JENIS_SURAT, SQL, SURAT
from shared.auth.guard import Subject, within
from shared.db import Tx
from shared.errors import Conflict, NotFound


class PencabutanSurat(BaseModel):
    """Why a letter is taken back."""

    alasan: str = Field(min_length=5, max_length=500)


class SuratDicabut(BaseModel):
    """The letter that no longer holds."""

    surat_id: UUID
    version: int


async def cabut(tx: Tx, jenis: str, surat_id: UUID, body: PencabutanSurat) -> SuratDicabut:
    """Take a letter back. Raises NotFound, Forbidden, Conflict when that was done before."""
    row = await SQL.satu(tx.conn, surat_id=surat_id, hari=tx.now.date())
    found = row if row is not None and row["jenis"] == jenis else None
    scope = tx.guard.scope()
    if found is not None and not scope.all and not within(found["unit_path"], scope.unit_paths):
        tx.guard.admit(Subject(found["pegawai_id"], found["unit_path"]))
    if found is None:
        raise NotFound("Surat ini tidak ada.", remedy="Muat ulang daftarnya.")
    key = (found["pegawai_id"], jenis, found["kode"], found["mulai"])
    taken = await SURAT.cabut(tx, *key)
    if taken is None:
        raise Conflict("Surat ini sudah dicabut.", remedy="Muat ulang daftarnya.")
    await hitung_bulannya(tx, JENIS_SURAT[jenis], [taken])
    tx.audit(f"{jenis}.dicabut", f"pegawai:{found['pegawai_id']}", nomor=found["nomor"], alasan=body.alasan)
    return SuratDicabut(surat_id=surat_id, version=found["version"] + 1)
