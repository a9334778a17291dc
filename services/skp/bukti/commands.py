"""Taking a file in as evidence."""

import asyncio
import hashlib

from pydantic import BaseModel, Field

from services.skp.bukti import rules
from services.skp.bukti.gudang import Gudang
from shared.auth.guard import Subject
from shared.db import Tx, queries
from shared.errors import Conflict, FieldError, InvalidInput

SQL = queries("services.skp.bukti")


class BuktiTersimpan(BaseModel):
    """A file as it was taken in."""

    sha256: str
    nama: str
    ukuran: int = Field(description="bita")
    jenis: str


async def periksa(data: bytes, sha256: str, nama: str) -> BuktiTersimpan:
    """Look at a file aside from the event loop. Raises InvalidInput when it is not taken."""
    return await asyncio.to_thread(_periksa, data, sha256, nama)


def _periksa(data: bytes, sha256: str, nama: str) -> BuktiTersimpan:
    if hashlib.sha256(data).hexdigest() != sha256:
        raise InvalidInput(
            "Isi yang tiba berbeda dari yang dikirim.",
            fields=[FieldError("/sha256", "tidak sama dengan sidik isi", "Kirim ulang berkasnya.")],
        )
    jenis = rules.jenis_isi(data)
    return BuktiTersimpan(sha256=sha256, nama=rules.nama_aman(nama, jenis), ukuran=len(data), jenis=jenis)


async def simpan(tx: Tx, gudang: Gudang, bukti: BuktiTersimpan, data: bytes) -> BuktiTersimpan:
    """Store a checked file, then record that it is the caller's: never a record without the file."""
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    if not await SQL.ada_pegawai(tx.conn, pegawai_id=who.pegawai_id):
        raise Conflict("Anda tidak tercatat sebagai pegawai.", remedy="Hubungi admin BKD.")
    await gudang.simpan(bukti.sha256, data)
    await SQL.catat(
        tx.conn,
        pegawai_id=who.pegawai_id,
        sha256=bukti.sha256,
        nama=bukti.nama,
        ukuran=bukti.ukuran,
        jenis=bukti.jenis,
    )
    tx.audit("bukti.simpan", f"bukti:{bukti.sha256[:16]}", jenis=bukti.jenis, ukuran=bukti.ukuran)
    return bukti
