"""A copy of what another service owns: whatever order its events come in, the newest version stays."""

import json
import random

import asyncpg
import pytest

from shared.db.database import Database
from shared.inbox import Copy
from shared.settings import ServiceSettings
from tests.component.kernel.world import fetch

KNOWN = Copy("public.known", ["month text", "person integer"], "version bigint", "name text", "roles jsonb")

_KNOWN = """
CREATE TABLE public.known (
    month text, person integer, version bigint NOT NULL, name text NOT NULL, roles jsonb NOT NULL,
    noted text NOT NULL DEFAULT 'ours', PRIMARY KEY (month, person)
);
GRANT SELECT, INSERT, UPDATE ON public.known TO assessment_app
"""


def row(month: str, person: int, version: int) -> tuple[str, int, int, str, str]:
    """What an event of this version tells."""
    return month, person, version, f"nama {version}", json.dumps([{"kode": str(version)}])


@pytest.fixture
async def copying(reader: ServiceSettings, reading: Database) -> Database:
    """A database with the copy's table."""
    owner = await asyncpg.connect(reader.owner_database)
    try:
        await owner.execute(_KNOWN)
    finally:
        await owner.close()
    return reading


@pytest.mark.parametrize("seed", range(5))
async def test_the_newest_stays_in_any_order_and_any_batches(copying: Database, seed: int) -> None:
    chance = random.Random(seed)
    told = [row(month, person, version) for month in "AB" for person in (1, 2, 3) for version in range(1, 8)]
    told = chance.sample(told * 2, 2 * len(told))
    newest: dict[tuple[str, int], int] = {}
    while told:
        batch = [told.pop() for _ in range(min(len(told), chance.randint(1, 9)))]
        expected = set()
        for month, person, version, *_ in batch:
            if version > newest.get((month, person), 0):
                newest[month, person] = version
                expected.add((month, person))
        async with copying.transaction() as tx:
            assert await KNOWN.keep(tx, batch) == expected
    found = await fetch(copying, "SELECT * FROM known ORDER BY month, person")
    assert [(*tuple(one)[:4], json.dumps(one["roles"])) for one in found] == [
        row(month, person, 7) for month in "AB" for person in (1, 2, 3)
    ]
    assert {one["noted"] for one in found} == {"ours"}


async def test_nothing_told_is_nothing_changed(copying: Database) -> None:
    async with copying.transaction() as tx:
        assert await KNOWN.keep(tx, []) == set()
