"""P4: from a person's write to the new figure elsewhere, at 200 events a second, also under kills.

Commit -> outbox -> NOTIFY -> relay -> Kafka -> batch consumer -> inbox -> figure committed. The clock starts
before the writing transaction begins and stops when the reader's commit is announced.
"""

import asyncio
import random
import time
from typing import Any
from uuid import UUID

from shared.contracts.skp import RealisasiSubmitted
from shared.db.database import Database
from shared.db.tx import Tx
from shared.ids import uuid7
from tests.component.kernel.world import realisasi, until
from tests.measure import Context
from tests.pipeline import READER, WRITER, Arrivals, Pipeline, pipeline
from tests.rig import make_database, make_namespace, quantile

RATE = 200
PEOPLE = 2_000
_BUMP = """
INSERT INTO pekerjaan AS p VALUES ($1, 1) ON CONFLICT (pegawai_id) DO UPDATE SET version = p.version + 1
RETURNING version
"""


async def run(context: Context) -> list[dict[str, Any]]:
    """Undisturbed, then with kills (small: 4 in 30 s; full: 8 in 60 s)."""
    namespace = await make_namespace(context.platform)
    writer = await make_database(context.platform, "skp", namespace, WRITER)
    reader = await make_database(context.platform, "assessment", namespace, READER)
    database = Database(writer.database, size=10)
    arrivals = Arrivals()
    await database.open()
    await arrivals.open(reader)
    try:
        async with pipeline(writer, reader, "relay", "consumer-1", "consumer-2") as parts:
            await _flow(database, arrivals, 5, None, context.seed)
            calm = await _flow(database, arrivals, 15 if context.small else 60, None, context.seed)
            storm = await _flow(database, arrivals, 30 if context.small else 60, parts, context.seed)
    finally:
        await arrivals.close()
        await database.close()
    return [
        _row("P4-p50", quantile(calm, 0.5) * 1000, "ms", 100, calm),
        _row("P4-p99", quantile(calm, 0.99) * 1000, "ms", 500, calm),
        _row("P4-p99-8-kill-per-menit", quantile(storm, 0.99), "s", 5, storm),
    ]


def _row(name: str, value: float, unit: str, goal: float, waits: list[float]) -> dict[str, Any]:
    return {
        "id": name,
        "value": round(value, 2),
        "unit": unit,
        "goal": f"<= {goal} {unit}",
        "holds": value <= goal,
        "detail": {
            "event": len(waits),
            "per_detik": RATE,
            "p50_ms": round(quantile(waits, 0.5) * 1000, 1),
            "p99_ms": round(quantile(waits, 0.99) * 1000, 1),
            "terlama_ms": round(max(waits) * 1000, 1),
        },
    }


async def _flow(
    database: Database, arrivals: Arrivals, seconds: int, parts: Pipeline | None, seed: int
) -> list[float]:
    """Write at a steady rate; returns the seconds each event took. Every one must arrive."""
    people = [UUID(int=number + 1) for number in range(PEOPLE)]
    chance = random.Random(seed)
    begun: dict[str, float] = {}
    writing: set[asyncio.Task[None]] = set()
    start = time.perf_counter()
    kills = [start + (number + 0.5) * 60 / 8 for number in range(int(seconds * 8 / 60))] if parts else []
    for number in range(RATE * seconds):
        due = start + number / RATE
        if (pause := due - time.perf_counter()) > 0:
            await asyncio.sleep(pause)
        if parts is not None and kills and time.perf_counter() > kills[0]:
            kills.pop(0)
            parts.kill_one(chance)
        task = asyncio.create_task(_write(database, chance.choice(people), begun))
        writing.add(task)
        task.add_done_callback(writing.discard)
    await asyncio.gather(*writing)

    async def all_there() -> bool:
        return begun.keys() <= arrivals.at.keys()

    await until(all_there, seconds=60)
    return [arrivals.at[name] - began for name, began in begun.items()]


async def _write(database: Database, person: UUID, begun: dict[str, float]) -> None:
    identifier = uuid7()
    begun[identifier.hex] = time.perf_counter()

    async def submit(tx: Tx) -> None:
        version = await tx.conn.fetchval(_BUMP, person)
        event: RealisasiSubmitted = realisasi(person, version)
        tx.emit(event.model_copy(update={"realisasi_id": identifier}))

    await database.run(submit)
