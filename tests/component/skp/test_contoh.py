"""The demo's people at the login page: only in the demo's own home, never anywhere else by accident."""

from pathlib import Path

from shared.web.contoh import FILE, OrangContoh, isi_contoh
from tests.component.helpers import NIP, Pemda

SANDI = "Demo-0123456789abcdef"
ORANG = [OrangContoh("Pegawai", NIP["staf1"], "Nama Staf1", SANDI)]
HTML = {"Accept": "text/html", "Origin": "http://uji"}


async def aktif(pemda: Pemda) -> None:
    told = await pemda.tulis("admin", "POST", "/api/skp/akun/kode-aktivasi", json={"pegawai": [NIP["staf1"]]})
    body = {"nip": NIP["staf1"], "kode": told["kode"][0]["kode"], "kata_sandi": SANDI}
    done = await pemda.http.post(
        "/api/skp/aktivasi", json=body, headers={"Idempotency-Key": "aktivasi-contoh"}
    )
    assert done.status_code == 204


async def test_without_the_demo_there_is_nothing_of_it(pemda: Pemda) -> None:
    await aktif(pemda)
    page = await pemda.http.get("/masuk", headers=HTML)
    assert "contoh" not in page.text.lower().replace("misalnya", "")
    told = await pemda.http.post("/masuk/contoh", data={"nip": NIP["staf1"]}, headers=HTML)
    assert told.status_code == 404
    assert "set-cookie" not in told.headers


async def test_a_file_from_another_home_or_a_broken_one_does_nothing(pemda: Pemda, tmp_path: Path) -> None:
    await aktif(pemda)
    settings = pemda.layanan.running.settings
    other = tmp_path / "lain"
    other.mkdir()
    (other / "session.jwks.json").write_text('{"keys": []}')
    for text in (isi_contoh(other, ORANG), "{", "[]", '{"kunci": "x"}'):
        (settings.home / FILE).write_text(text)
        assert "DATA CONTOH" not in (await pemda.http.get("/masuk", headers=HTML)).text
        told = await pemda.http.post("/masuk/contoh", data={"nip": NIP["staf1"]}, headers=HTML)
        assert told.status_code == 404


async def test_in_the_demos_home_one_click_logs_in_as_those_people_only(pemda: Pemda) -> None:
    settings = pemda.layanan.running.settings
    (settings.home / FILE).write_text(isi_contoh(settings.keys, ORANG))
    page = (await pemda.http.get("/masuk", headers=HTML)).text
    assert "DATA CONTOH" in page
    assert "Nama Staf1" in page
    assert SANDI not in page
    before = await pemda.http.post("/masuk/contoh", data={"nip": NIP["staf1"]}, headers=HTML)
    assert before.status_code == 401
    await aktif(pemda)
    inside = await pemda.http.post(
        "/masuk/contoh", data={"nip": NIP["staf1"], "kembali": "/skp/rencana"}, headers=HTML
    )
    assert (inside.status_code, inside.headers["Location"]) == (303, "/skp/rencana")
    assert "ekinerja-sesi" in inside.headers["set-cookie"]
    for nip in (NIP["sekda"], "", "x"):
        told = await pemda.http.post("/masuk/contoh", data={"nip": nip}, headers=HTML)
        assert told.status_code == 404
    foreign = await pemda.http.post(
        "/masuk/contoh", data={"nip": NIP["staf1"]}, headers=HTML | {"Origin": "http://lain"}
    )
    assert foreign.status_code == 403
