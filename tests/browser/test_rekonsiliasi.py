"""Were all paid, and what late facts came to: both sides of a month, payroll's list, the way to the rapel."""

import re
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from deploy.demo.klien import tunggu
from deploy.demo.perintah import ADMIN_NIP
from tests.browser.conftest import Visit
from tests.browser.panduan import DESK
from tests.dunia import Dunia

BULAN = "2026-10"
REKON, RAPEL = f"/tpp/rekonsiliasi/{BULAN}", f"/tpp/rapel/{BULAN}"
ASING = "198501012010011777"


def berkas(isi: str) -> Any:
    """A list as a file to choose."""
    return {"name": "daftar-payroll.csv", "mimeType": "text/csv", "buffer": isi.encode()}


def _terbayar(dunia: Dunia, menurut: str = "") -> dict[str, str]:
    """Who was paid, and how much, as far as somebody sees it (else BPKAD)."""
    rows = dunia.jalankan(dunia.klien.semua(menurut or dunia.bulan.pejabat.bpkad, f"/api/tpp/daftar/{BULAN}"))
    return {row["nip"]: row["neto"] for row in rows if row["status"] == "dihitung"}


def _alpa(dunia: Dunia) -> str:
    """Somebody who turns out absent on a day of the locked month, as the office says only now."""
    paid = _terbayar(dunia)
    offices = dunia.bulan.pejabat
    busy = {offices.admin_bkd, offices.bpkad, offices.auditor, *offices.keuangan.values()}
    opd = next(iter(offices.keuangan))
    nip = [
        one.nip for one in dunia.pemda.orang if one.opd == opd and one.nip in paid and one.nip not in busy
    ][-1]
    rows = "".join(f"{nip};{BULAN}-{day:02};;;A\n" for day in (5, 6, 7))
    dunia.jalankan(
        dunia.klien.kirim(
            ADMIN_NIP,
            str(uuid4()),
            "POST",
            "/api/tpp/impor/kehadiran",
            isi=f"nip;tanggal;masuk;pulang;keterangan\n{rows}".encode(),
            periode=BULAN,
            berkas="koreksi.csv",
            alasan="Rekap manual OPD menyusul",
        )
    )

    async def found() -> Any:
        rows = await dunia.klien.semua(ADMIN_NIP, f"/api/tpp/koreksi/{BULAN}")
        return next((row for row in rows if row["nip"] == nip), None)

    dunia.jalankan(tunggu("bulan itu dihitung lagi", found))
    return nip


def test_both_sides_of_a_month_and_payrolls_own_list(visit: Visit, dunia: Dunia) -> None:
    paid = _terbayar(dunia)
    one, other, *rest = sorted(paid)
    rows = "".join(f"{nip};{paid[nip]}\n" for nip in rest)
    differing = (
        f"NIP;Jumlah bersih\n{rows}{other};1.234.567\n{ASING};Rp 4.210.678\n{rest[0]};{paid[rest[0]]}\n"
    )
    with visit("pegawai", allow=("403",)) as who:
        who.open(REKON, 403)
        who.open(f"{REKON}/banding", 403)
    with visit("auditor") as who:
        who.open(REKON)
        assert who.page.get_by_role("link", name="Bandingkan dengan daftar payroll").count() == 0
    with visit("bpkad", allow=("422",)) as who:
        who.open(f"/tpp/rekap/{BULAN}")
        who.press("Rekonsiliasi")
        who.page.wait_for_url(f"**{REKON}")
        who.sees("Kedua sisi")
        who.check("rekonsiliasi")
        who.gambar("keuangan-rekonsiliasi", width=DESK)
        with who.page.expect_download() as waiting:
            who.page.get_by_role("link", name="Unduh XLSX").click()
        assert CalamineWorkbook.from_path(str(waiting.value.path())).sheet_names == [
            "Ringkasan",
            "OPD",
            "Temuan",
        ]
        # From here on by keyboard, but for choosing the file.
        who.page.get_by_role("link", name="Bandingkan dengan daftar payroll").focus()
        who.page.keyboard.press("Enter")
        who.page.wait_for_url("**/banding")
        who.settle()
        who.check("banding-formulir")
        chosen = who.page.get_by_label("Berkas daftar")
        chosen.set_input_files(files=[berkas(f"nip;jumlah\n12;5\n{one};minus lima\n{other};-5\n")])
        who.page.get_by_role("button", name="Bandingkan").focus()
        who.page.keyboard.press("Enter")
        who.sees("Yang perlu diperbaiki")
        who.sees("NIP harus 18 angka, ini 2")
        assert who.page.get_by_text("Bukan jumlah rupiah dari nol ke atas").count() == 2
        who.check("banding-salah")
        chosen.set_input_files(files=[berkas(differing)])
        who.page.get_by_role("button", name="Bandingkan").focus()
        who.page.keyboard.press("Enter")
        who.sees("4 perbedaan ditemukan.")
        kinds = who.page.locator("td[data-judul=Perbedaan] .lencana").all_inner_texts()
        assert kinds == [
            "Hanya ada di payroll", "Dibayar lebih dari sekali", "Jumlah berbeda", "Belum ada di payroll",
        ]  # fmt: skip
        who.check("banding-hasil")
        who.gambar("keuangan-banding", width=DESK)
        chosen.set_input_files(files=[berkas(differing)])
        who.page.get_by_label(re.compile("Unduh sebagai lembar kerja")).check()
        with who.page.expect_download() as waiting:
            who.page.get_by_role("button", name="Bandingkan").click()
        book = CalamineWorkbook.from_path(str(waiting.value.path()))
        assert len(book.get_sheet_by_name("Temuan").to_python()) == 1 + 4
    with visit("keuangan", javascript=False, width=360) as who:
        who.open("/tpp/rekonsiliasi")
        own = _terbayar(dunia, next(iter(dunia.bulan.pejabat.keuangan.values())))
        same = "".join(f"{nip};{neto}\n" for nip, neto in own.items())
        who.open(f"{REKON}/banding")
        who.page.get_by_label("Berkas daftar").set_input_files(files=[berkas(f"nip;jumlah\n{same}")])
        who.press("Bandingkan")
        who.sees("Sama semua:")


def test_a_late_fact_is_followed_to_the_month_that_carries_it(visit: Visit, dunia: Dunia) -> None:
    nip = _alpa(dunia)
    with visit("pegawai", allow=("403",)) as who:
        who.open(RAPEL, 403)
    with visit("keuangan") as who:
        who.open("/tpp/rapel")
        who.check("rapel-bulan")
        who.page.get_by_role("link", name="Oktober 2026").focus()
        who.page.keyboard.press("Enter")
        who.page.wait_for_url(f"**{RAPEL}")
        who.settle()
        row = who.page.locator("tr", has_text="tanpa keterangan")
        expect(row).to_contain_text("Menunggu")
        expect(row).to_contain_text("Paling cepat dibawa")
        who.check("rapel")
        who.gambar("keuangan-rapel", width=DESK)
        who.page.get_by_role("link", name="Menunggu dibawa").click()
        who.settle()
        assert who.page.locator("tr", has_text="tanpa keterangan").count() == 1
        with who.page.expect_download() as waiting:
            who.page.get_by_role("link", name="Unduh CSV").click()
        assert nip in waiting.value.path().read_text(encoding="utf-8-sig")
        row.get_by_role("link").first.click()
        who.settle()
        who.press("Rapel semua orang atas bulan ini")
        who.page.wait_for_url(f"**{RAPEL}")
