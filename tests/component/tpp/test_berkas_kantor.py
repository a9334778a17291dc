"""Attendance workbooks as offices send them: read where they can mean one thing, else told how to mend."""

import io
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

import pytest
import xlsxwriter

from tests.component.layanan import Layanan
from tests.component.tpp.dunia import ANI, BUDI, KEPALA_HARIAN, NIP_DARI, ORANG, Dunia, pegawai

N = NIP_DARI[ANI]
HARI = "2026-10-01"
Lembar = tuple[str, Sequence[Sequence[Any]]]
GABUNG = ("Gabung", [("Dinas Contoh",), ("No", "NIP", "Tanggal", "Jam", ""), ("", "", "", "Masuk", "Pulang"),
                     (1, N, HARI, "07:30", "16:00")])  # fmt: skip


def data(*rows: Sequence[Any]) -> Lembar:
    return "Data", [KEPALA_HARIAN, *rows]


def buku(*lembar: Lembar) -> bytes:
    """A workbook; days and clock times are real ones, as spreadsheets keep them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        day, clock = (book.add_format({"num_format": form}) for form in ("dd/mm/yyyy", "hh:mm"))
        for nama, rows in lembar:
            sheet = book.add_worksheet(nama)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(at, column, cell, day)
                    elif isinstance(cell, time):
                        sheet.write_datetime(at, column, cell, clock)
                    else:
                        sheet.write(at, column, cell)
            if nama == "Gabung":
                sheet.merge_range(1, 3, 1, 4, "Jam")
                sheet.merge_range(1, 1, 2, 1, "NIP")
                sheet.merge_range(1, 2, 2, 2, "Tanggal")
    return out.getvalue()


@pytest.fixture
async def kantor(tpp: Layanan) -> Dunia:
    """Everyone known, nothing else."""
    dunia = Dunia(tpp)
    await dunia.dengar(*(pegawai(who) for who in ORANG))
    return dunia


TERBACA = {
    "tanggal dan jam lembar kerja": buku(data((N, datetime(2026, 10, 1), time(7, 30), time(16), ""))),
    "jam bertitik, spasi di ujung": buku(data((f" {N}  ", " 1 Oktober 2026 ", "07.30", " 16.00", " "))),
    "NIP berkelompok, kata hadir": buku(
        data((f"{N[:8]} {N[8:14]} {N[14]} {N[15:]}", HARI, "07:30", "16:00", "Hadir"))
    ),
    "judul dua baris yang digabung": buku(GABUNG),
    "lembar kosong bawaan": buku(data((N, HARI, "07:30", "16:00", "-")), ("Sheet2", []), ("Sheet3", [])),
    "BOM dan titik koma": ("\ufeff" + ";".join(KEPALA_HARIAN) + f"\r\n{N};{HARI};07:30;16:00;\r\n").encode(),
}


@pytest.mark.parametrize("isi", TERBACA.values(), ids=TERBACA)
async def test_what_can_mean_one_thing_is_read(kantor: Dunia, isi: bytes) -> None:
    report = await kantor.kehadiran(isi)
    assert report["salah"] == []
    rows = await kantor.tpp.baris("SELECT tanggal::text, masuk, pulang, keterangan FROM kehadiran_harian")
    assert rows == [{"tanggal": HARI, "masuk": time(7, 30), "pulang": time(16), "keterangan": ""}]


SALAH = {
    "NIP bilangan": ((float(N), HARI, "07:30", "16:00", ""), "nip", "sudah hilang", "sebagai Teks"),
    "NIP 1,98E+17": (("1,98501E+17", HARI, "07:30", "16:00", ""), "nip", "sudah hilang", "sebagai Teks"),
    "31-02": ((N, "31-02-2026", "07:30", "16:00", ""), "tanggal", "tidak ada dalam kalender", "2026-11-30"),
    "bulan di depan": ((N, "10/13/2026", "07:30", "16:00", ""), "tanggal", "hari ditulis sebelum", "2026"),
    "tahun dua angka": ((N, "01/10/26", "07:30", "16:00", ""), "tanggal", "tulis empat angka", "2026-11-30"),
    "jam pecahan": ((N, HARI, 7.3, "16:00", ""), "masuk", "bukan jam", "07:30"),
    "kata lain": ((N, HARI, "", "", "Izin"), "keterangan", "tidak dikenal", "A (tanpa keterangan)"),
    "semua strip": ((N, HARI, "-", "-", "-"), "masuk", "tidak ada jam maupun keterangan", "Isi jam"),
}  # fmt: skip


async def test_what_cannot_is_told_with_row_column_and_remedy_and_nobody_else_waits(kantor: Dunia) -> None:
    good = (NIP_DARI[BUDI], HARI, "07:30", "16:00", "")
    isi = buku(data(good, *(row for row, *_ in SALAH.values())))
    report = await kantor.kehadiran(isi, lewati_salah="true")
    told = {(row["baris"], row["kolom"]): row for row in report["salah"]}
    assert len(told) == len(SALAH), report["salah"]
    for number, (nama, (_, kolom, alasan, perbaikan)) in enumerate(SALAH.items(), 3):
        found = told[number, kolom]
        assert alasan in found["alasan"], nama
        assert perbaikan in found["perbaikan"] + found["alasan"], nama
    assert await kantor.tpp.nilai("SELECT count(*) FROM kehadiran_harian") == 1


async def test_a_sheet_of_something_else_stops_the_file_and_says_what_to_do(kantor: Dunia) -> None:
    isi = buku(("Rekap", [("JUMLAH PEGAWAI", 2)]), data((N, HARI, "07:30", "16:00", "")))
    report = await kantor.kehadiran(isi, lewati_salah="true")
    assert not report["diterapkan"]
    assert {(told["lembar"], told["baris"]) for told in report["salah"]} == {("Rekap", 0)}
    assert all("hapus lembar ini bila bukan data" in told["perbaikan"] for told in report["salah"])
