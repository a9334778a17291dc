"""Corrections month by month, and who waits to be looked at again."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.koreksi.tandai import SQL
from services.tpp.pegawai.nama import NAMA_PEGAWAI
from shared.db import Tx
from shared.http import Page, decode_cursor, page
from shared.money import Rupiah
from shared.period import MasaBayar

_BULAN = 36


class BulanKoreksi(BaseModel):
    """One corrected month, of the people the caller may see. Amounts are signed."""

    periode: MasaBayar
    orang: int = Field(description="Orang yang bulan ini dikoreksi sesudah dikunci")
    menunggu: int = Field(description="Koreksi yang seluruhnya atau sebagian belum dibawa")
    tambah: Rupiah = Field(description="Yang masih akan dibayarkan")
    kurang: Rupiah = Field(description="Yang masih akan dipotong; nol atau kurang")
    terbawa: Rupiah = Field(description="Yang sudah ada di dalam TPP bulan-bulan sesudahnya")
    antre: int = Field(description="Orang yang menunggu dihitung lagi")


class RingkasanKoreksi(BaseModel):
    """The newest corrected months."""

    data: list[BulanKoreksi]


class Menunggu(BaseModel):
    """Somebody whose locked month is to be looked at again."""

    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    opd_kode: str
    pada: datetime = Field(description="Kapan data yang terlambat itu datang")
    sebab: Literal["giliran", "periode", "penilaian", "pembatalan"] = Field(
        description="Yang ditunggu: giliran pekerja, penutupan bulan, penilaian yang lengkap, atau jawaban "
        "payroll atas pembatalan"
    )


async def nama_bulan(tx: Tx) -> list[MasaBayar]:
    """The corrected months, the newest first, without their sums."""
    rows = SQL.nama_bulan(tx.conn, **tx.guard.scope().where, limit=_BULAN)
    return [MasaBayar.parse(row["periode"]) async for row in rows]


async def bulan(tx: Tx, periode: MasaBayar | None = None) -> RingkasanKoreksi:
    """The corrected months, the newest first, or one of them; sums only."""
    scope = tx.guard.scope()
    one = None if periode is None else str(periode)
    rows = [row async for row in SQL.bulan(tx.conn, periode=one, **scope.where, limit=_BULAN)]
    money = [name for name, field in BulanKoreksi.model_fields.items() if field.annotation is Rupiah]
    return RingkasanKoreksi(
        data=[
            BulanKoreksi(
                **{
                    **row,
                    **{name: Rupiah(row[name]) for name in money},
                    "periode": MasaBayar.parse(row["periode"]),
                }
            )
            for row in rows
        ]
    )


async def antrean(tx: Tx, periode: MasaBayar, cursor: str | None, limit: int) -> Page[Menunggu]:
    """People of a month who wait to be looked at again, by OPD and NIP. Holds no pay data."""
    scope = tx.guard.scope()
    after = decode_cursor(cursor, sesudah_opd=str, sesudah_nip=str)
    rows = [
        Menunggu(**row)
        async for row in SQL.antrean(tx.conn, periode=str(periode), **scope.where, **after, limit=limit + 1)
    ]
    return page(rows, limit, lambda one: (one.opd_kode, one.nip))
