"""Recorded events straight into a service's inbox: any order, any number of times, no broker.

For property tests about disorder and duplicates. It is the same inbox code that Kafka feeds, not a carrier.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from shared.contracts.base import Event
from shared.contracts.catalogue import PARTITIONS
from shared.db.database import Database
from shared.ids import uuid7
from shared.inbox import barriers as barrier_work
from shared.inbox.inbox import Inbox
from shared.inbox.reading import Hearing, Record
from shared.inbox.subscription import Barrier, Subscription
from shared.outbox.envelope import headers
from shared.runtime.service import Service

_RECORDED = """
SELECT id, aggregatetype AS topic, aggregateid AS key, version, type, periode, payload::text AS payload,
       headers ->> 'traceparent' AS traceparent, created_at AS time
FROM kernel.outbox ORDER BY seq
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event as an outbox row holds it."""

    id: UUID
    topic: str
    key: str
    version: int
    type: str
    periode: str | None
    payload: str
    traceparent: str | None
    time: datetime

    @classmethod
    def of(cls, event: Event, *, id: UUID | None = None, traceparent: str | None = None) -> Self:
        """An event that no outbox holds, with a new id unless one is given."""
        return cls(
            id=id or uuid7(),
            topic=event.TOPIC.name,
            key=event.key,
            version=event.version,
            type=event.TYPE,
            periode=str(event.stamped_period) if event.stamped_period else None,
            payload=event.model_dump_json(),
            traceparent=traceparent,
            time=datetime.now(UTC),
        )


async def recorded(database: Database) -> list[Recorded]:
    """Everything a service has recorded in its outbox, in order."""
    async with database.pool.acquire() as conn:
        return [Recorded(**row) for row in await conn.fetch(_RECORDED)]


class Feed:
    """One service's inbox as a test feeds it. Each delivery has its own offset, as in a broker's log."""

    def __init__(
        self,
        consumer: str,
        database: Database,
        subscriptions: Sequence[Subscription[Any]],
        barriers: Sequence[Barrier[Any]] = (),
    ) -> None:
        self.inbox = Inbox(consumer, database, Hearing(subscriptions, barriers))
        self._database = database
        self._offsets: dict[tuple[str, int], int] = defaultdict(int)

    async def deliver(
        self, events: Iterable[Recorded | Event], *, batch: int = 500, strict: bool = True
    ) -> None:
        """Deliver events in this order, `batch` in one transaction; topics not heard are left out.

        `strict` raises what a handler raises (ValueError for an unreadable event); otherwise failures go
        where they go in a worker: waited out, or to the dead letters.
        """
        chosen = [one if isinstance(one, Recorded) else Recorded.of(one) for one in events]
        records = [self.record(one) for one in chosen if one.topic in self.inbox.hearing.topics]
        for start in range(0, len(records), batch):
            part = records[start : start + batch]
            if not strict:
                await self.inbox.take(part)
                continue
            arrived, letters = self.inbox.read(part)
            if letters:
                raise ValueError(f"event tidak terbaca: {letters[0].cause}")
            alone = self.inbox.hearing.alone
            if together := [one for one in arrived if one.type not in alone]:
                await self.inbox.once(together)
            for one in arrived:
                if one.type in alone:
                    await self.inbox.once([one])

    async def settle_barriers(self) -> int:
        """Finalise every barrier that is complete; returns how many stay open."""
        return await barrier_work.settle(self._database, self.inbox.consumer, self.inbox.hearing)

    def record(self, one: Recorded, *, source: str = "uji") -> Record:
        """The message that the relay would have sent, on the next offset of the key's partition."""
        partition = zlib.crc32(one.key.encode()) % PARTITIONS
        offset = self._offsets[one.topic, partition]
        self._offsets[one.topic, partition] += 1
        found = headers(
            source=source,
            id=one.id,
            type=one.type,
            time=one.time,
            subject=one.key,
            version=one.version,
            periode=one.periode,
            traceparent=one.traceparent,
        )
        return Record(one.topic, partition, offset, one.key.encode(), one.payload.encode(), dict(found))


async def feed(
    service: Service,
    database: Database,
    events: Iterable[Recorded | Event],
    *,
    batch: int = 500,
    settle: bool = True,
    strict: bool = True,
) -> None:
    """Deliver events to a service and, unless told otherwise, settle its barriers afterwards."""
    feeding = Feed(service.name, database, service.subscriptions, service.barriers)
    await feeding.deliver(events, batch=batch, strict=strict)
    if settle:
        await feeding.settle_barriers()


async def settle_barriers(service: Service, database: Database) -> int:
    """Finalise every complete barrier of a service; returns how many stay open."""
    return await Feed(service.name, database, service.subscriptions, service.barriers).settle_barriers()
