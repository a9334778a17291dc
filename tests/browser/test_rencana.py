"""One's own plan, from an empty form to its atasan, with and without scripts, and never twice."""

from uuid import uuid4

import httpx2
import pytest

from shared.http.session import SESSION
from shared.web.routes import KEY
from tests.browser.conftest import Visit, person
from tests.browser.tamu import Visitor
from tests.dunia import Dunia


def fill_in(who: Visitor, rencana: str) -> None:
    who.fill("Rencana hasil kerja", rencana)
    who.fill("Target", "12 laporan")
    who.fill("Indikator kinerja", "Jumlah laporan yang terbit")


def plans(dunia: Dunia, role: str, tahun: int) -> list[dict[str, object]]:
    rows = dunia.jalankan(dunia.klien.semua(person(dunia, role), "/api/skp/skp", tahun=tahun))
    me = dunia.jalankan(dunia.klien.ambil(person(dunia, role), "/api/skp/saya"))["pegawai_id"]
    return [row for row in rows if row["pegawai_id"] == me]


@pytest.mark.parametrize(("javascript", "tahun"), [(True, 2041), (False, 2042)])
def test_rows_errors_and_saving(visit: Visit, dunia: Dunia, javascript: bool, tahun: int) -> None:
    with visit("pegawai", javascript=javascript, allow=("422",)) as who:
        who.open(f"/skp/rencana/baru?tahun={tahun}")
        if javascript:
            who.check("skp-baru")
        fill_in(who, "Terbitnya laporan bulanan")
        who.press("Tambah indikator")
        who.press("Tambah RHK")
        assert who.page.get_by_label("Indikator kinerja", exact=True).count() == 3
        assert who.page.get_by_label("Target", exact=True).first.input_value() == "12 laporan"
        who.press("Simpan draf")
        who.sees("Ada isian yang belum benar.")
        assert who.page.get_by_label("Rencana hasil kerja", exact=True).first.input_value()
        assert who.page.locator("#salah li a").count() == 5
        if javascript:
            who.check("skp-baru-salah")
        who.press("Hapus RHK 2")
        who.press("Hapus indikator 2")
        assert who.page.get_by_label("Indikator kinerja", exact=True).count() == 1
        who.press("Simpan draf")
        who.sees("SKP disimpan sebagai draf. Periksa, lalu ajukan.")
        assert plans(dunia, "pegawai", tahun)[0]["keadaan"] == "draf"
        who.page.reload()
        assert who.page.get_by_text("SKP disimpan sebagai draf.").count() == 0


def test_a_double_click_and_a_reload_send_once(visit: Visit, dunia: Dunia) -> None:
    with visit("pegawai") as who:
        who.open("/skp/rencana/baru?tahun=2043")
        fill_in(who, "Terbitnya laporan tahunan")
        who.page.get_by_role("button", name="Simpan draf").dblclick()
        who.sees("SKP disimpan sebagai draf.")
        assert len(plans(dunia, "pegawai", 2043)) == 1
        who.page.reload()
        who.page.go_back()
        assert len(plans(dunia, "pegawai", 2043)) == 1


def test_a_form_sent_again_gets_the_first_answer_and_a_changed_one_is_a_new_intention(dunia: Dunia) -> None:
    token = dunia.token(person(dunia, "pegawai"))
    form = {
        KEY: str(uuid4()),
        "tahun": "2044",
        "rhk/0/rencana": "Terbitnya laporan tahunan",
        "rhk/0/indikator/0/aspek": "kuantitas",
        "rhk/0/indikator/0/iki": "Jumlah laporan",
        "rhk/0/indikator/0/target": "12",
    }
    headers = {"Origin": dunia.url.rstrip("/"), "Accept": "text/html"}
    with httpx2.Client(base_url=dunia.url, cookies={SESSION: token}, headers=headers) as http:
        first, again = (http.post("/skp/rencana/baru", data=form) for _ in range(2))
        assert first.status_code == again.status_code == 303
        assert first.headers["Location"] == again.headers["Location"]
        changed = http.post("/skp/rencana/baru", data=form | {"rhk/0/rencana": "Terbitnya <b>yang</b> lain"})
        assert changed.status_code == 422
        assert "Formulir ini sudah pernah dikirim" in changed.text
        assert "Terbitnya &lt;b&gt;yang&lt;/b&gt; lain" in changed.text
        assert form[KEY] not in changed.text
        without = http.post("/skp/rencana/baru", data=form | {KEY: ""})
        assert without.status_code == 422
    assert len(plans(dunia, "pegawai", 2044)) == 1


def test_submitting_asks_first_and_names_who_decides(visit: Visit) -> None:
    with visit("pegawai") as who:
        who.open("/skp/rencana")
        who.check("skp-saya")
        who.page.get_by_role("link", name="SKP 2026").click()
        who.check("skp-lihat")
        who.press("Ubah menjadi versi baru")
        who.check("skp-ubah")
        who.press("Simpan draf")
        who.page.locator("summary", has_text="Ajukan SKP").click()
        who.check("skp-ajukan")
        who.press("Ya, ajukan sekarang")
        who.sees("SKP diajukan kepada pejabat penilai Anda.")
        who.sees("Menunggu:")
        who.check("skp-diajukan")


def test_only_ones_own_plan_can_be_changed(visit: Visit, dunia: Dunia) -> None:
    mine = plans(dunia, "pegawai", 2026)[0]["skp_id"]
    with visit("atasan", allow=("403",)) as who:
        who.open(f"/skp/rencana/{mine}/ubah", 403)
    with visit("admin") as who:
        who.open(f"/skp/rencana/{mine}")
        assert who.page.get_by_text("Ajukan SKP").count() == 0
    with visit() as who:
        who.open(f"/skp/rencana/{mine}")
        who.page.wait_for_url("**/masuk?kembali=*")
