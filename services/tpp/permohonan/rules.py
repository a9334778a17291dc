"""What may be asked for, and in which words the outcome is told."""

from datetime import date, timedelta
from typing import Literal

from services.tpp.kehadiran.rules import Hari, Salah, periksa_hari
from shared.period import Period

Sebab = Literal["lupa", "mesin", "jaringan", "tugas", "lainnya"]
SEBAB: dict[Sebab, str] = {
    "lupa": "Lupa absen",
    "mesin": "Mesin absen rusak",
    "jaringan": "Jaringan atau listrik terputus",
    "tugas": "Bertugas di tempat lain",
    "lainnya": "Sebab lain",
}

PALING_LAMA = timedelta(days=366)
"""How far back a day may be asked about: what is paid a year later is rapel of a closed budget year."""


def periksa(hari: Hari, hari_ini: date, *, sif_malam: bool) -> Salah | None:
    """Why this may not be asked for; None when it may. Nobody asks to be absent without reason."""
    if hari.tanggal > hari_ini:
        return Salah("tanggal", "belum terjadi", "Mintalah koreksi sesudah harinya.")
    if hari.tanggal < hari_ini - PALING_LAMA:
        return Salah("tanggal", "lebih dari setahun yang lalu", "Hubungi BKD bila masih perlu dikoreksi.")
    if hari.keterangan == "A":
        return Salah(
            "keterangan", "tanpa keterangan tidak dapat diminta", "Pilih hadir, sakit, cuti, atau dinas."
        )
    return periksa_hari(hari, Period.of(hari.tanggal), lewat_tengah_malam=sif_malam)


def tanggal(hari: date) -> str:
    """`5-10-2026`, as sentences carry it."""
    return f"{hari.day}-{hari.month}-{hari.year}"
