"""What changes while somebody looks: one route answers as a stream of events, or once for browsers that ask.

The page holds `<div data-langsung="/tpp/run/7/kemajuan">…</div>`; `static/live.js` keeps its content fresh.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi.responses import Response, StreamingResponse

from shared.errors import Problem, TooManyRequests, Unavailable
from shared.http.context import Context
from shared.obs.logging import log
from shared.obs.metrics import LIVE_STREAMS
from shared.web.render import page, text

EVENT_STREAM = "text/event-stream"
DONE = "Langsung-Selesai"
"""Header of a single answer after which there is nothing more to come."""

_STREAMS = 300
_OF_ONE_PERSON = 8
_HEARTBEAT = 15.0
# Then the browser connects anew, and its session is looked at from the start.
_LONGEST = 600.0
_RETRY_MS = 3000


@dataclass(frozen=True, slots=True)
class Piece:
    """How it stands now: a template without a frame, its values, and whether nothing will change any more."""

    template: str
    values: dict[str, Any]
    done: bool = False


@dataclass(slots=True)
class Streams:
    """The open streams of one service in one process: bounded, and ended together when it drains."""

    limit: int = _STREAMS
    each: int = _OF_ONE_PERSON
    _open: Counter[UUID] = field(default_factory=Counter)
    _ending: asyncio.Event = field(default_factory=asyncio.Event)

    def end(self) -> None:
        """End every stream, and let no new one begin."""
        self._ending.set()

    @property
    def ending(self) -> bool:
        """Whether the process is stopping."""
        return self._ending.is_set()

    def refuse(self, who: UUID) -> None:
        """Raises Unavailable or TooManyRequests when there is no room; browsers then ask now and again."""
        if self.ending or self._open.total() >= self.limit:
            raise Unavailable("Kabar langsung sedang penuh.", remedy="Muat ulang halaman.", retry_after=30)
        if self._open[who] >= self.each:
            raise TooManyRequests("Terlalu banyak halaman terbuka.", remedy="Tutup sebagian.", retry_after=30)

    @contextmanager
    def held(self, service: str, who: UUID) -> Iterator[None]:
        """Count one stream while it is open."""
        self._open[who] += 1
        LIVE_STREAMS.labels(service=service).inc()
        try:
            yield
        finally:
            LIVE_STREAMS.labels(service=service).dec()
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]

    async def pause(self, seconds: float) -> bool:
        """Wait so long, or until the process stops; whether it does."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)
        return self.ending


async def stream(r: Context, look: Callable[[], Awaitable[Piece]], *, every: float) -> Response:
    """Answer with what `look()` shows now: once, or, to an EventSource, again whenever it has changed.

    `look` runs every so many seconds (`every`) in a transaction of its own (`r.fetch`), so keep it to one
    cheap query. Its first Problem is the answer; a later one ends the stream, and the browser asks again.
    A stream ends when `look` says done, when the caller's roles change, after ten minutes (the browser comes
    back by itself) and when the process drains.
    """
    now = await look()
    if EVENT_STREAM not in r.request.headers.get("accept", ""):
        answer = page(r, now.template, **now.values)
        if now.done:
            answer.headers[DONE] = "1"
        return answer
    streams: Streams = r.request.app.state.streams
    streams.refuse(r.principal.pegawai_id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(_events(r, streams, now, look, every), 200, headers, EVENT_STREAM)


async def _events(
    r: Context, streams: Streams, now: Piece, look: Callable[[], Awaitable[Piece]], every: float
) -> AsyncIterator[str]:
    clock = asyncio.get_running_loop().time
    until, told = clock() + _LONGEST, clock()
    shown = text(r, now.template, **now.values)
    with streams.held(r.request.app.state.name, r.principal.pegawai_id):
        yield f"retry: {_RETRY_MS}\n\n{_event('isi', shown)}"
        while not now.done and not streams.ending and clock() < until:
            if await streams.pause(every):
                return
            try:
                r.request.app.state.generations.check(r.principal)
                now = await look()
            except Problem:
                return
            except Exception as error:
                log.warning("kabar langsung terputus", path=r.request.url.path, error=str(error))
                return
            again = text(r, now.template, **now.values)
            if again != shown:
                shown, told = again, clock()
                yield _event("isi", shown)
            elif clock() - told >= _HEARTBEAT:
                told = clock()
                yield ": masih di sini\n\n"
        if now.done:
            yield _event("selesai", "")


def _event(name: str, content: str) -> str:
    lines = "\n".join(f"data: {line}" for line in content.splitlines() or [""])
    return f"event: {name}\n{lines}\n\n"
