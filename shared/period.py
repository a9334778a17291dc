"""Period: one calendar month, the unit in which people are rated and paid."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

_FORM = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_BULAN = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month of a year. Text form `2026-11`. Orders by time."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1900 <= self.year <= 9999 and 1 <= self.month <= 12):
            raise ValueError(f"periode harus tahun dan bulan yang sah, bukan {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: "str | Period") -> "Period":
        """Read `2026-11`. Raises ValueError with the expected form."""
        if isinstance(text, Period):
            return text
        if not isinstance(text, str):
            raise ValueError(f"periode ditulis TTTT-BB, misalnya 2026-11, bukan {text!r}")
        return _read(text)

    @classmethod
    def of(cls, day: date) -> "Period":
        """The month a day belongs to."""
        return cls(day.year, day.month)

    def plus(self, months: int) -> "Period":
        """The period `months` later (earlier when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Period(index // 12, index % 12 + 1)

    @property
    def first_day(self) -> date:
        """First calendar day."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """Last calendar day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def __contains__(self, day: date) -> bool:
        return day.year == self.year and day.month == self.month

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def tampil(self) -> str:
        """Human form: `November 2026`."""
        return f"{_BULAN[self.month - 1]} {self.year}"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse,
            serialization=core_schema.to_string_ser_schema(),
            metadata={
                "pydantic_js_functions": [
                    lambda _schema, _handler: {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"}
                ]
            },
        )


@lru_cache(maxsize=1000)
def _read(text: str) -> Period:
    # Nearly every event and row names one of a few months.
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"periode ditulis TTTT-BB, misalnya 2026-11, bukan {text!r}")
    return Period(int(match[1]), int(match[2]))
