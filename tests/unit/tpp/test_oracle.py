"""The independent calculation counts a month as people would."""

from datetime import date, time

import pytest

from deploy.demo.oracle import Rekap, predikat, rekap
from deploy.demo.pemda import Hari

# hasil kerja, perilaku (1 di atas, 2 sesuai, 3 di bawah) -> as printed in PermenPANRB 6/2022
PRINTED = {
    (1, 1): "Sangat Baik", (1, 2): "Baik", (1, 3): "Kurang",
    (2, 1): "Baik", (2, 2): "Baik", (2, 3): "Kurang",
    (3, 1): "Butuh Perbaikan", (3, 2): "Butuh Perbaikan", (3, 3): "Sangat Kurang",
}  # fmt: skip
NAMES = ("Sangat Baik", "Baik", "Butuh Perbaikan", "Kurang", "Sangat Kurang")


@pytest.mark.parametrize("ratings", PRINTED)
def test_predikat_is_the_printed_table(ratings: tuple[int, int]) -> None:
    assert NAMES[predikat(*ratings) - 1] == PRINTED[ratings]


def test_month_is_counted_day_by_day() -> None:
    days = [
        Hari(date(2026, 10, 1), time(7, 30), time(16, 0), ""),
        Hari(date(2026, 10, 2), time(7, 31), time(15, 59), ""),
        Hari(date(2026, 10, 5), time(9, 1), time(16, 30), ""),
        Hari(date(2026, 10, 6), None, time(15, 0), ""),
        Hari(date(2026, 10, 7), time(7, 0), None, ""),
        Hari(date(2026, 10, 8), None, None, "A"),
        Hari(date(2026, 10, 9), None, None, ""),
        Hari(date(2026, 10, 12), None, None, "S"),
        Hari(date(2026, 10, 13), None, None, "DL"),
    ]
    assert rekap(days) == Rekap([1, 91], [1, 60], 2, 1, 1)
