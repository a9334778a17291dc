"""The pool of one service and its unit of work."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg

from shared.auth.guard import Guard, Principal
from shared.db.tx import SISTEM, Actor, Tx
from shared.errors import Unavailable

T = TypeVar("T")

TRANSIENT: tuple[type[BaseException], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what a server killed in the middle of a statement leaves the driver in
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.TooManyConnectionsError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    ConnectionError,
    TimeoutError,
    OSError,
)
"""Faults that pass by themselves: nothing was committed, or the same write may be asked again."""

# The role of `reading_role`; units end in a slash, so that a path below one begins with it. Each question
# is planned for what it asks: a list has filters and a cursor that are there or not, and a reach of
# everything or of some units. From its sixth run on, a prepared statement may get one plan for any
# parameters: a bad one here. Sums over a month of 100.000 people take some 15 MB; with PostgreSQL's 4 MB they
# are written to disk and read again.
_AS_PERSON = """
SELECT now(), set_config('role', regexp_replace(session_user, '_app$', '') || '_baca', true),
       set_config('ekinerja.siapa', $1, true), set_config('ekinerja.semua', $2, true),
       set_config('ekinerja.diri', $3, true), set_config('ekinerja.atasan', $4, true),
       set_config('ekinerja.unit', $5::text[]::text, true),
       set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '32MB', true)
"""
_ATTEMPTS = 4
_FIRST_PAUSE = 0.05


class Database:
    """A pool on one service's database. `open()` before use, `close()` at the end."""

    def __init__(self, dsn: str, *, size: int = 10) -> None:
        self._dsn = dsn
        self._size = size
        self._pool: asyncpg.Pool[Any] | None = None

    async def open(self) -> None:
        """Connect. Raises what asyncpg raises when PostgreSQL cannot be reached."""
        self._pool = await asyncpg.create_pool(
            self._dsn,
            min_size=1,
            max_size=self._size,
            init=_init_connection,
            reset=_keep_as_is,
            command_timeout=60,
            max_inactive_connection_lifetime=300,
            server_settings={"application_name": "ekinerja", "jit": "off", "timezone": "UTC"},
        )

    async def close(self) -> None:
        """Close idle connections, wait for busy ones."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            await pool.close()

    @property
    def pool(self) -> "asyncpg.Pool[Any]":
        """The open pool. Raises RuntimeError before `open()`."""
        if self._pool is None:
            raise RuntimeError("basis data belum dibuka")
        return self._pool

    @asynccontextmanager
    async def transaction(
        self, *, actor: Actor = SISTEM, guard: Guard | None = None, reading: bool = False
    ) -> AsyncIterator[Tx]:
        """One transaction: commits when the block ends, rolls everything back when it raises.

        `reading`: a person's question. It runs as the reading role, to whom row-level security shows only
        what the guard's rule lets this person reach; without a person there is no reach to hold it to.
        """
        held = guard or Guard.internal()
        async with self.pool.acquire(timeout=10) as conn, conn.transaction():
            if reading and held.principal is not None:
                now = await conn.fetchval(_AS_PERSON, *_reach(held, held.principal))
            else:
                now = await conn.fetchval("SELECT now()")
            tx = Tx(conn, now, actor, held)
            yield tx
            await tx.flush()

    async def run(
        self,
        command: Callable[[Tx], Awaitable[T]],
        *,
        actor: Actor = SISTEM,
        guard: Guard | None = None,
        reading: bool = False,
    ) -> T:
        """Run a command in its own transaction, again when a transient fault ended it.

        Raises Unavailable when PostgreSQL stays out of reach; whatever the command raises otherwise.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                async with self.transaction(actor=actor, guard=guard, reading=reading) as tx:
                    result = await command(tx)
                return result
            except TRANSIENT as error:
                if attempt == _ATTEMPTS:
                    raise Unavailable(
                        "Penyimpanan data sedang tidak terjangkau.",
                        remedy="Coba lagi sebentar; kiriman yang sama tidak akan tercatat dua kali.",
                        retry_after=2,
                    ) from error
                await asyncio.sleep(_FIRST_PAUSE * 2**attempt * (0.5 + random.random()))
        raise AssertionError("tidak tercapai")


def _reach(guard: Guard, who: Principal) -> tuple[str, str, str, str, list[str]]:
    reach = guard.reach()
    return (
        str(who.pegawai_id),
        "ya" if reach.all else "",
        str(reach.self_id or ""),
        str(reach.atasan_id or ""),
        [f"{path}/" for path in reach.unit_paths],
    )


async def _init_connection(conn: Any) -> None:
    await conn.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: json.dumps(value, default=str),
        decoder=json.loads,
    )


async def _keep_as_is(conn: Any) -> None:
    """No RESET ALL on release: nothing here changes session state, and it costs a third of small writes."""
