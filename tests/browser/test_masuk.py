"""Getting in, out, and back in after a session has ended, with nothing typed lost."""

import json

import httpx2
import pytest
from playwright.sync_api import expect

from shared.http.session import SESSION
from tests.browser.conftest import Visit, person
from tests.browser.tamu import Visitor
from tests.dunia import Dunia


def log_in(who: Visitor, dunia: Dunia, role: str) -> None:
    nip = person(dunia, role)
    who.fill("NIP", f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}")
    who.fill("Kata sandi", dunia.klien.kata_sandi(nip))
    who.press("Masuk")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_stranger_logs_in_and_lands_where_they_wanted_to_be(
    visit: Visit, dunia: Dunia, javascript: bool
) -> None:
    with visit(javascript=javascript) as who:
        who.open("/skp/rencana")
        assert who.page.url.endswith("/masuk?kembali=%2Fskp%2Frencana")
        log_in(who, dunia, "pegawai")
        assert who.page.url == f"{who.url}/skp/rencana"
        cookie = next(one for one in who.page.context.cookies() if one["name"] == SESSION)
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
        who.press("Keluar")
        who.sees("Anda sudah keluar.")
        who.open("/")
        assert who.page.url == f"{who.url}/masuk"


def test_wrong_and_missing_input_is_told_beside_its_field_and_above(visit: Visit) -> None:
    with visit(allow=("401", "422")) as who:
        who.open("/masuk")
        who.check("masuk")
        who.fill("NIP", "123")
        who.press("Masuk")
        expect(who.page.locator("#salah")).to_be_focused()
        field = who.page.get_by_label("NIP", exact=True)
        assert field.input_value() == "123"
        assert "f-nip-salah" in (field.get_attribute("aria-describedby") or "")
        who.check("masuk-salah")
        who.page.locator("#salah a").first.click()
        expect(field).to_be_focused()
        who.fill("NIP", "198501012010011001")
        who.fill("Kata sandi", "bukan-sandinya")
        who.press("Masuk")
        who.sees("NIP atau kata sandi salah.")
        assert who.page.get_by_label("NIP", exact=True).input_value() == "198501012010011001"


def test_nobody_is_sent_to_another_site(dunia: Dunia) -> None:
    nip = person(dunia, "pegawai")
    form = {"nip": nip, "kata_sandi": dunia.klien.kata_sandi(nip)}
    headers = {"Origin": dunia.url.rstrip("/"), "Accept": "text/html"}
    with httpx2.Client(base_url=dunia.url, headers=headers) as http:
        for target in ("https://jahat.contoh", "//jahat.contoh", "/\\jahat.contoh", "javascript:alert(1)"):
            answer = http.post("/masuk", data=form | {"kembali": target})
            assert (answer.status_code, answer.headers["Location"]) == (303, "/"), target


def test_a_form_of_another_site_is_refused(dunia: Dunia) -> None:
    token = dunia.token(person(dunia, "pegawai"))
    with httpx2.Client(base_url=dunia.url, cookies={SESSION: token}) as http:
        for headers in (
            {},
            {"Origin": "https://jahat.contoh"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site", "Origin": dunia.url.rstrip("/")},
            {"Sec-Fetch-Site": "same-site"},
        ):
            for path in ("/skp/rencana/baru", "/api/skp/skp", "/keluar", "/masuk"):
                answer = http.post(path, headers=headers | {"Idempotency-Key": "k" * 20}, content=b"")
                assert answer.status_code == 403, (path, headers)
        own = http.post("/keluar", headers={"Origin": dunia.url.rstrip("/")})
        assert own.status_code == 303


def test_an_ended_session_keeps_what_was_typed(visit: Visit, dunia: Dunia) -> None:
    with visit("pegawai", allow=("401",)) as who:
        who.open("/skp/rencana/baru?tahun=2031")
        who.fill("Rencana hasil kerja", "Tersedianya data yang tidak boleh hilang")
        token = "e30.e30.e30"
        who.page.context.add_cookies([{"name": SESSION, "value": token, "url": dunia.url, "httpOnly": True}])
        who.press("Simpan draf")
        who.sees("Sesi Anda sudah berakhir.")
        who.check("sesi-berakhir")
        log_in(who, dunia, "pegawai")
        who.sees("Isian Anda masih ada dan belum terkirim.")
        who.check("lanjutkan")
        who.press("Periksa dahulu")
        field = who.page.get_by_label("Rencana hasil kerja", exact=True)
        assert field.input_value() == "Tersedianya data yang tidak boleh hilang"
        assert who.page.get_by_label("Tahun", exact=True).input_value() == "2031"


def test_what_an_ended_session_kept_is_read_with_care(visit: Visit, dunia: Dunia) -> None:
    with visit(allow=("422",)) as who:
        for nonsense in ("{", json.dumps({"a": 1}), json.dumps([["a"]])):
            who.open("/masuk")
            who.page.evaluate(
                """(text) => {
                  const kept = document.createElement("input");
                  Object.assign(kept, {type: "hidden", name: "_isian", value: text});
                  document.querySelector("form[action='/masuk']").append(kept);
                }""",
                nonsense,
            )
            log_in(who, dunia, "pegawai")
            who.sees("Isian yang tadi tertahan tidak terbaca.")


def test_the_look_is_kept(visit: Visit) -> None:
    with visit("pegawai", fresh=True) as who:
        who.open("/tampilan")
        who.check("tampilan")
        who.page.get_by_label("Gelap").check()
        who.page.get_by_label("Sangat besar").check()
        who.press("Simpan tampilan")
        who.sees("Tampilan disimpan pada peramban ini.")
        who.open("/")
        who.check("beranda-gelap-besar")
        assert who.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
        who.open("/aktivasi")
        who.check("aktivasi-gelap-besar")
