"""Help: names for who is logged in, guides for everyone."""

from tests.component.helpers import Pemda

HTML = {"Accept": "text/html"}


async def test_strangers_read_guides_and_learn_no_name(pemda: Pemda) -> None:
    assert (await pemda.http.get("/api/skp/bantuan")).status_code == 401
    asked = await pemda.http.get("/bantuan", headers=HTML)
    assert (asked.status_code, asked.headers["location"]) == (303, "/masuk?kembali=%2Fbantuan")
    everyone = await pemda.http.get("/panduan", headers=HTML)
    assert everyone.status_code == 200
    assert "Nama " not in everyone.text
    guide = await pemda.http.get("/panduan/pegawai", headers=HTML)
    assert guide.status_code == 200
    assert "<h1>Panduan pegawai</h1>" in guide.text
    assert 'src="/static/panduan-pegawai-slip.' in guide.text
    assert "style=" not in guide.text
    assert (await pemda.http.get("/panduan/tidak-ada", headers=HTML)).status_code == 404
    login = await pemda.http.get("/masuk", headers=HTML)
    assert 'href="/panduan"' in login.text


async def test_each_person_is_told_who_helps_in_their_unit(pemda: Pemda) -> None:
    for who, peran, unit in (
        ("guru", "pengelola", "PEMDA/DINKES"),
        ("kadis", "keuangan_opd", "PEMDA/DINKES/DINKES-1"),
        ("sekda", "pengelola", "PEMDA/DIKBUD"),
        ("kadik", "admin_bkd", None),
    ):
        await pemda.layanan.baris(
            "INSERT INTO peran (pegawai_id, peran, unit_kode) "
            "VALUES ($1, $2, (SELECT kode FROM unit_kerja WHERE path = $3)) ON CONFLICT DO NOTHING",
            pemda.id[who],
            peran,
            unit,
        )
    told = (await pemda.http.get("/api/skp/bantuan", headers=pemda.sebagai("staf1"))).json()["penolong"]
    names = {role: [one["nama"] for one in people] for role, people in told.items()}
    assert names["atasan"] == ["Nama Kabid"]
    assert names["pengelola"] == ["Nama Guru"]
    assert names["keuangan_opd"] == ["Nama Kadis"]
    assert names["admin_bkd"] == ["Nama Kadik"]
    elsewhere = (await pemda.http.get("/api/skp/bantuan", headers=pemda.sebagai("guru"))).json()["penolong"]
    assert [one["nama"] for one in elsewhere["pengelola"]] == ["Nama Sekda"]
    page = await pemda.http.get("/bantuan", headers=pemda.sebagai("staf1") | HTML)
    assert page.status_code == 200
    assert "Nama Guru" in page.text
    # The guides of one's work stand first, with one's own menu around them.
    mine, others = page.text.split("Panduan lain")
    assert 'href="/bantuan/pegawai"' in mine
    assert 'href="/bantuan/kepegawaian"' in others
    inside = await pemda.http.get("/bantuan/atasan", headers=pemda.sebagai("staf1") | HTML)
    assert 'id="menu"' in inside.text


async def test_pages_that_say_no_lead_to_help(pemda: Pemda) -> None:
    refused = await pemda.http.get("/skp/periode", headers=pemda.sebagai("staf1") | HTML)
    assert refused.status_code == 403
    assert 'href="/bantuan"' in refused.text
