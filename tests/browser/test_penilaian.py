"""Twenty people rated by keyboard alone; many at once with a note for each; one's own months."""

import time

import httpx2
import pytest
from playwright.sync_api import expect

from shared.http.session import SESSION
from shared.web.routes import KEY
from tests.browser.conftest import Visit, person
from tests.browser.panduan import DESK
from tests.browser.ramai import BULAN, kantor_ramai
from tests.browser.tamu import Visitor
from tests.browser.ukuran import Ukur
from tests.dunia import Dunia

LEMBAR = f"/penilaian/bawahan/{BULAN}"
SAVING = "document.activeElement.matches('button') && /Ya, simpan/.test(document.activeElement.textContent)"
PER_KEY = 0.5
"""Seconds a slow hand needs for a key."""
PER_PERSON = 20
"""Seconds to think about one person."""


@pytest.fixture(scope="module")
def kantor(dunia: Dunia) -> list[dict[str, object]]:
    return dunia.jalankan(kantor_ramai(dunia))


class Keys:
    """A keyboard that counts."""

    def __init__(self, who: Visitor) -> None:
        self._press = who.page.keyboard.press
        self._type = who.page.keyboard.type
        self.count = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self._press(key)
            self.count += 1

    def type(self, text: str) -> None:
        self._type(text)
        self.count += len(text)


def ratings(dunia: Dunia) -> dict[str, tuple[int, int, str]]:
    boss = person(dunia, "atasan")
    rows = dunia.jalankan(dunia.klien.semua(boss, f"/api/penilaian/{BULAN}/bawahan"))
    return {
        row["nip"]: tuple(row["penilaian"][name] for name in ("hasil_kerja", "perilaku", "catatan"))
        for row in rows
        if row["penilaian"]
    }


def test_strangers_and_others_do_not_see_the_sheet(visit: Visit, kantor: list[dict[str, object]]) -> None:
    with visit() as who:
        who.open(LEMBAR)
        who.page.wait_for_url("**/masuk?kembali=*")
    with visit("pegawai", allow=("403",)) as who:
        who.open(LEMBAR)
        who.sees("Tidak ada yang Anda nilai pada bulan ini.")
        who.check("penilaian-bawahan-kosong")
        who.open(f"/penilaian/pegawai/{BULAN}/{kantor[0]['pegawai_id']}", 403)


def test_many_at_once_without_javascript_each_with_a_note(
    visit: Visit, dunia: Dunia, kantor: list[dict[str, object]]
) -> None:
    before = ratings(dunia)
    with visit("atasan", javascript=False, allow=("422",)) as who:
        who.open("/penilaian/bawahan")
        assert who.page.url.endswith(LEMBAR)
        who.press("Periksa sebelum disimpan")
        who.sees("Belum ada penilaian baru atau yang berubah.")
        # Whoever was rated for another journey would not change.
        rows = who.page.locator("[data-baris][data-dinilai='']")
        for place in (0, 1, 2):
            rows.nth(place).get_by_role("checkbox").check()
        who.press("Terapkan ke yang dipilih")
        who.sees("Diterapkan pada 3 orang.")
        rows.nth(0).get_by_role("textbox").fill("Laporan selalu tepat waktu.")
        # A note alone is no rating: said beside that person, and everything filled in stays.
        rows.nth(3).get_by_role("textbox").fill("Belum lengkap.")
        who.press("Periksa sebelum disimpan")
        who.sees("Ada isian yang belum benar.")
        assert who.page.locator("#salah li a").count() == 2
        assert rows.nth(0).get_by_role("textbox").input_value() == "Laporan selalu tepat waktu."
        rows.nth(3).get_by_role("textbox").fill("")
        who.press("Periksa sebelum disimpan")
        who.sees("Periksa 3 penilaian November 2026 ini, lalu simpan.")
        who.page.get_by_role("textbox").nth(1).fill("Perlu lebih rapi.")
        who.press("Ya, simpan 3 penilaian")
        who.sees("3 penilaian November 2026 disimpan.")
    new = {nip: found for nip, found in ratings(dunia).items() if nip not in before}
    assert sorted(new.values()) == [
        (2, 2, ""),
        (2, 2, "Laporan selalu tepat waktu."),
        (2, 2, "Perlu lebih rapi."),
    ]


