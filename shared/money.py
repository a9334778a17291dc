"""Rupiah: exact money. Never a float, always two decimals at most."""

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import total_ordering
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

_SEN = Decimal("0.01")


@total_ordering
class Rupiah:
    """An amount of money in rupiah, exact to the sen (two decimals), immutable.

    Accepts int, Decimal or a decimal string. Raises ValueError for a float (inexact by nature),
    for more than two decimals, and for anything that is no finite number.
    """

    __slots__ = ("_value",)

    def __init__(self, value: "int | str | Decimal | Rupiah") -> None:
        if isinstance(value, Rupiah):
            self._value: Decimal = value._value
            return
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            raise ValueError("rupiah harus bilangan bulat atau desimal tepat, bukan pecahan biner")
        try:
            exact = Decimal(value)
            quantised = exact.quantize(_SEN)
        except ArithmeticError as error:
            raise ValueError(f"rupiah tidak terbaca: {value!r}") from error
        if quantised != exact:
            raise ValueError(f"rupiah paling banyak dua desimal: {value!r}")
        self._value = quantised

    @property
    def decimal(self) -> Decimal:
        """The amount as Decimal with two decimals."""
        return self._value

    @classmethod
    def floor(cls, value: Decimal) -> "Rupiah":
        """Whole rupiah, rounded down."""
        return cls(value.to_integral_value(ROUND_FLOOR))

    @classmethod
    def half_up(cls, value: Decimal) -> "Rupiah":
        """Whole rupiah, half rounded up (away from zero)."""
        return cls(value.to_integral_value(ROUND_HALF_UP))

    def __add__(self, other: "Rupiah") -> "Rupiah":
        return Rupiah(self._value + other._value)

    def __sub__(self, other: "Rupiah") -> "Rupiah":
        return Rupiah(self._value - other._value)

    def __neg__(self) -> "Rupiah":
        return Rupiah(-self._value)

    def __mul__(self, count: int) -> "Rupiah":
        return Rupiah(self._value * count)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rupiah) and self._value == other._value

    def __lt__(self, other: "Rupiah") -> bool:
        return self._value < other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return self._value != 0

    def __str__(self) -> str:
        """Machine form: `1500000` or `1500000.50`."""
        return str(int(self._value)) if self._value == int(self._value) else str(self._value)

    def __repr__(self) -> str:
        return f"Rupiah({str(self)!r})"

    def tampil(self) -> str:
        """Human form: `Rp 1.500.000`, `-Rp 12.500,50`."""
        sign = "-" if self._value < 0 else ""
        whole, _, sen = f"{abs(self._value):,.2f}".partition(".")
        return f"{sign}Rp {whole.replace(',', '.')}{'' if sen == '00' else ',' + sen}"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls,
            serialization=core_schema.to_string_ser_schema(),
            metadata={
                "pydantic_js_functions": [
                    lambda _schema, _handler: {
                        "type": "string",
                        "pattern": r"^-?\d+(\.\d{1,2})?$",
                        "description": "Rupiah, desimal tepat sebagai teks",
                    }
                ]
            },
        )
