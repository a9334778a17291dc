"""Reading figures: one slip with its derivation, the list of an OPD, the totals of each OPD.

Whoever reads someone else's pay leaves an audit row about that person, in the same transaction.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.keberatan.rules import penjawab
from services.tpp.kebijakan.queries import terbaca
from services.tpp.pegawai.nama import NAMA_PEGAWAI
from services.tpp.pembayaran.rules import Tindak, tindak_gagal
from services.tpp.perhitungan import engine, rules
from services.tpp.perhitungan.dasar import (
    Catatan,
    Kabar,
    KelompokData,
    bulan_disebut,
    data_dipakai,
    nama_data,
)
from services.tpp.perhitungan.masa import bulan_dasar, khusus
from services.tpp.perhitungan.perkiraan import Andaian
from services.tpp.perhitungan.run import SQL
from shared.auth.guard import Subject
from shared.cari import Cari
from shared.db import Tx
from shared.errors import NotFound
from shared.http import Page, decode_cursor, page
from shared.money import Rupiah
from shared.period import MasaBayar, Period

Status = Literal["dihitung", "ditahan"]
_DITARIK = "Gagal karena kelompoknya ditarik kembali atas permintaan BPKAD"
_NAMA_MASA = "Untuk pembayaran khusus: namanya menurut kebijakan; kosong untuk bulan"
Pembaruan = Literal["dibuka_kembali", "dihitung_ulang"]
_PEMBARUAN = "dibuka_kembali: bulannya terbuka lagi; dihitung_ulang: sudah ditutup lagi, menunggu perhitungan"


def sebutan(masa: MasaBayar, nama: str | None) -> str:
    """What is paid, as people call it: `November 2026`, or an extra payment by its name in the policy."""
    return f"{nama} {masa.year}" if nama else masa.tampil()


class BarisSlip(BaseModel):
    """One line: the rule, its signed rupiah, the sentence with its numbers, the article, what it rests on."""

    kode: str
    nama: str
    jumlah: Rupiah
    kalimat: str
    pasal: str
    sumber: str = Field(description="Kelompok data yang menentukannya, salah satu `kode` di `dasar`")
    data: list[str] = Field(
        default_factory=list,
        description="Fakta yang dipakai selain baris di atasnya, menurut `nama` di `dasar`",
    )
    potongan: bool = Field(default=False, description="Diambil dari bruto; baris lain membentuk bruto")
    baris: str = Field(description="Nama baris ini di antara semua baris slip, misalnya untuk keberatan")


class AlasanSlip(BaseModel):
    """Why the payment waits, and who has to act."""

    kode: str
    kalimat: str
    pemilik: str
    pasal: str


class KebijakanSlip(BaseModel):
    """The policy version a figure was computed with."""

    kebijakan_id: UUID
    nama: str
    sidik: str


class Pembayaran(BaseModel):
    """What payroll said."""

    keadaan: str = Field(description="menunggu, dibayar atau gagal")
    referensi: str | None
    dibayar_pada: datetime | None
    alasan: str | None
    ditarik: bool = Field(description=_DITARIK)

    @property
    def tindak(self) -> Tindak | None:
        """Who has to act, and how, when the money did not go out."""
        return tindak_gagal(self.ditarik) if self.keadaan == "gagal" else None


class RapelSlip(BaseModel):
    """A correction of an earlier month that this payment carries: signed rupiah, and why.

    In instalments `jumlah` is this month's part of `seluruhnya`, and `sisa` waits for later months.
    """

    periode: MasaBayar = Field(description="Bulan yang dikoreksi")
    jumlah: Rupiah
    seluruhnya: Rupiah
    sisa: Rupiah
    sebab: list[str]


class KoreksiSlip(BaseModel):
    """What this month would come to with all that is known now, and which payment carries the difference."""

    urutan: int
    neto: Rupiah
    selisih: Rupiah
    selisih_iuran: Rupiah = Field(description="Selisih iuran pemberi kerja di sampingnya, bertanda")
    sebab: list[str]
    dibuat_pada: datetime
    dibawa: list[MasaBayar] = Field(description="Bulan yang membawa rapelnya; beberapa bila diangsur")
    menunggu: bool = Field(description="Seluruhnya atau sebagian masih menunggu bulan berikutnya")
    diselesaikan: str = Field(description="Nomor bukti bila diselesaikan di luar pembayaran bulanan")


class KeberatanSlip(BaseModel):
    """An objection to this slip, and its answer once there is one."""

    keberatan_id: UUID
    baris: str = Field(description="Nama barisnya; kosong: seluruh slip")
    keadaan: str = Field(description="diajukan, diterima atau ditolak")
    diajukan_pada: datetime
    penjawab: str = Field(description="Siapa yang perlu menjawab; kosong bila sudah dijawab")
    diputus_nama: str
    diputus_pada: datetime | None
    jawaban: str


class Slip(BaseModel):
    """One person's month. `baris` sums to `neto`; a held payment has reasons and no lines."""

    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    periode: MasaBayar
    nama_masa: str | None = Field(description=_NAMA_MASA)
    opd_kode: str
    version: int
    sementara: bool = Field(description="Perkiraan selama bulan berjalan; tidak dibayarkan")
    status: Status
    bruto: Rupiah
    potongan: Rupiah
    neto: Rupiah
    baris: list[BarisSlip]
    iuran: list[BarisSlip] = Field(
        description="Iuran pemberi kerja di samping TPP; tidak termasuk bruto, potongan, atau neto"
    )
    alasan: list[AlasanSlip]
    kebijakan: KebijakanSlip
    masukan: dict[str, Any] | None = Field(description="Fakta yang menjadi dasar perhitungan")
    dasar: list[KelompokData] = Field(description="Fakta itu untuk dibaca orang, dengan asalnya")
    andaian: list[str] = Field(description="Untuk perkiraan: yang belum diketahui dan diandaikan")
    dihitung_pada: datetime
    penetapan: str | None = Field(description="draf, diverifikasi, disetujui atau dikunci")
    pembayaran: Pembayaran | None
    rapel: list[RapelSlip] = Field(description="Koreksi bulan-bulan lalu di dalam angka ini")
    koreksi: list[KoreksiSlip] = Field(description="Koreksi bulan ini sesudah dikunci")
    keberatan: list[KeberatanSlip] = Field(description="Keberatan terbaru atas tiap baris")
    pembaruan: Pembaruan | None = Field(description=_PEMBARUAN)

    @property
    def jumlah_iuran(self) -> Rupiah:
        """What the employer's contributions come to."""
        return sum((one.jumlah for one in self.iuran), Rupiah(0))

    @property
    def sebutan(self) -> str:
        """What is paid: `November 2026`, `TPP ke-13 2026`."""
        return sebutan(self.periode, self.nama_masa)

    @property
    def tetap(self) -> bool:
        """Whether this is the figure to be paid; what was locked stays so in a reopened month."""
        return not self.sementara and (self.pembaruan is None or self.penetapan == "dikunci")


