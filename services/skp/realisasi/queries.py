"""Reading realisasi: of a month in one's scope, one person's month at a glance, one with its evidence."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.skp.bukti import queries as bukti
from services.skp.bukti.commands import BuktiTersimpan
from services.skp.pegawai.queries import Posisi, posisi
from services.skp.realisasi.rules import satuan_dari
from services.skp.rencana import queries as rencana
from shared.auth.guard import Subject
from shared.clock import local_date
from shared.db import Tx, queries
from shared.errors import NotFound
from shared.http import Page, decode_cursor, page
from shared.period import Period

SQL = queries("services.skp.realisasi")


class Realisasi(BaseModel):
    """What was done, by whom, with which evidence."""

    realisasi_id: UUID
    pegawai_id: UUID
    nip: str
    nama: str
    skp_id: UUID
    rhk_id: UUID
    periode: Period
    tanggal: date
    uraian: str
    jumlah: Decimal
    satuan: str
    bukti: list[str]
    dikirim_pada: datetime


class RealisasiRinci(Realisasi):
    """A realisasi, what its RHK says, and its evidence by name."""

    rencana: str
    berkas: list[BuktiTersimpan]


class JumlahRhk(BaseModel):
    """What was reached, in one unit."""

    jumlah: Decimal
    satuan: str


class RhkBulan(BaseModel):
    """An RHK in force, and what a month holds for it."""

    skp_id: UUID
    rhk_id: UUID
    rencana: str
    satuan: str = Field(description="Satuan targetnya, untuk diusulkan; kosong bila tidak terbaca")
    catatan: int
    jumlah: list[JumlahRhk]
    terakhir: date | None


class HariBulan(BaseModel):
    """A day that holds realisasi."""

    tanggal: date
    catatan: int


class Bulan(BaseModel):
    """One person's month at a glance, and if nothing can be recorded yet: what is missing."""

    pegawai_id: UUID
    nama: str
    atasan_nama: str | None
    periode: Period
    keadaan: str = Field(description="belum_dibuka, dibuka, pengiriman_ditutup atau ditutup")
    hari_ini: date
    skp_id: UUID | None
    skp_keadaan: str = Field(description="Keadaan versi terbaru SKP tahun itu, atau belum_ada")
    rhk: list[RhkBulan] = Field(description="RHK yang berlaku; kosong selama SKP belum disetujui")
    hari: list[HariBulan]
    catatan: int


class Contoh(BaseModel):
    """An earlier realisasi to copy from."""

    realisasi_id: UUID
    rhk_id: UUID
    tanggal: date
    uraian: str
    jumlah: Decimal
    satuan: str


async def daftar(
    tx: Tx, periode: Period, pegawai_id: UUID | None, cursor: str | None, limit: int, zone: str
) -> Page[Realisasi]:
    """Realisasi of a month, in the order they came."""
    scope = tx.guard.scope()
    after = decode_cursor(cursor, sesudah=UUID)
    asked = {"periode": str(periode), "pegawai_id": pegawai_id, **after, "limit": limit + 1}
    found = (
        SQL.daftar_semua(tx.conn, **asked)
        if scope.all
        else SQL.daftar_terlihat(
            tx.conn,
            hari=local_date(tx.now, zone),
            diri=scope.self_id,
            atasan=scope.atasan_id,
            unit=scope.unit_paths,
            **asked,
        )
    )
    rows = [Realisasi(**row) async for row in found]
    return page(rows, limit, lambda row: [row.realisasi_id])


