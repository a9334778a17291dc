"""Platforms of their own for tests that kill and restart them."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.platform import Platform


def new_home() -> Path:
    """A folder every user may pass through, as a checkout outside a private folder is."""
    folder = Path(tempfile.mkdtemp(prefix="ekinerja-uji-"))
    folder.chmod(0o711)
    return folder / "home"


def remove(home: Path) -> None:
    """End and delete what a test left."""
    platform = Platform(home)
    if (home / "secrets.json").exists():
        platform.stop()
    platform.erase()
    shutil.rmtree(home.parent, ignore_errors=True)


@pytest.fixture
def home() -> Iterator[Path]:
    """The path of a home that does not exist yet."""
    path = new_home()
    try:
        yield path
    finally:
        remove(path)


@pytest.fixture(scope="module")
def mine() -> Iterator[Platform]:
    """A running, durable platform that this module's tests may stop and kill."""
    platform = Platform(new_home())
    try:
        platform.start_backends()
        yield platform
    finally:
        remove(platform.home)
