"""People as administrators look for them: the list, one person with history, who holds a role."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from shared.auth.guard import Subject
from shared.cari import Cari
from shared.clock import local_date
from shared.db import Tx, queries
from shared.errors import NotFound
from shared.http import Page, decode_cursor, page

SQL = queries("services.skp.pegawai")

Urut = Literal["nama", "-nama", "nip", "-nip"]
Keadaan = Literal["aktif", "nonaktif", "belum_masuk"]

# The order decides which index is walked, so each has its own text; nothing typed ever gets in here.
_KOLOM = {"nama": "lower(p.nama)", "nip": "p.nip"}
_DAFTAR = """
SELECT p.pegawai_id, p.nip, p.nama, p.status, p.golongan, p.aktif, s.jabatan_nama, s.unit_nama, s.opd_kode,
       a.diaktifkan_pada IS NOT NULL AS aktif_akun, {kolom} AS kunci
FROM pegawai p
LEFT JOIN akun a USING (pegawai_id)
LEFT JOIN LATERAL (SELECT * FROM segmen s WHERE s.pegawai_id = p.pegawai_id AND s.berlaku_mulai <= $1
                   ORDER BY s.berlaku_mulai DESC LIMIT 1) s ON true
WHERE ($2 OR EXISTS (SELECT FROM unnest($3::text[]) AS t(top)
                     WHERE s.unit_path = t.top OR starts_with(s.unit_path, t.top || '/')))
  AND ($4::text IS NULL OR p.nama ILIKE $4 OR p.nip LIKE $5)
  AND ($6::text IS NULL OR s.opd_kode = $6)
  AND ($7::text IS NULL OR CASE $7 WHEN 'aktif' THEN p.aktif WHEN 'nonaktif' THEN NOT p.aktif
                                   ELSE p.aktif AND a.diaktifkan_pada IS NULL END)
  AND ($8::text IS NULL OR ({kolom}, p.pegawai_id) {banding} ($8, $9::uuid))
ORDER BY {kolom} {arah}, p.pegawai_id {arah}
LIMIT $10
"""


class PegawaiBaris(BaseModel):
    """One person of the list, as of today."""

    pegawai_id: UUID
    nip: str
    nama: str
    status: str
    golongan: str
    aktif: bool
    jabatan: str | None
    unit: str | None
    opd_kode: str | None
    aktif_akun: bool = Field(description="Sudah memasang kata sandi")


class Pilihan(BaseModel):
    """An OPD or a unit to choose."""

    kode: str
    nama: str


class Tempat(BaseModel):
    """A post from a day on; `sampai` is the first day that no longer counts."""

    mulai: date
    sampai: date | None
    jabatan: str
    kelas: int | None
    unit: str
    unit_path: str
    atasan_id: UUID | None
    atasan: str | None


class Plt(BaseModel):
    """An acting duty; `selesai` is its last day."""

    mulai: date
    selesai: date | None
    jabatan: str
    kelas: int


class PeranOrang(BaseModel):
    """A role that somebody holds."""

    peran: str
    unit_path: str | None
    unit: str | None


class Tercatat(BaseModel):
    """How a person's own data read until a moment."""

    nama: str
    status: str
    golongan: str
    aktif: bool
    recorded_at: datetime
    superseded_at: datetime


class PegawaiRinci(BaseModel):
    """One person: data, account, posts from the newest on, roles, and how the data read before."""

    pegawai_id: UUID
    nip: str
    nama: str
    status: str
    golongan: str
    email: str | None
    aktif: bool
    sumber: str = Field(description="impor, atau admin bagi akun yang hanya menjalankan sistem")
    diaktifkan_pada: datetime | None
    kode_berlaku_sampai: datetime | None = Field(description="Kode aktivasi yang sudah terbit berlaku sampai")
    faktor_sejak: datetime | None = Field(description="Faktor kedua dipasang; kosong: tidak memakainya")
    penempatan: list[Tempat]
    plt: list[Plt]
    peran: list[PeranOrang]
    tercatat: list[Tercatat]


class PemegangPeran(BaseModel):
    """Somebody who holds a role."""

    pegawai_id: UUID
    nip: str
    nama: str
    aktif: bool
    unit: str | None
    aktif_akun: bool
    peran: list[tuple[str, str | None]]


