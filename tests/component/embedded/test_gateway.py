"""The small gateway of `--split`: by prefix, unchanged, and honest about a service that is away."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from deploy.embedded.gateway import configuration, gateway
from shared.web.assets import asset


async def _echo(request: Request) -> Response:
    body = await request.body()
    return JSONResponse(
        {
            "method": request.method,
            "path": request.scope["raw_path"].decode(),
            "query": request.url.query,
            "headers": {name: value for name, value in request.headers.items() if name.startswith("x-")},
            "host": request.headers["host"],
            "body": body.decode("latin-1"),
        },
        status_code=int(request.query_params.get("status", "200")),
        headers={"x-answer": "ya", "set-cookie": "a=1"},
    )


async def _large(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(64):
            yield bytes([number]) * 65_536

    return StreamingResponse(pieces())


async def _live(_: Request) -> Response:
    async def events() -> AsyncIterator[str]:
        yield "event: isi\ndata: satu\n\n"
        await asyncio.Event().wait()

    return StreamingResponse(events(), media_type="text/event-stream")


async def _ready(_: Request) -> Response:
    return JSONResponse({"status": "siap"})


SERVICE = Starlette(
    routes=[
        Route("/health/ready", _ready),
        Route("/api/a/besar", _large),
        Route("/api/a/langsung", _live),
        Route("/{path:path}", _echo, methods=["GET", "POST", "PUT", "DELETE"]),
    ]
)


@asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[str]:
    """A real server on a free port; yields its base URL."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(configuration(app, "127.0.0.1", 0))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        async with asyncio.timeout(10):
            while not server.started:
                await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@pytest.fixture
def nobody() -> Iterator[str]:
    """The URL of a service that is away."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    yield f"http://127.0.0.1:{held.getsockname()[1]}"
    held.close()


@asynccontextmanager
async def client_of(routes: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    async with (
        serving(gateway(routes)) as url,
        httpx2.AsyncClient(base_url=url, trust_env=False, timeout=20) as client,
    ):
        yield client


async def test_requests_arrive_as_they_were_sent(nobody: str) -> None:
    async with serving(SERVICE) as service, client_of({"/api/a": service, "/api/b": nobody}) as client:
        answer = await client.put(
            "/api/a/x%2Fy?status=201&nama=%C3%A9", content=b"isi\x00\xff", headers={"x-kunci": "nilai"}
        )
    seen = answer.json()
    assert answer.status_code == 201
    assert (answer.headers["x-answer"], answer.headers["set-cookie"]) == ("ya", "a=1")
    assert seen["method"] == "PUT"
    assert seen["path"] == "/api/a/x%2Fy"
    assert seen["query"] == "status=201&nama=%C3%A9"
    assert seen["body"] == "isi\x00ÿ"
    assert seen["headers"] == {"x-kunci": "nilai", "x-forwarded-for": "127.0.0.1"}
    assert seen["host"] == client.base_url.netloc.decode()


async def test_a_caller_cannot_pretend_to_come_from_elsewhere() -> None:
    async with serving(SERVICE) as service, client_of({"/api/a": service}) as client:
        answer = await client.get("/api/a", headers={"X-Forwarded-For": "10.1.1.1"})
    assert answer.json()["headers"]["x-forwarded-for"] == "127.0.0.1"


async def test_large_answers_come_through_whole() -> None:
    async with serving(SERVICE) as service, client_of({"/api/a": service}) as client:
        answer = await client.get("/api/a/besar")
    assert answer.content == b"".join(bytes([number]) * 65_536 for number in range(64))


async def test_a_stream_of_events_comes_through_at_once_and_does_not_hold_up_a_stop() -> None:
    async with serving(SERVICE) as service:
        app = gateway({"/api/a": service})
        async with (
            serving(app) as url,
            httpx2.AsyncClient(base_url=url, trust_env=False, timeout=20) as client,
            client.stream("GET", "/api/a/langsung") as answer,
            asyncio.timeout(5),
        ):
            lines = answer.aiter_lines()
            assert await anext(lines) == "event: isi"
            app.state.ending.set()
            assert [line async for line in lines if line] == ["data: satu"]


async def test_the_longest_prefix_wins_and_prefixes_end_at_a_slash(nobody: str) -> None:
    async with serving(SERVICE) as service, client_of({"/api": nobody, "/api/a": service}) as client:
        assert (await client.get("/api/a/b")).status_code == 200
        assert (await client.get("/api/ab")).status_code == 503
        assert (await client.get("/lain")).status_code == 404


async def test_a_service_that_is_away_costs_its_own_paths_only(nobody: str) -> None:
    async with serving(SERVICE) as service, client_of({"/api/a": service, "/api/b": nobody}) as client:
        assert (await client.get("/api/a")).status_code == 200
        away = await client.post("/api/b/x", content=b"isi")
        ready = await client.get("/health/ready")
    assert away.status_code == 503
    assert away.headers["content-type"] == "application/problem+json"
    assert away.headers["retry-after"] == "2"
    assert "tidak dapat dihubungi" in away.json()["detail"]
    assert ready.status_code == 503
    assert list(ready.json()["masalah"]) == [nobody]


async def test_ready_when_every_service_is() -> None:
    async with (
        serving(SERVICE) as one,
        serving(SERVICE) as two,
        client_of({"/api/a": one, "/api/b": two}) as client,
    ):
        assert (await client.get("/health/ready")).status_code == 200
        assert (await client.get("/health/live")).json() == {"status": "hidup"}


async def test_browsers_get_a_page_for_a_service_that_is_away_and_its_looks() -> None:
    app = gateway({"/tpp": "http://127.0.0.1:1"})
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://uji") as client:
            page = await client.get("/tpp/slip", headers={"Accept": "text/html"})
            assert page.status_code == 503
            assert "Layanan ini sedang tidak dapat dihubungi." in page.text
            sheet = await client.get(asset("tabler.css"))
            assert (sheet.status_code, sheet.headers["content-type"]) == (200, "text/css; charset=utf-8")
            assert (await client.get("/tidak-ada", headers={"Accept": "text/html"})).status_code == 404
            card = await client.get("/tpp/fragmen/ringkasan", headers={"HX-Request": "true"})
            assert "<html" not in card.text
            machine = await client.get("/tpp/slip")
            assert machine.headers["content-type"] == "application/problem+json"
