"""One whole month through pages alone: kepegawaian, an employee, the atasan, and keuangan up to BPKAD.

Somebody comes into the service, plans, is sent back, plans again, works, is rated, and is paid; figures on
pages are held against a second calculation. The tests are the stages of one journey, in their order. Their
pictures are those of the guides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from deploy.demo import berkas, oracle
from deploy.demo import pemda as contoh
from tests.browser import november
from tests.browser.conftest import Visit
from tests.browser.panduan import DESK
from tests.browser.tamu import Visitor
from tests.browser.test_admin import soon, upload
from tests.browser.test_realisasi import enter, to
from tests.browser.ukuran import Ukur
from tests.component.helpers import buku, pdf
from tests.dunia import PILIHAN, Dunia

TAHUN = november.BULAN[:4]
OPD = "DIKBUD"
"""An office whose month no other journey needs open: here it is locked."""
RUN = f"/tpp/perhitungan/{november.BULAN}"
PUTUSAN = f"/tpp/persetujuan/{november.BULAN}/{OPD}"
NIP = "199405172022032501"
NAMA = "Nur Aisyah Rahmawati Puspitasari Wijayakusuma"
SANDI = "kucing melompati pagar sekolah"
RENCANA = "Tersedianya peta sebaran guru setiap kecamatan"
ALASAN = "Targetnya belum menyebut berapa kecamatan."
KERJA = "Memutakhirkan peta sebaran guru Kecamatan Sukamaju"


@dataclass
class Perjalanan:
    """What later stages need of earlier ones."""

    dunia: Dunia
    pemda: contoh.Pemda
    """The people with this month's attendance, the newcomer among them."""
    aisyah: contoh.Orang
    atasan: str
    sampai: int = 0
    """The stage that was passed last."""

    def tahap(self, nomor: int) -> None:
        """Begin a stage; without the one before it there is nothing to show."""
        if self.sampai != nomor - 1:
            pytest.fail(f"tahap {nomor - 1} belum terlewati", pytrace=False)

    def lewat(self) -> None:
        """This stage is passed."""
        self.sampai += 1


@pytest.fixture(scope="module")
def jalan(dunia: Dunia) -> Iterator[Perjalanan]:
    pemda = november.data()
    for one, known in zip(pemda.orang, dunia.pemda.orang, strict=True):
        # Plans and posts are those of the year; only the attendance is this month's.
        one.skp_disetujui, one.plt, one.pindah_ke = known.skp_disetujui, known.plt, known.pindah_ke
    kabid = next(
        one for one in pemda.orang if one.opd == OPD and pemda.jabatan[one.jabatan].jenis == "Administrator"
    )
    unit = pemda.jabatan[kabid.jabatan].unit
    jabatan = contoh.Jabatan(f"{unit}-B001", "Analis Kebijakan Ahli Pertama", "JF", 8, unit, kabid.jabatan)
    pemda.jabatan[jabatan.kode] = jabatan
    hadir = [contoh.Hari(day, time(7, 20), time(16, 10), "") for day in contoh.hari_kerja(november.BULAN)]
    hadir[3] = contoh.Hari(hadir[3].tanggal, time(8, 15), time(16, 5), "")
    hadir[7] = contoh.Hari(hadir[7].tanggal, None, None, "A")
    aisyah = contoh.Orang(
        NIP, NAMA, "PNS", "III/a", jabatan.kode, date(2026, 11, 1), "aisyah@contoh.go.id", 4_350_000, OPD
    )
    aisyah.hadir, aisyah.hasil_kerja, aisyah.perilaku = hadir, 1, 1
    pemda.orang.append(aisyah)
    yield Perjalanan(dunia, pemda, aisyah, kabid.nip)
    november.buka(dunia)


def masuk(who: Visitor) -> None:
    """The newcomer logs in, by NIP and password."""
    who.open("/masuk")
    who.fill("NIP", NIP)
    who.fill("Kata sandi", SANDI)
    who.press("Masuk")


def until(who: Visitor, path: str, text: str) -> None:
    """Open a page again until another service has heard: it says so by this text."""
    for _ in range(100):
        who.open(path)
        if who.page.get_by_text(text).first.is_visible():
            return
        who.page.wait_for_timeout(200)
    raise AssertionError(f"{path} tidak memuat: {text}")


