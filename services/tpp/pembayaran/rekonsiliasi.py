"""The reconciliation of a month: by payroll's events, or against a list that payroll sends."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.kehadiran.berkas import NIP
from services.tpp.pegawai.nama import NAMA_PEGAWAI
from services.tpp.pembayaran import rules
from services.tpp.pembayaran.catat import SQL
from shared.contracts.payroll import ItemFailed, ItemPaid
from shared.db import Tx
from shared.errors import InvalidInput
from shared.http import Page, decode_cursor, page
from shared.money import Rupiah
from shared.nip import Nip
from shared.period import MasaBayar
from shared.tabular import Column, Findings, Record, Sheet, find_table, lost_digits

PERTAMA = 200
"""How many differences come with the report; the rest is a list of its own."""
SEMUA = 1_000_000
"""More differences than any month can have: for files."""
_SALAH = 200
_KOLOM = (NIP, Column("jumlah", "jumlah", ("jumlah bersih", "neto", "jumlah dibayar", "diterima")))
_RIBUAN = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")
_POLOS = re.compile(r"\d+(?:[.,]\d{1,2})?")


class TemuanBeda(BaseModel):
    """One difference, and who has to do what about it."""

    jenis: rules.Jenis
    pegawai_id: UUID | None
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    opd_kode: str
    item_id: str
    kita: Rupiah | None
    payroll: Rupiah | None
    penjelasan: str
    sejak: datetime | None = Field(description="Sejak kapan berbeda: jawaban terakhir, atau penyerahannya")
    pemilik: str = Field(description="Peran yang perlu bertindak; sistem: cukup ditunggu")
    langkah: str = Field(description="Langkah berikutnya, dalam kalimat")


class Jumlah(BaseModel):
    """Both sides of some payments. Counts are payments."""

    pembayaran: int
    neto: Rupiah = Field(description="Yang kita serahkan untuk dibayar")
    dikirim: int = Field(description="Yang sudah sampai di payroll")
    dibayar: int
    neto_dibayar: Rupiah = Field(description="Yang sudah dibayar, menurut catatan kita")
    neto_payroll: Rupiah = Field(
        description="Yang keluar menurut payroll; tanpa jumlah: dianggap jumlah kita"
    )
    gagal: int
    ditarik: int = Field(description="Dinyatakan payroll tidak akan dibayar, atas permintaan BPKAD")
    menunggu: int
    dibatalkan: int = Field(
        description="Pembayaran lama yang ditarik kembali dan diganti, atau akan diganti, dengan yang baru"
    )
    neto_dibatalkan: Rupiah


class RekonsiliasiOpd(Jumlah):
    """Both sides of one OPD's batch."""

    opd_kode: str
    opd_nama: str
    batch_id: UUID | None = Field(
        description="Kelompok pembayaran yang terbaru; kosong bila semuanya dibatalkan"
    )
    jumlah_berbeda: int
    dibayar_dua_kali: int

    @property
    def cocok(self) -> bool:
        """Whether payroll paid every payment, each once and as we said."""
        return not (
            self.menunggu or self.gagal or self.ditarik or self.jumlah_berbeda or self.dibayar_dua_kali
        )


class Rekonsiliasi(Jumlah):
    """How a month's payments and payroll's word for them compare."""

    periode: MasaBayar
    cocok: bool = Field(description="Semua dibayar, masing-masing sekali dan sejumlah yang kita serahkan")
    opd: list[RekonsiliasiOpd] = Field(description="Kosong bila dibandingkan dengan daftar")
    temuan: list[TemuanBeda] = Field(
        description="Dua ratus yang pertama, yang terberat lebih dahulu; selengkapnya pada daftar temuan"
    )
    temuan_jumlah: dict[str, int] = Field(description="Banyaknya tiap jenis temuan")


