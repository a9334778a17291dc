"""Amounts as people write them, and the unit that a target counts in."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from services.skp.realisasi.rules import baca_jumlah, satuan_dari


@pytest.mark.parametrize(
    ("tulisan", "bilangan"),
    [
        ("10,5", "10.5"),
        ("10.5", "10.5"),
        (" 1.250 ", "1250"),
        ("1.250,75", "1250.75"),
        ("1 250,5", "1250.5"),
        ("0,0001", "0.0001"),
        ("12", "12"),
        ("1.5000", "1.5"),
    ],
)
def test_amounts(tulisan: str, bilangan: str) -> None:
    assert Decimal(baca_jumlah(tulisan)) == Decimal(bilangan)


@pytest.mark.parametrize(
    "tulisan", ["", "sepuluh", "1,2,3", "1.2,5", "-1", "1e5", "NaN", ",5", "5,", "10,5 kg", "١٢", "9" * 40]
)
def test_what_is_no_amount(tulisan: str) -> None:
    with pytest.raises(ValueError, match=r"misalnya"):
        baca_jumlah(tulisan)


@given(st.decimals(min_value=0, max_value=10**10, places=4))
def test_every_amount_we_show_is_read_back(value: Decimal) -> None:
    shown = format_decimal(value, format="#,##0.####", locale="id")
    assert Decimal(baca_jumlah(shown)) == value


@pytest.mark.parametrize(
    ("target", "satuan"),
    [
        ("12 laporan", "laporan"),
        ("95 persen", "persen"),
        ("100%", "%"),
        ("1.200,5 ha lahan", "ha lahan"),
        ("sesuai standar", ""),
        ("12", ""),
        ("", ""),
    ],
)
def test_the_unit_of_a_target(target: str, satuan: str) -> None:
    assert satuan_dari(target) == satuan
