"""Workers killed during a period run: a small size of R14."""

from deploy.embedded.platform import Platform
from tests.chaos.r14_run import matikan


async def test_a_killed_workers_parts_are_taken_over_and_none_is_done_twice(platform: Platform) -> None:
    row = await matikan(platform, people=8_000, seed=7)
    assert row["holds"], row
