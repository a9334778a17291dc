"""The cells of one row of the organisation file: what each may hold, and why a wrong one is wrong."""

import re
import sys
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from shared.contracts.pegawai import SebabBerhenti
from shared.nip import Nip
from shared.tabular import Findings, Record, lost_digits, parse_date, unsafe_text
from shared.tabular.model import plain

T = TypeVar("T")
_KODE = re.compile(r"[A-Za-z0-9._-]{1,60}")
_GOLONGAN = re.compile(r"(I|II|III|IV)/[a-e]")
_GOLONGAN_PPPK = frozenset("I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII".split())
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,}")
_NAMA = 200


class _Salah(ValueError):
    """A cell cannot be taken: why, and the way out."""

    def __init__(self, alasan: str, perbaikan: str) -> None:
        super().__init__(alasan)
        self.perbaikan = perbaikan


class BarisSalah(Exception):
    """The row has a wrong cell, already reported."""


class Sel:
    """Reads the cells of one row; the first wrong cell ends the row."""

    def __init__(self, record: Record, findings: Findings) -> None:
        self._record = record
        self._findings = findings

    def wajib(self, key: str, read: Callable[[str], T]) -> T:
        """A cell that must not be empty."""
        found = self.boleh(key, read)
        if found is None:
            raise self.salah(key, "wajib diisi", "Isi sel ini.")
        return found

    def boleh(self, key: str, read: Callable[[str], T]) -> T | None:
        """A cell that may be empty."""
        text = self._record.text(key)
        if not text:
            return None
        try:
            return read(text)
        except _Salah as error:
            raise self.salah(key, str(error), error.perbaikan) from None
        except ValueError as error:
            raise self.salah(key, str(error), "Periksa dan tulis ulang sel ini.") from None

    def nip(self) -> str:
        """The NIP cell, with the reason when a spreadsheet has eaten its digits."""
        number = self._record.is_number("nip")
        if reason := lost_digits(self._record.text("nip"), number) or (
            "sel berisi bilangan, bukan teks" if number else None
        ):
            raise self.salah("nip", reason, "Format kolom NIP sebagai Teks, lalu ketik ulang 18 angkanya.")
        return self.wajib("nip", _nip)

    def salah(self, key: str, alasan: str, perbaikan: str) -> BarisSalah:
        """Report a cell; to be raised."""
        self._record.wrong(self._findings, key, alasan, perbaikan)
        return BarisSalah()


def _nip(text: str) -> str:
    try:
        return str(Nip(text))
    except ValueError as error:
        raise _Salah(str(error), "Periksa NIP pada SK pengangkatan; tulis 18 angka sebagai teks.") from error


def nama(text: str) -> str:
    """A name: no formula, no control letters, of bearable length."""
    if reason := unsafe_text(text):
        raise _Salah(reason, "Tulis nama saja, tanpa rumus.")
    if len(text) > _NAMA:
        raise _Salah(f"lebih dari {_NAMA} huruf", "Persingkat.")
    return text


def kode(text: str) -> str:
    """A code of a unit or post; it becomes a part of paths."""
    if not _KODE.fullmatch(text) or text[0] in "-.":
        raise _Salah("kode hanya boleh huruf, angka, titik, `_` dan `-`, paling banyak 60", "Ganti kode ini.")
    # The same few codes come back in a hundred thousand rows.
    return sys.intern(text)


def _salah_satu(*choices: str, **juga: str) -> Callable[[str], str]:
    """One of these; `juga`: other words for some of them."""
    known = {plain(choice): choice for choice in choices} | {plain(word): one for word, one in juga.items()}

    def read(text: str) -> str:
        if (found := known.get(plain(text))) is None:
            raise _Salah("isi ini tidak dikenal", f"Pilih salah satu: {', '.join(choices)}.")
        return found

    return read


JENIS_UNIT = _salah_satu("opd", "unit")
JENIS_JABATAN = _salah_satu("JPT", "Administrator", "Pengawas", "JF", "Pelaksana")
STATUS = _salah_satu("PNS", "CPNS", "PPPK")
BERHENTI = "Berhenti"
TIDAK_BERTUGAS: dict[str, SebabBerhenti | None] = {
    BERHENTI: None,
    "Pensiun": "pensiun",
    "Meninggal": "meninggal",
    "Diberhentikan sementara": "diberhentikan_sementara",
}
"""Of a placement: out of service from its day on, and why; `Berhenti` does not say."""
STATUS_TEMPAT = _salah_satu(
    "PNS", "CPNS", "PPPK", *TIDAK_BERTUGAS, wafat="Meninggal", **{"meninggal dunia": "Meninggal"}
)
AKTIF = _salah_satu("ya", "tidak")
SEBAGAI = _salah_satu("definitif", "plt")


def kelas(text: str) -> int:
    """A kelas jabatan, 1 to 17."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 17):
        raise _Salah("kelas jabatan harus bilangan 1 sampai 17", "Lihat peta jabatan.")
    return int(text)


def email(text: str) -> str:
    """One e-mail address."""
    if not _EMAIL.fullmatch(text) or unsafe_text(text):
        raise _Salah("bukan alamat surel", "Tulis satu alamat, misalnya nama@pemda.go.id, atau kosongkan.")
    return text


def golongan(status: str | None) -> Callable[[str], str]:
    """The reader of a golongan (ruang) for a status: PPPK count in Roman numerals. Without one, of either."""

    def read(text: str) -> str:
        if status == "PPPK" or (status is None and text.upper() in _GOLONGAN_PPPK):
            if text.upper() in _GOLONGAN_PPPK:
                return text.upper()
            raise _Salah("golongan PPPK harus I sampai XVII", "Tulis dengan angka Romawi, misalnya IX.")
        head, _, tail = text.replace(" ", "").partition("/")
        found = f"{head.upper()}/{tail.lower()}"
        if not _GOLONGAN.fullmatch(found):
            raise _Salah("golongan harus I/a sampai IV/e", "Tulis misalnya III/c.")
        return found

    return read


def tanggal(text: str) -> date:
    """A date that can have been meant."""
    day = parse_date(text)
    if not 1945 <= day.year <= 2100:
        raise _Salah("tahun ini tidak mungkin", "Periksa tanggalnya.")
    return day
