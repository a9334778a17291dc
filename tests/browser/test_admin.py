"""Administrators: people, roles, codes, imports, months; and the demo's one click at the door."""

import csv
import io
import re

import httpx2
import pytest
from playwright.sync_api import FilePayload, expect

from deploy.demo import berkas
from deploy.demo.pemda import Orang
from deploy.demo.perintah import ADMIN_NIP
from shared.http.session import SESSION
from tests.browser import november
from tests.browser.conftest import Visit, person
from tests.browser.panduan import DESK
from tests.browser.tamu import Visitor
from tests.dunia import Dunia


def staff(dunia: Dunia, place: int) -> tuple[str, str]:
    """NIP and name of somebody of the last OPD who holds no office."""
    pemda, offices = dunia.pemda, dunia.bulan.pejabat
    busy = {offices.auditor, *offices.keuangan.values(), *offices.pengelola.values()}
    free = [
        o for o in pemda.orang if pemda.jabatan[o.jabatan].jenis in ("JF", "Pelaksana") and o.nip not in busy
    ]
    return free[-place].nip, free[-place].nama


def opd_kini(dunia: Dunia, orang: Orang) -> str:
    """The OPD somebody belongs to after the moves of the demo's month."""
    post = orang.pindah_ke[0] if orang.pindah_ke else orang.jabatan
    return dunia.pemda.opd_dari(dunia.pemda.jabatan[post].unit)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_demos_people_are_one_click_away_and_every_page_says_so(
    visit: Visit, dunia: Dunia, javascript: bool
) -> None:
    with visit(javascript=javascript) as who:
        who.open("/skp/rencana")
        who.sees("DATA CONTOH")
        if javascript:
            who.check("masuk-contoh")
        who.page.get_by_role("button", name=re.compile("Admin BKD pertama")).click()
        who.page.wait_for_url("**/skp/rencana")
        who.sees("DATA CONTOH")
        assert any(one["name"] == SESSION for one in who.page.context.cookies())
        for path in ("/tpp/kebijakan", "/penilaian/monev", "/skp/pegawai"):
            who.open(path)
            who.sees("DATA CONTOH")


def test_finding_somebody_and_reading_their_history(visit: Visit, dunia: Dunia) -> None:
    moved = next(o for o in dunia.pemda.orang if o.pindah_ke)
    with visit("admin") as who:
        who.open("/skp/pegawai")
        who.check("pegawai")
        for order in ("nama", "-nama"):
            who.page.get_by_role("link", name=re.compile("^Nama")).click()
            who.page.wait_for_url(f"**urut={order}")
        names = who.page.locator("tbody td:first-child a").all_inner_texts()
        assert names == sorted(names, key=str.lower, reverse=True)
        who.fill("Cari", moved.nip)
        who.page.keyboard.press("Enter")
        who.page.wait_for_url("**cari=**")
        assert who.page.locator("tbody tr").count() == 1
        who.page.get_by_role("link", name=moved.nama).click()
        who.sees("Riwayat penempatan")
        assert who.page.locator(".alur li").count() >= 2
        who.check("pegawai-satu")
        who.open("/skp/pegawai?cari=tidak-ada-orang-ini")
        who.sees("Tidak ada pegawai yang cocok.")
        who.check("pegawai-kosong")
    with visit("pengelola", allow=("403",)) as who:
        who.open("/skp/pegawai")
        opd = next(iter(dunia.bulan.pejabat.pengelola))
        shown = {re.sub(r"\D", "", cell) for cell in who.page.locator("td[data-judul=NIP]").all_inner_texts()}
        # Other journeys bring people; nobody of the demo is missing, or of another office.
        assert shown & {o.nip for o in dunia.pemda.orang} == {
            o.nip for o in dunia.pemda.orang if opd_kini(dunia, o) == opd
        }
        who.open("/skp/periode", 403)
        assert who.page.get_by_role("link", name="Periode", exact=True).count() == 0
    with visit("pegawai", allow=("403",)) as who:
        for path in ("/skp/pegawai", "/skp/akun", "/skp/impor", "/tpp/rekap", "/penilaian/monev"):
            who.open(path, 403)
        for name in ("Pegawai", "Akun dan peran", "Perhitungan TPP", "Rekap TPP", "Monitoring"):
            assert who.page.get_by_role("link", name=name, exact=True).count() == 0


