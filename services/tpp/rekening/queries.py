"""Reading accounts: masked in the list, whole for one person; every reading of another's leaves a trace."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.pegawai.nama import NAMA_PEGAWAI
from services.tpp.rekening.rules import DataBayar, samarkan
from shared.auth.guard import Guard, Rule, Subject
from shared.brankas import Brankas, Tersegel
from shared.cari import Cari
from shared.db import Tx, queries
from shared.errors import NotFound
from shared.http import Page, decode_cursor, page

SQL = queries("services.tpp.rekening")


class Rekening(BaseModel):
    """One person's account and tax identity, whole. Empty text: not known."""

    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    version: int
    nama: str = Field(description="Pemilik rekening, seperti di bank")
    kode_bank: str
    nama_bank: str
    nomor_rekening: str
    npwp: str
    nik: str
    ptkp: str
    alamat: str
    diubah_pada: datetime


class RekeningTersamar(BaseModel):
    """One person of the list: numbers show their last four digits only."""

    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    opd_kode: str
    opd_nama: str
    ada: bool = Field(description="Rekening sudah tercatat")
    nama: str = Field(description="Pemilik rekening, seperti di bank")
    nama_bank: str
    nomor_rekening: str
    npwp: str
    diubah_pada: datetime | None


class RekeningSaya(BaseModel):
    """One's own account as a page shows it, whoever looks over one's shoulder: numbers are masked."""

    nama: str
    nama_bank: str
    nomor_rekening: str
    npwp: str
    ptkp: str
    diubah_pada: datetime


class BelumAda(BaseModel):
    """How many people of an OPD have no account yet."""

    opd_kode: str
    opd_nama: str
    orang: int


def buka(brankas: Brankas, pegawai_id: UUID, kunci: str, isi: bytes) -> DataBayar:
    """What a sealed row says."""
    return DataBayar(**json.loads(brankas.buka(pegawai_id.bytes, Tersegel(kunci, isi))))


async def saya(tx: Tx, brankas: Brankas) -> Rekening:
    """The caller's own account."""
    assert tx.guard.principal is not None
    return await satu(tx, tx.guard.principal.pegawai_id, brankas)


async def satu(tx: Tx, pegawai_id: UUID, brankas: Brankas) -> Rekening:
    """One person's account. Raises NotFound when none is recorded."""
    row = await SQL.satu(tx.conn, pegawai_id=pegawai_id, hari=tx.now.date())
    tx.guard.admit(Subject(pegawai_id, row["unit_path"] if row else None))
    who = tx.guard.principal
    if who is not None and who.pegawai_id != pegawai_id:
        tx.audit("rekening.dibaca", f"pegawai:{pegawai_id}")
    if row is None or row["isi"] is None:
        raise NotFound(
            "Rekening pegawai ini belum tercatat.",
            remedy="Keuangan OPD mengimpor daftar rekening; periksa juga NIP-nya.",
        )
    data = buka(brankas, pegawai_id, row["kunci"], row["isi"])
    known = {name: row[name] for name in ("pegawai_id", "nip", "nama_pegawai", "version", "diubah_pada")}
    return Rekening(**known, **data._asdict())


async def saya_tersamar(tx: Tx, brankas: Brankas) -> RekeningSaya | None:
    """The caller's own account, masked; None when none is recorded."""
    assert tx.guard.principal is not None
    who = tx.guard.principal.pegawai_id
    tx.guard.admit(Subject(who))
    row = await SQL.satu(tx.conn, pegawai_id=who, hari=tx.now.date())
    if row is None or row["isi"] is None:
        return None
    data = buka(brankas, who, row["kunci"], row["isi"])
    return RekeningSaya(
        nama=data.nama,
        nama_bank=data.nama_bank,
        nomor_rekening=samarkan(data.nomor_rekening),
        npwp=samarkan(data.npwp),
        ptkp=data.ptkp,
        diubah_pada=row["diubah_pada"],
    )


async def satu_tersamar(tx: Tx, pegawai_id: UUID, brankas: Brankas) -> RekeningTersamar:
    """One person as the list shows them. Raises NotFound for nobody we know."""
    row = await SQL.satu(tx.conn, pegawai_id=pegawai_id, hari=tx.now.date())
    tx.guard.admit(Subject(pegawai_id, row["unit_path"] if row else None))
    if row is None:
        raise NotFound("Pegawai ini tidak ada.", remedy="Kembali ke daftar rekening.")
    tx.audit("rekening.daftar-dibaca", f"pegawai:{pegawai_id}")
    return _tersamar(row, brankas)


async def dapat_dibuka(tx: Tx, rule: Rule, ids: Sequence[UUID]) -> set[UUID]:
    """Of these people, those whose account the caller may open and change by the rule of its page.

    Whoever found them settled that the caller may know of them; an account follows its person to another OPD.
    """
    guard = Guard(rule, tx.guard.principal)
    rows = SQL.bekerja_di(tx.conn, ids=list(ids), hari=tx.now.date())
    return {
        row["pegawai_id"] async for row in rows if guard.reaches(Subject(row["pegawai_id"], row["unit_path"]))
    }


async def belum_ada(tx: Tx) -> list[BelumAda]:
    """Where people without an account work, among those the caller may see."""
    scope = tx.guard.scope()
    rows = SQL.belum(tx.conn, hari=tx.now.date(), **scope.where)
    return [
        BelumAda(opd_kode=row["opd_kode"], opd_nama=row["opd_nama"], orang=row["orang"]) async for row in rows
    ]


async def daftar(
    tx: Tx,
    opd: str | None,
    cursor: str | None,
    limit: int,
    brankas: Brankas,
    cari: str = "",
    belum: bool = False,
) -> Page[RekeningTersamar]:
    """Accounts of everyone the caller may see, by NIP, masked.

    `cari` as in `shared.cari`; `belum`: only who has none.
    """
    scope = tx.guard.scope()
    after = decode_cursor(cursor, sesudah_nip=str, sesudah_id=UUID)
    rows = [
        row
        async for row in SQL.daftar(
            tx.conn,
            hari=tx.now.date(),
            opd=opd,
            **Cari.dari(cari)._asdict(),
            belum=belum,
            **scope.where,
            **after,
            limit=limit + 1,
        )
    ]
    for row in rows[:limit]:
        tx.audit("rekening.daftar-dibaca", f"pegawai:{row['pegawai_id']}")
    return page([_tersamar(row, brankas) for row in rows], limit, lambda one: (one.nip, one.pegawai_id))


def _tersamar(row: Any, brankas: Brankas) -> RekeningTersamar:
    data = buka(brankas, row["pegawai_id"], row["kunci"], row["isi"]) if row["isi"] else None
    return RekeningTersamar(
        pegawai_id=row["pegawai_id"],
        nip=row["nip"],
        nama_pegawai=row["nama_pegawai"],
        opd_kode=row["opd_kode"] or "",
        opd_nama=row["opd_nama"] or "",
        ada=data is not None,
        nama=data.nama if data else "",
        nama_bank=data.nama_bank if data else "",
        nomor_rekening=samarkan(data.nomor_rekening) if data else "",
        npwp=samarkan(data.npwp) if data else "",
        diubah_pada=row["diubah_pada"],
    )
