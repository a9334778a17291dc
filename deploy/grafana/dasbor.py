"""One dashboard with a panel for each metric of `shared/obs/metrics.py`; `ekinerja docs` writes it.

What a metric means stands below its panel, in the words of that list. Counters are shown as events a second,
histograms as their median and 99th percentile in seconds (or pieces), gauges as they are; all by service.
"""

import json
from pathlib import Path
from typing import Any

from shared.obs.metrics import METRICS

FILE = Path("deploy/grafana/dashboards/ekinerja.json")
"""Where it is kept, from the top of the tree."""
_WIDTH, _HEIGHT = 8, 7
_SOURCE = {"type": "prometheus", "uid": "prometheus"}


def dashboard() -> str:
    """The dashboard as JSON text."""
    panels = [_panel(number, _described(metric)) for number, metric in enumerate(METRICS)]
    document = {
        "uid": "ekinerja",
        "title": "e-Kinerja",
        "tags": ["ekinerja"],
        "timezone": "browser",
        "schemaVersion": 39,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "panels": panels,
    }
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _described(metric: Any) -> Any:
    (described,) = metric.describe()
    return described


def _panel(number: int, metric: Any) -> dict[str, Any]:
    questions, unit = _questions(metric)
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": metric.name.removeprefix("ekinerja_").replace("_", " "),
        "description": metric.documentation,
        "datasource": _SOURCE,
        "gridPos": {
            "x": number % 3 * _WIDTH,
            "y": number // 3 * _HEIGHT,
            "w": _WIDTH,
            "h": _HEIGHT,
        },
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(65 + place), "datasource": _SOURCE, "expr": expression, "legendFormat": legend}
            for place, (expression, legend) in enumerate(questions)
        ],
    }


def _questions(metric: Any) -> tuple[list[tuple[str, str]], str]:
    """What to ask Prometheus, as (expression, legend), and the unit of the answers."""
    name = metric.name
    if metric.type == "counter":
        return [(f"sum by (service) (rate({name}_total[5m]))", "{{service}}")], "ops"
    if metric.type == "histogram":
        unit = "s" if name.endswith("_seconds") else "short"
        return [
            (
                f"histogram_quantile({share}, sum by (le, service) (rate({name}_bucket[5m])))",
                f"{{{{service}}}} p{share[2:].ljust(2, '0')}",
            )
            for share in ("0.5", "0.99")
        ], unit
    return [(f"sum by (service) ({name})", "{{service}}")], "percentunit" if "progress" in name else "short"