def test_1_kepegawaian_takes_somebody_in_who_then_sets_a_password(
    visit: Visit, jalan: Perjalanan, dunia: Dunia
) -> None:
    jalan.tahap(1)
    new = jalan.pemda.jabatan[jalan.aisyah.jabatan]
    book = buku(
        {
            "Jabatan": [
                ["kode", "nama", "jenis", "kelas", "unit", "atasan"],
                [new.kode, new.nama, new.jenis, str(new.kelas), new.unit, str(new.atasan)],
            ],
            "Pegawai": [
                ["nip", "nama", "status", "golongan", "email"],
                [NIP, NAMA, jalan.aisyah.status, jalan.aisyah.golongan, jalan.aisyah.email],
            ],
            "Penempatan": [
                ["nip", "jabatan", "mulai", "sebagai"],
                [NIP, new.kode, str(jalan.aisyah.mulai), "definitif"],
            ],
        }
    )
    with visit("admin") as who:
        if november.keadaan(dunia) == "belum":
            who.open("/skp/periode")
            who.page.get_by_label("Bulan", exact=True).select_option(november.BULAN)
            who.press("Buka bulan")
        who.open("/skp/impor")
        upload(who, "pegawai-baru-november.xlsx", book)
        soon(who, "Semua baris benar. Belum ada yang disimpan.")
        who.gambar("kepegawaian-impor", width=DESK)
        who.press("Simpan semua baris")
        soon(who, "Isi berkas sudah disimpan.")
        who.open(f"/skp/pegawai?cari={NIP}")
        who.gambar("kepegawaian-cari", width=DESK)
        who.page.get_by_role("link", name=NAMA).click()
        who.sees("Belum pernah masuk")
        who.check("pegawai-baru")
        who.press("Terbitkan kode aktivasi")
        who.press("Terbitkan kode")
        code = who.page.locator(".kode-aktivasi").inner_text()
        who.gambar("kepegawaian-kode", width=DESK)
    with visit(width=360) as who:
        who.open("/aktivasi")
        who.fill("NIP", NIP)
        who.fill("Kode aktivasi", code)
        who.fill("Kata sandi baru", SANDI)
        who.fill("Kata sandi baru, sekali lagi", SANDI)
        who.gambar("pegawai-aktivasi")
        who.press("Pasang kata sandi")
        who.page.wait_for_url("**/masuk*")
        masuk(who)
        who.sees(f"Selamat datang, {NAMA}")
        who.check("beranda-pegawai-baru")
        who.gambar("pegawai-beranda")
    jalan.lewat()


def test_2_a_plan_is_sent_back_with_a_reason_and_agreed_by_keyboard(visit: Visit, jalan: Perjalanan) -> None:
    jalan.tahap(2)
    with visit(width=360) as who:
        masuk(who)
        who.open("/skp/rencana")
        who.check("skp-saya-kosong")
        who.page.get_by_role("link", name=f"Susun SKP {TAHUN}").first.click()
        who.fill("Rencana hasil kerja", RENCANA)
        who.page.get_by_label("Rencana atasan yang didukung").select_option(index=1)
        who.fill("Target", "12 peta")
        who.fill("Indikator kinerja", "Jumlah peta yang terbit")
        who.gambar("pegawai-skp-susun")
        who.press("Simpan draf")
        who.sees("SKP disimpan sebagai draf.")
        who.page.locator("summary", has_text="Ajukan SKP").click()
        who.gambar("pegawai-skp-ajukan")
        who.press("Ya, ajukan sekarang")
        who.sees("SKP diajukan kepada pejabat penilai Anda.")
    with visit(jalan.atasan) as who:
        until(who, "/notifikasi", NAMA)
        who.gambar("atasan-kotak-masuk", width=DESK)
        who.open(f"/skp/bawahan?tahun={TAHUN}")
        who.gambar("atasan-skp-bawahan", width=DESK)
        who.page.get_by_role("link", name=NAMA, exact=True).click()
        who.press("Kembalikan dengan alasan")
        who.fill("Apa yang perlu diperbaiki", ALASAN)
        who.gambar("atasan-kembalikan", width=DESK)
        who.press("Kembalikan SKP")
        who.sees("SKP dikembalikan beserta alasan Anda.")
    with visit(width=360) as who:
        masuk(who)
        until(who, "/notifikasi", f"SKP {TAHUN} Anda dikembalikan untuk diperbaiki")
        who.sees(ALASAN)
        who.gambar("pegawai-kotak-masuk")
        who.page.get_by_role("button", name=re.compile("^Buka SKP saya")).first.click()
        who.page.wait_for_url("**/skp/rencana")
        who.page.get_by_role("link", name=f"SKP {TAHUN}").click()
        who.sees(ALASAN)
        who.check("skp-dikembalikan")
        who.press("Ubah")
        assert who.page.get_by_label("Target", exact=True).input_value() == "12 peta"
        who.fill("Target", "12 peta, satu tiap kecamatan")
        who.press("Simpan draf")
        who.page.locator("summary", has_text="Ajukan SKP").click()
        who.press("Ya, ajukan sekarang")
        who.sees("SKP diajukan kepada pejabat penilai Anda.")
    with visit(jalan.atasan) as who:
        who.open(f"/skp/bawahan?tahun={TAHUN}")
        to(who, f"Pilih {NAMA}")
        who.page.keyboard.press("Space")
        to(who, "Periksa yang dipilih")
        enter(who)
        who.sees("12 peta, satu tiap kecamatan")
        who.gambar("atasan-setujui", width=DESK)
        to(who, "Setujui 1 SKP ini")
        enter(who)
        who.sees(f"SKP {NAMA} disetujui")
    jalan.lewat()


