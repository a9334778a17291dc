"""Reading ratings: whom I rate, one person, and how far each OPD is."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.assessment.penilaian import rules
from shared.auth.guard import Subject
from shared.clock import local_date
from shared.colek import Tujuan
from shared.contracts.penilaian import Alasan
from shared.contracts.skp import Rhk
from shared.db import Tx, queries
from shared.errors import NotFound
from shared.http import Page, decode_cursor, page
from shared.period import Period

SQL = queries("services.assessment.penilaian")


class Rating(BaseModel):
    """A rating as it stands."""

    penilai_id: UUID
    hasil_kerja: int
    perilaku: int
    predikat: int
    predikat_nama: str
    catatan: str
    dinilai_pada: datetime


class Bawahan(BaseModel):
    """Somebody I rate, with what I need to know before I do."""

    pegawai_id: UUID
    nip: str
    nama: str | None
    jabatan: str
    unit: str
    opd: str
    skp: str = Field(description="belum_ada, diajukan, dikembalikan atau disetujui")
    realisasi: int
    bukti: int = Field(description="Banyaknya bukti pada realisasi bulan ini")
    penilaian: Rating | None


class StatusOpd(BaseModel):
    """How far one OPD is in this month."""

    opd_kode: str
    opd_nama: str
    pegawai: int
    skp_disetujui: int
    dinilai: int
    belum_dinilai: int


class Status(BaseModel):
    """The month and its OPDs; `dinilai` and `ditahan` are set once the month is final."""

    periode: Period
    keadaan: str = Field(description="belum_dibuka, dibuka, pengiriman_ditutup, ditutup atau final")
    dinilai: int | None
    ditahan: int | None
    opd: list[StatusOpd]


class Realisasi(BaseModel):
    """What was done."""

    realisasi_id: UUID
    rhk_id: UUID
    tanggal: date
    uraian: str
    jumlah: Decimal
    satuan: str
    jumlah_bukti: int


class SkpPegawai(BaseModel):
    """An SKP of the year and the RHK in force, if it was ever approved."""

    skp_id: UUID
    keadaan: str
    rhk: list[Rhk]


class PenilaianFinal(BaseModel):
    """The result of the closed month."""

    predikat: int | None
    predikat_nama: str | None
    alasan: list[Alasan]


class NilaiSaya(BaseModel):
    """One's own rating of a month; `predikat_nama` None: not rated. Until it is final it may change."""

    periode: Period
    predikat_nama: str | None
    final: bool


class Menilai(BaseModel):
    """How many of one's people are rated in a month."""

    periode: Period
    bawahan: int
    dinilai: int


class Ringkasan(BaseModel):
    """The home page's card."""

    saya: NilaiSaya | None
    menilai: list[Menilai]


class BulanDinilai(BaseModel):
    """A month and its neighbours."""

    periode: Period
    keadaan: str = Field(description="belum_dibuka, dibuka, pengiriman_ditutup, ditutup atau final")
    sebelumnya: Period | None
    berikutnya: Period | None


class Menunggu(BaseModel):
    """Why a result waits, and who has to act."""

    alasan: Alasan
    siapa: str = Field(description="Nama atau sebutan yang perlu bertindak")
    anda: bool = Field(description="Andalah yang perlu bertindak")
    dapat_diingatkan: bool


class PegawaiDinilai(BaseModel):
    """One person's month."""

    pegawai_id: UUID
    nip: str
    nama: str | None
    atasan_nama: str | None
    jabatan: str | None
    unit: str | None
    opd: str | None
    periode: Period
    keadaan: str
    skp: list[SkpPegawai]
    realisasi: list[Realisasi]
    penilaian: Rating | None
    final: PenilaianFinal | None
    menunggu: Menunggu | None


class BulanSaya(BaseModel):
    """What I got for a month, or why not."""

    periode: Period
    keadaan: str
    penilaian: Rating | None
    final: PenilaianFinal | None
    menunggu: Menunggu | None


class PenilaianSaya(BaseModel):
    """My months, the newest first; at most two years."""

    data: list[BulanSaya]


async def ringkasan(tx: Tx) -> Ringkasan:
    """The caller's newest rating, and how far they are with rating their people."""
    who = tx.guard.principal
    if who is None:
        raise RuntimeError("ringkasan selalu milik seseorang")
    tx.guard.admit(Subject(who.pegawai_id))
    row = await SQL.nilai_terakhir(tx.conn, pegawai_id=who.pegawai_id)
    saya = None
    if row is not None:
        code = row["final_predikat"] if row["final"] else row["predikat"]
        saya = NilaiSaya(
            periode=Period.parse(row["periode"]),
            predikat_nama=rules.PREDIKAT[code] if code else None,
            final=bool(row["final"]),
        )
    menilai = [
        Menilai(periode=Period.parse(one["periode"]), bawahan=one["bawahan"], dinilai=one["dinilai"])
        async for one in SQL.belum_saya_nilai(tx.conn, atasan_id=who.pegawai_id)
    ]
    return Ringkasan(saya=saya, menilai=menilai)


