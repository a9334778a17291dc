"""What a salary, a PTKP and an amount of a year must be before they are believed."""

import re
from datetime import date

from services.tpp.kebijakan.fakta import PTKP, RUPIAH_TERBESAR

AWAL = date(2000, 1, 1)
"""Since when a salary holds that came without a day."""

_RUPIAH = re.compile(r"(?:Rp\.?\s*)?(\d{1,3}(?:\.\d{3})+|\d+)(?:[.,]00?)?", re.IGNORECASE)
_GAJI_TERTINGGI = 1_000_000_000


def baca_rupiah(text: str) -> int:
    """Whole rupiah: `4500000`, `4.500.000` or `Rp 4.500.000`. Raises ValueError with the reason."""
    match = _RUPIAH.fullmatch(text)
    if match is None:
        raise ValueError("bukan rupiah bulat; tulis misalnya 4500000 atau 4.500.000")
    return int(match[1].replace(".", ""))


def baca_gaji(text: str) -> int:
    """The salary of a month, as `baca_rupiah`. Raises ValueError with the reason."""
    gaji = baca_rupiah(text)
    if not 0 < gaji <= _GAJI_TERTINGGI:
        raise ValueError("gaji sebulan harus lebih dari nol dan paling banyak 1.000.000.000")
    return gaji


def baca_jumlah(text: str) -> int:
    """An amount of a year, none being 0. Raises ValueError with the reason."""
    if text.startswith(("-", "\u2212")):
        raise ValueError("tidak boleh negatif")
    jumlah = baca_rupiah(text)
    if jumlah > RUPIAH_TERBESAR:
        raise ValueError("lebih dari Rp 1.000.000.000.000")
    return jumlah


def baca_ptkp(text: str) -> str:
    """`TK/0` to `K/3`, also written `tk0` or `K 1`. Raises ValueError with the reason."""
    bare = re.sub(r"[^A-Z0-9]", "", text.upper())
    found = next((one for one in PTKP if one.replace("/", "") == bare), None)
    if found is None:
        raise ValueError("bukan status PTKP")
    return found
