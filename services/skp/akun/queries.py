"""Who am I."""

from uuid import UUID

from pydantic import BaseModel

from services.skp.akun.masuk import PeranSesi
from shared.clock import local_date
from shared.db import Tx, queries
from shared.errors import NotFound

SQL = queries("services.skp.akun")


class Atasan(BaseModel):
    """My pejabat penilai today."""

    pegawai_id: UUID
    nip: str
    nama: str


class Saya(BaseModel):
    """The person behind the session."""

    pegawai_id: UUID
    nip: str
    nama: str
    status: str
    golongan: str
    email: str | None
    jabatan: str | None
    unit: str | None
    unit_path: str | None
    opd_kode: str | None
    atasan_id: UUID | None
    atasan: Atasan | None
    peran: list[PeranSesi]


async def saya(tx: Tx, zone: str) -> Saya:
    """The caller: post, unit and penilai of today, and roles."""
    who = tx.guard.principal
    assert who is not None
    row = await SQL.saya(tx.conn, pegawai_id=who.pegawai_id, hari=local_date(tx.now, zone))
    if row is None:
        raise NotFound("Anda tidak ada dalam daftar pegawai.", remedy="Hubungi admin BKD.")
    return Saya(
        pegawai_id=row["pegawai_id"],
        nip=row["nip"],
        nama=row["nama"],
        status=row["status"],
        golongan=row["golongan"],
        email=row["email"],
        jabatan=row["jabatan_nama"],
        unit=row["unit_nama"],
        unit_path=row["unit_path"],
        opd_kode=row["opd_kode"],
        atasan_id=row["atasan_id"],
        atasan=Atasan(pegawai_id=row["atasan_id"], nip=row["atasan_nip"], nama=row["atasan_nama"])
        if row["atasan_id"]
        else None,
        peran=[PeranSesi(peran=held.peran, unit_path=held.unit_path) for held in who.peran],
    )
