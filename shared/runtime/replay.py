"""The worker of replays: letter after letter, each in transactions of its own, its progress written down.

Whoever dies half-way leaves the round to the next worker: what is applied stays applied, the rest follows.
"""

from collections.abc import Sequence
from typing import Any

from shared.db import Tx
from shared.db.database import Database
from shared.errors import Conflict, NotFound
from shared.inbox import Barrier, Subscription, dead_letters, replays
from shared.runtime.service import Job, Running, Service
from shared.runtime.telling import HELD_SECONDS, telling


def replay_job(service: Service) -> Job:
    """The job of a service that has its dead letters applied again when somebody asks for it."""

    async def run(running: Running) -> None:
        await work(running.database, service.subscriptions, service.barriers)

    return Job("surat-mati", 1.0, run)


async def work(
    database: Database, subscriptions: Sequence[Subscription[Any]], barriers: Sequence[Barrier[Any]]
) -> None:
    """Do the round that waits, if there is one."""
    row = await database.run(lambda tx: replays.ambil(tx, HELD_SECONDS))
    if row is None:
        return
    done, failed = row["selesai"], 0

    def maju(events: int) -> None:
        nonlocal done
        done += events

    async def tell(tx: Tx) -> None:
        await replays.catat(tx, row["replay_id"], done, HELD_SECONDS)

    async with telling(database, tell):
        for letter in await dead_letters.list_open(database):
            try:
                outcome = await dead_letters.replay(database, subscriptions, barriers, letter.id, maju)
                failed += outcome.stuck is not None
            except (Conflict, NotFound):
                failed += 1
    await database.run(lambda tx: replays.tutup(tx, row["replay_id"], done, failed))
