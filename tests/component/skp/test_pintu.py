"""Strangers first: every route, anonymous, by the wrong person, and by the rightful one."""

import hashlib
from typing import Any
from uuid import uuid4

import pytest

from services.skp.authz import AUTHZ
from tests.component.helpers import NIP, Pemda, organisasi, pdf, rencana

BUKTI = pdf("pintu")
HASH = hashlib.sha256(BUKTI).hexdigest()
PUBLIK = {("POST", "/api/skp/masuk"), ("POST", "/api/skp/aktivasi"), ("GET", "/.well-known/jwks.json")} | {
    *((method, path) for method in ("GET", "POST") for path in ("/masuk", "/aktivasi", "/tampilan")),
    ("POST", "/keluar"),
    ("POST", "/masuk/contoh"),
    ("POST", "/masuk/faktor"),
    ("GET", "/sw.js"),
    ("GET", "/luring"),
    ("GET", "/panduan"),
    ("GET", "/panduan/{nama}"),
}


async def siapkan(pemda: Pemda) -> dict[str, str]:
    """A month, staf1's agreed plan with evidence and a realisasi; what paths name."""
    bulan = await pemda.buka_bulan()
    plan = await pemda.skp_disetujui("staf1")
    await pemda.unggah("staf1", BUKTI)
    sent = await pemda.tulis("staf1", "POST", "/api/skp/realisasi", json=pemda.realisasi(plan, bukti=[HASH]))
    return {
        "realisasi_id": sent["realisasi_id"],
        "skp_id": plan["skp_id"],
        "rhk_id": plan["rhk"][0]["rhk_id"],
        "periode": str(bulan),
        "pegawai_id": str(pemda.id["staf1"]),
        "sha256": HASH,
    }


async def test_a_stranger_gets_nothing_but_the_public_routes(pemda: Pemda) -> None:
    for method, path in AUTHZ:
        address = path.format(
            skp_id=uuid4(),
            periode="2026-01",
            pegawai_id=uuid4(),
            realisasi_id=uuid4(),
            sha256="0" * 64,
            tahun="2026",
            import_id=uuid4(),
            nama="pegawai",
        )
        for headers in ({}, {"Authorization": "Bearer palsu"}, {"Authorization": "Basic YTpi"}):
            response = await pemda.http.request(
                method, address, headers={"Idempotency-Key": str(uuid4()), **headers}
            )
            if (method, path) in PUBLIK:
                assert response.status_code != 401, path
            else:
                assert response.status_code == 401, (method, path, response.text)
                assert response.headers["www-authenticate"].startswith("Bearer")


HANYA_ADMIN: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/api/skp/impor/organisasi", {"content": organisasi()}),
    ("POST", "/api/skp/periode", {"json": {"periode": "2026-01"}}),
    ("POST", "/api/skp/periode/{periode}/tutup-pengiriman", {}),
    ("POST", "/api/skp/periode/{periode}/tutup", {}),
    ("POST", "/api/skp/periode/{periode}/buka-kembali", {"json": {"alasan": "salah tutup kemarin"}}),
    ("PUT", "/api/skp/akun/{pegawai_id}/peran", {"json": {"peran": []}}),
]


@pytest.mark.parametrize(("method", "path", "rest"), HANYA_ADMIN)
async def test_what_only_an_admin_may_do(pemda: Pemda, method: str, path: str, rest: dict[str, Any]) -> None:
    known = await siapkan(pemda)
    for roles in (
        (),
        ("pengelola",),
        ("pimpinan",),
        ("auditor",),
        ("bpkad",),
        ("sysadmin",),
        ("keuangan_opd",),
    ):
        headers = pemda.sebagai("kabid", *roles, unit="PEMDA")
        response = await pemda.http.request(method, path.format(**known), headers=headers, **rest)
        assert response.status_code == 403, (roles, response.text)
    if path.endswith("/peran"):
        return  # taking every role from staf1 while nobody else is admin: its own test
    response = await pemda.http.request(method, path.format(**known), headers=pemda.sebagai("admin"), **rest)
    assert response.status_code in {200, 201, 409}, response.text


