"""Pages through the gateway, as a browser meets them: one origin, TLS, assets that stay, a service away."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page, expect, sync_playwright

from deploy.demo import pemda as contoh
from deploy.demo.klien import Klien
from shared.http.session import SESSION
from shared.web.live import EVENT_STREAM
from shared.web.render import CSP
from tests.browser.mesin import FLAGS, chromium
from tests.browser.tamu import PICTURES
from tests.compose.tumpukan import Tumpukan, run_name

_HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def peramban(tumpukan: Tumpukan) -> Iterator[Browser]:
    """A Chromium that trusts this gateway's key and no other."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    trust = f"--ignore-certificate-errors-spki-list={_key_hash(tumpukan.ca)}"
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium(), args=[*FLAGS, trust])
        yield opened
        opened.close()


def _key_hash(certificate: Path) -> str:
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(info).digest()).decode()


@pytest.fixture(scope="module")
def pegawai(tumpukan: Tumpukan) -> tuple[str, str]:
    """NIP and password of somebody who was paid for October."""
    data = contoh.bangun(pegawai=tumpukan.pegawai, opd=3, seed=7, periode="2026-10")
    nip = next(
        one.nip
        for one in data.orang
        if one.skp_disetujui and data.jabatan[one.jabatan].jenis in ("JF", "Pelaksana")
    )
    secret = bytes.fromhex(json.loads((tumpukan.folder / "demo" / "demo.json").read_text())["rahasia"])
    return nip, Klien(tumpukan.url, run_name(tumpukan.pegawai), secret).kata_sandi(nip)


def _client(stack: Tumpukan) -> httpx2.Client:
    return httpx2.Client(base_url=stack.url, verify=stack.trusted, trust_env=False, timeout=30)


def _log_in(page: Page, nip: str, password: str) -> None:
    page.get_by_label("NIP", exact=True).fill(nip)
    page.get_by_label("Kata sandi", exact=True).fill(password)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_load_state("networkidle")


def _rupiah(text: str) -> int:
    return int(re.sub(r"[^\d-]", "", text.replace("−", "-")))