def test_giving_and_taking_a_role_and_handing_out_a_code(visit: Visit, dunia: Dunia) -> None:
    nip, nama = staff(dunia, 1)
    with visit("admin", allow=("422", "409")) as who:
        who.open(f"/skp/pegawai?cari={nip}")
        who.page.get_by_role("link", name=nama).click()
        who.press("Ubah peran")
        who.page.get_by_label("Peran", exact=True).first.select_option("pengelola")
        who.press("Simpan peran")
        who.sees("peran ini memerlukan unit")
        expect(who.page.locator("#salah")).to_be_focused()
        who.check("peran-salah")
        who.page.get_by_label(re.compile("^Unit")).first.select_option(
            dunia.pemda.jalur(dunia.pemda.orang[0].opd)
        )
        who.press("Tambah peran")
        who.gambar("kepegawaian-peran", width=DESK)
        who.press("Simpan peran")
        who.sees(f"Peran {nama} disimpan.")
        who.sees("Pengelola kinerja")
        who.open("/skp/akun?peran=pengelola")
        who.sees(nama)
        who.check("akun-peran")
        who.page.get_by_role("link", name=nama).click()
        who.press("Ubah peran")
        who.press("Cabut peran 1")
        who.press("Simpan peran")
        who.sees("Tidak memegang peran selain sebagai pegawai.")

        who.open("/skp/akun/kode")
        who.fill("NIP", f"123\n{nip}")
        who.press("Terbitkan kode")
        who.sees("bukan NIP 18 angka: 123")
        who.fill("NIP", f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}")
        who.press("Terbitkan kode")
        who.sees("1 kode diterbitkan.")
        assert re.fullmatch(r"([A-Z0-9]{4}-){3}[A-Z0-9]{4}", who.page.locator(".kode-aktivasi").inner_text())
        who.check("akun-kode")


def soon(who: Visitor, text: str) -> None:
    """A worker has to act first."""
    expect(who.page.get_by_text(text).first).to_be_visible()


def upload(who: Visitor, name: str, data: bytes) -> None:
    who.page.get_by_label("Berkas", exact=True).set_input_files(
        FilePayload(name=name, mimeType="application/octet-stream", buffer=data)
    )
    who.press("Unggah dan periksa")


def test_the_organisation_file_is_checked_explained_and_taken_in_once(visit: Visit, dunia: Dunia) -> None:
    with visit("admin", allow=("422",)) as who:
        who.open("/skp/impor")
        who.check("impor")
        who.press("Unggah dan periksa")
        who.sees("belum ada berkas yang dipilih")
        who.check("impor-salah")
        upload(
            who,
            "organisasi-pegawai-dan-penempatan-tahun-2026-perbaikan-ketiga.xlsx",
            berkas.organisasi(dunia.pemda),
        )
        who.page.wait_for_url(re.compile(r"/skp/impor/[0-9a-f-]{36}$"))
        soon(who, f"{berkas.SALAH_ORGANISASI} kesalahan ditemukan. Belum ada yang disimpan.")
        who.check("impor-diperiksa")
        address = who.page.url
        with who.page.expect_download() as waiting:
            who.page.get_by_role("link", name="Unduh daftar kesalahan").click()
        text = waiting.value.path().read_bytes().decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(text), delimiter=";"))) == 1 + berkas.SALAH_ORGANISASI
        who.press("Simpan baris yang benar saja")
        soon(who, "Isi berkas sudah disimpan.")
        changed = who.page.locator("tbody").first.locator("tr")
        assert changed.count() == 4
        for place in range(changed.count()):
            cells = changed.nth(place).locator("td").all_inner_texts()
            assert cells[2:4] == ["0", "0"], cells
        who.check("impor-selesai")
        who.page.reload()
        assert who.page.url == address
        who.open("/skp/impor")
        who.sees("Tersimpan")


def test_a_month_says_what_closing_means_and_who_comes_first(visit: Visit, dunia: Dunia) -> None:
    november.buka(dunia)
    with visit("admin", allow=("422",)) as who:
        who.open("/skp/periode")
        who.check("periode")
        who.gambar("kepegawaian-periode", width=DESK)
        who.page.get_by_role("link", name="Oktober 2026").click()
        who.sees("Membuka kembali")
        who.fill("Alasan", "pendek")
        who.press("Buka kembali")
        expect(who.page.locator("#salah")).to_be_focused()
        assert who.page.get_by_label("Alasan", exact=True).input_value() == "pendek"
        who.check("periode-alasan")
        who.open(f"/skp/periode/{november.BULAN}")
        who.page.locator("summary", has_text="Tutup bulan").click()
        who.sees("Yang dihitung: ")
        counted = re.search(r"Yang dihitung: (\d+) pegawai", who.page.inner_text("main"))
        assert counted
        assert who.page.locator(".fakta dd").first.inner_text() == counted[1]
        # Everyone of the demo, and whoever else came with other journeys.
        active = dunia.jalankan(dunia.klien.semua(ADMIN_NIP, "/api/skp/pegawai", keadaan="aktif"))
        assert len(dunia.pemda.orang) <= int(counted[1]) <= len(active)
        who.check("periode-satu")
        who.page.locator("summary", has_text="Tutup pengiriman").click()
        who.press("Ya, tutup pengiriman")
        soon(who, "Pengiriman ditutup. Atasan masih dapat menilai.")
        who.fill("Alasan", "Masih ada yang belum sempat mengirim")
        who.press("Buka kembali")
        who.sees("Masih ada yang belum sempat mengirim")


