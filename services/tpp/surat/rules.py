"""Codes that letters may carry, and what cannot be true of two of them at once."""

import re
from collections.abc import Sequence
from datetime import date

TINGKAT = ("ringan", "sedang", "berat")
"""Grades of a discipline sanction (PP 94/2021 ps. 8)."""

CUTI = (
    "tahunan", "besar", "sakit", "melahirkan", "alasan_penting", "cltn", "dinas_luar", "diklat", "izin",
)  # fmt: skip
"""Kinds of leave of PP 11/2017 ps. 310 (cltn: di luar tanggungan negara), then absences that are no leave."""

_CUTI_KEBIJAKAN = re.compile(r"\bhari_cuti\.([a-z][a-z0-9_]*)")

Rentang = tuple[date, date | None]


def kode_cuti(kebijakan: Sequence[str]) -> tuple[str, ...]:
    """Kinds of leave that may be recorded: the usual ones and those that policies in force speak of."""
    own = {kode for text in kebijakan for kode in _CUTI_KEBIJAKAN.findall(text)}
    return (*CUTI, *sorted(own - set(CUTI)))


def beririsan(a: Rentang, b: Rentang) -> bool:
    """Whether two spans share a day; an open end goes on for ever."""
    return (a[1] is None or b[0] <= a[1]) and (b[1] is None or a[0] <= b[1])
