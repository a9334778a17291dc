"""Writing down what was done: a day with a photo, a week, a month, without scripts, over a bad line."""

import hashlib
import struct
import time
from base64 import b64decode
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from playwright.sync_api import Download, Route, expect

from deploy.demo.perintah import ADMIN_NIP
from services.skp.bukti.rules import JPEG, jenis_isi
from shared.clock import ZONES
from shared.http.session import SESSION
from shared.web.routes import KEY
from tests.browser.conftest import Visit, person
from tests.browser.tamu import DRAF, Visitor, sampai
from tests.browser.ukuran import Ukur
from tests.component.helpers import pdf, rencana
from tests.dunia import Dunia

FORMULIR = "/skp/realisasi/baru"
PER_TAP, PER_LETTER = 1.5, 0.3
"""Seconds that a thumb needs to find a place, and to type a letter."""
_FOTO = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = 3000; canvas.height = 2250;
  const pen = canvas.getContext("2d");
  for (let n = 0; n < 4000; n++) {
    pen.fillStyle = `hsl(${(n * 47) % 360} 70% ${(n * 13) % 100}%)`;
    pen.fillRect((n * 137) % 3000, (n * 211) % 2250, 90, 90);
  }
  return canvas.toDataURL("image/jpeg", 0.95).split(",")[1];
}"""
_UKURAN = """async (url) => {
  const picture = await createImageBitmap(await (await fetch(url)).blob());
  return [picture.width, picture.height];
}"""


@pytest.fixture(scope="module")
def hari(dunia: Dunia) -> date:
    """Today in the region, its month open."""
    today = datetime.now(ZONES["WIB"]).date()
    bulan = f"{today:%Y-%m}"
    known = dunia.jalankan(dunia.klien.semua(ADMIN_NIP, "/api/skp/periode"))
    if bulan not in {row["periode"] for row in known}:
        kirim(dunia, ADMIN_NIP, "POST", "/api/skp/periode", {"periode": bulan})
    return today


def kirim(dunia: Dunia, nip: str, method: str, path: str, json: Any = None) -> Any:
    """A write through the API, under a key of its own."""
    return dunia.jalankan(dunia.klien.kirim(nip, f"uji-{uuid4()}", method, path, json=json))


def staf(dunia: Dunia, urutan: int, hari: date) -> str:
    """The NIP of an employee whom no other test uses, with a plan of this year in force."""
    taken = {person(dunia, role) for role in ("pegawai", "pengelola", "keuangan", "bpkad", "auditor")}
    staff = [
        one.nip
        for one in dunia.pemda.orang
        if one.skp_disetujui and one.nip not in taken and dunia.pemda.jabatan[one.jabatan].jenis != "JPT"
    ]
    nip = staff[-1 - urutan]
    if not berlaku(dunia, nip, hari.year):
        made = kirim(dunia, nip, "POST", "/api/skp/skp", rencana(hari.year))
        address = f"/api/skp/skp/{made['skp_id']}"
        kirim(dunia, nip, "POST", f"{address}/ajukan")
        me = dunia.jalankan(dunia.klien.ambil(nip, "/api/skp/saya"))
        kirim(dunia, me["atasan"]["nip"], "POST", f"{address}/setujui")
    return nip


def berlaku(dunia: Dunia, nip: str, tahun: int) -> bool:
    found = dunia.jalankan(dunia.klien.ambil(nip, f"/api/skp/realisasi/bulan/{tahun}-01"))
    return bool(found["rhk"])


def catatan(dunia: Dunia, nip: str, hari: date) -> list[dict[str, Any]]:
    me = dunia.jalankan(dunia.klien.ambil(nip, "/api/skp/saya"))["pegawai_id"]
    rows = dunia.jalankan(
        dunia.klien.semua(nip, "/api/skp/realisasi", periode=f"{hari:%Y-%m}", pegawai_id=me)
    )
    return [
        dunia.jalankan(dunia.klien.ambil(nip, f"/api/skp/realisasi/{row['realisasi_id']}")) for row in rows
    ]


def berlokasi(jpeg: bytes) -> bytes:
    """The picture with an EXIF part that tells where it was taken, as phones write it."""
    gps = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0GPSLatitude -6.2"
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(gps) + 2) + gps + jpeg[2:]


def test_the_first_entry_of_a_day_with_a_photo(visit: Visit, dunia: Dunia, hari: date, ukur: Ukur) -> None:
    nip = staf(dunia, 0, hari)
    with visit(nip, width=360) as who:
        who.open("/")
        photo = berlokasi(b64decode(who.page.evaluate(_FOTO)))
        assert len(photo) > 800_000
        text = "Menyusun laporan stunting Kecamatan Sukamaju"
        begun, taps = time.monotonic(), 0
        who.press("Catat hari ini")
        taps += 1
        words = who.page.get_by_label("Apa yang dikerjakan")
        words.click()
        taps += 1
        who.page.keyboard.type(text)
        with who.page.expect_file_chooser() as chooser:
            who.page.get_by_label("Ambil foto").click()
        taps += 1
        chooser.value.set_files({"name": "IMG 0001.JPG", "mimeType": "image/jpeg", "buffer": photo})
        who.page.get_by_role("button", name="Kirim", exact=True).click()
        taps += 1
        who.sees("Realisasi tercatat.")
        took = time.monotonic() - begun + taps * PER_TAP + len(text) * PER_LETTER
        how = f"{PER_TAP} s tiap ketukan dan {PER_LETTER} s tiap huruf ikut dihitung"
        ukur("U1", "isian harian pertama dengan foto", taps, "ketukan", 5)
        ukur("U1", f"isian harian pertama dengan foto; {how}", round(took), "s", 30)
        assert taps <= 5
        who.check("realisasi-tanda-terima")
        receipt = who.page.url.rsplit("/", 1)[1]
        assert who.page.locator(".nomor").inner_text() == receipt
        link = who.page.get_by_role("link", name="IMG 0001.jpg")
        width, height = who.page.evaluate(_UKURAN, link.get_attribute("href"))
        assert (width, height) == (1600, 1200)
        with who.page.expect_download() as fetched:
            link.click()
        stored = isi(fetched.value)
        assert jenis_isi(stored) == JPEG
        assert b"Exif" not in stored
        assert b"GPS" not in stored
        assert len(stored) < len(photo) / 2
    [found] = catatan(dunia, nip, hari)
    assert (found["realisasi_id"], found["tanggal"]) == (receipt, str(hari))
    assert found["bukti"] == [hashlib.sha256(stored).hexdigest()]


def isi(download: Download) -> bytes:
    return download.path().read_bytes()


def test_an_upload_goes_on_where_the_line_broke(visit: Visit, dunia: Dunia, hari: date) -> None:
    nip = staf(dunia, 1, hari)
    with visit(nip, allow=("ERR_INTERNET_DISCONNECTED", "409", "422")) as who:
        who.open(FORMULIR)
        sent: list[int] = []

        def line(route: Route) -> None:
            start = int(route.request.url.partition("mulai=")[2].partition("&")[0])
            sent.append(start)
            if len(sent) == 3:
                route.abort("internetdisconnected")
            else:
                route.continue_()

        who.page.route("**/unggahan?mulai=*", line)
        data = pdf("lampiran " * 120_000)
        files = who.page.get_by_label("Pilih berkas")
        files.set_input_files({"name": "Laporan lengkap.pdf", "mimeType": "application/pdf", "buffer": data})
        who.page.get_by_text("Sudah terunggah.", exact=True).wait_for()
        part = 256 * 1024
        # The third part was cut off and sent again; none before it was.
        assert sent == [0, part, 2 * part, *range(2 * part, len(data), part)]
        assert files.evaluate("(field) => field.files.length") == 0
        files.set_input_files({"name": "palsu.pdf", "mimeType": "application/pdf", "buffer": b"<html>"})
        who.page.locator(".ditolak").get_by_text("jenis berkas ini tidak diterima").wait_for()
        who.check("realisasi-bukti")
        who.page.get_by_role("button", name="Hapus palsu.pdf").click()
        who.fill("Apa yang dikerjakan", "Menyusun laporan lengkap")
        who.page.get_by_role("button", name="Kirim", exact=True).click()
        who.sees("Realisasi tercatat.")
    [found] = catatan(dunia, nip, hari)
    assert found["bukti"] == [hashlib.sha256(data).hexdigest()]


def test_evidence_that_cannot_go_ahead_goes_along(visit: Visit, dunia: Dunia, hari: date) -> None:
    nip = staf(dunia, 2, hari)
    with visit(nip, allow=("ERR_FAILED", "net::")) as who:
        who.page.clock.install()
        who.open(FORMULIR)
        who.page.route("**/api/skp/bukti/**", lambda route: route.abort())
        data = pdf("ikut terkirim")
        who.page.get_by_label("Pilih berkas").set_input_files(
            {"name": "Surat.pdf", "mimeType": "application/pdf", "buffer": data}
        )
        who.page.get_by_text("Sambungan terputus; dilanjutkan sendiri.").wait_for()
        who.fill("Apa yang dikerjakan", "Mengirim surat undangan")
        who.page.get_by_role("button", name="Kirim", exact=True).click()
        who.page.get_by_text("Menunggu bukti selesai diunggah").wait_for()
        who.page.clock.fast_forward(25_000)
        who.sees("Realisasi tercatat.")
    [found] = catatan(dunia, nip, hari)
    assert [one["nama"] for one in found["berkas"]] == ["Surat.pdf"]


def test_without_scripts_nothing_typed_or_chosen_is_lost(visit: Visit, dunia: Dunia, hari: date) -> None:
    nip = staf(dunia, 3, hari)
    with visit(nip, javascript=False, allow=("422",)) as who:
        who.open(FORMULIR)
        who.fill("Apa yang dikerjakan", "abc")
        who.fill("Jumlah", "sepuluh")
        who.page.get_by_label("Pilih berkas").set_input_files(
            [
                {"name": "Daftar hadir.pdf", "mimeType": "application/pdf", "buffer": pdf("hadir")},
                {"name": "palsu.pdf", "mimeType": "application/pdf", "buffer": b"<svg>"},
            ]
        )
        who.press("Kirim")
        who.sees("Ada bukti yang tidak diterima.")
        who.sees("palsu.pdf: jenis berkas ini tidak diterima")
        assert who.page.get_by_label("Daftar hadir.pdf").is_checked()
        who.press("Kirim")
        who.sees("Ada isian yang belum benar.")
        assert who.page.get_by_label("Jumlah", exact=True).input_value() == "sepuluh"
        who.fill("Apa yang dikerjakan", "Memimpin rapat koordinasi")
        who.fill("Jumlah", "1.250,5")
        who.press("Tambah catatan lain")
        assert who.page.get_by_label("Jumlah", exact=True).first.input_value() == "1.250,5"
        who.fill("Apa yang dikerjakan", "Menulis notula", 1)
        who.fill("Jumlah", "2", 1)
        who.press("Kirim semua yang diisi")
        who.sees("2 realisasi tercatat.")
        who.page.get_by_role("link", name="Memimpin rapat koordinasi").click()
        who.sees("1.250,5")
        who.sees("Daftar hadir.pdf")
    found = {one["uraian"]: one for one in catatan(dunia, nip, hari)}
    assert float(found["Memimpin rapat koordinasi"]["jumlah"]) == 1250.5
    assert len(found) == 2


def to(who: Visitor, label: str) -> None:
    """Press Tab until the field, button or link with this label has the focus.

    On a Friday a week has five days of a dozen stops each, and some people a long menu before them.
    """
    for _ in range(150):
        who.page.keyboard.press("Tab")
        named = who.page.evaluate(
            "() => [document.activeElement.labels?.[0]?.innerText, document.activeElement.innerText,"
            " document.activeElement.getAttribute('aria-label')].map((text) => (text || '').trim())"
        )
        if label in named:
            return
    raise AssertionError(f"tidak tercapai dengan papan ketik: {label}")


def enter(who: Visitor) -> None:
    """Press Enter on what has the focus, and wait for the page that follows."""
    with who.page.expect_navigation(wait_until="networkidle"):
        who.page.keyboard.press("Enter")


def test_a_week_and_a_month_by_keyboard_alone(visit: Visit, dunia: Dunia, hari: date) -> None:
    nip = staf(dunia, 4, hari)
    monday = hari - timedelta(days=hari.weekday())
    with visit(nip) as who:
        who.open(FORMULIR)
        who.check("realisasi-harian")
        to(who, "Satu pekan")
        enter(who)
        days = who.page.locator("details.lipatan").count()
        assert days == hari.weekday() + 1
        to(who, "Apa yang dikerjakan")
        who.page.keyboard.type("Melayani pendaftaran di loket")
        to(who, "Jumlah")
        who.page.keyboard.type("10,5")
        if days > 1:
            # A draft on the device is older than what the server makes of the form.
            sampai(who.page, DRAF, "10,5")
            to(who, "Samakan hari lain yang kosong")
            enter(who)
            who.check("realisasi-pekan")
            to(who, "Kirim semua yang diisi")
        else:
            to(who, "Kirim")
        enter(who)
        who.sees("realisasi tercatat." if days > 1 else "Realisasi tercatat.")
        found = catatan(dunia, nip, hari) if monday.month == hari.month else []
        if monday.month == hari.month:
            assert {one["tanggal"] for one in found} == {str(monday + timedelta(days=n)) for n in range(days)}
            assert {float(one["jumlah"]) for one in found} == {10.5}
        who.open(f"{FORMULIR}?cara=bulan")
        who.check("realisasi-satu-bulan")
        boxes = who.page.get_by_label("Apa yang dikerjakan")
        before = len(catatan(dunia, nip, hari))
        if boxes.count() > 1:
            who.page.locator("details.lipatan").last.locator("summary").click()
        boxes.last.fill("Rekapitulasi satu bulan")
        who.page.get_by_label("Jumlah", exact=True).last.fill("1")
        to(who, "Kirim semua yang diisi" if boxes.count() > 1 else "Kirim")
        enter(who)
        who.sees("Realisasi tercatat.")
        assert len(catatan(dunia, nip, hari)) == before + 1
        who.open("/skp/realisasi")
        who.check("realisasi-bulan-ini")
        who.open(f"{FORMULIR}?tanggal={hari}")
        who.page.locator(".salinan a").first.click()
        assert who.page.get_by_label("Apa yang dikerjakan").input_value() == "Rekapitulasi satu bulan"


def test_what_cannot_be_done_names_who_must_act(visit: Visit, dunia: Dunia, hari: date) -> None:
    closed = dunia.bulan.periode
    with visit("pegawai", allow=("404", "403")) as who:
        who.open(f"/skp/realisasi?periode={closed}")
        who.sees("sudah ditutup.")
        assert who.page.get_by_role("link", name="Catat hari ini").count() == 0
        who.check("realisasi-tutup")
        who.open(f"{FORMULIR}?tanggal={closed}-05")
        assert who.page.get_by_role("button", name="Kirim", exact=True).count() == 0
        who.open(f"/skp/realisasi/{uuid4()}", 404)
    waiting = next(one.nip for one in dunia.pemda.orang if not one.skp_disetujui)
    with visit(waiting) as who:
        who.open(FORMULIR)
        who.page.locator(".terhalang").first.wait_for()
        who.check("realisasi-terhalang")


def test_only_those_concerned_see_an_entry_and_its_evidence(visit: Visit, dunia: Dunia, hari: date) -> None:
    nip = staf(dunia, 5, hari)
    me = dunia.jalankan(dunia.klien.ambil(nip, "/api/skp/saya"))
    plan = dunia.jalankan(dunia.klien.ambil(nip, f"/api/skp/realisasi/bulan/{hari:%Y-%m}"))["rhk"][0]
    long = "Menyelenggarakan bimbingan teknis penyusunan dokumen perencanaan " * 4
    form = {
        KEY: str(uuid4()),
        "isi/0/rhk_id": plan["rhk_id"],
        "isi/0/tanggal": str(hari),
        "isi/0/uraian": long,
        "isi/0/jumlah": "12.345.678,25",
        "isi/0/satuan": "orang",
    }
    files = {"isi/0/berkas": ("Undangan.pdf", pdf("undangan"), "application/pdf")}
    headers = {"Origin": dunia.url.rstrip("/"), "Accept": "application/json"}
    token = dunia.token(nip)
    with httpx2.Client(base_url=dunia.url, cookies={SESSION: token}, headers=headers) as http:
        # As a queue on a device sends it: the form itself, twice, its receipts as JSON.
        first, again = (http.post(FORMULIR, data=form, files=files) for _ in range(2))
        assert first.status_code == again.status_code == 201
        assert first.json() == again.json()
        wrong = http.post(FORMULIR, data=form | {KEY: str(uuid4()), "isi/0/jumlah": "x"})
        assert wrong.status_code == 422
        assert wrong.json()["errors"][0]["pointer"] == "/isi/0/jumlah"
    [receipt] = first.json()["data"]
    with visit(me["atasan"]["nip"]) as who:
        who.open(f"/skp/realisasi/orang/{me['pegawai_id']}?periode={hari:%Y-%m}")
        who.check("realisasi-bawahan")
        who.page.locator(f"a[href='/skp/realisasi/{receipt['realisasi_id']}']").click()
        who.sees("12.345.678,25")
        with who.page.expect_download() as fetched:
            who.page.get_by_role("link", name="Undangan.pdf").click()
        assert isi(fetched.value) == pdf("undangan")
    with visit(staf(dunia, 0, hari), allow=("403",)) as who:
        who.open(f"/skp/realisasi/{receipt['realisasi_id']}", 403)
        who.open(f"/skp/realisasi/orang/{me['pegawai_id']}", 403)
    with visit() as who:
        who.open(f"/skp/realisasi/{receipt['realisasi_id']}")
        who.page.wait_for_url("**/masuk?kembali=*")
        expect(who.page.get_by_text(long[:40])).to_have_count(0)
