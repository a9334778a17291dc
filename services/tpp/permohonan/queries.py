"""Requests for corrections: one's own, or those that wait for one's decision."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.pegawai.nama import NAMA_PEGAWAI
from services.tpp.permohonan.commands import SQL
from shared.auth.guard import Guard, Rule, Subject
from shared.clock import local_date
from shared.db import Tx
from shared.errors import NotFound
from shared.http import Page, decode_cursor, page


class Permohonan(BaseModel):
    """One request beside what is recorded now."""

    permohonan_id: UUID
    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    tanggal: date
    masuk: time | None
    pulang: time | None
    keterangan: str | None = Field(description="Kosong: hadir; S, C atau DL; null: tidak diminta")
    absen_terlewat: int | None
    tanpa_apel: int | None
    tanpa_upacara: int | None
    sebab: str
    bukti: str
    keadaan: str = Field(description="diajukan, disetujui, ditolak atau ditarik")
    diajukan_pada: datetime
    diputus_nama: str
    diputus_pada: datetime | None
    alasan: str
    sesudah_dikunci: bool
    tercatat_masuk: time | None
    tercatat_pulang: time | None
    tercatat_keterangan: str | None = Field(description="Null: belum ada catatan untuk hari itu")
    tercatat_absen_terlewat: int | None
    tercatat_tanpa_apel: int | None
    tercatat_tanpa_upacara: int | None


async def satu(tx: Tx, permohonan_id: UUID, zone: str) -> Permohonan:
    """One request. Raises NotFound, Forbidden."""
    row, _ = await _satu(tx, permohonan_id, zone)
    return Permohonan(**row)


async def terjangkau(tx: Tx, permohonan_id: UUID, zone: str, rule: Rule) -> bool:
    """Whether a rule lets the caller reach one request. Raises NotFound, Forbidden."""
    _, subject = await _satu(tx, permohonan_id, zone)
    return Guard(rule, tx.guard.principal).reaches(subject)


async def _satu(tx: Tx, permohonan_id: UUID, zone: str) -> tuple[Any, Subject]:
    row = await SQL.satu(tx.conn, permohonan_id=permohonan_id, hari=local_date(tx.now, zone))
    subject = Subject(row["pegawai_id"], row["unit_path"], row["atasan_id"]) if row else Subject()
    tx.guard.admit(subject)
    if row is None:
        raise NotFound("Permohonan ini tidak ada.", remedy="Muat ulang daftarnya.")
    return row, subject


async def saya(tx: Tx, zone: str, cursor: str | None, limit: int) -> Page[Permohonan]:
    """The caller's own requests."""
    assert tx.guard.principal is not None
    who = tx.guard.principal.pegawai_id
    tx.guard.admit(Subject(who))
    return await _daftar(tx, zone, cursor, limit, saya=who)


async def daftar(tx: Tx, zone: str, keadaan: str | None, cursor: str | None, limit: int) -> Page[Permohonan]:
    """Requests of everyone the caller decides about or may see."""
    scope = tx.guard.scope()
    return await _daftar(tx, zone, cursor, limit, keadaan=keadaan, atasan_id=scope.atasan_id, **scope.where)


_TANPA_SARINGAN = {"saya": None, "keadaan": None, "semua": False, "units": (), "atasan_id": None}


async def _daftar(tx: Tx, zone: str, cursor: str | None, limit: int, **siapa: Any) -> Page[Permohonan]:
    after = decode_cursor(cursor, sesudah_tanggal=date.fromisoformat, sesudah_id=UUID)
    asked = {**_TANPA_SARINGAN, **siapa, **after}
    rows = SQL.daftar(tx.conn, hari=local_date(tx.now, zone), limit=limit + 1, **asked)
    found = [Permohonan(**row) async for row in rows]
    return page(found, limit, lambda one: (one.tanggal.isoformat(), one.permohonan_id))
