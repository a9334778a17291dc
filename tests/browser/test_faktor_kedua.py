"""The second factor as people meet it: set up from a page, asked for at the door, lost and reset."""

import base64
import re
import time

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import expect

from shared.http.session import SESSION
from tests.browser.conftest import Visit, person
from tests.browser.tamu import PATIENCE_MS, Visitor
from tests.dunia import Dunia


class Ponsel:
    """An authenticator app that has taken in the secret of a page."""

    def __init__(self, rahasia: str) -> None:
        self._totp = TOTP(base64.b32decode(rahasia.replace(" ", "")), 6, SHA1(), 30)  # noqa: S303
        self._awal = int(time.time())

    def kode(self, langkah: int) -> str:
        """The code so many steps after the secret was taken in: 0 and 1 fit."""
        return self._totp.generate(self._awal + 30 * langkah).decode()


def staf(dunia: Dunia) -> str:
    """Somebody without an office whom no other test logs in as."""
    offices = dunia.bulan.pejabat
    busy = {*offices.keuangan.values(), *offices.pengelola.values(), offices.auditor, offices.bpkad}
    free = [o.nip for o in dunia.pemda.orang if o.nip not in busy and o.nip != offices.admin_bkd]
    return free[-4]


def pintu(who: Visitor, dunia: Dunia, nip: str) -> None:
    """NIP and password at the door."""
    who.fill("NIP", nip)
    who.fill("Kata sandi", dunia.klien.kata_sandi(nip))
    who.press("Masuk")


def test_a_phone_becomes_the_second_factor_and_is_lost_again(visit: Visit, dunia: Dunia) -> None:
    nip = staf(dunia)
    sandi = dunia.klien.kata_sandi(nip)
    with visit(nip, allow=("422", "401")) as who:
        who.open("/skp/keamanan")
        who.check("keamanan-belum")
        who.press("Pasang faktor kedua")
        picture = who.page.get_by_role("img", name=re.compile("Kode QR"))
        assert picture.evaluate("(img) => img.naturalWidth") > 100
        secret = who.page.locator("[data-rahasia]").inner_text()
        ponsel = Ponsel(secret)
        who.check("faktor-pasang")
        who.fill("Kode 6 angka", "12")
        who.fill("Kata sandi", sandi)
        who.page.get_by_role("button", name="Pasang", exact=True).click()
        expect(who.page.locator("#salah")).to_be_focused()
        # The same secret stands there still: nothing has to be scanned anew.
        assert who.page.locator("[data-rahasia]").inner_text() == secret
        who.check("faktor-pasang-salah")
        who.fill("Kode 6 angka", ponsel.kode(0))
        who.fill("Kata sandi", sandi)
        who.page.keyboard.press("Enter")
        who.sees("Simpan kode pemulihan Anda")
        codes = who.page.locator(".kode-daftar code").all_inner_texts()
        assert len(codes) == 10
        who.check("faktor-kode")
        who.page.reload(wait_until="networkidle")
        assert who.page.locator(".kode-daftar code").all_inner_texts() == codes
        who.press("Sudah saya simpan")
        who.sees("Terpasang")
        who.check("keamanan-terpasang")
        who.open("/notifikasi")
        for _ in range(60):
            if who.page.get_by_text("Faktor kedua terpasang pada akun Anda").count():
                break
            who.open("/notifikasi")
        who.sees("Faktor kedua terpasang pada akun Anda")

    with visit(javascript=False, allow=("401",)) as who:
        who.open("/skp/realisasi")
        pintu(who, dunia, nip)
        who.sees("Satu langkah lagi")
        assert not [one for one in who.page.context.cookies() if one["name"] == SESSION]
        who.fill("Kode 6 angka", "000 000")
        who.press("Masuk")
        who.sees("Kode faktor kedua belum diterima.")
        who.fill("Kode 6 angka", ponsel.kode(1))
        who.press("Masuk")
        assert who.page.url == f"{who.url}/skp/realisasi"
        who.press("Keluar")
        # The phone is somewhere else: a recovery code, and the same one never again.
        who.open("/masuk")
        pintu(who, dunia, nip)
        who.page.get_by_text("Ponsel tidak ada?").click()
        who.fill("Kode pemulihan (boleh kosong)", codes[0].lower())
        who.press("Masuk")
        assert who.page.url == f"{who.url}/"

    with visit(nip, allow=("401",)) as who:
        # A form on its way when the session ends survives both steps.
        who.open("/skp/rencana/baru?tahun=2033")
        who.fill("Rencana hasil kerja", "Tersedianya data sesudah dua langkah")
        cookie = {"name": SESSION, "value": "e30.e30.e30", "url": dunia.url, "httpOnly": True}
        who.page.context.add_cookies([cookie])
        who.press("Simpan draf")
        pintu(who, dunia, nip)
        who.sees("Isian Anda belum terkirim, tetapi tidak hilang.")
        who.check("masuk-faktor")
        who.page.get_by_text("Ponsel tidak ada?").click()
        who.fill("Kode pemulihan (boleh kosong)", codes[0])
        who.press("Masuk")
        who.sees("tidak cocok atau sudah dipakai")
        who.check("masuk-faktor-salah")
        who.fill("Kode pemulihan (boleh kosong)", codes[1])
        who.press("Masuk")
        who.press("Periksa dahulu")
        field = who.page.get_by_label("Rencana hasil kerja", exact=True)
        assert field.input_value() == "Tersedianya data sesudah dua langkah"
        who.open("/skp/keamanan/lepas")
        who.check("faktor-lepas")

    with visit("admin", allow=("422",)) as who:
        who.open(f"/skp/pegawai?cari={nip}")
        who.page.locator("main tbody a").first.click()
        who.page.wait_for_load_state("networkidle")
        who.press("Reset faktor kedua")
        who.check("faktor-reset")
        who.press("Reset faktor kedua")
        who.page.get_by_text("Ada isian yang belum benar.").wait_for()
        who.fill("Alasan", "Ponsel hilang; datang sendiri.")
        who.press("Reset faktor kedua")
        who.sees("Faktor kedua direset.")

    dunia.klien.lupakan(nip)
    with visit(javascript=False) as who:
        who.open("/masuk")
        pintu(who, dunia, nip)
        assert who.page.url == f"{who.url}/"


def diminta_masuk(who: Visitor) -> None:
    """The session is over. How soon every process hears of it is measured in tests/e2e/test_keluar.py."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while "/masuk?" not in who.page.url:
        assert time.monotonic() < end, "sesi masih berlaku"
        who.page.goto(f"{who.url}/skp/keamanan")


def test_roles_with_power_are_urged_and_devices_are_sent_home(visit: Visit, dunia: Dunia) -> None:
    with visit("bpkad") as who:
        who.open("/")
        who.sees("Peran Anda menjangkau data semua orang.")
        who.check("beranda-anjuran-faktor")
        who.press("Buka Keamanan akun")
        who.page.get_by_text("Keluarkan semua perangkat").click()
        who.check("keamanan-perangkat")
        other = dunia.token(person(dunia, "bpkad"))
        who.press("Ya, keluarkan semua")
        who.sees("Semua perangkat sudah keluar, juga yang ini.")
        diminta_masuk(who)
    dunia.klien.lupakan(person(dunia, "bpkad"))
    with visit(allow=("401",)) as who:
        cookie = {"name": SESSION, "value": other, "url": dunia.url, "httpOnly": True}
        who.page.context.add_cookies([cookie])
        diminta_masuk(who)
    with visit("auditor") as who:
        who.open("/")
        assert not who.page.get_by_text("Peran Anda menjangkau data semua orang.").count()
