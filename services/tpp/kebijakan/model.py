"""A TPP policy as data: one regulation version, as a region's legal office writes it down.

TPP is regional law (PP 12/2019 ps. 58), so no weight, band, tariff or order of cuts is a constant in
code: all of it is here. A policy is a pipeline: tables, and ordered steps (`langkah`) that speak of facts,
tables and earlier steps in formulas (`rumus`). The document is immutable; `sidik` names its exact content,
so that a slip can say which version it was computed with. Structure is checked here, meaning in `checks`.
"""

import json
import re
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from shared.period import Period

Kode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Teks = Annotated[str, Field(min_length=3, max_length=300)]

NamaPredikat = Literal["sangat_baik", "baik", "butuh_perbaikan", "kurang", "sangat_kurang"]
PREDIKAT: tuple[NamaPredikat, ...] = ("sangat_baik", "baik", "butuh_perbaikan", "kurang", "sangat_kurang")
"""In SIASN's order: the code of a predikat is its place here, counted from 1."""

Pembulat = Literal["ke_bawah", "setengah_ke_atas", "ke_atas"]
Kriteria = Literal["beban_kerja", "prestasi_kerja", "kondisi_kerja", "tempat_bertugas", "kelangkaan_profesi"]
KRITERIA: tuple[Kriteria, ...] = get_args(Kriteria)
"""The criteria of TPP (PP 12/2019 pasal 58), by which its budget is written down."""
Satuan = Literal["rupiah", "persen", "bilangan", "menit", "hari", "kali"]
Pemilik = Literal["pegawai", "atasan", "pengelola_kinerja", "admin_bkd", "keuangan_opd", "bpkad", "sysadmin"]
"""Who has to act on a held payment."""


def _as_formula(value: Any) -> Any:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return str(value) if isinstance(value, int) else value


Rumus = Annotated[
    str,
    BeforeValidator(_as_formula),
    WithJsonSchema(
        {"type": ["string", "integer", "boolean"], "examples": ["60%", "Rp 250.000", "kelas >= 7"]}
    ),
]
"""A value with its unit, a name, or a formula; read by `rumus`, typed by `tipe`."""

Kunci = Annotated[str, BeforeValidator(_as_formula), WithJsonSchema({"type": ["string", "integer"]})]


def _as_date(value: Any) -> Any:
    """Only what is written as a day: a bare number is not counted from 1970."""
    if isinstance(value, date) and not isinstance(value, datetime):
        day = value
    else:
        try:
            day = date.fromisoformat(value if isinstance(value, str) and _TANGGAL.fullmatch(value) else "")
        except ValueError:
            raise PydanticCustomError("date_parsing", "not a day") from None
    if not _TAHUN[0] <= day.year <= _TAHUN[1]:
        raise PydanticCustomError("date_range", "year out of range")
    return day


_TANGGAL = re.compile(r"\d{4}-\d{2}-\d{2}")
_TAHUN = (2000, 2199)
Tanggal = Annotated[date, BeforeValidator(_as_date), WithJsonSchema({"type": "string", "format": "date"})]


def _as_rows(value: Any) -> Any:
    if not isinstance(value, dict):
        return _as_formula(value)
    return {_as_formula(key): _as_rows(inner) for key, inner in value.items()}


Isi = Annotated[dict[str, Any], BeforeValidator(_as_rows), Field(min_length=1)]
"""Rows of a table by key, one level for each of its `oleh`; keys and values as text."""


class Dokumen(BaseModel):
    """Base of all parts: immutable, and an unknown name is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sumber(Dokumen):
    """Where parts of the document come from: `hukum` read in the regulation, `praktik` seen in use,
    `asumsi` ours until the region's legal office confirms it."""

    bagian: str | tuple[str, ...]
    sifat: Literal["hukum", "praktik", "asumsi"]
    catatan: Teks

    @property
    def nama_bagian(self) -> tuple[str, ...]:
        """The parts, also when only one is named."""
        return (self.bagian,) if isinstance(self.bagian, str) else self.bagian


class SumberPredikat(Dokumen):
    """Which period's predikat a month is paid by: `mundur` months or quarters back; 0 is the month itself.
    `kecuali` says another number for single months of the year, such as a December paid before it is rated.

    A quarter is rated in its last month. Without that predikat the payment is held, unless a step says what
    replaces it.
    """

    pasal: Teks
    per: Literal["bulan", "triwulan"]
    mundur: int = Field(ge=0, le=4)
    kecuali: dict[Annotated[int, Field(ge=1, le=12)], Annotated[int, Field(ge=0, le=4)]] | None = Field(
        default=None, min_length=1
    )

    def periode(self, periode: Period) -> Period:
        """The month whose predikat pays this one."""
        back = (self.kecuali or {}).get(periode.month, self.mundur)
        if self.per == "bulan":
            return periode.plus(-back)
        last = periode.plus((3 - periode.month % 3) % 3)
        return last.plus(-3 * back)


