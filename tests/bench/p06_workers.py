"""P6: a period run with one worker and with two; real processes, parts over Kafka, figures announced.

Two installations stand side by side, one with a worker more; their runs alternate. The relay publishes
everyone's figure meanwhile. On two cores the second worker shares the machine with PostgreSQL, Kafka and the
relay, so what is measured there is a lower bound of what it brings where it has a core of its own.
"""

import asyncio
import os
from statistics import median
from time import perf_counter
from typing import Any

from tests.measure import Context
from tests.para_pekerja import PERIODE, Bulan, bulan

ROUNDS = 5


async def run(context: Context) -> list[dict[str, Any]]:
    """20.000 people (full: 100.000), five rounds."""
    people = 20_000 if context.small else 100_000
    async with (
        bulan(context.platform, people, context.seed) as one,
        bulan(context.platform, people, context.seed) as two,
    ):
        for here, workers in ((one, 1), (two, 2)):
            here.nyalakan("relay", "relay")
            for number in range(workers):
                here.nyalakan(f"pekerja{number}", "consumer", "jobs")
            await _ready(here, workers)
        seconds: dict[str, list[float]] = {"satu": [], "dua": []}
        for _ in range(ROUNDS):
            for name, here in (("satu", one), ("dua", two)):
                seconds[name].append(await _once(here))
        shares = await two.baris(
            "SELECT pekerja, count(*)::integer AS bagian FROM perhitungan_bagian"
            " WHERE nomor = (SELECT max(nomor) FROM perhitungan) GROUP BY pekerja ORDER BY 2"
        )
    gain = median(a / b for a, b in zip(seconds["satu"], seconds["dua"], strict=True))
    return [
        {
            "id": "P6-perhitungan",
            "value": round(gain, 2),
            "unit": "x lebih cepat dengan pekerja kedua",
            "goal": ">= 1.7",
            "holds": gain >= 1.7,
            "detail": {
                "pegawai": people,
                "inti": os.cpu_count(),
                "detik_putaran": {
                    name: [round(value, 2) for value in found] for name, found in seconds.items()
                },
                "bagian_tiap_pekerja": [row["bagian"] for row in shares],
            },
        }
    ]


async def _ready(here: Bulan, workers: int) -> None:
    """Everyone has a share of the partitions: a first run, again until all took part."""
    for _ in range(20):
        await _once(here)
        if (await here.status()).pekerja == workers:
            return
    raise RuntimeError(f"tidak semua dari {workers} pekerja ikut")


async def _once(here: Bulan) -> float:
    """One run of everyone from nothing, until the last part is committed; the relay then catches up."""
    async with here.database.pool.acquire() as conn:
        await conn.execute("DELETE FROM tpp_bulan WHERE periode = $1", str(PERIODE))
        await conn.execute("DELETE FROM tpp_riwayat WHERE periode = $1", str(PERIODE))
    began = perf_counter()
    await here.mulai()
    await here.sampai()
    elapsed = perf_counter() - began
    while await here.baris("SELECT 1 FROM kernel.outbox WHERE published_at IS NULL LIMIT 1"):
        await asyncio.sleep(0.05)
    return elapsed
