"""Worker slots: each consumer of a service has a small number of its own, the same after a restart.

The number is the static membership in the Kafka group. It is a lock in the service's database, so that two
workers never share one and a dead worker's is free at once; or fixed by EKINERJA_WORKER_SLOT (a StatefulSet).
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from shared.db.session import connect_session
from shared.inbox.faults import passes
from shared.obs.logging import log

_SPACE = 0x736C
_MOST = 64


@dataclass(slots=True)
class Slot:
    """A held number. `lost` is set when another worker took it over while the database was away."""

    number: int
    lost: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def worker_slot(dsn: str, service: str) -> AsyncIterator[Slot]:
    """Hold the lowest free number for as long as the block runs. Raises what asyncpg raises at first.

    Later losses of the connection are mended behind the scenes.
    """
    fixed = os.environ.get("EKINERJA_WORKER_SLOT")
    if fixed is not None:
        yield Slot(int(fixed))
        return
    conn = await _open(dsn, service)
    number = await _lowest(conn)
    slot = Slot(number)
    keeping = asyncio.create_task(_keep(conn, dsn, service, slot))
    try:
        yield slot
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def _open(dsn: str, service: str) -> Any:
    return await connect_session(dsn, f"ekinerja-{service}-slot")


async def _lowest(conn: Any) -> int:
    for number in range(_MOST):
        if await conn.fetchval("SELECT pg_try_advisory_lock($1, $2)", _SPACE, number):
            return number
    raise RuntimeError(f"lebih dari {_MOST} pekerja pada satu layanan")


async def _keep(conn: Any, dsn: str, service: str, slot: Slot) -> None:
    try:
        while True:
            closed = asyncio.Event()
            conn.add_termination_listener(lambda _, closed=closed: closed.set())
            if not conn.is_closed():
                await closed.wait()
            conn = await _again(dsn, service)
            if not await conn.fetchval("SELECT pg_try_advisory_lock($1, $2)", _SPACE, slot.number):
                log.warning("slot pekerja diambil pekerja lain", layanan=service, slot=slot.number)
                slot.lost.set()
                return
    finally:
        if not conn.is_closed():
            await conn.close(timeout=2)


async def _again(dsn: str, service: str) -> Any:
    while True:
        try:
            return await _open(dsn, service)
        except Exception as error:
            if not passes(error):
                raise
            await asyncio.sleep(0.5)
