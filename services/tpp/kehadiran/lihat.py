"""Looking at the attendance of others: everyone's month as it is counted, and one day with its history."""

from datetime import date, datetime, time
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.kehadiran.hitung import SQL
from services.tpp.kehadiran.presensi import PELAKU
from services.tpp.pegawai.nama import NAMA_PEGAWAI
from shared.auth.guard import Subject
from shared.cari import Cari
from shared.db import Tx
from shared.errors import NotFound
from shared.http import Page, decode_cursor, page
from shared.period import Period


class OrangSebulan(BaseModel):
    """One person's month; the counts are null where nothing of it is known."""

    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    opd_nama: str
    hadir: int | None
    cuti: int | None
    tanpa_keterangan: int | None
    tanpa_data: int | None = Field(
        description="Hari kerja tanpa catatan dan tanpa surat; bukan mangkir dan bukan hadir"
    )


class KeadaanHari(BaseModel):
    """What was known of a day from one version on, and who said so. All null: nothing."""

    version: int
    masuk: time | None
    pulang: time | None
    keterangan: str | None = Field(description="Kosong bila hadir; null bila tidak ada catatan")
    absen_terlewat: int | None
    tanpa_apel: int | None
    tanpa_upacara: int | None
    pada: datetime
    oleh: Literal["orang", "mesin", "sistem"]
    oleh_nip: str | None = Field(description="NIP yang menyatakannya, bila ia pegawai yang dikenal di sini")
    oleh_nama: str | None = Field(description=NAMA_PEGAWAI)
    alasan: str | None = Field(description="Mengapa yang sebelumnya dicabut; null: tidak dicabut")


class HariRinci(BaseModel):
    """One day of one person, with all that was ever known of it."""

    pegawai_id: UUID
    tanggal: date
    tercatat: bool
    dikoreksi: bool = Field(description="Ditetapkan permohonan koreksi yang disetujui")
    terkunci: bool = Field(description="TPP bulannya sudah dikunci untuk orang ini")
    riwayat: list[KeadaanHari] = Field(description="Yang terbaru dahulu")


async def daftar(
    tx: Tx, periode: Period, cursor: str | None, limit: int, opd: str | None = None, cari: str = ""
) -> Page[OrangSebulan]:
    """Everyone whose attendance the caller may look at, by NIP; of an OPD; `cari` as in `shared.cari`."""
    scope = tx.guard.scope()
    rows = SQL.orang_bulan(
        tx.conn,
        periode=str(periode),
        hari=periode.last_day,
        opd=opd,
        **Cari.dari(cari)._asdict(),
        limit=limit + 1,
        atasan_id=scope.atasan_id,
        **scope.where,
        **decode_cursor(cursor, sesudah_nip=str),
    )
    found = [OrangSebulan(**row) async for row in rows]
    return page(found, limit, lambda one: (one.nip,))


async def hari(tx: Tx, pegawai_id: UUID, tanggal: date) -> HariRinci:
    """One day of somebody. Raises NotFound for nobody we know, Forbidden."""
    row = await SQL.satu_hari(
        tx.conn, pegawai_id=pegawai_id, tanggal=tanggal, periode=str(Period.of(tanggal))
    )
    tx.guard.admit(Subject(pegawai_id, row["unit_path"], row["atasan_id"]) if row else Subject())
    if row is None:
        raise NotFound("Pegawai ini belum dikenal.", remedy="Mintalah admin BKD memasukkan data pegawainya.")
    before = SQL.riwayat_hari(tx.conn, pegawai_id=pegawai_id, tanggal=tanggal)
    return HariRinci(
        pegawai_id=pegawai_id,
        tanggal=tanggal,
        tercatat=row["tercatat"],
        dikoreksi=row["permohonan_id"] is not None,
        terkunci=row["terkunci"],
        riwayat=[KeadaanHari(**{**one, "oleh": _siapa(one["oleh"])}) async for one in before],
    )


def _siapa(oleh: str) -> Literal["orang", "mesin", "sistem"]:
    if oleh == PELAKU:
        return "mesin"
    return "orang" if oleh.startswith("pegawai:") else "sistem"
