"""A what-if as a workbook: a sheet for each table, and charts that the spreadsheet draws itself."""

import io
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range

from services.tpp.andai.queries import HasilAndai, Jumlah
from services.tpp.ekspor.penulis import aman
from services.tpp.slip.ingatkan import PEMILIK
from shared.money import Rupiah

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SEBARAN = {
    "turun_lebih_25": "Turun lebih dari 25%",
    "turun_10_sampai_25": "Turun 10% sampai 25%",
    "turun_sampai_10": "Turun sampai 10%",
    "tetap": "Tetap",
    "naik_sampai_10": "Naik sampai 10%",
    "naik_10_sampai_25": "Naik 10% sampai 25%",
    "naik_lebih_25": "Naik lebih dari 25%",
}

_Sel = str | int | Rupiah
_KOLOM: Sequence[tuple[str, Callable[[Jumlah], _Sel]]] = (
    ("Orang-bulan", lambda one: one.orang),
    ("Bruto dahulu", lambda one: one.bruto_lama),
    ("Bruto dengan kebijakan ini", lambda one: one.bruto_baru),
    ("Selisih bruto", lambda one: one.selisih),
    ("Neto dahulu", lambda one: one.neto_lama),
    ("Neto dengan kebijakan ini", lambda one: one.neto_baru),
    ("Iuran pemberi kerja dahulu", lambda one: one.iuran_lama),
    ("Iuran pemberi kerja dengan kebijakan ini", lambda one: one.iuran_baru),
    ("Beban daerah dahulu", lambda one: one.beban_lama),
    ("Beban daerah dengan kebijakan ini", lambda one: one.beban_baru),
    ("Naik (orang-bulan)", lambda one: one.naik),
    ("Naik (rupiah)", lambda one: one.naik_rupiah),
    ("Turun (orang-bulan)", lambda one: one.turun),
    ("Turun (rupiah)", lambda one: one.turun_rupiah),
    ("Tetap (orang-bulan)", lambda one: one.tetap),
    ("Jadi ditahan (orang-bulan)", lambda one: one.jadi_ditahan),
    ("Bruto dahulu yang jadi ditahan", lambda one: one.jadi_ditahan_bruto),
    ("Jadi dihitung (orang-bulan)", lambda one: one.jadi_dihitung),
    ("Tetap ditahan (orang-bulan)", lambda one: one.tetap_ditahan),
    *(
        (title, lambda one, kode=kode: one.sebaran[kode])
        for kode, title in SEBARAN.items()
        if kode != "tetap"
    ),
)
_LEBAR = 60
"""Letters of a long name on one line."""
_TIDAK_ADA: Mapping[str, int] = MappingProxyType({})
_LAMA, _BARU = 1, 2
"""Where in `_KOLOM` the budgets stand."""


