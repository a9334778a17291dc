"""What must be looked at before an OPD's month is locked: who is held and why, what changed, who objects.

Compared is with the month before. An extra payment is another sum on purpose: it is compared with the month
that it is based on, and with the same payment of the year before. Findings are counted for each OPD and
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
from services.tpp.perhitungan.masa import bulan_dasar
from shared.auth.guard import Subject
from shared.db import Tx, queries
from shared.errors import Conflict, NotFound
from shared.money import Rupiah
from shared.period import MasaBayar, Period

SQL = queries("services.tpp.penetapan")

Jenis = Literal[
    "ditahan", "negatif", "nol", "naik", "turun", "naik_tahunan", "turun_tahunan", "baru", "hilang",
    "keberatan", "tanpa_data",
]  # fmt: skip
NAMA: dict[Jenis, str] = {
    "ditahan": "Ditahan karena datanya belum lengkap",
    "negatif": "Ditahan karena potongan melebihi penghasilan",
    "nol": "Dibayar nol rupiah",
    "naik": "Naik melebihi batas",
    "turun": "Turun melebihi batas",
    "naik_tahunan": "Naik melebihi batas dibanding tahun lalu",
    "turun_tahunan": "Turun melebihi batas dibanding tahun lalu",
    "baru": "Baru bulan ini",
    "hilang": "Ada bulan lalu, tidak ada bulan ini",
    "keberatan": "Keberatan yang belum dijawab",
    "tanpa_data": "Dibayar dengan hari kerja tanpa data kehadiran",
}
NAMA_KHUSUS: dict[Jenis, str] = NAMA | {
    "naik": "Naik melebihi batas dibanding bulan dasarnya",
    "turun": "Turun melebihi batas dibanding bulan dasarnya",
    "baru": "Tidak ada pada bulan dasarnya",
    "hilang": "Ada pada bulan dasarnya, tidak ada di sini",
}
"""The same of an extra payment."""
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
    pembanding: MasaBayar | None = Field(
        description="Yang `lalu`-nya ditampilkan: bulan lalu; untuk pembayaran khusus bulan dasarnya, atau "
        "pembayaran yang sama tahun lalu"
    )
    lalu: Rupiah | None = Field(
        description="Diterima untuk `pembanding`; dari bulan dasar tanpa rapel yang dibawanya"
    )
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
        description="Bulan yang dibandingkan, untuk pembayaran khusus bulan dasarnya; kosong bila belum ada"
    )
    setahun_lalu: MasaBayar | None = Field(
        description="Untuk pembayaran khusus: yang sama tahun lalu, bila ada, yang dibandingkan juga"
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
    if not opd:
        return {}
    rows = SQL.jumlah_temuan(
        tx.conn,
        periode=str(periode),
        sebelum=str(await _sebelum(tx, periode)),
        setahun_lalu=str(_setahun_lalu(periode) or ""),
        opd=opd,
        persen=persen,
    )
    return {row["opd_kode"]: row["jumlah"] async for row in rows}


async def periksa(tx: Tx, periode: MasaBayar, opd: str, persen: int) -> Pemeriksaan:
    """The findings, for whoever may see them."""
    before, year_before = await _sebelum(tx, periode), _setahun_lalu(periode)
    rows = [
        row
        async for row in SQL.temuan(
            tx.conn,
            periode=str(periode),
            sebelum=str(before),
            setahun_lalu=str(year_before or ""),
            opd=opd,
            persen=persen,
        )
    ]
    people = [
        Temuan(
            pegawai_id=row["pegawai_id"],
            nip=row["nip"],
            nama_pegawai=row["nama_pegawai"],
            jenis=row["jenis"],
            pembanding=None if row["lalu"] is None else MasaBayar.parse(row["pembanding"]),
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
    compared = [
        one
        for one in (before, year_before)
        if one is not None and await SQL.ada_pembanding(tx.conn, sebelum=str(one), opd=opd)
    ]
    nama = NAMA if periode.kode == "bulanan" else NAMA_KHUSUS
    return Pemeriksaan(
        periode=periode,
        opd_kode=opd,
        pembanding=before if before in compared else None,
        setahun_lalu=year_before if year_before in compared else None,
        batas_persen=persen,
        sidik=sidik,
        jumlah=[
            JumlahTemuan(jenis=jenis, nama=nama[jenis], jumlah=counts[jenis])
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


async def _sebelum(tx: Tx, periode: MasaBayar) -> Period:
    """The month to compare with: of an extra payment the one that it is based on."""
    return periode.plus(-1) if isinstance(periode, Period) else await bulan_dasar(tx, periode)


def _setahun_lalu(periode: MasaBayar) -> MasaBayar | None:
    """The same extra payment of the year before."""
    return None if isinstance(periode, Period) else MasaBayar(periode.year - 1, periode.month)


def _sidik(people: list[Temuan]) -> str:
    digest = sha256()
    for one in people:
        reasons = ",".join(reason.kode for reason in one.alasan)
        digest.update(f"{one.pegawai_id}|{one.jenis}|{one.lalu}|{one.kini}|{reasons}\n".encode())
    return digest.hexdigest()