class Pergantian(Dokumen):
    """Somebody changes jabatan within a month: which jabatan pays it.

    `hari_terakhir` and `hari_pertama` take one of them whole; `tanggal` takes the new one when the change
    lies on or before `sampai_tanggal`; the two `pro_rata` divide steps marked `per_jabatan` by days.

    `sebagian` says how a month is paid in which somebody served on some days only (began, retired, died):
    its days of service count (`pro_rata_…`), or the jabatan held pays it whole (`penuh`), or nothing is paid
    (`tidak_dibayar`). Without it the day that decides pays whole, and holds when nobody served on it.

    `golongan` says of which day in service the golongan is for steps that are not divided, such as a tax by
    golongan; without it, it is that of the jabatan that pays, or of the last part of a divided month.

    `meninggal: penuh` pays the month somebody died in to its end, as if they had served on; without it a
    death ends a month as any other leaving does.
    """

    pasal: Teks
    cara: Literal["hari_terakhir", "hari_pertama", "tanggal", "pro_rata_hari_kalender", "pro_rata_hari_kerja"]
    sampai_tanggal: int | None = Field(default=None, ge=1, le=30)
    sebagian: Literal["pro_rata_hari_kalender", "pro_rata_hari_kerja", "penuh", "tidak_dibayar"] | None = None
    golongan: Literal["hari_pertama", "hari_terakhir"] | None = None
    meninggal: Literal["penuh"] | None = None

    @property
    def pembagi(self) -> Literal["hari", "hari_kerja"] | None:
        """By which days a month in parts is divided; None when it never is."""
        for rule in (self.cara, self.sebagian or ""):
            if rule.startswith("pro_rata"):
                return "hari_kerja" if rule.endswith("hari_kerja") else "hari"
        return None


class AturanPlt(Dokumen):
    """Since when an acting duty (Plt, Plh) is paid that has to last at least so long (by `hari_plt`).

    `sejak_awal`: from its first day, once it has lasted so long. `hari_plt` is then the length of the whole
    duty as far as it is known, in every month of it; months locked before that follow as arrears.
    `sejak_tercapai`: `hari_plt` is its length at the end of each month, and earlier months stay unpaid.
    """

    pasal: Teks
    dibayar: Literal["sejak_awal", "sejak_tercapai"]


class AturanRapel(Dokumen):
    """What becomes of a fact that arrives after its month was paid.

    The month is computed again with the policy of that month; the difference is carried by the next
    payable month as one signed line, at most `paling_lama_bulan` months back, in the step with `koreksi`.
    `angsuran` is the share of a month's own TPP that is taken back at most; the rest follows in later months.
    Without it a difference is taken back whole, by the first month that can bear it.
    """

    pasal: Teks
    paling_lama_bulan: int = Field(ge=0, le=60)
    angsuran: Rumus | None = None


class AturanSetahun(Dokumen):
    """What a month adds to its year, for the tax of its last month: rupiah, by formulas over the steps.

    `bruto` is income, `pengurang` what may be taken off it before tax, `pajak` what was withheld. The facts
    `bruto_setahun`, `pengurang_setahun` and `pajak_setahun` are the sums over the earlier months as they were
    locked, each by the policy of that month.
    """

    pasal: Teks
    bruto: Rumus
    pengurang: Rumus
    pajak: Rumus


class PembayaranKhusus(Dokumen):
    """A thirteenth or fourteenth month (TPP 13, THR): paid with the inputs of the month it is based on.

    `dibayar_bulan`: the month that it is paid in, and taxed with; None says the month it is based on, and an
    earlier month than that is one of the next year.
    """

    kode: Literal["ke_13", "ke_14"]
    nama: Teks
    pasal: Teks
    dasar_bulan: int = Field(ge=1, le=12)
    dibayar_bulan: int | None = Field(default=None, ge=1, le=12)

    def dibayar(self, tahun: int) -> Period:
        """When the payment of a year is paid."""
        month = self.dibayar_bulan or self.dasar_bulan
        return Period(tahun + (month < self.dasar_bulan), month)


class MasukanTambahan(Dokumen):
    """A fact that this region has of its own; a person without it is held."""

    nama: Kode
    arti: Teks
    satuan: Literal["rupiah", "persen", "bilangan", "menit", "hari", "kali", "teks", "ya_tidak"]
    paling_sedikit: Rumus | None = None
    paling_banyak: Rumus | None = None


