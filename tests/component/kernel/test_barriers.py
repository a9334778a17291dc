"""Barriers: exactly the counted facts, in whatever order and number they come; withdrawn when reopened."""

import asyncio
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.base import Closing, Manifest
from shared.contracts.periode import PERIODE, PeriodeClosed, PeriodeReopened, PeriodeRoster
from shared.contracts.skp import REALISASI, SKP, RealisasiSubmitted
from shared.db.database import Database
from shared.db.tx import Tx
from shared.inbox import Barrier, on
from shared.inbox.barriers import settle, waiting
from shared.inbox.reading import Hearing
from shared.outbox.manifest import manifest
from shared.period import Period
from shared.testing import Feed, Recorded, recorded
from tests.component.kernel.world import NOVEMBER, Sink, effects, fetch, realisasi, value

PEOPLE = [UUID(int=number) for number in range(1, 6)]


class Month:
    """A consumer that records how much it had applied whenever it finalised."""

    def __init__(self, *, chunks: int = 1, lacking: int = 0) -> None:
        self.finalised: list[tuple[int, int]] = []
        self.chunks = chunks
        self.lacking = lacking
        self.during: asyncio.Event | None = None

    async def finalise(self, tx: Tx, event: PeriodeClosed) -> bool:
        """Note the closing's version and the number of effects seen; several chunks when told so."""
        self.finalised.append((event.version, await tx.conn.fetchval("SELECT count(*) FROM effect")))
        if self.during is not None:
            await self.during.wait()
        return len(self.finalised) % self.chunks != 0

    async def missing(self, tx: Tx, event: PeriodeClosed) -> int:
        """What counting cannot see."""
        return self.lacking

    def feed(self, database: Database) -> Feed:
        """A service that hears realisasi and periods."""
        barrier = Barrier(PeriodeClosed, self.finalise, missing=self.missing, voided_by=PeriodeReopened)
        return Feed("assessment", database, [on(RealisasiSubmitted, Sink().handle)], [barrier])


async def closing(writing: Database, *, version: int, people: int) -> None:
    """As skp closes a month: the roster, then the count of everything of the month."""

    async def close(tx: Tx) -> None:
        tx.emit(PeriodeRoster(version=version, periode=NOVEMBER, bagian=1, dari=1, pegawai=()))
        counted = await manifest(tx, NOVEMBER, [PERIODE, SKP, REALISASI])
        tx.emit(PeriodeClosed(version=version, periode=NOVEMBER, jumlah_pegawai=people, manifest=counted))

    await writing.run(close)


async def submitted(writing: Database, *versions: int) -> None:
    async def submit(tx: Tx) -> None:
        for version in versions:
            tx.emit(realisasi(PEOPLE[version % len(PEOPLE)], version))

    await writing.run(submit)


@pytest.fixture
async def month(writing: Database) -> list[Recorded]:
    """Twelve facts, a closing, a reopening, three more facts and another closing."""
    await submitted(writing, *range(1, 13))
    await closing(writing, version=2, people=5)

    async def reopen(tx: Tx) -> None:
        tx.emit(PeriodeReopened(version=3, periode=NOVEMBER, alasan="salah tutup"))

    await writing.run(reopen)
    await submitted(writing, 13, 14, 15)
    await closing(writing, version=4, people=5)
    return await recorded(writing)


async def test_the_manifest_counts_what_the_transaction_has_just_emitted(writing: Database) -> None:
    await submitted(writing, 1, 2)

    async def close(tx: Tx) -> Manifest:
        tx.emit(realisasi(PEOPLE[0], 3))
        return await manifest(tx, NOVEMBER, [REALISASI, SKP])

    found = await writing.run(close)
    ids = [row["id"].int & (2**64 - 1) for row in await fetch(writing, "SELECT id FROM kernel.outbox")]
    assert [(entry.topic, entry.count) for entry in found.topics] == [(REALISASI.name, 3), (SKP.name, 0)]
    assert int(found.topics[0].xor, 16) == ids[0] ^ ids[1] ^ ids[2]
    assert found.topics[1].xor == "0" * 16


async def test_it_waits_for_the_last_fact_and_says_how_many_lack(
    reading: Database, month: list[Recorded]
) -> None:
    first = month[: [one.type for one in month].index(PeriodeClosed.TYPE) + 1]
    closed, facts = first[-1], first[:-1]
    consumer = Month()
    feed = consumer.feed(reading)
    await feed.deliver([closed, *facts[:10]])
    assert await feed.settle_barriers() == 1
    async with reading.pool.acquire() as conn:
        (open_one,) = await waiting(conn)
    # Two realisasi and the roster.
    assert (open_one.periode, open_one.missing) == ("2026-11", 3)
    await feed.deliver(facts[10:12])
    assert await feed.settle_barriers() == 1
    assert consumer.finalised == []
    await feed.deliver(facts[12:])
    assert await feed.settle_barriers() == 0
    assert consumer.finalised == [(2, 12)]
    await feed.deliver(first)
    assert await feed.settle_barriers() == 0
    assert consumer.finalised == [(2, 12)]


async def test_topics_not_heard_do_not_hold_it(reading: Database, month: list[Recorded]) -> None:
    """The manifest names skp's topic of plans too, which this consumer does not hear."""
    consumer = Month()
    feed = consumer.feed(reading)
    assert SKP.name not in feed.inbox.hearing.topics
    await feed.deliver(month)
    assert await feed.settle_barriers() == 0
    assert consumer.finalised == [(4, 15)]