def test_3_work_is_written_down_with_its_evidence(visit: Visit, jalan: Perjalanan) -> None:
    jalan.tahap(3)
    with visit(width=360) as who:
        masuk(who)
        until(who, "/notifikasi", f"SKP {TAHUN} Anda disetujui")
        who.open(f"/skp/realisasi/baru?tanggal={november.BULAN}-03")
        who.fill("Apa yang dikerjakan", KERJA)
        who.fill("Jumlah", "1")
        who.fill("Satuan", "peta")
        who.page.get_by_label("Pilih berkas").set_input_files(
            FilePayload(name="Peta Sukamaju.pdf", mimeType="application/pdf", buffer=pdf("peta"))
        )
        who.sees("Sudah terunggah.")
        who.gambar("pegawai-realisasi")
        who.page.get_by_role("button", name="Kirim", exact=True).click()
        who.sees("Realisasi tercatat.")
        who.gambar("pegawai-tanda-terima")
        who.open(f"/skp/realisasi?periode={november.BULAN}")
        who.sees(KERJA)
        who.check("realisasi-bulan-terisi")
        who.gambar("pegawai-realisasi-bulan")
    jalan.lewat()


def test_4_the_atasan_rates_by_keyboard_alone(visit: Visit, jalan: Perjalanan, dunia: Dunia) -> None:
    jalan.tahap(4)
    november.nilai(dunia)
    with visit(jalan.atasan) as who:
        path = f"/penilaian/bawahan/{november.BULAN}"
        until(who, path, "1 realisasi, 1 bukti")
        row = who.page.locator("[data-baris]", has_text=NAMA)
        for _ in range(who.page.locator("[data-baris]").count()):
            who.page.keyboard.press("j")
            if row.evaluate("(one) => one === document.activeElement"):
                break
        expect(row).to_be_focused()
        who.page.keyboard.press("l")
        expect(row.locator(".intip-isi")).to_contain_text(KERJA)
        for key in ("1", "q", "c"):
            who.page.keyboard.press(key)
        who.page.keyboard.type("Peta sudah dipakai dinas.")
        who.page.keyboard.press("Escape")
        who.gambar("atasan-penilaian", width=DESK, dari=row)
        who.page.keyboard.press("s")
        enter(who)
        who.sees("Periksa 1 penilaian")
        who.gambar("atasan-periksa", width=DESK)
        to(who, "Ya, simpan 1 penilaian")
        enter(who)
        who.sees(f"1 penilaian {november.NAMA} disimpan.")
    with visit(width=360) as who:
        masuk(who)
        who.open("/penilaian")
        who.page.get_by_role("link", name=november.NAMA, exact=True).click()
        who.sees("Sangat Baik")
        who.sees("Dapat berubah sampai bulan ditutup")
        who.gambar("pegawai-penilaian")
    jalan.lewat()


