"""Money, months, numbers of civil servants: exact, readable, and refused with a reason."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import low64, uuid7
from shared.money import Rupiah
from shared.nip import Nip
from shared.period import Period

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)
PERIODS = st.builds(Period, st.integers(1950, 2200), st.integers(1, 12))


@given(AMOUNTS, AMOUNTS)
def test_rupiah_adds_exactly(a: Decimal, b: Decimal) -> None:
    assert (Rupiah(a) + Rupiah(b)).decimal == a + b
    assert Rupiah(a) + Rupiah(b) - Rupiah(b) == Rupiah(a)
    assert Rupiah(str(Rupiah(a))) == Rupiah(a)
    assert (Rupiah(a) < Rupiah(b)) == (a < b)


@pytest.mark.parametrize("wrong", [1.5, True, "1,5", "1.234", "NaN", "Infinity", None, Decimal("0.001")])
def test_rupiah_refuses_what_is_not_exact(wrong: object) -> None:
    with pytest.raises(ValueError):
        Rupiah(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("17311827", "Rp 17.311.827"), ("-12500.50", "-Rp 12.500,50"), ("0", "Rp 0"), ("0.05", "Rp 0,05")],
)
def test_rupiah_reads_as_people_write_it(amount: str, shown: str) -> None:
    assert Rupiah(amount).tampil() == shown


def test_rupiah_rounds_only_when_told() -> None:
    assert Rupiah.floor(Decimal("2.999")) == Rupiah(2)
    assert Rupiah.half_up(Decimal("2.5")) == Rupiah(3)
    assert Rupiah.floor(Decimal("-0.1")) == Rupiah(-1)


@given(PERIODS, st.integers(-400, 400))
def test_period_moves_and_reads_back(period: Period, months: int) -> None:
    assert period.plus(months).plus(-months) == period
    assert Period.parse(str(period)) == period
    assert period.first_day in period
    assert period.last_day in period
    assert period.plus(1).first_day not in period
    assert (period.plus(months) > period) == (months > 0)


@pytest.mark.parametrize("wrong", ["2026-13", "2026-1", "202601", "2026-00", "", "0000-01", "2026-01-01"])
def test_period_refuses(wrong: str) -> None:
    with pytest.raises(ValueError):
        Period.parse(wrong)


def test_nip_is_text_of_18_digits() -> None:
    assert Nip("19850101 201001 1 001") == "198501012010011001"
    assert Nip("198501012010011001").tampil() == "19850101 201001 1 001"
    assert Nip("199001012025211002")[12:14] == "21", "nomor PPPK boleh memuat bulan lebih dari 12"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("1985010120100110", "18 angka"),
        ("1.98501012010011e+17", "hanya berisi angka"),
        ("198513012010011001", "tanggal lahir"),
        ("198501012010013001", "ke-15"),
        (198501012010011001, "Teks"),
        ("١٩٨٥٠١٠١٢٠١٠٠١١٠٠١", "hanya berisi angka"),
    ],
)
def test_nip_says_what_is_wrong(wrong: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Nip(wrong)  # type: ignore[arg-type]


def test_ids_sort_by_time_and_fit_bigint() -> None:
    ids = [uuid7() for _ in range(200)]
    assert all(i.version == 7 and i.variant == "specified in RFC 4122" for i in ids)
    assert sorted(i.int >> 80 for i in ids) == [i.int >> 80 for i in ids]
    assert low64(UUID(int=0xFFFF_FFFF_FFFF_FFFF)) == -1
    assert all(-(2**63) <= low64(i) < 2**63 for i in ids)
