"""The reconciliation of a month: by payroll's events, or against a list that payroll sends."""

import io
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import xlsxwriter
from pydantic import BaseModel, Field

from services.tpp.ekspor.penulis import aman
from services.tpp.kehadiran.berkas import NIP
from services.tpp.pegawai.nama import NAMA_PEGAWAI
from services.tpp.pembayaran import rules
from services.tpp.pembayaran.catat import SQL
from shared.contracts.payroll import ItemFailed, ItemPaid
from shared.db import Tx
from shared.errors import InvalidInput
from shared.money import Rupiah
from shared.nip import Nip
from shared.period import Period
from shared.tabular import Column, Findings, SalahBaris, Sheet, find_table, lost_digits

_TERDAFTAR = 1000
_KOLOM = (NIP, Column("jumlah", "jumlah", ("jumlah bersih", "neto", "jumlah dibayar", "diterima")))


class TemuanBeda(BaseModel):
    """One difference."""

    jenis: rules.Jenis
    pegawai_id: UUID | None
    nip: str
    nama_pegawai: str | None = Field(description=NAMA_PEGAWAI)
    opd_kode: str
    item_id: str
    kita: Rupiah | None
    payroll: Rupiah | None
    penjelasan: str


class Rekonsiliasi(BaseModel):
    """How a month's payments and payroll's word for them compare."""

    periode: Period
    pembayaran: int
    neto: Rupiah
    dibayar: int
    neto_dibayar: Rupiah = Field(description="Menurut catatan kita")
    gagal: int
    menunggu: int
    temuan: list[TemuanBeda] = Field(description="Seribu yang pertama, yang terberat lebih dahulu")
    temuan_jumlah: dict[str, int] = Field(description="Banyaknya tiap jenis temuan")


async def dari_event(tx: Tx, periode: Period) -> Rekonsiliasi:
    """Our payments against payroll's answers. What is nobody's is shown to who sees the whole instansi."""
    ours, everything = await _kita(tx, periode)
    foreign = await _asing(tx, periode) if everything else []
    return _hasil(tx, periode, ours, rules.dari_jawaban(ours, foreign))


async def dari_berkas(tx: Tx, periode: Period, sheets: Sequence[Sheet]) -> Rekonsiliasi:
    """Our payments against payroll's own list. Raises InvalidInput naming the first rows that are wrong."""
    ours, _ = await _kita(tx, periode)
    return _hasil(tx, periode, ours, rules.dari_berkas(ours, _baris(sheets)))


