"""Help: who helps by name, guides as pages, before and after logging in; and two pages that said only no."""

from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.conftest import Visit, person
from tests.dunia import Dunia


def test_help_is_one_click_away_before_and_after_logging_in(visit: Visit) -> None:
    with visit(javascript=False) as who:
        who.open("/masuk")
        who.press("Bantuan")
        who.sees("Belum dapat masuk?")
        who.page.get_by_role("link", name="Pegawai: SKP, realisasi, penilaian, dan TPP").click()
        who.sees("Masuk pertama kali, atau lupa kata sandi")
    with visit() as who:
        who.open("/panduan")
        who.check("bantuan-belum-masuk")
        who.open("/panduan/pegawai#bila-tpp-tertahan")
        expect(who.page.locator("#bila-tpp-tertahan")).to_be_in_viewport()
        who.check("panduan-pegawai")
    with visit("pegawai", allow=("403",)) as who:
        who.open("/skp/periode", 403)
        who.press("Lihat nama dan cara menghubunginya")
        who.sees("Siapa yang menolong")
        who.check("bantuan")
    with visit("pengelola") as who:
        who.open("/")
        who.page.get_by_role("contentinfo").get_by_role("link", name="Bantuan").click()
        who.page.get_by_role("link", name="Simulasi anggaran dan TPP yang perlu perhatian").click()
        who.sees("Tiga pertanyaan dijawab")
        who.check("panduan-simulasi")


def test_an_atasan_reminds_whoever_acts_next(visit: Visit, dunia: Dunia) -> None:
    boss, year = person(dunia, "atasan"), 2063
    with visit(boss) as who:
        who.open("/penilaian/bawahan/2026-10")
        who.check("penilaian-lembar-tutup")
        who.press("Minta dibuka kembali")
        who.sees("Admin BKD sudah diingatkan.")
    rows = dunia.jalankan(dunia.klien.semua(boss, "/api/skp/bawahan", tahun=year))
    owner = next(row for row in rows if row["skp_id"] is None)
    plan = {"rencana": "Tersusunnya laporan bulanan", "indikator": [_INDIKATOR]}
    made = dunia.jalankan(
        dunia.klien.kirim(
            owner["nip"], str(uuid4()), "POST", "/api/skp/skp", json={"tahun": year, "rhk": [plan]}
        )
    )
    with visit(boss) as who:
        who.open(f"/skp/bawahan/{made['skp_id']}/kembalikan")
        who.sees(f"SKP tahun {year} masih draf dan belum diajukan.")
        who.check("bawahan-belum-diajukan")
        who.press(f"Ingatkan {owner['nama']}")
        who.sees(f"{owner['nama']} sudah diingatkan.")


_INDIKATOR = {"aspek": "kuantitas", "iki": "Jumlah laporan", "target": "12 laporan"}
