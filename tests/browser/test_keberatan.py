"""An objection to a line of one's slip, from one click to the answer beside it; also without scripts."""

from typing import Any

import pytest
from playwright.sync_api import expect

from deploy.demo.klien import tunggu
from tests.browser.conftest import Visit
from tests.browser.panduan import DESK
from tests.browser.ukuran import Ukur
from tests.dunia import Dunia

BULAN = "2026-10"
SLIP = f"/tpp/saya/{BULAN}"
ALASAN = "Saya bertugas di kecamatan pada hari itu, sesuai surat tugas nomor 12"
JAWABAN = "Surat tugasnya dicatat pengelola kinerja; selisihnya menjadi rapel bulan depan"


@pytest.fixture
def terlambat(dunia: Dunia) -> str:
    """Somebody whose month was computed and who came late, as the records say."""
    offices = dunia.bulan.pejabat
    busy = {offices.admin_bkd, offices.bpkad, offices.auditor, *offices.keuangan.values()}
    busy |= set(offices.pengelola.values())
    for one in dunia.pemda.orang:
        if one.nip in busy or not one.skp_disetujui or one.pindah_ke:
            continue
        if dunia.pemda.jabatan[one.jabatan].jenis in ("JF", "Pelaksana"):
            slip: dict[str, Any] = dunia.jalankan(dunia.klien.ambil(one.nip, f"/api/tpp/slip/{BULAN}/saya"))
            if slip["status"] == "dihitung" and slip["masukan"]["kehadiran"]["terlambat"]:
                return str(one.nip)
    raise AssertionError("tidak seorang pun terlambat")


