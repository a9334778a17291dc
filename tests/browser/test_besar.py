"""Lists of 10.000 rows: what the server spends, what travels, how they look, and the way through them."""

import re
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any, NamedTuple

import httpx2
import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from deploy.embedded.platform import Platform
from shared.http.session import SESSION
from tests.browser import ukuran
from tests.browser.besar import BULAN, DIHITUNG, LALU, TERBESAR, Besar, pemda_besar
from tests.browser.conftest import Perangkat
from tests.browser.tamu import Visitor
from tests.browser.ukuran import Ukur, server_ms
from tests.conftest import databases
from tests.rig import quantile

LATER, SERVER_MS = 30_000, 100
"""The bars of P11."""


class Daftar(NamedTuple):
    """A list: its name, its address, who sees it, other sorts and filters of it."""

    nama: str
    path: str
    peran: str
    lain: tuple[str, ...] = ()


DAFTAR = (
    Daftar(
        "pegawai",
        "/skp/pegawai",
        "admin_bkd",
        ("?urut=-nama", "?urut=nip", "?urut=-nip", "?cari=lubis", "?cari=1985", "?keadaan=belum_masuk"),
    ),
    Daftar("daftar TPP", f"/tpp/daftar/{BULAN}", "bpkad", (f"?opd={TERBESAR}", "?status=ditahan")),
    Daftar("rekap TPP", f"/tpp/rekap/{BULAN}", "bpkad"),
    Daftar("persetujuan", f"/tpp/persetujuan/{BULAN}", "bpkad"),
    Daftar("TPP perlu perhatian", f"/tpp/rawan/{BULAN}", "admin_bkd"),
    Daftar("monitoring OPD", f"/penilaian/monev/{BULAN}", "auditor"),
    Daftar("monitoring orang", f"/penilaian/monev/{BULAN}/{TERBESAR}", "auditor", ("?tampil=semua",)),
    Daftar("koreksi kehadiran", "/tpp/koreksi-kehadiran", "auditor", ("?keadaan=ditolak",)),
    Daftar("kotak masuk", "/notifikasi", "admin_bkd"),
    Daftar(
        "rekonsiliasi",
        f"/tpp/rekonsiliasi/{LALU}",
        "bpkad",
        ("?jenis=gagal", "?jenis=jumlah_berbeda", f"?opd={TERBESAR}"),
    ),
    Daftar("rapel", f"/tpp/rapel/{LALU}", "bpkad", ("?tampil=menunggu", f"?opd={TERBESAR}")),
    Daftar("berkas pembayaran", "/tpp/berkas", "bpkad"),
    Daftar("rekening", "/tpp/rekening", "bpkad", ("?belum=ya", f"?opd={TERBESAR}")),
    Daftar("kehadiran pegawai", f"/tpp/kehadiran-pegawai/{BULAN}", "admin_bkd", (f"?opd={TERBESAR}",)),
    Daftar("keberatan", "/tpp/keberatan", "auditor", ("?keadaan=diajukan", f"?opd={TERBESAR}")),
    Daftar("penyelesaian koreksi", "/tpp/penyelesaian", "bpkad", (f"?opd={TERBESAR}",)),
)


@pytest.fixture(scope="module")
def besar(platform: Platform, background: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besar]:
    """The pemda of 10.000."""
    home = tmp_path_factory.mktemp("besar")
    with databases(platform, background, home) as fresh, pemda_besar(fresh, background.run) as made:
        yield made


@pytest.fixture
def tamu(
    besar: Besar, perangkat: Perangkat, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Visitor]]:
    """A browser of somebody with a role there."""
    seen = ukuran.Dilihat()
    context = perangkat.new()
    visitors: list[Visitor] = []

    def visiting(peran: str) -> Visitor:
        token = besar.token(peran)
        context.add_cookies([{"name": SESSION, "value": token, "url": besar.url, "httpOnly": True}])
        visitors.append(Visitor(context.new_page(), besar.url, seen))
        return visitors[-1]

    yield visiting
    context.close()
    assert not [told for one in visitors for told in one.complaints]
    request.node.user_properties.append(ukuran.looked(seen))


Tamu = Callable[[str], Visitor]


def test_a_list_costs_little_time_and_few_bytes(besar: Besar, ukur: Ukur) -> None:
    """Each list, its sorts and filters, and some pages into it: time in the server, bytes on the way."""
    with httpx2.Client(base_url=besar.url, headers={"Accept": "text/html"}, timeout=60) as http:
        for one in DAFTAR:
            http.cookies = {SESSION: besar.token(one.peran)}
            spent, sizes = [], []
            for address in (one.path, *(f"{one.path}{more}" for more in one.lain)):
                for _ in range(8):
                    answer = http.get(address)
                    assert answer.status_code == 200, address
                    spent.append(server_ms(answer))
                    sizes.append(answer.num_bytes_downloaded)
                    onward = answer.text.partition('rel="next" href="')[2].partition('"')[0]
                    address = onward.replace("&amp;", "&") or address
            late, heaviest = quantile(spent, 0.95), max(sizes)
            middle = round(median(spent))
            ukur("P11", f"10.000 baris: {one.nama}, p95", round(late), f"ms; tengah {middle} ms", SERVER_MS)
            ukur("P11", f"10.000 baris: {one.nama}, terberat", round(heaviest / 1000, 1), "kB", LATER / 1000)
            assert heaviest <= LATER, (one.path, heaviest)


