"""Runs measuring modules (benchmarks, fault tests) on a platform of their own and writes what they found.

What services and libraries log meanwhile goes to `build/<folder>.log`. A module that fails is a row that does
not hold; the others go on.
"""

import argparse
import asyncio
import importlib
import inspect
import json
import os
import platform as machine
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.embedded.platform import Platform
from shared.obs.logging import configure

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Context:
    """What a module gets: a running PostgreSQL and Kafka, how large to measure, and the seed."""

    platform: Platform
    small: bool
    seed: int


def main(folder: str, prefix: str, output: str, *, must_hold: bool) -> int:
    """Run `tests/<folder>/<prefix>*.py`, print a table, write `build/<output>`; returns the exit status."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.{folder}")
    parser.add_argument("ids", nargs="*", help="hanya modul ini, misalnya p03")
    parser.add_argument("--full", action="store_true", help="ukuran penuh, bukan kecil")
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    modules = sorted(path.stem for path in (ROOT / "tests" / folder).glob(f"{prefix}[0-9]*.py"))
    if chosen.ids:
        modules = [name for name in modules if name.split("_")[0] in chosen.ids]
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    log = build / f"{folder}.log"
    with log.open("w") as told:
        os.dup2(told.fileno(), sys.stderr.fileno())
    configure()
    rows: list[dict[str, Any]] = []
    console = Console(width=max(100, Console().width))
    with tempfile.TemporaryDirectory(prefix="ekinerja-") as home:
        # PostgreSQL may run as another user and has to get through.
        Path(home).chmod(0o711)
        platform = Platform(Path(home) / "rumah")
        platform.start_backends()
        try:
            os.environ.update(platform.environment())
            for name in modules:
                console.print(f"[dim]{name} …[/]")
                began = time.monotonic()
                for row in _measured(folder, name, Context(platform, not chosen.full, chosen.seed)):
                    row["detail"] = {
                        **row.get("detail", {}),
                        **_machine(chosen.seed, time.monotonic() - began),
                    }
                    rows.append(row)
        finally:
            platform.stop()
            platform.erase()
    (build / output).write_text(json.dumps(rows, indent=1, ensure_ascii=False, default=str) + "\n")
    table = Table("id", "nilai", "satuan", "tujuan", "tercapai", title=f"build/{output}")
    for row in rows:
        value = f"{row['value']:.3g}" if isinstance(row["value"], float) else str(row["value"])
        table.add_row(
            row["id"], value, row["unit"], str(row["goal"]), "ya" if row["holds"] else "[red]tidak[/]"
        )
    console.print(table)
    return 1 if must_hold and not all(row["holds"] for row in rows) else 0


def _measured(folder: str, name: str, context: Context) -> list[dict[str, Any]]:
    try:
        found = importlib.import_module(f"tests.{folder}.{name}").run(context)
        rows: list[dict[str, Any]] = asyncio.run(found) if inspect.iscoroutine(found) else found
    except Exception as error:
        traceback.print_exc()
        row = {"id": name, "value": type(error).__name__, "unit": "galat", "goal": "", "holds": False}
        return [row | {"detail": {"galat": str(error), "lihat": f"build/{folder}.log"}}]
    return rows


def _machine(seed: int, seconds: float) -> dict[str, Any]:
    return {
        "mesin": f"{machine.system()} {machine.machine()}, {os.cpu_count()} inti",
        "python": sys.version.split()[0],
        "seed": seed,
        "detik": round(seconds, 1),
    }
