"""P3: a month's TPP of everyone, read, computed and stored with its lines, against one SQL statement.

The service's own part function does the work, in worker processes, part by part as in production. The SQL
statement computes the same figures and the same lines in one go. Rounds of both alternate; every figure, line
and reason of both is compared once before anything is timed.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import Any, get_args
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg

from services.tpp.kebijakan.queries import terbaca
from services.tpp.perhitungan.run import SQL
from shared.db.migrate import migrate
from shared.ids import uuid7
from shared.period import Period
from tests.bench.tpp_pembanding import Isi, isi_data, pernyataan
from tests.measure import ROOT, Context

PERIODE = Period(2026, 10)
DOKUMEN = ROOT / "services" / "tpp" / "kebijakan" / "contoh" / "bontang.yaml"


async def run(context: Context) -> list[dict[str, Any]]:
    """100.000 people and five rounds, in both sizes."""
    return await ukur(context, people=100_000, rounds=5)


async def ukur(context: Context, *, people: int, rounds: int) -> list[dict[str, Any]]:
    """Compare what both compute, person by person, then time them in turn."""
    async with siapkan(context, people) as bench:
        return await bench.measure(rounds)


@asynccontextmanager
async def siapkan(context: Context, people: int) -> AsyncIterator["Bench"]:
    """A database of its own with everything ready to be computed."""
    environment = context.platform.environment()
    name = f"p03_{uuid4().hex[:8]}"
    app, owner = (
        urlsplit(environment[f"EKINERJA_DB_TPP_{role}"])._replace(path=f"/{name}").geturl()
        for role in ("APP", "OWNER")
    )
    admin = await asyncpg.connect(context.platform.admin_dsn)
    await admin.execute(f'CREATE DATABASE "{name}" OWNER tpp_owner')
    try:
        await migrate(owner, "tpp_app", {"kernel": "shared.db", "tpp": "services.tpp"})
        bench = await Bench.prepare(app, owner, admin, people, context.seed)
        try:
            yield bench
        finally:
            await bench.close()
    finally:
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await admin.close()


class Bench:
    """The people, the policy, the parts, two workers, and what the statement fills."""

    def __init__(self, app: Any, owner: Any, admin: Any, workers: list[asyncio.subprocess.Process]) -> None:
        self._app, self._owner, self._admin, self._workers = app, owner, admin, workers
        self.app = ""
        self._statements: dict[Isi, str] = {}
        self._people = 0

    @classmethod
    async def prepare(cls, app: str, owner: str, admin: Any, people: int, seed: int) -> "Bench":
        """People, policy, parts, the table the statement fills, and two workers waiting to begin."""
        workers = [await pekerja("tests.bench.tpp_pekerja", app) for _ in range(2)]
        settings = {"jit": "off", "timezone": "UTC"}
        self = cls(
            await asyncpg.connect(app, server_settings=settings),
            await asyncpg.connect(owner, server_settings=settings),
            admin,
            workers,
        )
        self.app, self._people = app, people
        parts = max(2, min(64, people // 500))
        dokumen = DOKUMEN.read_text(encoding="utf-8")
        policy, kebijakan_id = terbaca(dokumen), uuid7()
        async with self._owner.transaction():
            ids = await isi_data(self._owner, people, PERIODE, seed)
            await self._owner.execute(
                "INSERT INTO kebijakan (kebijakan_id, sidik, kode, nama, daerah, dokumen, berlaku_mulai,"
                " diunggah_oleh) VALUES ($1, $2, $3, $4, $5, $6, $7, $1)",
                kebijakan_id, policy.sidik, policy.kode, policy.nama, policy.daerah, dokumen,
                policy.berlaku_mulai,
            )  # fmt: skip
            await SQL.mulai(
                self._owner,
                periode=str(PERIODE),
                nomor=1,
                version=1,
                kebijakan_id=kebijakan_id,
                pegawai=people,
            )
            await self._owner.executemany(
                "INSERT INTO perhitungan_bagian (periode, nomor, bagian, pegawai_ids) VALUES ($1, 1, $2, $3)",
                [(str(PERIODE), part, one) for part, one in enumerate(_bagian(sorted(ids), parts))],
            )
            await self._owner.execute(
                "CREATE TABLE pembanding (LIKE tpp_bulan INCLUDING ALL);"
                "ALTER TABLE pembanding ALTER baris TYPE jsonb, ALTER alasan TYPE jsonb,"
                " ALTER masukan TYPE jsonb; GRANT ALL ON pembanding TO tpp_app"
            )
        await self._owner.execute("ANALYZE")
        self._statements = {isi: pernyataan(policy, PERIODE, kebijakan_id, isi) for isi in get_args(Isi)}
        for worker in workers:
            await baris(worker, "siap")
        return self

    async def close(self) -> None:
        """End the workers, let go of the database."""
        for worker in self._workers:
            if worker.stdin is not None:
                worker.stdin.close()
            await worker.wait()
        await self._app.close()
        await self._owner.close()

    async def bayar(self) -> None:
        """The month computed and stored by the service, its run finished."""
        await self._engine(2)
        await self._owner.execute("UPDATE perhitungan SET keadaan = 'selesai', selesai_pada = now()")
        await self._owner.execute("ANALYZE")

    async def measure(self, rounds: int) -> list[dict[str, Any]]:
        """Everyone compared once; then rounds in turn."""
        await self._engine(2)
        mine = await self._stored("tpp_bulan")
        for isi in ("jsonb", "teks"):
            await self._statement(isi)
            self._same(mine, await self._stored("pembanding"))
        contenders: dict[str, Callable[[], Awaitable[float]]] = {
            "satu": lambda: self._engine(1),
            "sql": lambda: self._statement("jsonb"),
            "dua": lambda: self._engine(2),
            "sql_teks": lambda: self._statement("teks"),
            "sql_angka": lambda: self._statement("angka"),
        }
        seconds: dict[str, list[float]] = {name: [] for name in contenders}
        for _ in range(rounds):
            for name, once in contenders.items():
                seconds[name].append(await once())

        def ratio(mine: str, other: str) -> float:
            return median(a / b for a, b in zip(seconds[mine], seconds[other], strict=True))

        detail = {
            "pegawai": self._people,
            "putaran": rounds,
            "detik_putaran": {name: [round(one, 3) for one in found] for name, found in seconds.items()},
            **{
                f"rasio_{mine}_terhadap_{other}": round(ratio(mine, other), 2)
                for mine in ("satu", "dua")
                for other in ("sql_teks", "sql_angka")
            },
        }
        return [
            _row("P3-satu", ratio("satu", "sql"), 1.0, detail),
            _row("P3-dua", ratio("dua", "sql"), 0.6, detail),
        ]

    async def _engine(self, workers: int) -> float:
        await self._owner.execute("TRUNCATE tpp_bulan; UPDATE perhitungan_bagian SET selesai_pada = NULL")
        await self._settle()
        began = perf_counter()
        await asyncio.gather(*(sekali(worker) for worker in self._workers[:workers]))
        return perf_counter() - began

    async def _statement(self, isi: Isi) -> float:
        await self._owner.execute("TRUNCATE pembanding")
        await self._settle()
        began = perf_counter()
        await self._app.execute(self._statements[isi])
        return perf_counter() - began

    async def _settle(self) -> None:
        """What the round before left to be written to disk does not count against the next."""
        await self._admin.execute("CHECKPOINT")

    def _same(self, mine: dict[Any, Any], theirs: dict[Any, Any]) -> None:
        """Everyone's status, figures, lines, reasons and inputs are the same on both sides."""
        if len(mine) != self._people or mine.keys() != theirs.keys():
            raise AssertionError(f"{len(mine)} dan {len(theirs)} orang, seharusnya {self._people}")
        for who, here in mine.items():
            if here != theirs[who]:
                raise AssertionError(f"{who}: mesin {here}, SQL {theirs[who]}")

    async def _stored(self, table: str) -> dict[Any, tuple[Any, ...]]:
        columns = "pegawai_id, status, bruto, potongan, neto, baris::text, alasan::text, masukan::text"
        rows = await self._app.fetch(f"SELECT {columns} FROM {table}")
        return {row["pegawai_id"]: (*tuple(row)[1:5], *map(json.loads, tuple(row)[5:])) for row in rows}


