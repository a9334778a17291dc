"""Spreadsheets as offices send them, and as attackers would."""

import io
import struct
import zipfile
import zlib
from datetime import date, datetime, time

import pytest
import xlsxwriter

from shared.errors import InvalidInput
from shared.period import Period
from shared.tabular import (
    Column,
    Findings,
    Sheet,
    find_table,
    lost_digits,
    parse_date,
    parse_period,
    parse_time,
    read_sheets,
    unsafe_text,
)

NIP = Column("nip", "NIP", ("nomor induk pegawai",))
NAMA = Column("nama", "Nama Pegawai", ("nama",))
EMAIL = Column("email", "Surel", ("email", "e-mail"), required=False)
COLUMNS = (NIP, NAMA, EMAIL)


def workbook(fill: "object") -> bytes:
    """An XLSX whose first sheet `Pegawai` is filled by a function."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    fill(book, book.add_worksheet("Pegawai"))  # type: ignore[operator]
    book.close()
    return buffer.getvalue()


async def test_cells_become_the_text_a_person_would_type() -> None:
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row("B2", ["198501012010011001", "  Siti\u00a0Aminah ", 5, 2.5, 198501012010011001])
        sheet.write_datetime("G2", datetime(2026, 1, 31), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_datetime("H2", datetime(1899, 12, 31, 7, 30), book.add_format({"num_format": "hh:mm"}))
        sheet.write_boolean("I2", True)
        # As a formula leaves it: a little before 16.00, and half a second before midnight.
        clock = book.add_format({"num_format": "hh:mm"})
        sheet.write_formula("J2", "=TIME(16,0,0)", clock, 0.66666666)
        sheet.write_number("K2", 0.999995, clock)
        sheet.write("A9", "akhir")

    [sheet] = await read_sheets(workbook(fill))
    first, last = sheet.rows
    assert (sheet.nama, first.nomor, last.nomor) == ("Pegawai", 2, 9)
    assert first.cells[:5] == ["", "198501012010011001", "Siti Aminah", "5", "2.5"]
    assert first.cells[6] == "2026-01-31"
    assert parse_time(first.cells[7]) == time(7, 30)
    assert first.cells[8] == "ya"
    assert parse_time(first.cells[9]) == time(16, 0)
    assert parse_time(first.cells[10]) == time(23, 59, 59)
    assert list(first.numeric) == [3, 4, 5]
    assert lost_digits(first.cells[5], True) is not None
    assert lost_digits(first.cells[1], False) is None


@pytest.mark.parametrize(
    ("data", "separator"),
    [
        ("NIP;Nama\n1;Étienne\n".encode("cp1252"), ";"),
        ("\ufeffNIP,Nama\r\n1,Étienne\r\n".encode(), ","),
        ("NIP\tNama\n1\tÉtienne\n".encode("utf-16"), "tab"),
    ],
)
async def test_csv_in_the_forms_offices_use(data: bytes, separator: str) -> None:
    [sheet] = await read_sheets(data, csv_name="Pegawai")
    assert sheet.nama == "Pegawai"
    assert [row.cells for row in sheet.rows] == [["NIP", "Nama"], ["1", "Étienne"]]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("REKAP, OKTOBER, 2026, DINAS A, B, C, D\nNIP;Nama\n1;Siti\n", ["1", "Siti"]),
        ("NIP;Nama\n1;Siti, S.Ked., Sp.A., M.Kes.\n", ["1", "Siti, S.Ked., Sp.A., M.Kes."]),
        ('NIP,Nama\n1,"Siti; Aminah; S.E."\n', ["1", "Siti; Aminah; S.E."]),
    ],
)  # fmt: skip
async def test_the_separator_is_what_stands_equally_often_in_the_rows(text: str, cells: list[str]) -> None:
    [sheet] = await read_sheets(text.encode())
    assert sheet.rows[-1].cells == cells
    assert ["NIP", "Nama"] in [row.cells for row in sheet.rows]


def _zip(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _lying_bomb() -> bytes:
    """An archive that declares 10 bytes and unpacks to 400 MiB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(b"\0" * (1 << 20)) for _ in range(400)) + packer.flush()
    name = b"xl/workbook.xml"
    checksum = zlib.crc32(b"\0" * 10)
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, checksum, len(packed), 10, len(name), 0)
    central = struct.pack(
        "<IHHHHHHIIIHHHHHII",
        0x02014B50, 20, 20, 0, 8, 0, 0, checksum, len(packed), 10, len(name), 0, 0, 0, 0, 0, 0,
    )  # fmt: skip
    body = local + name + packed
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(central) + len(name), len(body), 0)
    return body + central + name + end


def _sparse() -> bytes:
    """A workbook with two cells at opposite corners: 17 thousand million cells for a careless reader."""
    good = workbook(lambda _, sheet: (sheet.write("A1", "x"), sheet.write("XFD1048576", "y")))
    assert len(good) < 20_000
    return good


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "bukan lembar kerja"),
        (b"", "bukan lembar kerja"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "format lama"),
        (b"<html><table><tr><td>NIP</td></tr></table></html>", "halaman web"),
        (b"PK\x03\x04 rusak", "rusak"),
        (_zip({"word/document.xml": b"<w/>"}), "rusak"),
        (_zip({"xl/workbook.xml": b"\0" * (300 << 20)}), "jauh lebih besar"),
        (_lying_bomb(), "jauh lebih besar"),
        (b'NIP,Nama\n"1,' + b"x" * 40_000, "CSV rusak"),
    ],
    ids=["png", "kosong", "xls", "html", "zip-rusak", "docx", "bom", "bom-bohong", "csv-rusak"],
)
async def test_what_is_no_spreadsheet_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await read_sheets(data)
    assert reason in refused.value.detail
    assert refused.value.remedy


