"""No signal: nothing typed or sent is lost or arrives twice, and nobody sees or sends another's work."""

import re
import struct
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import psutil
import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect

from deploy.demo.bulan import ADMIN_NIP
from deploy.demo.klien import Ditolak
from shared.http.session import ACCOUNT, SESSION
from tests.browser.conftest import FLAGS, Visit, Visitor, chromium, give_session, person
from tests.browser.test_masuk import log_in
from tests.dunia import Dunia

BULAN, TANGGAL = "2026-11", "2026-11-02"
DITUTUP = "2026-10"
U7 = 50
PAGE = "/skp/kiriman"
# Without signal the browser itself reports each request that went nowhere.
TANPA_SINYAL = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")

# What a page with `data-antre` holds; the fields are those of POST /api/skp/realisasi.
FORMULIR = """([skp, rhk, tanggal]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/skp/kiriman";
  form.dataset.antre = "realisasi";
  form.dataset.antreDraf = "realisasi:uji";
  form.dataset.antreIsi = JSON.stringify({skp_id: skp});
  form.innerHTML = `<input type="hidden" name="_kunci" value="${crypto.randomUUID()}">
    <input type="hidden" name="rhk_id" value="${rhk}">
    <label>Tanggal <input name="tanggal" type="date" value="${tanggal}" required></label>
    <label>Uraian <textarea name="uraian" required></textarea></label>
    <label>Jumlah <input name="jumlah" value="1.250,5"></label>
    <label>Satuan <input name="satuan" value="berkas"></label>
    <label>Bukti <input name="berkas" type="file" multiple></label>
    <button>Kirim realisasi</button>`;
  document.querySelector(".judul").after(form);
  antrean.pasang(form);
}"""


class Pegawai:
    """Somebody with a plan in force, and what the server has of theirs."""

    def __init__(self, dunia: Dunia, nip: str) -> None:
        self.dunia, self.nip = dunia, nip
        ambil = dunia.klien.ambil
        row = dunia.jalankan(ambil(nip, "/api/skp/skp", tahun=int(BULAN[:4])))["data"]
        self.skp = next(one["skp_id"] for one in row if one["nip"] == nip)
        self.rhk = dunia.jalankan(ambil(nip, f"/api/skp/skp/{self.skp}"))["rhk"][0]["rhk_id"]
        try:
            dunia.jalankan(
                dunia.klien.kirim(
                    ADMIN_NIP, f"periode-{BULAN}", "POST", "/api/skp/periode", json={"periode": BULAN}
                )
            )
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


def foto(nomor: int) -> dict[str, Any]:
    """A small picture, different for each number."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0" + nomor.to_bytes(3))
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(*part) for part in ((b"IHDR", header), (b"IDAT", pixel), (b"IEND", b""))
    )
    return {"name": f"foto {nomor}.png", "mimeType": "image/png", "buffer": content}


def isi(page: Page, uraian: str, *files: dict[str, Any]) -> None:
    """Fill in the form and send it."""
    page.get_by_label("Uraian").fill(uraian)
    if files:
        page.get_by_label("Bukti").set_input_files(list(files))
    page.get_by_role("button", name="Kirim realisasi").click()


def formulir(page: Page, siapa: Pegawai, tanggal: str = TANGGAL) -> None:
    """Put the form on the page, as a page with `data-antre` has it."""
    page.evaluate(FORMULIR, [siapa.skp, siapa.rhk, tanggal])


def siap_luring(page: Page) -> None:
    """Wait until the device has kept what it needs without signal."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.wait_for_function(
        """async (path) => {
          for (const name of await caches.keys())
            if (name.startsWith("halaman-") && await (await caches.open(name)).match(path)) return true;
          return false;
        }""",
        arg=PAGE,
    )


def tersimpan(page: Page) -> list[str]:
    """The pages of accounts that the device holds."""
    return page.evaluate(  # type: ignore[no-any-return]
        """async () => (await Promise.all((await caches.keys()).filter((one) => one.startsWith("halaman-"))
          .map(async (name) => (await (await caches.open(name)).keys()).map((one) => one.url)))).flat()"""
    )


