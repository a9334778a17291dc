"""The clients of P1, in a process of their own: `python -m tests.bench.submit_klien`.

Each line on stdin, `MODE PORT SECONDS`, is one round: MODE `http` sends submissions over kept connections,
one at a time on each; MODE `mentah` runs the same SQL with raw asyncpg, one transaction for each submission.
Answers a line: how many were acknowledged. The people and their RHK come as JSON in P01_ORANG.
"""

import asyncio
import json
import os
import sys
import time
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID, uuid4

import asyncpg
import uvloop

from services.skp.realisasi import commands
from shared.db import group_commit, tx
from shared.ids import uuid7

ORANG: list[dict[str, str]] = json.loads(os.environ["P01_ORANG"])
"""One for each client: token, pegawai_id, skp_id, rhk_id, periode, tanggal."""
KONEKSI = int(os.environ["P01_KONEKSI"])

_URAIAN = "Menyusun laporan bulanan bidang pelayanan dan menyampaikannya kepada pimpinan"


class _Klien(asyncio.Protocol):
    """One kept connection: the next request goes out when the answer to the last one is in."""

    def __init__(self, orang: dict[str, str], until: float, ended: "asyncio.Future[int]") -> None:
        body = {
            "skp_id": orang["skp_id"],
            "rhk_id": orang["rhk_id"],
            "periode": orang["periode"],
            "tanggal": orang["tanggal"],
            "uraian": _URAIAN,
            "jumlah": "3",
            "satuan": "dokumen",
            "bukti": [],
        }
        data = json.dumps(body).encode()
        self._head = (
            f"POST /api/skp/realisasi HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {orang['token']}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\nIdempotency-Key: "
        ).encode()
        self._tail = b"\r\n\r\n" + data
        self._until, self._ended, self._done, self._buffer = until, ended, 0, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first."""
        # uvloop's transports are no subclass of asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Count a whole answer, send the next."""
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) < length:
            return
        if not head.startswith(b"HTTP/1.1 201"):
            self._ended.set_exception(RuntimeError(self._buffer.decode()))
            self._transport.abort()
            return
        self._buffer = b""
        self._done += 1
        if time.perf_counter() < self._until:
            self._send()
        else:
            self._ended.set_result(self._done)
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """A server that goes away ends the measurement."""
        if not self._ended.done():
            self._ended.set_exception(error or ConnectionError("sambungan terputus"))

    def _send(self) -> None:
        self._transport.write(self._head + uuid4().hex.encode() + self._tail)


async def http(port: int, seconds: float) -> int:
    """Submissions acknowledged over HTTP."""
    loop = asyncio.get_running_loop()
    until = time.perf_counter() + seconds
    ended: list[asyncio.Future[int]] = [loop.create_future() for _ in ORANG]

    def make(place: int) -> Any:
        return lambda: _Klien(ORANG[place], until, ended[place])

    for place in range(len(ORANG)):
        await loop.create_connection(make(place), "127.0.0.1", port)
    return sum(await asyncio.gather(*ended))


async def mentah(pool: "asyncpg.Pool[Any]", seconds: float) -> int:
    """The same statements with the same values, each submission in its own transaction."""
    until = time.perf_counter() + seconds

    async def client(orang: dict[str, str]) -> int:
        pegawai_id, skp_id, rhk_id = (UUID(orang[name]) for name in ("pegawai_id", "skp_id", "rhk_id"))
        actor, shard = f"pegawai:{pegawai_id}", tx.shard_of(orang["pegawai_id"])
        tanggal = date.fromisoformat(orang["tanggal"])
        done = 0
        while time.perf_counter() < until:
            key, one = uuid4().hex, uuid7()
            payload = json.dumps(
                {
                    "version": 1,
                    "realisasi_id": str(one),
                    "pegawai_id": orang["pegawai_id"],
                    "skp_id": orang["skp_id"],
                    "rhk_id": orang["rhk_id"],
                    "periode": orang["periode"],
                    "tanggal": orang["tanggal"],
                    "uraian": _URAIAN,
                    "jumlah": "3",
                    "satuan": "dokumen",
                    "bukti": [],
                }
            )
            async with pool.acquire() as conn, conn.transaction():
                await conn.fetchval("SELECT now()")
                await conn.fetch(group_commit._STORED, [actor], [key])
                await conn.fetch(commands._PERIODE, [orang["periode"]])
                await conn.fetch(commands._FAKTA, [pegawai_id], [skp_id], [rhk_id], [""])
                await conn.execute(
                    commands._SIMPAN,
                    [one],
                    [pegawai_id],
                    [skp_id],
                    [rhk_id],
                    [orang["periode"]],
                    [tanggal],
                    [_URAIAN],
                    [Decimal(3)],
                    ["dokumen"],
                    [""],
                )
                await conn.execute(
                    group_commit._STORE, [actor], [key], [b"\0" * 32], [201], [payload[:150].encode()]
                )
                await conn.execute(
                    tx._FLUSH,
                    [uuid7()],
                    ["ekinerja.realisasi.v1"],
                    [orang["pegawai_id"]],
                    [1],
                    ["id.ekinerja.realisasi.submitted"],
                    [orang["periode"]],
                    [payload],
                    ["{}"],
                    [shard],
                    [actor],
                    ["realisasi.kirim"],
                    [f"realisasi:{one}"],
                    ["{}"],
                    [None],
                )
            done += 1
        return done

    return sum(await asyncio.gather(*(client(orang) for orang in ORANG)))


async def _keep(_: Any) -> None:
    """No RESET ALL between uses, as the service's own pool does."""


async def main() -> None:
    """One round for each line."""
    pool = await asyncpg.create_pool(os.environ["P01_DSN"], min_size=KONEKSI, max_size=KONEKSI, reset=_keep)
    print("siap", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        mode, port, seconds = line.split()
        done = await (http(int(port), float(seconds)) if mode == "http" else mentah(pool, float(seconds)))
        print(done, flush=True)
    await pool.close()


if __name__ == "__main__":
    uvloop.run(main())
