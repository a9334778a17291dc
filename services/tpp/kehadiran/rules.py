"""What one day of attendance must be before it is believed."""

from datetime import date, time, timedelta
from typing import NamedTuple

from shared.period import Period

KETERANGAN = {"": "hadir", "A": "tanpa keterangan", "S": "sakit", "C": "cuti", "DL": "dinas luar"}
"""Codes of the last column; all but A count as present."""

CARA_KETERANGAN = (
    "Tulis A (tanpa keterangan), S (sakit), C (cuti), DL (dinas luar), atau kosongkan bila hadir."
)


class Salah(NamedTuple):
    """What is wrong with a row: the column, why, and the way out."""

    kolom: str
    alasan: str
    perbaikan: str


class Hari(NamedTuple):
    """One day of one person. None says: nothing is said of it, so what was known stays."""

    tanggal: date
    masuk: time | None
    pulang: time | None
    keterangan: str | None
    """None where only the three below are known, and nothing of presence."""
    absen_terlewat: int | None = None
    """Clock-ins missed, where a day has more than two."""
    tanpa_apel: int | None = None
    """How often the person was not at apel: 0 for being there."""
    tanpa_upacara: int | None = None


KALI = ("absen_terlewat", "tanpa_apel", "tanpa_upacara")
"""What is counted of a day beside presence."""
JAM = "jam"
"""Among what is said of a day: presence with its clock times."""
HAL = (JAM, *KALI)
"""All that can be said of a day."""
KALI_SEHARI = 10


def susun_hari(
    tanggal: date, masuk: time | None, pulang: time | None, keterangan: str, *kali: int | None
) -> Hari:
    """A day as it was written down: without times and word, but with a count, presence is not spoken of."""
    silent = not keterangan and masuk is None and pulang is None and any(one is not None for one in kali)
    return Hari(tanggal, masuk, pulang, None if silent else keterangan, *kali)


TIDAK_DIKENAL = Salah(
    "nip",
    "pegawai tidak dikenal",
    "Periksa NIP-nya; bila benar, mintalah admin BKD memasukkan data pegawainya.",
)
TERKUNCI = Salah(
    "nip",
    "TPP orang ini pada periode ini sudah dikunci",
    "Admin BKD dapat mengirimnya sebagai koreksi dengan alasan; selisihnya menjadi rapel.",
)

PALING_LAMA = timedelta(days=366)
"""How far back a day may still be told of: what is paid a year later is rapel of a closed budget year."""


def periksa_tanggal(tanggal: date, hari_ini: date) -> Salah | None:
    """Why nothing can be said of this day today; None when it can."""
    if tanggal > hari_ini:
        return Salah("tanggal", "belum terjadi", "Kirim sesudah harinya, atau perbaiki tanggalnya.")
    if tanggal < hari_ini - PALING_LAMA:
        return Salah("tanggal", "lebih dari setahun yang lalu", "Hubungi BKD bila masih perlu dikoreksi.")
    return None


def periksa_hari(hari: Hari, periode: Period, *, lewat_tengah_malam: bool) -> Salah | None:
    """Why this day cannot be so; None when it can. A shift past midnight ends with a smaller clock time."""
    if hari.tanggal not in periode:
        return Salah(
            "tanggal",
            f"di luar periode {periode.tampil()}",
            "Impor baris ini bersama periodenya sendiri, atau perbaiki tanggalnya.",
        )
    for name in KALI:
        count = getattr(hari, name)
        if count is not None and not 0 <= count <= KALI_SEHARI:
            return Salah(
                name, f"bukan 0 sampai {KALI_SEHARI} kali", "Tulis berapa kali hari itu, atau kosongkan."
            )
    if hari.keterangan is None:
        return None
    if hari.keterangan not in KETERANGAN:
        return Salah(
            "keterangan",
            "keterangan tidak dikenal",
            CARA_KETERANGAN,
        )
    clocked = hari.masuk is not None or hari.pulang is not None
    if not hari.keterangan and not clocked:
        return Salah(
            "masuk", "tidak ada jam maupun keterangan", "Isi jam masuk atau pulang, atau keterangan."
        )
    if hari.keterangan in ("A", "S", "C") and clocked:
        return Salah(
            "keterangan",
            f"{KETERANGAN[hari.keterangan]}, tetapi ada jam masuk atau pulang",
            "Kosongkan jamnya, atau kosongkan keterangannya bila orang ini hadir.",
        )
    if (
        hari.masuk is not None
        and hari.pulang is not None
        and hari.pulang <= hari.masuk
        and not lewat_tengah_malam
    ):
        return Salah(
            "pulang",
            "pulang tidak sesudah masuk",
            "Periksa kedua jam; mungkin tertukar. Untuk sif malam, masukkan dahulu jadwal sifnya.",
        )
    return None


def baca_kali(text: str) -> int:
    """How often on one day: a number, `ya` for once, `tidak` for never. Raises ValueError with the reason."""
    word = text.casefold()
    if word in ("ya", "tidak"):
        return int(word == "ya")
    if not (text.isascii() and text.isdigit() and int(text) <= KALI_SEHARI):
        raise ValueError(f"bukan banyaknya; tulis 0 sampai {KALI_SEHARI}, ya, atau tidak")
    return int(text)
