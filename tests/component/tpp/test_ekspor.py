"""Files by profile: columns by position, text cells, sums that agree, and a trace of whose pay was read."""

import csv as csv_module
import io
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import python_calamine as calamine

from services.tpp.ekspor import penulis, sebelah
from services.tpp.ekspor.profil import Profil, baca, semua
from services.tpp.ekspor.rules import bagi_sebanding, persen_dua_desimal
from shared.errors import InvalidInput
from tests.component.tpp.dunia import ANI, BPKAD, BUDI, BULAN, KEUANGAN, NIP_DARI, ORANG, Dunia, csv
from tests.component.tpp.test_rekening import KEPALA, baris

BERKAS = f"/berkas/{BULAN}"
ISIAN = ("npwp_pemotong=0123456789012345", "id_tku=0123456789012345000000", "tanggal_potong=2026-10-31")


def lembar(data: bytes) -> list[list[Any]]:
    """The cells of a workbook's sheet."""
    return calamine.CalamineWorkbook.from_object(io.BytesIO(data)).get_sheet_by_index(0).to_python()


async def rekening(dunia: Dunia, *rows: tuple[str, ...]) -> None:
    params = {"berkas": "rekening.csv"}
    told = await dunia.kirim("/impor/rekening", BPKAD, "bpkad", params=params, content=csv(KEPALA, *rows))
    assert told.json()["diterapkan"], told.text


@pytest.fixture
async def terkunci(dunia: Dunia) -> Dunia:
    """DISDIK locked, everyone's account known."""
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    rows = [baris(who, NIK=f"31710101018500{at:02d}") for at, who in enumerate(ORANG)]
    await rekening(dunia, *rows)
    return dunia


async def reads(dunia: Dunia) -> set[str]:
    rows = await dunia.tpp.baris("SELECT subject FROM kernel.audit WHERE action = 'tpp.berkas-dibuat'")
    return {row["subject"] for row in rows}


async def test_strangers_and_other_roles_get_no_file(terkunci: Dunia) -> None:
    for path in ("/berkas", f"{BERKAS}/bank"):
        assert (await terkunci.tpp.client.get(f"/api/tpp{path}")).status_code == 401
        for peran in ("pengelola", "pimpinan", "admin_bkd", "auditor", "sysadmin"):
            assert (await terkunci.lihat(path, ANI, peran, unit="PEMDA")).status_code == 403, (path, peran)
        assert (await terkunci.lihat(path, ANI)).status_code == 403
    assert await reads(terkunci) == set()
    assert (await terkunci.lihat(f"{BERKAS}/tidak-ada", BPKAD, "bpkad")).status_code == 404


