"""TPP ke-13, started on a page by the one who may, once a policy in force names it, up to what a slip says.

The last of the journeys: afterwards everybody has a thirteenth payment beside the played month.
"""

import re
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from deploy.demo.perintah import ADMIN_NIP
from tests.browser.conftest import Visit, person
from tests.component.tpp.test_masa_bayar import dengan_khusus
from tests.dunia import Dunia

MASA = "2026-13"
RUN = f"/tpp/perhitungan/{MASA}"
START = "Hitung TPP ke-13 2026"


def _disebut(dunia: Dunia) -> None:
    """The policy of the played month, naming a 13th payment based on it; of that month alone."""
    text = dengan_khusus().decode()
    for name, day in (("mulai: 2026-01-01", "mulai: 2026-10-01"), ("sampai: null", "sampai: 2026-10-31")):
        text = text.replace(f"berlaku_{name}", f"berlaku_{day}", 1)
    write = dunia.klien.kirim(ADMIN_NIP, str(uuid4()), "POST", "/api/tpp/kebijakan", isi=text.encode())
    policy = dunia.jalankan(write)["kebijakan_id"]
    path = f"/api/tpp/kebijakan/{policy}/aktifkan"
    dunia.jalankan(dunia.klien.kirim(dunia.bulan.pejabat.bpkad, str(uuid4()), "POST", path))


def _dengan_thr() -> str:
    """A draft that bases both payments on the played month."""
    return dengan_khusus().decode().replace("dasar_bulan: 11", "dasar_bulan: 10")


def _slip(dunia: Dunia, nip: str, masa: str) -> dict[str, Any]:
    return dict(dunia.jalankan(dunia.klien.ambil(nip, f"/api/tpp/slip/{masa}/saya")))


def _rupiah(text: str) -> int:
    return int(re.sub(r"[^\d-]", "", text.replace("−", "-")))


def test_the_thirteenth_payment_is_started_watched_and_read_on_pages(visit: Visit, dunia: Dunia) -> None:
    with visit("admin") as who:
        who.open("/tpp/perhitungan")
        assert who.page.get_by_role("link", name="TPP ke-13 2026").count() == 0
        who.sees("TPP ke-13 dan ke-14 (THR) tampil di sini bila disebut kebijakan yang berlaku.")
        who.open(RUN)
        who.sees("Ke kebijakan TPP")
        assert who.page.get_by_role("button", name=START).count() == 0
        who.check("tpp-13-tidak-disebut")
    _disebut(dunia)
    # Whoever has no part in it sees no way in; whoever looks on sees no button.
    with visit("pegawai", allow=("403",)) as who:
        who.open("/")
        assert who.page.get_by_role("link", name="Perhitungan TPP").count() == 0
        who.open("/tpp/perhitungan", 403)
        who.open(RUN, 403)
        who.open("/tpp/saya")
        who.sees("Yang akan datang")
        who.check("tpp-13-dinanti")
        who.press("TPP ke-13 2026")
        who.sees("Perkiraan TPP ke-13 2026 saya")
        who.sees("Belum dihitung. Perkiraan ini dari data Oktober 2026, bulan dasar TPP ke-13 2026.")
        who.check("tpp-13-perkiraan")
    with visit("auditor") as who:
        who.open(RUN)
        who.sees("Semua yang diperlukan sudah ada; perhitungan belum dijalankan.")
        assert who.page.get_by_role("button", name=START).count() == 0
    with visit("admin") as who:
        who.open("/tpp/perhitungan")
        who.sees("Pembayaran khusus")
        who.check("tpp-13-daftar")
        who.press("TPP ke-13 2026")
        who.sees("Dihitung dengan data dan kebijakan Oktober 2026.")
        who.check("tpp-13-siap")
        who.sends(START)
        # Told by the stream, or there already: nobody reloads.
        expect(who.page.get_by_text("Selesai", exact=True).first).to_be_visible()
        people = len(dunia.pemda.orang)
        facts = who.page.locator("dl.fakta").first
        expect(facts).to_contain_text(str(people))
        who.check("tpp-13-selesai")
        who.press("Lihat hasil tiap OPD")
        who.sees("Rekap TPP ke-13 2026")
        assert who.page.locator("tbody tr").count() == 3
        who.check("tpp-13-rekap")
    opd, keuangan = next(iter(dunia.bulan.pejabat.keuangan.items()))
    with visit(keuangan) as who:
        who.open(f"/tpp/persetujuan/{MASA}")
        who.sees("1 OPD menunggu keputusan Anda.")
        who.open(f"/tpp/persetujuan/{MASA}/{opd}")
        who.sees("orang demi orang, dengan yang diterima untuk Oktober 2026, bulan dasarnya")
        who.check("tpp-13-persetujuan")
    listed = dunia.jalankan(dunia.klien.semua(dunia.bulan.pejabat.bpkad, f"/api/tpp/daftar/{MASA}"))
    assert len(listed) == people
    nip = next(
        one["nip"] for one in listed if one["status"] == "dihitung" and one["nip"] != person(dunia, "auditor")
    )
    month, extra = _slip(dunia, nip, dunia.pemda.periode), _slip(dunia, nip, MASA)
    with visit(nip, width=360) as who:
        who.open("/tpp/saya")
        who.press("TPP ke-13 2026")
        who.sees("Dihitung dengan data Oktober 2026, bulan dasar pembayaran ini.")
        lines = [_rupiah(one) for one in who.page.locator(".rincian-jumlah").all_inner_texts()]
        # Of the same right as the month, without the contribution that its policy takes from months alone.
        total = _rupiah(who.page.locator(".jumlah-besar").inner_text())
        assert total == sum(lines) == int(extra["neto"])
        assert extra["bruto"] == month["bruto"]
        assert int(extra["neto"]) > int(month["neto"])
        assert who.page.get_by_text("Iuran BPJS Kesehatan").count() == 0
        who.check("tpp-13-slip")
        link = who.page.get_by_role("link", name="Unduh slip (PDF)")
        answer = who.page.request.get(who.url + str(link.get_attribute("href")))
        assert answer.body().startswith(b"%PDF")
    # A draft's budget has it beside the month: chosen unless one says otherwise.
    with visit("bpkad") as who:
        who.open("/tpp/andai/baru")
        expect(who.page.get_by_label("TPP ke-13 dan THR")).to_be_checked()
        who.fill("Atau teks kebijakan (boleh kosong)", _dengan_thr())
        who.check("tpp-13-simulasi-baru")
        who.press("Mulai hitung")
        who.page.wait_for_url(re.compile(r"/tpp/andai/[0-9a-f-]{36}$"))
        expect(who.page.get_by_text("Terdiri dari")).to_be_visible(timeout=60_000)
        who.sees("TPP Hari Raya 2026 tidak disebut kebijakan yang berlaku; dahulu dihitung nol.")
        who.check("tpp-13-simulasi")
        table = who.page.locator(
            "section", has=who.page.get_by_role("heading", name="Menurut bulan dan pembayaran khusus")
        )
        rows = [
            _rupiah(one.split("dahulu")[0])
            for one in table.locator("td[data-judul=Anggaran]").all_inner_texts()
        ]
        assert len(rows) == 4
        assert sum(rows[:-1]) == rows[-1]