def test_twenty_people_by_keyboard_alone(
    visit: Visit, dunia: Dunia, kantor: list[dict[str, object]], ukur: Ukur
) -> None:
    ready = sum(one["skp"] == "disetujui" for one in kantor)
    assert ready >= 15
    with visit("atasan") as who:
        who.open(LEMBAR)
        who.check("penilaian-lembar")
        keys, began = Keys(who), time.monotonic()
        for number in range(ready):
            keys.press("j")
            expect(who.page.locator("[data-baris]").nth(number)).to_be_focused()
            if number == 4:
                keys.press("l")
                who.page.locator("[data-baris]").nth(4).locator(
                    ".intip-isi table, .intip-isi .kosong"
                ).wait_for()
            keys.press("1" if number % 5 == 0 else "2", "w")
            if number % 5 == 0:
                keys.press("c")
                keys.type("Baik sekali.")
                keys.press("Escape")
        assert who.page.locator("[data-terisi-n]").inner_text() == str(ready)
        who.check("penilaian-lembar-terisi")
        keys.press("s", "Enter")
        who.page.get_by_role("heading", name="Periksa penilaian").wait_for()
        who.check("penilaian-periksa")
        while not who.page.evaluate(SAVING):
            keys.press("Tab")
            assert keys.count < 1000
        keys.press("Enter")
        who.sees("penilaian November 2026 disimpan.")
        spent = time.monotonic() - began
        who.check("penilaian-lembar-selesai")
    found = ratings(dunia)
    assert len(found) == ready
    assert sum(hasil == 1 for hasil, _, _ in found.values()) == len(range(0, ready, 5))
    minutes = (keys.count * PER_KEY + ready * PER_PERSON + spent) / 60 * 20 / ready
    at = f"{keys.count} tombol @ {PER_KEY} s, {PER_PERSON} s berpikir tiap orang, mesin {spent:.0f} s"
    ukur("U2", f"20 orang dinilai dengan papan tik; {at}", round(minutes, 1), "menit", 10)


def test_shortcuts_can_be_turned_off_and_tab_and_arrows_suffice(
    visit: Visit, kantor: list[dict[str, object]]
) -> None:
    with visit("atasan") as who:
        who.open(LEMBAR)
        who.page.get_by_text("Pintasan papan tik").click()
        who.check("penilaian-pintasan")
        who.page.get_by_label("Pakai pintasan.").uncheck()
        who.page.keyboard.press("j")
        assert who.page.evaluate("document.activeElement?.matches('[data-baris]')") is False
        row = who.page.locator("[data-baris]").first
        row.locator("[data-ruas='hasil_kerja'] input:checked").focus()
        who.page.keyboard.press("ArrowRight")
        assert who.page.evaluate("document.activeElement?.type") == "radio"
        who.page.reload()
        assert not who.page.get_by_label("Pakai pintasan.").is_checked()


def test_who_cannot_be_rated_is_reminded_in_place(
    visit: Visit, dunia: Dunia, kantor: list[dict[str, object]]
) -> None:
    with visit("atasan") as who:
        who.open(LEMBAR)
        blocked = [one for one in kantor if one["skp"] != "disetujui"]
        others = [one for one in blocked if one["skp"] != "diajukan"]
        assert who.page.locator(".belum-dapat .card").count() == len(blocked) >= 2
        assert who.page.get_by_role("button", name="Ingatkan").count() == len(others) >= 1
        who.gambar("atasan-terhalang", width=DESK, dari=who.page.locator(".belum-dapat"))
        who.page.locator("[data-baris]").first.get_by_role("textbox").fill("Jangan hilang")
        who.page.get_by_role("button", name="Ingatkan").first.click()
        who.sees("sudah diingatkan. Pesannya masuk ke kotak masuk penerima.")
        kept = who.page.locator("[data-baris]").first.get_by_role("textbox")
        assert kept.input_value() == "Jangan hilang"
        who.open(LEMBAR)
        who.sees("Sudah Anda ingatkan hari ini.")
        assert who.page.get_by_role("button", name="Ingatkan").count() == len(others) - 1


def test_a_sheet_sent_again_is_recorded_once_and_nobody_is_lost(
    dunia: Dunia, kantor: list[dict[str, object]]
) -> None:
    row = next(one for one in kantor if one["skp"] == "disetujui")
    form = {
        KEY: "satu-niat-untuk-lembar",
        "simpan": "ya",
        f"penilaian/{row['pegawai_id']}/hasil_kerja": "3",
        f"penilaian/{row['pegawai_id']}/perilaku": "1",
    }
    headers = {"Origin": dunia.url.rstrip("/"), "Accept": "text/html"}
    token = dunia.token(person(dunia, "atasan"))
    with httpx2.Client(base_url=dunia.url, cookies={SESSION: token}, headers=headers) as http:
        for _ in range(2):
            sent = http.post(LEMBAR, data=form)
            assert sent.status_code == 303, sent.text
        assert ratings(dunia)[str(row["nip"])] == (3, 1, "")
        # Somebody who is not on the list: told, and nothing recorded.
        stranger = "penilaian/00000000-0000-4000-8000-000000000001/hasil_kerja"
        told = http.post(LEMBAR, data=form | {KEY: "niat-yang-lain", stranger: "1"})
        assert told.status_code == 422
        assert "1 orang yang Anda isi tidak lagi Anda nilai" in told.text


def test_ones_own_months(visit: Visit) -> None:
    with visit("pegawai") as who:
        who.open("/penilaian")
        who.sees("Penilaian saya")
        who.check("penilaian-saya")
        who.page.get_by_role("link", name="Oktober 2026", exact=True).click()
        who.sees("Hasil kerja")
        who.check("penilaian-saya-bulan")