def sebagai_xlsx(found: HasilAndai) -> bytes:
    """The workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_size(2400, 1400)
        writer = _Buku(book, found.jumlah)
        writer.ringkasan(found)
        writer.lembar("Bulan", ["Bulan"], [([one.sebutan], one) for one in found.bulan])
        writer.grafik("Bulan", len(found.bulan), "Anggaran (bruto) tiap bulan")
        writer.lembar("OPD", ["Kode OPD", "OPD"], [([one.opd_kode, one.opd_nama], one) for one in found.opd])
        writer.lembar(
            "Unit", ["Kode OPD", "Unit"], [([one.opd_kode, one.unit_path], one) for one in found.unit]
        )
        writer.lembar("Kelas", ["Kelas jabatan"], [([str(one.kelas or "–")], one) for one in found.kelas])
        writer.grafik("Kelas", len(found.kelas), "Anggaran (bruto) tiap kelas jabatan")
        writer.sebab(found)
    return out.getvalue()


class _Buku:
    """Sheets with the same columns of sums, each ending with their total."""

    def __init__(self, book: Any, jumlah: Jumlah) -> None:
        self._book, self._jumlah = book, jumlah
        self._text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        self._number = book.add_format({"num_format": "#,##0", "valign": "top"})
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        self._head, self._head_number = book.add_format(head), book.add_format({**head, "align": "right"})
        self._title = book.add_format({"bold": True, "font_size": 14, "text_wrap": True, "valign": "top"})
        self._total = book.add_format({"bold": True, "top": 1, "num_format": "#,##0"})
        self._sheet: Any = None

    def ringkasan(self, found: HasilAndai) -> None:
        """What was asked, and everyone's sums one under the other."""
        self._buka("Ringkasan")
        self._sheet.set_column(0, 1, 36)
        self._sheet.set_portrait()
        andai = found.andai
        self._sheet.merge_range(0, 0, 0, 1, "", self._title)
        self._sheet.write_string(0, 0, aman(f"Simulasi: {andai.nama}"), self._title)
        self._sheet.set_row(0, 20 * (1 + len(andai.nama) // 44))
        rows: list[Sequence[_Sel]] = [
            ("Bulan", andai.masa),
            ("Dibuat oleh", andai.oleh_nama),
            ("Sidik isi", andai.sidik[:16]),
            ("Sifat", "Simulasi; tidak pernah dibayarkan"),
            (),
            *((title, value(found.jumlah)) for title, value in _KOLOM),
        ]
        if found.jumlah.jadi_ditahan:
            rows.append(("Selisih bruto tanpa yang jadi ditahan", found.jumlah.selisih_tanpa_ditahan))
        rows += self._pembayaran(found)
        for place, cells in enumerate(rows, 2):
            self._baris(place, cells)

    @staticmethod
    def _pembayaran(found: HasilAndai) -> list[Sequence[_Sel]]:
        """What the sum is made of, where extra payments are part of it."""
        if not found.andai.khusus:
            return []
        rows: list[Sequence[_Sel]] = [()]
        for name, before, after in found.susunan:
            rows += [(f"{name}, bruto dahulu", before), (f"{name}, bruto dengan kebijakan ini", after)]
        return [*rows, *(("Catatan", one) for one in found.catatan)]

    def lembar(self, name: str, keys: Sequence[str], rows: Sequence[tuple[Sequence[str], Jumlah]]) -> None:
        """A sheet: its keys, then the sums, then what they add up to."""
        texts = [keys, *(cells for cells, _ in rows)]
        widths = [min(_LEBAR, 2 + max(len(one[at]) for one in texts)) for at in range(len(keys))]
        sums_of = {title: 17 if isinstance(value(self._jumlah), Rupiah) else 12 for title, value in _KOLOM}
        self._buka(name, dict(zip(keys, widths, strict=True)), sums_of)
        # Printed two pages wide, with whose sums they are on both.
        self._sheet.fit_to_pages(2, 0)
        self._sheet.repeat_columns(0, len(keys) - 1)
        for place, (cells, sums) in enumerate(rows, 1):
            if (lines := 1 + max(map(len, cells)) // _LEBAR) > 1:
                self._sheet.set_row(place, 15 * lines)
            self._baris(place, [*cells, *(value(sums) for _, value in _KOLOM)])
        last = len(rows) + 1
        self._sheet.write_string(last, 0, "Jumlah", self._total)
        for at in range(1, len(keys)):
            self._sheet.write_blank(last, at, None, self._total)
        for at, (_, value) in enumerate(_KOLOM, len(keys)):
            total = value(self._jumlah)
            number = total.decimal if isinstance(total, Rupiah) else total
            formula = f"=SUM({xl_range(1, at, last - 1, at)})"
            self._sheet.write_formula(last, at, formula, self._total, number)
        self._sheet.freeze_panes(1, len(keys))
        self._sheet.repeat_rows(0)

    def sebab(self, found: HasilAndai) -> None:
        """Who could not be computed, and why."""
        self._buka("Belum dapat dihitung", {"Sebab": 70, "Yang bertindak": 24}, {"Orang-bulan": 14})
        for place, one in enumerate(found.sebab, 1):
            self._baris(place, [one.kalimat, PEMILIK.get(one.pemilik, one.pemilik), one.orang])

    def grafik(self, name: str, banyak: int, title: str) -> None:
        """A chart of both budgets below the present sheet's rows."""
        if not banyak:
            return
        chart = self._book.add_chart({"type": "column"})
        for column in (1 + _LAMA, 1 + _BARU):
            chart.add_series(
                {
                    "name": [name, 0, column],
                    "categories": [name, 1, 0, banyak, 0],
                    "values": [name, 1, column, banyak, column],
                }
            )
        chart.set_title({"name": title})
        chart.set_y_axis({"num_format": "#,##0", "min": 0})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 900, "height": 420})
        self._sheet.insert_chart(banyak + 3, 0, chart)

    def _buka(
        self, name: str, texts: Mapping[str, int] = _TIDAK_ADA, numbers: Mapping[str, int] = _TIDAK_ADA
    ) -> None:
        """A sheet with the widths of its columns."""
        sheet = self._sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RHalaman &P dari &N")
        if len(numbers) > 1:
            sheet.set_row(0, 48)
        for at, (title, width) in enumerate([*texts.items(), *numbers.items()]):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, title, self._head if at < len(texts) else self._head_number)

    def _baris(self, place: int, cells: Sequence[_Sel]) -> None:
        for at, cell in enumerate(cells):
            if isinstance(cell, Rupiah):
                self._sheet.write_number(place, at, cell.decimal, self._number)
            elif isinstance(cell, int):
                self._sheet.write_number(place, at, cell, self._number)
            elif cell:
                self._sheet.write_string(place, at, aman(cell), self._text)
