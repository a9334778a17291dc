"""A reconciliation as a workbook: totals, each OPD, then one row for each difference."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from services.tpp.ekspor.penulis import aman
from services.tpp.pembayaran import rules
from services.tpp.pembayaran.rekonsiliasi import Rekonsiliasi
from shared.clock import local_date
from shared.money import Rupiah

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_Sel = str | int | Rupiah | None
_OPD = (
    ("OPD", 44), ("Kode", 14), ("Kelompok", 38), ("Pembayaran", 12), ("Neto", 18), ("Sampai di payroll", 16),
    ("Dibayar", 10), ("Neto dibayar", 18), ("Keluar menurut payroll", 20), ("Gagal", 8), ("Ditarik", 8),
    ("Menunggu", 10), ("Dibatalkan dahulu", 16), ("Cocok", 8),
)  # fmt: skip
_TEMUAN = (
    ("Jenis", 26), ("Nama", 32), ("NIP", 22), ("OPD", 14), ("Menurut e-Kinerja", 18), ("Menurut payroll", 18),
    ("Penjelasan", 50), ("Sejak", 12), ("Yang bertindak", 16), ("Langkah berikutnya", 70), ("Item", 38),
)  # fmt: skip
_PEMILIK = {"bpkad": "BPKAD", "keuangan_opd": "Keuangan OPD", "sistem": "Cukup ditunggu"}


def sebagai_xlsx(found: Rekonsiliasi, zona: str) -> bytes:
    """The workbook; times are days of the region's zone."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        writer = _Buku(book)
        writer.lembar(
            "Ringkasan",
            (("Hal", 34), ("Jumlah", 20)),
            [
                ("Periode", found.periode.tampil()),
                ("Cocok", "Ya" if found.cocok else "Belum"),
                ("Pembayaran", found.pembayaran),
                ("Jumlah neto", found.neto),
                ("Sudah dibayar", found.dibayar),
                ("Neto sudah dibayar", found.neto_dibayar),
                ("Neto menurut payroll", found.neto_payroll),
                ("Gagal", found.gagal),
                ("Ditarik kembali", found.ditarik),
                ("Menunggu", found.menunggu),
                ("Dibatalkan dahulu", found.dibatalkan),
                *((rules.JENIS[name], found.temuan_jumlah.get(name, 0)) for name in rules.JENIS),
            ],
        )
        if found.opd:
            writer.lembar("OPD", _OPD, [
                (
                    one.opd_nama, one.opd_kode, str(one.batch_id or ""), one.pembayaran, one.neto,
                    one.dikirim, one.dibayar, one.neto_dibayar, one.neto_payroll, one.gagal, one.ditarik,
                    one.menunggu, one.dibatalkan, "Ya" if one.cocok else "Belum",
                )
                for one in found.opd
            ])  # fmt: skip
        writer.lembar("Temuan", _TEMUAN, (
            (
                rules.JENIS[one.jenis], one.nama_pegawai or one.nip, one.nip, one.opd_kode, one.kita,
                one.payroll, one.penjelasan, _hari(one.sejak, zona), _PEMILIK.get(one.pemilik, one.pemilik),
                one.langkah, one.item_id,
            )
            for one in found.temuan
        ))  # fmt: skip
    return out.getvalue()


class _Buku:
    """Writes sheets row by row, so that a large one is never held in memory."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._text = book.add_format({"num_format": "@"})
        self._money = book.add_format({"num_format": "#,##0.00"})

    def lembar(self, name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[_Sel]]) -> None:
        sheet = self._book.add_worksheet(name)
        for at, (title, width) in enumerate(columns):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, title, self._head)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            for at, cell in enumerate(row):
                self._sel(sheet, number, at, cell)

    def _sel(self, sheet: Worksheet, row: int, column: int, cell: _Sel) -> None:
        if isinstance(cell, Rupiah):
            sheet.write_number(row, column, cell.decimal, self._money)
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell)
        elif cell:
            sheet.write_string(row, column, aman(cell), self._text)


def _hari(when: datetime | None, zona: str) -> str:
    return local_date(when, zona).isoformat() if when else ""
