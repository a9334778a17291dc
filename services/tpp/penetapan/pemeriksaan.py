"""What must be looked at before an OPD's month is locked: who is held and why, what changed, who objects.

Compared is with the month before, an extra payment with nothing. Findings are counted for each OPD and
answered for with a reason; the lock asks for an answer to exactly the findings there are then.
"""

import json
from collections import Counter
from datetime import datetime
from hashlib import sha256
from typing import Literal, get_args
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.pegawai.nama import NAMA_PEGAWAI
from shared.auth.guard import Subject
from shared.db import Tx, queries
from shared.errors import Conflict, NotFound
from shared.money import Rupiah
from shared.period import MasaBayar, Period

SQL = queries("services.tpp.penetapan")

Jenis = Literal["ditahan", "negatif", "nol", "naik", "turun", "baru", "hilang", "keberatan", "tanpa_data"]
NAMA: dict[Jenis, str] = {
    "ditahan": "Ditahan karena datanya belum lengkap",
    "negatif": "Ditahan karena potongan melebihi penghasilan",
    "nol": "Dibayar nol rupiah",
    "naik": "Naik melebihi batas",
    "turun": "Turun melebihi batas",
    "baru": "Baru bulan ini",
    "hilang": "Ada bulan lalu, tidak ada bulan ini",
    "keberatan": "Keberatan yang belum dijawab",
    "tanpa_data": "Dibayar dengan hari kerja tanpa data kehadiran",
}
_TERBANYAK = 200


class Sebab(BaseModel):
    """Why a payment is held, or to what somebody objects, and who has to act."""

    kode: str
    kalimat: str
    pemilik: str


class Temuan(BaseModel):
    """One person to look at. Amounts are net; empty where nothing was computed."""

    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    jenis: Jenis
    lalu: Rupiah | None
    kini: Rupiah | None
    alasan: list[Sebab]


class JumlahTemuan(BaseModel):
    """How many of one kind."""

    jenis: Jenis
    nama: str
    jumlah: int


class Tanggapan(BaseModel):
    """Somebody's answer to what was found. `berlaku`: it answers exactly what is found now."""

    jawaban: str
    nama: str
    pada: datetime
    temuan: int
    berlaku: bool


class RapelOpd(BaseModel):
    """Corrections of earlier months in an OPD's month."""

    orang: int = Field(description="Orang yang TPP-nya bulan ini membawa rapel")
    jumlah: Rupiah = Field(description="Jumlah rapel itu, bertanda")
    menunggu: int = Field(
        description="Orang dengan koreksi yang belum dibawa: datang sesudah perhitungan ini, melebihi TPP "
        "sebulan, terlalu lama, atau kebijakan tidak menyebut tempatnya"
    )


class Pemeriksaan(BaseModel):
    """All that is found in an OPD's month, and what was answered."""

    periode: MasaBayar
    opd_kode: str
    pembanding: Period | None = Field(
        description="Bulan yang dibandingkan; kosong bila belum ada, atau untuk pembayaran khusus"
    )
    batas_persen: int = Field(description="Perubahan yang lebih besar dari ini harus ditanggapi")
    sidik: str = Field(description="Nama tepat temuan ini; disebut lagi ketika menanggapi")
    jumlah: list[JumlahTemuan]
    total: int
    orang: list[Temuan] = Field(description="Paling banyak 200 temuan; satu orang dapat punya beberapa")
    rapel: RapelOpd
    tanggapan: list[Tanggapan]
    selesai: bool = Field(description="Tidak ada temuan, atau temuan ini sudah ditanggapi")


async def pemeriksaan(tx: Tx, periode: MasaBayar, opd: str, persen: int) -> Pemeriksaan:
    """What is found in one OPD's month. Raises NotFound, Forbidden."""
    row = await SQL.satu(tx.conn, periode=str(periode), opd=opd)
    tx.guard.admit(Subject(unit_path=row["opd_path"] if row else None))
    if row is None:
        raise NotFound(
            f"OPD ini belum punya hasil perhitungan TPP {periode.tampil()}.",
            remedy="Jalankan perhitungan TPP lebih dahulu, atau periksa kode OPD-nya.",
        )
    found = await periksa(tx, periode, opd, persen)
    for one in found.orang:
        tx.audit("tpp.pemeriksaan-dibaca", f"pegawai:{one.pegawai_id}", periode=str(periode))
    return found


