"""Reading an uploaded spreadsheet without trusting it."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from shared.errors import InvalidInput
from shared.tabular.model import Row, Sheet

MAX_FILE = 30 * 1024 * 1024
"""Bytes of an uploaded spreadsheet."""
MAX_ROWS = 200_000
"""Rows of one sheet: twice the largest installation."""

_MEMORY = 1024 * 1024 * 1024
_SECONDS = 60
_SHARED = 12
"""Letters of a cell that others may well say, too."""
_LINE = 64 * 1024 * 1024
# By path, not as a module: the package around it imports far more than reading needs.
_CHILD = str(Path(__file__).with_name("child.py"))


Count = Callable[[int], None]


def uncounted(rows: int) -> None:
    """Nobody asked how far reading is."""


async def read_sheets(
    data: bytes, *, csv_name: str = "CSV", max_rows: int = MAX_ROWS, count: Count = uncounted
) -> list[Sheet]:
    """All of `iter_sheets`, in a list."""
    return [sheet async for sheet in iter_sheets(data, csv_name=csv_name, max_rows=max_rows, count=count)]


async def iter_sheets(
    data: bytes, *, csv_name: str = "CSV", max_rows: int = MAX_ROWS, count: Count = uncounted
) -> AsyncIterator[Sheet]:
    """The sheets of an XLSX, or the one sheet of a CSV (named `csv_name`), as text cells, one after another.

    Who takes each in before asking for the next never holds them all in memory. `count` hears of every batch
    of rows as it is read. What the file is follows
    from its content, not its name. It is parsed in a process of its own with 1 GiB and 60 s at most, so that
    no file can exhaust the service. Raises InvalidInput when it is no spreadsheet, damaged, encrypted, or
    unpacks to far more than it should.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        _CHILD,
        str(_MEMORY),
        str(_SECONDS),
        str(max_rows),
        csv_name,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
        limit=_LINE,
    )
    feeding = asyncio.create_task(_feed(process, data))
    try:
        async with asyncio.timeout(_SECONDS * 2):
            async for sheet in _collect(process, count):
                yield sheet
    except TimeoutError:
        raise _unreadable("memerlukan waktu terlalu lama untuk dibaca") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await asyncio.gather(feeding, return_exceptions=True)


async def _feed(process: asyncio.subprocess.Process, data: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(data)
    with contextlib.suppress(ConnectionError):
        await process.stdin.drain()
    process.stdin.close()


async def _collect(process: asyncio.subprocess.Process, count: Count) -> AsyncIterator[Sheet]:
    assert process.stdout is not None
    sheet: Sheet | None = None
    same: dict[Any, Any] = {}
    while line := await process.stdout.readline():
        message: dict[str, Any] = json.loads(line)
        if "galat" in message:
            raise _unreadable(message["galat"])
        if "lembar" in message:
            if sheet is not None:
                yield sheet
            sheet = Sheet(message["lembar"], [], [tuple(area) for area in message["gabung"]])
        elif "baris" in message and sheet is not None:
            sheet.rows.extend(
                _row(number, cells, numeric, same) for number, cells, numeric in message["baris"]
            )
            count(len(message["baris"]))
        elif "selesai" in message:
            if sheet is not None:
                yield sheet
            return
    raise _unreadable("isinya terlalu besar atau rusak")


def _row(number: int, cells: list[str], numeric: list[int], same: dict[Any, Any]) -> Row:
    """A row that shares short texts with the rows before it: files repeat days, times and words."""
    places = tuple(numeric)
    shared = [same.setdefault(cell, cell) if len(cell) <= _SHARED else cell for cell in cells]
    return Row(number, shared, same.setdefault(places, places))


def _unreadable(reason: str) -> InvalidInput:
    return InvalidInput(
        f"Berkas ini tidak dapat dibaca: {reason}.",
        remedy="Kirim berkas .xlsx atau .csv yang dapat dibuka dengan aplikasi lembar kerja.",
    )
