"""The home page: a card of each service, and one that is away costs its card only. Pages of trouble."""

import time

import httpx2
from playwright.sync_api import Route

from shared.http.session import SESSION
from shared.web.nav import CARDS
from shared.web.render import CSP
from tests.browser.conftest import Visit, person
from tests.browser.tamu import bytes_of
from tests.browser.ukuran import Ukur
from tests.dunia import Dunia
from tests.rig import quantile

FIRST_LOAD, LATER = 150_000, 30_000
"""Bytes as they travel, packed."""
LINE = (400, 150)
"""A phone far from its mast: kbit/s each way, and ms before anything comes back."""
LATER_PAGES = (
    "/skp/rencana",
    "/skp/realisasi",
    "/skp/realisasi/baru",
    "/penilaian",
    "/tpp/saya",
)
ADMIN_PAGES = ("/skp/pegawai", "/skp/periode", "/tpp/perhitungan", "/tpp/kebijakan", "/notifikasi")


def test_four_cards_in_any_role(visit: Visit) -> None:
    for role in ("pegawai", "atasan", "admin", "bpkad", "auditor"):
        with visit(role) as who:
            who.open("/")
            assert who.page.locator("[data-fragmen] [data-menunggu]").count() == 0
            who.check(f"beranda-{role}")


def test_a_service_that_is_away_costs_its_card(visit: Visit) -> None:
    with visit("pegawai", allow=("ERR_CONNECTION_REFUSED", "htmx", "/tpp/fragmen")) as who:

        def away(route: Route) -> None:
            route.abort("connectionrefused")

        who.page.route("**/tpp/fragmen/**", away)
        who.open("/")
        card = who.page.locator("[data-fragmen]", has_text="TPP").first
        card.get_by_text("Bagian ini sedang tidak dapat dibuka.").wait_for(state="visible")
        assert (
            who.page.get_by_text("Bagian ini sedang tidak dapat dibuka.").locator("visible=true").count() == 1
        )
        who.sees("Pejabat penilai")
        who.check("beranda-satu-mati")


def test_cards_are_pages_without_javascript(visit: Visit) -> None:
    with visit("pegawai", javascript=False) as who:
        who.open("/")
        for card in CARDS:
            who.page.locator(f"a[href='{card.path}']").first.click()
            who.page.locator("h1").wait_for()
            who.page.go_back()


def test_trouble_has_a_page_that_says_who_can_help(visit: Visit, dunia: Dunia) -> None:
    with visit("pegawai", allow=("404", "403", "422")) as who:
        for path in ("/tidak-ada", "/skp/tidak-ada", "/tpp/tidak-ada"):
            who.open(path, 404)
            who.sees("Siapa yang dapat menolong?")
        who.check("tidak-ditemukan")
        boss = dunia.jalankan(dunia.klien.semua(person(dunia, "atasan"), "/api/skp/skp", tahun=2026))[0]
        who.open(f"/skp/rencana/{boss['skp_id']}/ubah", 403)
        who.sees("Siapa yang dapat menolong?")
        who.check("tidak-berwenang")
        who.open("/skp/rencana/bukan-uuid", 422)


def test_weight_and_a_slow_line(visit: Visit, dunia: Dunia, ukur: Ukur) -> None:
    with visit("pegawai", width=360, worker=False, allow=("Service Worker registration blocked",)) as who:
        travelled = bytes_of(who)
        who.slow_line(*LINE)
        began = time.monotonic()
        who.open("/")
        opened, first = time.monotonic() - began, travelled()
        assert first > 80_000, "semua berkas ikut terhitung"
        later, slowest = 0, 0.0
        for path in LATER_PAGES:
            before, began = travelled(), time.monotonic()
            who.open(path)
            slowest = max(slowest, time.monotonic() - began)
            assert travelled() > before, path
            later = max(later, travelled() - before)
        who.page.get_by_role("button", name="Menu").click()
        who.page.get_by_role("link", name="SKP saya").click()
        who.page.wait_for_url("**/skp/rencana")
    at = f"360 px, {LINE[0]} kbit/s, latensi {LINE[1]} ms"
    ukur("U6", f"beranda, pertama kali, sampai semua kartu terisi; {at}", round(opened, 1), "s", 15)
    ukur("U6", f"halaman sesudahnya, yang paling lama; {at}", round(slowest, 1), "s", 5)
    ukur("P11", "muat pertama", round(first / 1000, 1), "kB", FIRST_LOAD / 1000)
    ukur("P11", "halaman sesudahnya, yang terberat", round(later / 1000, 1), "kB", LATER / 1000)
    assert first <= FIRST_LOAD, first
    assert later <= LATER, later

    seconds: list[float] = []
    with httpx2.Client(base_url=dunia.url, headers={"Accept": "text/html"}) as http:
        for role, paths in (("pegawai", ("/", *LATER_PAGES)), ("admin", ADMIN_PAGES)):
            http.cookies = {SESSION: dunia.token(person(dunia, role))}
            for path in paths * 10:
                answer = http.get(path)
                assert answer.status_code == 200, path
                seconds.append(answer.elapsed.total_seconds())
    p95 = quantile(seconds, 0.95) * 1000
    ukur("P11", f"waktu peladen p95, {len(seconds)} permintaan satu per satu", round(p95), "ms", 100)


def test_headers_keep_pages_safe_and_files_for_ever(dunia: Dunia) -> None:
    with httpx2.Client(base_url=dunia.url, headers={"Accept": "text/html"}) as http:
        for path, status in (("/masuk", 200), ("/skp/tidak-ada", 404), ("/tidak-ada", 404)):
            answer = http.get(path)
            assert answer.status_code == status
            assert answer.headers["Content-Security-Policy"] == CSP
            assert answer.headers["Cache-Control"] == "no-store"
            assert "unsafe" not in CSP
        assert "Strict-Transport-Security" not in http.get("/masuk").headers
        proxied = http.get("/tampilan", headers={"X-Forwarded-Proto": "https"})
        assert "Strict-Transport-Security" in proxied.headers
        sheet = http.get("/masuk").text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
        file = http.get(sheet)
        assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert file.headers["Content-Encoding"] == "gzip"
        for path in ("/static/../forms.py", "/static/%2e%2e/forms.py", "/static/manifest.json", "/static/"):
            assert http.get(path).status_code == 404
