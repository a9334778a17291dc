"""Reading realisasi of a month in one's scope."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel

from shared.clock import local_date
from shared.db import Tx, queries
from shared.http import Page, decode_cursor, page
from shared.period import Period

SQL = queries("services.skp.realisasi")


class Realisasi(BaseModel):
    """What was done, by whom, with which evidence."""

    realisasi_id: UUID
    pegawai_id: UUID
    nip: str
    nama: str
    skp_id: UUID
    rhk_id: UUID
    periode: Period
    tanggal: date
    uraian: str
    jumlah: Decimal
    satuan: str
    bukti: list[str]
    dikirim_pada: datetime


async def daftar(
    tx: Tx, periode: Period, pegawai_id: UUID | None, cursor: str | None, limit: int, zone: str
) -> Page[Realisasi]:
    """Realisasi of a month, in the order they came."""
    scope = tx.guard.scope()
    after = decode_cursor(cursor, 1, UUID)
    asked = {
        "periode": str(periode),
        "pegawai_id": pegawai_id,
        "sesudah": after[0] if after else None,
        "limit": limit + 1,
    }
    found = (
        SQL.daftar_semua(tx.conn, **asked)
        if scope.all
        else SQL.daftar_terlihat(
            tx.conn,
            hari=local_date(tx.now, zone),
            diri=scope.self_id,
            atasan=scope.atasan_id,
            unit=scope.unit_paths,
            **asked,
        )
    )
    rows = [Realisasi(**row) async for row in found]
    return page(rows, limit, lambda row: [row.realisasi_id])
