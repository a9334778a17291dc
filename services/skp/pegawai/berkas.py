"""The organisation file: which sheets and columns it has, and what each cell may hold."""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from shared.nip import Nip
from shared.tabular import (
    Column,
    Findings,
    Record,
    Sheet,
    find_table,
    lost_digits,
    parse_date,
    unsafe_text,
)
from shared.tabular.model import plain


class Unit(NamedTuple):
    """An OPD or a part of one."""

    kode: str
    nama: str
    induk: str | None
    jenis: str


class Jabatan(NamedTuple):
    """A post; `atasan` is the post whose holder rates its holder."""

    kode: str
    nama: str
    jenis: str
    kelas: int
    unit: str
    atasan: str | None


class Pegawai(NamedTuple):
    """A person."""

    nip: str
    nama: str
    status: str
    golongan: str
    email: str | None
    aktif: bool


class Tempat(NamedTuple):
    """A person in a post from a day on."""

    nip: str
    jabatan: str
    mulai: date
    sebagai: str
    selesai: date | None


T = TypeVar("T")
Kunci = tuple[str, ...]
Isi = Unit | Jabatan | Pegawai | Tempat


@dataclass(slots=True)
class Lembar:
    """The good rows of one sheet by key, each with its number; `baris` counts all rows."""

    nama: str
    judul: str
    baris: int = 0
    rows: dict[Kunci, tuple[Isi, int]] = field(default_factory=dict)

    def salah(
        self, findings: Findings, nomor: int, isi: Isi, column: str, alasan: str, perbaikan: str
    ) -> None:
        """Report a row that was good by itself."""
        title = next(known.title for known in KOLOM[self.nama] if known.key == column)
        nilai = getattr(isi, column)
        findings.add(self.judul, nomor, title, "" if nilai is None else str(nilai), alasan, perbaikan)


UNIT, JABATAN, PEGAWAI, PENEMPATAN = "Unit Kerja", "Jabatan", "Pegawai", "Penempatan"

KOLOM: dict[str, tuple[Column, ...]] = {
    UNIT: (
        Column("kode", "Kode", ("kode unit",)),
        Column("nama", "Nama", ("nama unit", "nama unit kerja")),
        Column("induk", "Induk", ("kode induk", "unit induk")),
        Column("jenis", "Jenis"),
    ),
    JABATAN: (
        Column("kode", "Kode", ("kode jabatan",)),
        Column("nama", "Nama", ("nama jabatan",)),
        Column("jenis", "Jenis", ("jenis jabatan",)),
        Column("kelas", "Kelas", ("kelas jabatan",)),
        Column("unit", "Unit", ("kode unit", "unit kerja")),
        Column("atasan", "Atasan", ("kode atasan", "jabatan atasan")),
    ),
    PEGAWAI: (
        Column("nip", "NIP", ("nomor induk pegawai",)),
        Column("nama", "Nama", ("nama pegawai", "nama lengkap")),
        Column("status", "Status", ("status pegawai",)),
        Column("golongan", "Golongan", ("gol", "golongan ruang", "pangkat/gol")),
        Column("email", "Email", ("surel", "e-mail", "alamat surel"), required=False),
        Column("aktif", "Aktif", (), required=False),
    ),
    PENEMPATAN: (
        Column("nip", "NIP", ("nomor induk pegawai",)),
        Column("jabatan", "Jabatan", ("kode jabatan",)),
        Column("mulai", "Mulai", ("tmt", "tanggal mulai", "berlaku mulai")),
        Column("sebagai", "Sebagai"),
        Column("selesai", "Selesai", ("tanggal selesai", "sampai"), required=False),
    ),
}

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


class _BarisSalah(Exception):
    """The row has a wrong cell, already reported."""


def baca(sheet: Sheet, found: dict[str, Lembar], findings: Findings) -> None:
    """Add the rows of a known sheet that are good by themselves to `found`; the others to `findings`."""
    nama = next((nama for nama in KOLOM if plain(nama) == plain(sheet.nama)), None)
    if nama is None:
        return
    if nama in found:
        findings.add(sheet.nama, 0, "", sheet.nama, "lembar ini ada dua", "Gabungkan kedua lembar.")
        return
    found[nama] = _lembar(nama, sheet, findings)


def periksa_lembar(found: Mapping[str, Lembar], findings: Findings) -> None:
    """Report a file without any sheet that we know."""
    if not found:
        perbaikan = f"Beri nama lembar: {', '.join(KOLOM)}; untuk CSV sebutkan lembarnya."
        findings.add("", 0, "", "", "tidak ada lembar yang dikenal", perbaikan)


def _lembar(nama: str, sheet: Sheet, findings: Findings) -> Lembar:
    lembar = Lembar(nama, sheet.nama)
    table = find_table(sheet, KOLOM[nama], findings)
    if table is None:
        return lembar
    read, key_column = _PEMBACA[nama], KOLOM[nama][0].key
    for record in table.records(findings):
        lembar.baris += 1
        if record.is_bad(findings):
            continue
        try:
            isi = read(_Sel(record, findings))
        except _BarisSalah:
            continue
        key = kunci(isi)
        if key in lembar.rows:
            first = lembar.rows[key][1]
            record.wrong(
                findings, key_column, f"sudah ada pada baris {first}", "Hapus salah satu dari kedua baris."
            )
            continue
        lembar.rows[key] = (isi, record.nomor)
    return lembar