class Peramban:
    """Chromium with a profile on disk, that can be killed and opened again."""

    def __init__(self, playwright: Playwright, url: str, folder: Path) -> None:
        self.playwright, self.url, self.folder = playwright, url, folder
        self.context: BrowserContext

    def buka(self, *, luring: bool = False) -> Page:
        """Open the browser, in airplane mode or not."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=chromium(),
            args=FLAGS,
            locale="id-ID",
            viewport={"width": 360, "height": 800},
        )
        self.context.set_offline(luring)
        return self.context.new_page()

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
        self.context.close()


@pytest.fixture
def peramban(playwright: Playwright, dunia: Dunia) -> Iterator[Peramban]:
    """A browser of one's own."""
    with tempfile.TemporaryDirectory() as folder:
        own = Peramban(playwright, dunia.url.rstrip("/"), Path(folder) / "profil")
        yield own
        own.context.close()


def test_u7_fifty_without_signal_and_the_browser_killed(
    dunia: Dunia, ani: Pegawai, peramban: Peramban
) -> None:
    awalan = f"U7 {uuid4().hex[:6]}"
    page = peramban.buka()
    page.goto(f"{peramban.url}/masuk?kembali={PAGE}")
    log_in(Visitor(page, peramban.url), dunia, "pegawai")
    siap_luring(page)

    # Airplane mode. Half of it, the browser dies; it opens again without signal, and the other half follows.
    peramban.context.set_offline(True)
    for half in (range(U7 // 2), range(U7 // 2, U7)):
        page.goto(peramban.url + PAGE)
        formulir(page, ani)
        for number in half:
            isi(page, f"{awalan} nomor {number}", *([foto(number)] if number % 5 == 0 else []))
            expect(page.locator("[data-daftar=belum] > li")).to_have_count(number + 1)
        expect(page.locator("[data-antrean-kepala]")).to_have_text(f"{half[-1] + 1} kiriman menunggu")
        peramban.bunuh()
        page = peramban.buka(luring=True)
    assert ani.tercatat(awalan) == []

    # Signal again, and logged in again; answers get lost on their way back, and the browser dies once more.
    started = time.monotonic()
    peramban.context.set_offline(False)
    lost = []

    def lose(route: Route) -> None:
        if len(lost) < 5:
            route.fetch()
            lost.append(route.request.headers["idempotency-key"])
            route.abort()
        else:
            route.continue_()

    peramban.context.route("**/api/skp/realisasi", lose)
    page.goto(f"{peramban.url}/masuk?kembali={PAGE}")
    log_in(Visitor(page, peramban.url), dunia, "pegawai")
    for _ in range(60):
        if page.locator("[data-daftar=terkirim] > li").count() >= 10:
            break
        page.get_by_role("button", name="Kirim sekarang").click(timeout=20_000)
        page.wait_for_timeout(100)
    peramban.bunuh()
    page = peramban.buka()
    page.goto(f"{peramban.url}/masuk?kembali={PAGE}")
    log_in(Visitor(page, peramban.url), dunia, "pegawai")
    expect(page.locator("[data-daftar=terkirim] > li")).to_have_count(U7, timeout=60_000)
    expect(page.locator("[data-antrean-kepala]")).to_be_hidden()

    rows = ani.tercatat(awalan)
    numbers = sorted(int(row["uraian"].rsplit(" ", 1)[1]) for row in rows)
    assert numbers == list(range(U7)), "hilang atau tercatat dua kali"
    assert len(lost) == 5, "jawaban yang hilang di jalan ikut diuji"
    photos = {int(row["uraian"].rsplit(" ", 1)[1]): row["bukti"] for row in rows}
    assert all(len(bukti) == (number % 5 == 0) for number, bukti in photos.items())
    assert {row["jumlah"] for row in rows} <= {"1250.5", "1250.5000"}
    receipts = page.locator("[data-daftar=terkirim] .nomor").all_inner_texts()
    assert sorted(receipts) == sorted(row["realisasi_id"] for row in rows)
    print(f"\nU7: {U7} kiriman, 0 hilang, 0 dobel; {len(lost)} jawaban hilang di jalan, 3 kali kill -9;")
    print(f"    dari sinyal kembali sampai semua bertanda terima {time.monotonic() - started:.1f} s")


def test_waiting_refused_changed_and_received(visit: Visit, dunia: Dunia, ani: Pegawai) -> None:
    awalan = f"Ubah {uuid4().hex[:6]}"
    with visit("pegawai", allow=(*TANPA_SINYAL, "401", "409"), width=360) as who:
        page, context = who.page, who.page.context
        who.open(PAGE)
        who.sees("Tidak ada yang menunggu.")
        who.check("kiriman-kosong")
        siap_luring(page)

        # A month that is closed by the time the signal comes back: the server's word, and what to do.
        context.set_offline(True)
        formulir(page, ani, f"{DITUTUP}-05")
        isi(
            page,
            f"{awalan} ditolak: menyusun laporan pertanggungjawaban kegiatan {'a' * 90}",
            foto(1),
            foto(2),
        )
        who.sees("Tersimpan di perangkat ini.")
        assert page.get_by_label("Uraian").input_value() == ""
        who.check("kiriman-menunggu")
        context.set_offline(False)
        who.sees("Perlu Anda lihat")
        who.sees("sudah ditutup.")
        expect(page.locator("[data-antrean-kepala]")).to_have_text("1 kiriman perlu Anda lihat")
        who.check("kiriman-ditolak")
        who.press("Coba kirim lagi")
        who.sees("sudah ditutup.")

        # Changed with everything typed still there, photos too; the draft outlives a reload.
        who.press("Ubah lalu kirim")
        formulir(page, ani)
        who.sees("Draf Anda dipulihkan.")
        assert page.get_by_label("Uraian").input_value().startswith(f"{awalan} ditolak")
        assert page.evaluate("document.querySelector('[type=file]').files.length") == 2
        page.get_by_label("Uraian").fill(f"{awalan} diperbaiki")
        page.get_by_label("Tanggal").fill(TANGGAL)
        page.wait_for_function(
            "async () => /diperbaiki/.test((await antrean.draf.ambil('realisasi:uji'))?.nilai.join())"
        )
        page.reload()
        formulir(page, ani)
        who.sees("Draf Anda dipulihkan.")
        who.check("kiriman-draf")
        page.get_by_role("button", name="Kirim realisasi").click()
        who.sees("Terkirim dan tercatat.")
        (row,) = ani.tercatat(awalan)
        assert row["uraian"] == f"{awalan} diperbaiki"
        assert len(row["bukti"]) == 2
        who.sees(row["realisasi_id"])

        # The session ends under somebody's hands: kept, and sent after logging in.
        token = "e30.e30.e30"
        context.add_cookies([{"name": SESSION, "value": token, "url": dunia.url, "httpOnly": True}])
        isi(page, f"{awalan} sesi berakhir")
        who.sees("Tersimpan di perangkat ini; sesi Anda sudah berakhir.")
        who.check("kiriman-sesi-berakhir")
        page.locator("main").get_by_role("link", name="Masuk lagi").first.click()
        log_in(who, dunia, "pegawai")
        expect(page.locator("[data-daftar=terkirim] > li")).to_have_count(2)
        who.check("kiriman-terkirim")
        assert len(ani.tercatat(awalan)) == 2


def test_a_full_device_says_so_and_keeps_the_form(visit: Visit, ani: Pegawai) -> None:
    with visit("pegawai", allow=TANPA_SINYAL) as who:
        who.open(PAGE)
        siap_luring(who.page)
        formulir(who.page, ani)
        network = who.page.context.new_cdp_session(who.page)
        network.send("Storage.overrideQuotaForOrigin", {"origin": who.url, "quotaSize": 1})
        who.page.context.set_offline(True)
        isi(who.page, "Tidak muat", foto(3))
        who.sees("Penyimpanan perangkat ini penuh: kiriman belum tersimpan.")
        assert who.page.get_by_label("Uraian").input_value() == "Tidak muat"
        who.check("kiriman-penuh")
        network.send("Storage.overrideQuotaForOrigin", {"origin": who.url})
        who.page.get_by_role("button", name="Kirim realisasi").click()
        who.sees("Tersimpan di perangkat ini.")


def test_logging_out_warns_then_wipes(visit: Visit, dunia: Dunia, ani: Pegawai) -> None:
    with visit("pegawai", allow=(*TANPA_SINYAL, "409")) as who:
        page = who.page
        who.open(PAGE)
        siap_luring(page)
        formulir(page, ani, f"{DITUTUP}-05")
        page.context.set_offline(True)
        isi(page, "Rahasia yang belum terkirim", foto(4))
        who.sees("Tersimpan di perangkat ini.")
        page.get_by_label("Uraian").fill("Rahasia yang masih draf")
        page.wait_for_function("antrean.draf.ambil('realisasi:uji')")
        page.get_by_role("button", name="Keluar", exact=True).click()
        who.sees("1 kiriman belum terkirim.")
        who.sees("Draf yang belum Anda kirim juga terhapus.")
        who.check("keluar-antrean")
        page.get_by_role("button", name="Keluar dan hapus").click()
        who.sees("Anda belum keluar: tidak ada sinyal.")
        page.get_by_role("button", name="Batal").click()
        assert tersimpan(page)
        page.context.set_offline(False)
        who.sees("Perlu Anda lihat")
        page.get_by_role("button", name="Keluar", exact=True).click()
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
    budi = person(dunia, "atasan")
    with visit("pegawai", allow=TANPA_SINYAL) as who:
        page, context = who.page, who.page.context
        who.open(PAGE)
        siap_luring(page)
        context.set_offline(True)
        formulir(page, ani)
        isi(page, awalan, foto(5))
        who.sees("Tersimpan di perangkat ini.")
        page.get_by_label("Uraian").fill(f"{awalan} draf")
        page.wait_for_function("antrean.draf.ambil('realisasi:uji')")

        # Somebody else's session, while a page of the first is still open in another tab.
        context.clear_cookies()
        give_session(context, dunia, dunia.token(budi))
        second = context.new_page()
        context.set_offline(False)
        second.goto(who.url + PAGE)
        expect(second.get_by_text("Ada kiriman orang lain")).to_be_visible()
        assert awalan not in second.content()
        expect(second.locator("[data-antrean-kepala]")).to_be_hidden()
        second.wait_for_function("async () => (await (await idb.openDB('ekinerja')).count('draf')) === 0")
        assert len(tersimpan(second)) <= 1, "salinan halaman Ani masih ada"
        expect(page.locator("[data-daftar=belum] .lencana")).to_have_text("Perlu masuk lagi")
        assert ani.tercatat(awalan) == []
        second.close()

        context.clear_cookies()
        give_session(context, dunia, dunia.token(ani.nip))
        who.open(PAGE)
        expect(page.locator("[data-daftar=terkirim] > li")).to_have_count(1)
        assert len(ani.tercatat(awalan)) == 1


def test_the_server_refuses_what_another_account_left(dunia: Dunia, ani: Pegawai) -> None:
    token = {"Authorization": f"Bearer {dunia.token(ani.nip)}"}
    address = f"{dunia.url.rstrip('/')}/api/skp/bukti/{'0' * 64}"
    for tag in ("", "0" * 16):
        answer = httpx2.put(
            address, headers=token | {ACCOUNT: tag, "Idempotency-Key": "k" * 20}, content=b"x"
        )
        assert answer.status_code == 401
        assert "orang lain" in answer.json()["detail"]


def test_the_app_opens_calmly_without_signal(visit: Visit, ani: Pegawai) -> None:
    with visit("pegawai", allow=TANPA_SINYAL) as who:
        page, context = who.page, who.page.context
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
            "fetch('/sw.js').then(({headers}) => ['cache-control', 'content-type'].map((one) => headers.get(one)))"
        )
        assert worker[0] == "no-cache"
        assert re.match("text/javascript", worker[1])

        # A form that finds no signal stays as it is.
        who.fill("Rencana hasil kerja", "Tersedianya data yang tidak boleh hilang")
        context.set_offline(True)
        page.get_by_role("button", name="Simpan draf").click()
        who.sees("Belum terkirim: tidak ada sinyal.")
        assert page.get_by_label("Rencana hasil kerja", exact=True).input_value().startswith("Tersedianya")
        who.check("tertahan")
        # Pages that hold pay or others' data are not kept; the one for sending is.
        page.goto(who.url + "/skp/rencana")
        who.sees("Tidak ada sinyal")
        who.check("luring")
        assert [one.removeprefix(who.url) for one in tersimpan(page)] == [PAGE]
        who.press("Lihat kiriman di perangkat ini")
        who.sees("Sekarang tidak ada sinyal.")
        context.set_offline(False)
        page.goto(who.url + "/skp/rencana")
        who.sees("SKP saya")
