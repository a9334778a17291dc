"""One engine, one set of images, one installation for all tests of this folder, taken down at the end."""

import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table

from tests.compose import mesin
from tests.compose.tumpukan import ROOT, Tumpukan

CANNOT_RUN = 20
"""Exit status when this machine has no engine and none can be installed."""
FULL = os.environ.get("UKURAN", "") == "penuh"
PEGAWAI = 300 if FULL else 150


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test builds everything, and others wait for a whole month."""
    for item in items:
        if "compose" in item.path.parts:
            item.add_marker(pytest.mark.timeout(2400))


@pytest.fixture(scope="session")
def seharusnya(tumpukan: Tumpukan) -> dict[str, Any]:
    """What the same month comes to on the embedded platform."""
    return tumpukan.embedded()


@pytest.fixture(scope="session")
def penuh() -> bool:
    """Whether this is the full run: every container is killed, and the month is larger."""
    return FULL


class Catatan:
    """What was measured, in the form of `build/bench.json`."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def __call__(self, name: str, value: Any, unit: str, goal: str, holds: bool, **detail: Any) -> None:
        """One row; it is asserted by the test that makes it."""
        place = {
            "mesin": f"{platform.system()}, {os.cpu_count()} inti",
            "ukuran": "penuh" if FULL else "ringkas",
        }
        self.rows.append(
            {
                "id": name,
                "value": value,
                "unit": unit,
                "goal": goal,
                "holds": holds,
                "detail": {**detail, **place},
            }
        )

    def write(self) -> None:
        """The table on the screen and the file, when there is something to tell."""
        if not self.rows:
            return
        table = Table("apa", "nilai", "satuan", "tujuan", "tercapai", title="build/compose.json")
        for row in self.rows:
            value = f"{row['value']:.1f}" if isinstance(row["value"], float) else str(row["value"])
            table.add_row(row["id"], value, row["unit"], row["goal"], "ya" if row["holds"] else "tidak")
        Console(width=110).print("\n", table)
        (ROOT / "build").mkdir(exist_ok=True)
        (ROOT / "build" / "compose.json").write_text(
            json.dumps(self.rows, indent=1, ensure_ascii=False) + "\n"
        )


@pytest.fixture(scope="session")
def catat() -> Iterator[Catatan]:
    """Writes down what was measured; shown and kept at the end."""
    notes = Catatan()
    yield notes
    notes.write()


@pytest.fixture(scope="session")
def tumpukan(catat: Catatan) -> Iterator[Tumpukan]:
    """The whole installation, built and started as an operator would."""
    folder = Path(tempfile.mkdtemp(prefix="ekinerja-kontainer-"))
    # PostgreSQL of the embedded platform may run as another user and has to get through.
    folder.chmod(0o711)
    try:
        with mesin.engine() as environment:
            began = time.monotonic()
            origin = mesin.base_image(environment)
            base = time.monotonic() - began
            stack = Tumpukan(environment, folder, PEGAWAI)
            stack.remove()
            stack.begin_embedded()
            try:
                began = time.monotonic()
                stack.kelola("bangun", timeout=1800)
                catat(
                    "citra dibangun",
                    time.monotonic() - began,
                    "s",
                    "",
                    True,
                    dasar=origin,
                    dasar_s=round(base, 1),
                )
                began = time.monotonic()
                stack.kelola("nyala")
                catat(
                    "kelola nyala", time.monotonic() - began, "s", "", True, kontainer=len(stack.containers())
                )
                yield stack
            finally:
                stack.remove()
                stack.end_embedded()
    except mesin.CannotRun as error:
        pytest.exit(str(error), CANNOT_RUN)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
