"""Runs as its own small process, bounded in memory and time: bytes on stdin, rows as JSON lines on stdout.

A hostile workbook can make any parser ask for all the memory there is (one cell at XFD1048576 is enough).
Here it ends this process only. Started by `shared.tabular.read`.
"""

import csv
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

MAX_COLUMNS = 100
MAX_UNPACKED = 256 * 1024 * 1024
MAX_ENTRIES = 2_000
_BATCH = 1_000
_CELL = 32_767
_CHUNK = 1024 * 1024
_LINES = 20
"""From how many lines the separator of a CSV is told."""


class Unreadable(Exception):
    """The file is no spreadsheet that we can take; the text says why, for people."""


def limit_resources(memory: int, seconds: int) -> None:
    """Bound this process; on systems without such limits the parent's time limit remains."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):
        return


def check_archive(data: bytes) -> None:
    """Unpack every entry against one budget, trusting no declared size. Raises Unreadable."""
    budget = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > budget:
                raise Unreadable("isinya jauh lebih besar daripada ukuran berkasnya")
            for entry in entries:
                # zipfile stops at the declared size; the real parser would not.
                entry.file_size = 2 * MAX_UNPACKED
                with archive.open(entry) as stream:
                    while chunk := stream.read(_CHUNK):
                        budget -= len(chunk)
                        if budget < 0:
                            raise Unreadable("isinya jauh lebih besar daripada ukuran berkasnya")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Unreadable("berkas Excel ini rusak atau dilindungi kata sandi") from error
    except Exception as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("berkas Excel ini rusak") from error


def cell_text(value: Any) -> str:
    """A cell as the text a person would type."""
    if isinstance(value, str):
        return " ".join(value[:_CELL].replace("\u00a0", " ").split(" ")).strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else format(value, ".15g")
    if isinstance(value, datetime):
        at = _to_seconds(value)
        return at.date().isoformat() if at.time() == time() else at.isoformat()
    if isinstance(value, time):
        near = _to_seconds(datetime.combine(date(2000, 1, 1), value))
        return near.time().isoformat() if near.day == 1 else "23:59:59"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    return str(value)


def _to_seconds(value: datetime) -> datetime:
    """The nearest second: a clock time that a formula worked out may be kept as 15:59:59.9999."""
    return (value + timedelta(microseconds=500_000)).replace(microsecond=0)


def read_xlsx(data: bytes) -> Iterator[tuple[str, list[tuple[int, int, int, int]], Iterable[list[Any]]]]:
    """Sheets as (name, merged ranges, rows from row 1 on). Raises Unreadable."""
    check_archive(data)
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_object(io.BytesIO(data))
        for meta in workbook.sheets_metadata:
            if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(meta.name)
            merged = [
                (top + 1, left, bottom + 1, right)
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
            ]
            yield meta.name, merged, _aligned(sheet)
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable("berkas Excel ini rusak atau bukan lembar kerja") from error


def _aligned(sheet: Any) -> Iterator[list[Any]]:
    """Rows from row 1 on, cells from column A on; iter_rows starts at the first used column."""
    if sheet.start is None:
        return
    shift = [""] * sheet.start[1]
    for row in sheet.iter_rows():
        yield shift + row


def read_csv(data: bytes) -> Iterator[list[str]]:
    """Rows of a CSV; separator comma, semicolon or tab; UTF-8, UTF-16 with mark, else Windows-1252.

    Raises Unreadable when it is no text at all.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    if data[:5] == b"%PDF-":
        raise Unreadable("ini PDF, bukan lembar kerja")
    head = text[:4096]
    if not head.strip() or any(ord(letter) < 32 and letter not in "\t\r\n" for letter in text[:100_000]):
        raise Unreadable("ini bukan lembar kerja Excel (.xlsx) maupun CSV")
    if head.lstrip()[:1] in ("<", "{"):
        raise Unreadable("ini halaman web atau data program, bukan lembar kerja")
    separator = _separator(head)
    csv.field_size_limit(_CELL)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise Unreadable(
            "susunan CSV rusak: ada sel yang terlalu panjang atau tanda kutip tanpa pasangan"
        ) from error


def _separator(head: str) -> str:
    """What stands equally often in the most lines: a title above or a name with degrees may have more commas
    than a short row has semicolons. Quoted texts say nothing of it."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in head.splitlines()[:_LINES]]

    def told(mark: str) -> tuple[int, int]:
        counts = Counter(found for line in lines if (found := line.count(mark)))
        return max(((times, count) for count, times in counts.items()), default=(0, 0))

    return max(",;\t", key=told)


def sheets(
    data: bytes, csv_name: str
) -> Iterator[tuple[str, list[tuple[int, int, int, int]], Iterable[list[Any]]]]:
    """Whatever the file is, by its content. Raises Unreadable."""
    if data[:4] == b"PK\x03\x04":
        yield from read_xlsx(data)
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable(
            "ini Excel format lama (.xls) atau berkas berkata sandi; simpan sebagai .xlsx tanpa kata sandi"
        )
    else:
        yield csv_name, [], read_csv(data)


def main() -> None:
    """Write `{"lembar":…}` for each sheet, `{"baris":[…]}` for its rows, `{"galat":…}` when unreadable."""
    memory, seconds, max_rows, csv_name = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    limit_resources(memory, seconds)
    data = sys.stdin.buffer.read()
    try:
        for name, merged, rows in sheets(data, csv_name):
            _send({"lembar": name, "gabung": merged[:10_000]})
            batch: list[Any] = []
            count = 0
            for number, row in enumerate(rows, start=1):
                cells = [cell_text(value) for value in row[:MAX_COLUMNS]]
                while cells and not cells[-1]:
                    cells.pop()
                if not cells:
                    continue
                count += 1
                if count > max_rows:
                    raise Unreadable(f"lembar “{name}” lebih dari {max_rows:,} baris".replace(",", "."))
                numeric = [
                    at
                    for at, value in enumerate(row[:MAX_COLUMNS])
                    if isinstance(value, int | float) and not isinstance(value, bool)
                ]
                batch.append((number, cells, numeric))
                if len(batch) == _BATCH:
                    _send({"baris": batch})
                    batch = []
            _send({"baris": batch})
    except Unreadable as reason:
        _send({"galat": str(reason)})
    except MemoryError:
        _send({"galat": "isinya terlalu besar untuk dibaca"})
    _send({"selesai": True})


def _send(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main()
