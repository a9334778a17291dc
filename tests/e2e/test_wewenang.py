"""Authorization, generated from the tables: every route for strangers, self, atasan, other unit and role."""

import importlib
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from deploy.demo.perintah import ADMIN_NIP
from services.installed import installed
from shared.auth.guard import PERAN, Guard, Peranan, Principal, Rule, Subject
from shared.auth.token import Signer
from tests.dunia import Dunia

TABLE: dict[tuple[str, str], Rule] = {
    route: rule
    for name in installed()
    for route, rule in importlib.import_module(f"services.{name}.authz").AUTHZ.items()
}
ROUTES = sorted(TABLE)
OPEN = [route for route in ROUTES if TABLE[route].public]
GUARDED = [route for route in ROUTES if not TABLE[route].public]


@pytest.fixture(scope="module")
def http(dunia: Dunia) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=dunia.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def orang(dunia: Dunia) -> dict[str, Any]:
    """Somebody of the first OPD with an atasan, as the product knows them."""
    pemda = dunia.pemda
    staf = next(
        o
        for o in pemda.orang
        if pemda.jabatan[o.jabatan].jenis in ("JF", "Pelaksana")
        and o.skp_disetujui
        and not o.pindah_ke
        and o.nip not in {dunia.bulan.pejabat.admin_bkd, dunia.bulan.pejabat.bpkad}
    )
    me: dict[str, Any] = dunia.jalankan(dunia.klien.ambil(staf.nip, "/api/skp/saya"))
    rows = dunia.jalankan(dunia.klien.semua(staf.nip, "/api/skp/skp", tahun=2026))
    me["skp_id"] = next(row["skp_id"] for row in rows if row["pegawai_id"] == me["pegawai_id"])
    me["opd"] = staf.opd
    me["unit_path"] = pemda.jalur(pemda.jabatan[staf.jabatan].unit)
    return me


def path_for(template: str, orang: dict[str, Any]) -> str:
    """The route's path, pointing at the person (or at nothing that exists)."""
    known = {
        "pegawai_id": orang["pegawai_id"],
        "skp_id": orang["skp_id"],
        "periode": "2026-10",
        "opd_kode": orang["opd"],
        "opd": orang["opd"],
        "sha256": "0" * 64,
        "tanggal": "2026-10-05",
        "urutan": 1,
    }
    return re.sub(r"\{(\w+)\}", lambda name: str(known.get(name[1], uuid4())), template)


def call(
    http: httpx2.Client, route: tuple[str, str], orang: dict[str, Any], token: str | None
) -> httpx2.Response:
    headers = {"Idempotency-Key": str(uuid4())}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    method, template = route
    content = b"{}" if method in ("POST", "PUT") else None
    return http.request(method, path_for(template, orang), headers=headers, content=content)


@pytest.mark.parametrize("route", GUARDED, ids=" ".join)
def test_strangers_and_forged_tokens_are_refused(
    http: httpx2.Client, dunia: Dunia, orang: dict[str, Any], route: tuple[str, str]
) -> None:
    good = dunia.token(ADMIN_NIP)
    head, body, signature = good.split(".")
    for token in (None, "x", "x.y.z", f"{head}.{body}.", f"{head}.{body}.{signature[::-1]}"):
        assert call(http, route, orang, token).status_code == 401


@pytest.mark.parametrize("route", GUARDED, ids=" ".join)
def test_roles_that_have_no_grant_are_refused_at_the_door(
    http: httpx2.Client, dunia: Dunia, orang: dict[str, Any], route: tuple[str, str]
) -> None:
    signer = Signer(dunia.home / "keys")
    granted = {grant.peran for grant in TABLE[route].grants}
    if granted & {"pegawai", "atasan"}:
        granted |= PERAN
    for peran in sorted(PERAN):
        stranger = Principal(uuid4(), "198501012010011001", (Peranan(peran, "PEMDA"),), 1)
        token, _ = signer.issue(stranger)
        status = call(http, route, orang, token).status_code
        assert status < 500, (peran, status)
        assert status != 401
        if peran not in granted:
            assert status == 403, (peran, status)


@pytest.mark.parametrize(
    "route", [r for r in GUARDED if "{pegawai_id}" in r[1] or "{skp_id}" in r[1]], ids=" ".join
)
def test_another_persons_data_opens_only_as_the_table_says(
    http: httpx2.Client, dunia: Dunia, orang: dict[str, Any], route: tuple[str, str]
) -> None:
    """Self, atasan, each role in the right unit, in another unit, and a passer-by: all from the table."""
    signer = Signer(dunia.home / "keys")
    subject = Subject(UUID(orang["pegawai_id"]), orang["unit_path"], UUID(orang["atasan_id"]))
    who = [
        Principal(UUID(orang["pegawai_id"]), orang["nip"], (), 99),
        Principal(UUID(orang["atasan_id"]), "198501012010011001", (), 99),
        Principal(uuid4(), "198501012010011001", (), 1),
    ]
    for peran in sorted(PERAN):
        for unit in ("PEMDA", f"PEMDA/{orang['opd']}", f"PEMDA/{orang['opd']}X", "LAIN"):
            who.append(Principal(uuid4(), "198501012010011001", (Peranan(peran, unit),), 1))
    for principal in who:
        token, _ = signer.issue(principal)
        status = call(http, route, orang, token).status_code
        expected = Guard(TABLE[route], principal).reaches(subject)
        assert status < 500, (principal, status)
        if not expected:
            # 422: the empty body of a write is refused before anyone's data is looked at.
            assert status in (403, 404, 422), (principal, status)
            assert not (route[0] == "GET" and status == 422)
        elif route[0] == "GET":
            assert status in ((403, 404) if route in NOBODY_HAS_ONE else (200,)), (principal, status)


NOBODY_HAS_ONE = {
    ("GET", f"{top}/penyelesaian/{{periode}}/{{pegawai_id}}/{{urutan}}") for top in ("/api/tpp", "/tpp")
}
"""What nobody of this world has: the rightful are told so, or of one office only, that it is not theirs."""


def test_routes_open_to_strangers_are_exactly_these() -> None:
    assert OPEN == [
        ("GET", "/.well-known/jwks.json"),
        ("GET", "/aktivasi"),
        ("GET", "/api/tpp/.well-known/jwks.json"),
        ("GET", "/luring"),
        ("GET", "/masuk"),
        ("GET", "/panduan"),
        ("GET", "/panduan/{nama}"),
        ("GET", "/sw.js"),
        ("GET", "/tampilan"),
        ("GET", "/tpp/verifikasi/{token}"),
        ("POST", "/aktivasi"),
        ("POST", "/api/skp/aktivasi"),
        ("POST", "/api/skp/masuk"),
        ("POST", "/keluar"),
        ("POST", "/masuk"),
        ("POST", "/masuk/contoh"),
        ("POST", "/masuk/faktor"),
        ("POST", "/tampilan"),
    ]


def test_sysadmin_reaches_no_pay_data() -> None:
    for (method, path), rule in TABLE.items():
        # Dead letters show the event's name and the kind of fault, never what is in it.
        if path.startswith(("/api/tpp", "/tpp")) and not path.startswith("/tpp/surat-mati"):
            assert all(grant.peran != "sysadmin" for grant in rule.grants), (method, path)