@pytest.mark.parametrize(
    "path",
    [
        "/api/skp/skp/{skp_id}",
        "/api/skp/bukti/{sha256}",
        "/api/skp/realisasi/{realisasi_id}",
        "/api/skp/realisasi/bulan/{periode}?pegawai_id={pegawai_id}",
        "/skp/realisasi/{realisasi_id}",
        "/skp/realisasi/orang/{pegawai_id}",
    ],
)
async def test_who_may_read_one_persons_work(pemda: Pemda, path: str) -> None:
    known = await siapkan(pemda)
    refused = 404 if "bukti" in path else 403
    for who, roles, unit, status in (
        ("staf1", (), None, 200),
        ("kabid", (), None, 200),
        ("staf2", (), None, refused),
        ("kadis", (), None, refused),
        ("kadik", ("pimpinan",), "PEMDA/DIKBUD", refused),
        ("guru", ("pengelola",), "PEMDA/DIKBUD", refused),
        ("guru", ("pengelola",), "PEMDA/DINKES", 200),
        ("guru", ("pengelola",), "PEMDA/DINKES/DINKES-1", 200),
        ("guru", ("pengelola",), "PEMDA/DIN", refused),
        ("kadis", ("pimpinan",), "PEMDA/DINKES", 200),
        ("guru", ("auditor",), None, 200),
        ("guru", ("bpkad",), None, refused),
        ("guru", ("keuangan_opd",), "PEMDA/DINKES", refused),
        ("guru", ("sysadmin",), None, refused),
        ("admin", (), None, 200),
    ):
        response = await pemda.http.get(path.format(**known), headers=pemda.sebagai(who, *roles, unit=unit))
        assert response.status_code == status, (who, roles, unit, response.text)


async def test_lists_hold_only_what_one_may_see(pemda: Pemda) -> None:
    known = await siapkan(pemda)
    await pemda.skp_disetujui("guru")
    for address, query in (
        ("/api/skp/skp", {"tahun": pemda.hari_ini.year}),
        ("/api/skp/realisasi", {"periode": known["periode"]}),
    ):
        plans = address.endswith("/skp")
        for who, roles, unit, seen in (
            ("staf1", (), None, {"staf1"}),
            ("kabid", (), None, {"staf1"}),
            ("staf2", (), None, set()),
            ("kadik", (), None, {"guru"} if plans else set()),
            ("staf2", ("pengelola",), "PEMDA/DIKBUD", {"guru"} if plans else set()),
            ("staf2", ("pengelola",), "PEMDA/DINKES", {"staf1"}),
            ("guru", ("pengelola",), "PEMDA/DINKES", {"staf1", "guru"} if plans else {"staf1"}),
            ("admin", (), None, {"staf1", "guru"} if plans else {"staf1"}),
        ):
            found = await pemda.baca(who, address, *roles, unit=unit, **query)
            names = {str(pemda.id[name]): name for name in NIP}
            assert {names[row["pegawai_id"]] for row in found["data"]} == seen, (address, who, roles)


async def test_nobody_writes_for_another(pemda: Pemda) -> None:
    known = await siapkan(pemda)
    address = f"/api/skp/skp/{known['skp_id']}"
    body = rencana(pemda.hari_ini.year)
    for who in ("staf2", "kabid", "admin"):
        changed = await pemda.http.put(address, headers=pemda.sebagai(who), json=body)
        asked = await pemda.http.post(f"{address}/ajukan", headers=pemda.sebagai(who))
        assert (changed.status_code, asked.status_code) == (403, 403), who
    plan = {"skp_id": known["skp_id"], "rhk": [{"rhk_id": known["rhk_id"]}]}
    response = await pemda.http.post(
        "/api/skp/realisasi", headers=pemda.sebagai("staf2"), json=pemda.realisasi(plan)
    )
    assert response.status_code == 409
    assert await pemda.layanan.nilai("SELECT count(*) FROM realisasi") == 1


async def test_what_anyone_logged_in_may_see(pemda: Pemda) -> None:
    known = await siapkan(pemda)
    for path in ("/api/skp/periode", f"/api/skp/periode/{known['periode']}", "/api/skp/saya"):
        await pemda.baca("guru", path)
    above = await pemda.baca("staf2", "/api/skp/rhk-atasan", tahun=pemda.hari_ini.year)
    assert above["atasan_id"] == str(pemda.id["kabid"])


async def test_public_keys_hold_nothing_private(pemda: Pemda) -> None:
    response = await pemda.http.get("/.well-known/jwks.json")
    [key] = response.json()["keys"]
    assert {"kty", "crv", "x", "kid"} <= set(key)
    assert "d" not in key


@pytest.mark.parametrize(
    "path",
    [
        "/api/skp/skp?tahun=2026&cursor=bukan-kursor",
        "/api/skp/skp?tahun=2026&cursor=WzEsImEiXQ",
        "/api/skp/realisasi?periode=2026-01&cursor=WyIxIl0",
        "/api/skp/periode?cursor=WyIyMDI2LTk5Il0",
        "/api/skp/realisasi?periode=2026-13",
        "/api/skp/periode/2026-00",
        "/api/skp/skp/bukan-uuid",
        "/api/skp/bukti/ZZ",
    ],
)
async def test_made_up_addresses_are_the_askers_mistake(pemda: Pemda, path: str) -> None:
    response = await pemda.http.get(path, headers=pemda.sebagai("admin"))
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
