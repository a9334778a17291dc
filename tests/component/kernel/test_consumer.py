"""Consuming on the real broker: at least once on the way, once in effect, whatever happens to a batch."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from shared.bus.kafka import close_producer, make_producer
from shared.contracts.catalogue import topic_name
from shared.contracts.pegawai import KONTAK, KontakChanged
from shared.contracts.periode import PeriodeClosed
from shared.contracts.skp import REALISASI, RealisasiSubmitted
from shared.db.database import Database
from shared.db.tx import Tx
from shared.ids import uuid7
from shared.inbox import Barrier, Received, Subscription, dead_letters, on
from shared.inbox import inbox as inbox_module
from shared.inbox.consumer import Consumer
from shared.obs.metrics import CONSUMER_STOPPED
from shared.obs.tracing import span
from shared.outbox.manifest import manifest
from shared.outbox.relay import Relay
from shared.settings import ServiceSettings
from shared.testing import Feed, Recorded
from tests.component.kernel.world import NOVEMBER, Sink, effects, fetch, kontak, realisasi, until, value

SARI, BUDI = uuid7(), uuid7()


@asynccontextmanager
async def consuming(
    settings: ServiceSettings,
    database: Database,
    *subscriptions: Subscription[Any],
    barriers: Sequence[Barrier[Any]] = (),
) -> AsyncIterator[Consumer]:
    consumer = Consumer(settings, database, subscriptions, barriers)
    task = asyncio.create_task(consumer.run())
    try:
        yield consumer
    finally:
        consumer.stop()
        await asyncio.wait_for(task, 30)


@asynccontextmanager
async def relaying(settings: ServiceSettings) -> AsyncIterator[None]:
    relay = Relay(settings)
    task = asyncio.create_task(relay.run())
    try:
        yield
    finally:
        relay.stop()
        await asyncio.wait_for(task, 20)


@pytest.fixture
async def producer(writer: ServiceSettings, namespace: str) -> AsyncIterator[AIOKafkaProducer]:
    """Sends what no relay would."""
    found = make_producer(writer)
    await found.start()
    yield found
    await close_producer(found)


async def emit(database: Database, *events: Any) -> None:
    async def record(tx: Tx) -> None:
        for event in events:
            tx.emit(event)

    await database.run(record)


async def has_effects(database: Database, count: int) -> bool:
    found: int = await value(database, "SELECT count(DISTINCT event_id) FROM effect")
    return found >= count


async def test_every_setting_of_the_consumer(
    reader: ServiceSettings, reading: Database, namespace: str
) -> None:
    """Fails on the library's defaults: ACK_FIRST, latest, auto-commit, dynamic membership."""
    async with consuming(reader, reading, on(RealisasiSubmitted, Sink().handle)) as consumer:
        await until(lambda: _assigned(consumer))
        subscriber = consumer.subscriber
        inner: Any = subscriber.consumer
        assert inner._auto_offset_reset == "earliest"
        assert inner._enable_auto_commit is False
        assert inner._session_timeout_ms == 10_000
        heard = sha256(topic_name(REALISASI.name, namespace).encode()).hexdigest()[:8]
        assert inner._group_instance_id == f"{namespace}.assessment.0.{heard}"
        assert inner._group_id == f"{namespace}.assessment"
        assert inner._client._sasl_mechanism == "SCRAM-SHA-512"
        assert (subscriber.max_records, subscriber.batch_timeout_ms) == (500, 200)
        assert subscriber._outer_config.graceful_timeout == 15
        assert subscriber._outer_config.consumer_only
        assert not subscriber._outer_config.allow_auto_create_topics
        assert subscriber.topic_names == [topic_name(REALISASI.name, namespace)]


async def _assigned(consumer: Consumer) -> bool:
    inner = consumer.subscriber and consumer.subscriber.consumer
    return bool(inner and inner.assignment())


