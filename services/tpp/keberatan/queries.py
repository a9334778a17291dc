"""Objections: one's own, or those of people whose pay the caller may see."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.kalender.queries import HariOrang, bulan_saya
from services.tpp.keberatan import rules
from services.tpp.keberatan.commands import SQL, halangan, pokok
from services.tpp.kehadiran.rules import PALING_LAMA
from services.tpp.pegawai.nama import NAMA_PEGAWAI
from services.tpp.perhitungan.masa import bulan_dasar
from services.tpp.perhitungan.queries import slip
from shared.auth.guard import Subject
from shared.clock import local_date
from shared.db import Tx
from shared.errors import NotFound
from shared.http import Page, decode_cursor, page
from shared.money import Rupiah
from shared.period import MasaBayar

Keadaan = Literal["diajukan", "diterima", "ditolak", "ditarik"]


class Keberatan(BaseModel):
    """One objection, with the line as it was when it was made."""

    keberatan_id: UUID
    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    opd_kode: str
    opd_nama: str
    periode: MasaBayar
    baris: str = Field(description="Nama barisnya pada slip; kosong: seluruh slip")
    nama: str = Field(description="Sebutan baris itu")
    jumlah: Rupiah
    kalimat: str
    pasal: str
    sumber: str
    alasan: str
    bukti: str
    keadaan: Keadaan
    diajukan_pada: datetime
    penjawab: str = Field(description="Siapa yang perlu menjawab; kosong bila tidak menunggu lagi")
    terkunci: bool = Field(description="TPP bulan itu sudah dikunci: perubahannya menjadi rapel")
    diputus_nama: str
    diputus_pada: datetime | None
    jawaban: str
    perbaikan: rules.Perbaikan | None = Field(description="Bila diterima: jalan perbaikannya")
    diperbaiki_oleh: str = Field(description="Siapa yang menjalankan perbaikan itu")
    pasal_jawaban: str


class KeberatanRinci(Keberatan):
    """One objection beside the slip as it is now."""

    jumlah_kini: Rupiah | None = Field(description="Baris yang sama sekarang; kosong bila tidak ada lagi")
    halangan: str = Field(description="Mengapa Anda tidak dapat menjawabnya; kosong bila dapat")


class OpdBerkeberatan(BaseModel):
    """An OPD of a month in which somebody objected."""

    opd_kode: str
    opd_nama: str


async def satu(tx: Tx, keberatan_id: UUID) -> KeberatanRinci:
    """One objection; reading somebody else's is audited. Raises NotFound, Forbidden."""
    row = await SQL.satu(tx.conn, keberatan_id=keberatan_id)
    tx.guard.admit(Subject(row["pegawai_id"], row["unit_path"]) if row else Subject())
    if row is None:
        raise NotFound("Keberatan ini tidak ada.", remedy="Muat ulang daftarnya.")
    who = tx.guard.principal
    assert who is not None
    now = pokok(await slip(tx, MasaBayar.parse(row["periode"]), row["pegawai_id"]), row["baris"])
    return KeberatanRinci(
        **_isi(row),
        jumlah_kini=None if now is None else Rupiah(now.jumlah),
        halangan=halangan(who, row["pegawai_id"], terkunci=row["terkunci"]),
    )


async def saya(tx: Tx, cursor: str | None, limit: int) -> Page[Keberatan]:
    """The caller's own objections, the newest first."""
    assert tx.guard.principal is not None
    who = tx.guard.principal.pegawai_id
    tx.guard.admit(Subject(who))
    return await _daftar(tx, cursor, limit, saya=who)


async def daftar(
    tx: Tx, keadaan: Keadaan | None, opd: str | None, cursor: str | None, limit: int
) -> Page[Keberatan]:
    """Objections of everyone the caller may see, waiting ones the oldest first; each reading is audited."""
    found = await _daftar(tx, cursor, limit, keadaan=keadaan, opd=opd, **tx.guard.scope().where)
    for one in found.data:
        tx.audit("keberatan.dibaca", f"pegawai:{one.pegawai_id}", periode=str(one.periode))
    return found


async def opd(tx: Tx) -> list[OpdBerkeberatan]:
    """OPDs of months with objections, of those the caller may see; nobody's data."""
    scope = tx.guard.scope()
    rows = SQL.opd(tx.conn, **scope.where)
    return [OpdBerkeberatan(**row) async for row in rows]


async def hari_mencolok(tx: Tx, periode: MasaBayar, zone: str) -> list[HariOrang]:
    """Days of my month that a cut for attendance can rest on and whose correction can still be asked for."""
    today = local_date(tx.now, zone)
    return [
        day
        for day in (await bulan_saya(tx, await bulan_dasar(tx, periode))).hari
        if today - PALING_LAMA <= day.tanggal <= today and _mencolok(day)
    ]


def _mencolok(day: HariOrang) -> bool:
    return day.cuti is None and rules.mencolok(
        day.masuk_jadwal,
        day.pulang_jadwal,
        day.keterangan,
        day.masuk,
        day.pulang,
        malam=bool(day.lewat_tengah_malam),
    )


_TANPA_SARINGAN = {"saya": None, "keadaan": None, "opd": None, "semua": False, "units": ()}


async def _daftar(tx: Tx, cursor: str | None, limit: int, **siapa: Any) -> Page[Keberatan]:
    asked = {**_TANPA_SARINGAN, **siapa, **decode_cursor(cursor, sesudah=UUID)}
    rows = SQL.daftar(tx.conn, limit=limit + 1, **asked)
    return page([Keberatan(**_isi(row)) async for row in rows], limit, lambda one: (one.keberatan_id,))


def _isi(row: Any) -> dict[str, Any]:
    waits = row["keadaan"] == "diajukan"
    return {
        **row,
        "periode": MasaBayar.parse(row["periode"]),
        "jumlah": Rupiah(row["jumlah"]),
        "penjawab": rules.penjawab(row["terkunci"]) if waits else "",
        "diperbaiki_oleh": rules.PELAKSANA.get(row["perbaikan"], ""),
    }
