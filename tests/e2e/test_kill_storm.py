"""R1, small: every acknowledged submission counts exactly once while service processes are killed."""

from tests.chaos.r01_kill_storm import badai


async def test_kill_storm() -> None:
    row = await badai(kills=4, seed=7, rate=60)
    assert row["holds"], row["detail"]
    assert sum(row["detail"]["dibunuh"].values()) == 4
