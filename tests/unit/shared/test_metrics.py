"""Metrics live in one list: complete, consistent, and nowhere else."""

import ast
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram

from shared.obs import metrics

ROOT = Path(__file__).parents[3]
MAKERS = {"Counter", "Gauge", "Histogram", "Summary", "Info", "Enum"}


def metrics_made_in(source: str) -> list[str]:
    """Every name by which a module could make a metric of its own."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "prometheus_client":
            found += [alias.name for alias in node.names if alias.name in MAKERS | {"metrics", "core", "*"}]
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] == "prometheus_client"]
    return found


def test_no_metric_is_made_outside_the_list() -> None:
    own = ROOT / "shared" / "obs" / "metrics.py"
    sources = [path for part in ("shared", "services", "deploy") for path in (ROOT / part).rglob("*.py")]
    assert own in sources
    assert {
        str(path): made for path in sources if path != own and (made := metrics_made_in(path.read_text()))
    } == {}


def test_a_planted_metric_is_noticed() -> None:
    assert metrics_made_in("from prometheus_client import Counter\nX = Counter('a', 'b')") == ["Counter"]
    assert metrics_made_in("import prometheus_client as p\nX = p.Gauge('a', 'b')") == ["prometheus_client"]
    assert metrics_made_in("from prometheus_client import generate_latest") == []


def test_the_list_is_complete_and_every_metric_names_its_service() -> None:
    made = {
        name: value for name, value in vars(metrics).items() if isinstance(value, Counter | Gauge | Histogram)
    }
    assert set(made.values()) == set(metrics.METRICS)
    for metric in metrics.METRICS:
        (family,) = metric.describe()
        assert family.name.startswith("ekinerja_")
        assert family.documentation.endswith(".")
        assert metric._labelnames[0] == "service"