async def bawahan(tx: Tx, periode: Period, cursor: str | None, limit: int) -> Page[Bawahan]:
    """The people whose pejabat penilai I am on the last day; for admin BKD also those who have none."""
    who = tx.guard.principal
    if who is None:
        raise RuntimeError("daftar bawahan selalu milik seseorang")
    scope = tx.guard.scope()
    after = decode_cursor(cursor, sesudah_nip=str, sesudah_id=UUID)
    rows = [
        row
        async for row in SQL.bawahan(
            tx.conn,
            atasan_id=who.pegawai_id,
            tanpa_atasan=scope.all,
            periode=str(periode),
            hari=periode.last_day,
            tahun=periode.year,
            **after,
            limit=limit + 1,
        )
    ]
    people = [
        Bawahan(
            pegawai_id=row["pegawai_id"],
            nip=row["nip"],
            nama=row["nama"],
            jabatan=row["jabatan_nama"],
            unit=row["unit_nama"],
            opd=row["opd_nama"],
            skp=row["skp"],
            realisasi=row["realisasi"],
            bukti=row["bukti"],
            penilaian=_rating(row),
        )
        for row in rows
    ]
    return page(people, limit, lambda person: (person.nip, person.pegawai_id))


async def status(tx: Tx, periode: Period) -> Status:
    """Counts for each OPD the caller may see."""
    scope = tx.guard.scope()
    month = await SQL.periode(tx.conn, periode=str(periode))
    rows = [
        row
        async for row in SQL.status_opd(
            tx.conn,
            periode=str(periode),
            hari=periode.last_day,
            tahun=periode.year,
            **scope.where,
        )
    ]
    final = _keadaan(month) == "final"
    return Status(
        periode=periode,
        keadaan=_keadaan(month),
        dinilai=month["dinilai"] if final else None,
        ditahan=month["ditahan"] if final else None,
        opd=[StatusOpd(**row, belum_dinilai=row["pegawai"] - row["dinilai"]) for row in rows],
    )


async def bulan_ini(tx: Tx, periode: Period) -> BulanDinilai:
    """A month's state, and its neighbours."""
    tx.guard.scope()
    month = await SQL.periode(tx.conn, periode=str(periode))
    around = await SQL.bulan_sekitar(tx.conn, periode=str(periode))
    return BulanDinilai(periode=periode, keadaan=_keadaan(month), **around)


async def bulan_untuk_dinilai(tx: Tx) -> Period | None:
    """The month an atasan begins with; None before the first month."""
    tx.guard.scope()
    who = tx.guard.principal
    month = await SQL.bulan_untuk_dinilai(tx.conn, atasan_id=who.pegawai_id if who else None)
    return Period.parse(month) if month else None


async def saya(tx: Tx, zone: str) -> PenilaianSaya:
    """The caller's months."""
    who = tx.guard.principal
    if who is None:
        raise RuntimeError("penilaian saya selalu milik seseorang")
    tx.guard.admit(Subject(who.pegawai_id))
    rows = [row async for row in SQL.bulan_saya(tx.conn, pegawai_id=who.pegawai_id, limit=24)]
    months = []
    for row in rows:
        periode, keadaan = Period.parse(row["periode"]), _keadaan(row)
        months.append(
            BulanSaya(
                periode=periode,
                keadaan=keadaan,
                penilaian=_rating(row),
                final=_final(row) if keadaan == "final" else None,
                menunggu=await _menunggu_satu(tx, periode, who.pegawai_id, zone),
            )
        )
    return PenilaianSaya(data=months)


async def _menunggu_satu(tx: Tx, periode: Period, pegawai_id: UUID, zone: str) -> Menunggu | None:
    row = await baris(tx, periode, pegawai_id)
    return None if row is None else await menunggu(tx, periode, row, zone)


async def baris(tx: Tx, periode: Period, pegawai_id: UUID) -> Any:
    """A person's row of a month as stored, or None. The caller checks who may see it."""
    return await SQL.satu(tx.conn, pegawai_id=pegawai_id, periode=str(periode), hari=periode.last_day)


