"""The inbox of one service: takes batches of raw records, whatever is in them, and loses none.

Three kinds of failure: what is unreadable or unacceptable goes to the dead letters and the rest goes on; a
passing fault (connection, deadlock) is waited out; a bug is narrowed down to the event that causes it, tried
a handful of times, then put aside together with everything later of its key.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from shared.db.database import Database
from shared.inbox.apply import Applied, Blocked, Refused, apply
from shared.inbox.faults import explain, passes
from shared.inbox.reading import Arrived, Hearing, Record, Unreadable
from shared.inbox.shelf import Letter, bury, park
from shared.obs.logging import log
from shared.obs.metrics import DEAD_LETTERS, INBOX_APPLIED, INBOX_DUPLICATES, INBOX_SECONDS
from shared.obs.tracing import step

T = TypeVar("T")

ATTEMPTS = 4
"""A bug is given so many chances before its event is put aside."""
DEAD_IN_A_ROW = 50
"""So many dead letters without one success between them mean that we are broken, not the events. What only
outside systems write and nobody can read says nothing about us: it must not stop what others tell."""
PATIENCE = 20.0
"""Seconds to wait out a passing fault before the batch goes back to Kafka to be delivered again."""

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 3.0


class Halted(Exception):
    """Too many dead letters in a row: nothing more is taken until someone has looked and restarted."""


class Stopping(Exception):
    """The worker ends; what is left of the batch is for whoever gets it next."""


class Inbox:
    """Applies what one service hears. One batch at a time; several workers may each have one."""

    def __init__(self, consumer: str, database: Database, hearing: Hearing) -> None:
        self.consumer = consumer
        self.hearing = hearing
        self.halted = False
        self.stopping = False
        """Set when the worker ends: a wait is cut short and the batch goes back to Kafka."""
        self.held_since: float | None = None
        """Monotonic time since when a passing fault keeps the batch from being applied."""
        self.watching = True
        """Whether a barrier may be open: then every applied batch sets `touched`."""
        self.touched = asyncio.Event()
        self._database = database
        self._dead_in_a_row = 0
        self._succeeded = False

    async def take(self, records: Sequence[Record]) -> None:
        """Apply a batch. On return everything in it is applied, counted, parked or put aside, and committed.

        Raises Halted after too many dead letters in a row, Stopping when the worker ends between two events
        that have a transaction each, and a passing fault that outlasts `PATIENCE`. In all cases the batch has
        to be delivered again.
        """
        if self.halted:
            raise Halted("konsumen berhenti: terlalu banyak surat mati beruntun")
        started = time.time_ns()
        arrived, letters = self.read(records)
        self._succeeded = False
        together = [one for one in arrived if one.type not in self.hearing.alone]
        if together:
            letters += await self._settle(together)
        if letters:
            await self._bury(letters)
        for one in arrived:
            if one.type in self.hearing.alone:
                await self._settle_alone(one)
        INBOX_SECONDS.labels(service=self.consumer).observe((time.time_ns() - started) / 1e9)

    def read(self, records: Sequence[Record]) -> tuple[list[Arrived], list[Letter]]:
        """Tell readable headers from unreadable ones; what nobody here needs is in neither."""
        arrived: list[Arrived] = []
        letters: list[Letter] = []
        for record in records:
            try:
                if (one := self.hearing.read(record)) is not None:
                    arrived.append(one)
            except Unreadable as error:
                letters.append(Letter(record, "invalid", str(error)))
            except Exception as error:
                letters.append(Letter(record, "invalid", explain(error)))
        return arrived, letters

    async def once(self, arrived: Sequence[Arrived]) -> None:
        """Apply events in one transaction. Raises whatever ended it."""
        started = time.time_ns()
        try:
            async with self._database.transaction() as tx:
                done = await apply(tx, self.consumer, self.hearing, arrived, heed_blocks=True)
        except Blocked:
            async with self._database.transaction() as tx:
                going = await park(tx, self.consumer, arrived)
                done = await apply(tx, self.consumer, self.hearing, going)
        self._note(done, started)

    async def _settle(self, arrived: Sequence[Arrived]) -> list[Letter]:
        """Apply together; when a bug prevents it, halve until the culprit is alone. Keeps the order.

        Returns what was refused.
        """
        try:
            await self._patiently(lambda: self.once(arrived))
        except Refused as error:
            bad = {id(one) for one, _ in error.faults}
            letters = [Letter(one.record, "invalid", cause) for one, cause in error.faults]
            rest = [one for one in arrived if id(one) not in bad]
            return letters + (await self._settle(rest) if rest else [])
        except Exception as error:
            if passes(error):
                raise
            if len(arrived) == 1:
                await self._chances(arrived[0], error)
                return []
            middle = len(arrived) // 2
            return await self._settle(arrived[:middle]) + await self._settle(arrived[middle:])
        return []

    async def _settle_alone(self, one: Arrived) -> None:
        if self.stopping:
            raise Stopping("pekerja berhenti; sisanya dikerjakan lagi sesudah diantar ulang")
        if letters := await self._settle([one]):
            await self._bury(letters)

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work` until no passing fault ends it; raises the fault when it outlasts our patience."""
        begun = time.monotonic()
        pause = _FIRST_PAUSE
        while True:
            try:
                result = await work()
            except Exception as error:
                if not passes(error) or self.stopping or time.monotonic() - begun > PATIENCE:
                    raise
                self.held_since = self.held_since or time.monotonic()
                log.warning("event menunggu gangguan lewat", layanan=self.consumer, sebab=explain(error))
                await asyncio.sleep(pause * (0.5 + random.random()))
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                self.held_since = None
                return result

    async def _chances(self, one: Arrived, first: Exception) -> None:
        """A bug with one event: some more attempts, then the dead letters."""
        error = first
        for attempt in range(1, ATTEMPTS):
            await asyncio.sleep(_FIRST_PAUSE * 2**attempt * (0.5 + random.random()))
            try:
                await self._patiently(lambda: self.once([one]))
                return
            except Exception as again:
                if passes(again):
                    raise
                error = again
        log.error(
            "event tidak dapat diterapkan, disisihkan",
            layanan=self.consumer,
            tipe=one.type,
            id=str(one.id),
            sebab=explain(error),
        )
        await self._bury([Letter(one.record, "bug", explain(error), ATTEMPTS)])

    async def _bury(self, letters: Sequence[Letter]) -> None:
        new = await self._patiently(lambda: self._keep(letters))
        for letter in letters:
            DEAD_LETTERS.labels(service=self.consumer, kind=letter.kind).inc()
            if letter.kind == "invalid":
                log.error(
                    "event ditolak, disisihkan",
                    layanan=self.consumer,
                    topik=letter.record.topic,
                    partisi=letter.record.partition,
                    offset=letter.record.offset,
                    sebab=letter.cause,
                )
        invalid_beside_success = self._succeeded and letters[0].kind == "invalid"
        self._dead_in_a_row = 0 if invalid_beside_success else self._dead_in_a_row + new
        if self._dead_in_a_row >= DEAD_IN_A_ROW:
            self.halted = True
            raise Halted(f"{self._dead_in_a_row} surat mati beruntun")

    async def _keep(self, letters: Sequence[Letter]) -> int:
        """Keep them all; returns how many new ones say something about us."""
        outside = self.hearing.outside
        ours = [one for one in letters if one.kind != "invalid" or one.record.topic not in outside]
        theirs = [one for one in letters if one.kind == "invalid" and one.record.topic in outside]
        async with self._database.transaction() as tx:
            await bury(tx, self.consumer, theirs)
            return await bury(tx, self.consumer, ours)

    def _note(self, done: Applied, started: int) -> None:
        self._dead_in_a_row = 0
        self._succeeded = True
        counts: dict[str, int] = {}
        for one in done.fresh:
            counts[one.record.topic] = counts.get(one.record.topic, 0) + 1
            if one.handled:
                step(
                    f"diterapkan {one.type}",
                    parent=one.traceparent,
                    began=started,
                    layanan=self.consumer,
                    event=str(one.id),
                )
        for topic, count in counts.items():
            INBOX_APPLIED.labels(service=self.consumer, topic=topic).inc(count)
        if done.duplicates:
            INBOX_DUPLICATES.labels(service=self.consumer).inc(done.duplicates)
        self.watching = self.watching or done.barriers
        if self.watching and done.fresh:
            self.touched.set()
