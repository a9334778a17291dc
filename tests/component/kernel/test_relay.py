"""The relay on the real broker and database: nothing overtaken, nothing forgotten, shards shared."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.embedded.platform import Platform
from shared.bus.kafka import close_producer, make_producer
from shared.contracts.catalogue import topic_name
from shared.contracts.pegawai import KONTAK, KontakChanged
from shared.contracts.skp import REALISASI
from shared.contracts.tpp import TPP_BAGIAN, TppRunPart
from shared.db.database import Database
from shared.db.tx import SHARDS, Tx
from shared.ids import uuid7
from shared.outbox.relay import Relay
from shared.settings import ServiceSettings
from tests.component.kernel.world import (
    NOVEMBER,
    fetch,
    kernel_database,
    kontak,
    opened,
    realisasi,
    until,
    value,
)
from tests.conftest import PARTITIONS, FreshDatabase

SARI = uuid7()


@asynccontextmanager
async def running(settings: ServiceSettings) -> AsyncIterator[Relay]:
    relay = Relay(settings)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        relay.stop()
        await asyncio.wait_for(task, 20)


async def messages(platform: Platform, topic: str, count: int, *, seconds: float = 20) -> list[Any]:
    """The first `count` messages of a topic, each partition in its order."""
    login = platform.kafka_admin
    consumer = AIOKafkaConsumer(
        bootstrap_servers=login.bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=login.user,
        sasl_plain_password=login.password,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        partitions = consumer.partitions_for_topic(topic) or await _partitions(consumer, topic)
        consumer.assign([TopicPartition(topic, number) for number in partitions])
        found: list[Any] = []

        async def enough() -> bool:
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                found.extend(batch)
            return len(found) >= count

        await until(enough, seconds=seconds)
        return found
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    consumer.subscribe([topic])
    return set(await until(lambda: _known(consumer, topic)))


async def _known(consumer: AIOKafkaConsumer, topic: str) -> Any:
    await consumer.topics()
    consumer.unsubscribe()
    return consumer.partitions_for_topic(topic)


async def emit(database: Database, *events: Any) -> None:
    async def record(tx: Tx) -> None:
        for event in events:
            tx.emit(event)

    await database.run(record)


async def all_published(database: Database) -> bool:
    return not await value(database, "SELECT count(*) FROM kernel.outbox WHERE published_at IS NULL")


async def test_the_producer_acknowledges_by_all_and_is_idempotent(
    writer: ServiceSettings, namespace: str
) -> None:
    """Fails on aiokafka's defaults: acks=1, idempotence off."""
    producer = make_producer(writer)
    try:
        sender: Any = producer._sender
        assert sender._acks == -1
        assert sender._txn_manager is not None
        assert producer.client._sasl_mechanism == "SCRAM-SHA-512"
        assert producer._message_accumulator._batch_size == 256 * 1024
        await producer.start()
        assert sender._txn_manager.has_pid()
    finally:
        await close_producer(producer)


