"""The files of these facts, each as data. What they are called and may be stands in the policies in force."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.tpp.daerah import ejaan
from services.tpp.fakta.jenis import Baris, Jenis, Sel, kode
from services.tpp.fakta.tabel import Tabel
from services.tpp.gaji.rules import baca_jumlah
from services.tpp.kebijakan.asal import kode_dikenal
from services.tpp.kebijakan.fakta import FAKTA, Fakta
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.queries import terbaca
from services.tpp.kebijakan.tampil import tampil
from services.tpp.kehadiran.berkas import NIP
from services.tpp.koreksi.tandai import tandai
from services.tpp.perhitungan.engine import penafsir
from services.tpp.perhitungan.masukan_teks import NilaiSalah
from services.tpp.perhitungan.sementara import ikuti
from shared.db import Tx, queries
from shared.period import Period
from shared.tabular import Column, parse_period

SQL = queries("services.tpp.daerah")

FAKTA_DAERAH = Tabel(
    "fakta_daerah", ["pegawai_id uuid", "nama text", "mulai date"], "sampai date", "nilai text"
)

_MULAI = Column("mulai", "mulai", ("tmt", "berlaku mulai", "sejak", "tanggal mulai"))


@dataclass(frozen=True, slots=True)
class Aktif:
    """A policy in force, and the days it is for."""

    mulai: date
    sampai: date | None
    kebijakan: Kebijakan

    def memuat(self, hari: date) -> bool:
        """Whether it is for this day."""
        return self.mulai <= hari and (self.sampai is None or hari <= self.sampai)


SemuaAktif = Sequence[Aktif]
"""In the order in which the one of a month is looked for."""


async def _aktif(tx: Tx, people: Sequence[UUID]) -> SemuaAktif:
    rows = SQL.kebijakan_aktif(tx.conn)
    return [Aktif(row["berlaku_mulai"], row["berlaku_sampai"], terbaca(row["dokumen"])) async for row in rows]


def _dikenal(aktif: Iterable[Aktif], nama: str) -> frozenset[str]:
    """The values of a fact that some policy in force tells apart."""
    return frozenset().union(*(kode_dikenal(one.kebijakan).get(nama, ()) for one in aktif))


def _fakta_sendiri(aktif: SemuaAktif, hari: date) -> dict[str, Fakta]:
    """Facts that policies declare themselves: as the policy of that day says, else the newest that does."""
    found: dict[str, Fakta] = {}
    for one in sorted(aktif, key=lambda one: not one.memuat(hari)):
        known = penafsir(one.kebijakan, Period.of(max(hari, one.mulai))).program.fakta
        for own in one.kebijakan.masukan:
            found.setdefault(own.nama, known[own.nama])
    return found


def _baca(sel: Sel, kolom: str, read: Callable[[str], str]) -> str | None:
    """What `read` makes of a cell; an empty one and what cannot be is reported."""
    text = sel.record.text(kolom)
    try:
        if not text:
            raise NilaiSalah("kosong", "Isi selnya, atau hapus barisnya.")
        return read(text)
    except NilaiSalah as wrong:
        sel.salah(kolom, wrong.alasan, wrong.perbaikan)
        return None


def _daerah(sel: Sel, aktif: SemuaAktif) -> Baris | None:
    mulai, sampai = _masa(sel)
    own = _fakta_sendiri(aktif, mulai or date.max)
    names = {kode(word): one.nama for one in own.values() for word in (one.arti, one.nama)}
    nama = names.get(kode(sel.record.text("fakta")))
    if nama is None:
        offered = ", ".join(sorted(own))
        sel.salah(
            "fakta",
            "tidak dikenal kebijakan yang aktif",
            f"Pilih salah satu: {offered}." if own else "Aktifkan dahulu kebijakan TPP yang menyebutnya.",
        )
        return None
    nilai = _baca(sel, "nilai", lambda text: ejaan.tulis(text, own[nama], _dikenal(aktif, nama)))
    return (sel.siapa, nama, mulai, sampai, nilai) if sel.benar else None


def _masa(sel: Sel) -> tuple[date | None, date | None]:
    """The days of a row: those of its month, or from a day on."""
    bulan, mulai = sel.record.text("bulan"), sel.record.text("mulai")
    if bool(bulan) == bool(mulai):
        sel.salah(
            "bulan" if "bulan" in sel.record.table.columns else "fakta",
            "bulan dan tanggal mulai terisi keduanya" if bulan else "bulan dan tanggal mulai kosong",
            "Isi bulan bila nilainya untuk bulan itu saja, atau mulai bila berlaku seterusnya.",
        )
        return None, None
    if mulai:
        return sel.tanggal("mulai"), None
    month: Period | None = sel.nilai("bulan", parse_period, "Tulis bulan seperti 2026-10.")
    return (None, None) if month is None else (month.first_day, month.last_day)


def _bertanggal(
    nama: str, read: Callable[[str, SemuaAktif], str]
) -> Callable[[Sel, SemuaAktif], Baris | None]:
    """A file with one fact, from a day on."""

    def baca(sel: Sel, aktif: SemuaAktif) -> Baris | None:
        nilai = _baca(sel, nama, lambda text: read(text, aktif))
        mulai = sel.tanggal("mulai")
        return (sel.siapa, nama, mulai, None, nilai) if sel.benar else None

    return baca


def _eselon(text: str, aktif: SemuaAktif) -> str:
    return ejaan.pilih(text, {*ejaan.ESELON, *_dikenal(aktif, "eselon")})


def _lokasi(text: str, aktif: SemuaAktif) -> str:
    return ejaan.pilih(text, _dikenal(aktif, "lokasi"))


def _zakat(text: str, _: SemuaAktif) -> str:
    return ejaan.tulis(text, FAKTA["ikut_zakat"])


def _potongan(sel: Sel, aktif: SemuaAktif) -> Baris | None:
    known = _dikenal(aktif, ejaan.POTONGAN)
    chosen = sel.pilihan("potongan", sorted(known)) if known else None
    if chosen is None:
        sel.salah(
            "potongan",
            "tidak ada kebijakan aktif yang memotongnya",
            "Aktifkan dahulu kebijakan TPP yang menyebut potongan ini.",
        )
    jumlah = sel.nilai("jumlah", baca_jumlah, "Tulis rupiah bulat setiap bulan; 0 bila tidak lagi dipotong.")
    mulai = sel.tanggal("mulai")
    sampai = sel.tanggal_akhir("sampai", mulai)
    if not sel.benar:
        return None
    return (sel.siapa, f"{ejaan.POTONGAN}.{chosen}", mulai, sampai, tampil(jumlah, "rupiah"))


async def beritakan(tx: Tx, rows: Collection[Baris]) -> None:
    """News for the months since: locked ones are looked at again, provisional figures follow."""
    since: dict[UUID, Period] = {}
    for who, _, mulai, *_ in rows:
        since[who] = min(Period.of(mulai), since.get(who, Period.of(mulai)))
    await tandai(tx, since)
    await ikuti(tx, since)


def _jenis(
    nama: str,
    judul: str,
    lead: str,
    baca: Callable[[Sel, Any], Baris | None],
    *kolom: Column,
    brankas: str = "",
) -> Jenis:
    return Jenis(
        nama=nama,
        judul=judul,
        lead=lead,
        kolom=(NIP, *kolom),
        tabel=FAKTA_DAERAH,
        baca=baca,
        orang=True,
        rentang=None,
        kenali=_aktif,
        sesudah=beritakan,
        brankas=brankas,
    )


JENIS_DAERAH: Mapping[str, Jenis] = {
    one.nama: one
    for one in (
        _jenis(
            "fakta-daerah",
            "Impor fakta daerah",
            "Fakta yang dinyatakan kebijakan TPP sendiri, untuk satu bulan atau sejak suatu tanggal.",
            _daerah,
            Column("fakta", "fakta", ("nama fakta",)),
            Column("nilai", "nilai", ("isi",), secret=True),
            Column("bulan", "bulan", ("periode",), required=False),
            Column("mulai", "mulai", _MULAI.aliases, required=False),
            brankas="brankas",
        ),
        _jenis(
            "eselon",
            "Impor eselon",
            "Eselon jabatan struktural sejak tanggal mulainya; tanda - bila tanpa eselon.",
            _bertanggal("eselon", _eselon),
            Column("eselon", "eselon"),
            _MULAI,
        ),
        _jenis(
            "lokasi",
            "Impor tempat bertugas",
            "Tempat yang dibedakan kebijakan TPP, sejak tanggal mulainya; tanda - bila tempat biasa.",
            _bertanggal("lokasi", _lokasi),
            Column("lokasi", "lokasi", ("tempat bertugas", "tempat tugas", "kode lokasi")),
            _MULAI,
        ),
        _jenis(
            "zakat",
            "Impor zakat",
            "Apakah zakat dipotong dari TPP seseorang, ya atau tidak, sejak tanggal mulainya.",
            _bertanggal("ikut_zakat", _zakat),
            Column("ikut_zakat", "zakat", ("ikut zakat",)),
            _MULAI,
            brankas="brankas",
        ),
        _jenis(
            "potongan",
            "Impor potongan lain",
            "Potongan setiap bulan seperti koperasi, dari tanggal mulai sampai tanggal akhirnya bila ada.",
            _potongan,
            Column("potongan", "potongan", ("jenis potongan", "kode")),
            Column("jumlah", "jumlah", ("jumlah potongan", "rupiah"), secret=True),
            _MULAI,
            Column("sampai", "sampai", ("s.d.", "tanggal akhir", "tanggal selesai"), required=False),
            brankas="brankas",
        ),
    )
}
