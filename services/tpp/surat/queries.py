"""Lists of letters: one's own, or of the people of one's unit."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.pegawai.nama import NAMA_PEGAWAI
from services.tpp.surat.jenis import SQL
from shared.auth.guard import Subject
from shared.cari import Cari
from shared.db import Tx
from shared.errors import NotFound
from shared.http import Page, decode_cursor, page


class Surat(BaseModel):
    """One letter that stands."""

    surat_id: UUID
    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    jenis: str = Field(description="cuti, sanksi atau peran")
    kode: str
    mulai: date
    sampai: date | None = Field(description="Hari terakhir; kosong: sampai dicabut")
    nomor: str
    tingkat: str | None = Field(description="ringan, sedang atau berat; hanya sanksi")
    keterangan: str
    version: int
    diubah_pada: datetime
    opd_nama: str | None
    oleh_nip: str | None = Field(description="NIP yang mengirimnya, bila ia pegawai yang dikenal di sini")
    oleh_nama: str | None = Field(description=NAMA_PEGAWAI)
    oleh_orang: bool = Field(description="Dikirim seseorang, bukan sistem")


class SuratDahulu(BaseModel):
    """What a letter said before it was changed or taken back."""

    version: int
    mulai: date
    sampai: date | None
    nomor: str
    keterangan: str
    diganti_pada: datetime


class SuratRinci(Surat):
    """One letter, whether it was taken back, and what it said before, the newest first."""

    dicabut: bool
    riwayat: list[SuratDahulu]


async def satu(tx: Tx, jenis: str, surat_id: UUID) -> SuratRinci:
    """One letter of a kind. Raises NotFound, Forbidden; reading a sanction leaves a trace."""
    row = await SQL.satu(tx.conn, surat_id=surat_id, hari=tx.now.date())
    found = row if row is not None and row["jenis"] == jenis else None
    tx.guard.admit(Subject(found["pegawai_id"], found["unit_path"]) if found else Subject())
    if found is None:
        raise NotFound("Surat ini tidak ada.", remedy="Muat ulang daftarnya.")
    if jenis == "sanksi":
        tx.audit("sanksi.dibaca", f"pegawai:{found['pegawai_id']}")
    key = [found["pegawai_id"], jenis, found["kode"], found["mulai"]]
    before = [
        SuratDahulu.model_validate(one["isi"] | {"diganti_pada": one["diganti_pada"]})
        async for one in SQL.riwayat(tx.conn, kunci=key)
    ]
    return SuratRinci(**found, riwayat=before[::-1])


async def opd(tx: Tx) -> list[tuple[str, str]]:
    """Code and name of the OPDs whose letters the caller may look through."""
    scope = tx.guard.scope()
    rows = SQL.opd(tx.conn, hari=tx.now.date(), **scope.where)
    return [(row["opd_kode"], row["opd_nama"]) async for row in rows]


async def saya(tx: Tx, jenis: str, cursor: str | None, limit: int) -> Page[Surat]:
    """The caller's own letters."""
    assert tx.guard.principal is not None
    who = tx.guard.principal.pegawai_id
    tx.guard.admit(Subject(who))
    return await _daftar(tx, jenis, cursor, limit, saya=who)


async def daftar(
    tx: Tx, jenis: str, cursor: str | None, limit: int, opd: str | None = None, cari: str = ""
) -> Page[Surat]:
    """Letters of everyone the caller may see; sanctions leave a trace. `cari` as in `shared.cari`."""
    asked = Cari.dari(cari)._asdict()
    found = await _daftar(tx, jenis, cursor, limit, opd=opd, **asked, **tx.guard.scope().where)
    if jenis == "sanksi":
        for one in found.data:
            tx.audit("sanksi.dibaca", f"pegawai:{one.pegawai_id}")
    return found


_TANPA_SARINGAN = {"saya": None, "semua": False, "units": (), "opd": None, "nama": None, "nip": None}


async def _daftar(tx: Tx, jenis: str, cursor: str | None, limit: int, **siapa: Any) -> Page[Surat]:
    after = decode_cursor(cursor, sesudah_mulai=date.fromisoformat, sesudah_id=UUID)
    asked = {**_TANPA_SARINGAN, **siapa, **after}
    rows = SQL.daftar(tx.conn, jenis=jenis, hari=tx.now.date(), limit=limit + 1, **asked)
    found = [Surat(**row) async for row in rows]
    return page(found, limit, lambda one: (one.mulai.isoformat(), one.surat_id))