async def dari_event(tx: Tx, periode: MasaBayar, banyak: int = PERTAMA) -> Rekonsiliasi:
    """Our payments against payroll's answers. What is nobody's is shown to who sees the whole instansi."""
    found = await ringkas(tx, periode)
    return found.model_copy(update={"temuan": (await temuan(tx, periode, None, None, None, banyak)).data})


async def ringkas(tx: Tx, periode: MasaBayar) -> Rekonsiliasi:
    """The same in sums and counts, without the differences themselves."""
    offices = await _opd(tx, periode)
    foreign = len(await _asing(tx, periode))
    counts = {
        name: sum(getattr(one, name) for one in offices)
        for name in ("dibayar_dua_kali", "jumlah_berbeda", "gagal", "ditarik")
    }
    counts |= {"hanya_di_payroll": foreign, "hanya_di_ekinerja": sum(one.menunggu for one in offices)}
    tx.audit("tpp.rekonsiliasi-dibaca", f"periode:{periode}", opd=len(offices), temuan=sum(counts.values()))
    return Rekonsiliasi(
        periode=periode,
        cocok=any(one.pembayaran for one in offices) and not any(counts.values()),
        opd=offices,
        temuan=[],
        temuan_jumlah={name: counts[name] for name in rules.JENIS if counts[name]},
        **_jumlah(offices),
    )


async def temuan(
    tx: Tx, periode: MasaBayar, jenis: rules.Jenis | None, opd: str | None, cursor: str | None, limit: int
) -> Page[TemuanBeda]:
    """A page of the differences to payroll's answers; each person on it is audited as seen."""
    scope = tx.guard.scope()
    after = decode_cursor(cursor, sesudah_bobot=int, sesudah_opd=str, sesudah_nip=str, sesudah_item=str)
    order = list(rules.JENIS)
    rows: list[tuple[tuple[Any, ...], TemuanBeda]] = []
    if opd is None and jenis in (None, "hanya_di_payroll"):
        last = tuple(after.values()) if cursor else (0,)
        rows += [(key, one) for key, one in await _asing(tx, periode) if key > last]
    if scope.all and opd is None:
        rows += await _sejenis(tx, periode, jenis, after, limit + 1 - len(rows))
    elif len(rows) <= limit:
        rows += [
            ((row["bobot"], row["opd_kode"], row["nip"], str(row["item_id"])), _temuan(row))
            async for row in SQL.temuan(
                tx.conn,
                periode=str(periode),
                urutan=order,
                jenis=jenis,
                opd=opd,
                **scope.where,
                **after,
                limit=limit + 1 - len(rows),
            )
        ]
    found = page(rows, limit, lambda row: row[0])
    _tercatat(tx, periode, [one for _, one in found.data])
    return Page(data=[one for _, one in found.data], berikutnya=found.berikutnya)


async def _sejenis(
    tx: Tx, periode: MasaBayar, jenis: rules.Jenis | None, after: dict[str, Any], room: int
) -> list[tuple[tuple[Any, ...], TemuanBeda]]:
    """Differences of everybody, kind after kind and the weightiest first, as far as the room on the page."""
    reached = after["sesudah_bobot"] or 0
    rest = {name: value for name, value in after.items() if name != "sesudah_bobot"}
    found: list[tuple[tuple[Any, ...], TemuanBeda]] = []
    for weight, kind in enumerate(rules.JENIS, 1):
        if kind == "hanya_di_payroll" or jenis not in (None, kind) or weight < reached:
            continue
        if len(found) >= room:
            break
        found += [
            ((weight, row["opd_kode"], row["nip"], str(row["item_id"])), _temuan(row))
            async for row in SQL.temuan_sejenis(
                tx.conn,
                periode=str(periode),
                jenis=kind,
                **(rest if weight == reached else dict.fromkeys(rest)),
                limit=room - len(found),
            )
        ]
    return found


