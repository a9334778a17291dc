"""One transaction of the inbox: what is new is handled, counted and remembered, or nothing of it is."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.db.tx import Tx
from shared.ids import low64
from shared.inbox.faults import explain
from shared.inbox.reading import Arrived, Hearing, Unreadable
from shared.inbox.subscription import Received, Unacceptable
from shared.obs.tracing import span

# All the bookkeeping of a batch in one round trip: remember its events, count the new ones for barriers, and
# learn which keys wait behind a dead letter.
_REMEMBER = """
WITH arrived AS (
    SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::integer[], $6::bigint[])
        AS a(id, topic, periode, partition, low64)
), fresh AS (
    INSERT INTO kernel.inbox (consumer, event_id) SELECT $1, id FROM arrived ORDER BY id
    ON CONFLICT DO NOTHING RETURNING event_id
), counted AS (
    INSERT INTO kernel.tally (topic, periode, partition, count, id_xor)
    SELECT topic, periode, partition, count(*), bit_xor(low64)
    FROM arrived JOIN fresh ON event_id = id WHERE periode IS NOT NULL
    GROUP BY topic, periode, partition ORDER BY topic, periode, partition
    ON CONFLICT (topic, periode, partition)
    DO UPDATE SET count = tally.count + excluded.count, id_xor = tally.id_xor # excluded.id_xor
)
SELECT event_id, NULL AS topic, NULL AS key FROM fresh
UNION ALL SELECT NULL, topic, key FROM kernel.parked_key WHERE consumer = $1
"""
_WAIT_FOR = """
INSERT INTO kernel.barrier (name, periode, version, payload, done_at)
VALUES ($1, $2, $3, $4::text::json, CASE WHEN $5 THEN now() END)
ON CONFLICT (name, periode) DO UPDATE
SET version = excluded.version, payload = excluded.payload, received_at = now(),
    done_at = excluded.done_at, missing = NULL
WHERE barrier.version < excluded.version
"""


@dataclass(frozen=True, slots=True)
class Applied:
    """What one transaction did. `barriers`: a barrier was raised or withdrawn."""

    fresh: list[Arrived]
    duplicates: int
    barriers: bool


class Blocked(Exception):
    """Some of the events belong to a key that waits behind a dead letter: park those first."""


class Refused(Unreadable):
    """Some events can be applied by nobody: unreadable, or unacceptable to their handler.

    `faults` says which and why. Nothing was applied.
    """

    def __init__(self, faults: "list[tuple[Arrived, str]]") -> None:
        super().__init__("event ditolak: " + "; ".join(cause for _, cause in faults))
        self.faults = faults


async def apply(
    tx: Tx, consumer: str, hearing: Hearing, arrived: Sequence[Arrived], *, heed_blocks: bool = False
) -> Applied:
    """Apply events in the order given, each once for ever.

    Raises whatever a handler raises; Refused; or, when told to heed blocks, Blocked before any has run.
    """
    unique = {one.id: one for one in reversed(arrived)}
    remembering = asyncio.ensure_future(_remember(tx, consumer, unique.values()))
    try:
        # Two turns of the loop, until the statement is on its way: PostgreSQL works while we read payloads.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        opened = _open(hearing, unique.values())
    finally:
        rows = await remembering
    new = {row[0] for row in rows}
    if heed_blocks and None in new:
        blocked = {(row[1], row[2]) for row in rows if row[0] is None}
        if any((one.record.topic, one.record.key) in blocked for one in arrived):
            raise Blocked
    if isinstance(opened, Refused):
        raise opened
    fresh = [one for one in arrived if one.id in new and unique[one.id] is one]
    await _handle(tx, consumer, hearing, fresh, opened)
    barriers = await _raise_barriers(tx, hearing, fresh, opened)
    return Applied(fresh, len(arrived) - len(fresh), barriers)


async def _remember(tx: Tx, consumer: str, arrived: Collection[Arrived]) -> list[Any]:
    return await tx.conn.fetch(
        _REMEMBER,
        consumer,
        [one.id for one in arrived],
        [one.record.topic for one in arrived],
        [one.periode for one in arrived],
        [one.record.partition for one in arrived],
        [low64(one.id) for one in arrived],
    )


def _open(hearing: Hearing, arrived: Iterable[Arrived]) -> "dict[UUID, Received[Any]] | Refused":
    opened: dict[UUID, Received[Any]] = {}
    faults: list[tuple[Arrived, str]] = []
    for one in arrived:
        if one.handled:
            try:
                opened[one.id] = hearing.open(one)
            except Unreadable as error:
                faults.append((one, str(error)))
            except Exception as error:
                faults.append((one, explain(error)))
    return Refused(faults) if faults else opened


async def _handle(
    tx: Tx, consumer: str, hearing: Hearing, fresh: list[Arrived], opened: dict[UUID, Received[Any]]
) -> None:
    by_type: dict[str, list[Received[Any]]] = {}
    for one in fresh:
        if one.handled:
            by_type.setdefault(one.type, []).append(opened[one.id])
    parents = {one.traceparent for one in fresh}
    # A lone event's trace simply goes on; in a mixed batch a handler names each event's own as it emits.
    parent = parents.pop() if len(parents) == 1 else None
    for subscription in hearing.subscriptions:
        if events := by_type.get(subscription.event.TYPE):
            tx.origin = None
            name = f"terapkan {subscription.event.TYPE}"
            with span(name, parent=parent, layanan=consumer, jumlah=len(events)):
                try:
                    await subscription.handle(tx, events)
                except Unacceptable as refusal:
                    causes = refusal.causes
                    raise Refused([(one, causes[one.id]) for one in fresh if one.id in causes]) from None
    tx.origin = None


async def _raise_barriers(
    tx: Tx, hearing: Hearing, fresh: list[Arrived], opened: dict[UUID, Received[Any]]
) -> bool:
    touched = False
    if not hearing.barriers:
        return touched
    for one in fresh:
        names = [(one.type, False)] if one.type in hearing.barriers else []
        names += [(name, True) for name in hearing.voids.get(one.type, [])]
        for name, void in names:
            event = opened[one.id].event
            payload = (one.record.value or b"").decode()
            await tx.conn.execute(_WAIT_FOR, name, str(event.stamped_period), event.version, payload, void)
            touched = True
    return touched
