"""R1: submissions go on while random service processes are killed: each acknowledged one counts exactly once.

What is compared: the receipts that people got, the rows of skp, the events on the topic, the inbox and the
copy in assessment.
"""

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from deploy.demo.bulan import Bulan
from deploy.demo.klien import Ditolak, tunggu
from deploy.demo.pemda import Orang, hari_kerja
from deploy.embedded.platform import BACKENDS
from tests.chaos.pemasangan import Pemasangan, pada_topik, pemasangan
from tests.measure import Context

_RATE = 200
_BETWEEN_KILLS = 1.0
_TOPIC = "ekinerja.realisasi.v1"


@dataclass
class Catatan:
    """What the people outside saw."""

    asked: int = 0
    receipts: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


async def run(context: Context) -> list[dict[str, Any]]:
    """30 kills (full: 300)."""
    return [await badai(kills=30 if context.small else 300, seed=context.seed)]


async def badai(*, kills: int, seed: int, rate: int = _RATE) -> dict[str, Any]:
    """One storm; the row says what was lost or doubled (nothing, if it holds)."""
    dice = random.Random(seed)
    async with pemasangan(pegawai=24, seed=seed) as here:
        notes = Catatan()
        stop = asyncio.Event()
        plans = [(o, await here.bulan.skp_saya(o)) for o in here.bulan.pemda.orang if o.skp_disetujui]
        began = time.monotonic()
        people = asyncio.create_task(_submit(here.bulan, plans, notes, stop, rate))
        killed = await _kill(here, dice, kills)
        stop.set()
        await people
        seconds = time.monotonic() - began
        faults, figures = await _compare(here, notes)
    return {
        "id": f"R1 {kills} kali kill -9",
        "value": len(faults),
        "unit": "hilang atau ganda",
        "goal": "0",
        "holds": not faults and len(notes.receipts) > kills,
        "detail": {
            "diminta": notes.asked,
            "diterima": len(notes.receipts),
            "per_detik": round(len(notes.receipts) / seconds, 1),
            "ditolak": notes.refused[:5],
            "dibunuh": killed,
            "salah": faults[:10],
            **figures,
        },
    }


async def _submit(
    bulan: Bulan, plans: list[tuple[Orang, Any]], notes: Catatan, stop: asyncio.Event, rate: int
) -> None:
    """Requests at a steady rate; each person's client retries with the same key until answered."""
    days = hari_kerja(bulan.periode)
    next_at = time.monotonic()
    async with asyncio.TaskGroup() as group:
        while not stop.is_set():
            orang, skp = plans[notes.asked % len(plans)]
            number = notes.asked
            notes.asked += 1
            body = {
                "skp_id": skp["skp_id"],
                "rhk_id": skp["rhk"][number % len(skp["rhk"])]["rhk_id"],
                "periode": bulan.periode,
                "tanggal": days[number % len(days)].isoformat(),
                "uraian": f"Pekerjaan nomor {number}",
                "jumlah": "1",
                "satuan": "dokumen",
                "bukti": [],
            }
            group.create_task(_one(bulan, notes, orang.nip, number, body))
            next_at += 1 / rate
            await asyncio.sleep(max(0, next_at - time.monotonic()))


async def _one(bulan: Bulan, notes: Catatan, nip: str, number: int, body: dict[str, Any]) -> None:
    try:
        told = await bulan.klien.kirim(nip, f"badai-{number}", "POST", "/api/skp/realisasi", json=body)
    except Ditolak as refusal:
        notes.refused.append(str(refusal))
        return
    notes.receipts[f"badai-{number}"] = told["realisasi_id"]


async def _kill(here: Pemasangan, dice: random.Random, kills: int) -> dict[str, int]:
    """SIGKILL of random service processes, one after another, as fast as they come back."""
    killed: dict[str, int] = {}
    while sum(killed.values()) < kills:
        running = [name for name in here.platform.running() if name not in (*BACKENDS, "supervisor")]
        if running:
            name = dice.choice(sorted(running))
            try:
                here.platform.kill(name)
            except KeyError:
                continue
            killed[name] = killed.get(name, 0) + 1
        await asyncio.sleep(_BETWEEN_KILLS * (0.5 + dice.random()))
    return killed


async def _compare(here: Pemasangan, notes: Catatan) -> tuple[list[str], dict[str, int]]:
    faults = [f"dua tanda terima sama: {one}" for one in _doubled(list(notes.receipts.values()))]
    rows = {row["realisasi_id"] for row in await here.tanya("skp", "SELECT realisasi_id FROM realisasi")}
    receipts = {UUID(one) for one in notes.receipts.values()}
    faults += [f"tanda terima tanpa baris: {one}" for one in receipts - rows]
    faults += [f"baris tanpa tanda terima: {one}" for one in rows - receipts]

    async def published() -> bool | None:
        left = await here.tanya("skp", "SELECT count(*) AS n FROM kernel.outbox WHERE published_at IS NULL")
        return True if left[0]["n"] == 0 else None

    await tunggu("outbox kosong", published, seconds=120)
    outbox = await here.tanya("skp", "SELECT id FROM kernel.outbox WHERE aggregatetype = $1", _TOPIC)
    events = {str(row["id"]) for row in outbox}
    topic = await pada_topik(here.platform.kafka_admin, _TOPIC)
    faults += [f"tidak terbit: {one}" for one in events - topic.keys()]
    faults += [f"terbit tanpa outbox: {one}" for one in topic.keys() - events]

    async def applied() -> bool | None:
        sql = "SELECT coalesce(sum(count), 0)::bigint AS n FROM kernel.tally WHERE topic = $1"
        return True if (await here.tanya("assessment", sql, _TOPIC))[0]["n"] >= len(events) else None

    await tunggu("assessment menerapkan semuanya", applied, seconds=120)
    tally = await here.tanya(
        "assessment", "SELECT coalesce(sum(count), 0)::bigint AS n FROM kernel.tally WHERE topic = $1", _TOPIC
    )
    if tally[0]["n"] != len(events):
        faults.append(f"diterapkan {tally[0]['n']} kali, seharusnya {len(events)}")
    copies = {
        row["realisasi_id"] for row in await here.tanya("assessment", "SELECT realisasi_id FROM realisasi")
    }
    faults += [f"tidak sampai ke assessment: {one}" for one in rows - copies]
    figures = {
        "baris": len(rows),
        "event": len(events),
        "di_topik": sum(topic.values()),
        "diterapkan": tally[0]["n"],
    }
    return faults, figures


def _doubled(items: list[str]) -> set[str]:
    seen: set[str] = set()
    return {one for one in items if one in seen or seen.add(one)}  # type: ignore[func-returns-value]
