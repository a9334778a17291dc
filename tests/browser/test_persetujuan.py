"""Three people decide on an OPD's month, each seeing totals first and whose turn it is."""

from playwright.sync_api import expect

from tests.browser import november
from tests.browser.conftest import Visit, person
from tests.dunia import Dunia


def test_maker_checker_from_opd_to_bpkad(visit: Visit, dunia: Dunia) -> None:
    opd = next(iter(dunia.bulan.pejabat.keuangan))
    path = f"/tpp/persetujuan/{november.BULAN}/{opd}"
    with november.dihitung(dunia):
        with visit("pegawai", allow=("403",)) as who:
            who.open(path, 403)
        with visit("bpkad") as who:
            who.open(path)
            who.sees("Tahap berikutnya bukan giliran Anda.")
            who.sees("Menunggu: Keuangan OPD")
        with visit("keuangan", allow=("422",)) as who:
            who.open("/tpp/persetujuan")
            who.sees("1 OPD menunggu keputusan Anda.")
            who.check("persetujuan")
            who.page.locator("tbody a").first.click()
            # Whoever is held or differs from last month is answered for, whoever of the made-up people it is.
            if who.page.get_by_label("Tanggapan", exact=True).count():
                who.fill("Tanggapan", "abc")
                who.press("Simpan tanggapan")
                expect(who.page.locator("#salah")).to_be_focused()
                who.fill("Tanggapan", "Sudah dicocokkan dengan data bulan lalu")
                who.press("Simpan tanggapan")
                who.sees("Tanggapan Anda dicatat.")
                who.sees("Ditanggapi oleh")
            who.page.locator("summary", has_text="Verifikasi").click()
            total = who.page.locator(".jumlah-besar").inner_text()
            assert total.startswith("Rp")
            assert total != "Rp\u00a00"
            expect(who.page.locator(".tegaskan")).to_contain_text(total)
            who.check("persetujuan-opd")
            who.press("Ya, verifikasi")
            who.sees("diverifikasi.")
            who.sees("Tahap berikutnya bukan giliran Anda.")
            # Taking it back needs a reason, and keeps what was typed.
            who.fill("Alasan", "abc")
            who.press("Kembalikan")
            expect(who.page.locator("#salah")).to_be_focused()
            assert who.page.get_by_label("Alasan", exact=True).input_value() == "abc"
            who.fill("Alasan", "Kehadiran satu orang masih keliru")
            who.press("Kembalikan")
            who.sees("Kehadiran satu orang masih keliru")
            who.page.locator("summary", has_text="Verifikasi").click()
            who.press("Ya, verifikasi")
        with visit(dunia.bulan.pejabat.admin_bkd) as who:
            who.open(path)
            # By keyboard alone.
            who.page.locator("summary", has_text="Setujui").focus()
            who.page.keyboard.press("Enter")
            who.page.keyboard.press("Tab")
            who.page.keyboard.press("Enter")
            who.sees("disetujui.")
            who.check("persetujuan-menunggu")
        with visit("bpkad", javascript=False, width=360) as who:
            who.open(path)
            who.page.locator("summary", has_text="Kunci").click()
            who.sees("angka membeku")
            who.press("Ya, kunci")
            who.sees("diserahkan")
            assert who.page.get_by_text("Kembalikan ke draf").count() == 0
        with visit(person(dunia, "auditor")) as who:
            who.open(path)
            who.sees("Dikunci oleh")
            who.check("persetujuan-riwayat")
