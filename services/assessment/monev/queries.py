"""Counts of a month for each OPD, worst first, and the people behind them with what waits and for whom."""

from uuid import UUID

from pydantic import BaseModel, Field

from services.assessment.penilaian import rules
from shared.db import Tx, queries
from shared.errors import NotFound
from shared.http import Page, decode_cursor, page
from shared.period import Period

SQL = queries("services.assessment.monev")


class MonevOpd(BaseModel):
    """How far one OPD is; counts of people."""

    opd_kode: str
    opd_nama: str
    pegawai: int
    skp_disetujui: int
    berealisasi: int
    dinilai: int

    def persen(self, jumlah: int) -> int:
        """A count as whole percent of the people, rounded down: 100 only when nobody is missing."""
        return 100 * jumlah // self.pegawai if self.pegawai else 0


class OrangMonev(BaseModel):
    """One person and the first thing their month waits for; nothing once rated."""

    pegawai_id: UUID
    nip: str
    jabatan: str
    unit: str
    skp: str = Field(description="belum_ada, diajukan, dikembalikan atau disetujui")
    realisasi: int
    predikat: str | None
    menunggu: str | None = Field(description="Apa yang harus terjadi dahulu")
    pemilik: str | None = Field(description="Siapa yang harus bertindak")


class OrangOpd(BaseModel):
    """The people of an OPD."""

    opd_nama: str
    orang: Page[OrangMonev]


async def bulan(tx: Tx) -> list[Period]:
    """Months known here, the newest first."""
    tx.guard.scope()
    return [Period.parse(row["periode"]) async for row in SQL.bulan(tx.conn)]


async def opd(tx: Tx, periode: Period) -> list[MonevOpd]:
    """The OPDs the caller may see: least rated first, then least realisasi, then fewest plans agreed."""
    scope = tx.guard.scope()
    found = [
        MonevOpd(**row)
        async for row in SQL.opd(
            tx.conn,
            periode=str(periode),
            hari=periode.last_day,
            tahun=periode.year,
            **scope.where,
        )
    ]
    return sorted(
        found,
        key=lambda one: (
            one.dinilai / one.pegawai,
            one.berealisasi / one.pegawai,
            one.skp_disetujui / one.pegawai,
            one.opd_nama,
        ),
    )


async def orang(
    tx: Tx, periode: Period, opd_kode: str, menunggu: bool, cursor: str | None, limit: int
) -> OrangOpd:
    """People of an OPD, by NIP. Raises NotFound for an OPD without anybody the caller may see."""
    scope = tx.guard.scope()
    after = decode_cursor(cursor, sesudah_nip=str, sesudah_id=UUID)
    name = await SQL.nama_opd(tx.conn, hari=periode.last_day, opd=opd_kode, **scope.where)
    if name is None:
        raise NotFound("OPD ini tidak ada pada bulan itu, atau di luar wewenang Anda.")
    rows = [
        row
        async for row in SQL.orang(
            tx.conn,
            periode=str(periode),
            hari=periode.last_day,
            tahun=periode.year,
            opd=opd_kode,
            **scope.where,
            menunggu=menunggu,
            **after,
            limit=limit + 1,
        )
    ]
    people = []
    for row in rows:
        waits = None
        if row["predikat"] is None:
            waits = rules.alasan_ditahan(
                ditempatkan=True,
                ada_atasan=row["atasan_id"] is not None,
                keadaan_skp=row["skp"],
                tahun=periode.year,
            )
        people.append(
            OrangMonev(
                pegawai_id=row["pegawai_id"],
                nip=row["nip"],
                jabatan=row["jabatan_nama"],
                unit=row["unit_nama"],
                skp=row["skp"] or "belum_ada",
                realisasi=row["realisasi"],
                predikat=rules.PREDIKAT[row["predikat"]] if row["predikat"] else None,
                menunggu=waits.kalimat if waits else None,
                pemilik=waits.pemilik if waits else None,
            )
        )
    return OrangOpd(opd_nama=name, orang=page(people, limit, lambda one: (one.nip, one.pegawai_id)))
