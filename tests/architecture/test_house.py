"""The house keeps its shape: every route has its rule, rules stay pure, metrics stand in one list."""

import ast
import importlib
import sys
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from services.installed import installed
from services.notification.kotak_masuk.pages import BAGIAN
from shared.contracts.catalogue import BY_TYPE, EVENTS, PRINCIPALS, TOPICS
from shared.inbox.reading import Hearing
from shared.runtime.service import Service
from shared.settings import ServiceSettings
from shared.web.nav import CARDS, MENU, OFFLINE

ROOT = Path(__file__).resolve().parents[2]
CODE = [path for top in ("services", "shared", "deploy") for path in sorted((ROOT / top).rglob("*.py"))]
PURE = {"errors", "money", "period", "nip", "clock"}


def build(name: str) -> Service:
    service: Service = importlib.import_module(f"services.{name}.app").build(
        ServiceSettings.unconnected(name)
    )
    return service


@pytest.mark.parametrize("name", installed())
def test_every_route_has_a_rule_and_every_rule_a_route(name: str) -> None:
    service = build(name)
    routes = {
        (method, route.path)
        for router in service.routers
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert routes, "layanan tanpa rute"
    assert routes == set(service.authz)


@pytest.mark.parametrize("name", installed())
def test_every_route_lies_under_a_prefix_of_its_service(name: str) -> None:
    service = build(name)
    for _, path in service.authz:
        assert any(path == prefix or path.startswith(prefix + "/") for prefix in service.prefixes), path


def test_the_menu_and_the_cards_lead_to_pages_of_those_roles() -> None:
    rules = {key: rule for name in installed() for key, rule in build(name).authz.items()}
    for item in MENU:
        granted = {grant.peran for grant in rules["GET", item.path].grants}
        assert set(item.roles) <= granted, item.path
        assert item.roles or "pegawai" in granted, item.path
        for path in item.also:
            assert any(route.startswith(path) for _, route in rules), path
    for path in BAGIAN.values():
        assert ("GET", path) in rules, path
    for card in CARDS:
        assert {grant.peran for grant in rules["GET", card.path].grants} == {"pegawai"}, card.path
    for path in OFFLINE:
        assert {grant.peran for grant in rules["GET", path].grants} == {"pegawai"}, path


@pytest.mark.parametrize("name", installed())
def test_a_service_hears_exactly_what_the_catalogue_says(name: str) -> None:
    """More would be refused by the broker; less would be a right nobody needs and a lag nobody works on."""
    service = build(name)
    heard = Hearing(service.subscriptions, service.barriers).topics
    assert heard == {topic.name for topic in TOPICS if name in topic.consumers}


def test_catalogue_is_whole() -> None:
    assert len(BY_TYPE) == len(EVENTS)
    for event in EVENTS:
        assert event.TOPIC in TOPICS
        assert event.KEY in event.model_fields
    for topic in TOPICS:
        assert topic.producers | topic.consumers <= set(PRINCIPALS)
        assert any(event.TOPIC is topic for event in EVENTS)


@pytest.mark.parametrize("path", [p for p in CODE if p.name == "rules.py"], ids=str)
def test_rules_are_pure(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            top, _, rest = name.partition(".")
            allowed = top in sys.stdlib_module_names or (top == "shared" and rest.split(".")[0] in PURE)
            own = name.startswith("services.") and (name.endswith(".rules") or ".kebijakan." in name)
            assert allowed or own, f"{path.relative_to(ROOT)} mengimpor {name}"


def test_metrics_stand_in_one_place() -> None:
    for path in CODE:
        if path.name == "metrics.py" and path.parent.name == "obs":
            continue
        text = path.read_text(encoding="utf-8")
        assert "prometheus_client import" not in text or "generate_latest" in text, path.relative_to(ROOT)


def test_no_service_reads_the_environment_by_itself() -> None:
    for path in CODE:
        if path.parts[len(ROOT.parts)] == "services" and path.name != "__main__.py":
            assert "os.environ" not in path.read_text(encoding="utf-8"), path.relative_to(ROOT)
