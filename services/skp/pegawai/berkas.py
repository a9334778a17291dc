"""The organisation file: which sheets and columns it has, and what its rows say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from services.skp.pegawai import sel as cells
from shared.tabular import (
    Column,
    Findings,
    Sheet,
    find_table,
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
    status: str | None = None
    """Since `mulai`, also one of `TIDAK_BERTUGAS`; None, and so for golongan: nothing new."""
    golongan: str | None = None


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
        Column("status", "Status", ("status pegawai",), required=False),
        Column("golongan", "Golongan", ("gol", "golongan ruang", "pangkat/gol"), required=False),
    ),
}


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
            isi = read(cells.Sel(record, findings))
        except cells.BarisSalah:
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
        case Tempat():
            post = isi.jabatan if isi.sebagai == "plt" else ""
            return (isi.nip, isi.sebagai, isi.mulai.isoformat(), post)
        case _:
            return (isi.kode,)


def _unit(sel: cells.Sel) -> Unit:
    return Unit(
        sel.wajib("kode", cells.kode),
        sel.wajib("nama", cells.nama),
        sel.boleh("induk", cells.kode),
        sel.wajib("jenis", cells.JENIS_UNIT),
    )


def _jabatan(sel: cells.Sel) -> Jabatan:
    return Jabatan(
        sel.wajib("kode", cells.kode),
        sel.wajib("nama", cells.nama),
        sel.wajib("jenis", cells.JENIS_JABATAN),
        sel.wajib("kelas", cells.kelas),
        sel.wajib("unit", cells.kode),
        sel.boleh("atasan", cells.kode),
    )


def _pegawai(sel: cells.Sel) -> Pegawai:
    nip, nama = sel.nip(), sel.wajib("nama", cells.nama)
    status = sel.wajib("status", cells.STATUS)
    golongan, email = sel.wajib("golongan", cells.golongan(status)), sel.boleh("email", cells.email)
    return Pegawai(nip, nama, status, golongan, email, sel.boleh("aktif", cells.AKTIF) != "tidak")


def _tempat(sel: cells.Sel) -> Tempat:
    nip, jabatan, mulai = sel.nip(), sel.wajib("jabatan", cells.kode), sel.wajib("mulai", cells.tanggal)
    sebagai, selesai = sel.wajib("sebagai", cells.SEBAGAI), sel.boleh("selesai", cells.tanggal)
    if selesai and sebagai != "plt":
        raise sel.salah("selesai", "hanya Plt yang punya tanggal selesai", "Kosongkan sel ini.")
    if selesai and selesai < mulai:
        raise sel.salah("selesai", "lebih awal daripada tanggal mulai", "Periksa kedua tanggal.")
    status = sel.boleh("status", cells.STATUS_TEMPAT)
    golongan = sel.boleh("golongan", cells.golongan(None if status in cells.TIDAK_BERTUGAS else status))
    if sebagai == "plt" and (status or golongan):
        raise sel.salah(
            "status" if status else "golongan",
            "status dan golongan tidak mengikuti tugas Plt",
            "Tulis pada baris definitif yang mulai pada hari itu.",
        )
    return Tempat(nip, jabatan, mulai, sebagai, selesai, status, golongan)


_PEMBACA: dict[str, Callable[[cells.Sel], Isi]] = {
    UNIT: _unit,
    JABATAN: _jabatan,
    PEGAWAI: _pegawai,
    PENEMPATAN: _tempat,
}