class BulanTpp(BaseModel):
    """One of my months or extra payments, in figures."""

    periode: MasaBayar
    nama: str | None = Field(description=_NAMA_MASA)
    sementara: bool = Field(description="Perkiraan selama bulan berjalan; tidak dibayarkan")
    status: Status
    bruto: Rupiah
    potongan: Rupiah
    neto: Rupiah
    penetapan: str | None = Field(description="draf, diverifikasi, disetujui atau dikunci")
    pembayaran: str | None = Field(description="menunggu, dibayar atau gagal; kosong sebelum dikunci")
    ditarik: bool = Field(description=_DITARIK)
    pembaruan: Pembaruan | None = Field(description=_PEMBARUAN)

    @property
    def tetap(self) -> bool:
        """As of a slip."""
        return not self.sementara and (self.pembaruan is None or self.penetapan == "dikunci")


class TppSaya(BaseModel):
    """My months, the newest first; at most two years."""

    data: list[BulanTpp]


class Terdaftar(BaseModel):
    """One person of the list."""

    pegawai_id: UUID
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    opd_kode: str
    status: Status
    bruto: Rupiah
    potongan: Rupiah
    neto: Rupiah
    alasan: list[AlasanSlip]
    pembayaran: str | None = Field(description="menunggu, dibayar atau gagal; kosong sebelum dikunci")
    ditarik: bool = Field(description=_DITARIK)


