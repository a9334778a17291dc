"""Evidence that arrives in parts, over connections that break: each part continues where the last one ended.

A part is stored before it is recorded. The whole is checked like any other file; until then nothing of it
counts as evidence, and nobody can fetch it.
"""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.skp.bukti import rules
from services.skp.bukti.commands import periksa, simpan
from services.skp.bukti.gudang import Gudang
from shared.auth.guard import Subject
from shared.db import Tx, queries
from shared.db.database import Database
from shared.errors import Conflict, FieldError, InvalidInput, TooManyRequests

SQL = queries("services.skp.bukti")

MIN_BAGIAN = 64 * 1024
"""Bytes of a part, the last one excepted: more and smaller ones would only burden the store."""
MAX_BAGIAN = 1024 * 1024
MAX_TERBUKA = 20
"""Uploads of one person that are under way."""


class Unggahan(BaseModel):
    """How far a file has come."""

    sha256: str
    ukuran: int = Field(description="bita seluruhnya; 0 bila belum dimulai")
    diterima: int = Field(description="bita yang sudah tiba; lanjutkan dari sini")
    selesai: bool = Field(description="Sudah utuh, diperiksa, dan tercatat sebagai bukti Anda")


class TidakDiterima(InvalidInput):
    """The whole has arrived and is refused: its parts are of no use any more."""


async def kemajuan(tx: Tx, sha256: str) -> Unggahan:
    """How far the caller's upload of a file is; nothing yet is no error."""
    who = _diri(tx)
    async for known in SQL.sebut(tx.conn, pegawai_id=who, sha256=[sha256]):
        return _selesai(sha256, known["ukuran"])
    row = await SQL.kemajuan_unggahan(tx.conn, pegawai_id=who, sha256=sha256)
    ukuran, diterima = (row["ukuran"], row["diterima"]) if row else (0, 0)
    return Unggahan(sha256=sha256, ukuran=ukuran, diterima=diterima, selesai=False)


async def terima(
    tx: Tx, gudang: Gudang, sha256: str, mulai: int, ukuran: int, nama: str, data: bytes
) -> Unggahan:
    """Take the part that begins at byte `mulai`; 0 begins anew. The last one makes the file evidence.

    Raises Conflict with `diterima` (from where to go on) for a part that does not follow, InvalidInput for
    one of the wrong size, TidakDiterima for a whole that is no evidence.
    """
    who = _diri(tx)
    sampai = mulai + len(data)
    _periksa_ukuran(mulai, sampai, ukuran)
    if mulai == 0:
        earlier: list[int] = []
        await _mulai(tx, gudang, who, sha256, ukuran, sampai)
    else:
        earlier = await _lanjut(tx, who, sha256, mulai, ukuran, sampai)
    if sampai < ukuran:
        await gudang.simpan_bagian(who, sha256, mulai, data)
        return Unggahan(sha256=sha256, ukuran=ukuran, diterima=sampai, selesai=False)
    whole = await gudang.gabung(who, sha256, earlier) + data
    try:
        bukti = await periksa(whole, sha256, nama)
    except InvalidInput as problem:
        raise TidakDiterima(problem.detail, fields=problem.fields, remedy=problem.remedy) from None
    await simpan(tx, gudang, bukti, whole)
    await SQL.akhiri_unggahan(tx.conn, pegawai_id=who, sha256=sha256)
    return _selesai(sha256, ukuran)


async def bereskan(tx: Tx, gudang: Gudang, sha256: str) -> None:
    """Remove the parts of the caller's upload, once its whole is evidence or refused."""
    who = _diri(tx)
    if row := await SQL.unggahan_satu(tx.conn, pegawai_id=who, sha256=sha256):
        await _buang(tx, gudang, {"pegawai_id": who, "sha256": sha256, "bagian": row["bagian"]})


async def buang_yang_lewat(database: Database, gudang: Gudang) -> None:
    """Remove what nobody continued in time, and what a crash left behind."""

    async def once(tx: Tx) -> None:
        for row in [row async for row in SQL.unggahan_selesai(tx.conn)]:
            await _buang(tx, gudang, row)

    await database.run(once)


async def _mulai(tx: Tx, gudang: Gudang, who: UUID, sha256: str, ukuran: int, sampai: int) -> None:
    if not await SQL.ada_pegawai(tx.conn, pegawai_id=who):
        raise Conflict("Anda tidak tercatat sebagai pegawai.", remedy="Hubungi admin BKD.")
    await SQL.kunci_unggahan_orang(tx.conn, pegawai_id=who)
    if await SQL.jumlah_unggahan_lain(tx.conn, pegawai_id=who, sha256=sha256) >= MAX_TERBUKA:
        raise TooManyRequests(
            f"Ada {MAX_TERBUKA} unggahan Anda yang belum selesai.",
            remedy="Selesaikan salah satunya, atau tunggu: yang tidak dilanjutkan dihapus sesudah satu hari.",
            retry_after=60,
        )
    if before := await SQL.unggahan_satu(tx.conn, pegawai_id=who, sha256=sha256):
        await gudang.buang_bagian(who, sha256, before["bagian"])
    await SQL.mulai_unggahan(tx.conn, pegawai_id=who, sha256=sha256, ukuran=ukuran, diterima=sampai)


async def _lanjut(tx: Tx, who: UUID, sha256: str, mulai: int, ukuran: int, sampai: int) -> list[int]:
    row = await SQL.unggahan(tx.conn, pegawai_id=who, sha256=sha256)
    if row is None:
        raise Conflict(
            "Unggahan ini belum dimulai, atau sudah lewat satu hari.",
            remedy="Mulai lagi dari awal berkas.",
            diterima=0,
        )
    if row["ukuran"] != ukuran or row["diterima"] != mulai:
        raise Conflict(
            "Bagian ini tidak menyambung dengan yang sudah tiba.",
            remedy="Lanjutkan dari jumlah bita yang sudah diterima.",
            diterima=row["diterima"] if row["ukuran"] == ukuran else 0,
        )
    await SQL.lanjut_unggahan(tx.conn, pegawai_id=who, sha256=sha256, mulai=mulai, diterima=sampai)
    earlier: list[int] = row["bagian"]
    return earlier


async def _buang(tx: Tx, gudang: Gudang, row: Any) -> None:
    await gudang.buang_bagian(row["pegawai_id"], row["sha256"], row["bagian"])
    await SQL.hapus_unggahan(tx.conn, pegawai_id=row["pegawai_id"], sha256=row["sha256"])


def _periksa_ukuran(mulai: int, sampai: int, ukuran: int) -> None:
    if ukuran > rules.MAX_BYTES:
        raise InvalidInput(
            "Berkas ini terlalu besar.",
            fields=[FieldError("/ukuran", "lebih dari 5 MB", "Perkecil berkasnya, atau bagi isinya.")],
        )
    if sampai > ukuran or sampai == mulai or (sampai < ukuran and sampai - mulai < MIN_BAGIAN):
        raise InvalidInput(
            "Bagian berkas ini tidak sesuai.",
            fields=[
                FieldError(
                    "/mulai",
                    "bagian kosong, terlalu kecil, atau melewati ukuran berkas",
                    f"Kirim paling sedikit {MIN_BAGIAN} bita, kecuali bagian terakhir.",
                )
            ],
        )


def _selesai(sha256: str, ukuran: int) -> Unggahan:
    return Unggahan(sha256=sha256, ukuran=ukuran, diterima=ukuran, selesai=True)


def _diri(tx: Tx) -> UUID:
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    return who.pegawai_id
