"""Taking back a day of attendance reported by mistake: nothing is known of it then, which is not absent."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.kehadiran.commands import pastikan_bkd
from services.tpp.kehadiran.hitung import SQL, cabut_harian, hitung_bulan
from services.tpp.kehadiran.rules import HAL
from shared.auth.guard import Subject
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.period import Period


class PencabutanHari(BaseModel):
    """Why a day is taken back."""

    alasan: str = Field(min_length=5, max_length=300)


class HariDicabut(BaseModel):
    """The day of which nothing is known any more."""

    pegawai_id: UUID
    tanggal: date
    version: int
    sesudah_dikunci: bool = Field(
        description="Bulannya sudah dikunci; yang dibayar tetap, selisihnya menjadi rapel"
    )


async def cabut_hari(tx: Tx, pegawai_id: UUID, tanggal: date, body: PencabutanHari) -> HariDicabut:
    """Take a day back and count its month anew; what it said stays in the history.

    Files and machines may report the day again; what came before stays taken back. Raises NotFound where
    nothing is recorded, Conflict for a day set by an approved correction, Forbidden for a locked month unless
    admin BKD does it.
    """
    periode = Period.of(tanggal)
    row = await SQL.satu_hari(tx.conn, pegawai_id=pegawai_id, tanggal=tanggal, periode=str(periode))
    tx.guard.admit(Subject(pegawai_id, row["unit_path"]) if row else Subject())
    absent = NotFound(
        f"Tidak ada catatan kehadiran orang ini pada {tanggal:%d-%m-%Y}.", remedy="Periksa tanggalnya."
    )
    if row is None or not row["tercatat"]:
        raise absent
    if row["permohonan_id"] is not None:
        raise Conflict(
            "Hari ini ditetapkan permohonan koreksi yang sudah disetujui.",
            remedy="Pegawainya mengajukan koreksi lagi bila catatan itu keliru.",
        )
    if row["terkunci"]:
        pastikan_bkd(tx)
    alasan = body.alasan.strip()
    changed = await cabut_harian(tx, [(pegawai_id, tanggal, hal, alasan) for hal in HAL])
    if not changed:  # somebody else was quicker
        raise absent
    await hitung_bulan(tx, periode, [pegawai_id])
    tx.audit(
        "kehadiran.hari-dicabut",
        f"pegawai:{pegawai_id}",
        tanggal=tanggal,
        alasan=alasan,
        terkunci=row["terkunci"],
    )
    return HariDicabut(
        pegawai_id=pegawai_id,
        tanggal=tanggal,
        version=changed[pegawai_id, tanggal],
        sesudah_dikunci=row["terkunci"],
    )