def test_a_policy_is_read_by_everyone_and_needs_two_people(visit: Visit, dunia: Dunia) -> None:
    text = berkas_kebijakan()
    with visit("pegawai") as who:
        who.open("/tpp/kebijakan")
        who.check("kebijakan")
        assert who.page.get_by_role("link", name="Unggah versi baru").count() == 0
        who.page.locator("tbody a").first.click()
        # Folded, with a line of what is in each part; the contents lead into one and open it.
        who.sees("7 tabel: TPP dasar; ")
        amount = who.page.get_by_text("Rp 17.000.000").first
        assert not amount.is_visible()
        who.check("kebijakan-satu")
        who.page.locator("#isi-kebijakan").get_by_role("link", name="Tabel", exact=True).click()
        assert amount.is_visible()
        shut = who.page.locator("details[data-lipatan]:not([open])")
        assert shut.count() > 3
        # On paper everything is there, and afterwards the page is as it was.
        before = shut.count()
        who.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert shut.count() == 0
        who.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert shut.count() == before
        who.press("Buka semua bagian")
        assert shut.count() == 0
        who.sees("yang terbesar dari (Rp 0; “TPP maksimum” - “Bagian produktivitas”)")
        who.check("kebijakan-terbuka")
        who.press("Tutup semua")
        assert not amount.is_visible()
        who.open("/tpp/kebijakan")
        who.page.get_by_role("link", name="Contoh dan skema").click()
        who.sees("kebijakan.schema.json")
        who.check("kebijakan-contoh")
        with who.page.expect_download() as download:
            who.page.get_by_role("link", name="Unduh bontang.yaml").click()
        assert download.value.suggested_filename == "bontang.yaml"
    with visit("admin", allow=("422",)) as who:
        who.open("/tpp/kebijakan/unggah")
        who.fill(
            "Atau teks kebijakan (boleh kosong)", text.replace("produktivitas: 60%", "produktivitas: 70%")
        )
        who.press("Periksa dan simpan")
        who.sees("hal pada berkas kebijakan perlu diperbaiki")
        who.check("kebijakan-salah")
        who.fill("Atau teks kebijakan (boleh kosong)", text)
        who.press("Periksa dan simpan")
        who.sees("Kebijakan disimpan.")
        who.sees("Yang mengunggah tidak dapat mengaktifkan sendiri.")
        address = who.page.url.removeprefix(who.url)
    with visit(dunia.bulan.pejabat.bpkad) as who:
        who.open(address)
        # Whether a rule is law or an assumption is said on top, and beside the rule that it leads to.
        summary = who.page.locator("#asal")
        assert re.search(r"\d+ ketentuan dari peraturan", summary.inner_text())
        who.sees("Pastikan setiap asumsi dengan naskah peraturan sebelum mengaktifkan.")
        summary.get_by_role("link", name="Beban kerja", exact=True).first.click()
        step = who.page.locator("#b-langkah-beban-kerja")
        assert step.is_visible()
        assert "Asumsi, perlu dipastikan" in step.inner_text() or "Lazim dipakai" in step.inner_text()
        assert "Pasal: Perkada, bagian kriteria beban kerja" in step.inner_text()
        who.check("kebijakan-asal")
        who.sees("Berlaku mulai: dari 1 Januari 2026 menjadi 1 Januari 2029.")
        who.page.locator("summary", has_text="Aktifkan kebijakan ini").click()
        who.check("kebijakan-aktifkan")
        who.press("Ya, aktifkan")
        who.sees("diaktifkan.")


def berkas_kebijakan() -> str:
    """A policy for a year that no other journey computes."""
    from importlib.resources import files

    text = (files("services.tpp.kebijakan") / "contoh" / "umum-60-40.yaml").read_text()
    return text.replace("berlaku_mulai: 2026-01-01", "berlaku_mulai: 2029-01-01")


def test_a_document_is_checked_by_its_code(visit: Visit, dunia: Dunia) -> None:
    nip = person(dunia, "pegawai")
    told = dunia.jalankan(
        dunia.klien.kirim(nip, f"kode-{nip}", "POST", f"/api/tpp/slip/{dunia.pemda.periode}/kode")
    )
    with visit(allow=("404",)) as who:
        who.open(told["alamat"])
        who.sees("Dokumen ini asli dan masih berlaku.")
        assert nip not in who.page.content()
        who.check("verifikasi")
        who.open("/tpp/verifikasi/" + "A" * 24, 404)
        who.sees("Kode ini bukan dari e-Kinerja.")
        who.check("verifikasi-palsu")


def test_a_made_up_person_is_nobody(dunia: Dunia) -> None:
    headers = {"Origin": dunia.url.rstrip("/"), "Accept": "text/html"}
    with httpx2.Client(base_url=dunia.url, headers=headers) as http:
        nobody = next(o.nip for o in reversed(dunia.pemda.orang))
        assert http.post("/masuk/contoh", data={"nip": nobody}).status_code == 404
        assert http.post("/masuk/contoh", data={"nip": ADMIN_NIP}).status_code == 303
