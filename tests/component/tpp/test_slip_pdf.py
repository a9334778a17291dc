"""Printed slips: for whom, with which words, and a code that tells a genuine one from a forged one."""

import re
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tpp.slip import queries
from services.tpp.slip.percetakan import Percetakan
from services.tpp.slip.rules import terbilang
from shared.db import Tx
from shared.errors import Unavailable
from shared.period import Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import ANI, BPKAD, BUDI, BULAN, KEUANGAN, NIP_DARI, OKTOBER, Dunia, dinilai
from tests.component.tpp.paket import simpan_paket

PDF = f"/slip-pdf/{BULAN}"


async def reads(dunia: Dunia) -> list[str]:
    rows = await dunia.tpp.baris("SELECT subject FROM kernel.audit WHERE action = 'tpp.slip-dibaca'")
    return [row["subject"] for row in rows]


def rupiah(text: str) -> int:
    """An amount as printed."""
    return int(re.sub(r"[^\d]", "", text)) * (-1 if text.startswith("-") else 1)


async def document(dunia: Dunia, who: UUID = ANI, bulan: Period = OKTOBER) -> dict[str, Any]:
    """Somebody's slip as the template takes it."""

    async def read(tx: Tx) -> dict[str, Any]:
        return await queries.dokumen(tx, bulan, who, "https://uji", "WITA")

    return await dunia.tpp.database.run(read)


async def test_strangers_get_no_slip_and_others_leave_a_trace(dunia: Dunia) -> None:
    await dunia.jalankan()
    for path in (f"{PDF}/saya", f"{PDF}/{ANI}"):
        assert (await dunia.tpp.client.get(f"/api/tpp{path}")).status_code == 401
    assert (await dunia.lihat(f"{PDF}/{ANI}", BUDI)).status_code == 403
    for peran in ("sysadmin", "pengelola", "pimpinan"):
        assert (await dunia.lihat(f"{PDF}/{ANI}", BUDI, peran, unit="PEMDA")).status_code == 403
    told = await dunia.lihat(f"{PDF}/{ANI}", KEUANGAN, "keuangan_opd", unit="PEMDA/DINKES")
    assert told.status_code == 403
    assert await reads(dunia) == []
    own = await dunia.lihat(f"{PDF}/saya", ANI)
    assert (own.status_code, own.headers["content-type"]) == (200, "application/pdf")
    assert own.content.startswith(b"%PDF-")
    assert own.headers["cache-control"] == "no-store"
    assert await reads(dunia) == []
    assert (await dunia.lihat(f"{PDF}/{ANI}", BPKAD, "bpkad")).content.startswith(b"%PDF-")
    assert await reads(dunia) == [f"pegawai:{ANI}"]


async def test_the_document_adds_up_in_words_and_figures(dunia: Dunia) -> None:
    await dunia.jalankan()
    made = await document(dunia)
    slip = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
    lines = [*made["hak"], *made["dipotong"]]
    assert [line["nomor"] for line in lines] == list(range(1, len(slip["baris"]) + 1))

    assert sum(rupiah(line["jumlah"]) for line in made["hak"]) == int(slip["bruto"])
    assert -sum(rupiah(line["jumlah"]) for line in made["dipotong"]) == int(slip["potongan"])
    assert made["terbilang"] == terbilang(int(slip["neto"]))
    told = {one["judul"]: one for group in made["dasar"] for one in group["data"]}
    assert told.keys() == {one["judul"] for group in slip["dasar"] for one in group["data"]}
    assert told["Predikat Oktober 2026"]["isi"] == "Baik"
    assert told["Gaji dasar iuran BPJS"]["asal"].startswith("Berkas gaji.csv, ")
    assert all(group["asal"] for group in made["dasar"] if group["judul"].startswith(("Predikat", "Rekap")))
    assert "WITA" in str(made["kaki"])
    # What a clerk cannot look up is not printed: the page names the events behind a fact, paper does not.
    assert "pegawai.changed" in str(slip["dasar"])
    assert not re.search(r"\([a-z]+\.[a-z-]+\)", str(made["dasar"]))


