"""With `--split` every service has its own port; this small proxy puts them behind one, by path prefix.

What a real gateway does in compose and Kubernetes, and nothing more: no caching, no rewriting, no retries.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from shared.errors import Unavailable
from shared.http.problems import unknown_address
from shared.web.assets import PREFIX, static
from shared.web.live import EVENT_STREAM
from shared.web.problems import respond

# Headers that speak about one connection only (RFC 9110, 7.6.1), and the length, which is set anew.
_OF_THE_CONNECTION = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def gateway(routes: dict[str, str]) -> Starlette:
    """The proxy for `prefix -> base URL`; the longest prefix wins.

    `/health/ready` is ready when every service is. A service that is away costs its own paths a 503. Setting
    `state.ending` ends the streams of events, which would hold up a stop; browsers come back by themselves.
    """
    ending = asyncio.Event()
    ordered = sorted(routes.items(), key=lambda entry: -len(entry[0]))
    client = httpx2.AsyncClient(
        timeout=httpx2.Timeout(65, connect=2),
        limits=httpx2.Limits(max_connections=500, max_keepalive_connections=100),
        trust_env=False,
        follow_redirects=False,
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with client:
            yield

    async def ready(_: Request) -> Response:
        troubles: dict[str, object] = {}
        for base in sorted(set(routes.values())):
            try:
                answer = await client.get(f"{base}/health/ready", timeout=3)
                if answer.status_code != 200:
                    troubles[base] = answer.json().get("masalah", answer.status_code)
            except (httpx2.HTTPError, ValueError) as error:
                troubles[base] = type(error).__name__
        status = "belum siap" if troubles else "siap"
        return JSONResponse({"status": status, "masalah": troubles}, 503 if troubles else 200)

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "hidup"})

    async def forward(request: Request) -> Response:
        path = request.url.path
        base = next((url for prefix, url in ordered if path == prefix or path.startswith(prefix + "/")), None)
        if base is None:
            return await respond(request, unknown_address())
        own = {*_OF_THE_CONNECTION, "x-forwarded-for"}
        headers = [(k, v) for k, v in request.headers.raw if k.decode() not in own]
        headers.append((b"x-forwarded-for", (request.client.host if request.client else "").encode()))
        target = (
            base + request.scope["raw_path"].decode() + (f"?{request.url.query}" if request.url.query else "")
        )
        outgoing = client.build_request(request.method, target, headers=headers, content=request.stream())
        try:
            answer = await client.send(outgoing, stream=True)
        except httpx2.HTTPError:
            return await respond(
                request,
                Unavailable(
                    "Layanan ini sedang tidak dapat dihubungi.",
                    remedy="Coba lagi sebentar; bagian lain tetap dapat dipakai.",
                    retry_after=2,
                ),
            )
        response = StreamingResponse(_body(answer, ending), status_code=answer.status_code)
        response.raw_headers = [
            (k.lower(), v) for k, v in answer.headers.raw if k.lower().decode() not in _OF_THE_CONNECTION
        ]
        return response

    app = Starlette(
        routes=[
            Route("/health/ready", ready),
            Route("/health/live", live),
            Mount(PREFIX, static),
            Route("/{path:path}", forward, methods=_METHODS),
        ],
        lifespan=lifespan,
    )
    app.state.ending = ending
    return app


async def _body(answer: httpx2.Response, ending: asyncio.Event) -> AsyncIterator[bytes]:
    endless = answer.headers.get("content-type", "").startswith(EVENT_STREAM)
    chunks = answer.aiter_raw()
    try:
        async for chunk in _until(ending, chunks) if endless else chunks:
            yield chunk
    finally:
        await answer.aclose()


async def _until(ending: asyncio.Event, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    stop = asyncio.ensure_future(ending.wait())
    following: asyncio.Future[bytes] | None = None
    try:
        while True:
            following = asyncio.ensure_future(anext(chunks))
            await asyncio.wait({following, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not following.done():
                return
            try:
                chunk = following.result()
            except StopAsyncIteration:
                return
            yield chunk
    finally:
        unfinished = [one for one in (stop, following) if one is not None and not one.done()]
        for one in unfinished:
            one.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)


def configuration(app: Starlette, bind: str, port: int) -> uvicorn.Config:
    """How the gateway is served. It is the first to see a caller: nobody's word about his address counts."""
    return uvicorn.Config(
        app,
        host=bind,
        port=port,
        proxy_headers=False,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=10,
    )


class _Server(uvicorn.Server):
    """uvicorn that ends streams of events first when it is told to stop."""

    def __init__(self, app: Starlette, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ending: asyncio.Event = app.state.ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM or SIGINT."""
        self._ending.set()
        super().handle_exit(sig, frame)


def main() -> None:
    """Entry point of `python -m deploy.embedded.gateway`: routes and port come from the environment."""
    routes = json.loads(os.environ["EKINERJA_GATEWAY_ROUTES"])
    bind = os.environ.get("EKINERJA_BIND", "127.0.0.1")
    app = gateway(routes)
    _Server(app, configuration(app, bind, int(os.environ["EKINERJA_HTTP_PORT"]))).run()


if __name__ == "__main__":
    main()
