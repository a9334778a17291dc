"""The relay: publishes what transactions recorded, in order, at least once, and marks it published.

Rows are divided into shards by aggregate. A relay holds the locks of the shards it serves; several relays
share them evenly, and a dead one's go to the others within a second. Rows are found by being unpublished,
never by "after the last one": a long transaction may commit a smaller number than one already seen.
"""

import asyncio
import itertools
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.bus.kafka import close_producer, make_producer
from shared.contracts.catalogue import IN_TURN, topic_name
from shared.db.session import connect_session
from shared.inbox.faults import explain
from shared.obs.logging import log
from shared.obs.metrics import OUTBOX_PENDING, OUTBOX_PUBLISHED, OUTBOX_REFUSED, RELAY_SECONDS
from shared.obs.tracing import step
from shared.outbox.envelope import headers
from shared.outbox.shards import join, share
from shared.settings import ServiceSettings

_ROUND = 1000
"""About so many rows in one round."""
_POLL = 0.5
_SHARE_EVERY = 1.0
_GAUGE_EVERY = 5.0
_KNOW_TOPIC = 5.0
_LONGEST_PAUSE = 30.0
_LONGEST_TOPIC_PAUSE = 2.0
"""Short, because a topic may be unknown only while the whole broker is away."""
_SILENT_TOO_LONG = 10.0

# By shard, so that each is read in order from the partial index, however long the backlog is.
_UNPUBLISHED = """
SELECT o.* FROM unnest($1::smallint[]) AS s(shard) CROSS JOIN LATERAL (
    SELECT seq, id, aggregatetype AS topic, aggregateid AS key, version, type, periode,
           payload::text AS payload, headers ->> 'traceparent' AS traceparent, created_at
    FROM kernel.outbox
    WHERE shard = s.shard AND published_at IS NULL AND aggregatetype <> ALL ($3)
      AND NOT EXISTS (SELECT FROM unnest($4::text[], $5::text[]) AS refused(topic, key)
                      WHERE (refused.topic, refused.key) = (aggregatetype, aggregateid))
    ORDER BY seq LIMIT $2
) AS o
"""
# The bounds let PostgreSQL look into the months concerned only.
_PUBLISHED = """
UPDATE kernel.outbox SET published_at = now()
WHERE seq = ANY ($1) AND created_at BETWEEN $2 AND $3
"""
_PENDING = "SELECT count(*) FROM kernel.outbox WHERE published_at IS NULL"


@dataclass(slots=True)
class Refusal:
    """What Kafka refuses waits with growing pauses, and keeps its key's later events behind it."""

    cause: str
    attempts: int
    again_at: float


