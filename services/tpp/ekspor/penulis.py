"""Writing rows into a file as they come: XLSX, CSV or XML, never more than a row in memory.

Texts are always text cells, so that no digit of a NIP, an account or an NPWP is lost; a text that a
spreadsheet would read as a formula is made harmless.
"""

import csv
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

import xlsxwriter

from services.tpp.ekspor.profil import Cetak, Kolom, Profil

Sel = str | int
"""A cell: text, or whole rupiah."""

_A4 = 9
_TINGGI = 15
"""Of one line, in points."""
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NONE: "AttributesImpl[str]" = AttributesImpl({})
_NIL = AttributesImpl({"xsi:nil": "true"})


class Penulis(Protocol):
    """Takes rows; the file is whole after `tutup`."""

    def tulis(self, rows: Iterable[Sequence[Sel]]) -> None:
        """Append rows, each with a cell for every column."""

    def tutup(self) -> None:
        """Finish the file."""


def aman(text: str) -> str:
    """A text no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _baris(value: Sel, lebar: int) -> int:
    """How many lines a cell of this width takes; not every program counts them by itself."""
    if isinstance(value, int) or len(value) <= lebar:
        return 1
    return len(textwrap.wrap(value, lebar))


class _Jumlah:
    """The sums of the amount columns."""

    def __init__(self, columns: Sequence[Kolom]) -> None:
        self._sums: list[int | None] = [0 if column.rupiah else None for column in columns]

    def tambah(self, row: Sequence[Sel]) -> None:
        for at, total in enumerate(self._sums):
            value = row[at]
            if total is not None and isinstance(value, int):
                self._sums[at] = total + value

    def baris(self) -> list[Sel]:
        """The closing row: `Jumlah` in the first column that is no amount."""
        found: list[Sel] = ["" if total is None else total for total in self._sums]
        if "" in found:
            found[found.index("")] = "Jumlah"
        return found


class Xlsx:
    """A worksheet, written row by row."""

    def __init__(self, path: Path, profil: Profil, perihal: str) -> None:
        self._book = xlsxwriter.Workbook(
            path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._sheet = self._book.add_worksheet(profil.lembar)
        # To be signed on paper: a line under each row, long texts in two lines.
        self._lined = profil.cetak is not None
        form = {"bottom": 4, "valign": "vcenter"} if self._lined else {}
        indent = int(self._lined)
        text = {"num_format": "@", "text_wrap": self._lined, **form}
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        self._money = self._book.add_format({"num_format": "#,##0", **form})
        # Percentages are text, and stand under each other like the amounts beside them.
        left = self._book.add_format({**text, "align": "left", "indent": indent})
        right = self._book.add_format({**text, "align": "right"})
        self._texts = [right if column.persen else left for column in profil.kolom]
        left = self._book.add_format({**head, "align": "left", "indent": indent})
        right = self._book.add_format({**head, "align": "right"})
        heads = [
            right if column.persen or column.rupiah or column.urutan else left for column in profil.kolom
        ]
        if profil.cetak:
            self._siapkan_cetak(profil.cetak, perihal)
        # A sum may be wider than its column, which would show as #####.
        self._total = self._book.add_format({"bold": True, "top": 1, "num_format": "#,##0", "shrink": True})
        self._sum = _Jumlah(profil.kolom) if profil.jumlah else None
        self._lebar = [column.lebar for column in profil.kolom] if profil.cetak else []
        self._least = profil.cetak.tinggi if profil.cetak else _TINGGI
        self._row = 0
        for at, column in enumerate(profil.kolom):
            self._sheet.set_column(at, at, column.lebar)
        if profil.kepala:
            self._sheet.freeze_panes(1, 0)
            self._tinggi([column.judul for column in profil.kolom])
            for at, column in enumerate(profil.kolom):
                self._sheet.write_string(0, at, column.judul, heads[at])
            self._row = 1

    def _siapkan_cetak(self, cetak: Cetak, perihal: str) -> None:
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.6)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.set_default_row(cetak.tinggi)
        # An ampersand begins a code of the header.
        self._sheet.set_header("&L&B" + f"{cetak.judul} {perihal}".replace("&", "&&"))
        self._sheet.set_footer("&RHalaman &P dari &N")

    def tulis(self, rows: Iterable[Sequence[Sel]]) -> None:
        """Append rows."""
        sheet, texts, money = self._sheet, self._texts, self._money
        for row in rows:
            self._tinggi(row)
            for at, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(self._row, at, value, money)
                elif value:
                    sheet.write_string(self._row, at, aman(value), texts[at])
                elif self._lined:
                    sheet.write_blank(self._row, at, None, texts[at])
            if self._sum is not None:
                self._sum.tambah(row)
            self._row += 1

    def _tinggi(self, row: Sequence[Sel]) -> None:
        needed = _TINGGI * max(map(_baris, row, self._lebar), default=1)
        if self._lebar and needed > self._least:
            self._sheet.set_row(self._row, needed)

    def tutup(self) -> None:
        """The row of sums, then the file."""
        if self._sum is not None:
            for at, value in enumerate(self._sum.baris()):
                if isinstance(value, int):
                    self._sheet.write_number(self._row, at, value, self._total)
                else:
                    self._sheet.write_string(self._row, at, value, self._total)
        self._book.close()


class Csv:
    """Separated values in UTF-8 with a mark, so that spreadsheets read it rightly; texts are quoted."""

    def __init__(self, path: Path, profil: Profil) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, delimiter=profil.pemisah, quoting=csv.QUOTE_NONNUMERIC)
        self._sum = _Jumlah(profil.kolom) if profil.jumlah else None
        if profil.kepala:
            self._writer.writerow([column.judul for column in profil.kolom])

    def tulis(self, rows: Iterable[Sequence[Sel]]) -> None:
        """Append rows."""
        for row in rows:
            self._writer.writerow([aman(value) if isinstance(value, str) else value for value in row])
            if self._sum is not None:
                self._sum.tambah(row)

    def tutup(self) -> None:
        """The row of sums, then the file."""
        if self._sum is not None:
            self._writer.writerow(self._sum.baris())
        self._file.close()


class Xml:
    """One element for each row; an empty text becomes `xsi:nil`."""

    def __init__(self, path: Path, profil: Profil, pembuka: Sequence[Sel]) -> None:
        self._profil = profil
        self._file = path.open("wb")
        self._out = XMLGenerator(self._file, "UTF-8", short_empty_elements=True)
        self._out.startDocument()
        self._out.startElement(profil.akar, AttributesImpl({"xmlns:xsi": _XSI}))
        self._elements(profil.pembuka, pembuka)
        self._out.startElement(profil.daftar, _NONE)

    def tulis(self, rows: Iterable[Sequence[Sel]]) -> None:
        """Append elements."""
        for row in rows:
            self._out.characters("\n")
            self._out.startElement(self._profil.baris, _NONE)
            self._elements(self._profil.kolom, row)
            self._out.endElement(self._profil.baris)

    def tutup(self) -> None:
        """Close what is open."""
        self._out.characters("\n")
        for name in (self._profil.daftar, self._profil.akar):
            self._out.endElement(name)
        self._out.endDocument()
        self._file.close()

    def _elements(self, columns: Sequence[Kolom], row: Sequence[Sel]) -> None:
        for column, value in zip(columns, row, strict=True):
            self._out.startElement(column.judul, _NIL if value == "" else _NONE)
            if value != "":
                self._out.characters(str(value))
            self._out.endElement(column.judul)


def buat(path: Path, profil: Profil, perihal: str, pembuka: Sequence[Sel] = ()) -> Penulis:
    """The writer for this profile's form. `perihal`: of which month and OPD it is, for a printed title."""
    if profil.jenis == "xlsx":
        return Xlsx(path, profil, perihal)
    if profil.jenis == "csv":
        return Csv(path, profil)
    return Xml(path, profil, pembuka)
