"""No signal: nothing typed or sent is lost or arrives twice, and nobody sees or sends another's work."""

import struct
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import psutil
import pytest
from playwright.sync_api import (
    BrowserContext,
    Error,
    FilePayload,
    Page,
    Playwright,
    Route,
    expect,
)
from playwright.sync_api import TimeoutError as TooLate

from deploy.demo.klien import Ditolak
from deploy.demo.perintah import ADMIN_NIP
from shared.http.session import ACCOUNT, SESSION
from shared.web.nav import OFFLINE
from tests.browser.conftest import Visit, give_session, person
from tests.browser.kabel import Kabel
from tests.browser.mesin import FLAGS, chromium
from tests.browser.tamu import DRAF, PATIENCE_MS, sampai
from tests.browser.test_masuk import log_in
from tests.browser.ukuran import Ukur
from tests.dunia import Dunia

BULAN, TANGGAL = "2026-11", "2026-11-02"
BULAN_DITUTUP = "2026-10-05"
U7 = 50
PAGE = "/skp/kiriman"
FORM = f"/skp/realisasi/baru?tanggal={TANGGAL}"
URAIAN = "Apa yang dikerjakan"
# Without signal the browser itself reports each request that went nowhere.
TANPA_SINYAL = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
MENUNGGU = """(words) => document.querySelector("[data-antrean-kepala]")?.textContent.trim() === words
  && document.querySelector("main textarea")?.value === "" """
KIRIMAN = "[data-daftar=belum] > li"
DITERIMA = "[data-daftar=terkirim] > li"


class Pegawai:
    """Somebody with a plan in force in an open month, and what the server has of theirs."""

    def __init__(self, dunia: Dunia, nip: str) -> None:
        self.dunia, self.nip = dunia, nip
        opening = dunia.klien.kirim(
            ADMIN_NIP, f"periode-{BULAN}", "POST", "/api/skp/periode", json={"periode": BULAN}
        )
        try:
            dunia.jalankan(opening)
        except Ditolak as refused:
            if refused.status != 409:  # another test may have opened it
                raise

    def tercatat(self, awalan: str) -> list[dict[str, Any]]:
        """What the server has, of what begins so."""
        rows = self.dunia.jalankan(self.dunia.klien.semua(self.nip, "/api/skp/realisasi", periode=BULAN))
        return [row for row in rows if row["uraian"].startswith(awalan)]


@pytest.fixture
def ani(dunia: Dunia) -> Pegawai:
    """The ordinary employee."""
    return Pegawai(dunia, person(dunia, "pegawai"))


def foto(nomor: int) -> FilePayload:
    """A small picture, different for each number."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0" + (nomor * 0x050307 % 0xFFFFFF).to_bytes(3, "big"))
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(*part) for part in ((b"IHDR", header), (b"IDAT", pixel), (b"IEND", b""))
    )
    return FilePayload(name=f"foto {nomor}.png", mimeType="image/png", buffer=content)


def isi(page: Page, uraian: str, *files: FilePayload, tanggal: str = TANGGAL) -> None:
    """Fill in the form of realisasi and send it."""
    page.get_by_label(URAIAN).fill(uraian)
    page.get_by_label("Jumlah").fill("1.250,5")
    page.get_by_label("Satuan").fill("berkas")
    page.get_by_label("Tanggal").fill(tanggal)
    if files:
        page.locator("input[type=file]").last.set_input_files(list(files))
    page.get_by_role("button", name="Kirim", exact=True).click()


def sampai_menunggu(page: Page, banyak: int) -> None:
    """Wait until so many wait on the device and the form is ready for the next."""
    try:
        page.wait_for_function(MENUNGGU, arg=f"{banyak} kiriman menunggu")
    except TooLate as late:
        seen = page.locator("body").inner_text()[:1500]
        raise AssertionError(f"tidak {banyak} yang menunggu pada {page.url}: {seen}") from late


def siap_luring(page: Page) -> None:
    """Wait until the device has kept what it needs without signal."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    sampai(
        page,
        """async (paths) => {
          for (const name of await caches.keys()) {
            if (!name.startsWith("halaman-")) continue;
            const cache = await caches.open(name);
            const found = await Promise.all(paths.map((one) => cache.match(one, {ignoreSearch: true})));
            if (found.every(Boolean)) return true;
          }
          return false;
        }""",
        list(OFFLINE),
    )