async def test_an_event_is_published_as_a_cloud_event(
    platform: Platform, writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    fact = realisasi(SARI, 3)
    async with running(writer) as relay:
        await emit(writing, fact)
        await until(lambda: all_published(writing))
        assert await relay.trouble() is None
    (message,) = await messages(platform, topic_name(REALISASI.name, namespace), 1)
    row = (await fetch(writing, "SELECT id, created_at FROM kernel.outbox"))[0]
    headers = dict(message.headers)
    assert message.key == str(SARI).encode()
    assert message.value.decode() == fact.model_dump_json()
    assert headers == {
        "ce_specversion": b"1.0",
        "ce_id": str(row["id"]).encode(),
        "ce_source": b"/ekinerja/skp",
        "ce_type": b"id.ekinerja.realisasi.submitted",
        "ce_time": row["created_at"].isoformat().replace("+00:00", "Z").encode(),
        "ce_subject": str(SARI).encode(),
        "ce_version": b"3",
        "ce_periode": b"2026-11",
        "content-type": b"application/json",
    }


async def test_events_of_one_person_keep_their_order(
    platform: Platform, writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    people = [uuid7() for _ in range(20)]
    async with running(writer):
        for version in range(1, 31):
            await emit(writing, *(kontak(person, version) for person in people))
        await until(lambda: all_published(writing))
    by_person: dict[bytes, list[int]] = {}
    for message in await messages(platform, topic_name(KONTAK.name, namespace), 600):
        by_person.setdefault(message.key, []).append(int(dict(message.headers)["ce_version"]))
    assert len(by_person) == 20
    assert all(versions == list(range(1, 31)) for versions in by_person.values())


async def test_work_without_an_order_is_spread_evenly_however_few_pieces_there_are(
    platform: Platform, fresh_database: FreshDatabase, namespace: str
) -> None:
    worker = await kernel_database(fresh_database, "tpp")
    database = await opened(worker)
    try:
        async with running(worker):
            for nomor in (1, 2, 3):
                parts = [
                    TppRunPart(
                        version=1, bagian_id=f"2026-11/{nomor}/{number}", periode=NOVEMBER, nomor=nomor,
                        bagian=number,
                    )
                    for number in range(PARTITIONS)
                ]  # fmt: skip
                await emit(database, *parts)
                await until(lambda: all_published(database))
    finally:
        await database.close()
    found = await messages(platform, topic_name(TPP_BAGIAN.name, namespace), 3 * PARTITIONS)
    counts = Counter(message.partition for message in found)
    assert counts == dict.fromkeys(range(PARTITIONS), 3)
    assert {message.key.decode() for message in found} == {
        f"2026-11/{nomor}/{number}" for nomor in (1, 2, 3) for number in range(PARTITIONS)
    }


async def test_a_smaller_number_that_commits_later_is_published_too(
    writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    late = asyncio.Event()
    flushed = asyncio.Event()

    async def slow(tx: Tx) -> None:
        tx.emit(kontak(SARI, 1))
        await tx.flush()
        flushed.set()
        await late.wait()

    async with running(writer):
        slowly = asyncio.create_task(writing.run(slow))
        await flushed.wait()
        await emit(writing, kontak(uuid7(), 1))
        await until(
            lambda: value(writing, "SELECT count(*) FROM kernel.outbox WHERE published_at IS NOT NULL")
        )
        late.set()
        await slowly
        await until(lambda: all_published(writing), seconds=5)
    seqs = [row["seq"] for row in await fetch(writing, "SELECT seq FROM kernel.outbox ORDER BY published_at")]
    assert seqs == sorted(seqs, reverse=True)


async def test_a_commit_wakes_the_relay_at_once(
    writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    async with running(writer):
        await emit(writing, kontak(SARI, 1))
        await until(lambda: all_published(writing))
        for version in range(2, 12):
            await emit(writing, kontak(SARI, version))
            await until(lambda: all_published(writing))
    waits = await fetch(
        writing, "SELECT published_at - created_at AS wait FROM kernel.outbox WHERE version > 1"
    )
    # Polling alone would take 250 ms in the middle.
    assert sorted(row["wait"].total_seconds() for row in waits)[5] < 0.15


async def test_relays_share_the_shards_and_take_over_a_dead_ones(
    platform: Platform, writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(running(writer))
        await until(lambda: _holds(one, SHARDS))
        two = await stack.enter_async_context(running(writer))
        three = await stack.enter_async_context(running(writer))
        relays = [one, two, three]
        await until(lambda: _even(relays))
        assert set().union(*(relay.shards for relay in relays)) == set(range(SHARDS))

        # One loses its connection, hence its locks, without a word; the events go out all the same.
        async with writing.pool.acquire() as conn:
            await conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name LIKE '%relay'"
                " ORDER BY pid LIMIT 1"
            )
        await emit(writing, *(kontak(uuid7(), 1) for _ in range(200)))
        await until(lambda: all_published(writing))
        await until(lambda: _even(relays))
    found = await messages(platform, topic_name(KONTAK.name, namespace), 200)
    assert len({dict(message.headers)["ce_id"] for message in found}) == 200


async def _holds(relay: Relay, count: int) -> bool:
    return len(relay.shards) == count


async def _even(relays: list[Relay]) -> bool:
    held = [relay.shards for relay in relays]
    return sum(map(len, held)) == len(set().union(*held)) == SHARDS and max(map(len, held)) == 6


async def test_a_stopping_relay_leaves_its_shards_at_once(
    writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    async with running(writer) as stays:
        async with running(writer):
            await until(lambda: _holds(stays, SHARDS // 2))
        await until(lambda: _holds(stays, SHARDS), seconds=5)


async def test_what_kafka_refuses_holds_only_its_own_key(
    writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    """Larger than the broker takes: no command can record such a row, so it is written by hand here."""
    huge = KontakChanged(version=1, pegawai_id=SARI, nama="x", email=None)
    async with writing.pool.acquire() as conn:
        await _by_hand(conn, huge.key, KONTAK.name, 1, '"' + "x" * 1_500_000 + '"')
        await _by_hand(conn, huge.key, KONTAK.name, 2, "{}")
        await _by_hand(conn, huge.key, "ekinerja.tidak-ada.v1", 3, "{}")
        await _by_hand(conn, huge.key, REALISASI.name, 4, "{}")
    async with running(writer) as relay:
        for _ in range(3):
            await emit(writing, *(kontak(uuid7(), 1) for _ in range(50)))
            await until(lambda: _published_apart_from(writing, huge.key), seconds=15)
        trouble = await until(relay.trouble)
        assert "ditolak Kafka" in trouble
        left = await fetch(
            writing, "SELECT version FROM kernel.outbox WHERE published_at IS NULL ORDER BY version"
        )
        # The next of that key and topic waits behind it; the same person's other topics go on.
        assert [row["version"] for row in left] == [1, 2, 3]

        # Mended, it goes out by itself, and what waited behind it.
        async with writing.pool.acquire() as conn:
            await conn.execute(
                "UPDATE kernel.outbox SET payload = '{}' WHERE version = 1 AND aggregateid = $1", huge.key
            )
            await conn.execute("DELETE FROM kernel.outbox WHERE version = 3")
        await until(lambda: all_published(writing), seconds=40)
        assert await until(lambda: _well(relay), seconds=5)


async def _well(relay: Relay) -> bool:
    return not [key for key in relay._refused if key[0] == KONTAK.name]


async def _by_hand(conn: Any, key: str, topic: str, version: int, payload: str) -> None:
    await conn.execute(
        "INSERT INTO kernel.outbox (id, aggregatetype, aggregateid, version, type, payload, shard)"
        " VALUES ($1, $2, $3, $4, 'id.ekinerja.uji', $5::text::json, 3)",
        uuid7(),
        topic,
        key,
        version,
        payload,
    )


async def _published_apart_from(database: Database, key: str) -> bool:
    return not await value(
        database, "SELECT count(*) FROM kernel.outbox WHERE published_at IS NULL AND aggregateid <> $1", key
    )


async def test_without_a_database_it_says_so_and_goes_on_trying(
    platform: Platform, writer: ServiceSettings, namespace: str
) -> None:
    name = writer.database.rpartition("/")[2]
    admin = await asyncpg.connect(platform.admin_dsn)
    try:
        async with running(writer) as relay:
            await until(lambda: _holds(relay, SHARDS))
            await admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
            )
            assert await until(relay.trouble) == "relay belum tersambung ke basis data"
            await admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
            await until(lambda: _holds(relay, SHARDS))
            assert await relay.trouble() is None
    finally:
        await admin.close()