class Jumlah(BaseModel):
    """Totals; money of people whose TPP is computed, `dibayar`, `gagal` and `ditarik` count people."""

    pegawai: int
    dihitung: int
    ditahan: int
    bruto: Rupiah
    potongan: Rupiah
    neto: Rupiah
    dibayar: int
    dibayar_rupiah: Rupiah
    gagal: int = Field(description="Payroll mencoba dan tidak berhasil membayar")
    ditarik: int = Field(description=_DITARIK)


class RekapOpd(Jumlah):
    """Totals of one OPD and where its decisions stand."""

    opd_kode: str
    opd_nama: str
    penetapan: str


class Rekap(BaseModel):
    """Totals of each OPD the caller may see, and of all of them."""

    periode: MasaBayar
    opd: list[RekapOpd]
    jumlah: Jumlah


class KeadaanBulan(BaseModel):
    """A month, or an extra payment (`nama`), and where its figures stand."""

    periode: MasaBayar
    nama: str | None = Field(description=_NAMA_MASA)
    keadaan: str = Field(description="dibuka, pengiriman_ditutup atau ditutup")
    perhitungan: str | None = Field(description="berjalan, selesai, dibatalkan; kosong bila belum pernah")
    terkini: bool = Field(description="Perhitungan itu untuk penutupan terakhir")
    selesai_pada: datetime | None

    @property
    def sebutan(self) -> str:
        """What it is called: `November 2026`, `TPP ke-13 2026`."""
        return sebutan(self.periode, self.nama)

    @property
    def usang(self) -> bool:
        """Whether its figures are older than the month: it was opened again, or closed again since."""
        return bool(self.perhitungan) and not (
            self.keadaan == "ditutup" and self.terkini and self.perhitungan == "selesai"
        )


async def bulan(tx: Tx) -> list[KeadaanBulan]:
    """The newest months, with the state of their runs. Holds no pay data."""
    tx.guard.scope()
    return [
        KeadaanBulan(
            periode=MasaBayar.parse(row["periode"]),
            nama=row["nama"],
            keadaan=row["keadaan"],
            perhitungan=row["perhitungan"],
            terkini=bool(row["terkini"]),
            selesai_pada=row["selesai_pada"],
        )
        async for row in SQL.bulan(tx.conn)
    ]


class PembayaranKhusus(BaseModel):
    """An extra payment of a year that a policy in force names, or that was computed."""

    periode: MasaBayar
    nama: str
    dasar: Period = Field(description="Bulan yang menjadi dasarnya")
    perhitungan: str | None = Field(description="berjalan, selesai, dibatalkan; kosong bila belum pernah")
    terkini: bool

    @property
    def sebutan(self) -> str:
        """What it is called: `TPP ke-13 2026`."""
        return sebutan(self.periode, self.nama)


async def pembayaran_khusus(tx: Tx, tahun: Sequence[int]) -> list[PembayaranKhusus]:
    """The extra payments of these years, the newest first. Holds no pay data."""
    tx.guard.scope()
    rows = {row["periode"]: row async for row in SQL.khusus(tx.conn)}
    found = {
        one.masa: PembayaranKhusus(
            periode=one.masa, nama=one.nama, dasar=one.dasar, perhitungan=None, terkini=False
        )
        for one in await khusus(tx, tahun)
    }
    for text, row in rows.items():
        masa = MasaBayar.parse(text)
        found[masa] = PembayaranKhusus(
            periode=masa,
            nama=row["nama"],
            dasar=Period.parse(row["dasar"]),
            perhitungan=row["perhitungan"],
            terkini=bool(row["terkini"]) and row["keadaan"] == "ditutup",
        )
    return [found[masa] for masa in sorted(found, reverse=True)]


