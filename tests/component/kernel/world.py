"""What kernel tests share: a database with the kernel's tables and one of our own, and events to send."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from shared.contracts.pegawai import KontakChanged
from shared.contracts.skp import RealisasiSubmitted
from shared.db.database import Database
from shared.db.migrate import migrate
from shared.db.tx import Tx
from shared.ids import uuid7
from shared.inbox import Received
from shared.period import Period
from shared.settings import ServiceSettings
from tests.conftest import FreshDatabase

NOVEMBER = Period(2026, 11)

_EFFECT = """
CREATE TABLE public.effect (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL, key text NOT NULL, version bigint NOT NULL, traceparent text,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""


async def kernel_database(fresh: FreshDatabase, service: str) -> ServiceSettings:
    """A database with the kernel's tables and `effect`, which test handlers write to."""
    settings = fresh(service, migrate=False)
    owner = await asyncpg.connect(settings.owner_database)
    try:
        await owner.execute(_EFFECT)
    finally:
        await owner.close()
    await migrate(settings.owner_database, f"{service}_app", {"kernel": "shared.db"})
    return settings


async def opened(settings: ServiceSettings) -> Database:
    """Its pool, open; the caller closes it."""
    database = Database(settings.database, size=4)
    await database.open()
    return database


def kontak(person: UUID, version: int, nama: str = "Sari") -> KontakChanged:
    """A fact without a month."""
    return KontakChanged(version=version, pegawai_id=person, nama=nama, email=None)


def realisasi(person: UUID, version: int, periode: Period = NOVEMBER) -> RealisasiSubmitted:
    """A fact that manifests count."""
    return RealisasiSubmitted(
        version=version,
        realisasi_id=uuid7(),
        pegawai_id=person,
        skp_id=uuid7(),
        rhk_id=uuid7(),
        periode=periode,
        tanggal=date(periode.year, periode.month, 3),
        uraian="Menyusun laporan",
        jumlah=Decimal("1"),
        satuan="laporan",
        bukti=(),
    )


@dataclass
class Sink:
    """A handler that records each event it applies; `before` may fail first."""

    before: Callable[[Sequence[Received[Any]]], Awaitable[None]] | None = None
    batches: list[int] = field(default_factory=list)

    async def handle(self, tx: Tx, events: Sequence[Received[Any]]) -> None:
        """Write one row for each event."""
        self.batches.append(len(events))
        if self.before is not None:
            await self.before(events)
        await tx.conn.execute(
            "INSERT INTO effect (event_id, key, version, traceparent)"
            " SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[])",
            [one.id for one in events],
            [one.event.key for one in events],
            [one.event.version for one in events],
            [one.traceparent for one in events],
        )


async def fetch(database: Database, sql: str, *args: Any) -> list[Any]:
    """Rows of one question."""
    async with database.pool.acquire() as conn:
        return list(await conn.fetch(sql, *args))


async def value(database: Database, sql: str, *args: Any) -> Any:
    """The single value of one question."""
    async with database.pool.acquire() as conn:
        return await conn.fetchval(sql, *args)


async def effects(database: Database) -> list[tuple[str, int]]:
    """(key, version) in the order they were applied."""
    return [
        (row["key"], row["version"]) for row in await fetch(database, "SELECT * FROM effect ORDER BY place")
    ]


async def until(condition: Callable[[], Awaitable[Any]], *, seconds: float = 30.0) -> Any:
    """The first true answer; AssertionError when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        found = await condition()
        if found:
            return found
        assert time.monotonic() < deadline, "tidak terjadi dalam waktunya"
        await asyncio.sleep(0.02)
