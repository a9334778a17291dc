"""Names beside NIP: heard in any order, shown to whoever may see the person, kept in one table only."""

import io
import random
import re
import zipfile
import zlib
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import python_calamine as calamine
from rich.console import Console

from services.tpp import cli
from services.tpp.perhitungan.queries import slip_menurut_nip
from services.tpp.slip import queries as slip
from shared.db import Tx
from shared.nip import Nip
from shared.testing.feed import Recorded
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ALAMAT,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    HARI,
    KEUANGAN,
    NIP_DARI,
    OKTOBER,
    ORANG,
    Dunia,
    csv,
    dinilai,
    kontak,
    pegawai,
)
from tests.component.tpp.test_ekspor import lembar, rekening
from tests.component.tpp.test_koreksi_kehadiran import BODY as PERMOHONAN
from tests.component.tpp.test_presensi import hari
from tests.component.tpp.test_rekening import baris

NAMA = {ANI: "Ani Lestari, S.E.", BUDI: "Budi <b>Santoso</b>", DEDI: "Dedi Kurniawan"}


async def known(tpp: Layanan) -> dict[UUID, str]:
    return {row["pegawai_id"]: row["nama"] for row in await tpp.baris("SELECT * FROM nama")}


async def words(tpp: Layanan, *but: str) -> str:
    """Everything that the service can read in its database, in tables other than these."""
    tables = await tpp.baris(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables "
        "WHERE schemaname IN ('public', 'kernel')"
        " AND has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')"
    )
    found = []
    for table in tables:
        if table["name"] not in but:
            found.append(str(await tpp.nilai(f"SELECT json_agg(t)::text FROM {table['name']} t")))
    return "\n".join(found)


@pytest.fixture
async def bernama(dunia: Dunia) -> Dunia:
    """The world computed, its people's names heard after all else."""
    await dunia.jalankan()
    await dunia.dengar(*(kontak(who, text) for who, text in NAMA.items()))
    return dunia


@pytest.mark.parametrize("seed", range(3))
async def test_names_come_in_any_order_any_number_of_times_also_before_the_person(
    tpp: Layanan, seed: int
) -> None:
    facts = [kontak(ANI, f"Ani {version}", version) for version in range(1, 5)]
    facts += [kontak(BUDI, "Budi"), pegawai(ANI), pegawai(BUDI)]
    shuffled = random.Random(seed).choices(facts, k=20) + facts
    random.Random(seed).shuffle(shuffled)
    for fact in shuffled:
        await tpp.dengar(fact)
    assert await known(tpp) == {ANI: "Ani 4", BUDI: "Budi"}
    before = await tpp.baris("SELECT * FROM nama ORDER BY pegawai_id")
    async with tpp.database.pool.acquire() as conn:
        await conn.execute("DELETE FROM nama; DELETE FROM kernel.inbox")
    await tpp.dengar(*facts)
    assert await tpp.baris("SELECT * FROM nama ORDER BY pegawai_id") == before


async def test_addresses_are_dropped_and_names_stand_in_one_table_only(bernama: Dunia) -> None:
    """Also not in audit rows and events, after everybody has been looked at and the month is locked."""
    await bernama.lihat(f"/daftar/{BULAN}", BPKAD, "bpkad")
    await bernama.lihat(f"/slip/{BULAN}/{ANI}", BPKAD, "bpkad")
    await bernama.lihat(f"/berkas/{BULAN}/nominatif", BPKAD, "bpkad")
    await bernama.kunci("DISDIK")
    everything = await words(bernama.tpp, "public.nama")
    assert NIP_DARI[ANI] in everything
    assert "Lestari" not in everything
    assert ALAMAT not in everything + str(await bernama.tpp.baris("SELECT * FROM nama"))


async def test_no_figure_follows_from_a_name(bernama: Dunia) -> None:
    figures = await bernama.tpp.baris("SELECT pegawai_id, version, neto, masukan::text FROM tpp_bulan")
    await bernama.dengar(kontak(ANI, "Ani Lestari, M.Si.", 2))
    again = await bernama.tpp.baris("SELECT pegawai_id, version, neto, masukan::text FROM tpp_bulan")
    assert again == figures
    assert await bernama.tpp.nilai("SELECT count(*) FROM koreksi_antrean") == 0


def hari_asing(tanggal: date) -> Recorded:
    """A day of somebody whom nobody knows."""
    return hari(ANI, tanggal, nip="199912312022011999")