def test_a_line_is_objected_to_by_keyboard_and_its_answer_stands_beside_it(
    visit: Visit, dunia: Dunia, ukur: Ukur, terlambat: str
) -> None:
    with visit(terlambat, allow=("422",)) as who:
        who.open(SLIP)
        who.check("keberatan-slip")
        lines = who.page.locator(".rincian-baris")
        ways = lines.get_by_role("link", name="Ajukan keberatan atas").count()
        ukur("U3", "baris slip tanpa keberatan satu tekan", lines.count() - ways, f"dari {lines.count()}", 0)
        line = who.page.locator(".rincian-baris", has_text="Data: Terlambat").first
        nama = line.locator("h3").inner_text()
        link = line.get_by_role("link", name=f"Ajukan keberatan atas {nama}")
        link.focus()
        who.page.keyboard.press("Enter")
        who.page.wait_for_url("**/keberatan?baris=*")
        who.settle()
        who.sees("Bila catatan harinya yang keliru")
        who.sees("Dijawab admin BKD.")
        who.check("keberatan-formulir")
        who.gambar("pegawai-keberatan")
        assert who.page.get_by_role("link", name="Minta koreksi").count() >= 1
        who.page.get_by_label("Alasan", exact=True).focus()
        who.page.keyboard.type("Keliru")
        who.page.keyboard.press("Tab")
        who.page.keyboard.press("Enter")
        expect(who.page.locator("#salah")).to_be_focused()
        assert who.page.get_by_label("Alasan", exact=True).input_value() == "Keliru"
        who.check("keberatan-salah")
        who.page.get_by_label("Alasan", exact=True).focus()
        who.page.keyboard.press("Control+a")
        who.page.keyboard.type(ALASAN)
        who.page.keyboard.press("Tab")
        who.page.keyboard.press("Tab")
        expect(who.page.get_by_role("button", name="Kirim keberatan")).to_be_focused()
        who.page.keyboard.press("Enter")
        who.sees("Keberatan tercatat dan sudah disampaikan.")
        who.sees("Nomor tanda terima")
        who.sees("Sudah Anda ingatkan hari ini.")
        who.check("keberatan-tanda-terima")
        address = who.page.url.removeprefix(who.url)
        # The same line again leads to the one that waits.
        who.open(SLIP)
        assert line.get_by_role("link", name=f"Ajukan keberatan atas {nama}").count() == 0
        line.get_by_role("link", name="Keberatan").click()
        who.page.wait_for_url(f"**{address}")
    with visit() as stranger:
        stranger.open(address)
        stranger.page.wait_for_url("**/masuk?kembali=*")
    for role in ("atasan", "pengelola"):
        with visit(role, allow=("403",)) as other:
            for path in ("/tpp/keberatan", address):
                other.open(path, 403)
    opd = next(one.opd for one in dunia.pemda.orang if one.nip == terlambat)
    with visit(dunia.bulan.pejabat.keuangan[opd]) as office:
        office.open("/tpp/keberatan")
        office.page.locator(".tabel").get_by_role("link", name=nama).click()
        office.settle()
        office.sees("TPP bulan ini sudah dikunci, jadi keberatannya dijawab admin BKD.")
        office.page.get_by_role("button", name="Ingatkan admin BKD").wait_for()
        office.check("keberatan-bukan-giliran")
    with visit("admin", allow=("422",)) as bkd:
        bkd.open("/tpp/keberatan")
        bkd.check("keberatan-daftar")
        bkd.page.locator(".tabel").get_by_role("link", name=nama).click()
        bkd.settle()
        bkd.check("keberatan-jawab")
        bkd.gambar("keuangan-keberatan", width=DESK, dari=bkd.page.locator(".card").last)
        bkd.page.get_by_role("radio", name="Diterima").focus()
        bkd.page.keyboard.press("Space")
        bkd.page.keyboard.press("Tab")
        bkd.page.keyboard.press("Tab")
        bkd.page.keyboard.press("Tab")
        bkd.page.keyboard.type(JAWABAN)
        bkd.page.keyboard.press("Tab")
        bkd.page.keyboard.press("Enter")
        expect(bkd.page.locator("#salah")).to_be_focused()
        bkd.check("keberatan-jawab-salah")
        bkd.page.get_by_label("Yang diperbaiki, bila diterima").select_option("cuti")
        bkd.press("Simpan jawaban")
        bkd.sees("Keberatan diterima. Yang mengajukan diberi tahu.")
        bkd.page.locator(".tombol-baris").get_by_role("link", name="Impor cuti dan dinas").wait_for()
        bkd.check("keberatan-dijawab")

    async def told() -> bool | None:
        rows = await dunia.klien.semua(terlambat, "/api/notifikasi/kotak")
        return True if any(row["jenis"] == "keberatan_diterima" for row in rows) else None

    dunia.jalankan(tunggu("pesan jawaban keberatan", told, seconds=60))
    with visit(terlambat) as who:
        who.open(SLIP)
        who.page.locator(".rincian-baris", has_text=JAWABAN).get_by_text("Diterima").wait_for()
        who.check("keberatan-slip-dijawab")
        who.open("/tpp/saya")
        who.sees("Keberatan saya")
        who.check("keberatan-saya")


def test_without_scripts_the_whole_slip_is_objected_to_and_taken_back(visit: Visit, terlambat: str) -> None:
    with visit(terlambat, javascript=False, allow=("422",)) as who:
        who.open(SLIP)
        who.press("Ajukan keberatan atas seluruh slip")
        who.fill("Alasan", "sebentar")
        who.press("Kirim keberatan")
        who.sees("Ada isian yang belum benar.")
        who.fill("Alasan", ALASAN)
        who.fill("Bukti (boleh kosong)", "Surat tugas 12/2026")
        who.press("Kirim keberatan")
        who.sees("Menunggu jawaban sejak")
        who.page.locator("summary", has_text="Tarik keberatan").click()
        who.press("Ya, tarik")
        who.sees("Keberatan ini ditarik oleh yang mengajukan.")
        who.open(SLIP)
        who.page.get_by_role("link", name="Ajukan keberatan atas seluruh slip").wait_for()
