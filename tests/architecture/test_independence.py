"""Each service stands alone. Its own tests run so, too: see `tests/__main__.py`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded.platform import Platform
from services.installed import ALL
from tests.pohon import tree_without

PROBE = """
import importlib
from pathlib import Path
import services
from services.installed import installed
from shared.settings import ServiceSettings as S
for n in installed():
    importlib.import_module(f'services.{n}.app').build(S.unconnected(n)).web().openapi()
print(Path(services.__file__).parents[1], ','.join(installed()))
"""


@pytest.mark.parametrize("gone", ALL)
def test_the_other_three_still_compose(gone: str, tmp_path: Path, platform: Platform) -> None:
    """The command still knows the rest and builds their applications; nothing imports what is gone."""
    rest = tuple(name for name in ALL if name != gone)
    assert composed(tree_without(tmp_path, gone), platform) == f"{tmp_path} {','.join(rest)}"


@pytest.mark.parametrize("alone", ALL)
def test_one_composes_without_the_others(alone: str, tmp_path: Path, platform: Platform) -> None:
    """A service whose neighbours are not even installed builds its application."""
    tree = tree_without(tmp_path, *(name for name in ALL if name != alone))
    assert composed(tree, platform) == f"{tmp_path} {alone}"


def composed(tree: Path, platform: Platform) -> str:
    """Where the services came from, and which of them were built."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree), "EKINERJA_TEST_HOME": str(platform.home)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()
