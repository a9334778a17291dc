"""What may be asked for, and in which words the outcome is told."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from services.tpp.kehadiran.rules import KALI, Hari, Salah, periksa_hari, periksa_tanggal
from shared.period import Period

Sebab = Literal["lupa", "mesin", "jaringan", "tugas", "lainnya"]
SEBAB: dict[Sebab, str] = {
    "lupa": "Lupa absen",
    "mesin": "Mesin absen rusak",
    "jaringan": "Jaringan atau listrik terputus",
    "tugas": "Bertugas di tempat lain",
    "lainnya": "Sebab lain",
}


def periksa(hari: Hari, hari_ini: date, *, sif_malam: bool) -> Salah | None:
    """Why this may not be asked for; None when it may. Nobody asks to be absent without reason."""
    wrong = periksa_tanggal(hari.tanggal, hari_ini)
    if wrong is not None:
        return wrong
    if hari.keterangan == "A":
        return Salah(
            "keterangan", "tanpa keterangan tidak dapat diminta", "Pilih hadir, sakit, cuti, atau dinas."
        )
    return periksa_hari(hari, Period.of(hari.tanggal), lewat_tengah_malam=sif_malam)


def sama(hari: Hari, tercatat: Mapping[str, Any]) -> bool:
    """Whether all that is asked for is recorded already."""
    names = [name for name in KALI if getattr(hari, name) is not None]
    names += ["masuk", "pulang", "keterangan"] if hari.keterangan is not None else []
    return all(getattr(hari, name) == tercatat[name] for name in names)


def tanggal(hari: date) -> str:
    """`5-10-2026`, as sentences carry it."""
    return f"{hari.day}-{hari.month}-{hari.year}"
