"""Parameters that routes of several services share."""

from typing import Annotated

from fastapi import Path, Query

# 1910 to 8999: every month has a month before and after it that is one as well.
_FORM = r"^(19[1-9]\d|[2-8]\d{3})-(0[1-9]|1[0-2])$"

PeriodePath = Annotated[str, Path(pattern=_FORM, description="Bulan, TTTT-BB", examples=["2026-11"])]
_MASA = r"^(19[1-9]\d|[2-8]\d{3})-(0[1-9]|1[0-4])$"
MasaPath = Annotated[
    str,
    Path(
        pattern=_MASA,
        description="Bulan, TTTT-BB; 13 dan 14: pembayaran khusus tahun itu (TPP ke-13, THR)",
        examples=["2026-11"],
    ),
]
CariQuery = Annotated[str, Query(max_length=100, description="Bagian nama, atau awal NIP")]
PeriodeQuery = Annotated[str, Query(pattern=_FORM, description="Bulan, TTTT-BB", examples=["2026-11"])]
