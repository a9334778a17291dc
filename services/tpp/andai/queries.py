"""Reading what-ifs: those there are, one with how far it is, and what it says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.andai import rules
from services.tpp.andai.hitung import baca
from services.tpp.andai.khusus import KhususAndai
from services.tpp.andai.orang import SQL
from services.tpp.andai.rules import SEBARAN, Bagian, Banding
from services.tpp.perhitungan.tahun import sebut
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.http import Page, decode_cursor, page
from shared.money import Rupiah
from shared.period import MasaBayar, Period


class Andai(BaseModel):
    """One what-if and how far it is."""

    andai_id: UUID
    nama: str = Field(description="Nama kebijakan yang diandaikan")
    sidik: str = Field(description="SHA-256 isi kebijakan")
    bulan: list[Period]
    khusus: list[KhususAndai] = Field(description="Pembayaran khusus yang berdasar bulan-bulan itu")
    keadaan: Literal["berjalan", "selesai"]
    orang: int = Field(description="Orang-bulan yang dihitung")
    orang_selesai: int
    oleh: UUID | None
    oleh_nama: str
    mulai_pada: datetime
    selesai_pada: datetime | None

    @property
    def masa(self) -> str:
        """The months and extra payments in words."""
        return ", ".join([sebut(self.bulan), *(one.sebutan for one in self.khusus)])


class Jumlah(BaseModel):
    """Sums of people as they were paid (`lama`) and as the policy would pay them (`baru`)."""

    orang: int
    dihitung_lama: int
    dihitung_baru: int
    bruto_lama: Rupiah = Field(description="Anggaran yang terpakai")
    bruto_baru: Rupiah
    neto_lama: Rupiah
    neto_baru: Rupiah
    naik: int = Field(description="Orang yang menerima lebih banyak; dihitung pada keduanya")
    naik_rupiah: Rupiah
    turun: int
    turun_rupiah: Rupiah
    tetap: int
    jadi_ditahan: int = Field(description="Dibayar dahulu, belum dapat dihitung dengan kebijakan ini")
    jadi_ditahan_bruto: Rupiah = Field(description="Yang mereka terima dahulu, sebelum potongan")
    jadi_dihitung: int = Field(description="Ditahan dahulu, dihitung dengan kebijakan ini")
    sebaran: dict[str, int] = Field(description="Orang menurut besar perubahan yang diterima")
    iuran_lama: Rupiah = Field(description="Iuran pemberi kerja di samping anggaran itu")
    iuran_baru: Rupiah

    @property
    def selisih(self) -> Rupiah:
        """What the budget would change by."""
        return self.bruto_baru - self.bruto_lama

    @property
    def beban_lama(self) -> Rupiah:
        """What the region paid in all: the budget and its own contributions."""
        return self.bruto_lama + self.iuran_lama

    @property
    def beban_baru(self) -> Rupiah:
        """What the region would pay in all."""
        return self.bruto_baru + self.iuran_baru

    @property
    def selisih_tanpa_ditahan(self) -> Rupiah:
        """The same, without those whom only the policy that paid could pay."""
        return self.selisih + self.jadi_ditahan_bruto

    @property
    def dibandingkan(self) -> int:
        """People paid under both."""
        return self.naik + self.turun + self.tetap

    @property
    def tetap_ditahan(self) -> int:
        """People whom neither pays."""
        return self.orang - self.dibandingkan - self.jadi_ditahan - self.jadi_dihitung


class JumlahBulan(Jumlah):
    """Sums of one month or extra payment."""

    periode: MasaBayar
    nama: str | None = Field(description="Untuk pembayaran khusus: namanya")

    @property
    def sebutan(self) -> str:
        """As people call it."""
        return f"{self.nama} {self.periode.year}" if self.nama else self.periode.tampil()


class JumlahOpd(Jumlah):
    """Sums of one OPD over all months."""

    opd_kode: str
    opd_nama: str


class JumlahUnit(Jumlah):
    """Sums of one unit over all months."""

    opd_kode: str
    unit_path: str


class JumlahKelas(Jumlah):
    """Sums of one kelas over all months; 0: people without a known jabatan."""

    kelas: int


class Sebab(BaseModel):
    """Why the policy cannot pay some, and who could supply what is missing."""

    kode: str
    kalimat: str = Field(description="Kalimat orang pertama yang mengalaminya")
    pemilik: str
    orang: int


class HasilAndai(BaseModel):
    """Budget, winners and losers; every table has the same total."""

    andai: Andai
    jumlah: Jumlah
    bulan: list[JumlahBulan] = Field(description="Tiap bulan dan tiap pembayaran khusus")
    opd: list[JumlahOpd]
    unit: list[JumlahUnit]
    kelas: list[JumlahKelas]
    sebab: list[Sebab]

    @property
    def susunan(self) -> list[tuple[str, Rupiah, Rupiah]]:
        """The budget's parts, as it was and would be: all months together, then each extra payment."""
        months = [one for one in self.bulan if not one.nama]
        parts = [
            (
                f"TPP bulanan ({len(months)} bulan)",
                sum((one.bruto_lama for one in months), Rupiah(0)),
                sum((one.bruto_baru for one in months), Rupiah(0)),
            )
        ]
        return parts + [(one.sebutan, one.bruto_lama, one.bruto_baru) for one in self.bulan if one.nama]

    @property
    def catatan(self) -> list[str]:
        """What to know of the extra payments in it."""
        return [said for one in self.andai.khusus for said in one.catatan]


