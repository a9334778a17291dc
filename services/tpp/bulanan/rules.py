"""What a number of a person's month must be before it is believed. Pure."""

import re
from fractions import Fraction
from typing import Literal

from shared.period import Period

Satuan = Literal["menit", "jam"]

NAMA = ("menit_aktivitas", "hari_laporan", "ada_hasil", "pajak_luar")
"""The facts of a month, by the names that policies know them by."""

_BILANGAN = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+")
_JAM = re.compile(r"(\d+)(?::([0-5]\d)|[.,](\d{1,6}))?")
_YA = {"ya": 1, "ada": 1, "1": 1, "tidak": 0, "tidak ada": 0, "0": 0}


def baca_menit(text: str, periode: Period, satuan: Satuan = "menit") -> int:
    """Minutes of activity in a month, from minutes or from hours. Raises ValueError with the reason."""
    _bukan_negatif(text)
    most = _hari(periode) * 1440
    minutes = _bulat(text, "menit") if satuan == "menit" else _dari_jam(text)
    if minutes > most:
        shown = f"{most:,}".replace(",", ".")
        raise ValueError(f"lebih dari {shown} menit, yaitu seluruh menit {periode.tampil()}")
    return minutes


def baca_hari(text: str, periode: Period) -> int:
    """Days of a month. Raises ValueError with the reason."""
    _bukan_negatif(text)
    days = _bulat(text, "hari")
    if days > _hari(periode):
        raise ValueError(f"lebih dari {_hari(periode)} hari, yaitu seluruh {periode.tampil()}")
    return days


def baca_ya(text: str) -> int:
    """1 for yes, 0 for no. Raises ValueError with what may be written."""
    found = _YA.get(" ".join(text.lower().split()))
    if found is None:
        raise ValueError("bukan ya atau tidak")
    return found


def _bukan_negatif(text: str) -> None:
    if text.startswith(("-", "\u2212")):
        raise ValueError("tidak boleh negatif")


def _bulat(text: str, satuan: str) -> int:
    if not _BILANGAN.fullmatch(text):
        raise ValueError(f"bukan bilangan bulat {satuan}")
    return int(text.replace(".", ""))


def _dari_jam(text: str) -> int:
    match = _JAM.fullmatch(text)
    if match is None:
        raise ValueError("bukan jam; tulis misalnya 112:30 atau 112,5")
    minutes = Fraction(int(match[1]) * 60 + int(match[2] or 0))
    if match[3]:
        minutes += Fraction(int(match[3]), 10 ** len(match[3])) * 60
    if minutes.denominator != 1:
        raise ValueError("bukan menit yang bulat; tulis jam dan menit, misalnya 112:20")
    return minutes.numerator


def _hari(periode: Period) -> int:
    return periode.last_day.day
