"""The home page: a card of each service, and one that is away costs its card only. Pages of trouble."""

import time
from collections import defaultdict
from statistics import median

import httpx2
from playwright.sync_api import Route

from shared.http.app import SERVER_TIMING
from shared.http.session import SESSION
from shared.web.nav import CARDS, MENU
from shared.web.render import CSP
from tests.browser.conftest import Visit, person
from tests.browser.tamu import bytes_of
from tests.browser.ukuran import Ukur, server_ms
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


ROUNDS = 10
LIST = tuple(item.path for item in MENU) + tuple(card.path for card in CARDS)
DETAIL = {
    "pegawai": ("/skp/realisasi/baru", "/tpp/saya/{bulan}", "/skp/kiriman", "/skp/keamanan"),
    "atasan": ("/penilaian/bawahan", "/notifikasi/fragmen/lencana"),
    "admin": (
        *("/tpp/daftar/{bulan}", "/tpp/rekap/{bulan}", "/tpp/perhitungan/{bulan}", "/skp/periode/{bulan}"),
        *("/penilaian/monev/{bulan}", "/tpp/daftar/{bulan}?status=dihitung"),
    ),
    "bpkad": ("/tpp/persetujuan/{bulan}",),
}


def test_time_inside_the_server(dunia: Dunia, ukur: Ukur) -> None:
    """Every page of the menu and the home page's cards by those who see them, one after another.

    What counts is the time inside the process, from the request's arrival to its answer.
    """
    spent: dict[str, list[float]] = defaultdict(list)
    with httpx2.Client(base_url=dunia.url, headers={"Accept": "text/html"}) as http:
        for _ in range(ROUNDS):
            for role in ("pegawai", "atasan", "admin", "bpkad", "auditor"):
                http.cookies = {SESSION: dunia.token(person(dunia, role))}
                for path in (*LIST, *DETAIL.get(role, ())):
                    answer = http.get(path.format(bulan=dunia.pemda.periode))
                    assert answer.status_code in (200, 303, 403), path
                    if answer.status_code == 200:
                        spent[path].append(server_ms(answer))
        entrance = http.get("/masuk")
        spent["/masuk"].append(server_ms(entrance))
        login = [_log_in_ms(http, dunia, person(dunia, "pegawai")) for _ in range(3)]
    every = [one for times in spent.values() for one in times]
    assert all(len(times) >= ROUNDS for path, times in spent.items() if path in LIST)
    p95 = quantile(every, 0.95)
    ukur(
        "P11",
        f"waktu di dalam peladen p95, {len(every)} permintaan atas {len(spent)} rute",
        round(p95),
        "ms",
        100,
    )
    slowest = sorted(spent, key=lambda path: quantile(spent[path], 0.95), reverse=True)[:5]
    for place, path in enumerate(slowest, 1):
        middle, late = round(median(spent[path])), round(quantile(spent[path], 0.95))
        ukur("P11", f"{place} rute terlama: {path}", late, f"ms p95; tengah {middle} ms", None)
    ukur(
        "P11",
        "masuk dengan kata sandi, di luar hitungan: argon2id sengaja lambat",
        round(median(login)),
        "ms sampai terjawab, tengah dari 3",
        None,
    )


def _log_in_ms(http: httpx2.Client, dunia: Dunia, nip: str) -> float:
    """A login until it is answered; the server does not tell strangers what it spent on a password."""
    answer = http.post(
        "/masuk",
        data={"nip": nip, "kata_sandi": dunia.klien.kata_sandi(nip)},
        headers={"Origin": dunia.url.rstrip("/")},
    )
    assert answer.status_code == 303
    assert SERVER_TIMING not in answer.headers
    return answer.elapsed.total_seconds() * 1000


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
