"""P14: a policy put into force while a month runs, for 100.000 people of whom nobody is rated yet.

How long the activation itself takes (it only says whose estimates are to be renewed), how long until every
person has theirs, and how much more work it is when the same people are asked for three times over before the
workers come to it. The workers are the service's own job processes.
"""

import asyncio
from time import perf_counter
from typing import Any

from services.tpp.perhitungan.sementara import kebijakan_berganti
from tests.bench.tpp_pembanding import isi_data
from tests.measure import Context
from tests.para_pekerja import PERIODE, Bulan, kosong

_PATIENCE = 600.0
PEKERJA = 2


async def run(context: Context) -> list[dict[str, Any]]:
    """100.000 people (small: 5.000, the goal of time scaled)."""
    people = 5_000 if context.small else 100_000
    async with kosong(context.platform) as here:
        async with here.admin() as conn:
            async with conn.transaction():
                await isi_data(conn, people, PERIODE, context.seed)
                # The month runs on, and nobody is rated.
                await conn.execute("DELETE FROM penilaian")
                await conn.execute(
                    "INSERT INTO periode (periode, version, keadaan) VALUES ($1, 1, 'dibuka')", str(PERIODE)
                )
            await conn.execute("ANALYZE")
        for number in range(PEKERJA):
            here.nyalakan(f"kerja-{number}", "jobs")
        # The first time they start up besides, and the rows are new.
        await _kosongkan(here, await _ganti(here, 1))
        once = await _putaran(here, 1)
        thrice = await _putaran(here, 3)
        (row,) = await here.baris(
            "SELECT count(*)::integer AS orang,"
            " count(*) FILTER (WHERE status = 'dihitung')::integer AS dihitung,"
            " count(*) FILTER (WHERE andaian::text LIKE '%predikat%')::integer AS andai FROM tpp_sementara"
        )
    whole = row["orang"] == row["andai"] == people and row["dihitung"] > 0.9 * people
    goal = 60 * people / 100_000
    return [
        {
            "id": "P14-perkiraan",
            "value": round(once["semua"], 2),
            "unit": f"s untuk {people} orang, {PEKERJA} pekerja; pengaktifan {once['pengaktifan']} s",
            "goal": f"<= {goal:g} s, pengaktifan <= {max(1, goal / 30):g} s",
            "holds": whole and once["semua"] <= goal and once["pengaktifan"] <= max(1, goal / 30),
            "detail": {**once, **dict(row)},
        },
        {
            "id": "P14-perkiraan-tiga-kali",
            "value": round(thrice["semua"] / once["semua"], 2),
            "unit": "kali satu kali",
            "goal": "<= 2",
            "holds": whole and thrice["semua"] <= 2 * once["semua"],
            "detail": thrice,
        },
    ]


async def _putaran(here: Bulan, times: int) -> dict[str, float]:
    began = perf_counter()
    asked = await _ganti(here, times)
    return {
        "pengaktifan": round((perf_counter() - began) / times, 2),
        "bagian": asked,
        "semua": await _kosongkan(here, asked),
    }


async def _ganti(here: Bulan, times: int) -> int:
    """What an activation asks for, so many times in a row; the parts that wait then."""
    async with here.database.transaction() as tx:
        for _ in range(times):
            await kebijakan_berganti(tx, PERIODE)
        return int(await tx.conn.fetchval("SELECT count(*) FROM perkiraan_antrean"))


async def _kosongkan(here: Bulan, asked: int) -> float:
    """Seconds until nothing waits any more."""
    began = perf_counter()
    while perf_counter() - began < _PATIENCE:
        (row,) = await here.baris("SELECT count(*)::integer AS n FROM perkiraan_antrean")
        if not row["n"]:
            return round(perf_counter() - began, 2)
        await asyncio.sleep(0.05)
    raise TimeoutError(f"dari {asked} bagian masih ada yang menunggu")
