"""An empty workbook to fill in: its columns named as they are read, every cell text."""

import io
from collections.abc import Sequence

import xlsxwriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEXT = 49
"""The built-in number format that spreadsheets call Text."""


def empty_workbook(sheets: Sequence[tuple[str, Sequence[str]]]) -> bytes:
    """An XLSX with these sheets and the titles of their columns; a sheet without a name is `Data`.

    Cells are text, so that a spreadsheet keeps the leading zeros and the 16th digit of a number.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        text = book.add_format({"num_format": _TEXT})
        title = book.add_format({"num_format": _TEXT, "bold": True, "bottom": 1})
        for name, columns in sheets:
            sheet = book.add_worksheet(name or "Data")
            for number, column in enumerate(columns):
                sheet.set_column(number, number, max(14, len(column) + 4), text)
                sheet.write_string(0, number, column, title)
            sheet.freeze_panes(1, 0)
    return out.getvalue()
