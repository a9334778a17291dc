"""compose.yaml and what belongs to it agree with each other and with the product."""

import re
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.routing import APIRoute

from deploy.backends.principals import SERVICES
from deploy.compose import secrets
from deploy.embedded.problems import PlatformError
from deploy.gateway import render
from services.installed import composed
from shared.http import Write

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SECRET_WORDS = re.compile(r"PASSWORD|SANDI|SECRET|TOKEN|EKINERJA_DB_|SMTP$")


def _lock(path: str) -> dict[str, set[str]]:
    """Requirement -> its hashes."""
    found: dict[str, set[str]] = {}
    name = ""
    for line in (ROOT / path).read_text().splitlines():
        text = line.rstrip(" \\").strip()
        if text.startswith("--hash="):
            found[name].add(text)
        elif text:
            name = text
            found[name] = set()
    return found


@pytest.mark.parametrize("part", ["deploy/image/app.lock", "deploy/image/backends.lock"])
def test_what_images_install_is_a_part_of_the_lock(part: str) -> None:
    whole, some = _lock("requirements.lock"), _lock(part)
    assert some
    for requirement, hashes in some.items():
        assert hashes, requirement
        assert whole[requirement] == hashes, requirement


def test_every_secret_is_made_and_none_is_left_over(tmp_path: Path) -> None:
    secrets.init(tmp_path / "rahasia", ["localhost"])
    made = {path.name for path in (tmp_path / "rahasia").iterdir()}
    assert set(COMPOSE["secrets"]) == made
    used = {name for service in COMPOSE["services"].values() for name in service.get("secrets", ())}
    assert used == made


def test_environments_hold_no_secret() -> None:
    for name, service in COMPOSE["services"].items():
        for variable, value in service.get("environment", {}).items():
            if SECRET_WORDS.search(variable.removesuffix("_FILE")):
                assert variable.endswith("_FILE"), (name, variable)
                assert str(value).removeprefix("/run/secrets/") in service["secrets"], (name, variable)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_given_its_own_secrets_only(service: str) -> None:
    for kind in ("api", "worker"):
        given = set(COMPOSE["services"][f"{service}-{kind}"]["secrets"]) - {"smtp"}
        assert given == {f"db_{service}_app", f"kafka_{service}"}


def test_every_container_is_bounded() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert {"mem_limit", "cpus", "logging", "tmpfs", "restart"} <= service.keys(), name


def test_gateway_knows_every_path_of_every_service() -> None:
    text = render.configuration()
    for service in SERVICES:
        for prefix in composed(service).prefixes:
            pattern = re.escape(render.Route(prefix, service).pattern)
            assert re.search(rf"location ~ {pattern} \{{[^}}]*@{service};", text), prefix


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/api/skp", "skp"),
        ("/api/skp/saya", "skp"),
        ("/.well-known/jwks.json", "skp"),
        ("/api/tpp/slip/2026-10/saya", "tpp"),
        ("/api/skpx", None),
        ("/xwell-known/jwks.json", None),
        ("/metrics", None),
        ("/health/ready", None),
    ],
)
def test_paths_go_where_they_belong(path: str, service: str | None) -> None:
    found = next((route.service for route in render.routes() if re.search(route.pattern, path)), None)
    assert found == service


def test_a_page_may_be_sent_again_by_the_gateway() -> None:
    """It repeats every form that a dying replica may have seen: each has a key, or only sets cookies.

    A code of the second factor that counted already is refused at worst, and the next one is asked for; who
    left all devices has left them.
    """
    harmless = {
        "/masuk",
        "/masuk/contoh",
        "/masuk/faktor",
        "/keluar",
        "/tampilan",
        "/skp/keamanan/keluar-semua",
    }
    seen = set()
    for service in SERVICES:
        for part in composed(service).routers:
            for route in part.routes:
                assert isinstance(route, APIRoute)
                if route.path.startswith("/api/") or "POST" not in (route.methods or ()):
                    continue
                asked = {parameter.annotation for parameter in signature(route.endpoint).parameters.values()}
                assert Write in asked or route.path in harmless, route.path
                seen.add(route.path)
    assert harmless < seen


def test_a_secret_that_exists_is_never_touched(tmp_path: Path) -> None:
    folder = tmp_path / "rahasia"
    assert "kafka_skp" in secrets.init(folder, ["localhost"])
    before = {path.name: path.read_text() for path in folder.iterdir()}
    (folder / "kafka_skp").unlink()
    assert secrets.init(folder, ["lain"]) == ["kafka_skp"]
    after = {path.name: path.read_text() for path in folder.iterdir()}
    assert after.pop("kafka_skp") != before.pop("kafka_skp")
    assert after == before
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


@pytest.mark.parametrize("left", ["tls.crt", "tls.key"])
def test_half_a_certificate_is_refused(tmp_path: Path, left: str) -> None:
    (tmp_path / left).write_text("milik pemda")
    with pytest.raises(PlatformError, match=r"tls\.crt dan tls\.key"):
        secrets.init(tmp_path, ["localhost"])
    assert [path.name for path in tmp_path.iterdir()] == [left]
