"""Copies of the tree without some services."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def tree_without(target: Path, *services: str) -> Path:
    """A copy of what a service needs, without these services and their tests; returns `target`."""
    for name in ("services", "shared", "deploy"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests", target / "tests", ignore=shutil.ignore_patterns("__pycache__", "e2e"))
    shutil.copy(ROOT / "pytest.ini", target)
    for name in services:
        shutil.rmtree(target / "services" / name)
        for kind in ("component", "unit"):
            shutil.rmtree(target / "tests" / kind / name)
    return target
