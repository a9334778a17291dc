"""The people who can help somebody, by what they help with."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.skp.pegawai.queries import posisi
from shared.auth.guard import Subject
from shared.clock import local_date
from shared.db import Tx, queries

SQL = queries("services.skp.bantuan")

Sebagai = Literal["atasan", "pengelola", "keuangan_opd", "admin_bkd"]


class Penolong(BaseModel):
    """Somebody who helps, and where they are found."""

    pegawai_id: UUID
    nama: str
    jabatan: str | None
    unit: str | None
    email: str | None


class Bantuan(BaseModel):
    """Who helps the caller, by role; an empty list means that nobody holds it for their unit."""

    unit: str | None = Field(description="Unit kerja saya hari ini")
    penolong: dict[Sebagai, list[Penolong]]


async def bantuan_saya(tx: Tx, zone: str) -> Bantuan:
    """The caller's pejabat penilai, pengelola and keuangan of the unit, and admin BKD."""
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    today = local_date(tx.now, zone)
    where = await posisi(tx, who.pegawai_id, today)
    found: dict[Sebagai, list[Penolong]] = {
        "atasan": [],
        "pengelola": [],
        "keuangan_opd": [],
        "admin_bkd": [],
    }
    if where is not None and where.atasan_id is not None and where.atasan_nama is not None:
        above = await posisi(tx, where.atasan_id, today)
        found["atasan"].append(
            Penolong(
                pegawai_id=where.atasan_id,
                nama=where.atasan_nama,
                jabatan=above.jabatan_nama if above else None,
                unit=above.unit_nama if above else None,
                email=None,
            )
        )
    async for row in SQL.penolong(tx.conn, pegawai_id=who.pegawai_id, hari=today):
        found[row["peran"]].append(
            Penolong(
                pegawai_id=row["pegawai_id"],
                nama=row["nama"],
                jabatan=row["jabatan_nama"],
                unit=row["unit_nama"],
                email=row["email"],
            )
        )
    return Bantuan(unit=where.unit_nama if where else None, penolong=found)