async def slip_saya(tx: Tx, periode: MasaBayar) -> Slip:
    """The caller's own slip."""
    assert tx.guard.principal is not None
    return await slip(tx, periode, tx.guard.principal.pegawai_id)


async def bulan_saya(tx: Tx) -> TppSaya:
    """The caller's months."""
    assert tx.guard.principal is not None
    who = tx.guard.principal.pegawai_id
    tx.guard.admit(Subject(who))
    rows = [row async for row in SQL.bulan_saya(tx.conn, pegawai_id=who, limit=24)]
    return TppSaya(
        data=[
            BulanTpp(
                periode=MasaBayar.parse(row["periode"]),
                nama=row["nama"],
                sementara=row["sementara"],
                status=row["status"],
                bruto=Rupiah(row["bruto"]),
                potongan=Rupiah(row["potongan"]),
                neto=Rupiah(row["neto"]),
                penetapan=row["penetapan"],
                pembayaran=row["bayar"],
                ditarik=row["ditarik"],
                pembaruan=row["pembaruan"],
            )
            for row in rows
        ]
    )


async def slip_terakhir(tx: Tx) -> Slip | None:
    """The caller's newest slip, provisional ones included; None when nothing was computed yet."""
    assert tx.guard.principal is not None
    who = tx.guard.principal.pegawai_id
    tx.guard.admit(Subject(who))
    periode = await SQL.bulan_terakhir(tx.conn, pegawai_id=who)
    return await slip(tx, MasaBayar.parse(periode), who) if periode else None


async def slip(tx: Tx, periode: MasaBayar, pegawai_id: UUID) -> Slip:
    """One person's slip: the computed figure, else the provisional one. Raises NotFound."""
    base = await bulan_dasar(tx, periode)
    row = await SQL.slip(tx.conn, periode=str(periode), pegawai_id=pegawai_id, hari=base.last_day)
    tx.guard.admit(Subject(pegawai_id, row["unit_path"] if row else None))
    who = tx.guard.principal
    if who is not None and who.pegawai_id != pegawai_id:
        tx.audit("tpp.slip-dibaca", f"pegawai:{pegawai_id}", periode=str(periode))
    if row is None or row["status"] is None:
        raise NotFound(
            f"TPP {periode.tampil()} belum dihitung.",
            remedy="Tunggu sampai data pertama bulan itu dicatat, atau bulan ditutup dan TPP dihitung.",
        )
    whose = {"periode": str(periode), "pegawai_id": pegawai_id}
    return _slip(
        row,
        periode,
        await _dasar(tx, row),
        [one async for one in SQL.rapel_slip(tx.conn, **whose)],
        [one async for one in SQL.koreksi_slip(tx.conn, **whose)],
        [one async for one in SQL.keberatan_slip(tx.conn, **whose)],
    )


async def slip_menurut_nip(tx: Tx, nip: str, periode: MasaBayar) -> Slip:
    """One person's slip for an operator at the command line; the reading is audited. Raises NotFound."""
    pegawai_id = await SQL.pegawai_dari_nip(tx.conn, nip=nip)
    if pegawai_id is None:
        raise NotFound(f"Tidak ada pegawai dengan NIP {nip}.", remedy="Periksa angka NIP-nya.")
    tx.audit("tpp.slip-dibaca", f"pegawai:{pegawai_id}", periode=str(periode), lewat="ekinerja tpp jelaskan")
    return await slip(tx, periode, pegawai_id)


