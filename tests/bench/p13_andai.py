"""P13: a draft's budget on 100.000 real person-months: read, computed, compared, added up; two workers.

The month is first paid by the service's own run under one policy, so that the stored inputs are what
production would find; then another policy is asked about. Workers are processes that take parts as the
service's job does.
"""

import asyncio
import os
import sys
from statistics import median
from time import perf_counter
from typing import Any

from services.tpp.andai import commands, queries
from services.tpp.andai.hitung import lanjutkan
from shared.db import Database
from tests.bench.p03_tpp import DOKUMEN, PERIODE, baris, pekerja, sekali, siapkan
from tests.measure import Context

RONDE = 3
GOAL = 15.0


async def run(context: Context) -> list[dict[str, Any]]:
    """100.000 people, three rounds."""
    return await ukur(context, people=100_000, rounds=RONDE)


async def ukur(context: Context, *, people: int, rounds: int) -> list[dict[str, Any]]:
    """Pay a month, then ask what a policy with a higher pay for some would have come to."""
    draf = DOKUMEN.read_text(encoding="utf-8").replace("9: Rp 5.532.975", "9: Rp 6.532.975")
    async with siapkan(context, people) as bench:
        await bench.bayar()
        database = Database(bench.app, size=1)
        await database.open()
        workers = [await pekerja("tests.bench.andai_pekerja", bench.app) for _ in range(2)]
        seconds = []
        try:
            for worker in workers:
                await baris(worker, "siap")
            for _ in range(rounds):
                began = perf_counter()
                made = await database.run(lambda tx: commands.mulai(tx, draf, [PERIODE]))
                await asyncio.gather(*(sekali(worker) for worker in workers))
                while await database.run(lanjutkan):
                    pass
                seconds.append(perf_counter() - began)
            found = await database.run(lambda tx: queries.hasil(tx, made.andai_id))
        finally:
            for worker in workers:
                assert worker.stdin is not None
                worker.stdin.close()
                await worker.wait()
            await database.close()
    if found.jumlah.orang != people or not found.jumlah.naik or found.jumlah.turun:
        raise AssertionError(f"hasil tidak masuk akal: {found.jumlah}")
    value = median(seconds)
    return [
        {
            "id": "P13-andai",
            "value": round(value, 2),
            "unit": f"detik untuk {people} orang-bulan",
            "goal": f"<= {GOAL}",
            "holds": value <= GOAL,
            "detail": {
                "pegawai": people,
                "inti": os.cpu_count(),
                "python": sys.version.split()[0],
                "detik_putaran": [round(one, 2) for one in seconds],
                "naik": found.jumlah.naik,
            },
        }
    ]
