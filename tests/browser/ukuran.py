"""What the pages came to, in figures: U1 to U9 and P11.

Tests say their figures with the fixture `ukur`; every visit adds what it looked at. Both travel with the
test's report, so that the process that prints them at the end has all of them, wherever the tests ran.
"""

import io
import json
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Protocol

import httpx2
from rich.console import Console
from rich.table import Table

from shared.http.app import SERVER_TIMING

ROW, LOOKED = "halaman-ukuran", "halaman-dilihat"


@dataclass(slots=True)
class Dilihat:
    """What one test's visits looked at."""

    halaman: list[str] = field(default_factory=list)
    """Names of the pages that axe, the language check and the camera looked at, both widths each."""
    axe: int = 0
    """Runs of axe."""
    axe_serius: int = 0
    """Serious and critical findings."""
    inggris: int = 0
    """English words."""
    terlalu_lebar: int = 0
    """Pages wider than their screen."""
    terhalang: int = 0
    """Blocked states shown on those pages."""
    tanpa_nama: int = 0
    """Those that do not say who must act."""
    terhalang_jalan: int = 0
    """Those that offer something to do there: a reminder, a link."""


class Ukur(Protocol):
    """Says one figure of the run."""

    def __call__(self, kode: str, apa: str, nilai: float, satuan: str, batas: float | None) -> None:
        """`kode` is U1 to U9 or P11; `nilai` is at most `batas` if all is well (None: only printed)."""


def rows(properties: Iterable[tuple[str, object]]) -> list[dict[str, Any]]:
    """The rows of the table, from the properties of all reports."""
    told: list[dict[str, Any]] = []
    seen = Dilihat()
    for name, value in properties:
        if name == ROW:
            told.append(json.loads(str(value)))
        elif name == LOOKED:
            one = Dilihat(**json.loads(str(value)))
            for part in fields(Dilihat):
                setattr(seen, part.name, getattr(seen, part.name) + getattr(one, part.name))
    if seen.halaman:
        told += _looked(seen)
    return sorted(told, key=lambda row: (row["id"], row["apa"]))


def _looked(seen: Dilihat) -> list[dict[str, Any]]:
    pages = f"{len(set(seen.halaman))} halaman, 360 dan 1280 px"
    none = (
        ("U4", "temuan axe yang serius", seen.axe_serius, f"dari {seen.axe} pemeriksaan"),
        ("U5", "kata Inggris", seen.inggris, f"pada {pages}"),
        ("U6", "halaman lebih lebar dari layarnya", seen.terlalu_lebar, f"dari {pages}"),
        (
            "U8",
            "keadaan terhalang tanpa nama yang harus bertindak",
            seen.tanpa_nama,
            f"dari {seen.terhalang}; {seen.terhalang_jalan} dengan tombol atau tautan",
        ),
    )
    return [_row(*one, 0) for one in none]


def _row(kode: str, apa: str, nilai: float, satuan: str, batas: float | None) -> dict[str, Any]:
    return {
        "id": kode,
        "apa": apa,
        "value": nilai,
        "unit": satuan,
        "goal": "dicatat" if batas is None else f"<= {batas}",
        "holds": batas is None or nilai <= batas,
        "detail": {
            "mesin": f"{platform.system()} {platform.machine()}, {os.cpu_count()} inti",
            "python": sys.version.split()[0],
        },
    }


def server_ms(answer: httpx2.Response) -> float:
    """What an answer took inside the server's process, as it says itself; waiting here is no part of it."""
    name, _, spent = answer.headers[SERVER_TIMING].partition(";dur=")
    assert name == "peladen"
    return float(spent)


def told(kode: str, apa: str, nilai: float, satuan: str, batas: float | None) -> tuple[str, str]:
    """A figure as a report's property."""
    return ROW, json.dumps(_row(kode, apa, nilai, satuan, batas))


def looked(seen: Dilihat) -> tuple[str, str]:
    """What visits looked at as a report's property."""
    return LOOKED, json.dumps(asdict(seen))


def write(found: list[dict[str, Any]], path: Path) -> None:
    """Keep the rows as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def table(found: list[dict[str, Any]]) -> str:
    """The rows as people read them."""
    shown = Table("id", "apa", "nilai", "satuan", "tujuan", "tercapai", title="build/halaman.json")
    for row in found:
        value = str(row["value"]).replace(".", ",")
        shown.add_row(
            row["id"], row["apa"], value, row["unit"], row["goal"], "ya" if row["holds"] else "TIDAK"
        )
    out = io.StringIO()
    Console(file=out, width=120).print(shown)
    return out.getvalue()