def test_somebody_logs_in_and_sees_home_and_tpp(
    tumpukan: Tumpukan, peramban: Browser, pegawai: tuple[str, str]
) -> None:
    nip, password = pegawai
    with _client(tumpukan) as client:
        token = client.post("/api/skp/masuk", json={"nip": nip, "kata_sandi": password}).json()["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        slip = client.get("/api/tpp/slip/2026-10/saya", headers=bearer).json()
        # Live pieces arrive while the answer is still open: nothing on the way holds them back.
        with client.stream(
            "GET", "/notifikasi/fragmen/lencana", headers={**bearer, "Accept": EVENT_STREAM}
        ) as live:
            assert "event: isi" in next(iter(live.iter_text()))
    page = peramban.new_page()
    asked: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda request: asked.add(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None
    )
    page.goto(f"{tumpukan.url}/tpp/saya", wait_until="networkidle")
    assert page.url == f"{tumpukan.url}/masuk?kembali=%2Ftpp%2Fsaya"
    _log_in(page, nip, password)
    assert page.url == f"{tumpukan.url}/tpp/saya"
    cookie = next(one for one in page.context.cookies() if one["name"] == f"__Host-{SESSION}")
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")
    page.get_by_role("link", name="Oktober 2026", exact=True).click()
    expect(page.get_by_text("Kenapa TPP saya segini?").first).to_be_visible()
    assert _rupiah(page.locator(".jumlah-besar").inner_text()) == int(slip["neto"]) > 0
    page.goto(f"{tumpukan.url}/", wait_until="networkidle")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Selamat datang")
    assert page.locator("[data-fragmen]").count() == 4
    assert page.locator("[data-fragmen] [data-menunggu], [data-fragmen] [data-gagal]").count() == 0
    worker = page.evaluate("navigator.serviceWorker.ready.then((found) => found.active.scriptURL)")
    assert worker == f"{tumpukan.url}/sw.js"
    page.screenshot(path=PICTURES / "gerbang-beranda.png")
    page.context.close()
    assert not complaints
    assert all(url.startswith((tumpukan.url, "data:", "blob:")) for url in asked), asked


def test_assets_stay_and_pages_say_what_may_run(tumpukan: Tumpukan) -> None:
    with _client(tumpukan) as client:
        stranger = client.get("/", headers=_HTML)
        assert (stranger.status_code, stranger.headers["location"]) == (303, "/masuk")
        page = client.get("/masuk", headers=_HTML)
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        for name, value in {
            "content-security-policy": CSP,
            "strict-transport-security": "max-age=31536000",
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
        }.items():
            assert page.headers.get_list(name) == [value], name
        assets = sorted(set(re.findall(r'"(/static/[^"#]+)', page.text)))
        assert {"css", "js", "svg", "webmanifest"} <= {path.rsplit(".", 1)[1] for path in assets}
        for path in assets:
            found = client.get(path)
            assert found.status_code == 200, path
            assert found.headers["cache-control"] == "public, max-age=31536000, immutable", path
            assert found.headers.get_list("x-content-type-options") == ["nosniff"], path
            assert found.headers["content-type"] != "application/octet-stream", path
            if path.endswith((".css", ".js")) and len(found.content) > 2000:
                assert (found.headers["content-encoding"], found.headers["vary"]) == (
                    "gzip",
                    "Accept-Encoding",
                ), path
        for path in ("/static/manifest.json", "/static/sw.js", assets[0] + ".gz", "/static/"):
            assert client.get(path).status_code == 404, path
        worker = client.get("/sw.js")
        assert (worker.status_code, worker.headers["cache-control"]) == (200, "no-cache")


def test_a_service_that_is_away_costs_its_pages_only(
    tumpukan: Tumpukan, peramban: Browser, pegawai: tuple[str, str]
) -> None:
    away = tumpukan.containers("tpp-api")
    page = peramban.new_page()
    page.goto(f"{tumpukan.url}/masuk", wait_until="networkidle")
    _log_in(page, *pegawai)
    tumpukan.docker("kill", *away)
    try:
        page.goto(f"{tumpukan.url}/", wait_until="networkidle")
        lost = page.get_by_text("Bagian ini sedang tidak dapat dibuka.").locator("visible=true")
        expect(lost).to_have_count(1)
        expect(page.get_by_text("Pejabat penilai").first).to_be_visible()
        answer = page.goto(f"{tumpukan.url}/tpp/saya", wait_until="networkidle")
        assert answer is not None
        assert (answer.status, answer.header_value("retry-after")) == (503, "2")
        assert answer.header_value("content-security-policy") == CSP
        expect(page.get_by_role("heading", name="Siapa yang dapat menolong?")).to_be_visible()
        page.screenshot(path=PICTURES / "gerbang-layanan-mati.png")
        with _client(tumpukan) as client:
            for method in ("GET", "POST"):
                told = client.request(method, "/api/tpp/slip/2026-10/saya")
                assert (told.status_code, told.headers["retry-after"]) == (503, "2")
                assert told.headers["content-type"] == "application/problem+json"
                assert told.json()["type"] == "urn:ekinerja:masalah:belum-dapat-dilayani"
    finally:
        tumpukan.docker("start", *away)
    for name in away:
        tumpukan.until_ready(name)
    page.get_by_role("link", name="Coba lagi", exact=True).click()
    page.wait_for_load_state("networkidle")
    assert page.url == f"{tumpukan.url}/tpp/saya"
    expect(page.get_by_role("link", name="Oktober 2026", exact=True)).to_be_visible()
    missing = page.goto(f"{tumpukan.url}/tidak-ada", wait_until="networkidle")
    assert missing is not None
    assert missing.status == 404
    expect(page.get_by_role("heading", name="Siapa yang dapat menolong?")).to_be_visible()
    page.screenshot(path=PICTURES / "gerbang-tidak-ada.png")
    page.context.close()
