"""Printing: a child process sets the documents, so that none of them can hold up or take down the service."""

import asyncio
import contextlib
import json
import sys
from pathlib import Path
from typing import Any

from shared.errors import Unavailable
from shared.obs.logging import log

_CHILD = str(Path(__file__).with_name("anak.py"))
_SECONDS = 10.0
_FRAME = 11


class Percetakan:
    """Sets one document after another; a child that hangs or dies is replaced. Started with the first one."""

    def __init__(self, *, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None

    async def cetak(self, document: dict[str, Any]) -> bytes:
        """The PDF. Raises Unavailable when it cannot be made within the time allowed."""
        async with self._turn:
            child = await self._ready()
            try:
                async with asyncio.timeout(self._seconds):
                    return await _ask(child, document)
            except (TimeoutError, ConnectionError, asyncio.IncompleteReadError) as error:
                await self.tutup()
                log.error("slip tidak dapat disusun", error=f"{type(error).__name__}: {error}")
                raise Unavailable(
                    "Slip ini belum dapat dicetak.",
                    remedy="Coba lagi sebentar; angkanya tetap dapat dilihat di layar.",
                    retry_after=5,
                ) from error
            except BaseException:
                # Whoever asked went away: what the child still has to say would be taken for the next answer.
                await self.tutup()
                raise

    async def tutup(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()

    async def _ready(self) -> asyncio.subprocess.Process:
        if self._child is None or self._child.returncode is not None:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                _CHILD,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={},
            )
        return self._child


async def _ask(child: asyncio.subprocess.Process, document: dict[str, Any]) -> bytes:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps(document).encode() + b"\n")
    await child.stdin.drain()
    frame = await child.stdout.readexactly(_FRAME)
    body = await child.stdout.readexactly(int(frame[1:]))
    if frame[:1] != b"+":
        raise RuntimeError(f"templat slip menolak dokumen: {body.decode(errors='replace')}")
    return body