async def _dasar(tx: Tx, row: Any) -> list[KelompokData]:
    """What the figure was computed from, with the sources as they stood then."""
    if row["masukan"] == "null":
        return []
    m = rules.baca_masukan(row["masukan"])
    who, periode = row["pegawai_id"], m.periode
    told = SQL.asal(
        tx.conn,
        pegawai_id=who,
        periode=str(periode),
        awal=periode.first_day,
        akhir=periode.last_day,
        sampai=row["dihitung_pada"],
    )
    facts = [Catatan(one["tabel"], one["isi"], one["berkas"]) async for one in told]
    rated, version = m.predikat_dari or periode, row["v_pegawai"]
    news = await SQL.kabar(tx.conn, pegawai_id=who, periode=str(rated), version=version)
    kabar = None
    if news is not None and version is not None:
        kabar = Kabar(
            version,
            news["pegawai_pada"],
            news["version"] or 0,
            news["predikat"],
            news["pada"],
            news["version_sementara"] or 0,
            news["predikat_sementara"],
            news["pada_sementara"],
        )
    slips: list[MasaBayar] = []
    if others := [str(month) for month in bulan_disebut(m)]:
        there = SQL.ada_slip(tx.conn, pegawai_id=who, bulan=others)
        slips = [MasaBayar.parse(one["periode"]) async for one in there]
    program = engine.penafsir(terbaca(row["dokumen"]), periode).program
    return data_dipakai(program, m, facts, kabar, slips, sementara=row["sementara"])


def _baris(explained: Sequence[rules.Penjelasan], lines: Sequence[rules.Baris]) -> list[BarisSlip]:
    return [
        BarisSlip(
            **{**line._asdict(), "jumlah": Rupiah(line.jumlah), "data": _data(line.data)},
            baris=stored.nama_tetap,
        )
        for line, stored in zip(explained, lines, strict=False)
    ]


def _slip(
    row: Any,
    periode: MasaBayar,
    berdasar: list[KelompokData],
    arrears: Sequence[Any],
    corrections: Sequence[Any],
    objections: Sequence[Any],
) -> Slip:
    reasons = rules.baca_alasan(row["alasan"])
    inputs = None if row["masukan"] == "null" else rules.baca_masukan(row["masukan"])
    lines = rules.baca_baris(row["baris"])
    paid = rules.baca_baris(row["iuran"])
    result = rules.Hasil(row["status"], row["bruto"], row["potongan"], row["neto"], lines, reasons, paid)
    policy = terbaca(row["dokumen"])
    explained = engine.jelaskan(policy, result, inputs) if inputs else []
    contributed = engine.jelaskan_iuran(policy, result, inputs) if inputs else []
    return Slip(
        pegawai_id=row["pegawai_id"],
        nip=row["nip"],
        nama_pegawai=row["nama_pegawai"],
        periode=periode,
        nama_masa=row["nama_masa"],
        opd_kode=row["opd_kode"],
        version=row["version"],
        sementara=row["sementara"],
        status=row["status"],
        bruto=Rupiah(row["bruto"]),
        potongan=Rupiah(row["potongan"]),
        neto=Rupiah(row["neto"]),
        baris=_baris(explained, lines),
        iuran=_baris(contributed, paid),
        alasan=[AlasanSlip(**reason._asdict()) for reason in reasons],
        kebijakan=KebijakanSlip(
            kebijakan_id=row["kebijakan_id"], nama=row["kebijakan_nama"], sidik=row["sidik"]
        ),
        masukan=json.loads(row["masukan"]),
        dasar=berdasar,
        andaian=[Andaian(**one).kalimat for one in row["andaian"]],
        dihitung_pada=row["dihitung_pada"],
        penetapan=row["penetapan"],
        pembayaran=Pembayaran(
            keadaan=row["bayar"],
            referensi=row["referensi"],
            dibayar_pada=row["dibayar_pada"],
            alasan=row["alasan_bayar"],
            ditarik=row["ditarik"],
        )
        if row["bayar"]
        else None,
        rapel=[
            RapelSlip(
                periode=MasaBayar.parse(one["periode"]),
                jumlah=Rupiah(one["jumlah"]),
                seluruhnya=Rupiah(one["seluruhnya"]),
                sisa=Rupiah(one["sisa"]),
                sebab=one["sebab"],
            )
            for one in arrears
        ],
        koreksi=[
            KoreksiSlip(
                urutan=one["urutan"],
                neto=Rupiah(one["neto"]),
                selisih=Rupiah(one["selisih_neto"]),
                selisih_iuran=Rupiah(one["selisih_iuran"]),
                sebab=one["sebab"],
                dibuat_pada=one["dibuat_pada"],
                dibawa=[MasaBayar.parse(month) for month in one["dibawa"]],
                menunggu=one["menunggu"],
                diselesaikan=one["diselesaikan"],
            )
            for one in corrections
        ],
        pembaruan=row["pembaruan"],
        keberatan=[
            KeberatanSlip(
                **one,
                penjawab=penjawab(row["penetapan"] == "dikunci") if one["keadaan"] == "diajukan" else "",
            )
            for one in objections
        ],
    )


