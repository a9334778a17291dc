"""Reading plans: lists in one's scope, one plan with its versions, what the atasan planned."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.skp.pegawai.queries import posisi
from services.skp.rencana import rules
from services.skp.rencana.commands import baca_rhk
from shared.auth.guard import Subject
from shared.clock import local_date
from shared.contracts.skp import Rhk
from shared.db import Tx, queries
from shared.errors import NotFound
from shared.http import Page, decode_cursor, page

SQL = queries("services.skp.rencana")


class SkpBaris(BaseModel):
    """A plan in a list."""

    skp_id: UUID
    pegawai_id: UUID
    nip: str
    nama: str
    jabatan: str | None
    unit: str | None
    atasan_id: UUID | None
    tahun: int
    versi: int
    keadaan: str
    berlaku: bool = Field(description="Ada versi yang sudah disetujui dan berlaku")
    diajukan_pada: datetime | None


class SkpSaya(BaseModel):
    """One's own plans; `tahun_ini` is the year in the region's zone today."""

    tahun_ini: int
    data: list[SkpBaris]


class VersiSkp(BaseModel):
    """A version of the document and what was decided about it."""

    versi: int
    keadaan: str
    atasan_id: UUID | None
    atasan_nama: str | None
    catatan: str | None
    diajukan_pada: datetime | None
    diputuskan_pada: datetime | None


class SkpRinci(BaseModel):
    """A plan: the RHK of its newest version, and all versions."""

    skp_id: UUID
    pegawai_id: UUID
    nip: str
    nama: str
    tahun: int
    versi: int
    versi_berlaku: int | None
    keadaan: str
    rhk: list[Rhk]
    riwayat: list[VersiSkp]


class SkpBerlaku(BaseModel):
    """A person's plan of a year as far as it is in force."""

    skp_id: UUID | None
    keadaan: str = Field(description="Keadaan versi terbaru, atau belum_ada")
    rhk: list[Rhk]


class RhkAtasan(BaseModel):
    """An RHK that may be intervened."""

    rhk_id: UUID
    rencana: str
    berlaku: bool = Field(description="Sudah disetujui; yang belum masih dapat berubah")


class DaftarRhkAtasan(BaseModel):
    """What my pejabat penilai plans, and if nothing yet: who has to act."""

    atasan_id: UUID | None
    atasan_nama: str | None
    keadaan: str = Field(description="Keadaan SKP atasan; belum_ada, atau tidak_ada_atasan")
    kalimat: str
    data: list[RhkAtasan]


async def daftar(tx: Tx, tahun: int, cursor: str | None, limit: int, zone: str) -> Page[SkpBaris]:
    """Plans of a year that the caller may see; one's own first."""
    scope = tx.guard.scope()
    who = tx.guard.principal
    after = decode_cursor(cursor, sesudah_lain=bool, sesudah_id=UUID)
    asked = {
        "tahun": tahun,
        "hari": local_date(tx.now, zone),
        "saya": who.pegawai_id if who else None,
        **after,
        "limit": limit + 1,
    }
    listed = (
        SQL.daftar_semua(tx.conn, **asked)
        if scope.all
        else SQL.daftar_terlihat(
            tx.conn, diri=scope.self_id, atasan=scope.atasan_id, unit=scope.unit_paths, **asked
        )
    )
    rows = [row async for row in listed]
    found = page(rows, limit, lambda row: [int(row["lain"]), row["skp_id"]])
    return Page[SkpBaris](
        data=[_baris(row) for row in found.data],
        berikutnya=found.berikutnya,
    )


def _baris(row: Any) -> SkpBaris:
    return SkpBaris(
        skp_id=row["skp_id"],
        pegawai_id=row["pegawai_id"],
        nip=row["nip"],
        nama=row["nama"],
        jabatan=row["jabatan_nama"],
        unit=row["unit_nama"],
        atasan_id=row["atasan_id"],
        tahun=row["tahun"],
        versi=row["versi"],
        keadaan=row["keadaan"],
        berlaku=row["versi_berlaku"] is not None,
        diajukan_pada=row["diajukan_pada"],
    )