async def test_a_workbook_made_to_exhaust_memory_ends_only_its_reader() -> None:
    with pytest.raises(InvalidInput, match=r"terlalu besar|lebih dari"):
        await read_sheets(_sparse())


async def test_too_many_rows_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"lebih dari 1\.000 baris"):
        await read_sheets(b"a,b\n" + b"1,2\n" * 1_000, max_rows=1_000)


async def _sheet(fill: "object") -> Sheet:
    [sheet] = await read_sheets(workbook(fill))
    return sheet


async def test_a_shifted_header_under_a_merged_title_is_found() -> None:
    def fill(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.merge_range("B2:E2", "DAFTAR PEGAWAI")
        sheet.write_row("C5", ["N I P", "NAMA_PEGAWAI", "E-Mail"])
        sheet.write_row("C6", ["198501012010011001", "Siti", "a@b.id"])

    findings = Findings()
    table = find_table(await _sheet(fill), COLUMNS, findings)
    assert table is not None
    [record] = table.records(findings)
    assert (record.nomor, record.text("nip"), record.text("email")) == (6, "198501012010011001", "a@b.id")
    assert findings.jumlah == 0


async def test_a_header_of_two_rows_is_one() -> None:
    def fill(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row("A1", ["NIP", "", "Kontak", ""])
        sheet.merge_range("A1:A2", "NIP")
        sheet.merge_range("C1:D1", "Kontak")
        sheet.write_row("B2", ["Nama Pegawai", "E-Mail", "Telepon"])
        sheet.write_row("A3", ["198501012010011001", "Nama Pegawai", "a@b.id"])

    findings = Findings()
    table = find_table(await _sheet(fill), COLUMNS, findings)
    assert table is not None
    assert [(one.nomor, one.text("nip"), one.text("email")) for one in table.records(findings)] == [
        (3, "198501012010011001", "a@b.id")
    ]
    assert findings.jumlah == 0


async def test_merged_data_cells_are_reported_on_the_rows_that_lost_their_value() -> None:
    def fill(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row("A1", ["NIP", "Nama"])
        sheet.write_row("A2", ["1", ""])
        sheet.write_row("A3", ["2", ""])
        sheet.merge_range("B2:B3", "Siti")

    findings = Findings()
    table = find_table(await _sheet(fill), COLUMNS, findings)
    assert table is not None
    assert [record.is_bad(findings) for record in table.records(findings)] == [False, True]
    [fault] = findings.listed
    assert (fault.baris, fault.kolom) == (3, "Nama Pegawai")
    assert "digabung" in fault.alasan


async def test_absent_and_doubled_columns_are_named() -> None:
    findings = Findings()
    [sheet] = await read_sheets(b"NIP,Nomor Induk Pegawai,Alamat\n1,1,x\n")
    assert find_table(sheet, COLUMNS, findings) is None
    assert {(fault.kolom, fault.baris) for fault in findings.listed} == {("NIP", 0), ("Nama Pegawai", 0)}
    assert findings.whole_sheets


def test_findings_count_all_and_list_some() -> None:
    findings = Findings(limit=3)
    for number in range(10):
        findings.add("Pegawai", number + 1, "NIP", "x" * 500, "salah", "betulkan")
    assert (findings.jumlah, len(findings.listed), len(findings.bad)) == (10, 3, 10)
    assert len(findings.listed[0].nilai) <= 81


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-30", date(2026, 11, 30)),
        ("30-11-2026", date(2026, 11, 30)),
        ("30/11/2026", date(2026, 11, 30)),
        ("2026-11-30T00:00:00", date(2026, 11, 30)),
        ("1 Oktober 2026", date(2026, 10, 1)),
    ],
)
def test_dates_as_written(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize("text", ["", "31-02-2026", "11/30/2026", "2026", "kemarin", "2026-11-30T07:00:00"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("11/30/2026", "hari ditulis sebelum bulan"),
        ("30/11/26", "tulis empat angka"),
        ("1 Okt 2026", "bukan tanggal"),
        ("46296", "format kolomnya sebagai Tanggal"),
        ("46296.6667", "format kolomnya sebagai Tanggal"),
        ("99999", "bukan tanggal; tulis"),
    ],
)
def test_why_it_is_no_date(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_date(text)


@pytest.mark.parametrize("text", ["2026-11", "11/2026", "11-2026", "November 2026", "NOVEMBER 2026"])
def test_months_as_written(text: str) -> None:
    assert parse_period(text) == Period(2026, 11)


@pytest.mark.parametrize("text", ["", "2026-13", "13/2026", "Nopember 2026", "November", "2026-11-30"])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="bukan bulan; tulis 2026-11"):
        parse_period(text)


@pytest.mark.parametrize("text", ["", "25:00", "07:61", "7", "pagi"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError):
        parse_time(text)


def test_a_fraction_of_a_day_is_told_as_that() -> None:
    with pytest.raises(ValueError, match="format kolomnya sebagai Jam"):
        parse_time("0.3125")


@pytest.mark.parametrize("text", ["=1+1", "+62", "-x", "@sum", "a\x00b", "a\tb"])
def test_text_that_may_not_be_taken_over(text: str) -> None:
    assert unsafe_text(text)


def test_ordinary_names_are_safe() -> None:
    assert unsafe_text("Dr. H. Ma'ruf Al-Amin, S.H., M.Si.") is None
    assert lost_digits("1,98501E+17", False)
