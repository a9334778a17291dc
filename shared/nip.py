"""NIP: the 18-digit number of a civil servant. Always text, never a number."""

from datetime import date
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema


class Nip(str):
    """18 digits: 8 birth date, 6 appointment month, 1 gender (1 pria, 2 wanita), 3 serial.

    Spaces are accepted and dropped. There is no check digit. PPPK numbers may carry more than 12 in
    the appointment month (digits 13-14), so that part is not checked. Raises ValueError with reason.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> "Nip":
        if not isinstance(text, str):
            raise ValueError("NIP harus teks 18 angka; di lembar kerja, format selnya sebagai Teks")
        digits = "".join(text.split())
        if not (digits.isascii() and digits.isdigit()):
            raise ValueError("NIP hanya berisi angka")
        if len(digits) != 18:
            raise ValueError(f"NIP harus 18 angka, ini {len(digits)}")
        try:
            date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
        except ValueError as error:
            raise ValueError("delapan angka pertama NIP harus tanggal lahir") from error
        if digits[14] not in "12":
            raise ValueError(f"angka ke-15 NIP harus 1 (pria) atau 2 (wanita), bukan {digits[14]}")
        return super().__new__(cls, digits)

    @property
    def birth(self) -> date:
        """Date of birth, from the first eight digits."""
        return date(int(self[:4]), int(self[4:6]), int(self[6:8]))

    def tampil(self) -> str:
        """Human form with the customary groups: `19850101 201001 1 001`."""
        return f"{self[:8]} {self[8:14]} {self[14]} {self[15:]}"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls,
            serialization=core_schema.plain_serializer_function_ser_schema(str),
            metadata={
                "pydantic_js_functions": [
                    lambda _schema, _handler: {"type": "string", "pattern": r"^\d{18}$"}
                ]
            },
        )
