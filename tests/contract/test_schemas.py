"""Events may only grow: a change that an earlier reader or writer would not understand is refused."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import export
from shared.contracts.catalogue import EVENTS
from shared.contracts.compat import breaking
from shared.contracts.skp import SkpApproved
from shared.period import MasaBayar, Period

ROOT = Path(__file__).resolve().parents[2]


def schema() -> dict[str, Any]:
    return SkpApproved.model_json_schema(mode="serialization")


def test_committed_documents_are_current() -> None:
    assert export.check(ROOT) == []


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TYPE)
def test_no_event_names_a_person_or_an_account(event: Any) -> None:
    text = json.dumps(event.model_json_schema()).lower()
    for word in ("rekening", "npwp", '"nik"', '"alamat"'):
        assert word not in text
    if event.TYPE != "id.ekinerja.kontak.changed":
        assert '"nama"' not in text


def test_an_optional_field_may_be_added() -> None:
    new = schema()
    new["properties"]["catatan"] = {"type": "string"}
    assert breaking(schema(), new) == []


def test_a_text_may_change() -> None:
    new = schema()
    new["properties"]["tahun"]["title"] = "Lain"
    new["description"] = "Lain"
    assert breaking(schema(), new) == []


def test_a_month_may_become_what_is_paid_and_nothing_else() -> None:
    """All that was valid stays valid, also where it may be empty; not the other way, nor another pattern."""
    month, paid, other = (
        {"properties": {"bulan": {"anyOf": [{"type": "string", "pattern": pattern}, {"type": "null"}]}}}
        for pattern in (Period.POLA, MasaBayar.POLA, r"^\d{4}$")
    )
    assert breaking(month, paid) == []
    assert breaking(paid, month) != []
    assert breaking(month, other) != []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda s: s["properties"].pop("tahun"), "/tahun: dihapus"),
        (lambda s: s["required"].remove("tahun"), "/tahun: tidak lagi wajib"),
        (lambda s: s["properties"].update(baru={"type": "string"}) or s["required"].append("baru"), "wajib"),
        (lambda s: s["properties"]["tahun"].update(type="string"), "/tahun/type"),
        (lambda s: s["$defs"]["Rhk"]["properties"].pop("rencana"), "dihapus"),
        (lambda s: s["$defs"]["Indikator"]["properties"]["aspek"].update(enum=["kuantitas"]), "aspek"),
    ],
)
def test_breaking_changes_are_named(change: Any, word: str) -> None:
    new = copy.deepcopy(schema())
    change(new)
    assert any(word in reason for reason in breaking(schema(), new))


def test_export_keeps_old_versions_and_refuses_a_break(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "EVENTS", (SkpApproved,))
    monkeypatch.setattr(export, "TOPICS", (SkpApproved.TOPIC,))
    export.write_all(tmp_path)
    folder = tmp_path / "docs" / "events" / "schemas" / SkpApproved.TYPE
    first = json.loads((folder / "1.json").read_text())
    del first["properties"]["tahun"]
    first["required"].remove("tahun")
    (folder / "1.json").write_text(json.dumps(first))
    with pytest.raises(export.BreakingChange, match="tahun"):
        export.write_all(tmp_path)
