"""The files of the working calendar, each as data: holidays, hours, shifts, teams, members, days."""

import re
from collections.abc import Sequence
from datetime import time
from typing import Any

from services.tpp.fakta.jenis import Baris, Jenis, Rentang, Sel, tanpa_kenal
from services.tpp.fakta.tabel import Tabel
from services.tpp.kehadiran.berkas import NIP
from shared.db import Tx, queries
from shared.tabular import Column, parse_date, parse_time

SQL = queries("services.tpp.kalender")

HARI_LIBUR = Tabel("hari_libur", ["tanggal date"], "jenis text", "nama text", "dasar text")
JAM_KERJA = Tabel(
    "jam_kerja", ["berlaku_mulai date", "hari smallint"], "masuk time", "pulang time", "istirahat smallint",
    "berlaku_sampai date", "dasar text",
)  # fmt: skip
SHIFT = Tabel(
    "shift", ["kode text", "berlaku_mulai date"], "berlaku_sampai date", "nama text", "masuk time",
    "pulang time", "istirahat smallint", "dasar text",
)  # fmt: skip
REGU = Tabel(
    "regu", ["kode text"], "nama text", "mulai date", "siklus text", "ikut_libur boolean", "dasar text"
)
ANGGOTA = Tabel("anggota_regu", ["pegawai_id uuid", "mulai date"], "sampai date", "regu text")
JADWAL = Tabel("jadwal_harian", ["pegawai_id uuid", "tanggal date"], "shift text")

JENIS_LIBUR = ("libur_nasional", "cuti_bersama", "libur_daerah")
HARI = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
LIBUR = "L"
"""In the turn of a team and in one's schedule: a day off."""

_KODE = re.compile(r"[A-Z0-9]{1,12}")
_SIKLUS_TERPANJANG = 70
_ISTIRAHAT_TERLAMA = 240

_TANGGAL = Column("tanggal", "tanggal", ("tgl", "hari/tanggal"))
_DASAR = Column("dasar", "dasar", ("dasar hukum", "sumber", "nomor sk"))
_NAMA = Column("nama", "nama", ("keterangan",))
_MULAI = Column("mulai", "mulai", ("berlaku mulai", "tmt", "dari", "tanggal mulai"))
_SAMPAI = Column("sampai", "sampai", ("berlaku sampai", "s.d.", "tanggal selesai"), required=False)
_JAM = (
    Column("masuk", "masuk", ("jam masuk",)),
    Column("pulang", "pulang", ("jam pulang",)),
    Column("istirahat", "istirahat", ("istirahat (menit)", "menit istirahat")),
)


def _kode(text: str) -> str:
    if not _KODE.fullmatch(text.upper()):
        raise ValueError("bukan kode")
    return text.upper()


def _jam(sel: Sel, *, lewat_malam: bool) -> tuple[time, time, int]:
    """Start, end, and minutes of the break; placeholders for what was reported."""
    masuk = sel.nilai("masuk", parse_time, "Tulis jam seperti 07:30.")
    pulang = sel.nilai("pulang", parse_time, "Tulis jam seperti 16:00.")
    istirahat = sel.nilai("istirahat", _istirahat, "Tulis menit istirahat, misalnya 60; 0 bila tidak ada.")
    if sel.benar and (pulang == masuk or (pulang < masuk and not lewat_malam)):
        sel.salah("pulang", "pulang tidak sesudah masuk", "Periksa kedua jam; mungkin tertukar.")
    if sel.benar and istirahat >= ((pulang.hour - masuk.hour) * 60 + pulang.minute - masuk.minute) % 1440:
        sel.salah("istirahat", "tidak lebih singkat dari jam kerjanya", "Periksa menit istirahatnya.")
    return masuk, pulang, istirahat


