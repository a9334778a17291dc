"""A month of many people in a tpp of its own, and real worker processes that compute it.

For measuring and disturbing period runs: the processes are those of an installation, over real Kafka.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from socket import socket
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from deploy.embedded.platform import Platform
from services.tpp.app import build
from services.tpp.kalender.nasional import muat
from services.tpp.kebijakan.queries import terbaca
from services.tpp.perhitungan.commands import StatusPerhitungan, jalankan, jeda, lanjutkan, status
from shared.auth.token import ensure_keys
from shared.bus.admin import connected, drop_namespace
from shared.db import Database, Tx
from shared.ids import uuid7
from shared.period import Period
from shared.runtime.migrations import migrate_service
from shared.settings import ServiceSettings
from tests.bench.tpp_pembanding import isi_data
from tests.measure import ROOT
from tests.rig import as_environment, make_database, make_namespace

PERIODE = Period(2026, 10)
_DOKUMEN = ROOT / "services" / "tpp" / "kebijakan" / "contoh" / "bontang.yaml"
_PATIENCE = 180.0
_SAMPAI_MANA = """
SELECT h.keadaan, count(b.selesai_pada)::integer AS selesai
FROM perhitungan h JOIN perhitungan_bagian b USING (periode, nomor)
WHERE h.nomor = (SELECT max(nomor) FROM perhitungan) GROUP BY h.keadaan
"""


@dataclass
class Bulan:
    """The service's database, and the processes that work on it by name."""

    settings: ServiceSettings
    database: Database
    dsn_admin: str
    proses: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def nyalakan(self, nama: str, *roles: str) -> int:
        """Start a process of tpp in these roles; the port it will answer on."""
        with closing(socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {**os.environ, **as_environment(self.settings), "EKINERJA_LOG_LEVEL": "ERROR"}
        command = ["-m", "services", "serve", "tpp", "--roles", ",".join(roles), "--port", str(port)]
        self.proses[nama] = subprocess.Popen([sys.executable, *command], env=environment, cwd=ROOT)
        return int(port)

    def bunuh(self, nama: str) -> None:
        """SIGKILL; nobody starts it again."""
        found = self.proses.pop(nama)
        found.kill()
        found.wait()

    async def mulai(self) -> StatusPerhitungan:
        """Begin a run as admin BKD does."""
        return await self._perintah(jalankan)

    async def jeda(self) -> StatusPerhitungan:
        """Pause it."""
        return await self._perintah(jeda)

    async def lanjutkan(self) -> StatusPerhitungan:
        """Resume it."""
        return await self._perintah(lanjutkan)

    async def status(self) -> StatusPerhitungan:
        """Where it stands."""
        return await self._perintah(status)

    async def _perintah(
        self, command: Callable[[Tx, Period], Awaitable[StatusPerhitungan]]
    ) -> StatusPerhitungan:
        async with self.database.transaction() as tx:
            return await command(tx, PERIODE)

    async def sampai(self, bagian: int | None = None) -> StatusPerhitungan:
        """Wait until so many parts are done, or the run is. Raises TimeoutError."""
        end = time.monotonic() + _PATIENCE
        while True:
            (now,) = await self.baris(_SAMPAI_MANA)
            if now["keadaan"] == "selesai" or (bagian is not None and now["selesai"] >= bagian):
                return await self.status()
            if time.monotonic() > end:
                raise TimeoutError(f"perhitungan berhenti sesudah {now['selesai']} bagian")
            await asyncio.sleep(0.02)

    @asynccontextmanager
    async def admin(self) -> AsyncIterator[Any]:
        """A connection to tpp's database with every right."""
        conn = await asyncpg.connect(self.dsn_admin)
        try:
            yield conn
        finally:
            await conn.close()

    async def baris(self, sql: str, *args: Any) -> list[Any]:
        """Rows of a question to tpp's database."""
        async with self.database.pool.acquire() as conn:
            return list(await conn.fetch(sql, *args))


@asynccontextmanager
async def kosong(platform: Platform) -> AsyncIterator[Bulan]:
    """A tpp that has heard nothing yet, with a policy in force; removed later."""
    namespace = await make_namespace(platform)
    settings = await make_database(platform, "tpp", namespace)
    database = Database(settings.database, size=4)
    here = Bulan(settings, database, platform.dsn_in(_nama(settings)))
    try:
        await migrate_service(build(settings))
        ensure_keys(settings.keys)
        async with here.admin() as conn:
            await _kebijakan(conn)
        await database.open()
        # As a job would: after that the calendar changes no more, and months put into the database whole,
        # without their days, are not counted anew.
        await database.run(muat)
        yield here
    finally:
        for nama in list(here.proses):
            here.bunuh(nama)
        await database.close()
        conn = await asyncpg.connect(platform.admin_dsn)
        await conn.execute(f'DROP DATABASE IF EXISTS "{_nama(settings)}" WITH (FORCE)')
        await conn.close()
        async with connected(platform.kafka_admin) as admin:
            await drop_namespace(admin, namespace)


@asynccontextmanager
async def bulan(platform: Platform, people: int, seed: int) -> AsyncIterator[Bulan]:
    """The same with a closed month of so many people whose facts are all there."""
    async with kosong(platform) as here:
        async with here.admin() as conn:
            await _isi(conn, people, seed)
        yield here


def _nama(settings: ServiceSettings) -> str:
    return urlsplit(settings.database).path.lstrip("/")


async def _kebijakan(conn: Any) -> None:
    dokumen = _DOKUMEN.read_text(encoding="utf-8")
    policy = terbaca(dokumen)
    await conn.execute(
        "INSERT INTO kebijakan (kebijakan_id, sidik, kode, nama, daerah, dokumen, berlaku_mulai,"
        " diunggah_oleh, diaktifkan_oleh, diaktifkan_pada)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $1, $8, now())",
        uuid7(), policy.sidik, policy.kode, policy.nama, policy.daerah, dokumen, policy.berlaku_mulai,
        uuid7(),
    )  # fmt: skip


async def _isi(conn: Any, people: int, seed: int) -> None:
    async with conn.transaction():
        ids = await isi_data(conn, people, PERIODE, seed)
        await conn.execute(
            "INSERT INTO periode (periode, version, keadaan, lengkap_version, final_version)"
            " VALUES ($1, 1, 'ditutup', 1, 1)",
            str(PERIODE),
        )
        await conn.execute(
            "INSERT INTO roster (periode, version, bagian, dari, pegawai_ids, pegawai_versions)"
            " VALUES ($1, 1, 1, 1, $2, array_fill(1::bigint, ARRAY[cardinality($2::uuid[])]))",
            str(PERIODE), ids,
        )  # fmt: skip
    await conn.execute("ANALYZE")
