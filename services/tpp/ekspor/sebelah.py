"""A worksheet written by a process of its own, while the next rows are read and put together here.

Writing a cell costs as much as all that is done to know it. Rows go over as lines of JSON; the file is whole
when the last line said so and the process ended well.
"""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from services.tpp.ekspor import penulis
from services.tpp.ekspor.profil import Profil

_HABIS = "null"
_GAGAL = "berkas tidak dapat ditulis; sebabnya tertulis di catatan layanan"


class Sebelah:
    """Takes rows of one file for the process beside; `async with`, which ends it whatever happens."""

    def __init__(self, path: Path, profil: Profil, perihal: str) -> None:
        self._awal = {"path": str(path), "profil": profil.model_dump(mode="json"), "perihal": perihal}
        self._process: asyncio.subprocess.Process | None = None
        # What it keeps beside the file while it writes is pay data, and goes when it is killed, too.
        self._folder = tempfile.TemporaryDirectory(prefix="ekinerja-")

    async def __aenter__(self) -> "Sebelah":
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            __name__,
            stdin=asyncio.subprocess.PIPE,
            # Of this process's settings, which hold secrets, it needs none.
            env={"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": self._folder.name},
        )
        await self._kirim(json.dumps(self._awal))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        self._folder.cleanup()

    async def tulis(self, rows: Sequence[Sequence[penulis.Sel]]) -> None:
        """Append rows; waits while those before have not gone over."""
        await self._kirim(await asyncio.to_thread(json.dumps, rows))

    async def tutup(self) -> None:
        """Finish the file. Raises OSError when it could not be written."""
        await self._kirim(_HABIS)
        if self._process is None or await self._process.wait():
            raise OSError(_GAGAL)

    async def _kirim(self, line: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        try:
            await self._process.stdin.drain()
        except ConnectionError as error:
            raise OSError(_GAGAL) from error


class Langsung:
    """The same for a form that is quickly written: in a thread of this process."""

    def __init__(self, path: Path, profil: Profil, perihal: str, pembuka: Sequence[penulis.Sel]) -> None:
        self._writer = penulis.buat(path, profil, perihal, pembuka)

    async def __aenter__(self) -> "Langsung":
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is left behind: whoever gives up removes the file."""

    async def tulis(self, rows: Sequence[Sequence[penulis.Sel]]) -> None:
        """Append rows."""
        await asyncio.to_thread(self._writer.tulis, rows)

    async def tutup(self) -> None:
        """Finish the file."""
        await asyncio.to_thread(self._writer.tutup)


def buka(path: Path, profil: Profil, perihal: str, pembuka: Sequence[penulis.Sel]) -> "Sebelah | Langsung":
    """What takes the rows of this file."""
    if profil.jenis == "xlsx":
        return Sebelah(path, profil, perihal)
    return Langsung(path, profil, perihal, pembuka)


def main() -> int:
    """The process beside: 1 when the lines ended before they were all said."""
    first: dict[str, Any] = json.loads(sys.stdin.readline())
    writer = penulis.buat(Path(first["path"]), Profil.model_validate(first["profil"]), first["perihal"])
    for line in sys.stdin:
        rows = json.loads(line)
        if rows is None:
            writer.tutup()
            return 0
        writer.tulis(rows)
    return 1


if __name__ == "__main__":
    sys.exit(main())