def _istirahat(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > _ISTIRAHAT_TERLAMA:
        raise ValueError(f"bukan menit 0 sampai {_ISTIRAHAT_TERLAMA}")
    return int(text)


def _hari_libur(sel: Sel, _: Any) -> Baris | None:
    tanggal = sel.tanggal("tanggal")
    jenis = sel.pilihan("jenis", JENIS_LIBUR)
    row = (tanggal, jenis, sel.teks("nama", 120), sel.teks("dasar", 200))
    return row if sel.benar else None


def _jam_kerja(sel: Sel, _: Any) -> Baris | None:
    hari = sel.pilihan("hari", HARI)
    masuk, pulang, istirahat = _jam(sel, lewat_malam=False)
    mulai = sel.tanggal("mulai")
    sampai = sel.tanggal_akhir("sampai", mulai)
    dasar = sel.teks("dasar", 200)
    return (mulai, HARI.index(hari) + 1, masuk, pulang, istirahat, sampai, dasar) if sel.benar else None


def _shift(sel: Sel, _: Any) -> Baris | None:
    kode = sel.nilai("kode", _kode, "Tulis huruf dan angka saja, paling panjang 12, misalnya MALAM.")
    if kode == LIBUR:
        sel.salah("kode", "L sudah berarti hari libur", "Pakai kode lain.")
    nama = sel.teks("nama", 60)
    masuk, pulang, istirahat = _jam(sel, lewat_malam=True)
    mulai = sel.tanggal("mulai")
    sampai = sel.tanggal_akhir("sampai", mulai)
    dasar = sel.teks("dasar", 200)
    return (kode, mulai, sampai, nama, masuk, pulang, istirahat, dasar) if sel.benar else None


def _regu(sel: Sel, shifts: frozenset[str]) -> Baris | None:
    def siklus(text: str) -> str:
        codes = text.upper().replace(",", " ").replace("-", " ").split()
        unknown = sorted({one for one in codes if one != LIBUR and one not in shifts})
        if unknown:
            raise ValueError(f"sif {', '.join(unknown)} belum ada")
        if not 1 <= len(codes) <= _SIKLUS_TERPANJANG or set(codes) == {LIBUR}:
            raise ValueError(f"harus 1 sampai {_SIKLUS_TERPANJANG} hari, tidak semuanya libur")
        return " ".join(codes)

    row = (
        sel.nilai("kode", _kode, "Tulis huruf dan angka saja, paling panjang 12, misalnya REGUA."),
        sel.teks("nama", 60),
        sel.tanggal("mulai"),
        sel.nilai("siklus", siklus, "Tulis sif hari demi hari, misalnya P P S S M M L L."),
        sel.pilihan("ikut_libur", ("ya", "tidak")) == "ya",
        sel.teks("dasar", 200),
    )  # fmt: skip
    return row if sel.benar else None


def _anggota(sel: Sel, regu: frozenset[str]) -> Baris | None:
    mulai = sel.tanggal("mulai")
    sampai = sel.tanggal_akhir("sampai", mulai)
    kode = sel.record.text("regu").upper()
    if kode not in regu:
        sel.salah(
            "regu", "regu belum ada" if kode else "kosong", "Masukkan regunya dahulu, atau periksa kodenya."
        )
    return (sel.siapa, mulai, sampai, kode) if sel.benar else None


def _jadwal(sel: Sel, shifts: frozenset[str]) -> Baris | None:
    tanggal = sel.tanggal("tanggal")
    kode = sel.record.text("shift").upper()
    if kode != LIBUR and kode not in shifts:
        sel.salah(
            "shift", "sif belum ada" if kode else "kosong", "Masukkan sifnya dahulu; L berarti hari libur."
        )
    return (sel.siapa, tanggal, kode) if sel.benar else None


async def _kenal_shift(tx: Tx, people: Sequence[Any]) -> frozenset[str]:
    return frozenset([row["kode"] async for row in SQL.kode_shift(tx.conn)])


async def _kenal_regu(tx: Tx, people: Sequence[Any]) -> frozenset[str]:
    return frozenset([row["kode"] async for row in SQL.kode_regu(tx.conn)])


KALENDER = (
    Jenis(
        nama="hari-libur",
        judul="Impor hari libur",
        lead="Libur nasional, cuti bersama, dan libur daerah, setiap tanggal satu baris dengan dasarnya.",
        kolom=(_TANGGAL, Column("jenis", "jenis"), _NAMA, _DASAR),
        tabel=HARI_LIBUR,
        baca=_hari_libur,
        orang=False,
        rentang=lambda row: Rentang(row[0], row[0]),
        kenali=tanpa_kenal,
    ),
    Jenis(
        nama="jam-kerja",
        judul="Impor jam kerja",
        lead="Jam kerja seminggu, satu baris setiap hari kerja. Jam Ramadan diberi tanggal sampai; "
        "sesudahnya yang lama berlaku lagi.",
        kolom=(_MULAI, _SAMPAI, Column("hari", "hari"), *_JAM, _DASAR),
        tabel=JAM_KERJA,
        baca=_jam_kerja,
        orang=False,
        rentang=lambda row: Rentang(row[0], row[5]),
        kenali=tanpa_kenal,
    ),
    Jenis(
        nama="shift",
        judul="Impor sif",
        lead="Jam setiap sif menurut kodenya. Jam pulang yang lebih kecil dari jam masuk: keesokan harinya.",
        kolom=(Column("kode", "kode"), _NAMA, *_JAM, _MULAI, _SAMPAI, _DASAR),
        tabel=SHIFT,
        baca=_shift,
        orang=False,
        rentang=lambda row: Rentang(row[1], row[2]),
        kenali=tanpa_kenal,
    ),
    Jenis(
        nama="regu",
        judul="Impor regu",
        lead="Putaran sif setiap regu, hari demi hari sejak tanggal mulai; L berarti libur.",
        kolom=(
            Column("kode", "kode"),
            _NAMA,
            _MULAI,
            Column("siklus", "siklus", ("putaran", "pola")),
            Column("ikut_libur", "ikut libur", ("libur nasional",)),
            _DASAR,
        ),
        tabel=REGU,
        baca=_regu,
        orang=False,
        rentang=lambda row: Rentang(row[2], None),
        kenali=_kenal_shift,
    ),
    Jenis(
        nama="anggota-regu",
        judul="Impor anggota regu",
        lead="Siapa bekerja pada regu mana, dari tanggal sampai tanggal.",
        kolom=(NIP, Column("regu", "regu", ("kode regu",)), _MULAI, _SAMPAI),
        tabel=ANGGOTA,
        baca=_anggota,
        orang=True,
        rentang=lambda row: Rentang(row[1], row[2]),
        kenali=_kenal_regu,
    ),
    Jenis(
        nama="jadwal",
        judul="Impor jadwal sif",
        lead="Sif satu orang pada satu tanggal; mengalahkan putaran regunya.",
        kolom=(NIP, _TANGGAL, Column("shift", "sif", ("shift", "kode shift"))),
        tabel=JADWAL,
        baca=_jadwal,
        orang=True,
        rentang=lambda row: Rentang(row[1], row[1]),
        kenali=_kenal_shift,
    ),
)
"""In the order in which they build on each other."""


def baris_nasional(rows: Sequence[dict[str, str]]) -> list[Baris]:
    """Rows of the shipped file as rows of `HARI_LIBUR`."""
    return [(parse_date(row["tanggal"]), row["jenis"], row["nama"], row["dasar"]) for row in rows]
