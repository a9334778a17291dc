"""Streams of what changes: fresh content, an end, room for everybody, and nobody listening too long."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from uuid import UUID, uuid4

import httpx2
import pytest
import uvicorn
from fastapi import Response

from shared.auth.generations import Generations
from shared.auth.guard import SIAPA_SAJA, AuthzTable, Principal, allow
from shared.auth.token import Signer, Verifier, ensure_keys
from shared.db import Database
from shared.db.tx import Tx
from shared.errors import NotFound
from shared.http import Read, create_app
from shared.web import pages
from shared.web.live import DONE, Piece, Streams, stream
from shared.web.problems import respond
from tests.conftest import FreshDatabase
from tests.rig import tabel

ANI, BUDI = uuid4(), uuid4()
LISTEN = {"Accept": "text/event-stream"}
halaman = pages("/contoh", "contoh")


async def hitung(tx: Tx) -> int:
    number = await tx.conn.fetchval("SELECT count(*) FROM catatan")
    if number == 13:
        raise NotFound("Tidak ada lagi.")
    return int(number)


@halaman.get("/kemajuan")
async def kemajuan(r: Read) -> Response:
    async def look() -> Piece:
        number = await r.fetch(hitung)
        return Piece("langsung/kemajuan.html", {"number": number}, done=number >= 3)

    return await stream(r, look, every=0.02)


AUTHZ: AuthzTable = {("GET", "/contoh/kemajuan"): allow(SIAPA_SAJA)}


class Rumah(SimpleNamespace):
    """What the tests use: a client over a real socket, the streams, the database."""

    client: httpx2.AsyncClient
    streams: Streams
    database: Database
    signer: Signer
    generations: Generations

    def token(self, who: UUID) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.signer.issue(Principal(who, '198501012010011001', (), 1))[0]}"
        }

    async def add(self, count: int = 1) -> None:
        await self.database.pool.execute("INSERT INTO catatan SELECT FROM generate_series(1, $1)", count)

    @asynccontextmanager
    async def listening(self, who: UUID) -> AsyncIterator[AsyncIterator[str]]:
        """The lines of a stream as they come."""
        headers = LISTEN | self.token(who)
        async with self.client.stream("GET", "/contoh/kemajuan", headers=headers) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield answer.aiter_lines()

    async def refused(self, who: UUID) -> int:
        """The status somebody gets who would listen too."""
        answer = await self.client.get("/contoh/kemajuan", headers=LISTEN | self.token(who))
        assert int(answer.headers["Retry-After"]) > 0
        return answer.status_code


@pytest.fixture
async def r(fresh_database: FreshDatabase) -> AsyncIterator[Rumah]:
    settings = fresh_database("tpp")
    await tabel(settings, "catatan")
    database = Database(settings.database, size=8)
    await database.open()
    ensure_keys(settings.keys)
    app = create_app("contoh", "Contoh", [halaman], AUTHZ, respond)
    app.state.database, app.state.generations = database, Generations(database)
    app.state.verifier, app.state.streams = Verifier(settings.keys), Streams(limit=3, each=2)
    app.state.package = "tests.component.shared"
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        serving = asyncio.create_task(server.serve([found]))
        async with httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{found.getsockname()[1]}", timeout=10, trust_env=False
        ) as client:
            yield Rumah(
                client=client,
                streams=app.state.streams,
                database=database,
                signer=Signer(settings.keys),
                generations=app.state.generations,
            )
        app.state.streams.end()
        server.should_exit = True
        await serving
    await database.close()


async def event(lines: AsyncIterator[str]) -> tuple[str, str]:
    """The next event: its name and its content."""
    name, data = "", []
    async with asyncio.timeout(5):
        async for line in lines:
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                data.append(line[6:])
            elif not line and name:
                return name, "\n".join(data)
    raise AssertionError("stream berakhir tanpa peristiwa")


async def rest(lines: AsyncIterator[str]) -> list[str]:
    """Everything until the server ends the stream."""
    async with asyncio.timeout(5):
        return [line async for line in lines if line]


async def test_strangers_hear_nothing(r: Rumah) -> None:
    for headers in ({}, LISTEN, LISTEN | {"Authorization": "Bearer e30.e30.e30"}):
        assert (await r.client.get("/contoh/kemajuan", headers=headers)).status_code == 401


async def test_every_change_is_told_and_then_the_end(r: Rumah) -> None:
    async with r.listening(ANI) as lines:
        assert await event(lines) == ("isi", "<p>0</p>\n<p>0 catatan &amp; baris kedua</p>")
        await r.add()
        assert (await event(lines))[1].startswith("<p>1</p>")
        await r.add(1000)
        assert "1.001 catatan" in (await event(lines))[1]
        assert await event(lines) == ("selesai", "")
        assert await rest(lines) == []


async def test_who_cannot_listen_asks(r: Rumah) -> None:
    answer = await r.client.get("/contoh/kemajuan", headers=r.token(ANI))
    assert (answer.status_code, DONE in answer.headers) == (200, False)
    assert answer.text.startswith("<p>0</p>")
    await r.add(3)
    answer = await r.client.get("/contoh/kemajuan", headers=r.token(ANI))
    assert answer.headers[DONE] == "1"


async def test_a_changed_role_ends_the_stream(r: Rumah) -> None:
    async with r.listening(ANI) as lines:
        await event(lines)
        await r.database.pool.execute(
            "INSERT INTO kernel.token_generation (pegawai_id, generation, aktif) VALUES ($1, 2, true)", ANI
        )
        await r.generations.refresh()
        assert await rest(lines) == []


async def test_what_is_gone_ends_the_stream(r: Rumah) -> None:
    async with r.listening(ANI) as lines:
        await event(lines)
        await r.add(13)
        assert await rest(lines) == []


async def test_streams_are_bounded_and_end_when_the_process_drains(r: Rumah) -> None:
    async with r.listening(ANI) as first, r.listening(ANI) as second:
        for lines in (first, second):
            await event(lines)
        assert await r.refused(ANI) == 429
        async with r.listening(BUDI) as third:
            await event(third)
            assert await r.refused(BUDI) == 503
            r.streams.end()
            for lines in (first, second, third):
                assert await rest(lines) == []
        assert await r.refused(BUDI) == 503


async def test_a_stream_that_is_closed_makes_room(r: Rumah) -> None:
    for _ in range(5):
        async with r.listening(ANI) as lines:
            await event(lines)
        async with asyncio.timeout(5):
            while r.streams.open:
                await asyncio.sleep(0.01)