def test_5_facts_come_in_the_month_closes_and_the_run_shows_its_progress(
    visit: Visit, jalan: Perjalanan, dunia: Dunia, ukur: Ukur
) -> None:
    jalan.tahap(5)
    with visit("pegawai", allow=("403",)) as who:
        who.open(RUN, 403)
    with visit("auditor") as who:
        who.open(RUN)
        who.sees(f"Periode {november.NAMA} belum ditutup.")
        who.sees("Menunggu: admin BKD")
        assert who.page.get_by_role("button", name="Mulai hitung").count() == 0
    with visit(dunia.bulan.pejabat.keuangan[OPD]) as who:
        who.open("/tpp/impor/gaji")
        who.check("impor-gaji")
        upload(who, "gaji-pegawai-baru.csv", f"nip;gaji\n{NIP};{jalan.aisyah.gaji}\n".encode())
        soon(who, "Semua baris benar. Belum ada yang disimpan.")
        who.press("Simpan semua baris")
        soon(who, "Isi berkas sudah disimpan.")
        who.gambar("keuangan-gaji", width=DESK)
    with visit("admin") as who:
        who.open("/tpp/impor/kehadiran")
        who.page.get_by_label("Bulan", exact=True).select_option(november.BULAN)
        who.gambar("kepegawaian-kehadiran", width=DESK)
        upload(who, "kehadiran.xlsx", berkas.kehadiran(jalan.pemda))
        who.page.wait_for_url(re.compile(r"/tpp/impor/kehadiran/[0-9a-f-]{36}$"))
        soon(who, "kesalahan ditemukan.")
        who.page.reload()
        who.sees("kesalahan ditemukan.")
        who.check("impor-kehadiran")
        who.gambar("kepegawaian-kesalahan", width=DESK)
        who.press("Simpan baris yang benar saja")
        soon(who, "Isi berkas sudah disimpan.")

        who.open("/tpp/perhitungan")
        who.check("perhitungan")
        who.open(RUN)
        who.check("perhitungan-belum-siap")
        who.press("Ke halaman periode")
        who.page.locator("summary", has_text="Tutup bulan").click()
        who.gambar("kepegawaian-tutup", width=DESK)
        who.press(f"Ya, tutup {november.NAMA}")
        who.sees("Bulan ditutup.")
        who.open(RUN)
        # Told by the stream: nobody reloads.
        start = who.page.get_by_role("button", name="Mulai hitung")
        expect(start).to_be_visible()
        who.check("perhitungan-siap")
        who.gambar("kepegawaian-hitung", width=DESK)
        who.sends("Mulai hitung")
        who.page.reload()
        expect(who.page.get_by_text("Selesai", exact=True).first).to_be_visible()
        who.sees("Ditahan")
        who.check("perhitungan-selesai")
    ukur("U9", "kemajuan yang hilang saat dimuat ulang", 0, "dari 2: impor, perhitungan TPP", 0)
    with visit("admin", javascript=False, width=360) as who:
        who.open(RUN)
        who.sees("Selesai")
        who.page.locator("summary", has_text="Hitung ulang").click()
        who.sees("OPD yang sudah dikunci tidak berubah.")
    jalan.lewat()


def seharusnya(jalan: Perjalanan) -> dict[str, oracle.Angka]:
    """What each person of the office must get, worked out a second time."""
    policy = files("services.tpp.kebijakan") / "contoh" / f"{PILIHAN['kebijakan']}.yaml"
    rules = oracle.muat(Path(str(policy)))
    found = {}
    for one in jalan.pemda.orang:
        post = jalan.pemda.jabatan[one.pindah_ke[0] if one.pindah_ke else one.jabatan]
        if jalan.pemda.opd_dari(post.unit) != OPD:
            continue
        level = 1 if one is jalan.aisyah else 2
        found[one.nip] = oracle.hitung(
            rules,
            kelas=post.kelas,
            status=one.status,
            golongan=one.golongan,
            plt_kelas=jalan.pemda.jabatan[one.plt].kelas if one.plt else None,
            skp_disetujui=one.skp_disetujui,
            predikat=oracle.predikat(level, level) if one.skp_disetujui else None,
            kehadiran=oracle.rekap(one.hadir) if one.ada_presensi else None,
            gaji=one.gaji,
        )
    return found


def rupiah(text: str) -> int:
    return int(re.sub(r"[^\d-]", "", text.replace("−", "-")))


