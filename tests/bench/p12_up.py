"""P12: `ekinerja up` on a machine with packages installed: seconds to a usable page, memory when idle."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from deploy.embedded.platform import Platform
from deploy.embedded.status import parts
from deploy.embedded.supervisor import end_all
from tests.measure import Context

_USABLE = "masuk"
_SETTLE_SECONDS = 10


def run(context: Context) -> list[dict[str, Any]]:
    """First start (passwords, databases, topics made) and a later one, then memory after ten idle seconds."""
    with tempfile.TemporaryDirectory(prefix="ekinerja-") as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "rumah"
        try:
            first, _ = _up(home)
            later, memory = _up(home)
        finally:
            end_all(Platform(home))
            Platform(home).erase()
    megabytes = sum(memory.values())
    detail = {"memori_mb": memory, "cara": "PSS: halaman bersama dihitung sekali"}
    return [
        {
            "id": "P12 mulai pertama",
            "value": first,
            "unit": "detik",
            "goal": "<= 12",
            "holds": first <= 12,
            "detail": {},
        },
        {
            "id": "P12 mulai lagi",
            "value": later,
            "unit": "detik",
            "goal": "<= 12",
            "holds": later <= 12,
            "detail": {},
        },
        {
            "id": "P12 memori diam",
            "value": megabytes,
            "unit": "MB",
            "goal": "<= 900",
            "holds": megabytes <= 900,
            "detail": detail,
        },
    ]


def _up(home: Path) -> tuple[float, dict[str, int]]:
    """Seconds until a page answers, and megabytes of each part; stopped again afterwards."""
    home.mkdir(exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EKINERJA_")}
    began = time.monotonic()
    with (home / "up.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services", "up", "--home", str(home)],
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
        )
    try:
        platform = Platform(home)
        while not _answers(platform):
            if process.poll() is not None or time.monotonic() - began > 180:
                raise RuntimeError("up tidak menjadi siap: " + (home / "up.log").read_text()[-2000:])
            time.sleep(0.05)
        seconds = time.monotonic() - began
        time.sleep(_SETTLE_SECONDS)
        memory = {part.name: round(part.memory / 2**20) for part in parts(platform)}
        return round(seconds, 1), memory
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _answers(platform: Platform) -> bool:
    entrance = platform.registry.find("supervisor")
    if entrance is None:
        return False
    try:
        # Not a client that reads certificates for each question: looking must not take the start's cores.
        with urllib.request.urlopen(f"http://127.0.0.1:{entrance.port}/{_USABLE}", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