async def test_as_many_but_not_the_same_is_not_enough(reading: Database, month: list[Recorded]) -> None:
    consumer = Month()
    feed = consumer.feed(reading)
    strange = Recorded.of(realisasi(PEOPLE[0], 99))
    await feed.deliver([one for one in month if one is not month[0]] + [strange])
    assert await feed.settle_barriers() == 1
    assert consumer.finalised == []


async def test_facts_of_earlier_months_and_the_closing_before_are_waited_for(
    reading: Database, writing: Database
) -> None:
    """A plan agreed in October, never opened, counts in November; and November builds on September."""
    september, october = NOVEMBER.plus(-2), NOVEMBER.plus(-1)

    async def close(tx: Tx, month: Period, before: Closing | None) -> None:
        since = before.periode.plus(1) if before else None
        counted = await manifest(tx, month, [REALISASI], since=since, after=before)
        tx.emit(PeriodeClosed(version=5, periode=month, jumlah_pegawai=0, manifest=counted))

    async def write(tx: Tx) -> None:
        for number, month in enumerate((september, october, NOVEMBER)):
            tx.emit(realisasi(PEOPLE[0], number + 1, month))
        await close(tx, september, None)
        await close(tx, NOVEMBER, Closing(periode=september, version=5))

    await writing.run(write)
    in_september, in_october, in_november, first, second = await recorded(writing)
    consumer = Month()
    feed = consumer.feed(reading)

    async def lacking() -> list[tuple[str, int | None]]:
        await feed.settle_barriers()
        async with reading.pool.acquire() as conn:
            return [(one.periode, one.missing) for one in await waiting(conn)]

    await feed.deliver([second, in_november])
    assert await lacking() == [("2026-11", 2)]
    await feed.deliver([in_october])
    assert await lacking() == [("2026-11", 1)]
    await feed.deliver([first])
    assert await lacking() == [("2026-09", 1), ("2026-11", 1)]
    assert consumer.finalised == []
    await feed.deliver([in_september])
    assert await lacking() == []
    assert len(consumer.finalised) == 2


async def test_what_only_the_service_knows_can_lack_too(reading: Database, month: list[Recorded]) -> None:
    consumer = Month(lacking=2)
    feed = consumer.feed(reading)
    await feed.deliver(month)
    assert await feed.settle_barriers() == 1
    async with reading.pool.acquire() as conn:
        assert [one.missing for one in await waiting(conn)] == [2]
    consumer.lacking = 0
    assert await feed.settle_barriers() == 0


async def test_reopening_withdraws_also_when_it_overtakes_the_closing(
    reading: Database, month: list[Recorded]
) -> None:
    consumer = Month()
    feed = consumer.feed(reading)
    reopened = next(one for one in month if one.type == PeriodeReopened.TYPE)
    before = month[: month.index(reopened)]
    await feed.deliver([reopened, *before])
    assert await feed.settle_barriers() == 0
    assert consumer.finalised == []


async def test_a_correction_while_chunks_run_does_not_stop_them(
    reading: Database, month: list[Recorded]
) -> None:
    consumer = Month(chunks=3)
    feed = consumer.feed(reading)
    await feed.deliver(month)
    consumer.during = asyncio.Event()
    settling = asyncio.create_task(feed.settle_barriers())
    while not consumer.finalised:
        await asyncio.sleep(0.01)
    await feed.deliver([realisasi(PEOPLE[0], 100)])
    consumer.during.set()
    assert await settling == 0
    assert [version for version, _ in consumer.finalised] == [4, 4, 4]


async def test_one_worker_at_a_time(reading: Database, month: list[Recorded]) -> None:
    consumer = Month()
    feed = consumer.feed(reading)
    await feed.deliver(month)
    consumer.during = asyncio.Event()
    first = asyncio.create_task(feed.settle_barriers())
    while not consumer.finalised:
        await asyncio.sleep(0.01)
    hearing: Hearing = feed.inbox.hearing
    assert await settle(reading, "assessment", hearing) == 1
    consumer.during.set()
    assert await first == 0
    assert len(consumer.finalised) == 1


async def test_an_error_in_one_month_does_not_finalise_it(reading: Database, month: list[Recorded]) -> None:
    async def fail(tx: Tx, event: PeriodeClosed) -> bool:
        await tx.conn.execute("DELETE FROM effect")
        raise ZeroDivisionError

    feed = Feed(
        "assessment", reading, [on(RealisasiSubmitted, Sink().handle)], [Barrier(PeriodeClosed, fail)]
    )
    await feed.deliver(month)
    with pytest.raises(ZeroDivisionError):
        await feed.settle_barriers()
    assert len(await effects(reading)) == 15
    assert await value(reading, "SELECT count(*) FROM kernel.barrier WHERE done_at IS NULL") == 1


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_any_order_and_any_repetition_end_in_the_same_finalised_month(
    reading: Database, month: list[Recorded], data: st.DataObject
) -> None:
    """Never before its count is complete, and exactly once for the closing that stands."""
    async with reading.pool.acquire() as conn:
        for table in ("effect", "kernel.inbox", "kernel.tally", "kernel.barrier"):
            await conn.execute(f"DELETE FROM {table}")
    consumer = Month()
    feed = consumer.feed(reading)
    deliveries = data.draw(st.permutations(month))
    again = data.draw(st.lists(st.sampled_from(month), max_size=20))
    batch = data.draw(st.integers(1, 7))
    stream = [*deliveries, *again]
    for start in range(0, len(stream), batch):
        await feed.deliver(stream[start : start + batch], batch=batch)
        await feed.settle_barriers()
    # The first closing may have been final before the reopening came, but then with exactly its twelve.
    assert consumer.finalised in ([(4, 15)], [(2, 12), (4, 15)])
    assert sorted(version for _, version in await effects(reading)) == list(range(1, 16))