def test_6_opd_bkd_and_bpkad_decide_each_in_turn(visit: Visit, jalan: Perjalanan, dunia: Dunia) -> None:
    jalan.tahap(6)
    expected = seharusnya(jalan)
    stored = dunia.jalankan(
        dunia.klien.semua(dunia.bulan.pejabat.bpkad, f"/api/tpp/daftar/{november.BULAN}", opd=OPD)
    )
    assert {row["nip"]: int(row["neto"]) for row in stored} == {
        nip: amount.neto for nip, amount in expected.items()
    }
    with visit("bpkad") as who:
        who.open(PUTUSAN)
        who.sees("Tahap berikutnya bukan giliran Anda.")
        who.sees("Menunggu: Keuangan OPD")
    with visit("pegawai", allow=("403",)) as who:
        who.open(PUTUSAN, 403)
    with visit(dunia.bulan.pejabat.keuangan[OPD], allow=("422",)) as who:
        who.open(f"/tpp/rekap/{november.BULAN}")
        who.check("rekap-opd")
        assert who.page.locator("tbody tr").count() == 1
        who.open("/tpp/persetujuan")
        who.sees("1 OPD menunggu keputusan Anda.")
        who.check("persetujuan")
        who.gambar("keuangan-persetujuan", width=DESK)
        who.page.locator("tbody a").first.click()
        total = who.page.locator(".jumlah-besar").inner_text()
        assert rupiah(total) == sum(amount.neto for amount in expected.values()) > 0
        who.page.locator("summary", has_text="Verifikasi").click()
        expect(who.page.locator(".tegaskan")).to_contain_text(total)
        who.check("persetujuan-opd")
        who.gambar("keuangan-verifikasi", width=DESK)
        who.press("Lihat yang ditahan")
        held = sum(amount.ditahan for amount in expected.values())
        assert who.page.locator("tbody tr").count() == held > 0
        who.check("daftar-ditahan")
        who.gambar("keuangan-ditahan", width=DESK)
        who.open(PUTUSAN)
        who.page.locator("summary", has_text="Verifikasi").click()
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
        who.sees("diverifikasi.")
        # Who is held or differs from last month is answered for, or nobody can lock the office.
        who.sees("Pemeriksaan sebelum dikunci")
        who.fill("Tanggapan", "abc")
        who.press("Simpan tanggapan")
        expect(who.page.locator("#salah")).to_be_focused()
        who.fill("Tanggapan", "Datanya menyusul; dibayar sesudah lengkap.")
        who.press("Simpan tanggapan")
        who.sees("Tanggapan Anda dicatat.")
        who.check("persetujuan-ditanggapi")
    with visit(dunia.bulan.pejabat.admin_bkd) as who:
        who.open(PUTUSAN)
        # By keyboard alone.
        to(who, "Setujui")
        who.page.keyboard.press("Enter")
        to(who, "Ya, setujui")
        enter(who)
        who.sees("disetujui.")
        who.check("persetujuan-menunggu")
    with visit("bpkad", javascript=False, width=360) as who:
        who.open(PUTUSAN)
        who.page.locator("summary", has_text="Kunci").click()
        who.sees("angka membeku")
        who.gambar("keuangan-kunci")
        who.press("Ya, kunci")
        who.sees("diserahkan")
        assert who.page.get_by_text("Kembalikan ke draf").count() == 0
    with visit("auditor") as who:
        who.open(PUTUSAN)
        who.sees("Dikunci oleh")
        who.check("persetujuan-riwayat")
    with visit("bpkad") as who:
        who.open(f"/tpp/rekap/{dunia.pemda.periode}")
        assert who.page.locator("tbody tr").count() == 3
        who.check("rekap")
        who.gambar("keuangan-rekap", width=DESK)
        with who.page.expect_download() as waiting:
            who.page.get_by_role("link", name="Unduh CSV").click()
        assert waiting.value.path().read_bytes().decode("utf-8-sig").startswith("Kode OPD;OPD;")
        who.open(f"/tpp/daftar/{dunia.pemda.periode}")
        who.check("daftar-tpp")
    jalan.lewat()


def test_7_the_slip_says_why_to_the_last_rupiah(visit: Visit, jalan: Perjalanan, dunia: Dunia) -> None:
    jalan.tahap(7)
    mine = seharusnya(jalan)[NIP]
    with visit(width=360) as who:
        masuk(who)
        until(who, "/notifikasi", "Anda sudah dihitung")
        who.check("kotak-masuk-sebulan")
        who.open("/tpp/saya")
        who.gambar("pegawai-tpp")
        who.page.get_by_role("link", name=november.NAMA, exact=True).click()
        who.sees("Kenapa TPP saya segini?")
        lines = [rupiah(one) for one in who.page.locator(".rincian-jumlah").all_inner_texts()]
        assert rupiah(who.page.locator(".jumlah-besar").inner_text()) == mine.neto == sum(lines)
        assert sum(one for one in lines if one < 0) < 0, "terlambat dan tanpa keterangan memotong"
        who.check("tpp-slip-terkunci")
        who.gambar("pegawai-slip")
    jalan.lewat()