class Pita(Dokumen):
    """One band. Its ends say whether they belong to it: `mulai` and `sampai` do, `lebih_dari` and
    `kurang_dari` do not; the last band says `tanpa_batas_atas: true`."""

    kode: Kode
    nama: Teks
    mulai: Rumus | None = None
    lebih_dari: Rumus | None = None
    sampai: Rumus | None = None
    kurang_dari: Rumus | None = None
    tanpa_batas_atas: bool = False
    nilai: Rumus


class Lapisan(Dokumen):
    """One layer of a progressive tariff: what lies in it is taxed by `tarif`."""

    sampai: Rumus | None = None
    tanpa_batas_atas: bool = False
    tarif: Rumus


class Perubahan(Dokumen):
    """The rows of a table from a month on."""

    mulai: Tanggal
    pasal: Teks
    isi: Isi


class Tabel(Dokumen):
    """A table of the regulation: exactly one of `isi`, `pita` and `lapisan`.

    `isi` by exact keys: a key may be several (`I, II`) or a range (`1 sampai 4`); `lainnya` is what every
    other key has. `pita` by bands of one quantity without gap or overlap; `toleransi` is what lies below
    the first band. `lapisan` is a progressive tariff. `jumlah: 100%` demands that the rows sum to it; of
    percentages under names of the author's own it is demanded anyway (`bobot`), unless `jumlah: bebas`.
    """

    nama: Teks
    pasal: Teks
    satuan: Satuan
    oleh: tuple[str, ...] = ()
    isi: Isi | None = None
    lainnya: Rumus | None = None
    jumlah: Rumus | None = None
    menurut: Satuan | None = None
    toleransi: Rumus | None = None
    pita: tuple[Pita, ...] | None = None
    lapisan: tuple[Lapisan, ...] | None = None
    perubahan: tuple[Perubahan, ...] = ()


class SanksiDisiplin(Dokumen):
    """A dated sanction (PP 94/2021): how much it takes, and for how many months."""

    kode: Kode
    nama: Teks
    pasal: Teks
    persen: Rumus
    bulan: int = Field(ge=1, le=60)


class Langkah(Dokumen):
    """One step. Exactly one block says what it comes to:

    - `jumlah`: a formula;
    - `persen` of `dari`;
    - `kali` times `satuan`, or times `persen` of `dari`, each time rounded on its own;
    - `setiap` (a list of minutes) by the bands of table `pita`, each event rounded on its own;
    - `batas` over earlier steps: what exceeds `paling_banyak`, or lacks to `paling_sedikit`, comes back;
      with `sehari` what events of each single day (steps with `setiap`) come to above it;
    - `koreksi`: the arrears that this payment carries, one line for each month.

    `sifat` says what becomes of it: `tambah` and `kurang` change bruto, `potongan` is taken from it,
    `catatan` is a line of zero, `nilai` is no line at all; `iuran_pemberi_kerja` is what the region pays
    beside it, neither earned nor taken off, in a line of its own that no total counts. `untuk` repeats the
    step for each of its keys: `@` is the key, `@@` its name. `bobot: bebas` says that a written share of
    something is no part of one whole (`bobot`).

    `kriteria` says under which criterion files write a `tambah`; of a `nilai` that it is that criterion's
    full amount, where lines bring only what of it was earned. Without it the step's code says it, if it can.
    """

    kode: str = Field(pattern=r"^[a-z@][a-z0-9_@]{0,39}$")
    nama: Teks
    pasal: Teks
    kalimat: Teks | None = None
    sifat: Literal["tambah", "kurang", "potongan", "iuran_pemberi_kerja", "catatan", "nilai"] | None = None
    untuk: dict[Kode, Teks] | None = None
    bila: Rumus | None = None
    jumlah: Rumus | None = None
    persen: Rumus | None = None
    dari: Rumus | None = None
    kali: Rumus | None = None
    satuan: Rumus | None = None
    setiap: Literal["terlambat", "pulang_cepat"] | None = None
    pita: str | None = None
    batas: tuple[str, ...] | None = None
    sehari: bool = False
    paling_banyak: Rumus | None = None
    paling_sedikit: Rumus | None = None
    koreksi: Literal["rapel"] | None = None
    bulat: Pembulat | None = None
    kelipatan: Rumus | None = None
    bulat_pada: Literal["satuan", "jumlah"] = "satuan"
    per_jabatan: bool = False
    bobot: Literal["bebas"] | None = None
    kriteria: Literal[Kriteria, "@"] | None = None


