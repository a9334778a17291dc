"""One kind of file with dated facts, as data: columns, how a row is read, where it is stored."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from services.tpp.fakta.tabel import Tabel
from shared.db import Tx
from shared.tabular import Column, Findings, Record, parse_date, unsafe_text

TAHUN = range(2000, 2101)
"""Years that a dated fact may speak of."""

Baris = tuple[Any, ...]
"""A row in the order of its table's columns."""


class Rentang(NamedTuple):
    """Days a row speaks of; no end says: from then on."""

    mulai: date
    sampai: date | None


@dataclass(frozen=True, slots=True)
class Jenis:
    """A kind of file.

    `baca(row, known)` makes a row of `tabel`, or reports what is wrong and gives None. `kenali(tx, people)`
    looks up what reading has to know. Of a kind `orang`, the column nip names somebody, whose id is the row's
    first value. `rentang` are the days whose months have to be counted anew; None where no count of
    attendance follows from it. `sesudah` does what else follows from the rows that say something new.
    `brankas` seals the file while it waits, as of an import (`shared.imports.Kind`).
    """

    nama: str
    judul: str
    lead: str
    kolom: Sequence[Column]
    tabel: Tabel
    baca: Callable[["Sel", Any], Baris | None]
    orang: bool
    rentang: Callable[[Baris], Rentang] | None
    kenali: Callable[[Tx, Sequence[Any]], Awaitable[Any]]
    sesudah: Callable[[Tx, Sequence[Baris]], Awaitable[None]] | None = None
    brankas: str = ""


@dataclass(frozen=True, slots=True)
class Sel:
    """The cells of one row, each read with its fault reported. `siapa` is the person of a kind `orang`."""

    record: Record
    findings: Findings
    siapa: Any = None

    def salah(self, kolom: str, alasan: str, perbaikan: str) -> None:
        """Report a fault of this row."""
        self.record.wrong(self.findings, kolom, alasan, perbaikan)

    @property
    def benar(self) -> bool:
        """Whether nothing was reported so far."""
        return not self.record.is_bad(self.findings)

    def teks(self, kolom: str, paling_panjang: int, *, wajib: bool = True) -> str:
        """Plain text; empty when the cell is, with a report if it must not be."""
        text = self.record.text(kolom)
        reason = None
        if not text:
            reason = "kosong" if wajib else None
        else:
            reason = unsafe_text(text) or (
                f"lebih dari {paling_panjang} huruf" if len(text) > paling_panjang else None
            )
        if reason:
            self.salah(kolom, reason, f"Isi dengan teks biasa, paling panjang {paling_panjang} huruf.")
        return text

    def tanggal(self, kolom: str) -> date | None:
        """A day; reports an empty or unreadable cell."""
        found: date | None = self.nilai(kolom, parse_date, "Tulis tanggal seperti 2026-11-30.")
        if found is not None and found.year not in TAHUN:
            self.salah(kolom, "tahunnya di luar 2000 sampai 2100", "Periksa tahunnya.")
            return None
        return found

    def tanggal_akhir(self, kolom: str, mulai: date | None) -> date | None:
        """The last day, or None for an empty cell; reports one before the first day."""
        if not self.record.text(kolom):
            return None
        found = self.tanggal(kolom)
        if found is not None and mulai is not None and found < mulai:
            self.salah(kolom, "lebih awal dari tanggal mulai", "Periksa kedua tanggalnya; mungkin tertukar.")
        return found

    def nilai(self, kolom: str, baca: Callable[[str], Any], perbaikan: str) -> Any:
        """What `baca` makes of a cell; its ValueError and an empty cell are reported."""
        text = self.record.text(kolom)
        try:
            if not text:
                raise ValueError("kosong")
            return baca(text)
        except ValueError as error:
            self.salah(kolom, str(error), perbaikan)
            return None

    def pilihan(self, kolom: str, dikenal: Sequence[str], paling_banyak: int = 12) -> str:
        """One of these codes, whatever the case and with spaces for underscores."""
        text = kode(self.record.text(kolom))
        if text in dikenal:
            return text
        listed = ", ".join(dikenal[:paling_banyak]) + (", …" if len(dikenal) > paling_banyak else "")
        self.salah(
            kolom,
            "tidak dikenal" if text else "kosong",
            f"Pilih salah satu: {listed}." if dikenal else "Belum ada yang dapat dipilih; masukkan dahulu.",
        )
        return ""


def kode(text: str) -> str:
    """A code as we keep it: `Alasan Penting` is `alasan_penting`."""
    return "_".join(text.lower().replace("-", " ").replace("_", " ").split())


async def tanpa_kenal(tx: Tx, people: Sequence[Any]) -> None:
    """Reading needs to know nothing."""
