"""One's own attendance: who hands in what is missing, a correction asked for and decided, the calendar."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.tamu import Visitor
from tests.dunia import Dunia


def _atasan(dunia: Dunia) -> tuple[str, str]:
    """Somebody and the one who rates them."""
    by_post = {one.jabatan: one.nip for one in dunia.pemda.orang}
    for one in dunia.pemda.orang:
        above = by_post.get(dunia.pemda.jabatan[one.jabatan].atasan or "")
        if above and one.nip not in {*dunia.bulan.pejabat.pengelola.values()}:
            return one.nip, above
    raise AssertionError("tidak ada yang punya atasan")


def _hari(who: Visitor) -> None:
    """The form for a day that is over and can be corrected."""
    who.open("/tpp/kehadiran")
    asks = who.page.get_by_role("link", name="Minta koreksi")
    if asks.count() < 2:
        who.page.locator('a[rel="prev"]').click()
        who.settle()
    asks.nth(asks.count() - 2).click()
    who.settle()


def test_a_day_is_corrected_and_a_missing_month_is_asked_for(visit: Visit, dunia: Dunia) -> None:
    mine, above = _atasan(dunia)
    with visit(mine, width=360, allow=("422",)) as who:
        who.open("/tpp/kehadiran/2026-09")
        who.sees("Kehadiran bulan ini belum dihitung.")
        who.page.get_by_role("button", name="Ingatkan").click()
        who.sees("sudah diingatkan. Pesannya masuk ke kotak masuk penerima.")
        who.check("kehadiran-belum-dihitung")
        who.page.reload()
        who.sees("Sudah diingatkan hari ini.")
        who.open("/tpp/kehadiran/2099-01")
        who.sees("Bulan ini belum mulai.")
        assert who.page.get_by_role("button", name="Ingatkan").count() == 0
        _hari(who)
        who.check("koreksi-formulir")
        who.fill("Jam masuk (boleh kosong)", "07:11")
        who.fill("Jam pulang (boleh kosong)", "16:05")
        who.press("Ajukan koreksi")
        expect(who.page.locator("#salah")).to_be_focused()
        expect(who.page.get_by_label("Jam masuk")).to_have_value("07:11")
        who.check("koreksi-salah")
        who.fill("Bukti", "Mesin absen lantai dua rusak, disaksikan kepala subbagian umum")
        who.press("Ajukan koreksi")
        who.sees("Permohonan koreksi diajukan.")
        who.check("kehadiran-saya")
    with visit(above, allow=("422",)) as who:
        who.open("/tpp/koreksi-kehadiran")
        who.check("koreksi-menunggu")
        who.page.locator(".tabel a").first.click()
        who.settle()
        who.check("koreksi-putuskan")
        who.press("Tolak permohonan")
        who.sees("Penolakan memerlukan alasan.")
        who.check("koreksi-tolak-salah")
        who.page.get_by_text("Setujui", exact=True).click()
        who.press("Ya, setujui")
        who.sees("Permohonan disetujui.")
    with visit(mine) as who:
        who.open("/notifikasi")
        who.sees("Permohonan koreksi kehadiran")


def test_the_calendar_says_what_is_missing_and_who_brings_it(visit: Visit) -> None:
    with visit("pegawai", width=360) as who:
        who.open("/tpp/kalender")
        who.check("kalender")
        year = int(re.findall(r"\d{4}", who.page.get_by_role("heading", level=1).inner_text())[0])
        who.open(f"/tpp/kalender/{year + 1}")
        who.sees(f"Kalender {year + 1} belum lengkap.")
        who.page.get_by_role("button", name="Ingatkan").click()
        who.sees("Admin BKD sudah diingatkan.")
        who.check("kalender-belum-lengkap")
        who.open(f"/tpp/kalender/{year + 9}")
        who.sees(f"Hari libur {year + 9} belum dimuat.")
    with visit("admin", allow=("422",)) as who:
        who.open("/notifikasi")
        who.sees(f"Pengingat: kalender kerja {year + 1} belum lengkap")
        who.open(f"/tpp/kalender/{year}")
        who.page.get_by_role("link", name=re.compile("^Cabut ")).last.click()
        who.settle()
        who.check("kalender-cabut")
        who.press("Cabut hari libur")
        expect(who.page.locator("#salah")).to_be_focused()
        who.open("/tpp/impor/hari-libur")
        expect(who.page.locator('#menu [aria-current="page"]')).to_have_text("Kalender kerja")
        who.check("impor-hari-libur")
        who.open("/tpp/presensi-tertahan")
        who.check("kehadiran-tertahan")