class BulanTerhitung(BaseModel):
    """A month that can be computed again."""

    periode: Period
    orang: int


def _andai(row: Any) -> Andai:
    return Andai(**{**row, "bulan": [Period.parse(one) for one in row["bulan"]]})


async def bulan_terhitung(tx: Tx) -> list[BulanTerhitung]:
    """Months a what-if can take, the newest first. Holds no pay data."""
    tx.guard.scope()
    return [
        BulanTerhitung(periode=Period.parse(row["periode"]), orang=row["orang"])
        async for row in SQL.bulan_terhitung(tx.conn, limit=60)
    ]


async def daftar(tx: Tx, cursor: str | None, limit: int) -> Page[Andai]:
    """All what-ifs, the newest first."""
    tx.guard.scope()
    after = decode_cursor(cursor, sesudah_mulai=datetime.fromisoformat, sesudah_id=UUID)
    rows = [row async for row in SQL.daftar(tx.conn, **after, limit=limit + 1)]
    return page([_andai(row) for row in rows], limit, lambda one: (one.mulai_pada.isoformat(), one.andai_id))


async def satu(tx: Tx, andai_id: UUID) -> Andai:
    """One what-if and how far it is. Raises NotFound."""
    tx.guard.scope()
    row = await SQL.satu(tx.conn, andai_id=andai_id)
    if row is None:
        raise tidak_ada()
    return _andai(row)


def tidak_ada() -> NotFound:
    """No such what-if."""
    return NotFound("Simulasi ini tidak ada.", remedy="Lihat daftar simulasi.")


async def hasil(tx: Tx, andai_id: UUID) -> HasilAndai:
    """What came out. Raises NotFound, Conflict while it is still being computed; the reading is audited."""
    found = await satu(tx, andai_id)
    if found.keadaan != "selesai":
        raise Conflict("Simulasi ini masih dihitung.", remedy="Tunggu sampai selesai.")
    tx.audit("tpp.andai-dibaca", f"andai:{andai_id}")
    return susun(found, await SQL.hasil(tx.conn, andai_id=andai_id))


def susun(andai: Andai, isi: Mapping[str, Any]) -> HasilAndai:
    """The stored sums as tables."""
    months = {MasaBayar.parse(periode): baca(one) for periode, one in isi["bulan"].items()}
    called = {one.periode: one.nama for one in andai.khusus}
    whole = Bagian()
    for one in months.values():
        whole.gabung(one)
    names = isi["opd"]
    return HasilAndai(
        andai=andai,
        jumlah=Jumlah(**_angka(whole.jumlah())),
        bulan=[
            JumlahBulan(periode=masa, nama=called.get(masa), **_angka(one.jumlah()))
            for masa, one in sorted(months.items())
        ],
        opd=[
            JumlahOpd(opd_kode=str(kode), opd_nama=names[kode], **_angka(cell))
            for (kode,), cell in whole.menurut("opd_kode").items()
        ],
        unit=[
            JumlahUnit(opd_kode=str(kode), unit_path=str(unit), **_angka(cell))
            for (kode, unit), cell in whole.menurut("opd_kode", "unit_path").items()
        ],
        kelas=[
            JumlahKelas(kelas=int(kelas), **_angka(cell)) for (kelas,), cell in whole.menurut("kelas").items()
        ],
        sebab=[
            Sebab(kode=kode, kalimat=one.kalimat, pemilik=one.pemilik, orang=one.orang)
            for kode, one in sorted(whole.sebab.items(), key=lambda item: -item[1].orang)
        ],
    )


_RUPIAH = frozenset(
    name
    for name in rules.Banding.__slots__
    if name.startswith(("bruto", "neto", "iuran")) or name.endswith(("_rupiah", "_bruto"))
)


def _angka(cell: Banding) -> dict[str, Any]:
    found = {
        name: Rupiah(getattr(cell, name)) if name in _RUPIAH else getattr(cell, name)
        for name in Banding.__slots__
        if name != "sebaran"
    }
    return {**found, "tetap": cell.tetap, "sebaran": dict(zip(SEBARAN, cell.sebaran, strict=True))}
