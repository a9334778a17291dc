"""Period runs by worker processes: killed in the middle (R14), with impossible people (R11); small sizes."""

from deploy.embedded.platform import Platform
from tests.chaos.r11_satu_orang import satu_orang
from tests.chaos.r14_run import matikan


async def test_a_killed_workers_parts_are_taken_over_and_none_is_done_twice(platform: Platform) -> None:
    row = await matikan(platform, people=8_000, seed=7)
    assert row["holds"], row


async def test_people_with_impossible_data_wait_and_nobody_else_is_touched(platform: Platform) -> None:
    row = await satu_orang(platform, people=1_000, bad=36, seed=7)
    assert row["holds"], row
