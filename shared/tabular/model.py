"""Sheets, the header row, records by column name, and what is wrong with them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

_HEADER_ROWS = 20
"""How far down a header may have been shifted by titles and logos above it."""
_SHOWN = 80


class Row(NamedTuple):
    """One row: its number as the spreadsheet shows it, text cells, and which of them were numbers there."""

    nomor: int
    cells: list[str]
    numeric: Sequence[int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet without its empty rows. `merged`: first row, first column, last row, last column (row
    numbers as shown, columns from 0)."""

    nama: str
    rows: list[Row]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


class SalahBaris(BaseModel):
    """What is wrong with one cell or row, and how the sender puts it right."""

    model_config = ConfigDict(frozen=True)

    lembar: str
    baris: int = Field(
        ge=0, description="Nomor baris seperti pada lembar kerja; 0 bila menyangkut seluruh lembar"
    )
    kolom: str
    nilai: str
    alasan: str
    perbaikan: str


@dataclass(slots=True)
class Findings:
    """Everything wrong with a file: all counted, the first `limit` listed."""

    limit: int = 1000
    listed: list[SalahBaris] = field(default_factory=list)
    jumlah: int = 0
    bad: set[tuple[str, int]] = field(default_factory=set)
    """(sheet, row) of every wrong row, also of those beyond the listed ones."""

    def add(self, lembar: str, baris: int, kolom: str, nilai: str, alasan: str, perbaikan: str) -> None:
        """Record one fault; the row counts as wrong from now on."""
        self.jumlah += 1
        self.bad.add((lembar, baris))
        if len(self.listed) < self.limit:
            shown = nilai if len(nilai) <= _SHOWN else nilai[:_SHOWN] + "…"
            self.listed.append(
                SalahBaris(
                    lembar=lembar, baris=baris, kolom=kolom, nilai=shown, alasan=alasan, perbaikan=perbaikan
                )
            )

    @property
    def whole_sheets(self) -> bool:
        """Whether some sheet as a whole cannot be used (row 0): then no row of it may be taken."""
        return any(baris == 0 for _, baris in self.bad)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that we look for by name: letter case, spaces and punctuation do not matter.

    What stands in a `secret` one is told to nobody in a report.
    """

    key: str
    title: str
    aliases: tuple[str, ...] = ()
    required: bool = True
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose header was found: which column is where."""

    sheet: Sheet
    columns: dict[str, Column]
    positions: dict[str, int]
    header_row: int

    def records(self, findings: Findings) -> Iterator["Record"]:
        """The rows below the header, with cells hidden by a merge reported."""
        covered = self._covered()
        for row in self.sheet.rows:
            if row.nomor <= self.header_row:
                continue
            record = Record(self, row)
            if row.nomor in covered:
                record.wrong(
                    findings,
                    covered[row.nomor],
                    "sel ini digabung dengan sel lain sehingga isinya hilang",
                    "Batalkan penggabungan sel (Unmerge Cells) dan isi setiap baris.",
                )
            yield record

    def _covered(self) -> dict[int, str]:
        """Rows below the header that have a known column under a merge, and that column."""
        known = {position: key for key, position in self.positions.items()}
        present = {row.nomor for row in self.sheet.rows}
        found: dict[int, str] = {}
        for top, left, bottom, right in self.sheet.merged:
            for number in present.intersection(range(max(top, self.header_row + 1), bottom + 1)):
                for position in range(left, right + 1):
                    if position in known and (number, position) != (top, left):
                        found.setdefault(number, known[position])
        return found


class Record(NamedTuple):
    """One row below the header, read by column key."""

    table: Table
    row: Row

    @property
    def nomor(self) -> int:
        """Row number as the spreadsheet shows it."""
        return self.row.nomor

    def text(self, key: str) -> str:
        """The cell's text without surrounding spaces; empty when the column or cell is absent."""
        position = self.table.positions.get(key)
        return self.row.cells[position] if position is not None and position < len(self.row.cells) else ""

    def is_number(self, key: str) -> bool:
        """Whether the cell was a number in the spreadsheet (long numbers lose digits there)."""
        return self.table.positions.get(key, -1) in self.row.numeric

    def wrong(self, findings: Findings, key: str, alasan: str, perbaikan: str = "") -> None:
        """Report a fault of one cell."""
        findings.add(
            self.table.sheet.nama,
            self.row.nomor,
            self.table.columns[key].title,
            self.text(key),
            alasan,
            perbaikan,
        )

    def is_bad(self, findings: Findings) -> bool:
        """Whether anything was reported for this row."""
        return (self.table.sheet.nama, self.row.nomor) in findings.bad


def plain(text: str) -> str:
    """A name reduced to what matters when comparing: lower case letters and digits."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _titles(row: Row, names: dict[str, str]) -> dict[str, list[int]]:
    """Which columns a row names, and where."""
    found: dict[str, list[int]] = {}
    for position, cell in enumerate(row.cells):
        if (key := names.get(plain(cell))) is not None:
            found.setdefault(key, []).append(position)
    return found


def find_table(sheet: Sheet, columns: Sequence[Column], findings: Findings) -> Table | None:
    """The header row within the first twenty rows, wherever it was shifted to.

    A header of two rows, as under a merged “Jam”, counts as one. None, with the reason in `findings` (row 0),
    when a required column is absent or named twice.
    """
    names = {plain(name): column.key for column in columns for name in (column.title, *column.aliases)}
    rows = sheet.rows[:_HEADER_ROWS]
    known = [_titles(row, names) for row in rows]
    place = max(range(len(rows)), key=lambda at: len(known[at]), default=0)
    header, matched = (rows[place], known[place]) if rows and known[place] else (None, {})
    lacking = any(column.required and column.key not in matched for column in columns)
    for near in (place - 1, place + 1):
        # Only where something is missing: a row of data may hold a word that is a title elsewhere.
        if header and lacking and 0 <= near < len(rows) and abs(rows[near].nomor - rows[place].nomor) == 1:
            more = {key: places for key, places in known[near].items() if key not in matched}
            matched = {**matched, **more}
            header = rows[near] if more and near > place else header
    seen = ", ".join(cell for cell in rows[place].cells if cell) if header else ""
    faulty = False
    for column in columns:
        places = matched.get(column.key, [])
        if len(places) > 1:
            alasan, perbaikan = "judul kolom ini ada lebih dari satu", "Hapus atau ganti nama salah satunya."
        elif not places and column.required:
            alasan = "judul kolom ini tidak ditemukan dalam dua puluh baris pertama"
            perbaikan = f"Tulis judul “{column.title}” pada baris judul kolom" + (
                "." if header else ", atau hapus lembar ini bila bukan data."
            )
        else:
            continue
        faulty = True
        findings.add(sheet.nama, 0, column.title, seen, alasan, perbaikan)
    if faulty or header is None:
        return None
    return Table(
        sheet,
        {column.key: column for column in columns},
        {key: places[0] for key, places in matched.items()},
        header.nomor,
    )
