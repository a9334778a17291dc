"""The facts a policy may speak of: name, unit, limits, and which input they rest on.

A name here is the same word in formulas, in test packs and as a column of a CSV file. What a region adds
of its own is declared in its policy under `masukan`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from services.tpp.kebijakan.model import GOLONGAN_PPPK, golongan_dari

Tipe = Literal[
    "rupiah", "persen", "bilangan", "menit", "hari", "kali", "predikat", "teks", "ya_tidak", "daftar_menit",
    "daftar_hari", "kamus_hari", "kamus_rupiah", "daftar_kode",
]  # fmt: skip

Sumber = Literal[
    "pegawai", "predikat", "kehadiran", "aktivitas", "sanksi", "gaji", "pajak", "koreksi", "tambahan"
]


@dataclass(frozen=True, slots=True)
class Fakta:
    """One fact. `awal`: few different values among all people, so what follows from it alone is worked
    out once for each. `kosong`: may be unknown, under the name that `tidak_ada(…)` uses. `bila`: the
    fact that must be true before this one may be used."""

    nama: str
    tipe: Tipe
    sumber: Sumber
    arti: str
    awal: bool = False
    kosong: str = ""
    bila: str = ""
    lo: Fraction | None = Fraction(0)
    hi: Fraction | None = None
    domain: tuple[str, ...] = ()


STATUS_PEGAWAI = ("PNS", "CPNS", "PPPK")
PEMBAYARAN = ("bulanan", "ke_13", "ke_14")
PTKP = ("TK/0", "TK/1", "TK/2", "TK/3", "K/0", "K/1", "K/2", "K/3")

JENIS_JABATAN = ("JPT", "Administrator", "Pengawas", "JF", "Pelaksana")
"""As the organisation's own data calls them."""

EJAAN: Mapping[str, tuple[str, ...]] = {
    "jenis_jabatan": JENIS_JABATAN,
    "golongan": GOLONGAN_PPPK,
    "golongan_ruang": tuple(
        dict.fromkeys(
            text for status in STATUS_PEGAWAI for exact in golongan_dari(status).values() for text in exact
        )
    ),
}
"""Every text that a fact can be, where a table need not name them all."""

HARI_SEBULAN = 31
MENIT_SEHARI = 1440
MENIT_SEBULAN = HARI_SEBULAN * MENIT_SEHARI
RUPIAH_TERBESAR = 10**12
KALI_TERBANYAK = 10 * HARI_SEBULAN


def _fakta(sumber: Sumber, *rows: tuple[str, Tipe, str, int, int | None], **lain: Any) -> tuple[Fakta, ...]:
    """Facts of one origin: name, unit, meaning, least and most."""
    return tuple(
        Fakta(nama, tipe, sumber, arti, lo=Fraction(lo), hi=None if hi is None else Fraction(hi), **lain)
        for nama, tipe, arti, lo, hi in rows
    )


