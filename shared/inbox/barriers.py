"""Barriers: a period is finalised when everything its manifest counts has been applied here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.base import Event, Manifest
from shared.db.database import Database
from shared.db.tx import Tx
from shared.inbox.reading import Hearing
from shared.inbox.subscription import Barrier
from shared.obs.logging import log
from shared.obs.metrics import BARRIER_MISSING
from shared.obs.tracing import span
from shared.outbox.manifest import as_hex
from shared.period import Period

_OPEN = """
SELECT name, periode FROM kernel.barrier WHERE done_at IS NULL AND name = ANY ($1)
ORDER BY periode, received_at
"""
# Whoever holds the row works on it; a withdrawal or newer closing waits for the running chunk, not longer.
_TAKE = """
SELECT version, payload, missing FROM kernel.barrier
WHERE name = $1 AND periode = $2 AND done_at IS NULL FOR UPDATE SKIP LOCKED
"""
_TALLY = """
SELECT topic, sum(count)::bigint AS count, bit_xor(id_xor) AS id_xor FROM kernel.tally
WHERE periode BETWEEN $1 AND $2 AND topic = ANY ($3) GROUP BY topic
"""
_FINAL = """
SELECT EXISTS (SELECT FROM kernel.barrier
               WHERE name = $1 AND periode = $2 AND version = $3 AND done_at IS NOT NULL)
"""
_MISSING = "UPDATE kernel.barrier SET missing = $3 WHERE name = $1 AND periode = $2"
_DONE = "UPDATE kernel.barrier SET done_at = now() WHERE name = $1 AND periode = $2"
_WAITING = """
SELECT name, periode, missing, received_at FROM kernel.barrier WHERE done_at IS NULL ORDER BY periode, name
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A closed month not yet final here. `missing`: facts lacking, 0 while finalising, None: not counted."""

    name: str
    periode: str
    missing: int | None
    received_at: datetime


async def waiting(conn: Any) -> list[Waiting]:
    """What this service still waits for, for status pages; as of the last look, at most seconds ago."""
    return [Waiting(**row) for row in await conn.fetch(_WAITING)]


async def settle(database: Database, consumer: str, hearing: Hearing) -> int:
    """Look at every open barrier and finalise those that are complete; returns how many stay open.

    Several workers may do so at once: each barrier is worked on by one of them at a time. An error of one
    barrier does not keep the others; the first is raised at the end.
    """
    if not hearing.barriers:
        return 0
    async with database.pool.acquire() as conn:
        rows = await conn.fetch(_OPEN, list(hearing.barriers))
    still_open = 0
    errors: list[Exception] = []
    for row in rows:
        try:
            lacking = await _settle_one(database, consumer, hearing, row["name"], row["periode"])
        except Exception as error:
            errors.append(error)
            still_open += 1
            continue
        BARRIER_MISSING.labels(service=consumer, periode=row["periode"]).set(lacking or 0)
        still_open += lacking is None or lacking > 0
    if errors:
        raise errors[0]
    return still_open


async def _settle_one(
    database: Database, consumer: str, hearing: Hearing, name: str, periode: str
) -> int | None:
    """Chunk by chunk until done; returns what lacks, or None when another worker is at it."""
    barrier = hearing.barriers[name]
    while True:
        async with database.transaction() as tx:
            row = await tx.conn.fetchrow(_TAKE, name, periode)
            if row is None:
                return None
            event = barrier.event.model_validate_json(row["payload"])
            # Once complete stays complete: a correction that comes while chunks run must not stop them.
            if row["missing"] != 0:
                lacking = await _lacking(tx, hearing, barrier, event)
                if lacking != row["missing"]:
                    await tx.conn.execute(_MISSING, name, periode, lacking)
                if lacking:
                    return lacking
                log.info("hitungan periode lengkap", layanan=consumer, barrier=name, periode=periode)
            with span(f"tuntaskan {name}", layanan=consumer, periode=periode):
                more = await barrier.finalise(tx, event)
            if not more:
                await tx.conn.execute(_DONE, name, periode)
        if not more:
            log.info("periode tuntas", layanan=consumer, barrier=name, periode=periode)
            return 0


async def _lacking(tx: Tx, hearing: Hearing, barrier: Barrier[Any], event: Event) -> int:
    """How many counted facts this service has not applied, then what the barrier itself finds lacking.

    An earlier closing that is not final here counts as one.
    """
    manifest: Manifest = event.manifest  # type: ignore[attr-defined]
    counted = [entry for entry in manifest.topics if entry.topic in hearing.topics]
    until = event.stamped_period
    applied = await _applied(tx, manifest.since or until, until, [entry.topic for entry in counted])
    before = manifest.after
    lacking = 0
    if before is not None:
        lacking += not await tx.conn.fetchval(_FINAL, event.TYPE, str(before.periode), before.version)
    for entry in counted:
        count, xor = applied.get(entry.topic, (0, as_hex(0)))
        if count != entry.count:
            lacking += abs(entry.count - count)
        elif xor != entry.xor:
            # As many, but not the same: one missing and one too many at the least.
            lacking += 1
    if lacking == 0 and barrier.missing is not None:
        lacking = await barrier.missing(tx, event)
    return lacking


async def _applied(
    tx: Tx, since: Period | None, until: Period | None, topics: Sequence[str]
) -> dict[str, tuple[int, str]]:
    rows = await tx.conn.fetch(_TALLY, str(since), str(until), list(topics))
    return {row["topic"]: (row["count"], as_hex(row["id_xor"])) for row in rows}
