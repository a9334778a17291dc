"""The machine's Chromium: found, installed by apt where that can be, or else how to get one."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def chromium() -> str:
    """Where Chromium or Chrome lies. Fails the test, naming the command, when none can be had."""
    found = _found_or_installed()
    if found is None:
        pytest.fail(
            "Uji halaman memerlukan Chromium atau Chrome pada PATH. "
            "Debian: sudo apt-get install chromium. Ubuntu: sudo snap install chromium. "
            "macOS: pasang Google Chrome. Lalu ulangi perintah ini.",
            pytrace=False,
        )
    return found


@cache
def _found_or_installed() -> str | None:
    found = _found()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"check": False, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-qq", *arguments], env=environment, **quiet)  # type: ignore[call-overload]
        found = _found()
    return found


def _found() -> str | None:
    on_path = (shutil.which(name) for name in _NAMES)
    return next((path for path in (*on_path, *_APPS) if path and Path(path).exists()), None)
