"""Quantities of a policy document: each is written with its unit and kept as an exact integer.

Rupiah are whole rupiah, percentages are millionths (1% = 10.000), minutes are whole minutes. A
number without its unit is refused, because `3` could be three percent, minutes, days or rupiah.
"""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from shared.money import Rupiah

SATU = 1_000_000
"""100% in the unit in which percentages are kept."""

_PERSEN = re.compile(r"(\d{1,3})(?:[.,](\d{1,4}))?\s?%")
_RUPIAH = re.compile(r"Rp\s?(\d{1,3}(?:\.\d{3})*|\d+)")
_MENIT = re.compile(r"(\d{1,4}) ?menit")


def problem(reason: str, remedy: str) -> PydanticCustomError:
    """An error of one value, with the way out, for pydantic to carry to the reader."""
    return PydanticCustomError("kebijakan", "{reason}", {"reason": reason, "remedy": remedy})


def parse_persen(value: Any) -> int:
    """`60%`, `1,25%` or `0.5%` in millionths; at most four decimals, at most 100%."""
    match = _PERSEN.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise problem(f"{value!r} bukan persen", "tulis dengan tanda persen, misalnya 60% atau 1,25%")
    parts = int(match[1]) * 10_000 + int((match[2] or "").ljust(4, "0"))
    if parts > SATU:
        raise problem(f"{value} lebih dari 100%", "persen di kebijakan paling banyak 100%")
    return parts


def parse_rupiah(value: Any) -> int:
    """`Rp 17.311.827` or `Rp 17311827`; whole rupiah."""
    match = _RUPIAH.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise problem(f"{value!r} bukan rupiah", "tulis rupiah bulat dengan satuannya, misalnya Rp 2.500.000")
    return int(match[1].replace(".", ""))


def parse_menit(value: Any) -> int:
    """`30 menit`, at most one day."""
    match = _MENIT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise problem(f"{value!r} bukan menit", "tulis dengan satuannya, misalnya 30 menit")
    if int(match[1]) > 1440:
        raise problem(f"{value} lebih dari satu hari", "paling banyak 1440 menit")
    return int(match[1])


def tampil_persen(parts: int) -> str:
    """Millionths as people write them: `60%`, `1,25%`."""
    whole, rest = divmod(parts, 10_000)
    return f"{whole}%" if rest == 0 else f"{whole},{rest:04d}".rstrip("0") + "%"


def tampil_rupiah(amount: int) -> str:
    """Whole rupiah as people write them: `Rp 1.500.000`."""
    return Rupiah(amount).tampil()


def _menit(minutes: int) -> str:
    return f"{minutes} menit"


Persen = Annotated[
    int,
    BeforeValidator(parse_persen),
    PlainSerializer(tampil_persen, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^\d{1,3}([.,]\d{1,4})?\s?%$", "examples": ["60%", "1,25%"]}
    ),
]
"""A percentage from 0% to 100%, in millionths."""

Nominal = Annotated[
    int,
    BeforeValidator(parse_rupiah),
    PlainSerializer(tampil_rupiah, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^Rp\s?(\d{1,3}(\.\d{3})*|\d+)$", "examples": ["Rp 2.500.000"]}
    ),
]
"""Whole rupiah, never negative."""

Menit = Annotated[
    int,
    BeforeValidator(parse_menit),
    PlainSerializer(_menit, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,4} ?menit$", "examples": ["30 menit"]}),
]
"""Whole minutes of one day."""
