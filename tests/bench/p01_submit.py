"""P1: submitting realisasi over HTTP against raw asyncpg running the same SQL one by one.

The server is skp's own API in its own process, over loopback with kept connections; 64 clients in another
process. Raw asyncpg runs in that client process, too, with as many connections as the service has. Rounds of
the three alternate. A third server process has the group commit switched off.
"""

import asyncio
import json
import os
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.request import urlopen
from uuid import UUID

import asyncpg

from deploy.embedded.files import free_port
from shared.auth.guard import Principal
from shared.auth.token import Signer, ensure_keys
from shared.clock import local_date
from shared.db.migrate import migrate
from shared.ids import uuid7
from shared.period import Period
from tests.measure import ROOT, Context
from tests.rig import as_environment, make_database

CLIENTS = 64
ROUNDS = 5
_READY_SECONDS = 30
_PATIENCE_SECONDS = 120


async def run(context: Context) -> list[dict[str, Any]]:
    """Five rounds of three seconds each; full: seven of ten."""
    rounds, seconds = (ROUNDS, 3.0) if context.small else (7, 10.0)
    settings = await make_database(context.platform, "skp", f"ukur-{uuid7().hex[-10:]}")
    await migrate(settings.owner_database, "skp_app", {"skp": "services.skp"})
    ensure_keys(settings.keys)
    orang = await _orang(settings.database, Signer(settings.keys), settings.zone)
    environment = {
        **os.environ,
        **as_environment(settings),
        "EKINERJA_LOG_LEVEL": "WARNING",
        "P01_DSN": settings.database,
        "P01_ORANG": json.dumps(orang),
        "P01_KONEKSI": str(settings.pool_size),
    }
    async with AsyncExitStack() as stack:
        grouped = await _serve(stack, environment, 200)
        single = await _serve(stack, environment, 1)
        clients = await _Proses.start(stack, environment, "tests.bench.submit_klien")
        await clients.line()
        kinds = {"mentah": "mentah 0", "kelompok": f"http {grouped}", "satuan": f"http {single}"}
        rates: dict[str, list[float]] = {kind: [] for kind in kinds}
        for number in range(rounds + 1):
            for kind, order in kinds.items():
                began = time.perf_counter()
                done = int(await clients.line(f"{order} {seconds if number else 1.0}"))
                if number:
                    rates[kind].append(done / (time.perf_counter() - began))
    raw = rates["mentah"]
    detail = {
        "klien": CLIENTS,
        "koneksi_basis_data": settings.pool_size,
        "putaran": rounds,
        "per_detik": {kind: round(median(found)) for kind, found in rates.items()},
    }
    return [
        _row("P1 kirim realisasi / asyncpg mentah", rates["kelompok"], raw, 0.60, detail),
        _row("P1 tanpa group commit", rates["satuan"], raw, 0.35, detail),
    ]


def _row(
    name: str, mine: list[float], raw: list[float], goal: float, detail: dict[str, Any]
) -> dict[str, Any]:
    ratios = [a / b for a, b in zip(mine, raw, strict=True)]
    value = median(ratios)
    return {
        "id": name,
        "value": round(value, 3),
        "unit": "kali mentah",
        "goal": f">= {goal:.2f}",
        "holds": value >= goal,
        "detail": detail | {"rasio": [round(ratio, 3) for ratio in ratios]},
    }


async def _orang(dsn: str, signer: Signer, zone: str) -> list[dict[str, str]]:
    """One person with an agreed plan for each client, and this month open."""
    conn = await asyncpg.connect(dsn)
    try:
        today = local_date(await conn.fetchval("SELECT now()"), zone)
        month = str(Period.of(today))
        await conn.execute("INSERT INTO periode VALUES ($1, 'dibuka', 1)", month)
        found = []
        for number in range(CLIENTS):
            pegawai_id, skp_id, rhk_id = uuid7(), uuid7(), uuid7()
            nip = f"19850101201001{1 + number % 2}{number:03d}"
            await _satu(conn, pegawai_id, nip, skp_id, rhk_id, today.year)
            token, _ = signer.issue(Principal(pegawai_id, nip, (), 1))
            found.append(
                {
                    "token": token,
                    "pegawai_id": str(pegawai_id),
                    "skp_id": str(skp_id),
                    "rhk_id": str(rhk_id),
                    "periode": month,
                    "tanggal": today.isoformat(),
                }
            )
        return found
    finally:
        await conn.close()


async def _satu(conn: Any, pegawai_id: UUID, nip: str, skp_id: UUID, rhk_id: UUID, tahun: int) -> None:
    await conn.execute(
        "INSERT INTO pegawai (pegawai_id, nip, nama, status, golongan) VALUES ($1, $2, '', 'PNS', 'III/a')",
        pegawai_id,
        nip,
    )
    await conn.execute(
        "INSERT INTO skp (skp_id, pegawai_id, tahun, versi_berlaku) VALUES ($1, $2, $3, 1)",
        skp_id,
        pegawai_id,
        tahun,
    )
    await conn.execute("INSERT INTO rhk_berlaku VALUES ($1, $2, $3, $4)", rhk_id, skp_id, pegawai_id, tahun)


@dataclass(frozen=True, slots=True)
class _Proses:
    """A process that is asked by lines."""

    process: asyncio.subprocess.Process

    @classmethod
    async def start(
        cls, stack: AsyncExitStack, environment: dict[str, str], module: str, *args: str
    ) -> "_Proses":
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *args,
            cwd=ROOT,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        stack.push_async_callback(cls._end, process)
        return cls(process)

    @staticmethod
    async def _end(process: asyncio.subprocess.Process) -> None:
        if process.returncode is None:
            process.terminate()
        await process.wait()

    async def line(self, order: str | None = None) -> str:
        """Send an order, if any, and wait for one line. Raises RuntimeError when the process has ended."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        if order is not None:
            self.process.stdin.write(order.encode() + b"\n")
        async with asyncio.timeout(_PATIENCE_SECONDS):
            told = (await self.process.stdout.readline()).decode().strip()
        if not told:
            raise RuntimeError(f"proses ukur berhenti dengan status {await self.process.wait()}")
        return told


async def _serve(stack: AsyncExitStack, environment: dict[str, str], group: int) -> int:
    """Start a server with this largest group; its port, once it is ready."""
    port: int = free_port(set())
    started = await _Proses.start(stack, environment, "tests.bench.submit_peladen", str(port), str(group))
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until and started.process.returncode is None:
        if await asyncio.to_thread(_ready, port):
            return port
        await asyncio.sleep(0.1)
    raise RuntimeError("peladen ukur tidak siap")


def _ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