async def milik(tx: Tx, zone: str) -> SkpSaya:
    """One's own plans, the latest year first."""
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    today = local_date(tx.now, zone)
    rows = [row async for row in SQL.milik(tx.conn, pegawai_id=who.pegawai_id, hari=today)]
    return SkpSaya(tahun_ini=today.year, data=[_baris(row) for row in rows])


async def rencana_atasan(tx: Tx, skp: SkpRinci) -> dict[UUID, str]:
    """What the RHK that a plan intervenes say, by their id. For a plan the caller was let see."""
    return await teks_rhk(tx, [rhk.rhk_atasan_id for rhk in skp.rhk if rhk.rhk_atasan_id])


async def teks_rhk(tx: Tx, ids: list[UUID]) -> dict[UUID, str]:
    """What RHK say, in their newest version; for who was let see what names them."""
    return {row["rhk_id"]: row["rencana"] async for row in SQL.teks_rhk(tx.conn, ids=ids)}


async def berlaku(tx: Tx, pegawai_id: UUID, tahun: int) -> SkpBerlaku:
    """The RHK of somebody's plan that are in force; for who was let see that person's work."""
    skp_id = await SQL.skp_tahun(tx.conn, pegawai_id=pegawai_id, tahun=tahun)
    keadaan = await SQL.keadaan_skp(tx.conn, pegawai_id=pegawai_id, tahun=tahun) or "belum_ada"
    rows = [baca_rhk(row) async for row in SQL.rhk_di_skp_berlaku(tx.conn, skp_id=skp_id)]
    return SkpBerlaku(skp_id=skp_id, keadaan=keadaan, rhk=rows)


async def satu(tx: Tx, skp_id: UUID, zone: str) -> SkpRinci:
    """One plan. Raises NotFound, or Forbidden for somebody it does not concern."""
    row = await SQL.satu(tx.conn, skp_id=skp_id)
    if row is None:
        raise NotFound("SKP ini tidak ada.", remedy="Muat ulang daftar SKP.")
    where = await posisi(tx, row["pegawai_id"], local_date(tx.now, zone))
    tx.guard.admit(where.subject if where else Subject(row["pegawai_id"]))
    riwayat = [VersiSkp(**one) async for one in SQL.riwayat(tx.conn, skp_id=skp_id)]
    return SkpRinci(
        **row,
        keadaan=riwayat[0].keadaan,
        rhk=[baca_rhk(one) async for one in SQL.rhk(tx.conn, skp_id=skp_id, versi=row["versi"])],
        riwayat=riwayat,
    )


async def dapat_memutuskan(tx: Tx, skp: SkpRinci, zone: str) -> bool:
    """Whether it is the caller who decides about a plan that he was let see, were it submitted."""
    who = tx.guard.principal
    where = await posisi(tx, skp.pegawai_id, local_date(tx.now, zone))
    if who is None or where is None:
        return False
    return rules.dapat_memutuskan(
        skp.pegawai_id, where.atasan_id, who.pegawai_id, admin_bkd=who.holds("admin_bkd")
    )


async def rhk_atasan(tx: Tx, tahun: int, zone: str) -> DaftarRhkAtasan:
    """The RHK of my pejabat penilai of today."""
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    where = await posisi(tx, who.pegawai_id, local_date(tx.now, zone))
    if where is None or where.atasan_id is None:
        return DaftarRhkAtasan(
            atasan_id=None,
            atasan_nama=None,
            keadaan="tidak_ada_atasan",
            kalimat="Anda tidak mempunyai atasan; susun RHK Anda tanpa intervensi.",
            data=[],
        )
    keadaan = await SQL.keadaan_skp(tx.conn, pegawai_id=where.atasan_id, tahun=tahun) or "belum_ada"
    rows = [row async for row in SQL.rhk_milik(tx.conn, pegawai_id=where.atasan_id, tahun=tahun)]
    return DaftarRhkAtasan(
        atasan_id=where.atasan_id,
        atasan_nama=where.atasan_nama,
        keadaan=keadaan,
        kalimat=f"Pilih RHK {where.atasan_nama} yang Anda intervensi."
        if rows
        else f"{where.atasan_nama} belum menyusun SKP {tahun}; Anda tetap dapat membuat draf.",
        data=[
            RhkAtasan(rhk_id=row["rhk_id"], rencana=row["rencana"], berlaku=bool(row["berlaku"]))
            for row in rows
        ],
    )