async def daftar(
    tx: Tx,
    zone: str,
    cari: str,
    opd: str | None,
    keadaan: Keadaan | None,
    urut: Urut,
    cursor: str | None,
    limit: int,
) -> Page[PegawaiBaris]:
    """People the caller may see, as of today. `cari` is part of a name or the beginning of a NIP."""
    scope = tx.guard.scope()
    after = decode_cursor(cursor, sesudah=str, sesudah_id=UUID)
    down = urut.startswith("-")
    sql = _DAFTAR.format(
        kolom=_KOLOM[urut.removeprefix("-")], arah="DESC" if down else "ASC", banding="<" if down else ">"
    )
    rows = await tx.conn.fetch(
        sql,
        local_date(tx.now, zone),
        scope.all,
        scope.unit_paths,
        *Cari.dari(cari),
        opd,
        keadaan,
        *after.values(),
        limit + 1,
    )
    found = page(rows, limit, lambda row: (row["kunci"], row["pegawai_id"]))
    return Page[PegawaiBaris](
        data=[
            PegawaiBaris(
                **{name: row[name] for name in ("pegawai_id", "nip", "nama", "status", "golongan", "aktif")},
                jabatan=row["jabatan_nama"],
                unit=row["unit_nama"],
                opd_kode=row["opd_kode"],
                aktif_akun=row["aktif_akun"],
            )
            for row in found.data
        ],
        berikutnya=found.berikutnya,
    )


async def opd(tx: Tx) -> list[Pilihan]:
    """OPDs the caller may look into."""
    scope = tx.guard.scope()
    return [Pilihan(**row) async for row in SQL.opd(tx.conn, **scope.where)]


async def unit(tx: Tx) -> list[Pilihan]:
    """Every unit by its path, for giving roles."""
    tx.guard.scope()
    return [Pilihan(kode=row["path"], nama=row["nama"]) async for row in SQL.unit_semua(tx.conn)]


async def satu(tx: Tx, pegawai_id: UUID, zone: str) -> PegawaiRinci:
    """One person. Raises NotFound, or Forbidden for somebody outside one's own unit."""
    row = await SQL.rinci(tx.conn, pegawai_id=pegawai_id)
    places = [_tempat(one) async for one in SQL.segmen(tx.conn, pegawai_id=pegawai_id)]
    today = local_date(tx.now, zone)
    now = next((one for one in places if one.mulai <= today), places[-1] if places else None)
    tx.guard.admit(Subject(pegawai_id, now.unit_path if now else None))
    if row is None:
        raise NotFound("Pegawai ini tidak ada.", remedy="Cari lagi pada daftar pegawai.")
    return PegawaiRinci(
        **{name: row[name] for name in ("pegawai_id", "nip", "nama", "status", "golongan", "email", "aktif")},
        sumber=row["sumber"],
        diaktifkan_pada=row["diaktifkan_pada"],
        kode_berlaku_sampai=row["kode_berlaku_sampai"] if row["kode_berlaku"] else None,
        faktor_sejak=row["faktor_sejak"],
        penempatan=places,
        plt=[
            Plt(mulai=one["mulai"], selesai=one["selesai"], jabatan=one["jabatan_nama"], kelas=one["kelas"])
            async for one in SQL.plt(tx.conn, pegawai_id=pegawai_id)
        ],
        peran=[
            PeranOrang(peran=one["peran"], unit_path=one["unit_path"], unit=one["unit_nama"])
            async for one in SQL.peran(tx.conn, pegawai_id=pegawai_id)
        ],
        tercatat=[Tercatat(**one) async for one in SQL.tercatat(tx.conn, kunci=str(pegawai_id))],
    )


async def pemegang_peran(
    tx: Tx, zone: str, peran: str | None, cursor: str | None, limit: int
) -> Page[PemegangPeran]:
    """Everyone with a role whom the caller may see, by name."""
    scope = tx.guard.scope()
    after = decode_cursor(cursor, sesudah_nama=str, sesudah_id=UUID)
    rows = [
        row
        async for row in SQL.pemegang_peran(
            tx.conn,
            **scope.where,
            hari=local_date(tx.now, zone),
            peran=peran,
            **after,
            limit=limit + 1,
        )
    ]
    found = page(rows, limit, lambda row: (row["kunci"], row["pegawai_id"]))
    return Page[PemegangPeran](
        data=[
            PemegangPeran(
                **{name: row[name] for name in ("pegawai_id", "nip", "nama", "aktif", "aktif_akun", "peran")},
                unit=row["unit_nama"],
            )
            for row in found.data
        ],
        berikutnya=found.berikutnya,
    )


def _tempat(row: Any) -> Tempat:
    return Tempat(
        mulai=row["berlaku_mulai"],
        sampai=row["sampai"],
        jabatan=row["jabatan_nama"],
        kelas=row["kelas"],
        unit=row["unit_nama"],
        unit_path=row["unit_path"],
        atasan_id=row["atasan_id"],
        atasan=row["atasan_nama"],
    )
