"""What was handed over is taken back, whoever waits reminds, and a slip comes as paper."""

from uuid import uuid4

from playwright.sync_api import expect

from deploy.demo.klien import tunggu
from tests.browser import november
from tests.browser.conftest import Visit, person
from tests.dunia import Dunia


def test_a_locked_opd_is_taken_back_with_a_reason(visit: Visit, dunia: Dunia) -> None:
    offices = dunia.bulan.pejabat
    opd = next(one for one in offices.keuangan if one != "DIKBUD")
    path = f"/tpp/persetujuan/{november.BULAN}/{opd}"
    with november.dihitung(dunia):
        with visit("bpkad") as who:
            who.open(path)
            who.sees("Tahap berikutnya bukan giliran Anda.")
            who.press("Ingatkan Keuangan OPD")
            who.sees("Keuangan OPD sudah diingatkan.")
            who.open(path)
            who.sees("Sudah Anda ingatkan hari ini.")
            who.check("persetujuan-diingatkan")
        for tindakan, nip in (
            ("verifikasi", offices.keuangan[opd]),
            ("setujui", offices.admin_bkd),
            ("kunci", offices.bpkad),
        ):
            address = f"/api/tpp/penetapan/{november.BULAN}/{opd}/{tindakan}"
            dunia.jalankan(dunia.klien.kirim(nip, str(uuid4()), "POST", address))
            if tindakan == "verifikasi":
                with visit(nip) as who:
                    who.open(path)
                    who.fill("Tanggapan", "Datanya menyusul; dibayar sesudah lengkap.")
                    who.press("Simpan tanggapan")
                    who.sees("Tanggapan Anda dicatat.")
        with visit("bpkad", allow=("422",)) as who:
            who.open(path)
            who.page.locator("summary", has_text="Batalkan penyerahan").click()
            who.check("batal-formulir")
            who.fill("Alasan pembatalan", "abc")
            who.press("Ya, batalkan penyerahan")
            expect(who.page.locator("#salah")).to_be_focused()
            assert who.page.get_by_label("Alasan pembatalan", exact=True).input_value() == "abc"
            who.check("batal-salah")
            who.fill("Alasan pembatalan", "Absensi satu orang keliru dibaca")
            who.page.get_by_role("button", name="Ya, batalkan penyerahan").dblclick()
            who.page.wait_for_load_state("networkidle")
            who.sees("Pembatalan sudah diminta")
            who.sees("Pembatalan diminta: Absensi satu orang keliru dibaca")
            assert who.page.get_by_text("Pembatalan diminta: Absensi").count() == 1
            who.check("batal-menunggu")
    # Opened again: where nothing was locked, the old figure says what it is and who acts next.
    other = next(
        one.nip
        for one in reversed(dunia.pemda.orang)
        if one.opd not in (opd, "DIKBUD") and one.skp_disetujui and not one.pindah_ke
    )
    slip = f"/api/tpp/slip/{november.BULAN}/saya"

    async def terbuka() -> bool | None:
        return (await dunia.klien.ambil(other, slip))["pembaruan"] == "dibuka_kembali" or None

    dunia.jalankan(tunggu("tpp mendengar bulan dibuka kembali", terbuka, seconds=60))
    with visit(other) as who:
        who.open("/tpp/saya")
        who.sees("Dihitung ulang")
        who.page.get_by_role("link", name=november.NAMA, exact=True).click()
        who.sees("Bulan ini dibuka kembali. Angka di bawah belum tetap.")
        assert who.page.get_by_role("link", name="Unduh slip (PDF)").count() == 0
        who.check("tpp-slip-dibuka-kembali")
        who.press("Ingatkan Admin BKD")
        who.sees("Admin BKD sudah diingatkan.")


def test_a_slip_is_one_click_away_on_paper(visit: Visit, dunia: Dunia) -> None:
    with visit(person(dunia, "atasan")) as who:
        who.open("/tpp/saya")
        who.check("tpp-saya-slip")
        link = who.page.get_by_role("link", name="PDF").first
        answer = who.page.request.get(who.url + str(link.get_attribute("href")))
        assert answer.headers["content-type"] == "application/pdf", answer.text()
        assert answer.body().startswith(b"%PDF")
        who.page.get_by_role("link", name="Oktober 2026", exact=True).click()
        who.page.get_by_role("link", name="Unduh slip (PDF)").wait_for()
        who.check("slip-unduh")
