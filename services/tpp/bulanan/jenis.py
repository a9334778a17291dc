"""The files of monthly facts, each as data: which facts it brings, and how a cell of each is read."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from services.tpp.bulanan import rules
from services.tpp.fakta.tabel import Tabel
from services.tpp.gaji.rules import baca_jumlah
from services.tpp.kehadiran.profil import Profil
from shared.period import Period

FAKTA_BULANAN = Tabel("fakta_bulanan", ["pegawai_id uuid", "periode text", "nama text"], "nilai bigint")


class Hal(NamedTuple):
    """A kind of file, and the facts it may bring; a file has columns for one of them at least.

    `brankas` seals it while it waits, as of an import (`shared.imports.Kind`).
    """

    nama: str
    judul: str
    lead: str
    fakta: tuple[str, ...]
    brankas: str = ""


AKTIVITAS = Hal(
    "aktivitas",
    "Impor aktivitas",
    "Menit aktivitas yang disetujui, hari laporan, dan ada tidaknya hasil kerja; satu baris setiap orang.",
    ("menit_aktivitas", "hari_laporan", "ada_hasil"),
)
PAJAK_LUAR = Hal(
    "pajak-luar",
    "Impor PPh 21 dari luar",
    "PPh 21 sebulan yang dihitung di luar aplikasi ini; satu baris setiap orang.",
    ("pajak_luar",),
    brankas="brankas",
)
HAL = (AKTIVITAS, PAJAK_LUAR)

PERBAIKAN: Mapping[str, str] = {
    "menit_aktivitas": "Tulis jumlahnya sebulan, atau kosongkan bila belum ada.",
    "hari_laporan": "Tulis berapa hari, atau kosongkan bila belum ada.",
    "ada_hasil": "Tulis ya atau tidak, atau kosongkan bila belum ada.",
    "pajak_luar": "Tulis rupiah bulat, 0 bila tidak ada pajaknya, atau kosongkan bila belum dihitung.",
}


def pembaca(nama: str, periode: Period, cara: Profil) -> Callable[[str], int]:
    """What makes a number of a cell; raises ValueError with the reason."""
    match nama:
        case "menit_aktivitas":
            return lambda text: rules.baca_menit(text, periode, cara.satuan_aktivitas)
        case "hari_laporan":
            return lambda text: rules.baca_hari(text, periode)
        case "ada_hasil":
            return rules.baca_ya
    return baca_jumlah
