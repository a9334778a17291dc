"""Uploaded rows of attendance: read, checked one by one, each fault reported with its remedy."""

import re
from collections.abc import Callable, Hashable, Sequence, Set
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.kehadiran import rules
from services.tpp.kehadiran.profil import BAKU, Profil
from services.tpp.kehadiran.ulang import HitungUlang
from services.tpp.pegawai.nama import NAMA_PEGAWAI
from services.tpp.rekening.rules import samarkan
from shared.errors import InvalidInput
from shared.nip import Nip
from shared.period import Period
from shared.tabular import (
    Column,
    Findings,
    Record,
    SalahBaris,
    Sheet,
    find_table,
    lost_digits,
)

T = TypeVar("T")

NIP = Column("nip", "nip", ("nip pegawai", "nomor induk pegawai"))
_HARI = frozenset({"mulai", "sampai", "bulan"})
_TANGGAL = re.compile(r"\d{1,2}-\d{1,2}-\d{4}|\d{4}-\d{1,2}(?:-\d{1,2})?")
_ANGKA_PANJANG = re.compile(r"\d(?:[\s.\-]?\d){5,}")


class LembarDibaca(BaseModel):
    """What one sheet holds: rows, and how the good ones compare with what is stored."""

    nama: str
    baris: int
    baru: int
    berubah: int
    sama: int
    dikoreksi: int = Field(default=0, description="Hari yang sudah dikoreksi dan disetujui; dibiarkan")


class LaporanImpor(BaseModel):
    """The outcome of an import. Nothing was stored unless `diterapkan`."""

    uji: bool
    diterapkan: bool
    lembar: list[LembarDibaca]
    salah: list[SalahBaris] = Field(description="Seribu kesalahan pertama")
    salah_jumlah: int
    hitung_ulang: HitungUlang | None = Field(
        default=None, description="Bulan banyak orang sedang dihitung ulang karena berkas ini"
    )


CONTOH_TERBACA = 20
"""Days that a trial shows."""


class HariTerbaca(BaseModel):
    """One day as a profile reads it."""

    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    tanggal: date
    masuk: time | None
    pulang: time | None
    keterangan: str | None = Field(
        description="Null: barisnya tidak menyebut kehadiran, misalnya daftar apel"
    )
    absen_terlewat: int | None
    tanpa_apel: int | None
    tanpa_upacara: int | None


class BulanTerbaca(BaseModel):
    """One person's month as a profile reads it: numbers by the name of their fact."""

    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    isi: dict[str, int]


class Percobaan(BaseModel):
    """What a profile makes of a sample file; nothing is stored."""

    baris: int
    terbaca: int = Field(description="Hari, atau orang sebulan, yang dapat dicatat dari berkas ini")
    contoh: list[HariTerbaca]
    contoh_bulanan: list[BulanTerbaca] = []
    salah: list[SalahBaris]
    salah_jumlah: int


@dataclass(frozen=True, slots=True)
class Dikenal:
    """A person of ours: may the caller send data about them, and is their month locked already."""

    pegawai_id: UUID
    terkunci: bool


@dataclass(frozen=True, slots=True)
class Isi(Generic[T]):
    """A good row: whose it is and what it says."""

    pegawai_id: UUID
    nilai: T


@dataclass(frozen=True, slots=True)
class Terbaca(Generic[T]):
    """One sheet: number of rows below its header, and the good ones as values."""

    nama: str
    baris: int
    isi: list[T]


@dataclass(frozen=True, slots=True)
class Dibaca(Generic[T]):
    """One sheet: number of rows below its header, and the good ones."""

    nama: str
    baris: int
    isi: list[Isi[T]]


def nip_disebut(sheets: Sequence[Sheet], kolom: Column = NIP) -> list[str]:
    """Every well-formed NIP the sheets mention in a column, to be looked up in one query."""
    written: set[str] = set()
    for sheet in sheets:
        table = find_table(sheet, [kolom], Findings())
        if table is not None:
            written.update(row.text("nip") for row in table.records(Findings()))
    return sorted({nip for text in written if (nip := _nip(text))})


def baca_harian(
    sheets: Sequence[Sheet],
    periode: Period,
    people: dict[str, Dikenal],
    malam: Set[tuple[UUID, date]],
    findings: Findings,
    profil: Profil = BAKU,
) -> list[Dibaca[rules.Hari]]:
    """Days of attendance as `profil` says they are written; rows that cannot be believed go to `findings`.

    `malam`: whose shift of which day ends on the next one.
    """
    tanggal_dari, jam_dari = lru_cache(512)(profil.baca_tanggal), lru_cache(4096)(profil.baca_jam)
    keterangan_dari = lru_cache(512)(profil.baca_keterangan)

    def read(record: Record) -> rules.Hari | None:
        tanggal = _cell(record, "tanggal", tanggal_dari, "Tulis tanggal seperti 2026-11-30.", findings)
        masuk = _jam(record, "masuk", "Tulis jam seperti 07:30, atau kosongkan.")
        pulang = _jam(record, "pulang", "Tulis jam seperti 16:00, atau kosongkan.")
        try:
            keterangan = keterangan_dari(profil.isi(record.text("keterangan")))
        except ValueError as error:
            keterangan = None
            record.wrong(
                findings,
                "keterangan",
                str(error),
                rules.CARA_KETERANGAN,
            )
        kali = [_kali(record, name) for name in rules.KALI]
        if tanggal is None or keterangan is None or record.is_bad(findings):
            return None
        hari = rules.susun_hari(tanggal, masuk, pulang, keterangan, *kali)
        person = people.get(_nip(record.text("nip")) or "")
        lewat = person is not None and (person.pegawai_id, tanggal) in malam
        periksa(record, hari, periode, lewat, findings)
        return None if record.is_bad(findings) else hari

    def _jam(record: Record, key: str, remedy: str) -> time | None:
        return _cell(record, key, jam_dari, remedy, findings) if profil.isi(record.text(key)) else None

    def _kali(record: Record, key: str) -> int | None:
        if not profil.isi(record.text(key)):
            return None
        return _cell(record, key, profil.baca_kali, "Tulis berapa kali hari itu, atau kosongkan.", findings)

    return baca_lembar(sheets, profil.judul, people, findings, read, lambda hari: hari.tanggal)