def tersimpan(page: Page) -> list[str]:
    """The paths of the pages of accounts that the device holds."""
    return page.evaluate(  # type: ignore[no-any-return]
        """async () => {
          const found = [];
          for (const name of (await caches.keys()).filter((one) => one.startsWith("halaman-")))
            for (const {url} of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
          return found.sort();
        }"""
    )


class Peramban:
    """Chromium with a profile on disk, that can be killed and opened again, and its way to the server."""

    def __init__(self, playwright: Playwright, kabel: Kabel, folder: Path) -> None:
        self.playwright, self.kabel, self.folder = playwright, kabel, folder
        self.url = f"http://127.0.0.1:{kabel.port}"
        self.ada_sinyal = True
        self.context: BrowserContext

    def sinyal(self, ada: bool) -> None:
        """Signal comes or goes, and the browser is told, as a phone tells it."""
        self.ada_sinyal = ada
        self.kabel.sinyal(ada)
        self.context.set_offline(not ada)

    def buka(self) -> Page:
        """Open the browser."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=chromium(),
            args=FLAGS,
            locale="id-ID",
            viewport={"width": 360, "height": 800},
            reduced_motion="reduce",
            offline=not self.ada_sinyal,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        return self.context.new_page()

    def masuk(self, page: Page, dunia: Dunia) -> None:
        """Log in and look at the queue; with no debugger session, which would hide a lost network."""
        page.goto(f"{self.url}/masuk?kembali={PAGE}")
        nip = person(dunia, "pegawai")
        page.get_by_label("NIP", exact=True).fill(nip)
        page.get_by_label("Kata sandi", exact=True).fill(dunia.klien.kata_sandi(nip))
        page.get_by_role("button", name="Masuk", exact=True).click()
        page.wait_for_url(self.url + PAGE)

    def bunuh(self) -> None:
        """kill -9, as a phone does that runs short of memory."""
        mine = [
            one
            for one in psutil.process_iter(["cmdline"])
            if any(str(self.folder) in part for part in one.info["cmdline"] or ())
        ]
        assert mine
        for process in mine:
            process.kill()
        psutil.wait_procs(mine, 10)
        self.tutup()

    def tutup(self) -> None:
        """Close it, unless it is gone already."""
        with suppress(Error):
            self.context.close()


@pytest.fixture
def peramban(playwright: Playwright, dunia: Dunia) -> Iterator[Peramban]:
    """A browser of one's own."""
    port = urlsplit(dunia.url).port
    assert port is not None
    with tempfile.TemporaryDirectory() as folder, Kabel(port) as kabel:
        own = Peramban(playwright, kabel, Path(folder) / "profil")
        yield own
        own.tutup()


