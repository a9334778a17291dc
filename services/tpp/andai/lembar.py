"""A what-if as a workbook: a sheet for each table, and charts that the spreadsheet draws itself."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

from services.tpp.andai.queries import HasilAndai, Jumlah
from services.tpp.ekspor.penulis import aman
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
    ("Naik (orang)", lambda one: one.naik),
    ("Naik (rupiah)", lambda one: one.naik_rupiah),
    ("Turun (orang)", lambda one: one.turun),
    ("Turun (rupiah)", lambda one: one.turun_rupiah),
    ("Tetap (orang)", lambda one: one.tetap),
    ("Jadi ditahan (orang)", lambda one: one.jadi_ditahan),
    ("Bruto yang jadi ditahan", lambda one: one.jadi_ditahan_bruto),
    ("Jadi dihitung (orang)", lambda one: one.jadi_dihitung),
    *((title, lambda one, kode=kode: one.sebaran[kode]) for kode, title in SEBARAN.items()),
)


def sebagai_xlsx(found: HasilAndai) -> bytes:
    """The workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        writer = _Buku(book)
        andai = found.andai
        months = ", ".join(one.tampil() for one in andai.bulan)
        writer.lembar("Ringkasan", ["Hal"], [(["Semua"], found.jumlah)])
        writer.catatan(
            [
                f"Simulasi kebijakan {andai.nama}",
                f"Sidik isi {andai.sidik}",
                f"Bulan: {months}",
                f"Dibuat oleh {andai.oleh_nama}. Tidak pernah dibayarkan.",
            ]
        )
        writer.lembar("Bulan", ["Bulan"], [([one.periode.tampil()], one) for one in found.bulan])
        writer.grafik("Bulan", len(found.bulan), "Anggaran (bruto) tiap bulan", (2, 3))
        writer.lembar("OPD", ["Kode OPD", "OPD"], [([one.opd_kode, one.opd_nama], one) for one in found.opd])
        writer.lembar(
            "Unit", ["Kode OPD", "Unit"], [([one.opd_kode, one.unit_path], one) for one in found.unit]
        )
        writer.lembar("Kelas", ["Kelas jabatan"], [([str(one.kelas or "–")], one) for one in found.kelas])
        writer.grafik("Kelas", len(found.kelas), "Anggaran (bruto) tiap kelas jabatan", (2, 3))
        writer.sebab(found)
    return out.getvalue()


class _Buku:
    """Sheets with the same columns of sums."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._text = book.add_format({"num_format": "@"})
        self._number = book.add_format({"num_format": "#,##0"})
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._sheet: Any = None

    def lembar(self, name: str, keys: Sequence[str], rows: Sequence[tuple[Sequence[str], Jumlah]]) -> None:
        """A sheet: its keys, then the sums."""
        self._buka(name, [*keys, *(title for title, _ in _KOLOM)])
        for place, (cells, sums) in enumerate(rows, 1):
            self._baris(place, [*cells, *(value(sums) for _, value in _KOLOM)])

    def catatan(self, lines: Sequence[str]) -> None:
        """Sentences below the sums."""
        for place, line in enumerate(lines, 3):
            self._sheet.write_string(place, 0, aman(line))

    def sebab(self, found: HasilAndai) -> None:
        """Who could not be computed, and why."""
        self._buka("Belum dapat dihitung", ["Sebab", "Contoh", "Yang bertindak", "Orang-bulan"])
        for place, one in enumerate(found.sebab, 1):
            self._baris(place, [one.kode, one.kalimat, one.pemilik, one.orang])

    def grafik(self, name: str, banyak: int, title: str, columns: Sequence[int]) -> None:
        """A chart of some columns beside the present sheet's rows."""
        if not banyak:
            return
        chart = self._book.add_chart({"type": "column"})
        for column in columns:
            chart.add_series(
                {
                    "name": [name, 0, column],
                    "categories": [name, 1, 0, banyak, 0],
                    "values": [name, 1, column, banyak, column],
                }
            )
        chart.set_title({"name": title})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 900, "height": 420})
        self._sheet.insert_chart(banyak + 3, 0, chart)

    def _buka(self, name: str, titles: Sequence[str]) -> None:
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        for at, title in enumerate(titles):
            self._sheet.set_column(at, at, 18)
            self._sheet.write_string(0, at, title, self._head)

    def _baris(self, place: int, cells: Sequence[_Sel]) -> None:
        for at, cell in enumerate(cells):
            if isinstance(cell, Rupiah):
                self._sheet.write_number(place, at, cell.decimal, self._number)
            elif isinstance(cell, int):
                self._sheet.write_number(place, at, cell, self._number)
            elif cell:
                self._sheet.write_string(place, at, aman(cell), self._text)