def sebagai_xlsx(found: Rekonsiliasi) -> bytes:
    """The report as a workbook: totals, then one row for each difference."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        text, money = book.add_format({"num_format": "@"}), book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet("Ringkasan")
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 20)
        rows: list[tuple[str, Any]] = [
            ("Periode", found.periode.tampil()),
            ("Pembayaran", found.pembayaran),
            ("Jumlah neto", found.neto),
            ("Sudah dibayar", found.dibayar),
            ("Neto sudah dibayar", found.neto_dibayar),
            ("Gagal", found.gagal),
            ("Menunggu", found.menunggu),
            *((rules.JENIS[name], found.temuan_jumlah.get(name, 0)) for name in rules.JENIS),
        ]
        for at, (name, value) in enumerate(rows):
            sheet.write_string(at, 0, name, head)
            if isinstance(value, Rupiah):
                sheet.write_number(at, 1, value.decimal, money)
            elif isinstance(value, int):
                sheet.write_number(at, 1, value)
            else:
                sheet.write_string(at, 1, value)
        sheet = book.add_worksheet("Temuan")
        titles = ("Jenis", "Nama", "NIP", "OPD", "Menurut e-Kinerja", "Menurut payroll", "Penjelasan", "Item")
        for at, (title, width) in enumerate(zip(titles, (26, 32, 22, 14, 18, 18, 50, 38), strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, title, head)
        sheet.freeze_panes(1, 0)
        for row, one in enumerate(found.temuan, 1):
            cells = (
                rules.JENIS[one.jenis], one.nama_pegawai or one.nip, one.nip, one.opd_kode, one.kita,
                one.payroll, one.penjelasan, one.item_id,
            )  # fmt: skip
            for at, cell in enumerate(cells):
                if isinstance(cell, Rupiah):
                    sheet.write_number(row, at, cell.decimal, money)
                elif cell:
                    sheet.write_string(row, at, aman(cell), text)
    return out.getvalue()


async def _kita(tx: Tx, periode: Period) -> tuple[list[rules.Pembayaran], bool]:
    scope = tx.guard.scope()
    rows = [
        rules.Pembayaran(**row)
        async for row in SQL.dibandingkan(tx.conn, periode=str(periode), **scope.where)
    ]
    return rows, scope.all


async def _asing(tx: Tx, periode: Period) -> list[rules.Asing]:
    found = []
    async for row in SQL.ditolak(tx.conn, types=[ItemPaid.TYPE, ItemFailed.TYPE]):
        try:
            data = json.loads(row["value"])
            if data["periode"] == str(periode):
                amount = Rupiah(data["neto"]).decimal if data.get("neto") else None
                found.append(rules.Asing("", str(data["item_id"]), amount, row["cause"]))
        except (ValueError, KeyError, TypeError):
            # Not even readable: the dead letters name it, no month can.
            continue
    return found


def _baris(sheets: Sequence[Sheet]) -> list[tuple[str, Decimal]]:
    findings, rows = Findings(limit=20), []
    for sheet in sheets:
        table = find_table(sheet, _KOLOM, findings)
        for record in table.records(findings) if table else ():
            text = record.text("nip")
            if lost := lost_digits(text, record.is_number("nip")):
                record.wrong(findings, "nip", lost, "Format kolom NIP sebagai Teks, lalu isi lagi NIP-nya.")
                continue
            try:
                rows.append((str(Nip(text)), _rupiah(record.text("jumlah"))))
            except ValueError as error:
                record.wrong(findings, "nip", str(error), "Perbaiki baris ini.")
    if findings.jumlah:
        shown = "; ".join(map(_salah, findings.listed))
        raise InvalidInput(
            f"Daftar payroll ini belum dapat dibandingkan ({findings.jumlah} kesalahan). {shown}",
            remedy="Perbaiki baris itu, lalu kirim lagi.",
        )
    return rows


def _salah(one: SalahBaris) -> str:
    return f"{one.lembar} baris {one.baris}, {one.kolom}: {one.alasan}"


def _rupiah(text: str) -> Decimal:
    """`4210678`, `4.210.678`, `Rp 4.210.678,50`. Raises ValueError."""
    plain = text.removeprefix("Rp").removeprefix(".").strip()
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    elif plain.count(".") > 1 or (plain.count(".") == 1 and len(plain.rsplit(".", 1)[1]) == 3):
        plain = plain.replace(".", "")
    return Rupiah(plain).decimal


def _hasil(
    tx: Tx, periode: Period, ours: Sequence[rules.Pembayaran], found: Sequence[rules.Temuan]
) -> Rekonsiliasi:
    tx.audit("tpp.rekonsiliasi-dibaca", f"periode:{periode}", pembayaran=len(ours), temuan=len(found))
    for who in sorted({one.pegawai_id for one in found[:_TERDAFTAR] if one.pegawai_id}):
        tx.audit("tpp.rekonsiliasi-dibaca", f"pegawai:{who}", periode=str(periode))
    counts: dict[str, int] = {}
    for one in found:
        counts[one.jenis] = counts.get(one.jenis, 0) + 1
    paid = [one for one in ours if one.keadaan == "dibayar"]
    return Rekonsiliasi(
        periode=periode,
        pembayaran=len(ours),
        neto=Rupiah(sum(one.neto for one in ours)),
        dibayar=len(paid),
        neto_dibayar=Rupiah(sum(one.neto for one in paid)),
        gagal=sum(one.keadaan == "gagal" for one in ours),
        menunggu=sum(one.keadaan == "menunggu" for one in ours),
        temuan=[
            TemuanBeda(
                **one._asdict()
                | {
                    "kita": None if one.kita is None else Rupiah(one.kita),
                    "payroll": None if one.payroll is None else Rupiah(one.payroll),
                }
            )
            for one in found[:_TERDAFTAR]
        ],
        temuan_jumlah=counts,
    )
