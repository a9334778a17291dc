"""The calendar of a year, and one person's month day by day."""

from datetime import date, datetime, time
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.kalender.jenis import HARI, SQL
from services.tpp.kalender.nasional import LENGKAP
from services.tpp.pegawai.nama import NAMA_PEGAWAI
from shared.auth.guard import Subject
from shared.db import Tx
from shared.errors import NotFound
from shared.period import Period


class Libur(BaseModel):
    """A day on which nobody works who follows the week."""

    tanggal: date
    jenis: str = Field(description="libur_nasional, cuti_bersama atau libur_daerah")
    nama: str
    dasar: str
    version: int


class JamHari(BaseModel):
    """Hours of one day of the week, with the minutes of the break."""

    hari: str
    masuk: time
    pulang: time
    istirahat: int
    menit: int = Field(description="Menit kerja, istirahat tidak dihitung")


class JamKerja(BaseModel):
    """One set of weekly hours; a day of the week that is not named is no working day."""

    berlaku_mulai: date
    berlaku_sampai: date | None
    dasar: str
    hari: list[JamHari]
    menit_seminggu: int


class Sif(BaseModel):
    """Hours by a code."""

    kode: str
    nama: str
    berlaku_mulai: date
    berlaku_sampai: date | None
    masuk: time
    pulang: time
    istirahat: int
    dasar: str


class Regu(BaseModel):
    """A team that works by turns."""

    kode: str
    nama: str
    mulai: date
    siklus: str
    ikut_libur: bool
    dasar: str
    anggota: int = Field(description="Anggotanya hari ini")


class Kalender(BaseModel):
    """A year as it is known here."""

    tahun: int
    lengkap: bool = Field(description="Libur nasional dan cuti bersama tahun ini sudah lengkap")
    libur: list[Libur]
    jam_kerja: list[JamKerja]
    sif: list[Sif]
    regu: list[Regu]


class HariOrang(BaseModel):
    """One day of one person. No schedule: a day off."""

    tanggal: date
    masuk_jadwal: time | None
    pulang_jadwal: time | None
    lewat_tengah_malam: bool | None
    menit: int | None
    libur: str | None
    masuk: time | None
    pulang: time | None
    keterangan: str | None = Field(description="Kosong bila hadir; null bila belum ada catatan")
    absen_terlewat: int | None
    tanpa_apel: int | None = Field(description="0 mengikuti apel; null: tidak disebut")
    tanpa_upacara: int | None
    version: int | None
    cuti: str | None = Field(description="Jenis cuti atau dinas menurut suratnya")


class JumlahBulan(BaseModel):
    """The month counted, as the calculation takes it."""

    hadir: int
    cuti: int
    tanpa_keterangan: int
    terlambat: list[int]
    pulang_cepat: list[int]
    tanpa_masuk: int
    tanpa_pulang: int
    absen_terlewat: int | None = Field(description="Null: belum ada catatannya")
    tanpa_apel: int | None
    tanpa_upacara: int | None
    hari_kerja: int | None
    menit_kerja: int | None
    tanpa_data: int = Field(
        description="Hari kerja tanpa catatan dan tanpa surat; bukan mangkir dan bukan hadir, TPP menunggunya"
    )
    version: int


class BulanOrang(BaseModel):
    """One person's month."""

    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    periode: Period
    hari: list[HariOrang]
    jumlah: JumlahBulan | None


async def sekarang(tx: Tx) -> datetime:
    """The moment, as the database has it; nobody's data."""
    tx.guard.scope()
    return tx.now


async def kalender(tx: Tx, tahun: int) -> Kalender:
    """The calendar of a year; anyone may see it."""
    span = {"awal": date(tahun, 1, 1), "akhir": date(tahun, 12, 31)}
    libur = [Libur(**row) async for row in SQL.libur(tx.conn, **span)]
    sets: dict[date, JamKerja] = {}
    async for row in SQL.jam_kerja(tx.conn, **span):
        one = sets.setdefault(
            row["berlaku_mulai"],
            JamKerja(
                berlaku_mulai=row["berlaku_mulai"],
                berlaku_sampai=row["berlaku_sampai"],
                dasar=row["dasar"],
                hari=[],
                menit_seminggu=0,
            ),
        )
        menit = _menit(row["pulang"]) - _menit(row["masuk"]) - row["istirahat"]
        one.hari.append(
            JamHari(
                hari=HARI[row["hari"] - 1],
                masuk=row["masuk"],
                pulang=row["pulang"],
                istirahat=row["istirahat"],
                menit=menit,
            )
        )
        one.menit_seminggu += menit
    return Kalender(
        tahun=tahun,
        lengkap=tahun in LENGKAP or any(one.jenis == "cuti_bersama" for one in libur),
        libur=libur,
        jam_kerja=list(sets.values()),
        sif=[Sif(**row) async for row in SQL.shift(tx.conn, **span)],
        regu=[Regu(**row) async for row in SQL.regu(tx.conn, hari=tx.now.date())],
    )


async def libur(tx: Tx, tanggal: date) -> Libur:
    """One holiday. Raises NotFound."""
    async for row in SQL.libur(tx.conn, awal=tanggal, akhir=tanggal):
        return Libur(**row)
    raise NotFound(f"{tanggal:%d-%m-%Y} bukan hari libur.", remedy="Periksa tanggalnya pada kalender kerja.")


async def bulan_saya(tx: Tx, periode: Period) -> BulanOrang:
    """The caller's own month."""
    assert tx.guard.principal is not None
    return await bulan_orang(tx, tx.guard.principal.pegawai_id, periode)


async def bulan_orang(tx: Tx, pegawai_id: UUID, periode: Period) -> BulanOrang:
    """One person's month, day by day. Raises NotFound for nobody we know."""
    who = await SQL.orang(tx.conn, pegawai_id=pegawai_id, hari=periode.last_day)
    tx.guard.admit(Subject(pegawai_id, who["unit_path"] if who else None, who["atasan_id"] if who else None))
    if who is None:
        raise NotFound("Pegawai ini belum dikenal.", remedy="Mintalah admin BKD memasukkan data pegawainya.")
    span = {"awal": periode.first_day, "akhir": periode.last_day}
    days = [HariOrang(**row) async for row in SQL.bulan_orang(tx.conn, pegawai_id=pegawai_id, **span)]
    counted = await SQL.bulan_terhitung(tx.conn, pegawai_id=pegawai_id, periode=str(periode))
    return BulanOrang(
        pegawai_id=pegawai_id,
        nip=who["nip"],
        nama_pegawai=who["nama_pegawai"],
        periode=periode,
        hari=days,
        jumlah=JumlahBulan(**counted) if counted and counted["ada"] else None,
    )


def _menit(at: time) -> int:
    return at.hour * 60 + at.minute
