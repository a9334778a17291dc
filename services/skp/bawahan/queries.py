"""One's people and their plans: who waits, who has none yet."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from shared.clock import local_date
from shared.db import Tx, queries
from shared.http import Page, decode_cursor, page

SQL = queries("services.skp.bawahan")


class Bawahan(BaseModel):
    """One of my people, and their newest plan of a year."""

    pegawai_id: UUID
    nip: str
    nama: str
    jabatan: str | None
    unit: str | None
    skp_id: UUID | None
    versi: int | None
    keadaan: str = Field(description="belum_ada, draf, diajukan, dikembalikan atau disetujui")
    berlaku: bool = Field(description="Ada versi yang sudah disetujui dan berlaku")
    diajukan_pada: datetime | None


class JumlahBawahan(BaseModel):
    """How many of my people there are, and in which state their plans are."""

    tahun: int
    keadaan: dict[str, int]

    @property
    def semua(self) -> int:
        """All of them."""
        return sum(self.keadaan.values())


async def daftar(
    tx: Tx, tahun: int, keadaan: str | None, cursor: str | None, limit: int, zone: str
) -> Page[Bawahan]:
    """My people, those whose plan waits for my decision first; for admin BKD also who has no atasan."""
    after = decode_cursor(cursor, urut=(0, 1, 2).index, nama=str, pegawai_id=UUID)
    rows = [
        row
        async for row in SQL.daftar(
            tx.conn,
            keadaan=keadaan,
            **after,
            limit=limit + 1,
            **_siapa(tx, tahun, zone),
        )
    ]
    found = page(rows, limit, lambda row: [row["urut"], row["nama"], row["pegawai_id"]])
    return Page(data=[Bawahan(**row) for row in found.data], berikutnya=found.berikutnya)


async def jumlah(tx: Tx, tahun: int | None, zone: str) -> JumlahBawahan:
    """My people by the state of their plan (of this year, when none is named)."""
    tahun = tahun or local_date(tx.now, zone).year
    found = {row["keadaan"]: row["jumlah"] async for row in SQL.jumlah(tx.conn, **_siapa(tx, tahun, zone))}
    return JumlahBawahan(tahun=tahun, keadaan=found)


def _siapa(tx: Tx, tahun: int, zone: str) -> dict[str, Any]:
    scope = tx.guard.scope()
    who = tx.guard.principal
    assert who is not None
    return {
        "tahun": tahun,
        "hari": local_date(tx.now, zone),
        "atasan": who.pegawai_id,
        "puncak": scope.all and who.holds("admin_bkd"),
    }