class Penahanan(Dokumen):
    """When a payment waits; it never becomes zero. `tidak_ada(fakta)` is true for what is not known."""

    kode: Kode
    bila: Rumus
    kalimat: Teks
    pemilik: Pemilik
    pasal: Teks


class HarapanBaris(Dokumen):
    """What a case of the test pack must come to."""

    bruto: Rumus | None = None
    potongan: Rumus | None = None
    neto: Rumus | None = None
    baris: dict[Kode, Rumus] = {}
    iuran: dict[Kode, Rumus] = {}
    nilai: dict[Kode, Rumus] = {}
    tidak_ada: tuple[Kode, ...] = ()
    kalimat: dict[Kode, str] = {}
    ditahan: tuple[Kode, ...] = ()


class Kasus(Dokumen):
    """One worked example: a person, and the lines and amounts that must follow."""

    nama: Teks
    asal: Teks | None = None
    sama_dengan: str | None = None
    masukan: dict[str, Any] = {}
    harap: HarapanBaris


class Kebijakan(Dokumen):
    """One version of one region's TPP rules, valid for whole months from `berlaku_mulai`.

    `berlaku_sampai: null` says: until a newer version replaces it. `pembulatan` is how a step becomes whole
    rupiah unless it says otherwise. Stored policies that ask for `hari_plt` and have no `plt` are of before
    that was asked: they pay as with `sejak_tercapai`.
    """

    bentuk: Literal[2] = Field(description="Versi bentuk dokumen ini")
    kode: str = Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")
    nama: Teks
    daerah: Teks
    dasar_hukum: tuple[Teks, ...] = Field(min_length=1)
    berlaku_mulai: Tanggal
    berlaku_sampai: Tanggal | None
    sumber: tuple[Sumber, ...]
    pembulatan: Pembulat
    sumber_predikat: SumberPredikat
    pergantian: Pergantian
    plt: AturanPlt | None = None
    rapel: AturanRapel
    setahun: AturanSetahun | None = None
    pembayaran: tuple[PembayaranKhusus, ...] = ()
    masukan: tuple[MasukanTambahan, ...] = ()
    sanksi: tuple[SanksiDisiplin, ...] = ()
    tabel: dict[Kode, Tabel]
    langkah: tuple[Langkah, ...] = Field(min_length=1)
    penahanan: tuple[Penahanan, ...]
    uji: tuple[Kasus, ...]

    @cached_property
    def bulan_lain(self) -> dict[str, int]:
        """Extra payments that are paid in the year after the month they are based on, and in which month."""
        paid = {one.kode: (one.dasar_bulan, one.dibayar_bulan) for one in self.pembayaran}
        return {kode: month for kode, (base, month) in paid.items() if month is not None and month < base}

    def bulan(self, pembayaran: str, periode: Period) -> int:
        """What the fact `bulan` says: the month itself, or of a payment of the next year when it is paid."""
        return self.bulan_lain.get(pembayaran, periode.month)

    @cached_property
    def sidik(self) -> str:
        """SHA-256 of the content, whatever the order in which tables were written down."""
        content = self.model_dump(mode="json")
        if self.rapel.angsuran is None:
            # Policies of before there were instalments, sums of the year, or months in part keep their name.
            del content["rapel"]["angsuran"]
        for part in ("plt", "setahun"):
            if content[part] is None:
                del content[part]
        for extra in content["pembayaran"]:
            if extra["dibayar_bulan"] is None:
                del extra["dibayar_bulan"]
        for name in ("sebagian", "golongan", "meninggal"):
            if content["pergantian"][name] is None:
                del content["pergantian"][name]
        if self.sumber_predikat.kecuali is None:
            del content["sumber_predikat"]["kecuali"]
        for step in content["langkah"]:
            # Nor do words that nearly no step says change the name of a policy without them.
            for name in ("sehari", "bobot", "kriteria"):
                if not step[name]:
                    del step[name]
        for case in content["uji"]:
            if not case["harap"]["iuran"]:
                del case["harap"]["iuran"]
        return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


GOLONGAN_PNS = {
    golongan: tuple(f"{golongan}/{ruang}" for ruang in ("abcde" if golongan == "IV" else "abcd"))
    for golongan in ("I", "II", "III", "IV")
}
"""PNS and CPNS: golongan and its ruang."""

GOLONGAN_PPPK = tuple("I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII".split())
"""PPPK (Perpres 98/2020): no ruang."""


def golongan_dari(status: str) -> dict[str, tuple[str, ...]]:
    """What a tariff may name for a status, and the exact golongan texts each name covers."""
    return {name: (name,) for name in GOLONGAN_PPPK} if status == "PPPK" else GOLONGAN_PNS
