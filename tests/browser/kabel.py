"""The way from a browser to the server, which can be cut: a browser's own airplane mode leaves holes."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any


class Kabel:
    """Passes bytes on to a port of this machine while there is signal. Use it as a context manager."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.port = 0

    def __enter__(self) -> "Kabel":
        self._thread.start()
        self.sinyal(True)
        return self

    def __exit__(self, *_: object) -> None:
        self.sinyal(False)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def sinyal(self, ada: bool) -> None:
        """Signal comes, or goes: then connections break and new ones are refused."""
        self._run(self._listen() if ada else self._cut())

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        broken = list(self._open)
        for one in broken:
            one.cancel()
        await asyncio.gather(*broken, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        me = asyncio.current_task()
        assert me is not None
        self._open.add(me)
        try:
            onward, back = await asyncio.open_connection("127.0.0.1", self._to)
            try:
                await asyncio.gather(_pipe(reader, back), _pipe(onward, writer))
            finally:
                back.close()
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            self._open.discard(me)


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    target.close()
