"""From attendance to figures: what is missing is named, progress is live, a reload loses nothing."""

import re

from playwright.sync_api import expect

from tests.browser import november
from tests.browser.conftest import Visit
from tests.browser.test_admin import soon, upload
from tests.dunia import Dunia

RUN = f"/tpp/perhitungan/{november.BULAN}"


def test_attendance_closing_and_the_run(visit: Visit, dunia: Dunia) -> None:
    november.buka(dunia)
    try:
        with visit("pegawai", allow=("403",)) as who:
            who.open(RUN, 403)
        with visit("auditor") as who:
            who.open(RUN)
            who.sees("Periode November 2026 belum ditutup.")
            who.sees("Menunggu: admin BKD")
            assert who.page.get_by_role("button", name="Mulai hitung").count() == 0
        with visit("admin") as who:
            who.open("/tpp/impor/kehadiran")
            who.page.get_by_label("Bulan", exact=True).select_option(november.BULAN)
            upload(who, "kehadiran.xlsx", november.kehadiran())
            who.page.wait_for_url(re.compile(r"/tpp/impor/kehadiran/[0-9a-f-]{36}$"))
            # Mistakes of the file, and people whose month another journey has locked.
            soon(who, "kesalahan ditemukan.")
            who.check("impor-kehadiran")
            who.press("Simpan baris yang benar saja")
            soon(who, "Isi berkas sudah disimpan.")

            who.open("/tpp/perhitungan")
            who.check("perhitungan")
            who.open(RUN)
            who.check("perhitungan-belum-siap")
            who.press("Ke halaman periode")
            who.page.locator("summary", has_text="Tutup bulan").click()
            who.press(f"Ya, tutup {november.NAMA}")
            who.sees("Bulan ditutup.")
            who.open(RUN)
            # Told by the stream: nobody reloads.
            start = who.page.get_by_role("button", name="Mulai hitung").or_(
                who.page.get_by_text("Hitung ulang", exact=True)
            )
            expect(start.first).to_be_visible(timeout=60_000)
            who.check("perhitungan-siap")
            who.page.get_by_role("button", name="Mulai hitung").click()
            who.page.reload()
            expect(who.page.get_by_text("Selesai", exact=True).first).to_be_visible(timeout=60_000)
            who.sees("Ditahan")
            who.check("perhitungan-selesai")
        with visit("keuangan") as who:
            who.open(f"/tpp/rekap/{november.BULAN}")
            who.check("rekap-opd")
            assert who.page.locator("tbody tr").count() == 1
        with visit("bpkad") as who:
            who.open(f"/tpp/rekap/{dunia.pemda.periode}")
            assert who.page.locator("tbody tr").count() == 3
            who.check("rekap")
            with who.page.expect_download() as waiting:
                who.page.get_by_role("link", name="Unduh CSV").click()
            assert waiting.value.path().read_bytes().decode("utf-8-sig").startswith("Kode OPD;OPD;")
            who.open(f"/tpp/daftar/{november.BULAN}?status=ditahan")
            who.check("daftar-ditahan")
            who.open(f"/tpp/daftar/{dunia.pemda.periode}")
            who.check("daftar-tpp")
    finally:
        november.buka(dunia)


def test_progress_is_a_page_without_javascript(visit: Visit, dunia: Dunia) -> None:
    with visit("admin", javascript=False, width=360) as who:
        who.open(f"/tpp/perhitungan/{dunia.pemda.periode}")
        who.sees("Selesai")
        who.page.locator("summary", has_text="Hitung ulang").click()
        who.sees("OPD yang sudah dikunci tidak berubah.")
