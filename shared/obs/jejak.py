"""Reading the trace file: one request with everything that followed from it, in every service."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.tree import Tree


@dataclass(frozen=True, slots=True)
class Langkah:
    """One span: what was done, by which process, from when to when."""

    trace_id: str
    span_id: str
    parent_id: str | None
    nama: str
    layanan: str
    proses: str
    mulai: datetime
    selesai: datetime

    @property
    def milidetik(self) -> float:
        """How long it took."""
        return (self.selesai - self.mulai).total_seconds() * 1000


def baca(berkas: Path) -> list[Langkah]:
    """All spans of a trace file in their order of time; a line cut short by a crash is left out."""
    found = []
    with berkas.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                found.append(_langkah(json.loads(line)))
            except (ValueError, KeyError):
                continue
    return sorted(found, key=lambda one: one.mulai)


def pohon(langkah: list[Langkah], trace_id: str) -> Tree | None:
    """The steps of one trace as a tree, each with its start in ms after the first; None without any."""
    mine = [one for one in langkah if one.trace_id == trace_id]
    if not mine:
        return None
    known = {one.span_id for one in mine}
    tree = Tree(f"jejak {trace_id}")
    nodes: dict[str, Tree] = {}
    for one in mine:
        parent = nodes.get(one.parent_id or "") if one.parent_id in known else None
        after = (one.mulai - mine[0].mulai).total_seconds() * 1000
        text = f"+{after:8.1f} ms  {one.milidetik:7.1f} ms  {one.layanan:<13} {one.nama}"
        nodes[one.span_id] = (parent or tree).add(text, highlight=False)
    return tree


def _langkah(span: dict[str, Any]) -> Langkah:
    process = str(span["resource"]["attributes"]["service.name"]).removeprefix("ekinerja-")
    attributes = span.get("attributes") or {}
    return Langkah(
        trace_id=span["context"]["trace_id"].removeprefix("0x"),
        span_id=span["context"]["span_id"],
        parent_id=span["parent_id"],
        nama=span["name"],
        layanan=str(attributes.get("layanan") or attributes.get("db.name") or process),
        proses=process,
        mulai=datetime.fromisoformat(span["start_time"]),
        selesai=datetime.fromisoformat(span["end_time"]),
    )