def periksa(record: Record, hari: rules.Hari, periode: Period, lewat: bool, findings: Findings) -> None:
    """Report why this day cannot be so."""
    salah = rules.periksa_hari(hari, periode, lewat_tengah_malam=lewat)
    if salah is not None:
        kolom = salah.kolom if salah.kolom in record.table.columns else "nip"
        record.wrong(findings, kolom, salah.alasan, salah.perbaikan)


def baca_lembar(
    sheets: Sequence[Sheet],
    columns: Sequence[Column],
    people: dict[str, Dikenal],
    findings: Findings,
    read: Callable[[Record], T | None],
    day: Callable[[T], date | None],
) -> list[Dibaca[T]]:
    """The good rows of all sheets, one for each person and `day`; the others go to `findings`.

    `read` makes a row's value, or reports what is wrong with it and gives None. Raises InvalidInput for a
    file without sheets.
    """

    def whose(record: Record) -> Isi[T] | None:
        person = siapa(record, people, findings)
        nilai = read(record)
        return None if nilai is None or person is None else Isi(person.pegawai_id, nilai)

    def key(row: Isi[T]) -> Hashable:
        return row.pegawai_id, day(row.nilai)

    found = baca_baris(sheets, columns, findings, whose, key, "nip", "orang dan hari yang sama")
    return [Dibaca(sheet.nama, sheet.baris, sheet.isi) for sheet in found]


def baca_baris(
    sheets: Sequence[Sheet],
    columns: Sequence[Column],
    findings: Findings,
    read: Callable[[Record], T | None],
    kunci: Callable[[T], Hashable],
    kolom: str,
    sama: str,
) -> list[Terbaca[T]]:
    """The good rows of all sheets, one for each `kunci`; a second one is told of at `kolom` as `sama`.

    Where a column is secret, what is wrong with a number is told without the number: reports are stored.
    Raises InvalidInput for a file without sheets.
    """
    seen: dict[Hashable, int] = {}
    found = []
    for sheet in berisi(sheets):
        table = find_table(sheet, columns, findings)
        if table is None:
            continue
        rows, good = 0, []
        for record in table.records(findings):
            rows += 1
            nilai = read(record)
            if nilai is None or record.is_bad(findings):
                continue
            key = kunci(nilai)
            if key in seen:
                record.wrong(
                    findings, kolom, f"{sama} sudah ada pada baris {seen[key]}", "Hapus salah satunya."
                )
                continue
            seen[key] = record.nomor
            good.append(nilai)
        found.append(Terbaca(sheet.nama, rows, good))
    if any(column.secret for column in columns):
        by_title = {column.title: column for column in columns}
        findings.listed = [
            row.model_copy(update={"nilai": _tanpa_nomor(row, by_title.get(row.kolom))})
            for row in findings.listed
        ]
    return found


def _tanpa_nomor(row: SalahBaris, column: Column | None) -> str:
    """A faulty cell without the numbers in it, also where a shifted column put one beside its place."""
    if row.baris and column is not None:
        if column.secret:
            return samarkan(row.nilai)
        if column.key == "nip" and (nip := _nip(row.nilai)):
            return nip
        if column.key in _HARI and _TANGGAL.fullmatch(row.nilai):
            return row.nilai
    return _ANGKA_PANJANG.sub(lambda found: samarkan(found[0]), row.nilai)


def berisi(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets that have a row at all: a new workbook often brings empty ones along.

    Raises InvalidInput when there is none.
    """
    found = [sheet for sheet in sheets if sheet.rows]
    if not found:
        raise InvalidInput("Berkas ini tidak berisi baris apa pun.", remedy="Kirim berkas yang berisi data.")
    return found


def siapa(record: Record, people: dict[str, Dikenal], findings: Findings) -> Dikenal | None:
    """The person a row names; None, with a report, for nobody we know or may send data about."""
    text = record.text("nip")
    if (known := people.get(text)) is not None and not (known.terkunci or record.is_number("nip")):
        return known
    if (lost := lost_digits(text, record.is_number("nip"))) is not None:
        record.wrong(findings, "nip", lost, "Format kolom NIP sebagai Teks, lalu isi lagi NIP-nya.")
        return None
    try:
        nip = Nip(text)
    except ValueError as error:
        record.wrong(findings, "nip", str(error), "Tulis NIP 18 angka sebagai teks.")
        return None
    person = people.get(nip)
    if person is None:
        record.wrong(
            findings,
            "nip",
            "pegawai tidak ditemukan dalam wewenang Anda",
            "Periksa NIP-nya; bila benar, mintalah admin BKD memasukkan data pegawainya.",
        )
        return None
    if person.terkunci:
        record.wrong(findings, *rules.TERKUNCI)
        return None
    return person


def _cell(record: Record, key: str, parse: Callable[[str], T], remedy: str, findings: Findings) -> T | None:
    """The cell's value; None when it is empty or, with a report, unreadable."""
    text = record.text(key)
    if not text and key != "tanggal":
        return None
    try:
        return parse(text)
    except ValueError as error:
        record.wrong(findings, key, str(error), remedy)
        return None


def _nip(text: str) -> str | None:
    try:
        return str(Nip(text))
    except ValueError:
        return None