async def tahanan(tx: Tx, periode: Period, row: Any) -> Alasan | None:
    """Why there is no predikat: of the closed month as it was decided, else as things stand now."""
    keadaan = _keadaan(row if row["keadaan"] else None)
    if keadaan == "final":
        final = _final(row)
        return final.alasan[0] if final and final.alasan else None
    if keadaan == "belum_dibuka" or row["predikat"] is not None:
        return None
    found = rules.alasan_ditahan(
        ditempatkan=row["ditempatkan"],
        ada_atasan=row["atasan_id"] is not None,
        keadaan_skp=await SQL.keadaan_skp(tx.conn, pegawai_id=row["pegawai_id"], tahun=periode.year),
        tahun=periode.year,
    )
    return Alasan(kode=found.kode, kalimat=found.kalimat, pemilik=found.pemilik)


def tujuan(row: Any, pemilik: str) -> Tujuan:
    """Who an owner is for this person."""
    if pemilik == "pegawai":
        return Tujuan(row["nama"] or "Pegawai ini", row["pegawai_id"])
    if pemilik == "atasan" and row["atasan_id"] is not None:
        return Tujuan(row["atasan_nama"] or "Atasan", row["atasan_id"])
    return Tujuan.kepada_peran("admin_bkd")


async def menunggu(tx: Tx, periode: Period, row: Any, zone: str) -> Menunggu | None:
    """What a person's result waits for, seen by the caller; None when it waits for nothing."""
    alasan = await tahanan(tx, periode, row)
    if alasan is None:
        return None
    who = tx.guard.principal
    target = tujuan(row, alasan.pemilik)
    mine = who is not None and (
        target.pegawai_id == who.pegawai_id or (target.peran is not None and who.holds(target.peran))
    )
    early = rules.belum_waktunya(alasan.kode, str(row["keadaan"]), local_date(tx.now, zone), periode.last_day)
    concerned = who is not None and who.pegawai_id in (row["pegawai_id"], row["atasan_id"])
    return Menunggu(
        alasan=alasan,
        siapa=target.sebutan,
        anda=mine,
        dapat_diingatkan=concerned and not mine and not early,
    )


async def pegawai(tx: Tx, periode: Period, pegawai_id: UUID, zone: str) -> PegawaiDinilai:
    """One person's SKP, realisasi and rating of the month."""
    row = await baris(tx, periode, pegawai_id)
    place = (row["unit_path"], row["atasan_id"]) if row else (None, None)
    tx.guard.admit(Subject(pegawai_id, *place))
    if row is None:
        raise NotFound("Pegawai ini tidak ditemukan.", remedy="Periksa kembali pegawai yang dimaksud.")
    plans = [row async for row in SQL.skp_terakhir(tx.conn, pegawai_id=pegawai_id, tahun=periode.year)]
    done = [row async for row in SQL.realisasi(tx.conn, pegawai_id=pegawai_id, periode=str(periode))]
    keadaan = _keadaan(row if row["keadaan"] else None)
    return PegawaiDinilai(
        pegawai_id=pegawai_id,
        nip=row["nip"],
        nama=row["nama"],
        atasan_nama=row["atasan_nama"],
        jabatan=row["jabatan_nama"],
        unit=row["unit_nama"],
        opd=row["opd_nama"],
        periode=periode,
        keadaan=keadaan,
        skp=[
            SkpPegawai(skp_id=plan["skp_id"], keadaan=plan["keadaan"], rhk=plan["rhk"] or [])
            for plan in plans
        ],
        realisasi=[Realisasi(**entry) for entry in done],
        penilaian=_rating(row),
        final=_final(row) if keadaan == "final" else None,
        menunggu=await menunggu(tx, periode, row, zone),
    )


def _rating(row: Any) -> Rating | None:
    if row["predikat"] is None:
        return None
    return Rating(
        penilai_id=row["penilai_id"],
        hasil_kerja=row["hasil_kerja"],
        perilaku=row["perilaku"],
        predikat=row["predikat"],
        predikat_nama=rules.PREDIKAT[row["predikat"]],
        catatan=row["catatan"] or "",
        dinilai_pada=row["dinilai_pada"],
    )


def _final(row: Any) -> PenilaianFinal | None:
    if row["final_untuk"] != row["final_version"]:
        return None
    code = row["final_predikat"]
    return PenilaianFinal(
        predikat=code,
        predikat_nama=rules.PREDIKAT[code] if code else None,
        alasan=[Alasan(**reason) for reason in row["final_alasan"]],
    )


def _keadaan(month: Any) -> str:
    """The month in one word; `final` when its newest closing has been finalised here."""
    if month is None:
        return "belum_dibuka"
    if month["keadaan"] == "ditutup" and month["final_version"] == month["version"]:
        return "final"
    return str(month["keadaan"])
