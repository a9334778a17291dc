"""What an operator does with dead letters: look, apply again after the fix, or let go for good."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from shared.db.database import Database
from shared.db.tx import Tx
from shared.errors import Conflict, NotFound
from shared.inbox.apply import Refused, apply
from shared.inbox.faults import explain, passes
from shared.inbox.reading import Arrived, Hearing, Record, Unreadable
from shared.inbox.shelf import Letter as Burial
from shared.inbox.shelf import bury, headers_from
from shared.inbox.subscription import Barrier, Subscription
from shared.outbox.manifest import UNCOUNTED
from shared.period import Period

_CHUNK = 200

_LIST = """
SELECT d.id, d.consumer, d.topic, d.partition, d."offset", d.key, d.value, d.headers, d.event_id,
       coalesce(d.type, '') AS type, d.kind, d.cause, d.attempts, d.trace_id, d.state, d.received_at,
       (SELECT count(*) FROM kernel.parked_key k
        JOIN kernel.parked_event e ON (e.consumer, e.topic, e.key) = (k.consumer, k.topic, k.key)
        WHERE k.dead_letter_id = d.id) AS parked
FROM kernel.dead_letter d
"""
_OPEN = """
WHERE d.state = 'dead' OR EXISTS (SELECT FROM kernel.parked_key k WHERE k.dead_letter_id = d.id)
ORDER BY d.id
"""
_STILL = "SELECT EXISTS (SELECT FROM kernel.parked_key WHERE dead_letter_id = $1)"
_LOCK = "SELECT state FROM kernel.dead_letter WHERE id = $1 FOR UPDATE"
_RESOLVE = "UPDATE kernel.dead_letter SET state = $2, resolved_at = now() WHERE id = $1"
_FAILED_AGAIN = "UPDATE kernel.dead_letter SET attempts = attempts + 1, cause = $2 WHERE id = $1"
_BLOCK = """
SELECT consumer, topic, key FROM kernel.parked_key WHERE dead_letter_id = $1 FOR UPDATE
"""
_BEHIND = """
SELECT id, topic, partition, "offset", key, value, headers FROM kernel.parked_event
WHERE (consumer, topic, key) = ($1, $2, $3) ORDER BY id LIMIT $4
"""
_TAKEN = "DELETE FROM kernel.parked_event WHERE id = ANY ($1)"
_UNBLOCK = "DELETE FROM kernel.parked_key WHERE (consumer, topic, key) = ($1, $2, $3)"
_BLOCKED_BY = """
UPDATE kernel.parked_key SET dead_letter_id =
    (SELECT id FROM kernel.dead_letter WHERE (consumer, topic, partition, "offset") = ($1, $2, $4, $5))
