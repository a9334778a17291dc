"""R14: workers die during a period run; every part is done once, by whoever is left.

Three real worker processes get the parts over Kafka. One is killed in the middle and not started again.
Then the run is paused, all others are killed, new ones are started, and it is resumed.
"""

import time
from typing import Any

from deploy.embedded.platform import Platform
from tests.measure import Context
from tests.para_pekerja import Bulan, bulan


async def run(context: Context) -> list[dict[str, Any]]:
    """20.000 people (full: 100.000)."""
    return [await matikan(context.platform, people=20_000 if context.small else 100_000, seed=context.seed)]


async def matikan(platform: Platform, *, people: int, seed: int) -> dict[str, Any]:
    """One run with deaths; the row counts what was lost, doubled, or computed while paused."""
    async with bulan(platform, people, seed) as here:
        here.nyalakan("relay", "relay", "jobs")
        for nama in ("satu", "dua", "tiga"):
            here.nyalakan(nama, "consumer", "jobs")
        began = await here.mulai()
        quarter = max(1, began.bagian // 4)
        await here.sampai(quarter)
        here.bunuh("satu")
        killed_at = time.monotonic()
        half = await here.sampai(began.bagian // 2)
        taken_over = time.monotonic() - killed_at
        paused = await here.jeda() if half.keadaan == "berjalan" else half
        for nama in ("dua", "tiga"):
            here.bunuh(nama)
        for nama in ("empat", "lima"):
            here.nyalakan(nama, "consumer", "jobs")
        resting = (await here.status()).bagian_selesai - paused.bagian_selesai
        if paused.keadaan == "dijeda":
            await here.lanjutkan()
        resumed = time.monotonic()
        done = await here.sampai()
        faults = await _salah(here, people)
        return {
            "id": f"R14 perhitungan {people} orang",
            "value": faults + resting,
            "unit": "hilang, ganda, atau dihitung selagi dijeda",
            "goal": "0",
            "holds": faults + resting == 0 and done.keadaan == "selesai",
            "detail": {
                "bagian": began.bagian,
                "selesai_ketika_dijeda": paused.bagian_selesai,
                "detik_sampai_setengah_sesudah_satu_mati": round(taken_over, 1),
                "detik_sesudah_semua_mati": round(time.monotonic() - resumed, 1),
                "pekerja": done.pekerja,
            },
        }


async def _salah(here: Bulan, people: int) -> int:
    """People without a figure, figures written twice, events of a person sent twice or never."""
    (row,) = await here.baris(
        "SELECT (SELECT count(*) FROM tpp_bulan) AS angka,"
        " (SELECT count(*) FROM tpp_bulan WHERE status = 'dihitung') AS dibayar,"
        " (SELECT count(*) FROM tpp_bulan WHERE version > 1) AS ulang,"
        " (SELECT count(*) FROM tpp_riwayat) AS riwayat,"
        " (SELECT count(*) FROM kernel.outbox WHERE aggregatetype = 'ekinerja.tpp.v1') AS event,"
        " (SELECT count(DISTINCT aggregateid) FROM kernel.outbox"
        "  WHERE aggregatetype = 'ekinerja.tpp.v1') AS orang"
    )
    assert row["dibayar"] > people // 2, row
    return int(
        abs(people - row["angka"])
        + row["ulang"]
        + row["riwayat"]
        + abs(people - row["event"])
        + abs(people - row["orang"])
    )
