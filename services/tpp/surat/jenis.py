"""The files of letters, each as data. Codes are those of policies; effects stand in the policy alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.tpp.fakta.jenis import Baris, Jenis, Rentang, Sel, kode
from services.tpp.fakta.tabel import Tabel
from services.tpp.kebijakan.asal import kode_dikenal
from services.tpp.kebijakan.queries import terbaca
from services.tpp.kehadiran.berkas import NIP
from services.tpp.surat import rules
from shared.db import Tx, queries
from shared.tabular import Column

SQL = queries("services.tpp.surat")

SURAT = Tabel(
    "surat", ["pegawai_id uuid", "jenis text", "kode text", "mulai date"], "sampai date", "nomor text",
    "tingkat text", "keterangan text",
)  # fmt: skip

_MULAI = Column("mulai", "mulai", ("dari", "tanggal mulai", "tmt"))
_SAMPAI = Column("sampai", "sampai", ("s.d.", "tanggal selesai", "tanggal akhir"), required=False)
_NOMOR = Column("nomor", "nomor surat", ("nomor", "nomor sk", "no sk", "no. sk", "no surat", "no. surat"))
_KETERANGAN = Column("keterangan", "keterangan", ("ket", "ket."), required=False)


@dataclass(slots=True)
class Diketahui:
    """What reading has to know: codes, and the spans that are stored or were read already."""

    kode: Sequence[str]
    rentang: dict[tuple[UUID, str], list[tuple[date, date | None]]]


def _surat(sel: Sel, known: Diketahui, jenis: str, kode_surat: str, tingkat: str | None) -> Baris | None:
    mulai = sel.tanggal("mulai")
    sampai = sel.tanggal_akhir("sampai", mulai)
    if jenis == "cuti" and not sel.record.text("sampai"):
        sel.salah("sampai", "kosong", "Isi hari terakhirnya; sama dengan mulai bila hanya sehari.")
    nomor = sel.teks("nomor", 100)
    keterangan = sel.teks("keterangan", 200, wajib=False)
    if not sel.benar or sel.siapa is None or mulai is None:
        return None
    spans = known.rentang.setdefault((sel.siapa, kode_surat), [])
    clash = next((one for one in spans if one[0] != mulai and rules.beririsan((mulai, sampai), one)), None)
    if clash is not None:
        sel.salah(
            "mulai",
            f"beririsan dengan {kode_surat} yang sudah tercatat mulai {clash[0]:%d-%m-%Y}",
            "Perbaiki tanggalnya, atau cabut dahulu yang tercatat.",
        )
        return None
    spans[:] = [one for one in spans if one[0] != mulai] + [(mulai, sampai)]
    return (sel.siapa, jenis, kode_surat, mulai, sampai, nomor, tingkat, keterangan)


def _cuti(sel: Sel, known: Diketahui) -> Baris | None:
    return _surat(sel, known, "cuti", sel.pilihan("kode", known.kode), None)


def _sanksi(sel: Sel, known: Diketahui) -> Baris | None:
    tingkat = sel.pilihan("tingkat", rules.TINGKAT)
    return _surat(sel, known, "sanksi", sel.pilihan("kode", known.kode), tingkat)


def _peran(sel: Sel, known: Diketahui) -> Baris | None:
    found = kode(sel.record.text("kode"))
    if found not in known.kode:
        # A role that no policy pays would be kept, and would pay nothing without anybody noticing.
        sel.salah(
            "kode",
            "tidak dikenal kebijakan yang aktif" if found else "kosong",
            f"Pilih salah satu: {', '.join(known.kode)}."
            if known.kode
            else "Aktifkan dahulu kebijakan TPP yang menyebut peran ini.",
        )
    return _surat(sel, known, "peran", found, None)


def _kenali(
    jenis: str, kode_dari: Callable[[list[str]], Sequence[str]]
) -> Callable[[Tx, Sequence[UUID]], Any]:
    async def look(tx: Tx, people: Sequence[UUID]) -> Diketahui:
        policies = [row["dokumen"] async for row in SQL.kebijakan_aktif(tx.conn)]
        spans: dict[tuple[UUID, str], list[tuple[date, date | None]]] = {}
        async for row in SQL.rentang(tx.conn, jenis=jenis, ids=list(people)):
            spans.setdefault((row["pegawai_id"], row["kode"]), []).append((row["mulai"], row["sampai"]))
        return Diketahui(kode_dari(policies), spans)

    return look


def _kode_sanksi(kebijakan: Sequence[str]) -> Sequence[str]:
    """Codes that policies in force declare; the grades while none does, as none has an effect yet."""
    return sorted({one.kode for text in kebijakan for one in terbaca(text).sanksi}) or rules.TINGKAT


def _kode_peran(kebijakan: Sequence[str]) -> Sequence[str]:
    """Codes of roles that policies in force tell apart."""
    return sorted({one for text in kebijakan for one in kode_dikenal(terbaca(text)).get("peran", ())})


def _sejak(row: Baris) -> Rentang:
    """Every month since its first day: a corrected end may lie before the one that held until now."""
    return Rentang(row[3], None)


JENIS_SURAT: Mapping[str, Jenis] = {
    "cuti": Jenis(
        nama="cuti",
        judul="Impor cuti dan dinas",
        lead="Cuti, izin, dan dinas luar menurut suratnya, dari tanggal sampai tanggal.",
        kolom=(NIP, Column("kode", "jenis", ("jenis cuti", "kode")), _MULAI, _SAMPAI, _NOMOR, _KETERANGAN),
        tabel=SURAT,
        baca=_cuti,
        orang=True,
        rentang=_sejak,
        kenali=_kenali("cuti", rules.kode_cuti),
    ),
    "sanksi": Jenis(
        nama="sanksi",
        judul="Impor hukuman disiplin",
        lead="Hukuman disiplin dengan nomor SK-nya. Besar potongannya hanya dari kebijakan TPP.",
        kolom=(
            NIP,
            Column("tingkat", "tingkat"),
            Column("kode", "kode", ("kode sanksi", "jenis")),
            _MULAI,
            _SAMPAI,
            _NOMOR,
            _KETERANGAN,
        ),
        tabel=SURAT,
        baca=_sanksi,
        orang=True,
        rentang=_sejak,
        kenali=_kenali("sanksi", _kode_sanksi),
    ),
    "peran": Jenis(
        nama="peran",
        judul="Impor peran tambahan",
        lead="Bendahara, PPK, PPTK, pengurus barang, menurut SK-nya. Tambahannya hanya dari kebijakan TPP.",
        kolom=(NIP, Column("kode", "peran", ("kode", "kode peran")), _MULAI, _SAMPAI, _NOMOR, _KETERANGAN),
        tabel=SURAT,
        baca=_peran,
        orang=True,
        rentang=_sejak,
        kenali=_kenali("peran", _kode_peran),
    ),
}