def tulisan(pdf: bytes) -> str:
    """The runs of text of a PDF, each as every font in it would write it."""
    streams = []
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            streams.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    fonts = [
        {int(code, 16): chr(int(text, 16)) for code, text in re.findall(rb"<(\w{4})> <(\w{4})>", cmap)}
        for cmap in streams
        if b"beginbfchar" in cmap
    ]
    plain = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def unescaped(mark: re.Match[bytes]) -> bytes:
        return bytes([int(mark[1], 8)]) if mark[1].isdigit() else plain.get(mark[1], mark[1])

    lines = []
    for run in re.findall(rb"\[((?:\((?:\\.|[^\\)])*\)|[^\]])*)\]TJ", b"".join(streams), re.DOTALL):
        parts = re.findall(rb"\(((?:\\.|[^\\)])*)\)", run, re.DOTALL)
        codes = b"".join(re.sub(rb"\\([0-7]{3}|.)", unescaped, part, flags=re.DOTALL) for part in parts)
        pairs = [int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2)]
        lines += ["".join(font.get(one, "?") for one in pairs) for font in fonts]
    return "\n".join(lines)


def at(path: str) -> str:
    return path.format(bulan=BULAN, opd="DISDIK", ani=ANI)


DAFTAR = (
    *("/daftar/{bulan}", "/slip/{bulan}/{ani}", "/slip-pdf/{bulan}/{ani}", "/berkas/{bulan}/nominatif-csv"),
    *("/rekening", "/rekonsiliasi/{bulan}", "/keberatan", "/koreksi/{bulan}", "/kehadiran/{bulan}/{ani}"),
    *("/koreksi-kehadiran", "/rawan/{bulan}", "/penetapan/{bulan}/{opd}/pemeriksaan"),
)
"""Where the API shows Ani, or lists of people with her in them."""
HALAMAN = ("/daftar/{bulan}", "/slip/{bulan}/{ani}", "/persetujuan/{bulan}/{opd}", "/keberatan")
"""Pages that show Ani to whoever may see her pay."""


def tertulis(who: UUID) -> str:
    """The NIP as pages write it."""
    return Nip(NIP_DARI[who]).tampil().replace(" ", "\u00a0")


async def objects(dunia: Dunia) -> str:
    body = {"periode": BULAN, "baris": "", "alasan": "Saya hadir penuh bulan itu."}
    told = await dunia.kirim("/keberatan", ANI, json=body)
    assert told.status_code == 201, told.text
    return str(told.json()["keberatan_id"])


async def page(dunia: Dunia, path: str, who: UUID, *peran: str, unit: str | None = None) -> Any:
    return await dunia.tpp.client.get(f"/tpp{at(path)}", headers=dunia.tpp.kepala(who, *peran, unit=unit))


async def test_strangers_and_other_offices_learn_no_name(bernama: Dunia) -> None:
    """Who does not get a person's row gets no name either: by API, page, file or slip."""
    await objects(bernama)
    for path in map(at, DAFTAR):
        assert (await bernama.tpp.client.get(f"/api/tpp{path}")).status_code == 401, path
        for who, peran, unit in (
            (BUDI, (), None),
            (BUDI, ("sysadmin",), None),
            (KEUANGAN, ("keuangan_opd",), "PEMDA/DINKES"),
        ):
            told = await bernama.lihat(path, who, *peran, unit=unit)
            assert told.status_code in (200, 403), (path, told.text)
            assert "Lestari" not in told.text, path
    for path in HALAMAN:
        told = await page(bernama, path, KEUANGAN, "keuangan_opd", unit="PEMDA/DINKES")
        assert told.status_code in (200, 403, 404), path
        assert "Lestari" not in told.text, path


async def test_whoever_sees_the_person_sees_the_name(bernama: Dunia) -> None:
    await objects(bernama)

    async def rows(path: str) -> dict[str, str | None]:
        told = (await bernama.lihat(at(path), BPKAD, "bpkad")).json()
        return {one["nip"]: one["nama_pegawai"] for one in told.get("data") or told.get("orang") or [told]}

    want = {NIP_DARI[who]: NAMA.get(who) for who in ORANG}
    assert await rows("/daftar/{bulan}") == want
    assert await rows("/rekening") == want
    assert await rows("/slip/{bulan}/{ani}") == {NIP_DARI[ANI]: NAMA[ANI]}
    assert await rows("/keberatan") == {NIP_DARI[ANI]: NAMA[ANI]}
    assert await rows("/penetapan/{bulan}/{opd}/pemeriksaan") == {NIP_DARI[ANI]: NAMA[ANI]}
    own = (await bernama.lihat(f"/slip/{BULAN}/saya", ANI)).json()
    assert (own["nama_pegawai"], own["nip"]) == (NAMA[ANI], NIP_DARI[ANI])
    own = (await bernama.lihat(f"/kehadiran/{BULAN}/saya", ANI)).json()
    assert (own["nama_pegawai"], own["nip"]) == (NAMA[ANI], NIP_DARI[ANI])


