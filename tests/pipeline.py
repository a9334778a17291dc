"""A small pipeline of real processes to measure and to disturb: a writer's relay and a reader's consumers.

`python -m tests.pipeline relay|consumer` runs one part, from the same environment variables and with the same
code as a worker does. Each applied event is told on channel `terterapkan` when its transaction commits.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import uvloop

from shared.contracts.skp import RealisasiSubmitted
from shared.db.database import Database
from shared.db.tx import Tx
from shared.inbox import Received, on
from shared.inbox.consumer import Consumer
from shared.obs.setup import setup
from shared.outbox.relay import Relay
from shared.runtime.memory import calm_collector
from shared.settings import ServiceSettings
from tests.rig import as_environment

WRITER = "CREATE TABLE public.pekerjaan (pegawai_id uuid PRIMARY KEY, version bigint NOT NULL)"
READER = """
CREATE TABLE public.angka (
    pegawai_id uuid PRIMARY KEY, version bigint NOT NULL, jumlah numeric NOT NULL, kali integer NOT NULL
)
"""
# As a real figure: the newest state wins, and how often each was computed shows what was applied twice.
_APPLY = """
INSERT INTO angka AS a (pegawai_id, version, jumlah, kali)
SELECT pegawai_id, max(version), sum(jumlah), count(*)
FROM unnest($1::uuid[], $2::bigint[], $3::numeric[]) AS e(pegawai_id, version, jumlah)
GROUP BY pegawai_id ORDER BY pegawai_id
ON CONFLICT (pegawai_id) DO UPDATE
SET version = greatest(a.version, excluded.version), jumlah = a.jumlah + excluded.jumlah,
    kali = a.kali + excluded.kali
"""


async def apply(tx: Tx, events: Sequence[Received[RealisasiSubmitted]]) -> None:
    """Add up what each person did."""
    await tx.conn.execute(
        _APPLY,
        [one.event.pegawai_id for one in events],
        [one.event.version for one in events],
        [one.event.jumlah for one in events],
    )
    names = [one.event.realisasi_id.hex for one in events]
    for start in range(0, len(names), 200):
        await tx.conn.execute("SELECT pg_notify('terterapkan', $1)", ",".join(names[start : start + 200]))


async def _part(kind: str) -> None:
    service = {"relay": "skp", "consumer": "assessment"}[kind]
    settings = ServiceSettings.load(service)
    setup(settings, process=kind)
    calm_collector()
    if kind == "relay":
        await Relay(settings).run()
        return
    database = Database(settings.database, size=4)
    await database.open()
    await Consumer(settings, database, [on(RealisasiSubmitted, apply)]).run()


@dataclass
class Pipeline:
    """The parts that run, by name; a killed one is started again at once, as a supervisor would."""

    environment: dict[str, str]
    parts: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start a part: `relay…` or `consumer…`."""
        kind = "relay" if name.startswith("relay") else "consumer"
        self.parts[name] = subprocess.Popen(
            [sys.executable, "-m", "tests.pipeline", kind], env=self.environment
        )

    def kill(self, name: str) -> None:
        """SIGKILL a part and start it again."""
        self.parts[name].kill()
        self.parts[name].wait()
        self.start(name)

    def kill_one(self, chance: random.Random) -> str:
        """Kill any of them; returns its name."""
        name = chance.choice(sorted(self.parts))
        self.kill(name)
        return name

    def stop(self) -> None:
        """End all parts."""
        for part in self.parts.values():
            part.kill()
        for part in self.parts.values():
            part.wait()


@asynccontextmanager
async def pipeline(writer: ServiceSettings, reader: ServiceSettings, *names: str) -> AsyncIterator[Pipeline]:
    """Run the named parts while the block runs."""
    environment = {**os.environ, **as_environment(writer), **as_environment(reader)}
    environment["EKINERJA_LOG_LEVEL"] = "ERROR"
    running = Pipeline(environment)
    try:
        for name in names:
            running.start(name)
        yield running
    finally:
        running.stop()


class Arrivals:
    """When each realisasi's effect was committed, by hex id; the first time counts."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self._conn: Any = None

    async def open(self, settings: ServiceSettings) -> None:
        """Listen on the reader's database."""
        self._conn = await asyncpg.connect(settings.database)
        await self._conn.add_listener("terterapkan", self._heard)

    async def close(self) -> None:
        """Stop listening."""
        await self._conn.close()

    def _heard(self, _: Any, __: int, ___: str, payload: str) -> None:
        now = time.perf_counter()
        for name in payload.split(","):
            self.at.setdefault(name, now)


if __name__ == "__main__":
    uvloop.run(_part(sys.argv[1]))
