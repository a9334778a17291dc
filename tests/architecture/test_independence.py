"""Each service stands alone: with the folders of all others deleted, it starts and passes its own tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded.platform import Platform
from services.installed import ALL

ROOT = Path(__file__).resolve().parents[2]


def tree_without(target: Path, *services: str) -> Path:
    """A copy of what a service needs, without these services and their tests."""
    for name in ("services", "shared", "deploy"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests", target / "tests", ignore=shutil.ignore_patterns("__pycache__", "e2e"))
    shutil.copy(ROOT / "pytest.ini", target)
    for name in services:
        shutil.rmtree(target / "services" / name)
        shutil.rmtree(target / "tests" / "component" / name)
    return target


def run(tree: Path, platform: Platform, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=tree,
        env=os.environ
        | {"PYTHONPATH": str(tree), "EKINERJA_TEST_HOME": str(platform.home), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


@pytest.mark.timeout(900)
@pytest.mark.parametrize("alone", ALL)
def test_a_service_alone_passes_its_own_tests(alone: str, tmp_path: Path, platform: Platform) -> None:
    tree = tree_without(tmp_path, *(name for name in ALL if name != alone))
    done = run(tree, platform, "-m", "pytest", "-q", f"tests/component/{alone}")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert str(ROOT) not in run(tree, platform, "-c", "import services; print(services.__file__)").stdout


@pytest.mark.parametrize("gone", ALL)
def test_the_other_three_still_compose(gone: str, tmp_path: Path, platform: Platform) -> None:
    """The command still knows the rest and builds their applications; nothing imports what is gone."""
    tree = tree_without(tmp_path, gone)
    probe = (
        "import importlib\n"
        "from services.installed import installed\n"
        "from shared.settings import ServiceSettings as S\n"
        "for n in installed():\n"
        "    importlib.import_module(f'services.{n}.app').build(S.unconnected(n)).web().openapi()\n"
        "print(','.join(installed()))\n"
    )
    done = run(tree, platform, "-c", probe)
    assert done.stdout.strip() == ",".join(name for name in ALL if name != gone), done.stderr[-3000:]
