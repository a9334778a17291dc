"""A run by two workers stores for everyone exactly what one SQL statement, written separately, computes."""

from deploy.embedded.platform import Platform
from tests.bench import p03_tpp
from tests.measure import Context


async def test_two_thousand_people_come_out_the_same(platform: Platform) -> None:
    # The comparison of every figure, line, reason and input is the benchmark's own first step.
    rows = await p03_tpp.ukur(Context(platform, small=True, seed=11), 2_000, 1)
    assert [row["id"] for row in rows] == ["P3-satu", "P3-dua"]
    assert all(row["detail"]["pegawai"] == 2_000 and row["value"] > 0 for row in rows)
