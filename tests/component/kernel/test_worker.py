"""Relay and consumer as parts of a process: they start without their backends, say so, and drain."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from pydantic import SecretStr

from deploy.embedded.platform import Platform
from shared.contracts.skp import RealisasiSubmitted
from shared.db.database import Database
from shared.inbox import Received, on
from shared.inbox.slots import worker_slot
from shared.runtime.health import Health
from shared.runtime.service import Service
from shared.runtime.worker import open_consumer, open_relay
from shared.settings import ServiceSettings
from tests.component.kernel.world import Sink, realisasi, until, value

PERSON = UUID(int=1)


def service(settings: ServiceSettings, sink: Sink | None = None) -> Service:
    """A service that answers nothing and hears realisasi."""
    heard = (on(RealisasiSubmitted, sink.handle),) if sink else ()
    return Service(settings, "Uji", (), "", {}, "tests", subscriptions=heard)


async def calm(health: Health) -> bool:
    return not await health.troubles()


async def test_ready_when_connected_and_drained_at_the_end(
    reader: ServiceSettings, reading: Database, writer: ServiceSettings, writing: Database, namespace: str
) -> None:
    health = Health(started=True)
    sink = Sink()
    async with (
        open_relay(service(writer), writing, health),
        open_consumer(service(reader, sink), reading, health),
    ):
        await until(lambda: calm(health))
        await writing.run(lambda tx: _emit(tx, 1))
        await until(lambda: value(reading, "SELECT count(*) FROM effect"))
    # What is committed before the end still gets out.
    async with open_relay(service(writer), writing, Health()) as relay:
        await until(lambda: _holds_shards(relay))
        await writing.run(lambda tx: _emit(tx, 2))
    assert await value(writing, "SELECT count(*) FROM kernel.outbox WHERE published_at IS NULL") == 0


async def _emit(tx: Any, version: int) -> None:
    tx.emit(realisasi(PERSON, version))


async def _holds_shards(relay: Any) -> bool:
    return bool(relay.shards)


async def test_without_kafka_writing_goes_on_and_readiness_says_so(
    reader: ServiceSettings, reading: Database, writer: ServiceSettings, writing: Database
) -> None:
    nowhere = {"kafka": "127.0.0.1:1"}
    health = Health(started=True)
    began = time.monotonic()
    async with (
        open_relay(service(writer.model_copy(update=nowhere)), writing, health),
        open_consumer(service(reader.model_copy(update=nowhere), Sink()), reading, health),
    ):
        await writing.run(lambda tx: _emit(tx, 1))
        troubles = await until(lambda: _both(health))
        assert "Kafka" in troubles["skp.relay"]
        assert "Kafka" in troubles["assessment.konsumen"]
    assert time.monotonic() - began < 20
    assert await value(writing, "SELECT count(*) FROM kernel.outbox WHERE published_at IS NULL") == 1


async def _both(health: Health) -> dict[str, str] | None:
    troubles = await health.troubles()
    return troubles if len(troubles) == 2 and "Kafka" in troubles["skp.relay"] else None


async def test_a_wrong_password_is_a_trouble_not_a_crash(
    reader: ServiceSettings, reading: Database, namespace: str
) -> None:
    wrong = reader.model_copy(update={"kafka_password": SecretStr("salah")})
    health = Health(started=True)
    async with open_consumer(service(wrong, Sink()), reading, health):
        await asyncio.sleep(1)
        assert "belum tersambung" in (await health.troubles())["assessment.konsumen"]


async def test_slots_are_the_lowest_free_and_come_back(reader: ServiceSettings) -> None:
    async with worker_slot(reader.database, "assessment") as one:
        async with worker_slot(reader.database, "assessment") as two:
            assert (one.number, two.number) == (0, 1)
        async with worker_slot(reader.database, "assessment") as again:
            assert again.number == 1


async def test_a_fixed_slot_needs_no_database(
    reader: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EKINERJA_WORKER_SLOT", "7")
    async with worker_slot("postgresql://127.0.0.1:1/tidak-ada", "assessment") as slot:
        assert slot.number == 7


async def test_a_slot_survives_a_cut_connection(platform: Platform, reader: ServiceSettings) -> None:
    async with worker_slot(reader.database, "assessment") as slot:
        await _cut_slots(platform, reader)
        await until(lambda: _locked(platform, reader))
        assert not slot.lost.is_set()
        async with worker_slot(reader.database, "assessment") as other:
            assert other.number == 1


async def test_a_slot_that_another_took_meanwhile_is_lost(
    platform: Platform, reader: ServiceSettings
) -> None:
    thief = await asyncpg.connect(reader.database)
    try:
        async with worker_slot(reader.database, "assessment") as slot:
            # It waits for the lock, so that it has it the moment the connection is cut.
            waiting = asyncio.create_task(thief.fetchval("SELECT pg_advisory_lock(29548, 0)"))
            await until(lambda: _waits(platform, reader))
            await _cut_slots(platform, reader)
            await waiting
            await asyncio.wait_for(slot.lost.wait(), 10)
    finally:
        await thief.close()


async def _cut_slots(platform: Platform, settings: ServiceSettings) -> None:
    await _admin(
        platform,
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = $1 AND application_name LIKE '%slot'",
        settings,
    )


async def _locked(platform: Platform, settings: ServiceSettings) -> bool:
    return bool(await _admin(platform, _LOCKS + " AND granted", settings))


async def _waits(platform: Platform, settings: ServiceSettings) -> bool:
    return bool(await _admin(platform, _LOCKS + " AND NOT granted", settings))


_LOCKS = """
SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
WHERE d.datname = $1 AND locktype = 'advisory' AND classid = 29548
"""


async def _admin(platform: Platform, sql: str, settings: ServiceSettings) -> Any:
    conn = await asyncpg.connect(platform.admin_dsn)
    try:
        return await conn.fetchval(sql, settings.database.rpartition("/")[2])
    finally:
        await conn.close()


async def test_a_consumer_that_lost_its_slot_goes_on_under_another(
    platform: Platform,
    reader: ServiceSettings,
    reading: Database,
    writer: ServiceSettings,
    writing: Database,
    namespace: str,
) -> None:
    seen: list[int] = []

    async def note(events: Sequence[Received[Any]]) -> None:
        seen.extend(one.event.version for one in events)

    health = Health(started=True)
    thief = await asyncpg.connect(reader.database)
    try:
        async with (
            open_relay(service(writer), writing, health),
            open_consumer(service(reader, Sink(before=note)), reading, health) as consumer,
        ):
            await until(lambda: calm(health))
            waiting = asyncio.create_task(thief.fetchval("SELECT pg_advisory_lock(29548, 0)"))
            await until(lambda: _waits(platform, reader))
            await _cut_slots(platform, reader)
            await waiting
            await until(lambda: _under(consumer, 1))
            await writing.run(lambda tx: _emit(tx, 5))
            await until(lambda: value(reading, "SELECT count(*) FROM effect"), seconds=60)
    finally:
        await thief.close()
    assert seen == [5]


async def _under(consumer: Any, number: int) -> bool:
    return consumer.slot is not None and consumer.slot.number == number and await consumer.trouble() is None
