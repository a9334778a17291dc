"""Lists of letters: one's own, or of the people of one's unit."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.surat.jenis import SQL
from shared.auth.guard import Subject
from shared.db import Tx
from shared.http import Page, decode_cursor, page


class Surat(BaseModel):
    """One letter that stands."""

    surat_id: UUID
    pegawai_id: UUID
    nip: str
    jenis: str = Field(description="cuti, sanksi atau peran")
    kode: str
    mulai: date
    sampai: date | None = Field(description="Hari terakhir; kosong: sampai dicabut")
    nomor: str
    tingkat: str | None = Field(description="ringan, sedang atau berat; hanya sanksi")
    keterangan: str
    version: int
    diubah_pada: datetime


async def saya(tx: Tx, jenis: str, cursor: str | None, limit: int) -> Page[Surat]:
    """The caller's own letters."""
    assert tx.guard.principal is not None
    who = tx.guard.principal.pegawai_id
    tx.guard.admit(Subject(who))
    return await _daftar(tx, jenis, who, False, [], cursor, limit)


async def daftar(tx: Tx, jenis: str, cursor: str | None, limit: int) -> Page[Surat]:
    """Letters of everyone the caller may see; reading a sanction of somebody leaves a trace."""
    scope = tx.guard.scope()
    found = await _daftar(tx, jenis, None, scope.all, scope.unit_paths, cursor, limit)
    if jenis == "sanksi":
        for one in found.data:
            tx.audit("sanksi.dibaca", f"pegawai:{one.pegawai_id}")
    return found


async def _daftar(
    tx: Tx, jenis: str, saya: UUID | None, semua: bool, units: list[str], cursor: str | None, limit: int
) -> Page[Surat]:
    after = decode_cursor(cursor, 2, date.fromisoformat, UUID) or [None, None]
    rows = SQL.daftar(
        tx.conn,
        jenis=jenis,
        hari=tx.now.date(),
        saya=saya,
        semua=semua,
        units=units,
        sesudah_mulai=after[0],
        sesudah_id=after[1],
        limit=limit + 1,
    )
    found = [Surat(**row) async for row in rows]
    return page(found, limit, lambda one: (one.mulai.isoformat(), one.surat_id))
