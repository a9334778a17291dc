"""Facts that policies ask for: sent by who may, looked through, listed, taken back, seen by their person."""

from tests.browser import panduan
from tests.browser.conftest import Visit
from tests.browser.test_admin import soon, upload
from tests.browser.test_masukan import _csv, _orang, _salah
from tests.dunia import Dunia

TAK_DIKENAL = "199912312024011999"


def test_eselon_and_zakat_from_file_to_list_and_back(visit: Visit, dunia: Dunia) -> None:
    satu, dua, tiga = _orang(dunia)[:3]
    with visit("pegawai", allow=("403",)) as who:
        for path in ("/tpp/fakta", "/tpp/fakta/zakat", "/tpp/impor/potongan"):
            who.open(path, 403)
        who.open("/tpp/fakta/saya")
        who.sees("Belum ada fakta lain tentang Anda.")
    with visit("pengelola", allow=("403",)) as who:
        who.open("/tpp/fakta/potongan", 403)
        who.open("/tpp/impor/fakta-daerah")
        who.check("impor-fakta-daerah")
        upload(who, "iku.csv", _csv("nip;fakta;nilai;bulan", (satu, "capaian_iku", "92%", "2026-10")))
        _salah(who, "tidak dikenal kebijakan yang aktif")
        who.sees("Aktifkan dahulu kebijakan TPP yang menyebutnya.")
    with visit("admin", allow=("422",)) as who:
        who.open("/tpp/impor/eselon")
        who.check("impor-eselon")
        rusak = (TAK_DIKENAL, "II.b", "2027-01-01"), (satu, "VI.a", "2027-01-01"), (dua, "II.b", "31-02-2027")
        upload(who, "eselon.csv", _csv("nip;eselon;mulai", *rusak))
        soon(who, "3 kesalahan ditemukan. Belum ada yang disimpan.")
        who.sees("Yang ada: I.a, I.b, II.a, II.b")
        who.check("impor-eselon-salah")
        who.press("Unggah berkas lain")
        baik = (satu, "II.b", "2027-01-01"), (dua, "IV.a", "2027-01-01"), (tiga, "-", "2027-01-01")
        upload(who, "eselon.csv", _csv("nip;eselon;mulai", *baik))
        soon(who, "Semua baris benar. Belum ada yang disimpan.")
        who.press("Simpan semua baris")
        soon(who, "Isi berkas sudah disimpan.")
        who.open("/tpp/fakta/eselon")
        who.sees("Bukan struktural")
        who.check("fakta-eselon")
        who.gambar("kepegawaian-fakta", width=panduan.DESK)
        who.page.get_by_role("link", name=f"Cabut Eselon, {satu}").click()
        who.check("fakta-cabut")
        who.page.get_by_label("Alasan").fill("x")
        who.press("Cabut fakta")
        who.sees("5 huruf")
        who.page.get_by_label("Alasan").fill("Surat keputusannya dibatalkan")
        who.press("Cabut fakta")
        who.sees("Fakta dicabut.")
        who.open("/tpp/fakta/lokasi?cari=tidak-ada")
        who.sees("Tidak ada fakta yang cocok.")
        who.check("fakta-lokasi-kosong")
    with visit("keuangan") as who:
        who.open("/tpp/impor/zakat")
        upload(who, "zakat.csv", _csv("nip;zakat;mulai", (dua, "ya", "2027-01-01")))
        soon(who, "Semua baris benar. Belum ada yang disimpan.")
        who.press("Simpan semua baris")
        soon(who, "Isi berkas sudah disimpan.")
        who.open("/tpp/fakta/zakat")
        who.sees("Zakat dipotong dari TPP")
        who.check("fakta-zakat")
    with visit(dua) as who:
        who.open("/tpp/fakta/saya")
        who.sees("IV.a")
        who.sees("Zakat dipotong dari TPP")
        who.check("fakta-saya")
