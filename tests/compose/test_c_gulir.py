"""Replicas are replaced, one after the other, while people work: no request fails."""

import asyncio
import json
import os
import time
from typing import Any

import httpx2

from deploy.demo import pemda as contoh
from deploy.demo.klien import Klien
from tests.compose.conftest import Catatan
from tests.compose.tumpukan import REPLICATED, Tumpukan, run_name

_LOAD = 60
"""Requests a second, while the machine keeps up."""
_AT_ONCE = 64
"""As many wait for an answer at most: where it does not keep up, it is asked less and not ever more."""
_SOME = ("notification-worker", "skp-api", "tpp-api")
"""Whose replicas are replaced in the reduced run; the full one replaces all."""


def test_rolling_restart_fails_no_request(tumpukan: Tumpukan, catat: Catatan, penuh: bool) -> None:
    services = REPLICATED if penuh else _SOME
    before = {name: set(_ids(tumpukan, name)) for name in services}
    seen = asyncio.run(_roll_under_load(tumpukan, services))
    for name in services:
        assert len(_ids(tumpukan, name)) == 2, name
        assert before[name].isdisjoint(_ids(tumpukan, name)), name
    print(f"\n{seen['diminta']} permintaan, {len(seen['gagal'])} gagal, terlama {seen['terlama']:.2f} s")
    catat(
        f"ganti {2 * len(services)} replika di bawah beban",
        len(seen["gagal"]),
        "permintaan gagal",
        "0",
        not seen["gagal"],
        diminta=seen["diminta"],
        per_detik=round(seen["diminta"] / seen["detik"], 1),
        detik=round(seen["detik"], 1),
        p50_ms=seen["p50_ms"],
        p99_ms=seen["p99_ms"],
        terlama_s=round(seen["terlama"], 2),
        contoh=seen["gagal"][:5],
    )
    assert not seen["gagal"], seen["gagal"][:5]
    assert seen["baris"] == seen["tanda_terima"], "satu kiriman, satu baris"


def _ids(stack: Tumpukan, service: str) -> list[str]:
    return [stack.inspect(name)["Id"] for name in stack.containers(service)]


async def _roll_under_load(stack: Tumpukan, services: tuple[str, ...]) -> dict[str, Any]:
    data = contoh.bangun(pegawai=stack.pegawai, opd=3, seed=7, periode="2026-10")
    secret = bytes.fromhex(json.loads((stack.folder / "demo" / "demo.json").read_text())["rahasia"])
    klien = Klien(stack.url, run_name(stack.pegawai), secret, ca=stack.ca)
    people = [orang for orang in data.orang if orang.skp_disetujui][:12]
    month = "2026-11"
    admin = "197001011990011001"
    await klien.kirim(admin, "periode-beban", "POST", "/api/skp/periode", json={"periode": month})
    plans = []
    for orang in people:
        rows = (await klien.ambil(orang.nip, "/api/skp/skp", tahun=2026, limit=200))["data"]
        token = await klien.masuk(orang.nip)
        me = (await klien.ambil(orang.nip, "/api/skp/saya"))["pegawai_id"]
        mine = next(row for row in rows if row["pegawai_id"] == me)
        plans.append((token, await klien.ambil(orang.nip, f"/api/skp/skp/{mine['skp_id']}"), me))
    await klien.close()
    failures: list[str] = []
    times: list[float] = []
    receipts: list[str] = []
    limits = httpx2.Limits(max_connections=_AT_ONCE, max_keepalive_connections=_AT_ONCE)
    room = asyncio.Semaphore(_AT_ONCE)
    async with httpx2.AsyncClient(
        base_url=stack.url, verify=stack.trusted, trust_env=False, timeout=60, limits=limits
    ) as client:

        async def ask(number: int) -> None:
            token, skp, me = plans[number % len(plans)]
            headers = {"Authorization": f"Bearer {token}"}
            begun = time.monotonic()
            try:
                if number % 5 == 0:
                    body = {
                        "skp_id": skp["skp_id"],
                        "rhk_id": skp["rhk"][0]["rhk_id"],
                        "periode": month,
                        "tanggal": "2026-11-02",
                        "uraian": f"Di bawah beban {number}",
                        "jumlah": "1",
                        "satuan": "dokumen",
                        "bukti": [],
                    }
                    headers["Idempotency-Key"] = f"beban-{os.getpid()}-{number:08d}"
                    answer = await client.post("/api/skp/realisasi", json=body, headers=headers)
                    if answer.status_code < 300:
                        receipts.append(answer.json()["realisasi_id"])
                else:
                    path = _ASKED[number % len(_ASKED)].format(me)
                    answer = await client.get(path, headers=headers)
                if answer.status_code >= 300:
                    asked = f"{answer.request.method} {answer.request.url.path}"
                    failures.append(f"{asked} {answer.status_code} {answer.text[:200]}")
            except httpx2.HTTPError as error:
                failures.append(f"{number}: {type(error).__name__} {error}")
            times.append(time.monotonic() - begun)
            room.release()

        rolling = asyncio.create_task(asyncio.to_thread(stack.kelola, "gulir", *services))
        began = time.monotonic()
        number = 0
        async with asyncio.TaskGroup() as group:
            while not rolling.done():
                await room.acquire()
                group.create_task(ask(number))
                number += 1
                await asyncio.sleep(max(0, began + number / _LOAD - time.monotonic()))
        await rolling
    seconds = time.monotonic() - began
    rows = stack.query("skp", f"SELECT count(*) AS n FROM realisasi WHERE periode = '{month}'")
    times.sort()
    return {
        "diminta": number,
        "gagal": failures,
        "terlama": times[-1],
        "p50_ms": round(times[len(times) // 2] * 1000),
        "p99_ms": round(times[len(times) * 99 // 100] * 1000),
        "detik": seconds,
        "tanda_terima": len(set(receipts)),
        "baris": int(rows[0]["n"]),
    }


_ASKED = (
    "/api/skp/saya",
    "/api/penilaian/2026-10/pegawai/{}",
    "/api/tpp/slip/2026-10/saya",
    "/api/notifikasi/kotak",
)
