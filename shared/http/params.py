"""Parameters that routes of several services share."""

from typing import Annotated

from fastapi import Path, Query

_FORM = r"^(19\d\d|[2-9]\d{3})-(0[1-9]|1[0-2])$"

PeriodePath = Annotated[str, Path(pattern=_FORM, description="Bulan, TTTT-BB", examples=["2026-11"])]
PeriodeQuery = Annotated[str, Query(pattern=_FORM, description="Bulan, TTTT-BB", examples=["2026-11"])]
