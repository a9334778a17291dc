"""Long work that somebody asked for: a row each, brought to its end by one worker, its progress seen."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from shared.auth.guard import Principal
from shared.db import Tx
from shared.db.database import Database
from shared.errors import Conflict, Problem, Unavailable
from shared.imports.model import Progress
from shared.imports.store import unpack

HELD_SECONDS = 60
"""So long a row is its worker's; a worker that dies leaves it to the next one after that."""
_TELL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A table of such rows, known by its queries.

    `sql` has `ambil(detik)`, `kemajuan(<key>, tahap, baris, detik)`, `gagal(<key>, galat)`,
    `generasi(pegawai_id)`, `buang_isi_lama()` and `buang_lama()`. The rows' key column is `<name>_id`.
    """

    sql: Any
    name: str
    failed: str
    """How the audit names a row that came to nothing."""
    verb: str
    """What its asker did with the file, for sentences: `diunggah`."""

    async def next(
        self, database: Database, work: Callable[[Any, Principal, Progress], Awaitable[None]]
    ) -> bool:
        """Do the oldest row that nobody works on; True when there may be more.

        What its asker has to know ends in `galat`. Anything else is tried again once nobody holds the row.
        """
        row = await database.run(self._claim)
        if row is None:
            await database.run(self._forget)
            return False
        progress = Progress()

        async def tell(tx: Tx) -> None:
            told = {"tahap": progress.tahap, "baris": progress.baris, "detik": HELD_SECONDS}
            await self.sql.kemajuan(tx.conn, **self._key(row), **told)

        async def fail(tx: Tx, problem: Problem) -> None:
            told = {"detail": problem.detail, "remedy": problem.remedy}
            await self.sql.gagal(tx.conn, **self._key(row), galat=told)
            tx.audit(self.failed, f"{self.name}:{row[f'{self.name}_id']}", sebab=problem.slug)

        try:
            async with telling(database, tell):
                await work(row, unpack(row["pegawai_id"], row["pengirim"]), progress)
        except Unavailable:
            raise
        except Problem as problem:
            refused = problem
            await database.run(lambda tx: fail(tx, refused))
        return True

    async def same_rights(self, tx: Tx, who: Principal) -> None:
        """Raises Conflict when the asker's roles have changed since."""
        now = await self.sql.generasi(tx.conn, pegawai_id=who.pegawai_id)
        if now is not None and now != who.generation:
            raise Conflict(
                f"Peran Anda berubah sesudah berkas ini {self.verb}.", remedy="Masuk lagi, lalu ulangi."
            )

    def _key(self, row: Any) -> dict[str, Any]:
        return {f"{self.name}_id": row[f"{self.name}_id"]}

    async def _claim(self, tx: Tx) -> Any:
        return await self.sql.ambil(tx.conn, detik=HELD_SECONDS)

    async def _forget(self, tx: Tx) -> None:
        await self.sql.buang_isi_lama(tx.conn)
        await self.sql.buang_lama(tx.conn)


@contextlib.asynccontextmanager
async def telling(database: Database, tell: Callable[[Tx], Awaitable[None]]) -> AsyncIterator[None]:
    """Run `tell` at once and every second while the block runs, each time in a transaction of its own.

    `tell` writes the progress and holds the row for another `HELD_SECONDS`.
    """
    ended = asyncio.Event()

    async def repeat() -> None:
        while not ended.is_set():
            await database.run(tell)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), _TELL_SECONDS)

    task = asyncio.create_task(repeat())
    try:
        yield
    finally:
        ended.set()
        await asyncio.gather(task, return_exceptions=True)