@pytest.mark.parametrize("path", HALAMAN)
async def test_pages_show_the_name_as_text_beside_the_nip_and_the_nip_alone_without_one(
    bernama: Dunia, path: str
) -> None:
    await objects(bernama)
    told = await page(bernama, path, BPKAD, "bpkad")
    assert told.status_code == 200, told.text
    assert NAMA[ANI] in told.text
    assert tertulis(ANI) in told.text
    assert "<b>Santoso" not in told.text
    await bernama.dengar(kontak(ANI, "", 2))
    told = await page(bernama, path, BPKAD, "bpkad")
    assert "Lestari" not in told.text
    assert tertulis(ANI) in told.text


async def test_letters_requests_and_what_is_held_say_whose_they_are(bernama: Dunia) -> None:
    kepala = ("nip", "jenis", "mulai", "sampai", "nomor surat", "keterangan")
    surat = csv(kepala, (NIP_DARI[ANI], "tahunan", HARI[0], HARI[0], "800/1/2026", ""))
    told = await bernama.kirim("/impor/cuti", DEDI, "admin_bkd", content=surat, params={"berkas": "cuti.csv"})
    assert told.json()["diterapkan"], told.text
    letter = (await bernama.lihat("/cuti", ADMIN, "admin_bkd")).json()["data"][0]
    assert (letter["nama_pegawai"], letter["oleh_nama"]) == (NAMA[ANI], NAMA[DEDI])
    told = await bernama.kirim("/koreksi-kehadiran", ANI, json=PERMOHONAN)
    assert told.status_code == 201, told.text
    asked = (await bernama.lihat("/koreksi-kehadiran", ADMIN, "admin_bkd")).json()["data"][0]
    assert asked["nama_pegawai"] == NAMA[ANI]
    await bernama.dengar(hari(ANI, date(2030, 1, 1)), hari_asing(date(2030, 1, 2)))
    held = (await bernama.lihat("/presensi-tertahan", ADMIN, "admin_bkd")).json()["data"]
    assert [one["nama_pegawai"] for one in held] == [None, NAMA[ANI]]
    for path in (
        *("/surat/cuti", f"/surat/cuti/{letter['surat_id']}"),
        *("/koreksi-kehadiran", f"/koreksi-kehadiran/{asked['permohonan_id']}", "/presensi-tertahan"),
    ):
        told = await page(bernama, path, ADMIN, "admin_bkd")
        assert NAMA[ANI] in told.text, path
        assert (NAMA[DEDI] in told.text) == path.startswith("/surat"), path
        told = await page(bernama, path, KEUANGAN, "pengelola", unit="PEMDA/DINKES")
        assert told.status_code in (200, 403), path
        assert "Lestari" not in told.text, path


async def test_who_may_lose_out_is_named(dunia: Dunia) -> None:
    await dunia.dengar(kontak(ANI, NAMA[ANI]), dinilai(ANI, None, version=2))
    await dunia.tpp.baris("UPDATE periode SET final_version = version")
    await dunia.jalankan()
    found = (await dunia.lihat(f"/rawan/{BULAN}", ADMIN, "admin_bkd")).json()["data"]
    assert [(one["nip"], one["nama_pegawai"]) for one in found] == [(NIP_DARI[ANI], NAMA[ANI])]
    assert NAMA[ANI] in (await page(dunia, "/rawan/{bulan}", ADMIN, "admin_bkd")).text
    assert NAMA[ANI] in (await page(dunia, "/persetujuan/{bulan}/{opd}", BPKAD, "bpkad")).text


