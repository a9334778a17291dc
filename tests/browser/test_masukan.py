"""What is told of a month: files of activity, outside tax and balances; a list of apel; a day taken back."""

from collections.abc import Sequence

from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Visit
from tests.browser.tamu import Visitor
from tests.browser.test_admin import soon, upload
from tests.dunia import Dunia

BULAN = "2026-10"
_TAK_DIKENAL = "199912312024011999"


def _orang(dunia: Dunia) -> list[str]:
    """NIP of everybody of the first OPD who stays in it."""
    opd = next(iter(dunia.bulan.pejabat.keuangan))
    return [one.nip for one in dunia.pemda.orang if one.opd == opd and one.pindah_ke is None]


def _csv(kepala: str, *baris: Sequence[object]) -> bytes:
    return "\n".join([kepala, *(";".join(map(str, one)) for one in baris)]).encode()


def _tab_ke(who: Visitor, label: str) -> None:
    """Reach a control with the Tab key alone, from the top of the page."""
    who.page.evaluate("document.activeElement.blur()")
    for _ in range(120):
        who.page.keyboard.press("Tab")
        if who.page.evaluate(
            """(text) => { const one = document.activeElement;
              const name = one.labels?.[0]?.innerText ?? one.innerText ?? "";
              return name.trim().startsWith(text); }""",
            label,
        ):
            return
    raise AssertionError(f"{label} tidak tercapai dengan Tab")


def _salah(who: Visitor, *sebab: str) -> None:
    """The file was looked through: so many faults, each named, nothing stored."""
    soon(who, f"{len(sebab)} kesalahan ditemukan. Belum ada yang disimpan.")
    for text in sebab:
        who.sees(text)


def test_a_months_files_are_corrected_until_they_are_taken_in(visit: Visit, dunia: Dunia) -> None:
    satu, dua, tiga = _orang(dunia)[:3]
    with visit("admin") as who:
        who.open("/tpp/impor/aktivitas")
        who.check("impor-aktivitas")
        who.page.get_by_label("Bulan", exact=True).select_option(BULAN)
        who.page.get_by_label("Bulan yang sudah dikunci").select_option(label="Koreksi: kesalahan rekap")
        kepala = "nip;bulan;menit aktivitas;hari laporan;ada hasil"
        rusak = _csv(
            kepala,
            (_TAK_DIKENAL, BULAN, 6000, 20, "ya"),
            (satu, BULAN, 6000, 20, "ya"),
            (satu, BULAN, 6100, 20, "ya"),
            (dua, "2026-09", 6000, 20, "ya"),
            (tiga, BULAN, -5, 20, "ya"),
        )
        upload(who, "rekap-aktivitas-oktober.csv", rusak)
        _salah(
            who,
            "pegawai tidak ditemukan dalam wewenang Anda",
            "orang yang sama",
            "bukan Oktober 2026",
            "tidak boleh negatif",
        )
        who.check("impor-aktivitas-salah")
        # The same by keyboard alone: choose, send, take in.
        who.open("/tpp/impor/aktivitas")
        _tab_ke(who, "Bulan")
        who.page.keyboard.type("Oktober 2026")
        _tab_ke(who, "Bulan yang sudah dikunci")
        who.page.keyboard.type("Koreksi: kesalahan rekap")
        who.page.get_by_label("Berkas", exact=True).set_input_files(
            FilePayload(
                name="rekap-aktivitas-oktober.csv",
                mimeType="text/csv",
                buffer=_csv(
                    kepala, (satu, BULAN, 6000, 20, "ya"), (dua, "", 6200, "", ""), (tiga, "", 0, 0, "tidak")
                ),
            )
        )
        _tab_ke(who, "Unggah dan periksa")
        who.page.keyboard.press("Enter")
        soon(who, "Semua baris benar. Belum ada yang disimpan.")
        who.check("impor-aktivitas-benar")
        _tab_ke(who, "Simpan semua baris")
        who.page.keyboard.press("Enter")
        soon(who, "Isi berkas sudah disimpan.")
        who.check("impor-aktivitas-selesai")
    with visit("keuangan") as who:
        who.open("/tpp/impor/pajak-luar")
        who.check("impor-pajak-luar")
        who.page.get_by_label("Bulan", exact=True).select_option(BULAN)
        upload(
            who,
            "pph21.csv",
            _csv("nip;pajak luar", (satu, -1), (dua, "seratus"), (_TAK_DIKENAL, 100_000), (dua, 1)),
        )
        # Each row of a locked month is one more fault: only admin BKD corrects it.
        soon(who, "6 kesalahan ditemukan. Belum ada yang disimpan.")
        who.sees("Tidak ada baris yang benar.")
        assert who.page.get_by_role("button", name="Simpan baris yang benar saja").count() == 0
        for text in ("tidak boleh negatif", "bukan rupiah bulat", "sudah dikunci"):
            who.sees(text)
        who.check("impor-pajak-luar-salah")
        who.open("/tpp/impor/saldo-pajak")
        who.check("impor-saldo-pajak")
        kepala = "nip;sampai bulan;bruto;pengurang;pajak"
        rusak = _csv(
            kepala,
            (satu, "2025-08", -1, 0, 0),
            (_TAK_DIKENAL, "2025-08", 60_000_000, 2_000_000, 1_500_000),
            (dua, "bulan lalu", 60_000_000, 2_000_000, 1_500_000),
        )
        upload(who, "saldo-pajak.csv", rusak)
        _salah(who, "tidak boleh negatif", "pegawai tidak ditemukan dalam wewenang Anda", "bulan lalu")
        who.check("impor-saldo-pajak-salah")
        who.press("Unggah berkas lain")
        upload(who, "saldo-pajak.csv", _csv(kepala, (tiga, "2025-08", "60.000.000", 2_000_000, 1_500_000)))
        soon(who, "Semua baris benar. Belum ada yang disimpan.")
        who.press("Simpan semua baris")
        soon(who, "Isi berkas sudah disimpan.")
    with visit("pegawai", allow=("403",)) as who:
        for kind in ("aktivitas", "pajak-luar", "saldo-pajak"):
            who.open(f"/tpp/impor/{kind}", 403)


