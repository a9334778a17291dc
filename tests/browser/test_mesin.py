"""A machine without Chromium: the failure says which command brings one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import mesin


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Nothing on PATH, not even apt."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(mesin, "_APPS", ())
    mesin._found_or_installed.cache_clear()
    yield
    mesin._found_or_installed.cache_clear()


@pytest.mark.usefixtures("bare")
def test_without_chromium_the_command_is_named() -> None:
    with pytest.raises(pytest.fail.Exception, match="sudo apt-get install chromium"):
        mesin.chromium()
