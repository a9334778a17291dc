"""What an attendance system sent and could not be taken: looking at it, trying again once it is mended."""

from datetime import date, datetime, time
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.kehadiran.commands import pastikan_bkd
from services.tpp.kehadiran.hitung import SQL
from services.tpp.kehadiran.presensi import kiriman, terapkan
from services.tpp.kehadiran.rules import PALING_LAMA
from services.tpp.pegawai.nama import NAMA_PEGAWAI
from shared.db import Tx
from shared.http import Page, decode_cursor, page

_SEKALIGUS = 5000


class PresensiTertahan(BaseModel):
    """One day as it was sent, and why it is not recorded."""

    event_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    tanggal: date
    version: int
    masuk: time | None
    pulang: time | None
    keterangan: str | None
    absen_terlewat: int | None
    tanpa_apel: int | None
    tanpa_upacara: int | None
    cabut: str | None = Field(
        description="Kiriman ini menarik harinya, dengan alasan ini (boleh kosong); null: ia mencatatnya"
    )
    kode: str = Field(description="tidak_dikenal, terkunci atau tidak_mungkin")
    kolom: str
    alasan: str
    perbaikan: str
    diterima_pada: datetime


class TerapkanLagi(BaseModel):
    """Trying again."""

    alasan: str = Field(
        default="",
        max_length=300,
        description="Mengapa bulan yang sudah dikunci dikoreksi; hanya admin BKD, selisihnya menjadi rapel",
    )


class HasilTerapkan(BaseModel):
    """What trying again came to."""

    diperiksa: int
    hari: int = Field(description="Hari yang sekarang tercatat")
    tertahan: int = Field(description="Yang tetap tertahan, di antara yang diperiksa")


async def daftar(tx: Tx, cursor: str | None, limit: int) -> Page[PresensiTertahan]:
    """What is held of the people somebody may send data about; unknown people for those who see everyone."""
    scope = tx.guard.scope()
    after = decode_cursor(cursor, sesudah_tanggal=date.fromisoformat, sesudah_id=UUID)
    rows = SQL.daftar_tertahan(
        tx.conn,
        **scope.where,
        hari=tx.now.date(),
        **after,
        limit=limit + 1,
    )
    found = [PresensiTertahan(**row) async for row in rows]
    return page(found, limit, lambda one: (one.tanggal.isoformat(), one.event_id))


async def terapkan_lagi(tx: Tx, body: TerapkanLagi) -> HasilTerapkan:
    """Take what can be taken by now, some thousand at a time; those not looked at the longest come first.

    With a reason also days of locked months. Raises Forbidden for that unless admin BKD does it.
    """
    scope = tx.guard.scope()
    alasan = body.alasan.strip()
    if alasan:
        pastikan_bkd(tx)
    rows = SQL.tertahan(tx.conn, **scope.where, hari=tx.now.date(), limit=_SEKALIGUS)
    held = [kiriman(row) async for row in rows]
    done = await terapkan(tx, held, koreksi=bool(alasan), oleh=str(tx.actor)) if held else 0
    left = await SQL.masih_tertahan(tx.conn, event_id=[one.event_id for one in held])
    tx.audit("kehadiran.diterapkan-lagi", "presensi", alasan=alasan, diperiksa=len(held), hari=done)
    return HasilTerapkan(diperiksa=len(held), hari=done, tertahan=left)


async def buang_lama(tx: Tx) -> None:
    """Forget what is too old to be taken whatever is mended."""
    await SQL.buang_lama(tx.conn, sebelum=tx.now.date() - PALING_LAMA)
