"""One open transaction: state, events and audit rows are written together or not at all."""

import json
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.auth.guard import Guard
from shared.contracts.base import Event
from shared.ids import uuid7
from shared.obs.tracing import traceparent

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

SHARDS = 16
"""Relays share the outbox by shard; fixed, because rows carry their shard."""

MAX_EVENT_BYTES = 512 * 1024
"""Half of the broker's limit for one message: an event that cannot be sent must fail its command instead."""

_FLUSH = """
WITH events AS (
    INSERT INTO kernel.outbox
        (id, aggregatetype, aggregateid, version, type, periode, payload, headers, shard)
    SELECT id, topic, key, version, type, periode, payload::json, headers::jsonb, shard
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[],
                $8::text[], $9::smallint[])
         AS e(id, topic, key, version, type, periode, payload, headers, shard)
), trail AS (
    INSERT INTO kernel.audit (actor, action, subject, detail, trace_id)
    SELECT actor, action, subject, detail::jsonb, trace_id
    FROM unnest($10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
         AS a(actor, action, subject, detail, trace_id)
)
SELECT pg_notify('kernel_outbox', '') WHERE cardinality($1::uuid[]) > 0
"""
# What a question leaves; it has no right to the outbox.
_FLUSH_AUDIT = """
INSERT INTO kernel.audit (actor, action, subject, detail, trace_id)
SELECT actor, action, subject, detail::jsonb, trace_id
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
     AS a(actor, action, subject, detail, trace_id)
"""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person (`pegawai`), the system itself (`sistem`) or a machine client (`mesin`)."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


SISTEM = Actor("sistem", "ekinerja")


@dataclass(frozen=True, slots=True)
class Origin:
    """On whose behalf an event or audit row is written, and in which trace.

    A transaction that carries many callers (group commit) sets `Tx.origin` before each one's turn.
    """

    actor: str
    traceparent: str | None

    @property
    def trace_id(self) -> str | None:
        """The trace as 32 hex digits."""
        return self.traceparent[3:35] if self.traceparent else None

    @property
    def headers(self) -> str:
        """What travels with the event, as JSON."""
        return f'{{"traceparent": "{self.traceparent}"}}' if self.traceparent else "{}"


def shard_of(key: str) -> int:
    """The outbox shard of an aggregate; one aggregate always has the same, so its order is kept."""
    return zlib.crc32(key.encode()) % SHARDS


@dataclass(slots=True)
class Tx:
    """What a command works with. Events and audit rows are buffered and written just before commit."""

    conn: "PoolConnectionProxy[Any]"
    now: datetime
    actor: Actor
    guard: Guard
    origin: Origin | None = None
    _events: list[tuple[UUID, Event, Origin]] = field(default_factory=list)
    _audit: list[tuple[str, str, str, Origin]] = field(default_factory=list)

    def emit(self, event: Event) -> UUID:
        """Record an event to be published after commit; returns its id."""
        identifier = uuid7()
        self._events.append((identifier, event, self._origin()))
        return identifier

    def audit(self, action: str, subject: str, **detail: Any) -> None:
        """Record who did what to whom. `detail` must hold no secret and no pay data."""
        self._audit.append((action, subject, json.dumps(detail, default=str), self._origin()))

    def _origin(self) -> Origin:
        return self.origin or Origin(str(self.actor), traceparent())

    async def flush(self) -> None:
        """Write what was recorded. Called by the unit of work; harmless when nothing is pending.

        Raises ValueError for an event larger than `MAX_EVENT_BYTES`.
        """
        if not self._events and not self._audit:
            return
        events, self._events = self._events, []
        audit, self._audit = self._audit, []
        trail = (
            [origin.actor for _, _, _, origin in audit],
            [action for action, _, _, _ in audit],
            [subject for _, subject, _, _ in audit],
            [detail for _, _, detail, _ in audit],
            [origin.trace_id for _, _, _, origin in audit],
        )
        if not events:
            await self.conn.execute(_FLUSH_AUDIT, *trail)
            return
        payloads = [event.model_dump_json() for _, event, _ in events]
        for payload, (_, event, _) in zip(payloads, events, strict=True):
            if len(payload) > MAX_EVENT_BYTES:
                raise ValueError(f"event {event.TYPE} terlalu besar: {len(payload)} bita")
        await self.conn.execute(
            _FLUSH,
            [identifier for identifier, _, _ in events],
            [event.TOPIC.name for _, event, _ in events],
            [event.key for _, event, _ in events],
            [event.version for _, event, _ in events],
            [event.TYPE for _, event, _ in events],
            [str(event.stamped_period) if event.stamped_period else None for _, event, _ in events],
            payloads,
            [origin.headers for _, _, origin in events],
            [shard_of(event.key) for _, event, _ in events],
            *trail,
        )
