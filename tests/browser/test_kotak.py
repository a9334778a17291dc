"""The inbox: a nudge travels from a blocked page to whoever acts; the badge is live; away costs nothing."""

from typing import Any

from playwright.sync_api import Route, expect

from deploy.demo.klien import tunggu
from tests.browser.conftest import Visit, person
from tests.browser.ramai import atasan_dari
from tests.dunia import Dunia

TAHUN = 2047


async def plan(dunia: Dunia, nip: str, tahun: int) -> str:
    """A plan that waits for its decision."""
    rhk = {
        "rencana": "Terbitnya laporan tahunan",
        "indikator": [{"aspek": "kuantitas", "iki": "Jumlah laporan", "target": "1"}],
    }
    made = await dunia.klien.kirim(
        nip, f"kotak-skp-{tahun}", "POST", "/api/skp/skp", json={"tahun": tahun, "rhk": [rhk]}
    )
    await dunia.klien.kirim(nip, f"kotak-ajukan-{tahun}", "POST", f"/api/skp/skp/{made['skp_id']}/ajukan")
    return str(made["skp_id"])


async def unread(dunia: Dunia, nip: str) -> int:
    return int((await dunia.klien.ambil(nip, "/api/notifikasi/jumlah"))["belum_dibaca"])


async def message(dunia: Dunia, nip: str, jenis: str) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        rows = (await dunia.klien.ambil(nip, "/api/notifikasi/kotak", limit=50))["data"]
        return next((one for one in rows if one["jenis"] == jenis), None)

    found: dict[str, Any] = await tunggu(f"pesan {jenis}", look, seconds=30)
    return found


def test_a_nudge_travels_to_the_inbox_and_the_mail(visit: Visit, dunia: Dunia) -> None:
    nip = person(dunia, "pegawai")
    boss = atasan_dari(dunia, nip)
    with visit("pegawai") as who:
        # The atasan has planned nothing for that year: writing goes on, and he is reminded in place.
        who.open(f"/skp/rencana/baru?tahun={TAHUN}")
        who.fill("Rencana hasil kerja", "Tetap ada")
        who.check("skp-atasan-belum-menyusun")
        who.page.get_by_role("button", name="Ingatkan").click()
        who.sees("sudah diingatkan. Pesannya masuk ke kotak masuk penerima.")
        assert who.page.get_by_label("Rencana hasil kerja").input_value() == "Tetap ada"
        skp_id = dunia.jalankan(plan(dunia, nip, TAHUN))
        who.open(f"/skp/rencana/{skp_id}")
        who.page.get_by_role("button", name="Ingatkan").dblclick()
        who.sees("sudah diingatkan.")
        who.page.reload()
        who.sees("Sudah Anda ingatkan hari ini.")
        who.check("skp-diingatkan")
    for jenis in ("colek_rencana", "colek_skp"):
        found = dunia.jalankan(message(dunia, boss, jenis))
        assert str(TAHUN) in found["judul"]

    async def mailed() -> bool | None:
        subjects = [str(one["Subject"]) for one in dunia.surat]
        return True if f"Pengingat: SKP {TAHUN} menunggu keputusan Anda" in subjects else None

    dunia.jalankan(tunggu("surel pengingat", mailed, seconds=30))


def test_reading_one_and_all_and_the_badge_follows_by_itself(visit: Visit, dunia: Dunia) -> None:
    nip = person(dunia, "pegawai")
    boss = atasan_dari(dunia, nip)
    skp_id = dunia.jalankan(plan(dunia, nip, TAHUN + 1))
    dunia.jalankan(message(dunia, boss, "skp_diajukan"))
    with visit(boss) as who:
        who.open("/notifikasi")
        who.check("kotak-masuk")
        before = dunia.jalankan(unread(dunia, boss))
        badge = who.page.locator(".lonceng-n")
        expect(badge).to_contain_text(str(before))
        who.page.locator(".pesan").get_by_role("button", name="Sudah dibaca").first.click()
        expect(badge).to_contain_text(str(before - 1))
        # Someone reminds him while he looks at another page.
        who.open("/penilaian")
        path = f"/api/skp/skp/{skp_id}/ingatkan"
        dunia.jalankan(dunia.klien.kirim(nip, f"kotak-ingatkan-{skp_id}", "POST", path))
        expect(badge).to_contain_text(str(before))
        who.open("/notifikasi")
        who.press("Tandai semua sudah dibaca")
        who.sees("ditandai sudah dibaca.")
        expect(badge).to_have_count(0)
        who.check("kotak-masuk-semua-dibaca")
    assert dunia.jalankan(unread(dunia, boss)) == 0


def test_everything_works_without_javascript(visit: Visit) -> None:
    with visit("bpkad", javascript=False) as who:
        who.open("/")
        who.page.locator("a.lonceng").click()
        who.page.get_by_role("heading", name="Kotak masuk").wait_for()
        who.press("Tandai semua sudah dibaca")
        who.sees("Semua sudah dibaca")


def test_a_dead_notification_service_disturbs_no_page(visit: Visit) -> None:
    with visit("pegawai", allow=("ERR_CONNECTION_REFUSED", "/notifikasi")) as who:

        def away(route: Route) -> None:
            route.abort("connectionrefused")

        who.page.route("**/notifikasi/**", away)
        who.open("/tpp/saya")
        who.sees("Oktober 2026")
        assert who.page.get_by_text("tidak dapat dibuka").count() == 0
        assert who.page.locator(".lonceng-n").count() == 0
        who.check("tpp-saya-tanpa-notifikasi")
