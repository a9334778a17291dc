"""An installation of its own for fault tests: each service in its own processes, plans agreed."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from rich.progress import Progress

from deploy.demo import pemda as contoh
from deploy.demo.bulan import Bulan
from deploy.demo.klien import Klien
from deploy.embedded.platform import Platform
from deploy.embedded.supervisor import Supervisor
from shared.bus.admin import Login, connected


@dataclass
class Pemasangan:
    """A running installation, its supervisor, and the demo month as far as it was played."""

    platform: Platform
    supervisor: Supervisor
    url: str
    bulan: Bulan

    async def tanya(self, service: str, sql: str, *args: Any) -> list[Any]:
        """Rows of a service's database, read as its administrator."""
        conn = await asyncpg.connect(self.platform.dsn_in(service))
        try:
            return list(await conn.fetch(sql, *args))
        finally:
            await conn.close()


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ekinerja-") as name:
        # PostgreSQL may run as another user and has to get through.
        Path(name).chmod(0o711)
        yield Path(name)


@asynccontextmanager
async def pemasangan(*, pegawai: int, seed: int, split: bool = True) -> AsyncIterator[Pemasangan]:
    """Start one, play the demo month up to agreed plans, and take everything away at the end."""
    with _folder() as folder:
        before = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("EKINERJA_")}
        platform = Platform(folder / "rumah")
        supervisor = Supervisor(platform, split=split)
        try:
            url = await asyncio.to_thread(supervisor.start, lambda _: None)
            os.environ.update(platform.environment())
            data = contoh.bangun(pegawai=pegawai, opd=2, seed=seed, periode="2026-10")
            klien = Klien(url, f"gangguan/{seed}", b"sandi uji gangguan")
            bulan = Bulan(data, klien, Progress(disable=True))
            await bulan.data_kepegawaian("")
            await bulan.akun("")
            await bulan.skp("")
            yield Pemasangan(platform, supervisor, url, bulan)
            await klien.close()
        finally:
            await asyncio.to_thread(supervisor.stop)
            platform.erase()
            for name in [name for name in os.environ if name.startswith("EKINERJA_")]:
                del os.environ[name]
            os.environ.update(before)


async def pada_topik(login: Login, topic: str) -> dict[str, int]:
    """How often each event id stands on a topic."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=login.bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=login.user,
        sasl_plain_password=login.password,
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        async with connected(login) as admin:
            (described,) = await admin.describe_topics([topic])
        parts = [TopicPartition(topic, one["partition"]) for one in described["partitions"]]
        consumer.assign(parts)
        await consumer.seek_to_beginning(*parts)
        ends = await consumer.end_offsets(parts)
        seen: dict[str, int] = {}
        while any([await consumer.position(part) < ends[part] for part in parts]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    identifier = dict(record.headers)["ce_id"].decode()
                    seen[identifier] = seen.get(identifier, 0) + 1
        return seen
    finally:
        await consumer.stop()
