"""Long work as others see it: how far it is goes into its row while it runs; that keeps the row held, too."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from shared.db import Tx
from shared.db.database import Database

HELD_SECONDS = 60
"""So long a row is its worker's; a worker that dies leaves it to the next one after that."""
_TELL_SECONDS = 1.0


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
