"""One's TPP: months, every rupiah explained, provisional figures, what it waits for; also without scripts."""

import re

from deploy.demo.klien import Ditolak, tunggu
from deploy.demo.perintah import ADMIN_NIP
from tests.browser.conftest import Visit, person
from tests.browser.ramai import atasan_dari, buka_bulan
from tests.browser.ukuran import Ukur
from tests.dunia import Dunia

BULAN = "2026-12"
"""A month that no journey closes: a figure of a month that was closed once is no estimate any more."""


def rupiah(text: str) -> int:
    return int(re.sub(r"[^\d-]", "", text.replace("−", "-")))


def test_every_rupiah_is_explained_also_without_javascript(visit: Visit, ukur: Ukur) -> None:
    for javascript in (True, False):
        with visit("pegawai", javascript=javascript) as who:
            who.open("/tpp/saya")
            if javascript:
                who.check("tpp-saya")
            who.page.get_by_role("link", name="Oktober 2026", exact=True).click()
            who.sees("Kenapa TPP saya segini?")
            lines = [rupiah(one) for one in who.page.locator(".rincian-jumlah").all_inner_texts()]
            total = rupiah(who.page.locator(".rincian-akhir strong").inner_text())
            assert len(lines) >= 4
            assert sum(lines) == total == rupiah(who.page.locator(".jumlah-besar").inner_text())
            for line in who.page.locator(".rincian-baris").all():
                assert line.get_by_text("Aturan:").count() == 1
            who.sees("Sudah dibayar")
            if javascript:
                who.check("tpp-slip")
                # Each line leads to the data it rests on.
                explained = who.page.locator(".rincian-baris").filter(has_text="Aturan:").count()
                ukur("U3", "baris slip tanpa aturannya", len(lines) - explained, f"dari {len(lines)}", 0)
                who.page.locator(".rincian-baris a").first.click()
                assert "#data-" in who.page.url


def test_a_held_payment_names_who_acts_and_reminds_once(visit: Visit, dunia: Dunia) -> None:
    top = next(one.nip for one in dunia.pemda.orang if dunia.pemda.jabatan[one.jabatan].atasan is None)
    with visit(top) as who:
        who.open("/tpp/saya/2026-10")
        who.sees("TPP bulan ini tertahan; hak Anda tidak hilang")
        who.check("tpp-tertahan")
        who.gambar("pegawai-tertahan")
        who.page.get_by_role("button", name="Ingatkan").first.click()
        who.sees("sudah diingatkan. Pesannya masuk ke kotak masuk penerima.")
        who.check("tpp-diingatkan")
        who.page.reload()
        who.sees("Sudah Anda ingatkan hari ini.")
    with visit(top, javascript=False) as who:
        who.open("/penilaian/pegawai/2026-10/" + who_is(dunia, top))
        who.press("Ingatkan Admin BKD")
        who.sees("Admin BKD sudah diingatkan.")


def who_is(dunia: Dunia, nip: str) -> str:
    return str(dunia.jalankan(dunia.klien.ambil(nip, "/api/skp/saya"))["pegawai_id"])


def test_the_running_month_is_marked_as_an_estimate(visit: Visit, dunia: Dunia) -> None:
    nip = next(
        one.nip
        for one in reversed(dunia.pemda.orang)
        if one.skp_disetujui
        and not one.pindah_ke
        and dunia.pemda.jabatan[one.jabatan].jenis in ("JF", "Pelaksana")
    )

    boss = atasan_dari(dunia, nip)

    async def dinilai() -> None:
        await buka_bulan(dunia, BULAN)
        me = await dunia.klien.ambil(nip, "/api/skp/saya")

        async def rated() -> bool | None:
            rows = await dunia.klien.semua(boss, f"/api/penilaian/{BULAN}/bawahan")
            return True if any(row["pegawai_id"] == me["pegawai_id"] for row in rows) else None

        await tunggu("bulan dikenal penilaian", rated, seconds=30)
        days = "\n".join(f"{nip};{BULAN}-{day:02};07:25;16:05;" for day in (1, 2, 3, 4))
        await dunia.klien.kirim(
            ADMIN_NIP,
            "hadir-desember",
            "POST",
            "/api/tpp/impor/kehadiran",
            isi=f"nip;tanggal;masuk;pulang;keterangan\n{days}\n".encode(),
            periode=BULAN,
            berkas="hadir.csv",
        )
        path = f"/api/penilaian/{BULAN}/pegawai/{me['pegawai_id']}"
        notes = iter(range(1000))

        async def estimated() -> bool | None:
            # Each rating renews the estimate from the attendance there is by then.
            note = f"Catatan {next(notes)}"
            body = {"hasil_kerja": 2, "perilaku": 2, "catatan": note}
            try:
                await dunia.klien.kirim(boss, f"perkiraan-{nip}-{note}", "POST", path, json=body)
            except Ditolak as refusal:
                if refusal.status != 409:
                    raise
                return None  # the month's opening is still on its way
            months = (await dunia.klien.ambil(nip, "/api/tpp/slip"))["data"]
            found = {one["periode"]: one["status"] for one in months}
            return True if found.get(BULAN) == "dihitung" else None

        await tunggu("perkiraan TPP", estimated, seconds=60)

    dunia.jalankan(dinilai())
    with visit(nip) as who:
        who.open("/tpp/saya")
        who.sees("Perkiraan")
        who.check("tpp-saya-perkiraan")
        who.open(f"/tpp/saya/{BULAN}")
        who.check("tpp-slip-perkiraan")


def test_anothers_slip_is_for_the_rightful_and_says_it_is_recorded(visit: Visit, dunia: Dunia) -> None:
    path = f"/tpp/slip/2026-10/{who_is(dunia, person(dunia, 'pegawai'))}"
    with visit() as who:
        who.open(path)
        who.page.wait_for_url("**/masuk?kembali=*")
    for role in ("atasan", "pengelola"):
        with visit(role, allow=("403",)) as who:
            who.open(path, 403)
    with visit("bpkad") as who:
        who.open(path)
        who.sees("Pembacaan ini tercatat dengan nama Anda")
        assert who.page.get_by_role("button", name="Ingatkan").count() == 0
        who.check("tpp-slip-orang-lain")


def test_nothing_computed_yet(visit: Visit) -> None:
    with visit("admin", allow=("404",)) as who:
        who.open("/tpp/saya")
        who.sees("TPP Anda belum dihitung.")
        who.check("tpp-saya-kosong")
        who.open("/tpp/saya/2026-10", 404)
        who.sees("Siapa yang dapat menolong?")