async def test_the_nominatif_is_signed_by_name_and_never_by_an_empty_cell(bernama: Dunia) -> None:
    """Also before finance has imported a single account, and whatever the bank calls somebody."""
    told = await bernama.lihat(f"/berkas/{BULAN}/nominatif", BPKAD, "bpkad", opd="DISDIK")
    rows = lembar(told.content)
    assert [row[1:3] for row in rows[1:4]] == [
        [NAMA[ANI], NIP_DARI[ANI]],
        [NAMA[BUDI], NIP_DARI[BUDI]],
        [NIP_DARI[CICI], NIP_DARI[CICI]],
    ]
    await rekening(bernama, *(baris(who) for who in ORANG))
    again = lembar((await bernama.lihat(f"/berkas/{BULAN}/nominatif", BPKAD, "bpkad", opd="DISDIK")).content)
    assert [row[1] for row in again] == [row[1] for row in rows]
    await bernama.kunci("DISDIK")
    bank = lembar((await bernama.lihat(f"/berkas/{BULAN}/bank", BPKAD, "bpkad", opd="DISDIK")).content)
    assert {row[1] for row in bank[1:4]}.isdisjoint(NAMA.values())


async def test_the_nominatif_is_for_paper_and_a_name_with_all_its_titles_is_not_cut(bernama: Dunia) -> None:
    titles = "Prof. Dr. Ir. I Gusti Ngurah Bagus Lestari, S.T., M.Eng., M.Si., Ph.D., ASEAN Eng."
    await bernama.dengar(kontak(ANI, titles, 2))
    told = await bernama.lihat(f"/berkas/{BULAN}/nominatif", BPKAD, "bpkad", opd="DISDIK")
    assert lembar(told.content)[1][1] == titles
    with zipfile.ZipFile(io.BytesIO(told.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    heights = dict(re.findall(r'<row r="(\d+)"[^>]*? ht="(\d+)"', sheet))
    assert (heights["2"], heights["3"]) == ("60", "30")
    assert 'orientation="landscape"' in sheet


async def test_the_slip_as_pdf_carries_the_name_and_its_public_check_none(bernama: Dunia) -> None:
    async def read(tx: Tx) -> dict[str, Any]:
        return await slip.dokumen(tx, OKTOBER, ANI, "https://uji", "WIB")

    made = await bernama.tpp.database.run(read)
    assert ["Nama", NAMA[ANI]] in made["identitas"][0]
    pdf = (await bernama.lihat(f"/slip-pdf/{BULAN}/saya", ANI)).content
    assert NAMA[ANI] in tulisan(pdf)
    path = str(made["periksa"]).removeprefix("https://uji")
    told = await bernama.tpp.client.get(path)
    assert told.status_code == 200
    assert "Lestari" not in told.text
    await bernama.dengar(kontak(ANI, "", 2))
    made = await bernama.tpp.database.run(read)
    assert [label for label, _ in made["identitas"][0]] == ["NIP", "Jabatan"]


async def test_reconciliation_names_people_on_the_page_of_the_workbook_too(bernama: Dunia) -> None:
    await bernama.kunci("DISDIK")
    found = (await bernama.lihat(f"/rekonsiliasi/{BULAN}", BPKAD, "bpkad")).json()["temuan"]
    assert {one["nip"]: one["nama_pegawai"] for one in found} == {
        NIP_DARI[ANI]: NAMA[ANI], NIP_DARI[BUDI]: NAMA[BUDI], NIP_DARI[CICI]: None,
    }  # fmt: skip
    told = await bernama.lihat(f"/rekonsiliasi/{BULAN}/xlsx", BPKAD, "bpkad")
    book = calamine.CalamineWorkbook.from_object(io.BytesIO(told.content))
    head, *rows = book.get_sheet_by_name("Temuan").to_python()
    assert head[1:3] == ["Nama", "NIP"]
    assert {row[2]: row[1] for row in rows} == {
        NIP_DARI[ANI]: NAMA[ANI], NIP_DARI[BUDI]: NAMA[BUDI], NIP_DARI[CICI]: NIP_DARI[CICI],
    }  # fmt: skip


async def test_the_command_line_names_whom_it_explains(bernama: Dunia) -> None:
    async def told(who: UUID) -> str:
        found = await bernama.tpp.database.run(lambda tx: slip_menurut_nip(tx, NIP_DARI[who], OKTOBER))
        console = Console(width=200, record=True, file=io.StringIO())
        cli.cetak(console, found)
        return console.export_text().splitlines()[0]

    assert await told(ANI) == f"TPP Oktober 2026 · {NAMA[ANI]} · NIP {NIP_DARI[ANI]} · versi 1"
    assert await told(CICI) == f"TPP Oktober 2026 · NIP {NIP_DARI[CICI]} · versi 1"
