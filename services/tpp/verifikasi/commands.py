"""Giving a document its code."""

import secrets
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.verifikasi import rules
from shared.auth.guard import Subject
from shared.db import Tx, queries
from shared.errors import NotFound
from shared.period import MasaBayar

SQL = queries("services.tpp.verifikasi")


class KodeDokumen(BaseModel):
    """What a document carries to be checked by."""

    kode: str = Field(description="24 huruf; tidak memuat data pribadi")
    alamat: str = Field(description="Jalur halaman pemeriksaan, untuk kode QR")
    sidik: str = Field(description="SHA-256 angka dokumen; delapan huruf pertamanya dicetak")


async def kode_slip(tx: Tx, periode: MasaBayar, pegawai_id: UUID) -> KodeDokumen:
    """The code of a person's slip as it stands. Raises NotFound before it was computed."""
    row = await SQL.slip(tx.conn, periode=str(periode), pegawai_id=pegawai_id)
    tx.guard.admit(Subject(pegawai_id, row["unit_path"] if row else None))
    if row is None or row["status"] != "dihitung":
        raise NotFound(f"TPP {periode.tampil()} belum dihitung.", remedy="Tunggu sampai TPP dihitung.")
    sidik = rules.sidik_slip(
        str(periode), row["nip"], row["version"], row["bruto"], row["potongan"], row["neto"]
    )
    number = await SQL.simpan(
        tx.conn,
        dokumen_id=secrets.token_bytes(12),
        periode=str(periode),
        pegawai_id=pegawai_id,
        version=row["version"],
        sidik=sidik,
    )
    kode = rules.kode(await kunci(tx), number)
    return KodeDokumen(kode=kode, alamat=f"/tpp/verifikasi/{kode}", sidik=sidik)


async def kode_slip_saya(tx: Tx, periode: MasaBayar) -> KodeDokumen:
    """The code of the caller's own slip."""
    assert tx.guard.principal is not None
    return await kode_slip(tx, periode, tx.guard.principal.pegawai_id)


async def kunci(tx: Tx) -> bytes:
    """The sealing key, made when there is none."""
    known: bytes | None = await SQL.kunci(tx.conn)
    if known is None:
        await SQL.pasang_kunci(tx.conn, kunci=secrets.token_bytes(32))
        known = await SQL.kunci(tx.conn)
    assert known is not None
    return known
