"""Lists of these facts: one's own, or of the people of one's unit."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.daerah import ejaan
from services.tpp.daerah.jenis import JENIS_DAERAH, SQL
from services.tpp.pegawai.nama import NAMA_PEGAWAI
from shared.auth.guard import Subject
from shared.cari import Cari
from shared.db import Tx
from shared.errors import NotFound
from shared.http import Page, decode_cursor, page

SEBUTAN = {
    "fakta-daerah": "Fakta daerah",
    "eselon": "Eselon",
    "lokasi": "Tempat bertugas",
    "zakat": "Zakat",
    "potongan": "Potongan lain",
}
"""The kinds, as people call them."""

_SATU = {"eselon": "eselon", "lokasi": "lokasi", "zakat": "ikut_zakat"}
"""Kinds with one fact, and its name. `potongan` has those below its name, `fakta-daerah` all others."""
_AWALAN = f"{ejaan.POTONGAN}."


class FaktaOrang(BaseModel):
    """One fact of one person that stands."""

    fakta_id: UUID
    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    jenis: str = Field(description="fakta-daerah, eselon, lokasi, zakat atau potongan")
    fakta: str = Field(description="Nama fakta di kebijakan; untuk potongan, kodenya")
    nilai: str = Field(description="Dengan satuannya; kosong: bukan salah satunya")
    mulai: date
    sampai: date | None = Field(description="Hari terakhir; kosong: sampai ada yang baru")
    version: int
    diubah_pada: datetime
    opd_nama: str | None
    oleh_nip: str | None = Field(description="NIP yang mengirimnya, bila ia pegawai yang dikenal di sini")
    oleh_nama: str | None = Field(description=NAMA_PEGAWAI)
    oleh_orang: bool = Field(description="Dikirim seseorang, bukan sistem")


def jenis_dari(nama: str) -> str:
    """The kind of a fact by its name."""
    if nama.startswith(_AWALAN):
        return "potongan"
    return next((jenis for jenis, one in _SATU.items() if one == nama), "fakta-daerah")


def _hal(jenis: str) -> dict[str, Any]:
    if jenis in _SATU:
        return {"hal": [_SATU[jenis]], "awalan": None, "sendiri": False}
    if jenis == "potongan":
        return {"hal": [], "awalan": _AWALAN, "sendiri": False}
    return {"hal": list(_SATU.values()), "awalan": _AWALAN, "sendiri": True}


async def saya(tx: Tx, cursor: str | None, limit: int) -> Page[FaktaOrang]:
    """All of the caller's own."""
    assert tx.guard.principal is not None
    who = tx.guard.principal.pegawai_id
    tx.guard.admit(Subject(who))
    return await _daftar(tx, cursor, limit, hal=[], awalan=None, sendiri=True, saya=who)


async def satu(tx: Tx, jenis: str, fakta_id: UUID) -> FaktaOrang:
    """One fact of a kind that stands. Raises NotFound, Forbidden; reading pay data leaves a trace."""
    row = await SQL.satu(tx.conn, fakta_id=fakta_id, hari=tx.now.date())
    found = row if row is not None and jenis_dari(row["nama"]) == jenis and not row["dicabut"] else None
    tx.guard.admit(Subject(found["pegawai_id"], found["unit_path"]) if found else Subject())
    if found is None:
        raise NotFound("Fakta ini tidak ada atau sudah dicabut.", remedy="Muat ulang daftarnya.")
    if JENIS_DAERAH[jenis].brankas:
        tx.audit(f"{jenis}.dibaca", f"pegawai:{found['pegawai_id']}")
    return _fakta(found)


async def daftar(
    tx: Tx, jenis: str, cursor: str | None, limit: int, opd: str | None = None, cari: str = ""
) -> Page[FaktaOrang]:
    """Facts of a kind of everyone the caller may see; pay data leaves a trace. `cari` as in `shared.cari`."""
    asked = Cari.dari(cari)._asdict()
    found = await _daftar(tx, cursor, limit, **_hal(jenis), opd=opd, **asked, **tx.guard.scope().where)
    if JENIS_DAERAH[jenis].brankas:
        for one in found.data:
            tx.audit(f"{jenis}.dibaca", f"pegawai:{one.pegawai_id}")
    return found


def _fakta(row: Any) -> FaktaOrang:
    return FaktaOrang(**row, jenis=jenis_dari(row["nama"]), fakta=row["nama"].removeprefix(_AWALAN))


_TANPA_SARINGAN = {"saya": None, "semua": False, "units": (), "opd": None, "nama": None, "nip": None}


async def _daftar(tx: Tx, cursor: str | None, limit: int, **siapa: Any) -> Page[FaktaOrang]:
    after = decode_cursor(cursor, sesudah_mulai=date.fromisoformat, sesudah_id=UUID)
    asked = {**_TANPA_SARINGAN, **siapa, **after}
    rows = SQL.daftar(tx.conn, hari=tx.now.date(), limit=limit + 1, **asked)
    found = [_fakta(row) async for row in rows]
    return page(found, limit, lambda one: (one.mulai.isoformat(), one.fakta_id))