class Relay:
    """One relay of one service; `run()` until `stop()`, connecting again after every fault."""

    def __init__(self, settings: ServiceSettings) -> None:
        self.settings = settings
        self.shards: set[int] = set()
        self._producer: AIOKafkaProducer | None = None
        self._refused: dict[tuple[str, str | None], Refusal] = {}
        """By (topic, key); by (topic, None) when the broker does not know or grant the topic at all."""
        self._wake = asyncio.Event()
        self._ending = False
        self._connected = False
        self._sending_since: float | None = None
        self._away: str | None = None
        self._turn = random.randrange(1000)

    async def run(self) -> None:
        """Publish until stopped."""
        attempt = 0
        try:
            while not self._ending:
                try:
                    await self._work()
                    attempt = 0
                except Exception as error:
                    attempt = min(attempt + 1, 6)
                    log.warning("relay terputus", layanan=self.settings.service, sebab=explain(error))
                    await asyncio.sleep(min(5.0, 0.1 * 2**attempt) * (0.5 + random.random()))
        finally:
            await self._drop_producer()

    def stop(self) -> None:
        """Publish what is there, then end `run`."""
        self._ending = True
        self._wake.set()

    async def trouble(self) -> str | None:
        """Why events do not get out right now, in one sentence; None when well."""
        if not self._connected:
            return "relay belum tersambung ke basis data"
        if self._refused:
            (topic, _), refusal = next(iter(self._refused.items()))
            return f"{len(self._refused)} kunci ditolak Kafka, antara lain pada {topic}: {refusal.cause}"
        since = self._sending_since
        if self._away is not None:
            return f"Kafka tidak melayani relay: {self._away}"
        if since is not None and time.monotonic() - since > _SILENT_TOO_LONG:
            return "Kafka tidak menjawab"
        return None

    async def _work(self) -> None:
        """With one connection: its locks are ours exactly as long as it can read and mark rows."""
        conn = await connect_session(self.settings.database, f"ekinerja-{self.settings.service}-relay")
        try:
            await join(conn)
            await conn.add_listener("kernel_outbox", lambda *_: self._wake.set())
            self._connected = True
            await self._rounds(conn)
        finally:
            self._connected = False
            self.shards.clear()
            if not conn.is_closed():
                await conn.close(timeout=2)

    async def _rounds(self, conn: Any) -> None:
        shared = gauged = -math.inf
        while True:
            now = time.monotonic()
            if now - shared > _SHARE_EVERY:
                shared = now
                await share(conn, self.shards)
            if now - gauged > _GAUGE_EVERY:
                gauged = now
                await self._gauge(conn)
            self._wake.clear()
            if await self._round(conn):
                continue
            if self._ending:
                return
            try:
                async with asyncio.timeout(_POLL):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _round(self, conn: Any) -> bool:
        """Publish some rows; returns whether there may be more."""
        if not self.shards:
            return False
        each = max(50, _ROUND // len(self.shards))
        waiting = [place for place, refusal in self._refused.items() if refusal.again_at > time.monotonic()]
        keys = [(topic, key) for topic, key in waiting if key is not None]
        rows = await conn.fetch(
            _UNPUBLISHED,
            sorted(self.shards),
            each,
            [topic for topic, key in waiting if key is None],
            [topic for topic, _ in keys],
            [key for _, key in keys],
        )
        if not rows:
            return False
        began, started = time.time_ns(), time.perf_counter()
        try:
            done = await self._publish(rows)
        except KafkaError as error:
            # Keep our shards: no other relay reaches Kafka better, and what waits is safe where it is.
            self._away = str(error)
            log.warning("Kafka tidak melayani relay", layanan=self.settings.service, sebab=explain(error))
            return False
        self._away = None
        if done:
            times = [row["created_at"] for row in done]
            await conn.execute(_PUBLISHED, [row["seq"] for row in done], min(times), max(times))
            OUTBOX_PUBLISHED.labels(service=self.settings.service).inc(len(done))
            for row in done:
                step(
                    f"diterbitkan {row['type']}",
                    parent=row["traceparent"],
                    began=began,
                    layanan=self.settings.service,
                    event=str(row["id"]),
                )
        RELAY_SECONDS.labels(service=self.settings.service).observe(time.perf_counter() - started)
        return bool(done)

    async def _publish(self, rows: list[Any]) -> list[Any]:
        """Send all, await all; returns the rows that every in-sync broker has."""
        self._sending_since = time.monotonic()
        try:
            producer = await self._ready()
            topics = {topic for topic in {row["topic"] for row in rows} if await self._knows(producer, topic)}
            turns = {topic: await self._turns(producer, topic) for topic in topics & IN_TURN}
            sent: list[tuple[Any, asyncio.Future[Any]]] = []
            for row in rows:
                place = (row["topic"], row["key"])
                known = self._refused.get(place)
                if row["topic"] not in topics or (known is not None and known.again_at > time.monotonic()):
                    continue
                try:
                    partition = next(turns[row["topic"]]) if row["topic"] in turns else None
                    self._turn += partition is not None
                    acknowledged = await self._send(producer, row, partition)
                    if known is not None:
                        # Alone, so that a message the broker refuses takes no other one's batch down.
                        await asyncio.wait([acknowledged])
                except Exception as error:
                    self._refuse(place, error)
                    continue
                sent.append((row, acknowledged))
            return await self._acknowledged(sent)
        finally:
            self._sending_since = None

    async def _acknowledged(self, sent: list[tuple[Any, "asyncio.Future[Any]"]]) -> list[Any]:
        results = await asyncio.gather(*(future for _, future in sent), return_exceptions=True)
        done: list[Any] = []
        broken = False
        for (row, _), result in zip(sent, results, strict=True):
            place = (row["topic"], row["key"])
            if isinstance(result, BaseException):
                broken = True
                self._refuse(place, result)
            else:
                done.append(row)
                self._refused.pop(place, None)
        if broken:
            # After a refused batch the idempotent producer's numbering has a gap: begin a new one.
            await self._drop_producer()
        return done

    async def _turns(self, producer: AIOKafkaProducer, topic: str) -> Iterator[int]:
        """The partitions of a topic without order, one after another, on from where we were."""
        partitions = sorted(await producer.partitions_for(topic_name(topic, self.settings.namespace)))
        start = self._turn % len(partitions)
        return itertools.cycle(partitions[start:] + partitions[:start])

    async def _send(
        self, producer: AIOKafkaProducer, row: Any, partition: int | None
    ) -> "asyncio.Future[Any]":
        future: asyncio.Future[Any] = await producer.send(
            topic_name(row["topic"], self.settings.namespace),
            value=row["payload"].encode(),
            key=row["key"].encode(),
            partition=partition,
            headers=headers(
                source=self.settings.service,
                id=row["id"],
                type=row["type"],
                time=row["created_at"],
                subject=row["key"],
                version=row["version"],
                periode=row["periode"],
                traceparent=row["traceparent"],
            ),
        )
        return future

    async def _knows(self, producer: AIOKafkaProducer, topic: str) -> bool:
        """Whether the broker has the topic; one that it lacks must not make the others wait for it."""
        try:
            async with asyncio.timeout(_KNOW_TOPIC):
                await producer.partitions_for(topic_name(topic, self.settings.namespace))
        except Exception as error:
            self._refuse((topic, None), error)
            return False
        self._refused.pop((topic, None), None)
        return True

    def _refuse(self, place: tuple[str, str | None], error: BaseException) -> None:
        before = self._refused.get(place)
        attempts = before.attempts + 1 if before else 1
        longest = _LONGEST_PAUSE if place[1] is not None else _LONGEST_TOPIC_PAUSE
        pause = min(longest, 0.5 * 2 ** min(attempts, 10)) * (0.5 + random.random())
        self._refused[place] = Refusal(explain(error), attempts, time.monotonic() + pause)
        log.error(
            "Kafka menolak event, dicoba lagi nanti",
            layanan=self.settings.service,
            topik=place[0],
            sebab=explain(error),
            percobaan=attempts,
        )

    async def _ready(self) -> AIOKafkaProducer:
        """The producer, made when there is something to send: a service without topics never asks for one."""
        if self._producer is None:
            producer = make_producer(self.settings)
            try:
                await producer.start()
            except BaseException:
                await close_producer(producer)
                raise
            self._producer = producer
        return self._producer

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await close_producer(producer)

    async def _gauge(self, conn: Any) -> None:
        service = self.settings.service
        OUTBOX_PENDING.labels(service=service).set(await conn.fetchval(_PENDING))
        OUTBOX_REFUSED.labels(service=service).set(len(self._refused))
