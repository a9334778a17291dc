"""R8, small: nothing is lost or counted twice when a month is closed under load."""

from deploy.embedded.platform import Platform
from tests.chaos import r08_close_race
from tests.measure import Context


async def test_close_race(platform: Platform) -> None:
    (row,) = await r08_close_race.run(Context(platform, small=True, seed=7))
    assert row["holds"], row["detail"]["contoh"]
    # Without both outcomes there was no race.
    for outcome in ("diterima", "ditolak", "nilai_diterima", "nilai_ditolak"):
        assert row["detail"][outcome] > 0, row["detail"]
