"""Files that take longer than somebody waits: asked for here, made by `kerja`, fetched by who asked."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel

from services.tpp.ekspor import queries
from services.tpp.ekspor.profil import Profil
from services.tpp.ekspor.queries import SQL
from shared.auth.guard import Principal
from shared.brankas import Brankas, Tersegel
from shared.db import Tx
from shared.errors import Conflict, NotFound, TooManyRequests
from shared.ids import uuid7
from shared.imports.store import pack
from shared.period import MasaBayar

LANGSUNG = 2000
"""A file of so many people is there at once; a larger one is made by a worker."""
_MENUNGGU = 5
_TERAKHIR = 20


class Dibuat(BaseModel):
    """Where to follow a file."""

    ekspor_id: UUID


class Ekspor(BaseModel):
    """A file somebody asked for: how far it is, and whether it can be fetched (`ada`)."""

    ekspor_id: UUID
    periode: MasaBayar
    profil: str
    jenis: str
    nama: str
    opd_kode: str | None
    keadaan: str
    tahap: str
    baris: int
    jumlah: int
    ukuran: int | None
    galat: dict[str, Any] | None
    dibuat_pada: datetime
    diubah_pada: datetime
    ada: bool

    @property
    def menunggu(self) -> bool:
        """Whether a worker still has to act."""
        return self.keadaan == "menunggu"

    @property
    def berkas(self) -> str:
        """What the file is called."""
        return nama_berkas(self.profil, str(self.periode), self.opd_kode, self.jenis)


class IsiBerkas(NamedTuple):
    """A finished file."""

    ekspor: Ekspor
    data: bytes


def nama_berkas(kode: str, periode: str, opd: str | None, jenis: str) -> str:
    """A file's name: `nominatif-2026-10-DINKES.xlsx`."""
    return f"{'-'.join(filter(None, (kode, periode, opd)))}.{jenis}"


async def minta(
    tx: Tx, periode: MasaBayar, profil: Profil, opd: str | None, isian: Mapping[str, str]
) -> Dibuat:
    """Have a file made by a worker, with the caller's rights.

    Raises InvalidInput for an `isian` that is missing, Conflict when nobody would stand in it,
    TooManyRequests while several of the caller's are being made.
    """
    who = _who(tx)
    queries.lengkap(profil, periode, isian)
    counts = await queries.jumlah(tx, periode)
    people = sum(one.hanya(profil.hanya) for one in counts if opd in (None, one.opd_kode))
    if not people:
        raise Conflict(
            f"Belum ada orang untuk berkas {profil.nama}.",
            remedy="Berkas ini berisi pembayaran OPD yang sudah dikunci BPKAD."
            if profil.hanya == "dikunci"
            else "Berkas ini berisi TPP yang sudah dihitung.",
        )
    if await SQL.sedang_menunggu(tx.conn, pegawai_id=who.pegawai_id) >= _MENUNGGU:
        raise TooManyRequests(
            f"{_MENUNGGU} berkas Anda masih dibuat.",
            remedy="Tunggu sampai salah satunya selesai.",
            retry_after=10,
        )
    ekspor_id = uuid7()
    await SQL.simpan(
        tx.conn,
        ekspor_id=ekspor_id,
        pegawai_id=who.pegawai_id,
        pengirim=pack(who),
        periode=str(periode),
        profil=profil.kode,
        jenis=profil.jenis,
        nama=profil.nama,
        opd=opd,
        isian=dict(isian),
        jumlah=people,
    )
    tx.audit("tpp.berkas-diminta", f"ekspor:{ekspor_id}", periode=str(periode), profil=profil.kode, opd=opd)
    return Dibuat(ekspor_id=ekspor_id)


async def lihat(tx: Tx, ekspor_id: UUID) -> Ekspor:
    """One's own file. Raises NotFound."""
    row = await SQL.satu(tx.conn, ekspor_id=ekspor_id, pegawai_id=_who(tx).pegawai_id)
    if row is None:
        raise NotFound("Berkas ini tidak ada, atau bukan Anda yang memintanya.")
    return Ekspor(**row)


async def milik(tx: Tx) -> list[Ekspor]:
    """One's own newest files."""
    return [
        Ekspor(**row) async for row in SQL.milik(tx.conn, pegawai_id=_who(tx).pegawai_id, limit=_TERAKHIR)
    ]


async def unduh(tx: Tx, ekspor_id: UUID, brankas: Brankas) -> IsiBerkas:
    """The content of one's own finished file. Raises NotFound, or Conflict when roles have changed since."""
    found, who = await lihat(tx, ekspor_id), _who(tx)
    row = await SQL.isi(tx.conn, ekspor_id=ekspor_id, pegawai_id=who.pegawai_id)
    if row is None:
        raise NotFound("Isi berkas ini belum ada, atau sudah dibuang.", remedy="Buat berkasnya sekali lagi.")
    if row["generation"] != who.generation:
        raise Conflict("Peran Anda berubah sesudah berkas ini diminta.", remedy="Buat berkasnya sekali lagi.")
    tx.audit("tpp.berkas-diunduh", f"ekspor:{ekspor_id}", periode=str(found.periode), profil=found.profil)
    sealed = Tersegel(row["kunci"], row["isi"])
    return IsiBerkas(found, await asyncio.to_thread(brankas.buka, ekspor_id.bytes, sealed))


def _who(tx: Tx) -> Principal:
    tx.guard.scope()
    assert tx.guard.principal is not None
    return tx.guard.principal