async def test_from_outbox_to_effect_each_once_and_in_order(
    reader: ServiceSettings, reading: Database, writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    """Also what was published before the consumer's group ever existed."""
    people = [uuid7() for _ in range(25)]
    async with relaying(writer):
        for version in range(1, 21):
            await emit(writing, *(realisasi(person, version) for person in people))
        await until(lambda: _published(writing, 200))
        async with consuming(reader, reading, on(RealisasiSubmitted, Sink().handle)) as consumer:
            await until(lambda: has_effects(reading, 500))
            assert await consumer.trouble() is None
    applied = await effects(reading)
    assert len(applied) == 500
    for person in people:
        assert [version for key, version in applied if key == str(person)] == list(range(1, 21))
    assert await value(reading, "SELECT sum(count) FROM kernel.tally") == 500


async def test_a_topic_that_a_release_begins_to_hear_is_read_from_its_beginning(
    reader: ServiceSettings, reading: Database, writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    """By a group that has long read on in its other topics: nobody has to tell the old facts again."""
    async with relaying(writer):
        await emit(writing, kontak(SARI, 1, "Sari"), kontak(BUDI, 1, "Budi"), realisasi(SARI, 1))
        await until(lambda: _published(writing, 3))
        async with consuming(reader, reading, on(RealisasiSubmitted, Sink().handle)):
            await until(lambda: has_effects(reading, 1))
        assert [key for key, _ in await effects(reading)] == [str(SARI)]
        both = (on(RealisasiSubmitted, Sink().handle), on(KontakChanged, Sink().handle))
        async with consuming(reader, reading, *both):
            await until(lambda: has_effects(reading, 3))
            await emit(writing, kontak(SARI, 2, "Sari Dewi"), realisasi(SARI, 2))
            await until(lambda: has_effects(reading, 5))
    assert sorted(await effects(reading)) == sorted(
        [(str(SARI), 1), (str(BUDI), 1), (str(SARI), 1), (str(SARI), 2), (str(SARI), 2)]
    )


async def _published(database: Database, count: int) -> bool:
    found: int = await value(database, "SELECT count(*) FROM kernel.outbox WHERE published_at IS NOT NULL")
    return found >= count


async def test_a_batch_that_fails_is_delivered_again(
    reader: ServiceSettings,
    reading: Database,
    writer: ServiceSettings,
    writing: Database,
    namespace: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the acknowledgement policy is about: 30 events, every batch raising three times first."""
    monkeypatch.setattr(inbox_module, "PATIENCE", 0.0)
    raised: dict[int, int] = {}

    async def fail(events: Sequence[Received[Any]]) -> None:
        place = events[0].event.version
        raised[place] = raised.get(place, 0) + 1
        if raised[place] <= 3:
            raise ConnectionResetError("basis data hilang")

    sink = Sink(before=fail)
    async with relaying(writer), consuming(reader, reading, on(RealisasiSubmitted, sink.handle)):
        for version in range(1, 31):
            await emit(writing, realisasi(SARI, version))
        await until(lambda: has_effects(reading, 30))
    assert sum(raised.values()) > len(raised)
    assert await effects(reading) == [(str(SARI), version) for version in range(1, 31)]


async def test_a_batch_with_a_header_that_is_no_text_is_not_lost(
    reader: ServiceSettings, reading: Database, producer: AIOKafkaProducer, namespace: str
) -> None:
    """FastStream's own parser would raise before any policy applies, and the next batch's commit pass it."""
    feed = Feed("assessment", reading, [on(RealisasiSubmitted, Sink().handle)])
    topic = topic_name(REALISASI.name, namespace)

    async def send(version: int, **extra: bytes | None) -> None:
        record = feed.record(Recorded.of(realisasi(SARI, version)))
        headers = [*record.headers.items(), *extra.items()]
        await producer.send_and_wait(topic, record.value, key=record.key, headers=headers)

    for version in range(1, 6):
        await send(version)
    await send(6, ce_type=b"\xff\xfe\x00")
    await producer.send_and_wait(topic, None, key=b"\xff", headers=[("x", b"\x80")])
    await send(7, correlation_id=b"\xf0\x28")
    async with consuming(reader, reading, on(RealisasiSubmitted, Sink().handle)):
        await until(lambda: has_effects(reading, 6))
        for version in range(8, 11):
            await send(version)
        await until(lambda: has_effects(reading, 9))
    letters = await dead_letters.list_open(reading)
    assert sorted(letter.cause for letter in letters) == [
        "kepala ce_type bukan UTF-8",
        "tanpa kepala ce_type",
    ]
    assert [version for _, version in await effects(reading)] == [1, 2, 3, 4, 5, 7, 8, 9, 10]


async def test_a_consumer_that_starts_again_goes_on_where_it_was(
    reader: ServiceSettings, reading: Database, writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    sink = Sink()
    async with relaying(writer):
        for start in (1, 11, 21):
            await emit(writing, *(realisasi(SARI, version) for version in range(start, start + 10)))
            async with consuming(reader, reading, on(RealisasiSubmitted, sink.handle)) as consumer:
                await until(lambda start=start: has_effects(reading, start + 9))  # type: ignore[misc]
                assert consumer.slot is not None
                assert consumer.slot.number == 0
    assert [version for _, version in await effects(reading)] == list(range(1, 31))
    # Nothing was delivered a second time: what was applied had been acknowledged.
    assert sum(sink.batches) == 30


async def test_two_workers_have_slots_of_their_own_and_share_the_work(
    reader: ServiceSettings, reading: Database, writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    first, second = Sink(), Sink()
    async with relaying(writer), consuming(reader, reading, on(RealisasiSubmitted, first.handle)) as one:
        await until(lambda: _assigned(one))
        async with consuming(reader, reading, on(RealisasiSubmitted, second.handle)) as two:
            await until(lambda: _shared(one, two))
            assert {slot.number for slot in (one.slot, two.slot) if slot} == {0, 1}
            await emit(writing, *(realisasi(uuid7(), 1) for _ in range(200)))
            await until(lambda: has_effects(reading, 200))
    assert sum(first.batches) > 0
    assert sum(second.batches) > 0
    assert len(await effects(reading)) == 200


async def _shared(one: Consumer, two: Consumer) -> bool:
    if not (await _assigned(one) and await _assigned(two)):
        return False
    return len(one.subscriber.consumer.assignment()) == len(two.subscriber.consumer.assignment()) == 2


async def test_too_many_dead_letters_stop_the_consumer_and_turn_readiness_red(
    reader: ServiceSettings,
    reading: Database,
    writer: ServiceSettings,
    writing: Database,
    namespace: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox_module, "DEAD_IN_A_ROW", 5)
    broken = True

    async def fail(events: Sequence[Received[Any]]) -> None:
        if broken:
            raise KeyError("kolom yang tidak ada")

    sink = Sink(before=fail)
    async with relaying(writer):
        await emit(writing, *(realisasi(uuid7(), 1) for _ in range(40)))
        async with consuming(reader, reading, on(RealisasiSubmitted, sink.handle)) as consumer:
            trouble = await until(lambda: _halted(consumer), seconds=60)
            assert "terlalu banyak surat mati" in trouble
            assert CONSUMER_STOPPED.labels(service="assessment")._value.get() == 1
            await until(lambda: _disconnected(consumer))
        letters = await dead_letters.list_open(reading)
        assert len(letters) == 5
        assert await effects(reading) == []

        # Mended and started again: everything else is applied, and the letters by replay.
        broken = False
        async with consuming(reader, reading, on(RealisasiSubmitted, sink.handle)) as consumer:
            await until(lambda: has_effects(reading, 35))
            assert await until(lambda: _well(consumer))
            assert CONSUMER_STOPPED.labels(service="assessment")._value.get() == 0
    for letter in letters:
        await dead_letters.replay(reading, [on(RealisasiSubmitted, sink.handle)], [], letter.id)
    assert len(await effects(reading)) == 40


async def _halted(consumer: Consumer) -> str | None:
    return await consumer.trouble() if consumer.inbox.halted else None


async def _disconnected(consumer: Consumer) -> bool:
    return consumer.subscriber is None


async def _well(consumer: Consumer) -> bool:
    return await consumer.trouble() is None


async def test_a_month_is_finalised_soon_after_its_last_fact(
    reader: ServiceSettings, reading: Database, writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    seen: list[int] = []

    async def finalise(tx: Tx, event: PeriodeClosed) -> bool:
        seen.append(await tx.conn.fetchval("SELECT count(*) FROM effect"))
        return False

    async def close(tx: Tx) -> None:
        for version in range(1, 301):
            tx.emit(realisasi(uuid7(), version))
        counted = await manifest(tx, NOVEMBER, [REALISASI])
        tx.emit(PeriodeClosed(version=2, periode=NOVEMBER, jumlah_pegawai=300, manifest=counted))

    async with (
        relaying(writer),
        consuming(
            reader,
            reading,
            on(RealisasiSubmitted, Sink().handle),
            barriers=[Barrier(PeriodeClosed, finalise)],
        ),
    ):
        await writing.run(close)
        await until(lambda: _any(seen))
    assert seen == [300]


async def _any(found: list[int]) -> bool:
    return bool(found)


async def test_one_trace_from_the_request_to_what_the_handler_emits(
    reader: ServiceSettings, reading: Database, writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    parent = "00-" + "5a" * 16 + "-" + "3b" * 8 + "-01"

    async def answer(tx: Tx, events: Sequence[Received[RealisasiSubmitted]]) -> None:
        for one in events:
            tx.emit(KontakChanged(version=1, pegawai_id=one.event.pegawai_id, nama="Sari", email=None))
            tx.audit("realisasi.dicatat", str(one.event.pegawai_id))

    async with relaying(writer), consuming(reader, reading, on(RealisasiSubmitted, answer)):
        with span("permintaan", parent=parent):
            await emit(writing, realisasi(SARI, 1))
        await until(lambda: value(reading, "SELECT count(*) FROM kernel.outbox"))
    (row,) = await fetch(
        reading, "SELECT o.headers, a.trace_id, o.aggregatetype FROM kernel.outbox o, kernel.audit a"
    )
    assert row["aggregatetype"] == KONTAK.name
    assert row["headers"]["traceparent"][3:35] == row["trace_id"] == "5a" * 16


async def test_a_stopping_consumer_finishes_its_batch(
    reader: ServiceSettings, reading: Database, writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def slowly(events: Sequence[Received[Any]]) -> None:
        begun.set()
        await go.wait()

    sink = Sink(before=slowly)
    async with relaying(writer):
        await emit(writing, *(realisasi(SARI, version) for version in range(1, 11)))
        async with consuming(reader, reading, on(RealisasiSubmitted, sink.handle)) as consumer:
            await begun.wait()
            consumer.stop()
            await asyncio.sleep(0.2)
            assert await effects(reading) == []
            go.set()
        first = len(await effects(reading))
        assert first == sink.batches[0]
        async with consuming(reader, reading, on(RealisasiSubmitted, sink.handle)):
            await until(lambda: has_effects(reading, 10))
    assert sum(sink.batches) == 10
