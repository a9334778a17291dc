"""Spreadsheets from offices: read safely into text cells, headers found by name, wrong rows explained."""

from shared.tabular.model import Column, Findings, Record, Row, SalahBaris, Sheet, Table, find_table
from shared.tabular.read import MAX_FILE, MAX_ROWS, iter_sheets, read_sheets, uncounted
from shared.tabular.templat import XLSX, empty_workbook
from shared.tabular.values import lost_digits, parse_date, parse_period, parse_time, unsafe_text

__all__ = [
    "MAX_FILE",
    "MAX_ROWS",
    "XLSX",
    "Column",
    "Findings",
    "Record",
    "Row",
    "SalahBaris",
    "Sheet",
    "Table",
    "empty_workbook",
    "find_table",
    "iter_sheets",
    "lost_digits",
    "parse_date",
    "parse_period",
    "parse_time",
    "read_sheets",
    "uncounted",
    "unsafe_text",
]
