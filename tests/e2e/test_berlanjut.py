"""A demo that is killed again and again, each time in another process, ends with the same figures."""

import json
import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.embedded.platform import Platform
from deploy.embedded.supervisor import end_all
from tests.dunia import Dunia, demo

KILLS = int(os.environ.get("EKINERJA_TEST_KILLS", "4"))
"""The full size is 20; each costs some five seconds."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's own user may pass; pytest closes those that it makes."""
    with tempfile.TemporaryDirectory(prefix="ekinerja-uji-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.mark.timeout(180 + 40 * KILLS)
def test_killed_at_random_moments_it_continues_to_the_same_figures(dunia: Dunia, folder: Path) -> None:
    seed = random.randrange(10**6)
    print(f"benih: {seed}")
    dice = random.Random(seed)
    home, result = folder / "rumah", folder / "hasil.json"
    killed: list[str] = []
    try:
        while len(killed) < KILLS:
            # A run that came to its end all the same is played once more: it must repeat itself, too.
            process = demo(home, "--exit", "--json", str(result))
            while process.poll() is None and len(killed) < KILLS:
                _wait(process, dice.uniform(0.5, 12))
                killed += _kill_one(process, home, dice)
            _ended(process, home)
        result.unlink(missing_ok=True)
        last = demo(home, "--exit", "--json", str(result))
        assert _ended(last, home) == 0, (home / "demo.log").read_text()[-3000:]
        found = json.loads(result.read_text())
        print(f"dibunuh: {killed}")
        assert found["sha256"] == dunia.hasil["sha256"]
        assert found["oracle_equal"] is True
        assert found["total_rupiah"] == dunia.hasil["total_rupiah"]
    finally:
        end_all(Platform(home))
        Platform(home).erase()


def _ended(process: subprocess.Popen[str], home: Path) -> int:
    """How a run ended: well, stopped with a sentence, or killed by us; nothing else may happen."""
    code = process.wait(300)
    if code not in (0, 1, -signal.SIGKILL):
        pytest.fail((home / "demo.log").read_text()[-3000:])
    return code


def _wait(process: subprocess.Popen[str], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        time.sleep(0.05)


def _kill_one(process: subprocess.Popen[str], home: Path, dice: random.Random) -> list[str]:
    """SIGKILL the demo itself or any process of its platform, whichever the dice say."""
    if process.poll() is not None:
        return []
    found = {part.name: part.pid for part in Platform(home).running().values()} if home.exists() else {}
    found["demo"] = process.pid
    name = dice.choice(sorted(found))
    try:
        psutil.Process(found[name]).kill()
    except psutil.NoSuchProcess:
        return []
    return [name]
