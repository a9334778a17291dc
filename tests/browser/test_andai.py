"""What-ifs at a browser: a draft's budget, my month so far, who of my OPD may lose out."""

import re
from importlib.resources import files

from playwright.sync_api import expect

from tests.browser import november
from tests.browser.conftest import Visit
from tests.dunia import Dunia


def test_a_draft_is_costed_and_its_faults_are_named(visit: Visit, dunia: Dunia) -> None:
    text = (files("services.tpp.kebijakan") / "contoh" / "umum-60-40.yaml").read_text(encoding="utf-8")
    with visit("keuangan", allow=("403",)) as who:
        who.open("/tpp/andai", 403)
    # The faulty draft is answered with its form again, as a refusal.
    with visit("bpkad", allow=("422",)) as who:
        who.open("/tpp/andai")
        who.press("Simulasi baru")
        who.check("andai-baru")
        who.fill("Atau teks kebijakan (boleh kosong)", text.replace("bentuk: 2", "bentuk: 3"))
        who.press("Mulai hitung")
        assert who.page.get_by_role("alert").count() == 1
        who.fill("Atau teks kebijakan (boleh kosong)", text.replace("9: Rp 5.500.000", "9: Rp 6.500.000"))
        who.press("Mulai hitung")
        who.page.wait_for_url(re.compile(r"/tpp/andai/[0-9a-f-]{36}$"))
        # Told by the stream, or done before the page came.
        expect(who.page.get_by_text("Anggaran (bruto) berubah")).to_be_visible(timeout=60_000)
        who.page.reload()
        who.sees("Menurut kelas jabatan")
        who.check("andai-hasil")
        with who.page.expect_download() as waiting:
            who.page.get_by_role("link", name="Unduh XLSX").click()
        assert waiting.value.path().read_bytes().startswith(b"PK")
        who.open("/tpp/andai")
        who.check("andai-daftar")


def test_my_month_so_far_and_who_may_lose_out(visit: Visit, dunia: Dunia) -> None:
    november.buka(dunia)
    with visit("pegawai") as who:
        who.open("/tpp/saya")
        who.page.get_by_role("link", name="November 2026 sejauh ini").click()
        who.sees("Apa yang mengubahnya")
        who.check("andai-saya")
    with visit("bpkad", allow=("403",)) as who:
        who.open("/tpp/rawan", 403)
    with visit("pengelola") as who:
        who.open("/tpp/rawan")
        who.sees("TPP perlu perhatian")
        who.check("rawan")