async def test_finance_of_an_opd_gets_its_own_people_and_each_leaves_a_trace(terkunci: Dunia) -> None:
    told = await terkunci.lihat(f"{BERKAS}/bank", KEUANGAN, "keuangan_opd", unit="PEMDA/DINKES")
    assert told.status_code == 200
    assert len(lembar(told.content)) == 2
    assert await reads(terkunci) == set()
    told = await terkunci.lihat(f"{BERKAS}/bank", KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")
    head, *people, total = lembar(told.content)
    assert head == ["No", "Nama Pegawai", "Bank", "No. Rekening", "Jumlah Bersih"]
    figures = await terkunci.angka()
    assert [row[4] for row in people] == [figures[who][1] for who in ORANG[:3]]
    assert (total[0], total[4]) == ("Jumlah", sum(row[4] for row in people))
    assert all(row[3] == "0071234567890" for row in people)
    assert await reads(terkunci) == {f"pegawai:{who}" for who in ORANG[:3]}
    assert told.headers["content-disposition"] == f'attachment; filename="bank-{BULAN}.xlsx"'


async def test_sipd_has_35_columns_by_position_and_every_row_adds_up(terkunci: Dunia) -> None:
    told = await terkunci.lihat(f"{BERKAS}/sipd-tpp", BPKAD, "bpkad")
    head, *people = lembar(told.content)
    assert len(head) == 35
    assert [at for at, name in enumerate(head) if name == "zakat"] == [27, 34]
    assert head[:3] == ["nama_pegawai", "nip", "nik"]
    assert head[13:15] == ["nomor_rekening_bank_pegawai", "belanja_tpp_beban_kerja"]
    figures = await terkunci.tpp.baris("SELECT nip, bruto, potongan, neto FROM tpp_bulan")
    known = {row["nip"]: row for row in figures}
    assert len(people) == 3
    for row in people:
        mine = known[row[1]]
        assert all(isinstance(row[at], str) for at in (*range(14), 31))
        assert row[3] == f"{row[1][6:8]}-{row[1][4:6]}-{row[1][:4]}"
        assert sum(row[14:19]) == mine["bruto"]
        assert sum(row[24:29]) == row[30] == mine["potongan"]
        assert row[29] == mine["neto"] == sum(row[14:19]) - row[30]


async def test_nominatif_as_xlsx_and_csv_say_the_same(terkunci: Dunia) -> None:
    xlsx = lembar((await terkunci.lihat(f"{BERKAS}/nominatif", BPKAD, "bpkad", opd="DINKES")).content)
    told = await terkunci.lihat(f"{BERKAS}/nominatif-csv", BPKAD, "bpkad", opd="DINKES")
    text = told.content.decode("utf-8-sig")
    rows = list(csv_module.reader(io.StringIO(text), delimiter=";"))
    assert [[str(cell if isinstance(cell, str) else int(cell)) for cell in row] for row in xlsx] == rows
    assert [row[2] for row in rows[1:4]] == [NIP_DARI[who] for who in ORANG[3:]]
    assert f'"{NIP_DARI[ORANG[3]]}"' in text
    # As people here write a percentage: with a full stop it would be thousands.
    assert all(re.fullmatch(r"\d+,\d\d", row[8]) for row in rows[1:4]), [row[8] for row in rows]
    total = await terkunci.tpp.nilai("SELECT sum(neto)::bigint FROM tpp_bulan WHERE opd_kode = 'DINKES'")
    assert int(rows[-1][13]) == total


async def test_tax_xml_asks_for_what_it_needs_and_names_no_empty_identity(terkunci: Dunia) -> None:
    told = await terkunci.lihat(f"{BERKAS}/pajak-mmpayroll", BPKAD, "bpkad")
    assert told.status_code == 422
    assert "npwp_pemotong" in told.json()["detail"]
    told = await terkunci.lihat(f"{BERKAS}/pajak-mmpayroll", BPKAD, "bpkad", isian=list(ISIAN))
    root = ET.fromstring(told.content)  # noqa: S314 (our own file)
    assert (root.tag, root.findtext("TIN")) == ("MmPayrollBulk", "0123456789012345")
    people = root.findall("ListOfMmPayroll/MmPayroll")
    assert [one.findtext("CounterpartTin") for one in people] == [
        f"31710101018500{at:02d}" for at in range(3)
    ]
    figures = await terkunci.tpp.baris("SELECT bruto FROM tpp_bulan WHERE opd_kode = 'DISDIK' ORDER BY nip")
    assert [int(one.findtext("Gross") or 0) for one in people] == [row["bruto"] for row in figures]
    assert {one.findtext("TaxPeriodMonth") for one in people} == {"10"}
    assert [child.tag for child in people[0]][:4] == [
        "TaxPeriodMonth", "TaxPeriodYear", "CounterpartOpt", "CounterpartPassport",
    ]  # fmt: skip
    nil = people[0][3].get("{http://www.w3.org/2001/XMLSchema-instance}nil")
    assert nil == "true"


async def test_a_file_without_an_account_is_refused_naming_who(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    await rekening(dunia, baris(ANI))
    told = await dunia.lihat(f"{BERKAS}/bank", BPKAD, "bpkad")
    assert told.status_code == 409
    assert NIP_DARI[BUDI] in told.json()["detail"]
    assert NIP_DARI[ANI] not in told.json()["detail"]
    assert await reads(dunia) == set()


async def test_a_region_puts_its_own_profile_over_ours(terkunci: Dunia) -> None:
    folder = terkunci.tpp.running.settings.home / "profil"
    folder.mkdir(parents=True)
    own = "bentuk: 1\nkode: bank\nnama: Bank daerah\njenis: csv\nhanya: dikunci\nsumber: [milik daerah]\n"
    (folder / "bank.yaml").write_text(
        own + "kolom:\n  - {judul: A, teks: nip}\n  - {judul: B, rupiah: neto}\n"
    )
    told = await terkunci.lihat(f"{BERKAS}/bank", BPKAD, "bpkad")
    assert told.content.decode("utf-8-sig").splitlines()[0] == '"A";"B"'
    listed = (await terkunci.lihat("/berkas", BPKAD, "bpkad")).json()["profil"]
    names = {row["kode"]: row["nama"] for row in listed}
    assert names["bank"] == "Bank daerah"
    assert {"sipd-tpp", "nominatif", "nominatif-csv", "pajak-mmpayroll"} <= names.keys()


async def test_a_deduction_the_profile_does_not_know_is_not_left_out(terkunci: Dunia) -> None:
    folder = terkunci.tpp.running.settings.home / "profil"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(
        "bentuk: 1\nkode: kurang\nnama: Kurang\njenis: csv\nhanya: dikunci\nsumber: [uji]\n"
        "potongan: {pajak: [pph21]}\nkolom:\n  - {judul: A, rupiah: potongan.pajak}\n"
    )
    told = await terkunci.lihat(f"{BERKAS}/kurang", BPKAD, "bpkad")
    assert told.status_code == 409
    assert "potongan Iuran BPJS Kesehatan (bpjs_kesehatan) tidak dikenal" in told.json()["detail"]
    assert NIP_DARI[ANI] in told.json()["detail"]
    assert "potongan di profil berkas" in told.json()["remedy"]


@pytest.mark.parametrize(
    ("yaml", "reason"),
    [
        ("kolom: [{judul: A}]", "tepat satu"),
        ("kolom: [{judul: A, teks: nama_ibu}]", "tidak dikenal"),
        ("kolom: [{judul: A, rupiah: potongan.x}]", "tidak dikenal"),
        ("kolom: [{judul: A, teks: nip, rupiah: neto}]", "tepat satu"),
        ("kriteria: {a: [b]}\nkriteria_selebihnya: c\nkolom: [{judul: A, teks: nip}]", "kriteria_selebihnya"),
        ("kolom: [{judul: A, rupiah: besaran}]", "besaran memerlukan kriteria"),
        ("kolom: []", "at least 1"),
        ("warna: merah\nkolom: [{judul: A, teks: nip}]", "warna"),
        ("kolom: [", "YAML"),
    ],
)
def test_a_wrong_profile_is_refused_with_the_reason(yaml: str, reason: str) -> None:
    head = "bentuk: 1\nkode: coba\nnama: Coba\njenis: csv\nhanya: dikunci\nsumber: [uji]\n"
    with pytest.raises(InvalidInput, match=reason):
        baca(head + yaml)


@pytest.mark.parametrize("jenis", ["xlsx", "csv"])
def test_what_a_spreadsheet_takes_for_a_formula_is_made_harmless(tmp_path: Path, jenis: str) -> None:
    profil = baca(
        f"bentuk: 1\nkode: coba\nnama: Coba\njenis: {jenis}\nhanya: dikunci\nsumber: [uji]\n"
        "kolom: [{judul: A, teks: nama}, {judul: B, rupiah: neto}]"
    )
    path = tmp_path / f"x.{jenis}"
    writer = penulis.buat(path, profil, "Oktober 2026")
    texts = ["=1+1", "+62", "-5", "@SUM(A1)", "\tx", "Ani", "0071"]
    writer.tulis([text, -5] for text in texts)
    writer.tutup()
    data = path.read_bytes()
    rows = (
        lembar(data)
        if jenis == "xlsx"
        else list(csv_module.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    )
    assert [row[0] for row in rows[1:]] == [*(f"'{text}" for text in texts[:5]), "Ani", "0071"]
    assert {int(row[1]) for row in rows[1:]} == {-5}


def test_a_list_to_be_signed_is_printed_as_wide_as_the_page_with_its_title(tmp_path: Path) -> None:
    profil = baca(
        "bentuk: 1\nkode: coba\nnama: Coba\njenis: xlsx\nhanya: dikunci\nsumber: [uji]\njumlah: true\n"
        "cetak: {judul: Tanda & terima}\nkolom: [{judul: A, teks: nama}, {judul: B, rupiah: neto}]"
    )
    path = tmp_path / "x.xlsx"
    writer = penulis.buat(path, profil, "Oktober 2026 SETDA")
    writer.tulis([["Ani", 5], ["", 7]])
    writer.tutup()
    assert lembar(path.read_bytes()) == [["A", "B"], ["Ani", 5], ["", 7], ["Jumlah", 12]]
    with ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert "&amp;L&amp;BTanda &amp;&amp; terima Oktober 2026 SETDA" in sheet
    assert "_xlnm.Print_Titles" in names


async def test_a_workbook_that_cannot_be_written_is_said_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profil = baca(
        "bentuk: 1\nkode: coba\nnama: Coba\njenis: xlsx\nhanya: dikunci\nsumber: [uji]\n"
        "kolom: [{judul: A, teks: nama}]"
    )
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    async def write(name: str, *, whole: bool = True) -> None:
        async with sebelah.buka(tmp_path / name, profil, "", []) as writer:
            await writer.tulis([["Ani"], ["Budi"]])
            if whole:
                await writer.tutup()

    await write("x.xlsx")
    assert lembar((tmp_path / "x.xlsx").read_bytes()) == [["A"], ["Ani"], ["Budi"]]
    with pytest.raises(OSError, match="tidak dapat ditulis"):
        await write("tidak-ada/x.xlsx")
    await write("y.xlsx", whole=False)
    assert os.listdir(tmp_path) == ["x.xlsx"]


def test_shares_sum_to_the_whole_and_percentages_round_half_up() -> None:
    assert bagi_sebanding(100, [1, 1, 1]) == [34, 33, 33]
    assert bagi_sebanding(0, [3, 0]) == [0, 0]
    assert bagi_sebanding(10, [0, 5, 0]) == [0, 10, 0]
    with pytest.raises(ValueError, match="bobot"):
        bagi_sebanding(5, [0, 0])
    assert [persen_dua_desimal(*pair) for pair in ((1, 3), (2, 3), (1, 800), (0, 0))] == [
        "33.33", "66.67", "0.13", "0.00",
    ]  # fmt: skip
    assert persen_dua_desimal(1, 3, ",") == "33,33"


def test_every_shipped_profile_says_what_is_law_practice_or_assumption() -> None:
    known: dict[str, Profil] = semua(Path("/tidak-ada"))
    assert len(known) == 5
    for profil in known.values():
        assert all(line.split(":")[0] in ("hukum", "praktik", "asumsi") for line in profil.sumber)