def test_profiles_of_a_month_and_of_apel_are_tried(visit: Visit, dunia: Dunia) -> None:
    satu, dua = _orang(dunia)[:2]
    with visit("admin", allow=("422",)) as who:
        who.open("/tpp/profil-kehadiran/aktivitas-jam")
        who.press("Coba")
        who.sees("belum ada berkas yang dipilih")
        who.page.get_by_label("Berkas contoh").set_input_files(
            FilePayload(
                name="aktivitas.csv",
                mimeType="text/csv",
                buffer=_csv(
                    "NIP;Total Jam;Hari Lapor", (satu, "112:30", 20), (dua, "112,5", ""), (dua, "9:75", 1)
                ),
            )
        )
        who.page.get_by_label("Bulan pada berkas").select_option(BULAN)
        who.press("Coba")
        who.sees("orang pertama yang terbaca")
        who.check("profil-bulanan")
    with visit("pengelola", allow=("422",)) as who:
        who.open("/tpp/profil-kehadiran/daftar-apel")
        who.check("profil-apel")
        who.page.get_by_label("Berkas contoh").set_input_files(
            FilePayload(
                name="apel.csv",
                mimeType="text/csv",
                buffer=_csv(
                    "NIP;Tanggal;Apel;Upacara",
                    (satu, "2026-10-05", "Hadir", ""),
                    (dua, "2026-10-05", "Tidak hadir", "Hadir"),
                    (dua, "2026-10-06", "Terlambat", ""),
                ),
            )
        )
        who.page.get_by_label("Bulan pada berkas").select_option(BULAN)
        who.press("Coba")
        who.sees("1 kesalahan ditemukan.")
        who.sees("Tidak mengikuti apel")
        who.check("profil-apel-dicoba")


def _buka_hari(who: Visitor, nip: str, tercatat: int) -> None:
    """Find somebody in the list, and open the so-maniest day of which something is known."""
    who.open(f"/tpp/kehadiran-pegawai/{BULAN}")
    who.fill("Cari", nip)
    who.press("Tampilkan")
    assert who.page.locator("tbody tr").count() == 1
    who.page.locator("tbody a").first.click()
    who.settle()
    who.page.get_by_role("link", name="Riwayat").nth(tercatat).click()
    who.settle()


def test_a_day_reported_by_mistake_is_taken_back_without_scripts(visit: Visit, dunia: Dunia) -> None:
    satu = _orang(dunia)[3]
    with visit("pengelola", javascript=False, width=360) as who:
        _buka_hari(who, satu, 0)
        who.sees("sudah dikunci")
        assert who.page.get_by_role("button", name="Ya, cabut catatan ini").count() == 0
    with visit("admin", javascript=False, width=360, allow=("422",)) as who:
        _buka_hari(who, satu, 0)
        who.sees("Sesudah dicabut")
        who.press("Ya, cabut catatan ini")
        expect(who.page.locator("#salah")).to_be_visible()
        who.fill("Alasan", "Sidik jari orang lain terbaca atas namanya")
        who.press("Ya, cabut catatan ini")
        who.sees("Catatan dicabut; hari itu tidak dihitung mangkir.")
        who.sees("selisihnya menjadi rapel")
        who.sees("Sidik jari orang lain terbaca atas namanya")
        assert who.page.get_by_role("button", name="Ya, cabut catatan ini").count() == 0
    with visit("pengelola") as who:
        who.open(f"/tpp/kehadiran-pegawai/{BULAN}")
        who.check("kehadiran-pegawai")
        _buka_hari(who, satu, 0)
        who.check("kehadiran-pegawai-dicabut")
        who.page.get_by_role("link", name="Kehadiran orang ini").click()
        who.settle()
        who.check("kehadiran-pegawai-bulan")
        who.page.get_by_role("link", name="Riwayat").nth(1).click()
        who.settle()
        who.check("kehadiran-pegawai-terkunci")
        who.open(f"/tpp/kehadiran-pegawai/{BULAN}?cari=999")
        who.check("kehadiran-pegawai-kosong")
    with visit("admin", allow=("422",)) as who:
        _buka_hari(who, satu, 1)
        _tab_ke(who, "Alasan")
        who.page.keyboard.press("Tab")
        who.page.keyboard.press("Enter")
        expect(who.page.locator("#salah")).to_be_focused()
        who.check("kehadiran-pegawai-hari")
    with visit("pegawai", allow=("403",)) as who:
        who.open("/tpp/kehadiran-pegawai")
        who.sees("Belum ada pegawai yang Anda pimpin atau kelola.")
