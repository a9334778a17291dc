"""Commands and questions about files on their way in. Everyone sees their own only."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel

from shared.auth.guard import Peranan, Principal
from shared.brankas import Brankas, Tersegel, TidakTerbuka
from shared.db import Tx, queries
from shared.errors import Conflict, InvalidInput, NotFound
from shared.ids import uuid7
from shared.imports.model import Upload

SQL = queries("shared.imports")
_SHOWN = 10


class Diterima(BaseModel):
    """Where to follow a file."""

    import_id: UUID


class Simpanan(NamedTuple):
    """A file's bytes as the table keeps them: in clear, or sealed under a key, with their fingerprint."""

    isi: bytes
    kunci: str | None
    sidik: str


async def terima(
    tx: Tx,
    jenis: str,
    berkas: str,
    data: bytes,
    pilihan: Mapping[str, str],
    brankas: Brankas | None = None,
) -> Diterima:
    """Keep a file for checking, sealed by `brankas` if there is one; nothing of it is taken in yet.

    Raises InvalidInput for an empty one.
    """
    who = _who(tx)
    if not data:
        raise InvalidInput("Berkas ini kosong.", remedy="Pilih berkas yang berisi data.")
    import_id = uuid7()
    kept = await asyncio.to_thread(_simpanan, import_id, data, brankas)
    await SQL.simpan(
        tx.conn,
        import_id=import_id,
        jenis=jenis,
        berkas=berkas[:200],
        sha256=kept.sidik,
        ukuran=len(data),
        isi=kept.isi,
        kunci=kept.kunci,
        pilihan=dict(pilihan),
        pegawai_id=who.pegawai_id,
        pengirim=pack(who),
    )
    tx.audit("impor.diunggah", f"impor:{import_id}", jenis=jenis, berkas=berkas)
    return Diterima(import_id=import_id)


def _simpanan(import_id: UUID, data: bytes, brankas: Brankas | None) -> Simpanan:
    if brankas is None:
        return Simpanan(data, None, hashlib.sha256(data).hexdigest())
    sealed = brankas.segel(import_id.bytes, data)
    # A plain hash of a short file would let its numbers be found by trying.
    return Simpanan(sealed.isi, sealed.kunci, brankas.sidik(import_id.bytes, data).hex())


def buka(import_id: UUID, isi: bytes, kunci: str | None, brankas: Brankas | None) -> bytes:
    """A kept file's bytes as they were sent. Raises Conflict when no key opens them any more."""
    if kunci is None:
        return isi
    try:
        if brankas is None:
            raise TidakTerbuka("jenis berkas ini tidak punya brankas")
        return brankas.buka(import_id.bytes, Tersegel(kunci, isi))
    except TidakTerbuka as error:
        raise Conflict(
            "Isi berkas ini tidak dapat dibuka lagi: kunci segelnya tidak ada.",
            remedy="Unggah berkasnya sekali lagi. Bila terulang, hubungi pengelola sistem.",
        ) from error


async def satu(tx: Tx, jenis: str, import_id: UUID) -> Upload:
    """One's own file. Raises NotFound."""
    row = await SQL.satu(tx.conn, import_id=import_id, jenis=jenis, pegawai_id=_who(tx).pegawai_id)
    if row is None:
        raise NotFound("Impor ini tidak ada, atau bukan Anda yang mengunggahnya.")
    return Upload(**row)


async def milik(tx: Tx, jenis: str) -> list[Upload]:
    """One's own newest files of a kind."""
    rows = SQL.milik(tx.conn, jenis=jenis, pegawai_id=_who(tx).pegawai_id, limit=_SHOWN)
    return [Upload(**row) async for row in rows]


async def setujui(tx: Tx, jenis: str, import_id: UUID, lewati_salah: bool) -> Diterima:
    """Have a checked file taken in. Raises Conflict when it was not checked, or is gone."""
    upload = await satu(tx, jenis, import_id)
    if (upload.salah and not lewati_salah) or upload.seluruh_lembar:
        raise Conflict(
            "Berkas ini masih berisi kesalahan.", remedy="Perbaiki berkasnya, lalu unggah sekali lagi."
        )
    done = await SQL.setujui(
        tx.conn,
        import_id=import_id,
        jenis=jenis,
        pegawai_id=_who(tx).pegawai_id,
        lewati_salah=lewati_salah,
    )
    if done is None:
        raise Conflict(
            "Berkas ini sudah diproses, atau sudah lebih dari sehari dan dibuang.",
            remedy="Lihat hasilnya di bawah, atau unggah berkasnya sekali lagi.",
        )
    return Diterima(import_id=import_id)


def pack(who: Principal) -> dict[str, object]:
    """A sender as kept beside the file."""
    return {
        "nip": who.nip,
        "nama": who.nama,
        "generation": who.generation,
        "peran": [[held.peran, held.unit_path] for held in who.peran],
    }


def unpack(pegawai_id: UUID, kept: Mapping[str, object]) -> Principal:
    """The sender again."""
    read = json.loads(json.dumps(kept))
    peran = tuple(Peranan(peran, path) for peran, path in read["peran"])
    return Principal(pegawai_id, read["nip"], peran, read["generation"], read["nama"])


def _who(tx: Tx) -> Principal:
    tx.guard.scope()
    assert tx.guard.principal is not None
    return tx.guard.principal
