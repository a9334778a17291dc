"""Group commit: requests that arrive together share one transaction; each gets its own outcome.

While one transaction is being committed, the next callers queue up and form the next group, so a lone
request waits for nobody and a crowd pays for one commit together. A caller is answered only after the
commit. A retry with the same Idempotency-Key gets the first answer.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import asyncpg
from pydantic import BaseModel

from shared.db.database import Database
from shared.db.tx import Origin, Tx
from shared.errors import FieldError, InvalidInput, Problem, Unavailable
from shared.obs.metrics import GROUP_COMMIT_SECONDS, GROUP_COMMIT_SIZE

Command = TypeVar("Command")

_STORED = """
SELECT i.actor, i.key, i.request_hash, i.status, i.answer
FROM kernel.idempotency i
JOIN unnest($1::text[], $2::text[]) AS asked(actor, key) ON (i.actor, i.key) = (asked.actor, asked.key)
"""
_STORE = """
INSERT INTO kernel.idempotency (actor, key, request_hash, status, answer)
SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::smallint[], $5::bytea[])
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller is told: HTTP status, JSON body, and whether it is a first answer repeated."""

    status: int
    body: bytes
    replayed: bool = False


@dataclass(slots=True)
class Entry(Generic[Command]):
    """One caller's command with its idempotency key."""

    command: Command
    origin: Origin
    key: str
    request_hash: bytes
    done: "asyncio.Future[Answer]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


Apply = Callable[[Tx, Sequence[Entry[Command]]], Awaitable[Sequence[BaseModel | Problem]]]
"""Decides and writes a whole group with set-based statements; one outcome for each entry, in order.

It sets `tx.origin = entry.origin` before it emits or audits for an entry.
"""


class GroupCommit(Generic[Command]):
    """The writer of one hot command. `start()` before use; `stop()` finishes what is queued."""

    def __init__(
        self,
        database: Database,
        name: str,
        apply: Apply[Command],
        *,
        max_group: int = 200,
        max_queue: int = 5_000,
        writers: int = 2,
        success: int = 201,
    ) -> None:
        self._database = database
        self._name = name
        self._apply = apply
        self._max_group = max_group
        self._max_queue = max_queue
        self._success = success
        self._queue: asyncio.Queue[Entry[Command] | None] = asyncio.Queue()
        self._writers = writers
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin writing."""
        self._tasks = [asyncio.create_task(self._write_groups()) for _ in range(self._writers)]

    async def stop(self) -> None:
        """Write what is queued, then end."""
        for _ in self._tasks:
            self._queue.put_nowait(None)
        await asyncio.gather(*self._tasks)

    async def submit(self, entry: Entry[Command]) -> Answer:
        """Wait for the commit and return the outcome; raises the entry's own Problem.

        Raises Unavailable at once when too many wait already.
        """
        if self._queue.qsize() >= self._max_queue:
            raise Unavailable(
                "Terlalu banyak kiriman pada saat yang sama.",
                remedy="Coba lagi sebentar; kiriman yang sama tidak akan tercatat dua kali.",
                retry_after=2,
            )
        self._queue.put_nowait(entry)
        return await entry.done

    async def _write_groups(self) -> None:
        while (first := await self._queue.get()) is not None:
            group = [first]
            ending = False
            while len(group) < self._max_group and not self._queue.empty():
                entry = self._queue.get_nowait()
                if entry is None:
                    ending = True
                    break
                group.append(entry)
            started = time.perf_counter()
            await self._settle(group)
            GROUP_COMMIT_SIZE.labels(service=self._name).observe(len(group))
            GROUP_COMMIT_SECONDS.labels(service=self._name).observe(time.perf_counter() - started)
            if ending:
                return

    async def _settle(self, group: list[Entry[Command]]) -> None:
        try:
            outcomes = await self._commit(group)
        except Problem as problem:
            outcomes = [problem] * len(group)
        except Exception as error:
            if len(group) > 1:
                # One entry breaks the statement for all: find it by going one by one.
                for entry in group:
                    await self._settle([entry])
                return
            if not group[0].done.done():
                group[0].done.set_exception(error)
            return
        for entry, outcome in zip(group, outcomes, strict=True):
            if entry.done.done():
                continue
            if isinstance(outcome, Problem):
                entry.done.set_exception(outcome)
            else:
                entry.done.set_result(outcome)

    async def _commit(self, group: list[Entry[Command]]) -> list[Answer | Problem]:
        while True:
            try:
                return await self._database.run(lambda tx: self._one_transaction(tx, group))
            except asyncpg.UniqueViolationError as error:
                if error.constraint_name != "idempotency_pkey":
                    raise
                # Another process committed one of these keys meanwhile: now its answer is there to read.

    async def _one_transaction(self, tx: Tx, group: list[Entry[Command]]) -> list[Answer | Problem]:
        outcomes = await self._stored(tx, group)
        fresh: dict[tuple[str, str], Entry[Command]] = {}
        for entry in group:
            identity = (entry.origin.actor, entry.key)
            if identity not in outcomes and identity not in fresh:
                fresh[identity] = entry
        if fresh:
            results = await self._apply(tx, list(fresh.values()))
            await self._remember(tx, fresh, results, outcomes)
        return [_for(entry, outcomes[entry.origin.actor, entry.key], fresh) for entry in group]

    async def _stored(
        self, tx: Tx, group: Sequence[Entry[Command]]
    ) -> "dict[tuple[str, str], tuple[bytes, Answer | Problem]]":
        rows = await tx.conn.fetch(_STORED, [e.origin.actor for e in group], [e.key for e in group])
        return {
            (row["actor"], row["key"]): (
                row["request_hash"],
                Answer(row["status"], row["answer"] or b"", True),
            )
            for row in rows
        }

    async def _remember(
        self,
        tx: Tx,
        fresh: dict[tuple[str, str], Entry[Command]],
        results: Sequence[BaseModel | Problem],
        outcomes: "dict[tuple[str, str], tuple[bytes, Answer | Problem]]",
    ) -> None:
        stored: list[tuple[str, str, bytes, bytes]] = []
        refused: list[Entry[Command]] = []
        for (identity, entry), result in zip(fresh.items(), results, strict=True):
            if isinstance(result, Problem):
                outcomes[identity] = (entry.request_hash, result)
                refused.append(entry)
            else:
                body = result.model_dump_json().encode()
                outcomes[identity] = (entry.request_hash, Answer(self._success, body))
                stored.append((*identity, entry.request_hash, body))
        if refused:
            # Refused because its own first attempt, sent to another process, has just succeeded?
            outcomes |= await self._stored(tx, refused)
        if stored:
            actors, keys, hashes, bodies = zip(*stored, strict=True)
            await tx.conn.execute(_STORE, actors, keys, hashes, [self._success] * len(stored), bodies)


def _for(
    entry: Entry[Command],
    outcome: "tuple[bytes, Answer | Problem]",
    fresh: dict[tuple[str, str], Entry[Command]],
) -> "Answer | Problem":
    request_hash, result = outcome
    if request_hash != entry.request_hash:
        return InvalidInput(
            "Kunci ini sudah dipakai untuk kiriman dengan isi lain.",
            fields=[FieldError("/Idempotency-Key", "sudah dipakai dengan isi berbeda", "Buat kunci baru.")],
        )
    if isinstance(result, Answer) and fresh.get((entry.origin.actor, entry.key)) not in (None, entry):
        return Answer(result.status, result.body, True)
    return result
