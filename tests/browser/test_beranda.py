"""The home page: a card of each service, and one that is away costs its card only. Pages of trouble."""

import httpx2
from playwright.sync_api import Route

from shared.web.nav import CARDS
from shared.web.render import CSP
from tests.browser.conftest import Visit, person
from tests.dunia import Dunia

FIRST_LOAD, LATER = 150_000, 30_000
"""Bytes as they travel, packed."""


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


def test_the_menu_opens_on_a_phone(visit: Visit) -> None:
    with visit("pegawai", width=360) as who:
        who.open("/")
        who.page.get_by_role("button", name="Menu").click()
        who.page.get_by_role("link", name="SKP saya").wait_for(state="visible")
        who.page.get_by_role("link", name="SKP saya").click()
        who.page.wait_for_url("**/skp/rencana")


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


def test_weight(visit: Visit) -> None:
    with visit("pegawai") as who:
        who.open("/")
        first = who.bytes_seen
        assert 80_000 < first <= FIRST_LOAD, first
        print(f"muat pertama {first / 1000:.0f} kB")
        for path in ("/skp/rencana", "/skp/rencana/baru", "/tampilan"):
            before = who.bytes_seen
            who.open(path)
            print(f"{path} {(who.bytes_seen - before) / 1000:.1f} kB")
            assert who.bytes_seen - before <= LATER, (path, who.bytes_seen - before)


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
