"""What a person's bank account and tax identity must look like before money is sent there."""

import re
from typing import NamedTuple

PTKP = frozenset(f"{kawin}/{tanggungan}" for kawin in ("TK", "K") for tanggungan in range(4))
"""Penghasilan tidak kena pajak: not married or married, and dependants (PMK 101/2016)."""

_TANDA = re.compile(r"[\s.\-]")


class DataBayar(NamedTuple):
    """Where a person's money goes, and what tax forms ask. Empty text: not known."""

    nama: str
    """Name of the account's holder, as the bank has it."""
    kode_bank: str
    nama_bank: str
    nomor_rekening: str
    npwp: str
    nik: str
    ptkp: str
    alamat: str


def baca_nomor(text: str, nama: str, panjang: tuple[int, ...]) -> str:
    """Digits only, without the dots and dashes people write. Raises ValueError naming the length expected."""
    digits = _TANDA.sub("", text)
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"{nama} hanya berisi angka")
    if len(digits) not in panjang:
        raise ValueError(f"{nama} harus {' atau '.join(map(str, panjang))} angka, ini {len(digits)}")
    return digits


def baca_rekening(text: str) -> str:
    """An account number: 6 to 20 digits, not all the same. Raises ValueError with the reason."""
    digits = _TANDA.sub("", text)
    if not (digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 20):
        raise ValueError("nomor rekening harus 6 sampai 20 angka")
    if len(set(digits)) == 1:
        raise ValueError("nomor rekening berisi satu angka yang diulang")
    return digits


def baca_ptkp(text: str) -> str:
    """`TK/0` … `K/3`. Raises ValueError with the forms that exist."""
    found = text.upper().replace(" ", "").replace("-", "/")
    if found not in PTKP:
        raise ValueError("status PTKP tidak dikenal; tulis TK/0 sampai TK/3 atau K/0 sampai K/3")
    return found


def samarkan(nomor: str) -> str:
    """A number as lists show it: only its last four digits, and how long it is."""
    return "•" * max(0, len(nomor) - 4) + nomor[-4:] if len(nomor) > 4 else "•" * len(nomor)