def test_people_and_messages_are_paged_sorted_and_found(besar: Besar, tamu: Tamu) -> None:
    who = tamu("admin_bkd")
    _there_and_back(who, "/skp/pegawai", "td[data-judul=Nama]")
    who.check("besar-pegawai")
    who.press("Berikutnya")
    who.press("Ke awal")
    _sort(who, "NIP")
    upwards = _cells(who, "td[data-judul=NIP]")
    assert upwards == sorted(upwards)
    _sort(who, "NIP")
    downwards = _cells(who, "td[data-judul=NIP]")
    assert downwards == sorted(downwards, reverse=True)
    assert downwards[0] > upwards[-1]
    who.page.get_by_label("OPD", exact=True).select_option(TERBESAR)
    who.fill("Cari", "lubis")
    who.press("Tampilkan")
    assert all("Lubis" in one for one in _cells(who, "td[data-judul=Nama]"))
    assert _cells(who, "td[data-judul=NIP]") == sorted(_cells(who, "td[data-judul=NIP]"), reverse=True)
    who.check("besar-pegawai-saring")
    who.open("/notifikasi")
    who.sees(f"{_unread(besar)} belum dibaca")
    _there_and_back(who, "/notifikasi", ".pesan-isi")
    who.check("besar-kotak")


def test_pay_of_ten_thousand_is_paged_and_found(tamu: Tamu) -> None:
    who = tamu("bpkad")
    _there_and_back(who, f"/tpp/daftar/{BULAN}", "td[data-judul=Pegawai]")
    who.page.get_by_label("OPD", exact=True).select_option(TERBESAR)
    who.page.get_by_label("Keadaan", exact=True).select_option("ditahan")
    who.press("Tampilkan")
    assert set(_cells(who, "td[data-judul=Keadaan] .lencana")) == {"Ditahan"}
    assert all(TERBESAR in one for one in _cells(who, "td[data-judul=Pegawai]"))
    who.check("besar-tpp-daftar")
    who.open(f"/tpp/rekap/{BULAN}")
    who.check("besar-tpp-rekap")

    _there_and_back(who, f"/tpp/rekonsiliasi/{LALU}", "td[data-judul=Pegawai]")
    who.check("besar-rekonsiliasi")
    _there_and_back(who, f"/tpp/rapel/{LALU}", "td[data-judul=Pegawai]")
    who.check("besar-rapel")


def test_what_the_auditor_follows_is_paged(tamu: Tamu) -> None:
    who = tamu("auditor")
    _there_and_back(who, f"/penilaian/monev/{BULAN}/{TERBESAR}?tampil=semua", "td[data-judul=NIP]")
    who.check("besar-monev-orang")
    who.open(f"/penilaian/monev/{BULAN}")
    who.check("besar-monev")
    _there_and_back(who, "/tpp/koreksi-kehadiran", "td[data-judul=Hari]")
    who.check("besar-koreksi")


def test_a_large_file_is_asked_for_followed_and_fetched(besar: Besar, tamu: Tamu, ukur: Ukur) -> None:
    """Through a reload and another page."""
    who = tamu("bpkad")
    who.open("/tpp/berkas")
    who.check("besar-berkas")
    who.page.get_by_role("link", name="Buat berkas Daftar nominatif TPP (XLSX)").click()
    who.settle()
    who.check("besar-berkas-baru")
    who.press("Buat berkas")
    who.sees("Menunggu giliran …")
    who.check("besar-berkas-menunggu")
    address = who.page.url.removeprefix(who.url)
    who.page.reload()
    who.sees("Menunggu giliran …")
    who.open("/tpp/berkas")
    began = time.monotonic()
    with besar.pekerja("tpp"):
        who.page.get_by_role("link", name="Daftar nominatif TPP (XLSX)", exact=True).click()
        expect(who.page.get_by_text("Berkas sudah jadi.")).to_be_visible()
        spent = time.monotonic() - began
    who.check("besar-berkas-jadi")
    with who.page.expect_download() as waiting:
        who.page.get_by_role("link", name=f"Unduh nominatif-{BULAN}.xlsx").click()
    book = CalamineWorkbook.from_path(str(waiting.value.path()))
    assert len(book.get_sheet_by_index(0).to_python()) == 1 + DIHITUNG + 1
    assert address in who.page.url
    ukur("U9", f"ekspor {DIHITUNG} orang, pekerja mulai sampai dapat diunggah", round(spent, 1), "s", None)


def _there_and_back(who: Visitor, path: str, cells: str) -> None:
    """Three pages on, all different; and the same pages back."""
    who.open(path)
    seen = [_cells(who, cells)]
    for _ in range(3):
        who.press("Berikutnya")
        seen.append(_cells(who, cells))
    assert all(seen)
    assert len({tuple(one) for one in seen}) == 4
    for before in reversed(seen[:-1]):
        who.press("Sebelumnya")
        assert _cells(who, cells) == before
    assert who.page.get_by_role("link", name="Sebelumnya").count() == 0


def _sort(who: Visitor, column: str) -> None:
    who.page.get_by_role("link", name=re.compile(f"^{column}")).click()
    who.settle()


def _cells(who: Visitor, cells: str) -> list[str]:
    return who.page.locator(cells).all_inner_texts()


def _unread(besar: Besar) -> str:
    """As the inbox writes it."""
    with httpx2.Client(base_url=besar.url, cookies={SESSION: besar.token("admin_bkd")}) as http:
        return f"{http.get('/api/notifikasi/jumlah').json()['belum_dibaca']:,}".replace(",", ".")
