"""Which months there are, and how far they are."""

from datetime import date, datetime, time
from uuid import UUID

from pydantic import BaseModel, Field

from services.skp.pegawai.sel import TIDAK_BERTUGAS
from shared.clock import ZONES, local_date
from shared.db import Tx, queries
from shared.errors import NotFound
from shared.http import MAX_LIMIT, Page, decode_cursor, page
from shared.period import Period

SQL = queries("services.skp.periode")
_AHEAD, _BEHIND, _MOST = 3, 3, 24
_MOST_NAMED = 200


class Periode(BaseModel):
    """A month."""

    periode: Period
    keadaan: str = Field(description="dibuka, pengiriman_ditutup atau ditutup")
    version: int
    diubah_pada: datetime


class Hitungan(BaseModel):
    """What closing the month would count, as of now."""

    pegawai: int
    skp_disetujui: int
    skp_menunggu: int = Field(description="SKP yang diajukan dan belum diputuskan atasan")
    pengirim: int = Field(description="Pegawai yang mengirim realisasi")
    realisasi: int


class Terlepas(BaseModel):
    """Somebody whom closing the month leaves out (`aktif` false), or who serves only a part of it."""

    pegawai_id: UUID
    nip: str
    nama: str
    aktif: bool
    opd_nama: str | None
    berhenti: date | None = Field(description="Hari pertama tidak bertugas, bila di tengah bulan ini")


class Kelompok(BaseModel):
    """People, the first of them by name."""

    jumlah: int = 0
    orang: list[Terlepas] = []


class Jejak(BaseModel):
    """Something done to a month."""

    tindakan: str
    pada: datetime
    oleh: str
    alasan: str | None


class PeriodeRinci(Periode):
    """A month with what it holds, what stands in its way, and what was done to it."""

    hitungan: Hitungan
    terbuka_sebelum: Period | None = Field(description="Bulan yang harus ditutup lebih dahulu")
    ditutup_sesudah: Period | None = Field(description="Bulan yang harus dibuka kembali lebih dahulu")
    nonaktif: Kelompok = Field(description="Dinonaktifkan: tidak ikut bulan ini bila ditutup sekarang")
    sebagian: Kelompok = Field(description="Berhenti bertugas di tengah bulan ini")
    jejak: list[Jejak]


async def daftar(tx: Tx, cursor: str | None, limit: int) -> Page[Periode]:
    """Months, the latest first."""
    before = decode_cursor(cursor, sebelum=lambda month: str(Period.parse(month)))
    rows = [
        Periode(
            periode=Period.parse(row["periode"]),
            keadaan=row["keadaan"],
            version=row["version"],
            diubah_pada=row["diubah_pada"],
        )
        async for row in SQL.daftar(tx.conn, **before, limit=limit + 1)
    ]
    return page(rows, limit, lambda row: [str(row.periode)])


async def satu(tx: Tx, periode: Period) -> Periode:
    """One month. Raises NotFound."""
    row = await SQL.satu(tx.conn, periode=str(periode))
    if row is None:
        raise NotFound("Periode ini belum pernah dibuka.")
    return Periode(
        periode=periode,
        keadaan=row["keadaan"],
        version=row["version"],
        diubah_pada=row["diubah_pada"],
    )


async def rinci(tx: Tx, periode: Period, zone: str) -> PeriodeRinci:
    """One month, its counts, its history and, until it is closed, whom that leaves out. Raises NotFound."""
    month = await satu(tx, periode)
    text = str(periode)
    counts = await SQL.hitung(tx.conn, periode=text, hari=periode.last_day, tahun=periode.year)
    earlier = await SQL.terbuka_sebelum(tx.conn, periode=text)
    last = await SQL.ditutup_terakhir_terlihat(tx.conn)
    apart = {} if month.keadaan == "ditutup" else await _terlepas(tx, periode, zone)
    return PeriodeRinci(
        **month.model_dump(),
        hitungan=Hitungan(**counts),
        terbuka_sebelum=Period.parse(earlier) if earlier else None,
        ditutup_sesudah=Period.parse(last) if last and last > text else None,
        nonaktif=apart.get(False, Kelompok()),
        sebagian=apart.get(True, Kelompok()),
        jejak=[
            Jejak(
                tindakan=row["action"].removeprefix("periode."),
                pada=row["at"],
                oleh=row["oleh"],
                alasan=row["alasan"],
            )
            async for row in SQL.jejak(tx.conn, subject=f"periode:{periode}")
        ],
    )


async def _terlepas(tx: Tx, periode: Period, zone: str) -> dict[bool, Kelompok]:
    """Whom closing the month now leaves out (False) or counts in part (True)."""
    rows = SQL.terlepas(
        tx.conn,
        periode=str(periode),
        awal=periode.first_day,
        akhir=periode.last_day,
        sejak=datetime.combine(periode.first_day, time(), ZONES[zone]),
        henti=list(TIDAK_BERTUGAS),
        limit=_MOST_NAMED,
    )
    found: dict[bool, Kelompok] = {}
    async for row in rows:
        found.setdefault(row["aktif"], Kelompok(jumlah=row["seluruhnya"])).orang.append(Terlepas(**row))
    return found


async def dapat_dibuka(tx: Tx, zone: str) -> list[Period]:
    """Months that may be opened next: not opened yet, after the last closed one, up to three ahead."""
    last = await SQL.ditutup_terakhir_terlihat(tx.conn)
    known = {str(one.periode) for one in (await daftar(tx, None, MAX_LIMIT)).data}
    now = Period.of(local_date(tx.now, zone))
    first = Period.parse(last).plus(1) if last else now.plus(-_BEHIND)
    ahead = max(now, first).plus(_AHEAD)
    found: list[Period] = []
    month = first
    while month <= ahead and len(found) < _MOST:
        if str(month) not in known:
            found.append(month)
        month = month.plus(1)
    return found