def _bagian(ids: list[UUID], parts: int) -> list[list[UUID]]:
    """The people in parts as a run of the service makes them: neighbours by their id, of equal size."""
    ends = [len(ids) * part // parts for part in range(parts + 1)]
    return [ids[start:end] for start, end in pairwise(ends)]


async def pekerja(modul: str, app: str) -> asyncio.subprocess.Process:
    """A worker process that connects and waits to be told."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        modul,
        cwd=ROOT,
        env={**os.environ, "P03_DSN": app},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def sekali(worker: asyncio.subprocess.Process) -> None:
    """Let a waiting worker do what there is, until nothing is left."""
    assert worker.stdin is not None
    worker.stdin.write(b"mulai\n")
    await worker.stdin.drain()
    await baris(worker, "selesai")


async def baris(worker: asyncio.subprocess.Process, expected: str) -> None:
    """Wait for a worker's next word. Raises RuntimeError when it is another."""
    assert worker.stdout is not None
    line = (await worker.stdout.readline()).decode().strip()
    if line != expected:
        raise RuntimeError(f"pekerja menjawab {line!r}, bukan {expected!r}; lihat galat di atas")


def _row(name: str, value: float, goal: float, detail: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "value": round(value, 3),
        "unit": "x SQL dengan baris",
        "goal": f"<= {goal}",
        "holds": value <= goal,
        "detail": detail,
    }