async def bulan(tx: Tx, pegawai_id: UUID | None, periode: Period, zone: str) -> Bulan:
    """One person's month (None: the caller's). Raises NotFound, or Forbidden for a stranger."""
    where, today = await _orang(tx, pegawai_id, zone)
    who = where.pegawai_id
    sums: dict[UUID, list[Any]] = {}
    async for row in SQL.jumlah_rhk(tx.conn, pegawai_id=who, periode=str(periode)):
        sums.setdefault(row["rhk_id"], []).append(row)
    days = [HariBulan(**row) async for row in SQL.jumlah_hari(tx.conn, pegawai_id=who, periode=str(periode))]
    plan = await rencana.berlaku(tx, who, periode.year)
    return Bulan(
        pegawai_id=who,
        nama=where.nama,
        atasan_nama=where.atasan_nama,
        periode=periode,
        keadaan=await SQL.keadaan_periode(tx.conn, periode=str(periode)) or "belum_dibuka",
        hari_ini=today,
        skp_id=plan.skp_id,
        skp_keadaan=plan.keadaan,
        rhk=[
            RhkBulan(
                skp_id=plan.skp_id,
                rhk_id=rhk.rhk_id,
                rencana=rhk.rencana,
                satuan=next(filter(None, (satuan_dari(one.target) for one in rhk.indikator)), ""),
                catatan=sum(row["catatan"] for row in sums.get(rhk.rhk_id, ())),
                jumlah=[
                    JumlahRhk(jumlah=row["jumlah"], satuan=row["satuan"]) for row in sums.get(rhk.rhk_id, ())
                ],
                terakhir=max((row["terakhir"] for row in sums.get(rhk.rhk_id, ())), default=None),
            )
            for rhk in plan.rhk
            if plan.skp_id is not None
        ],
        hari=days,
        catatan=sum(day.catatan for day in days),
    )


async def daftar_orang(
    tx: Tx, pegawai_id: UUID | None, periode: Period, cursor: str | None, limit: int, zone: str
) -> Page[RealisasiRinci]:
    """One person's month (None: the caller's), the latest day first."""
    where, _ = await _orang(tx, pegawai_id, zone)
    before = decode_cursor(cursor, sebelum=date.fromisoformat, sebelum_id=UUID)
    found = SQL.daftar_orang(
        tx.conn, pegawai_id=where.pegawai_id, periode=str(periode), **before, limit=limit + 1
    )
    shown = page(
        [Realisasi(**row) async for row in found], limit, lambda row: [row.tanggal, row.realisasi_id]
    )
    return Page(data=await _rinci(tx, where.pegawai_id, shown.data), berikutnya=shown.berikutnya)


async def satu(tx: Tx, realisasi_id: UUID, zone: str) -> RealisasiRinci:
    """One realisasi. Raises NotFound, or Forbidden for somebody it does not concern."""
    row = await SQL.satu(tx.conn, realisasi_id=realisasi_id)
    if row is None:
        raise NotFound("Realisasi ini tidak ada.", remedy="Muat ulang daftar realisasi.")
    where = await posisi(tx, row["pegawai_id"], local_date(tx.now, zone))
    tx.guard.admit(where.subject if where else Subject(row["pegawai_id"]))
    [found] = await _rinci(tx, row["pegawai_id"], [Realisasi(**row)])
    return found


async def contoh(tx: Tx, sampai: date, limit: int) -> list[Contoh]:
    """The caller's own last ones until a day, to copy from: of that month and the one before."""
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    month = Period.of(sampai)
    rows = SQL.terakhir(
        tx.conn,
        pegawai_id=who.pegawai_id,
        periode=[str(month), str(month.plus(-1))],
        sampai=sampai,
        limit=limit,
    )
    return [Contoh(**row) async for row in rows]


async def _orang(tx: Tx, pegawai_id: UUID | None, zone: str) -> tuple[Posisi, date]:
    who = tx.guard.principal
    assert who is not None
    today = local_date(tx.now, zone)
    asked = pegawai_id or who.pegawai_id
    where = await posisi(tx, asked, today)
    tx.guard.admit(where.subject if where else Subject(asked))
    if where is None:
        raise NotFound("Orang ini tidak ada dalam daftar pegawai.", remedy="Hubungi admin BKD.")
    return where, today


async def _rinci(tx: Tx, pegawai_id: UUID, rows: list[Realisasi]) -> list[RealisasiRinci]:
    texts = await rencana.teks_rhk(tx, [row.rhk_id for row in rows])
    named = await bukti.sebut(tx, pegawai_id, sorted({sha256 for row in rows for sha256 in row.bukti}))
    files = {one.sha256: one for one in named}
    return [
        RealisasiRinci(
            **row.model_dump(),
            rencana=texts[row.rhk_id],
            berkas=[files[sha256] for sha256 in row.bukti],
        )
        for row in rows
    ]
