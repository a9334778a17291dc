"""Period: one calendar month, the unit in which people are rated. MasaBayar: what they are paid for, a month
or an extra payment of the year."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

_FORM = re.compile(r"(\d{4})-(0[1-9]|1[0-4])")
_BULAN = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()


_KHUSUS = {13: ("ke_13", "ke-13"), 14: ("ke_14", "ke-14 (THR)")}
"""The extra payments of a year by their number: code, and the words after `TPP`."""


@dataclass(frozen=True, slots=True, eq=False)
class MasaBayar:
    """What is paid: a month, or the 13th or 14th payment of a year, numbered as payrolls do: `2026-13`.

    A month is always a `Period`, which is one of these; whoever asks for a `Period` means a month of the
    calendar. Orders by year and number, months first.
    """

    POLA: ClassVar[str] = r"^\d{4}-(0[1-9]|1[0-4])$"

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1900 <= self.year <= 9999 and self.month in _KHUSUS):
            raise ValueError(f"pembayaran khusus ke-13 atau ke-14, bukan {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: "str | MasaBayar") -> "MasaBayar":
        """Read `2026-11` or `2026-13`. Raises ValueError with the expected form."""
        if isinstance(text, MasaBayar):
            return text
        if not isinstance(text, str):
            raise ValueError(f"masa pembayaran ditulis TTTT-BB, misalnya 2026-11, bukan {text!r}")
        return _read(text)

    @property
    def kode(self) -> str:
        """`bulanan`, `ke_13` or `ke_14`."""
        return _KHUSUS[self.month][0] if self.month in _KHUSUS else "bulanan"

    def tampil(self) -> str:
        """As people say it after `TPP`: `November 2026`, `ke-13 2026`."""
        return f"{_KHUSUS[self.month][1]} {self.year}"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MasaBayar):
            return NotImplemented
        return self.month == other.month and self.year == other.year

    def __hash__(self) -> int:
        return self.year * 16 + self.month

    def __lt__(self, other: "MasaBayar") -> bool:
        return (self.year, self.month) < (other.year, other.month)

    def __le__(self, other: "MasaBayar") -> bool:
        return (self.year, self.month) <= (other.year, other.month)

    def __gt__(self, other: "MasaBayar") -> bool:
        return (self.year, self.month) > (other.year, other.month)

    def __ge__(self, other: "MasaBayar") -> bool:
        return (self.year, self.month) >= (other.year, other.month)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse,
            serialization=core_schema.to_string_ser_schema(),
            metadata={
                "pydantic_js_functions": [lambda _schema, _handler: {"type": "string", "pattern": cls.POLA}]
            },
        )


@dataclass(frozen=True, slots=True, eq=False)
class Period(MasaBayar):
    """A month of a year. Text form `2026-11`. Orders by time."""

    POLA: ClassVar[str] = r"^\d{4}-(0[1-9]|1[0-2])$"

    def __post_init__(self) -> None:
        if not (1900 <= self.year <= 9999 and 1 <= self.month <= 12):
            raise ValueError(f"periode harus tahun dan bulan yang sah, bukan {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: "str | MasaBayar") -> "Period":
        """Read `2026-11`. Raises ValueError with the expected form."""
        found = _read(text) if isinstance(text, str) else text
        if not isinstance(found, Period):
            raise ValueError(f"periode ditulis TTTT-BB, misalnya 2026-11, bukan {text!r}")
        return found

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

    def tampil(self) -> str:
        """Human form: `November 2026`."""
        return f"{_BULAN[self.month - 1]} {self.year}"


@lru_cache(maxsize=1000)
def _read(text: str) -> MasaBayar:
    # Nearly every event and row names one of a few months.
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"periode ditulis TTTT-BB, misalnya 2026-11, bukan {text!r}")
    year, number = int(match[1]), int(match[2])
    return MasaBayar(year, number) if number in _KHUSUS else Period(year, number)