async def dari_berkas(
    tx: Tx, periode: MasaBayar, sheets: Sequence[Sheet], banyak: int = PERTAMA
) -> Rekonsiliasi:
    """Our payments against payroll's own list, of which nothing is kept.

    Raises InvalidInput with every wrong row (`salah`: sheet, row, column, reason and remedy).
    """
    scope = tx.guard.scope()
    offices = await _opd(tx, periode)
    ours = [
        rules.Pembayaran(**row)
        async for row in SQL.dibandingkan(tx.conn, periode=str(periode), **scope.where)
    ]
    rows = _baris(sheets)
    found = rules.dari_berkas(ours, rows)
    shown = [_dari_daftar(one) for one in found[:banyak]]
    tx.audit("tpp.rekonsiliasi-dibaca", f"periode:{periode}", pembayaran=len(ours), temuan=len(found))
    _tercatat(tx, periode, shown)
    counts: dict[str, int] = {}
    for one in found:
        counts[one.jenis] = counts.get(one.jenis, 0) + 1
    return Rekonsiliasi(
        periode=periode,
        cocok=bool(ours) and not found,
        opd=[],
        temuan=shown,
        temuan_jumlah=counts,
        **_jumlah(offices) | {"neto_payroll": Rupiah(sum((amount for _, amount in rows), Decimal(0)))},
    )


async def bulan(tx: Tx) -> list[MasaBayar]:
    """Months whose payments were handed over, the newest first. Holds no pay data."""
    tx.guard.scope()
    return [MasaBayar.parse(row["periode"]) async for row in SQL.bulan_diserahkan(tx.conn)]


async def _opd(tx: Tx, periode: MasaBayar) -> list[RekonsiliasiOpd]:
    scope = tx.guard.scope()
    money = [name for name, field in Jumlah.model_fields.items() if field.annotation is Rupiah]
    rows = (
        SQL.opd_dibandingkan_semua(tx.conn, periode=str(periode))
        if scope.all
        else SQL.opd_dibandingkan(tx.conn, periode=str(periode), **scope.where)
    )
    return [RekonsiliasiOpd(**{**row, **{name: Rupiah(row[name]) for name in money}}) async for row in rows]


def _jumlah(offices: Iterable[RekonsiliasiOpd]) -> dict[str, Any]:
    """The sums of all offices, by field."""
    found: dict[str, Any] = {}
    for name, field in Jumlah.model_fields.items():
        zero = Rupiah(0) if field.annotation is Rupiah else 0
        found[name] = sum((getattr(one, name) for one in offices), zero)
    return found


async def _asing(tx: Tx, periode: MasaBayar) -> list[tuple[tuple[Any, ...], TemuanBeda]]:
    """What payroll says of payments that are none of ours; the first of all differences.

    Each with its place in the list. Nothing for who sees one office only: nobody knows whose they are.
    """
    if not tx.guard.scope().all:
        return []
    found = []
    async for row in SQL.ditolak(tx.conn, types=[ItemPaid.TYPE, ItemFailed.TYPE]):
        try:
            data = json.loads(row["value"])
            if data["periode"] != str(periode):
                continue
            amount = Rupiah(data["neto"]) if data.get("neto") else None
            item = str(data["item_id"])
        except (ValueError, KeyError, TypeError):
            # Not even readable: the dead letters name it, no month can.
            continue
        one = _beda("hanya_di_payroll", item_id=item, payroll=amount, penjelasan=row["cause"])
        found.append(
            ((1, "", f"{row['id']:019}", item), one.model_copy(update={"sejak": row["received_at"]}))
        )
    return found


def _temuan(row: Any) -> TemuanBeda:
    jenis: rules.Jenis = row["jenis"]
    told = {
        "dibayar_dua_kali": f"Nomor bukti: {', '.join(row['nomor'])}",
        "jumlah_berbeda": "Payroll membayar jumlah lain",
        "hanya_di_ekinerja": "Payroll belum menjawab" if row["dikirim_pada"] else "Belum diserahkan",
    }.get(jenis, row["alasan"] or "")
    one = _beda(
        jenis,
        pegawai_id=row["pegawai_id"],
        nip=row["nip"],
        nama_pegawai=row["nama_pegawai"],
        opd_kode=row["opd_kode"],
        item_id=str(row["item_id"]),
        kita=Rupiah(row["kita"]),
        payroll=None if row["payroll"] is None else Rupiah(row["payroll"]),
        penjelasan=told,
        sejak=row["sejak"],
    )
    if jenis == "hanya_di_ekinerja" and row["dikirim_pada"] is None:
        return one.model_copy(update=rules.BELUM_DISERAHKAN._asdict())
    return one