def _data(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(map(nama_data, names)))


async def daftar(
    tx: Tx,
    periode: MasaBayar,
    opd: str | None,
    status: str | None,
    cursor: str | None,
    limit: int,
    cari: str = "",
) -> Page[Terdaftar]:
    """Figures of everyone the caller may see, by OPD and NIP; `cari` as in `shared.cari`."""
    scope = tx.guard.scope()
    after = decode_cursor(cursor, sesudah_opd=str, sesudah_nip=str, sesudah_id=UUID)
    rows = [
        row
        async for row in SQL.daftar(
            tx.conn,
            periode=str(periode),
            opd=opd,
            status=status,
            **Cari.dari(cari)._asdict(),
            **scope.where,
            **after,
            limit=limit + 1,
        )
    ]
    for row in rows[:limit]:
        tx.audit("tpp.daftar-dibaca", f"pegawai:{row['pegawai_id']}", periode=str(periode))
    people = [
        Terdaftar(
            pegawai_id=row["pegawai_id"],
            nip=row["nip"],
            nama_pegawai=row["nama_pegawai"],
            opd_kode=row["opd_kode"],
            status=row["status"],
            bruto=Rupiah(row["bruto"]),
            potongan=Rupiah(row["potongan"]),
            neto=Rupiah(row["neto"]),
            alasan=[AlasanSlip(**reason) for reason in json.loads(row["alasan"])],
            pembayaran=row["bayar"],
            ditarik=row["ditarik"],
        )
        for row in rows
    ]
    return page(people, limit, lambda one: (one.opd_kode, one.nip, one.pegawai_id))


class Opd(BaseModel):
    """An OPD to choose."""

    opd_kode: str
    opd_nama: str


async def opd(tx: Tx, periode: MasaBayar) -> list[Opd]:
    """The OPDs of a month that the caller may see. Holds no pay data."""
    scope = tx.guard.scope()
    rows = SQL.opd(tx.conn, periode=str(periode), **scope.where)
    return [Opd(**row) async for row in rows]


async def rekap(tx: Tx, periode: MasaBayar) -> Rekap:
    """Totals of each OPD the caller may see."""
    scope = tx.guard.scope()
    rows = [row async for row in SQL.rekap(tx.conn, periode=str(periode), **scope.where)]
    tx.audit("tpp.rekap-dibaca", f"periode:{periode}", opd=len(rows))
    opd = [
        RekapOpd(
            **_jumlah([row]).model_dump(),
            opd_kode=row["opd_kode"],
            opd_nama=row["opd_nama"],
            penetapan=row["penetapan"],
        )
        for row in rows
    ]
    return Rekap(periode=periode, opd=opd, jumlah=_jumlah(rows))


def _jumlah(rows: list[Any]) -> Jumlah:
    def count(name: str) -> int:
        return sum(row[name] for row in rows)

    return Jumlah(
        pegawai=count("pegawai"),
        dihitung=count("dihitung"),
        ditahan=count("ditahan"),
        bruto=Rupiah(count("bruto")),
        potongan=Rupiah(count("potongan")),
        neto=Rupiah(count("neto")),
        dibayar=count("dibayar"),
        dibayar_rupiah=Rupiah(count("dibayar_rupiah")),
        gagal=count("gagal"),
        ditarik=count("ditarik"),
    )
