"""`python -m tests`: every test; the last line holds the counts.

Each service's own tests run in a copy of the tree without the other services, so that what proves a service
also proves that it stands alone. Everything else runs here. All of it shares one PostgreSQL and one Kafka.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from services.installed import ALL
from tests.conftest import own_platform
from tests.pohon import ROOT, tree_without

REPORTS = ROOT / "build" / "uji"
WORKERS = min(4, (os.cpu_count() or 1) + 1)
"""One more than cores: tests wait often, for Kafka, a browser, or something killed to come back."""
PARALLEL = f"--numprocesses {WORKERS} --dist loadscope --no-loadscope-reorder".split()


@dataclass(frozen=True)
class Part:
    """Tests that run in one tree."""

    name: str
    tree: Path
    which: tuple[str, ...]

    def run(self) -> Counter[str]:
        """Run them; how many passed, failed and were skipped."""
        report = REPORTS / f"{self.name}.xml"
        report.unlink(missing_ok=True)
        print(f"== {self.name}", flush=True)
        command = (sys.executable, "-m", "pytest", "-q", *PARALLEL, f"--junitxml={report}", *self.which)
        done = subprocess.run(command, cwd=self.tree, env=os.environ | {"PYTHONPATH": str(self.tree)})
        if done.returncode not in (0, 1) or not report.exists():
            print(f"FAILED {self.name}: pytest berakhir dengan kode {done.returncode}")
            return Counter(gagal=1)
        return Counter(_told(report))


def _told(report: Path) -> Iterator[str]:
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - our own report
        if any(case.find(kind) is not None for kind in ("failure", "error")):
            print(f"FAILED {case.get('classname')}::{case.get('name')}")
            yield "gagal"
        else:
            yield "lulus" if case.find("skipped") is None else "dilewati"


def own_tests(service: str) -> tuple[str, ...]:
    """Where they lie."""
    return f"tests/component/{service}", f"tests/unit/{service}"


def parts(folder: Path) -> Iterator[Part]:
    """The services, each alone in a copy under `folder`; then the rest."""
    for alone in ALL:
        tree = tree_without(folder / alone, *(name for name in ALL if name != alone))
        yield Part(alone, tree, own_tests(alone))
    yield Part("bersama", ROOT, tuple(f"--ignore={where}" for name in ALL for where in own_tests(name)))


def main() -> int:
    """Run all; 1 when something failed."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="ekinerja-pohon-") as folder, own_platform() as platform:
        os.environ["EKINERJA_TEST_HOME"] = str(platform.home)
        for part in parts(Path(folder)):
            counts += part.run()
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    told = ", ".join(f"{counts[kind]} {kind}" for kind in ("lulus", "gagal", "dilewati"))
    print(f"{told} dalam {minutes} menit {seconds} detik")
    return 1 if counts["gagal"] or not counts["lulus"] else 0


if __name__ == "__main__":
    sys.exit(main())
