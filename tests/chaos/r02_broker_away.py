"""R2: Kafka is killed and started again, and stays away for a while: nobody who writes notices."""

import asyncio
import time
from typing import Any
from uuid import UUID

from shared.contracts.skp import RealisasiSubmitted
from shared.db.database import Database
from shared.db.tx import Tx
from tests.component.kernel.world import realisasi, until, value
from tests.measure import Context
from tests.pipeline import READER, WRITER, pipeline
from tests.rig import ask, make_database, make_namespace

RATE = 100


class Writing:
    """Writes steadily until stopped; counts what was acknowledged and what failed."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.acknowledged = 0
        self.errors: list[str] = []
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """One event after the other, `RATE` a second."""
        start = time.perf_counter()
        number = 0
        while not self._stop.is_set():
            number += 1
            if (pause := start + number / RATE - time.perf_counter()) > 0:
                await asyncio.sleep(pause)
            try:
                await self.database.run(lambda tx, number=number: _submit(tx, number))  # type: ignore[misc]
                self.acknowledged += 1
            except Exception as error:
                self.errors.append(repr(error))

    def stop(self) -> None:
        """End after the write at hand."""
        self._stop.set()


async def _submit(tx: Tx, number: int) -> None:
    event: RealisasiSubmitted = realisasi(UUID(int=number % 500 + 1), number)
    tx.emit(event)


async def run(context: Context) -> list[dict[str, Any]]:
    """Small: 2 restarts and 30 s away; full: 10 restarts and 5 minutes."""
    restarts, outage = (2, 30) if context.small else (10, 300)
    platform = context.platform
    namespace = await make_namespace(platform)
    writer = await make_database(platform, "skp", namespace, WRITER)
    reader = await make_database(platform, "assessment", namespace, READER)
    database = Database(writer.database, size=4)
    await database.open()
    writing = Writing(database)
    try:
        async with pipeline(writer, reader, "relay", "consumer"):
            running = asyncio.create_task(writing.run())
            await until(lambda: _some_applied(reader.database), seconds=60)
            for _ in range(restarts):
                platform.kill("kafka")
                await asyncio.to_thread(platform.start, "kafka")
                await asyncio.sleep(3)
            await until(lambda: _published(database), seconds=60)

            platform.kill("kafka")
            began = time.monotonic()
            await asyncio.sleep(outage)
            pending = await value(database, "SELECT count(*) FROM kernel.outbox WHERE published_at IS NULL")
            await asyncio.to_thread(platform.start, "kafka")
            away = time.monotonic() - began
            back = time.monotonic()
            await until(lambda: _published_before(database, pending), seconds=outage + 60)
            drained = time.monotonic() - back
            writing.stop()
            await running
            await until(lambda: _all_applied(reader.database, writing.acknowledged), seconds=120)
        applied = await ask(reader.database, "SELECT sum(kali) FROM angka")
    finally:
        writing.stop()
        await database.close()
    share = drained / away
    return [
        {
            "id": "R2",
            "value": round(share, 3),
            "unit": "x lama Kafka pergi",
            "goal": "<= 0.2, tanpa galat tulis, tiap event sekali",
            "holds": share <= 0.2 and not writing.errors and applied == writing.acknowledged,
            "detail": {
                "mulai_ulang": restarts,
                "detik_pergi": round(away, 1),
                "menunggu": pending,
                "detik_menyusul": round(drained, 2),
                "diterima": writing.acknowledged,
                "diterapkan": applied,
                "galat_tulis": writing.errors[:5],
            },
        }
    ]


async def _some_applied(dsn: str) -> bool:
    return bool(await ask(dsn, "SELECT count(*) FROM angka"))


async def _all_applied(dsn: str, count: int) -> bool:
    return bool(await ask(dsn, "SELECT coalesce(sum(kali), 0) >= $1 FROM angka", count))


async def _published(database: Database) -> bool:
    return int(await value(database, "SELECT count(*) FROM kernel.outbox WHERE published_at IS NULL")) < RATE


async def _published_before(database: Database, pending: int) -> bool:
    """Whether what had piled up is out; writing goes on meanwhile, so a moment's worth may be waiting."""
    left = int(await value(database, "SELECT count(*) FROM kernel.outbox WHERE published_at IS NULL"))
    return left < min(pending, RATE // 2)
