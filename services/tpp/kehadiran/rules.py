"""What one row of attendance or of salaries must be before it is believed."""

import re
from datetime import date, time, timedelta
from typing import NamedTuple

from shared.period import Period

KETERANGAN = {"": "hadir", "A": "tanpa keterangan", "S": "sakit", "C": "cuti", "DL": "dinas luar"}
"""Codes of the last column; all but A count as present."""

CARA_KETERANGAN = (
    "Tulis A (tanpa keterangan), S (sakit), C (cuti), DL (dinas luar), atau kosongkan bila hadir."
)

_RUPIAH = re.compile(r"(?:Rp\.?\s*)?(\d{1,3}(?:\.\d{3})+|\d+)(?:[.,]00?)?", re.IGNORECASE)
_GAJI_TERTINGGI = 1_000_000_000


class Salah(NamedTuple):
    """What is wrong with a row: the column, why, and the way out."""

    kolom: str
    alasan: str
    perbaikan: str


class Hari(NamedTuple):
    """One day of one person."""

    tanggal: date
    masuk: time | None
    pulang: time | None
    keterangan: str


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


def baca_gaji(text: str) -> int:
    """Whole rupiah a month: `4500000`, `4.500.000` or `Rp 4.500.000`. Raises ValueError with the reason."""
    match = _RUPIAH.fullmatch(text)
    if match is None:
        raise ValueError("bukan rupiah bulat; tulis misalnya 4500000 atau 4.500.000")
    gaji = int(match[1].replace(".", ""))
    if not 0 < gaji <= _GAJI_TERTINGGI:
        raise ValueError("gaji sebulan harus lebih dari nol dan paling banyak 1.000.000.000")
    return gaji