async def test_arrears_that_come_after_the_deductions_are_printed_with_what_they_add_to(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    paket = await simpan_paket(dunia, "dki")
    one = next(one for one in paket.contoh if len(one.masukan.rapel) == 2)
    assert [line.kode for line in one.hasil.baris][-2:] == ["rapel_lalu", "rapel_lalu"]
    made = await document(dunia, one.pegawai_id, one.masukan.periode)
    assert [line["nama"] for line in made["hak"]][-2:] == ["Rapel", "Rapel"]
    for part, total in (("hak", one.hasil.bruto), ("dipotong", -one.hasil.potongan)):
        assert sum(rupiah(line["jumlah"]) for line in made[part]) == total
    assert [line["nomor"] for line in (*made["hak"], *made["dipotong"])] == [1, 2, 3, 4, 5, 6]
    # No line ends inside an amount.
    [arrears] = [fact["isi"] for group in made["dasar"] for fact in group["data"] if fact["judul"] == "Rapel"]
    assert "-\u2060Rp\u00a0100.000" in arrears


@pytest.mark.parametrize("pendek", [0, 1, 2, 3])
async def test_a_long_fact_prints_after_any_number_of_short_ones(dunia: Dunia, pendek: int) -> None:
    await dunia.jalankan()
    made = await document(dunia)
    short, long = (
        {"judul": "Kelas", "isi": "9", "asal": ""},
        {"judul": "Bagian", "isi": "hari " * 20, "asal": ""},
    )
    made["dasar"] = [{"judul": "Data", "asal": "", "data": [*[short] * pendek, long, long]}]
    printer = Percetakan()
    try:
        assert (await printer.cetak(made)).startswith(b"%PDF-")
    finally:
        await printer.tutup()


async def test_a_held_slip_prints_the_reason_and_who_acts(dunia: Dunia) -> None:
    await dunia.dengar(dinilai(ANI, None, version=2))
    await dunia.tpp.baris("UPDATE periode SET final_version = version")
    await dunia.jalankan()
    made = await document(dunia)
    assert (made["status"], made["hak"]) == ("ditahan", [])
    assert "Atasan Anda" in [reason["pemilik"] for reason in made["alasan"]]
    assert (await dunia.lihat(f"{PDF}/saya", ANI)).content.startswith(b"%PDF-")


async def test_anyone_can_check_a_slip_and_learns_no_more_than_it_says(dunia: Dunia) -> None:
    await dunia.jalankan()
    address = str((await document(dunia))["periksa"])
    path = address[address.index("/tpp/verifikasi/") :]
    for secret in (str(ANI), ANI.hex, NIP_DARI[ANI]):
        assert secret not in path
    told = await dunia.tpp.client.get(path)
    assert told.status_code == 200
    assert NIP_DARI[ANI] not in told.text
    # The same slip again carries the same code.
    assert str((await document(dunia))["periksa"]) == address
    forged = path[:-2] + ("AA" if path[-2:] != "AA" else "BB")
    assert (await dunia.tpp.client.get(forged)).status_code == 404


@pytest.mark.parametrize("trouble", ["hang", "die"])
async def test_a_child_that_hangs_or_dies_is_replaced(dunia: Dunia, trouble: str) -> None:
    await dunia.jalankan()
    made = await document(dunia)
    printer = Percetakan(seconds=0.001 if trouble == "hang" else 30)
    try:
        if trouble == "hang":
            with pytest.raises(Unavailable):
                await printer.cetak(made)
            printer._seconds = 30
        else:
            await printer.cetak(made)
            assert printer._child is not None
            printer._child.kill()
            await printer._child.wait()
        pages = await printer.cetak(made)
        assert pages.startswith(b"%PDF-")
    finally:
        await printer.tutup()


async def test_a_document_the_template_cannot_take_is_an_error_and_the_next_one_prints(dunia: Dunia) -> None:
    await dunia.jalankan()
    made = await document(dunia)
    printer = Percetakan()
    try:
        with pytest.raises(RuntimeError, match="templat"):
            await printer.cetak({})
        assert (await printer.cetak(made)).startswith(b"%PDF-")
    finally:
        await printer.tutup()


@given(st.integers(min_value=0, max_value=999_999_999_999))
def test_words_name_every_number_differently_and_read_back(number: int) -> None:
    assert _baca(terbilang(number)) == number


def _baca(words: str) -> int:
    """A number from its words, the other way round than `terbilang` goes."""
    digits = dict(
        zip("nol satu dua tiga empat lima enam tujuh delapan sembilan".split(), range(10), strict=True)
    )
    total = group = current = 0
    for word in words.split():
        if word in digits:
            current = digits[word]
        elif word in ("sepuluh", "sebelas"):
            group, current = group + {"sepuluh": 10, "sebelas": 11}[word], 0
        elif word == "belas":
            group, current = group + 10 + current, 0
        elif word in ("puluh", "ratus"):
            group, current = group + current * {"puluh": 10, "ratus": 100}[word], 0
        elif word == "seratus":
            group, current = group + 100, 0
        elif word == "seribu":
            total, group, current = total + 1000, 0, 0
        else:
            scale = {"ribu": 1000, "juta": 10**6, "miliar": 10**9}[word]
            total, group, current = total + (group + current) * scale, 0, 0
    return total + group + current


def test_words_as_people_say_them() -> None:
    assert terbilang(1_250_000) == "satu juta dua ratus lima puluh ribu"
    assert terbilang(1_011_100) == "satu juta sebelas ribu seratus"
    assert terbilang(1_115) == "seribu seratus lima belas"