_PEGAWAI = _fakta(
    "pegawai",
    ("kelas", "bilangan", "Kelas jabatan", 1, 17),
    ("jabatan", "teks", "Kode atau nama jabatan", 0, None),
    ("jenis_jabatan", "teks", "Jenis jabatan", 0, None),
    ("eselon", "teks", "Eselon, misalnya II.b; kosong bila bukan struktural", 0, None),
    ("unit", "teks", "Kode unit kerja", 0, None),
    ("opd", "teks", "Kode OPD", 0, None),
    ("lokasi", "teks", "Kode tempat bertugas", 0, None),
    ("golongan", "teks", "Golongan tanpa ruang: III, atau IX untuk PPPK", 0, None),
    ("golongan_ruang", "teks", "Golongan dengan ruang: III/a, atau IX", 0, None),
    ("ada_plt", "ya_tidak", "Apakah merangkap sebagai Plt", 0, None),
    ("peran", "daftar_kode", "Peran tambahan yang berlaku pada hari terakhir bulan", 0, None),
    ("bulan", "bilangan", "Bulan 1 sampai 12", 1, 12),
    awal=True,
)
LAMA_PLT = "hari_plt"
"""Whoever asks for it says in `plt` which days of the duty count."""
_PLT = _fakta(
    "pegawai",
    ("plt_kelas", "bilangan", "Kelas jabatan yang dirangkap", 1, 17),
    ("plt_jabatan", "teks", "Jabatan yang dirangkap", 0, None),
    (LAMA_PLT, "hari", "Lama tugas Plt sejak hari pertamanya; sampai kapan dikatakan plt: dibayar", 1, None),
    awal=True,
    bila="ada_plt",
)
_PILIHAN = (
    *_fakta("pegawai", ("status", "teks", "PNS, CPNS, atau PPPK", 0, None), awal=True, domain=STATUS_PEGAWAI),
    *_fakta(
        "pegawai", ("pembayaran", "teks", "bulanan, ke_13, atau ke_14", 0, None), awal=True, domain=PEMBAYARAN
    ),
    *_fakta(
        "pajak",
        ("ptkp", "teks", "Status PTKP: TK/0 sampai K/3", 0, None),
        awal=True,
        kosong="ptkp",
        domain=PTKP,
    ),
)
_PREDIKAT = (
    *_fakta("predikat", ("skp_disetujui", "ya_tidak", "Apakah SKP sudah disetujui", 0, None), awal=True),
    *_fakta(
        "predikat", ("predikat", "predikat", "Predikat periode sumber", 0, None), awal=True, kosong="predikat"
    ),
)
_KEHADIRAN = _fakta(
    "kehadiran",
    ("hadir", "hari", "Hari hadir", 0, HARI_SEBULAN),
    ("cuti", "hari", "Hari tidak masuk yang sah: cuti, sakit, dinas", 0, HARI_SEBULAN),
    ("hari_cuti", "kamus_hari", "Hari cuti menurut jenis, misalnya hari_cuti.sakit", 0, HARI_SEBULAN),
    ("tanpa_keterangan", "hari", "Hari tidak hadir tanpa keterangan", 0, HARI_SEBULAN),
    ("hari_tanpa_data", "hari", "Hari kerja tanpa catatan dan tanpa surat apa pun", 0, HARI_SEBULAN),
    ("terlambat", "daftar_menit", "Menit terlambat setiap kejadian", 0, MENIT_SEHARI),
    ("pulang_cepat", "daftar_menit", "Menit pulang cepat setiap kejadian", 0, MENIT_SEHARI),
    ("tanpa_masuk", "kali", "Tanpa absen masuk", 0, KALI_TERBANYAK),
    ("tanpa_pulang", "kali", "Tanpa absen pulang", 0, KALI_TERBANYAK),
    kosong="kehadiran",
)
# Each of these may be unknown although the month of attendance is there.
_SENDIRI = tuple(
    replace(one, kosong=one.nama)
    for one in (
        *_fakta(
            "kehadiran",
            (
                "absen_terlewat",
                "kali",
                "Absen yang terlewat, bila lebih dari dua kali sehari",
                0,
                KALI_TERBANYAK,
            ),
            ("tanpa_apel", "kali", "Tidak mengikuti apel", 0, KALI_TERBANYAK),
            ("tanpa_upacara", "kali", "Tidak mengikuti upacara", 0, KALI_TERBANYAK),
            ("hari_kerja", "hari", "Hari kerja pada bulan ini", 1, HARI_SEBULAN),
        ),
        *_fakta(
            "aktivitas",
            ("menit_aktivitas", "menit", "Menit aktivitas yang disetujui", 0, MENIT_SEBULAN),
            ("hari_laporan", "hari", "Hari dengan laporan harian tepat waktu", 0, HARI_SEBULAN),
            ("ada_hasil", "ya_tidak", "Apakah ada hasil kerja yang dilaporkan", 0, None),
        ),
        *_fakta("gaji", ("gaji", "rupiah", "Gaji sebulan dasar BPJS", 0, RUPIAH_TERBESAR)),
        *_fakta(
            "pajak", ("pajak_luar", "rupiah", "PPh 21 yang dihitung di luar dan diimpor", 0, RUPIAH_TERBESAR)
        ),
    )
)
# The days of the minutes: known of a month that has none, or whose source says them.
_HARI_KEJADIAN = _fakta(
    "kehadiran",
    ("hari_kejadian", "daftar_hari", "Tanggal setiap keterlambatan dan pulang cepat", 1, HARI_SEBULAN),
    kosong="hari_kejadian",
)
_SETAHUN = _fakta(
    "pajak",
    ("bruto_setahun", "rupiah", "Gaji dan TPP bruto bulan-bulan sebelumnya tahun ini", 0, RUPIAH_TERBESAR),
    ("pengurang_setahun", "rupiah", "Iuran pengurang bulan-bulan sebelumnya tahun ini", 0, RUPIAH_TERBESAR),
    ("pajak_setahun", "rupiah", "PPh 21 yang sudah dipotong tahun ini", 0, RUPIAH_TERBESAR),
    kosong="setahun",
)
_POTONGAN = (
    *_fakta("pegawai", ("ikut_zakat", "ya_tidak", "Apakah memilih zakat dipotong", 0, None)),
    *_fakta(
        "gaji",
        (
            "potongan_lain",
            "kamus_rupiah",
            "Potongan lain, misalnya potongan_lain.koperasi",
            0,
            RUPIAH_TERBESAR,
        ),
    ),
)
_SEMUA = (
    *_PEGAWAI,
    *_PLT,
    *_PILIHAN,
    *_PREDIKAT,
    *_KEHADIRAN,
    *_HARI_KEJADIAN,
    *_SENDIRI,
    *_SETAHUN,
    *_POTONGAN,
)

FAKTA = {one.nama: one for one in _SEMUA}