WHERE (consumer, topic, key) = ($1, $2, $3)
"""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One event put aside, with where it came from; `parked` later events of its key wait behind it."""

    id: int
    consumer: str
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: dict[str, Any]
    event_id: Any
    type: str
    kind: str
    cause: str
    attempts: int
    trace_id: str | None
    state: str
    received_at: datetime
    parked: int

    @property
    def record(self) -> Record:
        """The message as it came from Kafka."""
        return Record(
            self.topic, self.partition, self.offset, self.key, self.value, headers_from(self.headers)
        )

    def __str__(self) -> str:
        lines = [f"{field.name}: {getattr(self, field.name)}" for field in fields(self)]
        return "\n".join(line for line in lines if not line.startswith(("headers:", "value:"))) + (
            f"\nheaders: {json.dumps(self.headers)}"
            f"\nvalue: {(self.value or b'').decode('utf-8', 'backslashreplace')}"
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter and of what waited behind it. `stuck`: the next letter of that key, if any."""

    letter: int
    state: str
    behind: int
    stuck: str | None = None

    def __str__(self) -> str:
        done = "diterapkan" if self.state == "replayed" else "dilepas"
        text = f"Surat {self.letter} {done}; {self.behind} event di belakangnya diterapkan."
        return text if self.stuck is None else f"{text} Lalu berhenti pada surat mati baru: {self.stuck}"


def _unheard(_: int) -> None:
    """Nobody asks how far it is."""


async def list_open(database: Database) -> list[DeadLetter]:
    """Letters nobody has resolved yet, or whose followers still wait, oldest first."""
    async with database.pool.acquire() as conn:
        return [DeadLetter(**row) for row in await conn.fetch(_LIST + _OPEN)]


async def show(database: Database, letter: int) -> DeadLetter:
    """One letter with all its bytes. Raises NotFound."""
    async with database.pool.acquire() as conn:
        row = await conn.fetchrow(_LIST + " WHERE d.id = $1", letter)
    if row is None:
        raise NotFound(f"Surat mati {letter} tidak ada.", remedy="Lihat `ekinerja dlq list`.")
    return DeadLetter(**row)


async def replay(
    database: Database,
    subscriptions: Sequence[Subscription[Any]],
    barriers: Sequence[Barrier[Any]],
    letter: int,
    maju: Callable[[int], None] = _unheard,
) -> Outcome:
    """Apply a letter, then in their order the events that wait behind it.

    `maju` hears how many events were applied more. Whoever is interrupted asks again: what is applied stays
    applied, and the rest follows. Raises NotFound, or Conflict when it was resolved before with nothing left
    behind it, or still fails (the letter then stays). When a waiting event fails, it becomes a letter of its
    own and the rest keeps waiting behind that one.
    """
    hearing = Hearing(subscriptions, barriers)
    found = await show(database, letter)
    if found.state != "dead" and await _interrupted(database, letter):
        return await _release(database, hearing, found, found.state, maju)
    try:
        async with database.transaction() as tx:
            await _lock(tx, letter)
            arrived = hearing.read(found.record)
            if arrived is not None:
                await apply(tx, found.consumer, hearing, [arrived])
            await _resolve(tx, found, "replayed")
    except (Conflict, NotFound):
        raise
    except Exception as error:
        if passes(error):
            raise
        cause = _cause(error)
        async with database.transaction() as tx:
            await tx.conn.execute(_FAILED_AGAIN, letter, cause)
        raise Conflict(
            f"Surat {letter} masih gagal: {cause}", remedy="Perbaiki sebabnya, lalu ulangi."
        ) from error
    maju(1)
    return await _release(database, hearing, found, "replayed", maju)


async def drop(
    database: Database,
    subscriptions: Sequence[Subscription[Any]],
    barriers: Sequence[Barrier[Any]],
    letter: int,
) -> Outcome:
    """Decide that a letter will never be applied, and let the events behind it go on.

    It counts as dealt with: the month it belongs to no longer waits for it. Raises NotFound or Conflict.
    """
    hearing = Hearing(subscriptions, barriers)
    found = await show(database, letter)
    async with database.transaction() as tx:
        await _lock(tx, letter)
        if found.event_id is not None:
            counted = Arrived(found.record, found.event_id, found.type, _counted_in(found), None, False)
            await apply(tx, found.consumer, hearing, [counted])
        await _resolve(tx, found, "dropped")
    return await _release(database, hearing, found, "dropped", _unheard)


async def _interrupted(database: Database, letter: int) -> bool:
    """Whether the key of a resolved letter still waits: whoever let it go was stopped half-way."""
    async with database.pool.acquire() as conn:
        return bool(await conn.fetchval(_STILL, letter))


def _cause(error: Exception) -> str:
    if isinstance(error, Refused):
        return error.faults[0][1]
    return str(error) if isinstance(error, Unreadable) else explain(error)


async def _lock(tx: Tx, letter: int) -> None:
    state = await tx.conn.fetchval(_LOCK, letter)
    if state != "dead":
        raise Conflict(f"Surat {letter} sudah diselesaikan.", remedy="Lihat `ekinerja dlq list`.")


async def _resolve(tx: Tx, found: DeadLetter, state: str) -> None:
    await tx.conn.execute(_RESOLVE, found.id, state)
    tx.audit(f"surat-mati.{state}", f"surat-mati:{found.id}", tipe=found.type, event=str(found.event_id))


def _counted_in(found: DeadLetter) -> str | None:
    text = (found.record.headers.get("ce_periode") or b"").decode("utf-8", "replace")
    try:
        Period.parse(text)
    except ValueError:
        return None
    return None if found.type in UNCOUNTED else text


async def _release(
    database: Database, hearing: Hearing, found: DeadLetter, state: str, maju: Callable[[int], None]
) -> Outcome:
    """Apply what waits behind a resolved letter, in chunks; alone, one by one, when a chunk fails."""
    done = 0
    size = _CHUNK
    while True:
        try:
            async with database.transaction() as tx:
                count, finished = await _release_chunk(tx, hearing, found.id, size)
            done += count
            maju(count)
            if finished:
                return Outcome(found.id, state, done)
        except Exception as error:
            if passes(error):
                raise
            if size > 1:
                size = 1
                continue
            async with database.transaction() as tx:
                stuck = await _new_letter(tx, found.id, error)
            return Outcome(found.id, state, done, stuck)


async def _release_chunk(tx: Tx, hearing: Hearing, letter: int, size: int) -> tuple[int, bool]:
    block = await tx.conn.fetchrow(_BLOCK, letter)
    if block is None:
        return 0, True
    rows = await tx.conn.fetch(_BEHIND, *block, size)
    if not rows:
        await tx.conn.execute(_UNBLOCK, *block)
        return 0, True
    read = [hearing.read(_record(row)) for row in rows]
    await apply(tx, block["consumer"], hearing, [one for one in read if one is not None])
    await tx.conn.execute(_TAKEN, [row["id"] for row in rows])
    return len(rows), False


async def _new_letter(tx: Tx, letter: int, error: Exception) -> str:
    """The first waiting event failed: it becomes the letter that the rest of its key waits behind."""
    block = await tx.conn.fetchrow(_BLOCK, letter)
    assert block is not None
    row = (await tx.conn.fetch(_BEHIND, *block, 1))[0]
    record = _record(row)
    cause = _cause(error)
    await bury(tx, block["consumer"], [Burial(record, "bug", cause)])
    await tx.conn.execute(_BLOCKED_BY, *block, record.partition, record.offset)
    await tx.conn.execute(_TAKEN, [row["id"]])
    return cause


def _record(row: Any) -> Record:
    return Record(
        row["topic"], row["partition"], row["offset"], row["key"], row["value"], headers_from(row["headers"])
    )