def test_u7_fifty_without_signal_and_the_browser_killed(
    dunia: Dunia, ani: Pegawai, peramban: Peramban, ukur: Ukur
) -> None:
    awalan = f"U7 {uuid4().hex[:6]}"
    page = peramban.buka()
    peramban.masuk(page, dunia)
    siap_luring(page)

    # Airplane mode. Half of it, the browser dies; it opens again without signal, and the other half follows.
    peramban.sinyal(False)
    for half in (range(U7 // 2), range(U7 // 2, U7)):
        page.goto(peramban.url + FORM)
        for number in half:
            photo = [foto(number)] if number % 5 == 0 else []
            isi(page, f"{awalan} nomor {number}", *photo)
            sampai_menunggu(page, number + 1)
        peramban.bunuh()
        page = peramban.buka()
    assert ani.tercatat(awalan) == []

    # Signal again; answers get lost on their way back, and the browser dies once more while it sends.
    started = time.monotonic()
    peramban.sinyal(True)
    lost: list[str] = []

    def lose(route: Route) -> None:
        key = route.request.headers.get("idempotency-key", "")
        if route.request.method == "POST" and key not in lost and len(lost) < 5:
            route.fetch()
            lost.append(key)
            route.abort()
        else:
            route.continue_()

    peramban.context.route("**/skp/realisasi/baru", lose)
    peramban.masuk(page, dunia)
    expect(page.locator(KIRIMAN)).not_to_have_count(0)
    for _ in range(100):
        if page.locator(DITERIMA).count() >= 5:
            break
        page.evaluate("antrean.kirim({ segera: true })")
    peramban.bunuh()
    page = peramban.buka()
    peramban.masuk(page, dunia)
    expect(page.locator(DITERIMA)).to_have_count(U7)
    expect(page.locator("[data-antrean-kepala]")).to_be_hidden()
    seconds = time.monotonic() - started

    rows = ani.tercatat(awalan)
    numbers = sorted(int(row["uraian"].rsplit(" ", 1)[1]) for row in rows)
    assert numbers == list(range(U7)), "hilang atau tercatat dua kali"
    assert len(lost) == 5, "jawaban yang hilang di jalan ikut diuji"
    photos = {int(row["uraian"].rsplit(" ", 1)[1]): row["bukti"] for row in rows}
    assert all(len(bukti) == (number % 5 == 0) for number, bukti in photos.items())
    assert {float(row["jumlah"]) for row in rows} == {1250.5}
    receipts = page.locator("[data-daftar=terkirim] .nomor").all_inner_texts()
    assert sorted(receipts) == sorted(row["realisasi_id"] for row in rows)
    how = f"dari {U7} kiriman; {len(lost)} jawaban hilang di jalan, peramban 3 kali dimatikan paksa"
    ukur("U7", "hilang atau dobel", abs(len(numbers) - U7), how, 0)
    ukur("U7", "sinyal kembali sampai semua bertanda terima", round(seconds, 1), "s", None)


def test_waiting_refused_changed_and_received(visit: Visit, dunia: Dunia, ani: Pegawai) -> None:
    awalan = f"Ubah {uuid4().hex[:6]}"
    panjang = f"{awalan} ditolak: menyusun laporan pertanggungjawaban {'panjang' * 12} kegiatan"
    with visit("pegawai", allow=(*TANPA_SINYAL, "401", "409"), width=360, fresh=True) as who:
        page, context = who.page, who.page.context
        who.open(PAGE)
        who.sees("Tidak ada yang menunggu.")
        who.check("kiriman-kosong")
        siap_luring(page)

        # A month that is closed by the time the signal comes back: the server's word, and what to do.
        who.open(FORM)
        who.signal(False)
        isi(page, panjang, foto(1), foto(2), tanggal=BULAN_DITUTUP)
        who.sees("Tersimpan di perangkat ini.")
        expect(page.get_by_label(URAIAN)).to_have_value("")
        who.check("realisasi-tersimpan-di-perangkat")
        who.gambar("pegawai-tanpa-sinyal")
        page.locator("[data-antrean-kepala]").click()
        who.sees("Sekarang tidak ada sinyal.")
        who.check("kiriman-menunggu")
        who.signal(True)
        who.sees("Perlu Anda lihat")
        who.sees("sudah ditutup.")
        expect(page.locator("[data-antrean-kepala]")).to_have_text("1 kiriman perlu Anda lihat")
        who.check("kiriman-ditolak")
        page.get_by_role("button", name="Coba kirim lagi").click()
        who.sees("sudah ditutup.")

        # Changed with everything typed still there, photos too; the draft outlives a reload.
        page.get_by_role("button", name="Ubah lalu kirim").click()
        who.sees("Draf Anda dipulihkan.")
        expect(page.get_by_label(URAIAN)).to_have_value(panjang)
        page.get_by_label(URAIAN).fill(f"{awalan} diperbaiki")
        page.get_by_label("Tanggal").fill(TANGGAL)
        sampai(page, DRAF, f"{awalan} diperbaiki")
        page.reload()
        who.sees("Draf Anda dipulihkan.")
        expect(page.get_by_label(URAIAN)).to_have_value(f"{awalan} diperbaiki")
        who.check("realisasi-draf")
        page.get_by_role("button", name="Kirim", exact=True).click()
        who.sees("Realisasi tercatat.")
        (row,) = ani.tercatat(awalan)
        assert row["uraian"] == f"{awalan} diperbaiki"
        assert len(row["bukti"]) == 2
        who.sees(row["realisasi_id"])

        # The session ends under somebody's hands: kept, and sent after logging in.
        who.open(FORM)
        token = "e30.e30.e30"
        context.add_cookies([{"name": SESSION, "value": token, "url": dunia.url, "httpOnly": True}])
        isi(page, f"{awalan} sesi berakhir")
        who.sees("Tersimpan di perangkat ini; sesi Anda sudah berakhir.")
        who.check("kiriman-sesi-berakhir")
        page.locator("main").get_by_role("link", name="Masuk lagi").first.click()
        log_in(who, dunia, "pegawai")
        expect(page.locator(DITERIMA)).to_have_count(2)
        who.check("kiriman-terkirim")
        assert len(ani.tercatat(awalan)) == 2


def test_a_refusal_with_signal_is_shown_in_the_form(visit: Visit, ani: Pegawai) -> None:
    with visit("pegawai", allow=("409", "422"), fresh=True) as who:
        who.open(FORM)
        isi(who.page, "Buru-buru", tanggal=BULAN_DITUTUP)
        expect(who.page.locator("#salah")).to_be_focused()
        expect(who.page.get_by_label(URAIAN)).to_have_value("Buru-buru")
        expect(who.page.locator("[data-antrean-kepala]")).to_be_hidden()


def test_a_full_device_says_so_and_keeps_the_form(visit: Visit, ani: Pegawai) -> None:
    with visit("pegawai", allow=TANPA_SINYAL, fresh=True) as who:
        who.open(PAGE)
        siap_luring(who.page)
        who.open(FORM)
        network = who.page.context.new_cdp_session(who.page)
        network.send("Storage.overrideQuotaForOrigin", {"origin": who.url, "quotaSize": 1})
        who.signal(False)
        isi(who.page, "Tidak muat", foto(3))
        who.sees("Penyimpanan perangkat ini penuh: kiriman belum tersimpan.")
        expect(who.page.get_by_label(URAIAN)).to_have_value("Tidak muat")
        who.check("realisasi-perangkat-penuh")
        network.send("Storage.overrideQuotaForOrigin", {"origin": who.url})
        who.page.get_by_role("button", name="Kirim", exact=True).click()
        who.sees("Tersimpan di perangkat ini.")


def test_logging_out_warns_then_wipes(visit: Visit, ani: Pegawai) -> None:
    with visit("pegawai", allow=(*TANPA_SINYAL, "409"), fresh=True) as who:
        page = who.page
        who.open(PAGE)
        siap_luring(page)
        who.open(FORM)
        who.signal(False)
        isi(page, "Rahasia yang belum terkirim", foto(4), tanggal=BULAN_DITUTUP)
        who.sees("Tersimpan di perangkat ini.")
        page.get_by_label(URAIAN).fill("Rahasia yang masih draf")
        sampai(page, DRAF, "Rahasia yang masih draf")
        keluar = page.get_by_role("button", name="Keluar", exact=True)
        keluar.click()
        who.sees("1 kiriman belum terkirim.")
        who.sees("Draf yang belum Anda kirim juga terhapus.")
        who.check("keluar-antrean")
        page.get_by_role("button", name="Keluar dan hapus").click()
        who.sees("Anda belum keluar: tidak ada sinyal.")
        page.get_by_role("button", name="Batal").click()
        assert tersimpan(page) == sorted(OFFLINE)
        who.signal(True)
        expect(page.locator("[data-antrean-kepala]")).to_have_text("1 kiriman perlu Anda lihat")
        keluar.click()
        page.get_by_role("button", name="Keluar dan hapus").click()
        who.sees("Anda sudah keluar.")
        assert tersimpan(page) == []
        left = page.evaluate(
            """async () => {
              const db = await idb.openDB("ekinerja");
              return Promise.all(["kiriman", "berkas", "draf"].map((store) => db.count(store)));
            }"""
        )
        assert left == [0, 0, 0]


def test_the_next_person_sees_and_sends_nothing_of_the_last(visit: Visit, dunia: Dunia, ani: Pegawai) -> None:
    awalan = f"Milik Ani {uuid4().hex[:6]}"
    with visit("pegawai", allow=(*TANPA_SINYAL, "401"), fresh=True) as who:
        page, context = who.page, who.page.context
        who.open(PAGE)
        siap_luring(page)
        kept = page.evaluate("caches.keys()")
        who.open(FORM)
        who.signal(False)
        isi(page, awalan, foto(5))
        who.sees("Tersimpan di perangkat ini.")
        page.get_by_label(URAIAN).fill(f"{awalan} draf")
        sampai(page, DRAF, f"{awalan} draf")

        # Somebody else's session, while a page of the first is still open in another tab.
        context.clear_cookies()
        give_session(context, dunia, dunia.token(person(dunia, "atasan")))
        second = context.new_page()
        who.signal(True)
        second.goto(who.url + PAGE)
        expect(second.get_by_text("Ada kiriman orang lain")).to_be_visible()
        expect(second.locator(KIRIMAN)).to_have_count(0)
        assert awalan not in second.content()
        expect(second.locator("[data-antrean-kepala]")).to_be_hidden()
        sampai(second, "async () => (await (await idb.openDB('ekinerja')).count('draf')) === 0")
        ours = [one for one in kept if one.startswith("halaman-")]
        assert not set(ours) & set(second.evaluate("caches.keys()")), "salinan halaman Ani masih ada"
        page.evaluate("antrean.kirim({ segera: true })")
        expect(page.locator("[data-antrean-kepala]")).to_have_text("Masuk lagi: 1 kiriman menunggu")
        assert ani.tercatat(awalan) == []
        second.close()

        context.clear_cookies()
        give_session(context, dunia, dunia.token(ani.nip))
        who.open(PAGE)
        expect(page.locator(DITERIMA)).to_have_count(1)
        assert len(ani.tercatat(awalan)) == 1


def test_the_server_refuses_what_another_account_left(dunia: Dunia, ani: Pegawai) -> None:
    token = {"Authorization": f"Bearer {dunia.token(ani.nip)}"}
    address = f"{dunia.url.rstrip('/')}/api/skp/bukti/{'0' * 64}"
    for tag in ("", "0" * 16):
        headers = token | {ACCOUNT: tag, "Idempotency-Key": "k" * 20}
        answer = httpx2.put(address, headers=headers, content=b"x")
        assert answer.status_code == 401
        assert "orang lain" in answer.json()["detail"]


def test_the_app_opens_calmly_without_signal(visit: Visit) -> None:
    with visit("pegawai", allow=TANPA_SINYAL, fresh=True) as who:
        page = who.page
        who.open("/skp/rencana/baru?tahun=2033")
        siap_luring(page)
        manifest = page.evaluate(
            "fetch(document.querySelector('link[rel=manifest]').href).then((answer) => answer.json())"
        )
        assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
        assert {"any", "maskable"} <= {icon["purpose"] for icon in manifest["icons"]}
        for icon in manifest["icons"]:
            size = page.evaluate(
                """async (src) => {
                  const one = Object.assign(new Image(), {src});
                  await one.decode();
                  return one.naturalWidth;
                }""",
                icon["src"],
            )
            assert icon["sizes"] in ("any", f"{size}x{size}")
        worker = page.evaluate(
            "fetch('/sw.js').then(({headers}) => [headers.get('cache-control'), headers.get('content-type')])"
        )
        assert worker == ["no-cache", "text/javascript; charset=utf-8"]

        # A form that finds no signal stays as it is, and may be sent again.
        who.fill("Rencana hasil kerja", "Tersedianya data yang tidak boleh hilang")
        who.signal(False)
        for _ in range(2):
            page.get_by_role("button", name="Simpan draf").click()
            told = page.get_by_text("Belum terkirim: tidak ada sinyal.")
            expect(told).to_be_visible()
            told.evaluate("(node) => node.closest('.alert').remove()")
        page.get_by_role("button", name="Simpan draf").click()
        expect(told).to_be_visible()
        field = page.get_by_label("Rencana hasil kerja", exact=True)
        expect(field).to_have_value("Tersedianya data yang tidak boleh hilang")
        who.check("tertahan")

        # Only pages for writing work down are kept.
        page.goto(who.url + "/skp/rencana")
        who.sees("Halaman ini memerlukan sambungan.")
        who.check("luring")
        assert tersimpan(page) == sorted(OFFLINE)
        page.get_by_role("link", name="Lihat kiriman di perangkat ini").click()
        who.sees("Sekarang tidak ada sinyal.")
        who.signal(True)
        page.goto(who.url + "/skp/rencana")
        expect(page.get_by_role("heading", level=1)).to_have_text("SKP saya")
