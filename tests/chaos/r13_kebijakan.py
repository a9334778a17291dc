"""R13: 10.000 random policies and people: lines sum to the total, no float, the same in any order.

Each policy is any the language can say; the compiled function is held against the interpreter.
"""

import time
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from services.tpp.perhitungan.rules import Masukan
from tests.measure import Context
from tests.unit.tpp.acak import kebijakan, orang
from tests.unit.tpp.test_bahasa import ORANG, periksa_hukum


def run(context: Context) -> list[dict[str, Any]]:
    """300 pairs of policy and person (full: 10.000)."""
    pairs = 300 if context.small else 10_000
    counts = {"kebijakan": 0, "orang": 0, "dibayar": 0}

    @seed(context.seed)
    @settings(
        max_examples=pairs // ORANG, deadline=None, phases=[Phase.generate], database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(kebijakan(), st.lists(orang(), min_size=ORANG, max_size=ORANG), st.randoms(use_true_random=False))
    def laws(data: dict[str, Any], people: list[Masukan], acak: Random) -> None:
        counts["dibayar"] += periksa_hukum(data, people, acak)
        counts["kebijakan"] += 1
        counts["orang"] += 2 * len(people) - 1

    began = time.monotonic()
    laws()
    return [
        {
            "id": "R13",
            "value": counts["orang"],
            "unit": "pasangan kebijakan dan orang tanpa selisih",
            "goal": f">= {pairs}",
            "holds": counts["orang"] >= pairs and counts["dibayar"] > 0,
            "detail": {**counts, "detik_hitung": round(time.monotonic() - began, 1)},
        }
    ]