def _dari_daftar(one: rules.Temuan) -> TemuanBeda:
    amounts = {
        "kita": None if one.kita is None else Rupiah(one.kita),
        "payroll": None if one.payroll is None else Rupiah(one.payroll),
    }
    return TemuanBeda(**one._asdict() | amounts, sejak=None, **rules.TINDAK_DAFTAR[one.jenis]._asdict())


def _beda(jenis: rules.Jenis, **known: Any) -> TemuanBeda:
    unknown = {
        "pegawai_id": None, "nip": "", "nama_pegawai": None, "opd_kode": "", "kita": None, "payroll": None,
        "sejak": None,
    }  # fmt: skip
    return TemuanBeda(**unknown | known, jenis=jenis, **rules.TINDAK[jenis]._asdict())


def _tercatat(tx: Tx, periode: MasaBayar, shown: Iterable[TemuanBeda]) -> None:
    for who in sorted({one.pegawai_id for one in shown if one.pegawai_id}):
        tx.audit("tpp.rekonsiliasi-dibaca", f"pegawai:{who}", periode=str(periode))


def _baris(sheets: Sequence[Sheet]) -> list[tuple[str, Decimal]]:
    findings, rows = Findings(limit=_SALAH), []
    for sheet in sheets:
        table = find_table(sheet, _KOLOM, findings)
        for record in table.records(findings) if table else ():
            nip, amount = _nip(record, findings), _rupiah(record, findings)
            if nip is not None and amount is not None:
                rows.append((nip, amount))
    if findings.jumlah:
        raise InvalidInput(
            f"Daftar payroll ini belum dapat dibandingkan: {findings.jumlah} kesalahan.",
            remedy="Perbaiki barisnya, lalu kirim lagi. Tidak ada yang disimpan.",
            salah=[one.model_dump() for one in findings.listed],
            salah_jumlah=findings.jumlah,
        )
    if not rows:
        raise InvalidInput(
            "Daftar payroll ini tidak berisi satu baris pun.",
            remedy="Kirim berkas dengan judul kolom nip dan jumlah, dan satu baris untuk setiap orang.",
        )
    return rows


def _nip(record: Record, findings: Findings) -> str | None:
    text = record.text("nip")
    if lost := lost_digits(text, record.is_number("nip")):
        record.wrong(findings, "nip", lost, "Format kolom NIP sebagai Teks, lalu isi lagi NIP-nya.")
        return None
    try:
        return str(Nip(text))
    except ValueError as error:
        record.wrong(findings, "nip", str(error), "Tulis kedelapan belas angkanya.")
        return None


def _rupiah(record: Record, findings: Findings) -> Decimal | None:
    """`4210678`, `4.210.678`, `Rp 4.210.678,50`, or a number of the spreadsheet."""
    text = record.text("jumlah")
    plain = text.removeprefix("Rp").removeprefix(".").strip()
    if record.is_number("jumlah") or not _RIBUAN.fullmatch(plain):
        known = record.is_number("jumlah") or _POLOS.fullmatch(plain)
        plain = plain.replace(",", ".")
    else:
        known, plain = True, plain.replace(".", "").replace(",", ".")
    try:
        amount = Rupiah(plain).decimal if known else None
    except ValueError:
        amount = None
    if amount is None or amount < 0:
        record.wrong(
            findings,
            "jumlah",
            "kosong" if not text else "bukan jumlah rupiah dari nol ke atas",
            "Tulis jumlahnya seperti 4210678 atau 4.210.678,50.",
        )
        return None
    return amount