async def pastikan(tx: Tx, periode: MasaBayar, opd: str, persen: int) -> None:
    """Raises Conflict when something is found that nobody answered for."""
    found = await periksa(tx, periode, opd, persen)
    if not found.selesai:
        counted = ", ".join(f"{one.jumlah} {one.nama.lower()}" for one in found.jumlah)
        raise Conflict(
            f"Belum dapat dikunci: {found.total} temuan belum ditanggapi ({counted}).",
            remedy="Periksa temuannya, lalu tanggapi dengan alasan; sesudah itu kunci lagi.",
            temuan=[one.model_dump() for one in found.jumlah],
        )


async def jumlah_temuan(tx: Tx, periode: MasaBayar, opd: list[str], persen: int) -> dict[str, int]:
    """How much has to be looked at in each of these OPDs; no figure of anybody."""
    tx.guard.scope()
    rows = SQL.jumlah_temuan(
        tx.conn, periode=str(periode), sebelum=str(_sebelum(periode) or ""), opd=opd, persen=persen
    )
    return {row["opd_kode"]: row["jumlah"] async for row in rows}


async def periksa(tx: Tx, periode: MasaBayar, opd: str, persen: int) -> Pemeriksaan:
    """The findings, for whoever may see them."""
    before = _sebelum(periode)
    rows = [
        row
        async for row in SQL.temuan(
            tx.conn, periode=str(periode), sebelum=str(before or ""), opd=opd, persen=persen
        )
    ]
    people = [
        Temuan(
            pegawai_id=row["pegawai_id"],
            nip=row["nip"],
            nama_pegawai=row["nama_pegawai"],
            jenis=row["jenis"],
            lalu=None if row["lalu"] is None else Rupiah(row["lalu"]),
            kini=None if row["kini"] is None else Rupiah(row["kini"]),
            alasan=[Sebab(**reason) for reason in json.loads(row["alasan"])],
        )
        for row in rows
    ]
    sidik = _sidik(people)
    counts = Counter(one.jenis for one in people)
    answers = [
        Tanggapan(
            jawaban=row["jawaban"],
            nama=row["nama"],
            pada=row["pada"],
            temuan=row["temuan"],
            berlaku=row["sidik"] == sidik,
        )
        async for row in SQL.tanggapan(tx.conn, periode=str(periode), opd=opd)
    ]
    arrears = await SQL.rapel(tx.conn, periode=str(periode), opd=opd)
    compared = before and await SQL.ada_pembanding(tx.conn, sebelum=str(before), opd=opd)
    return Pemeriksaan(
        periode=periode,
        opd_kode=opd,
        pembanding=before if compared else None,
        batas_persen=persen,
        sidik=sidik,
        jumlah=[
            JumlahTemuan(jenis=jenis, nama=NAMA[jenis], jumlah=counts[jenis])
            for jenis in get_args(Jenis)
            if counts[jenis]
        ],
        total=len(people),
        orang=people[:_TERBANYAK],
        rapel=RapelOpd(
            orang=arrears["orang"], jumlah=Rupiah(arrears["jumlah"]), menunggu=arrears["menunggu"]
        ),
        tanggapan=answers,
        selesai=not people or any(one.berlaku for one in answers),
    )


def _sebelum(periode: MasaBayar) -> Period | None:
    """The month to compare with. An extra payment has none: another sum is what it is there for."""
    return periode.plus(-1) if isinstance(periode, Period) else None


def _sidik(people: list[Temuan]) -> str:
    digest = sha256()
    for one in people:
        reasons = ",".join(reason.kode for reason in one.alasan)
        digest.update(f"{one.pegawai_id}|{one.jenis}|{one.lalu}|{one.kini}|{reasons}\n".encode())
    return digest.hexdigest()
