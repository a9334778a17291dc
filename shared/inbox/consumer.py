"""The consumer of one service: one Kafka subscriber over all topics it hears, feeding its inbox."""

import asyncio
import random
import time
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from shared.bus.kafka import make_broker, subscribe
from shared.contracts.catalogue import group_name, topic_name
from shared.db.database import Database
from shared.inbox.barriers import settle
from shared.inbox.faults import explain
from shared.inbox.inbox import Inbox, Stopping
from shared.inbox.reading import Hearing, Record
from shared.inbox.slots import Slot, worker_slot
from shared.inbox.subscription import Barrier, Subscription
from shared.obs.logging import log
from shared.obs.metrics import CONSUMER_STOPPED, PARKED_EVENTS
from shared.settings import ServiceSettings

_HELD_TOO_LONG = 30.0
_LOOK_EVERY = 1.0
_LOOK_APART = 0.05
_GAUGE_EVERY = 5.0


class Consumer:
    """Runs until `stop()`; connects again after every fault, halts after too many dead letters in a row."""

    def __init__(
        self,
        settings: ServiceSettings,
        database: Database,
        subscriptions: Sequence[Subscription[Any]],
        barriers: Sequence[Barrier[Any]] = (),
    ) -> None:
        self.settings = settings
        self.hearing = Hearing(subscriptions, barriers)
        self.inbox = Inbox(settings.service, database, self.hearing)
        self.subscriber: Any = None
        """FastStream's subscriber while connected."""
        self.slot: Slot | None = None
        self._logical = {
            topic_name(topic, settings.namespace): topic for topic in sorted(self.hearing.topics)
        }
        """The broker's name of each topic -> the catalogue's."""
        self._database = database
        self._connected = False
        self._barrier_trouble: str | None = None
        self._ending = asyncio.Event()
        self._halted = asyncio.Event()

    async def run(self) -> None:
        """Consume and settle barriers until stopped."""
        CONSUMER_STOPPED.labels(service=self.settings.service).set(0)
        settling = asyncio.create_task(self._settle_barriers())
        try:
            await self._consume()
        finally:
            settling.cancel()
            await asyncio.gather(settling, return_exceptions=True)

    def stop(self) -> None:
        """Finish the batch at hand, then end `run`."""
        self.inbox.stopping = True
        self._ending.set()

    async def trouble(self) -> str | None:
        """Why this consumer cannot do its work right now, in one sentence; None when well."""
        if self.inbox.halted:
            return "konsumen berhenti karena terlalu banyak surat mati beruntun; lihat `ekinerja dlq list`"
        if not self._connected:
            return "konsumen belum tersambung ke Kafka"
        held = self.inbox.held_since
        if held is not None and time.monotonic() - held > _HELD_TOO_LONG:
            return "event tertahan oleh gangguan basis data"
        return self._barrier_trouble

    async def _consume(self) -> None:
        attempt = 0
        while not self._ending.is_set():
            try:
                async with worker_slot(self.settings.database, self.settings.service) as slot:
                    self.slot = slot
                    await self._connect(slot)
                    attempt = 0
            except Exception as error:
                attempt += 1
                log.warning(
                    "konsumen belum dapat bekerja", layanan=self.settings.service, sebab=explain(error)
                )
            if self._halted.is_set():
                await self._ending.wait()
            elif not self._ending.is_set():
                pause = min(5.0, 0.2 * 2**attempt) * (0.5 + random.random())
                await _first(self._ending, timeout=pause)

    async def _connect(self, slot: Slot) -> None:
        """Consume under one slot until we end, halt, or lose the slot."""
        namespace, service = self.settings.namespace, self.settings.service
        broker = make_broker(self.settings)
        group = group_name(service, namespace)
        self.subscriber = subscribe(
            broker,
            list(self._logical),
            group=group,
            instance=f"{group}.{slot.number}.{_fingerprint(self._logical)}",
            take=self._take,
        )
        try:
            await broker.start()
            self._connected = True
            log.info("konsumen tersambung", layanan=service, slot=slot.number)
            await _first(self._ending, self._halted, slot.lost)
        finally:
            self._connected = False
            await broker.stop()
            self.subscriber = None

    async def _take(self, raw: Sequence[Any]) -> None:
        records = [
            Record(
                self._logical[message.topic],
                message.partition,
                message.offset,
                message.key,
                message.value,
                dict(message.headers),
            )
            for message in raw
        ]
        try:
            await self.inbox.take(records)
        except Stopping:
            raise
        except Exception as error:
            if self.inbox.halted:
                CONSUMER_STOPPED.labels(service=self.settings.service).set(1)
                self._halted.set()
            log.error("batch dikembalikan ke Kafka", layanan=self.settings.service, sebab=explain(error))
            raise

    async def _settle_barriers(self) -> None:
        service, inbox = self.settings.service, self.inbox
        gauged = 0.0
        while True:
            inbox.touched.clear()
            try:
                still_open = await settle(self._database, service, self.hearing)
                inbox.watching = still_open > 0 or inbox.touched.is_set()
                self._barrier_trouble = None
                if time.monotonic() - gauged > _GAUGE_EVERY:
                    gauged = time.monotonic()
                    await self._gauge()
            except Exception as error:
                self._barrier_trouble = f"penuntasan periode gagal: {type(error).__name__}"
                log.error("penuntasan periode gagal, akan diulang", layanan=service, sebab=explain(error))
                await asyncio.sleep(_LOOK_EVERY)
            # Every second, and sooner after a batch while something is open, but not after each tiny one.
            await asyncio.sleep(_LOOK_APART)
            await _first(inbox.touched, timeout=_LOOK_EVERY)

    async def _gauge(self) -> None:
        async with self._database.pool.acquire() as conn:
            waiting = await conn.fetchval(
                "SELECT count(*) FROM kernel.parked_event WHERE consumer = $1", self.settings.service
            )
        PARKED_EVENTS.labels(service=self.settings.service).set(waiting)


def _fingerprint(topics: Iterable[str]) -> str:
    """A short name of these topics: who hears others is another member of its group.

    The broker gives a static member that comes back the partitions it had, without asking the group again:
    after a release that hears one topic more, workers back within the session's time would never be given it.
    """
    return sha256(",".join(sorted(topics)).encode()).hexdigest()[:8]


async def _first(*events: asyncio.Event, timeout: float | None = None) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