def kunci(isi: Isi) -> Kunci:
    """What makes two rows speak of the same thing."""
    match isi:
        case Pegawai():
            return (isi.nip,)
        case Tempat(nip, jabatan, mulai, sebagai, _):
            return (nip, sebagai, mulai.isoformat(), jabatan if sebagai == "plt" else "")
        case _:
            return (isi.kode,)


class _Sel:
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

    def salah(self, key: str, alasan: str, perbaikan: str) -> _BarisSalah:
        """Report a cell; to be raised."""
        self._record.wrong(self._findings, key, alasan, perbaikan)
        return _BarisSalah()


def _nip(text: str) -> str:
    try:
        return str(Nip(text))
    except ValueError as error:
        raise _Salah(str(error), "Periksa NIP pada SK pengangkatan; tulis 18 angka sebagai teks.") from error


def _nama(text: str) -> str:
    if reason := unsafe_text(text):
        raise _Salah(reason, "Tulis nama saja, tanpa rumus.")
    if len(text) > _NAMA:
        raise _Salah(f"lebih dari {_NAMA} huruf", "Persingkat.")
    return text


def _kode(text: str) -> str:
    if not _KODE.fullmatch(text) or text[0] in "-.":
        raise _Salah("kode hanya boleh huruf, angka, titik, `_` dan `-`, paling banyak 60", "Ganti kode ini.")
    # The same few codes come back in a hundred thousand rows.
    return sys.intern(text)


def _salah_satu(*choices: str) -> Callable[[str], str]:
    known = {plain(choice): choice for choice in choices}

    def read(text: str) -> str:
        if (found := known.get(plain(text))) is None:
            raise _Salah("isi ini tidak dikenal", f"Pilih salah satu: {', '.join(choices)}.")
        return found

    return read


_JENIS_UNIT = _salah_satu("opd", "unit")
_JENIS_JABATAN = _salah_satu("JPT", "Administrator", "Pengawas", "JF", "Pelaksana")
_STATUS = _salah_satu("PNS", "CPNS", "PPPK")
_AKTIF = _salah_satu("ya", "tidak")
_SEBAGAI = _salah_satu("definitif", "plt")


def _kelas(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 17):
        raise _Salah("kelas jabatan harus bilangan 1 sampai 17", "Lihat peta jabatan.")
    return int(text)


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text) or unsafe_text(text):
        raise _Salah("bukan alamat surel", "Tulis satu alamat, misalnya nama@pemda.go.id, atau kosongkan.")
    return text


def _golongan(status: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if status == "PPPK":
            if text.upper() in _GOLONGAN_PPPK:
                return text.upper()
            raise _Salah("golongan PPPK harus I sampai XVII", "Tulis dengan angka Romawi, misalnya IX.")
        head, _, tail = text.replace(" ", "").partition("/")
        found = f"{head.upper()}/{tail.lower()}"
        if not _GOLONGAN.fullmatch(found):
            raise _Salah("golongan harus I/a sampai IV/e", "Tulis misalnya III/c.")
        return found

    return read


def _tanggal(text: str) -> date:
    day = parse_date(text)
    if not 1945 <= day.year <= 2100:
        raise _Salah("tahun ini tidak mungkin", "Periksa tanggalnya.")
    return day


def _unit(sel: _Sel) -> Unit:
    return Unit(
        sel.wajib("kode", _kode),
        sel.wajib("nama", _nama),
        sel.boleh("induk", _kode),
        sel.wajib("jenis", _JENIS_UNIT),
    )


def _jabatan(sel: _Sel) -> Jabatan:
    return Jabatan(
        sel.wajib("kode", _kode),
        sel.wajib("nama", _nama),
        sel.wajib("jenis", _JENIS_JABATAN),
        sel.wajib("kelas", _kelas),
        sel.wajib("unit", _kode),
        sel.boleh("atasan", _kode),
    )


def _pegawai(sel: _Sel) -> Pegawai:
    nip, nama = sel.nip(), sel.wajib("nama", _nama)
    status = sel.wajib("status", _STATUS)
    golongan, email = sel.wajib("golongan", _golongan(status)), sel.boleh("email", _email)
    return Pegawai(nip, nama, status, golongan, email, sel.boleh("aktif", _AKTIF) != "tidak")


def _tempat(sel: _Sel) -> Tempat:
    nip, jabatan, mulai = sel.nip(), sel.wajib("jabatan", _kode), sel.wajib("mulai", _tanggal)
    sebagai, selesai = sel.wajib("sebagai", _SEBAGAI), sel.boleh("selesai", _tanggal)
    if selesai and sebagai != "plt":
        raise sel.salah("selesai", "hanya Plt yang punya tanggal selesai", "Kosongkan sel ini.")
    if selesai and selesai < mulai:
        raise sel.salah("selesai", "lebih awal daripada tanggal mulai", "Periksa kedua tanggal.")
    return Tempat(nip, jabatan, mulai, sebagai, selesai)


_PEMBACA: dict[str, Callable[[_Sel], Isi]] = {
    UNIT: _unit,
    JABATAN: _jabatan,
    PEGAWAI: _pegawai,
    PENEMPATAN: _tempat,
}
