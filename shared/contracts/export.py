"""The contracts as files: a JSON Schema for each version of each event, and AsyncAPI 3 over all topics.

`docs/events/schemas/<type>/<n>.json` is never changed; an additive change writes the next number. A breaking
change is refused: it needs a new event type (`.v2`).
"""

import json
from pathlib import Path
from typing import Any

from shared.contracts.base import Event
from shared.contracts.catalogue import EVENTS, PARTITIONS, TOPICS
from shared.contracts.compat import breaking

_HEADERS = {
    "type": "object",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_subject", "ce_version"],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {
            "type": "string",
            "format": "uuid",
            "description": "UUIDv7; dasar pengenalan kiriman ganda",
        },
        "ce_source": {"type": "string", "description": "Layanan asal, misalnya /ekinerja/skp"},
        "ce_type": {"type": "string"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_subject": {"type": "string", "description": "Pengenal agregat, sama dengan kunci pesan"},
        "ce_version": {"type": "string", "description": "Versi agregat"},
        "ce_periode": {"type": "string", "description": "Bulan yang menghitung event ini, bila ada"},
        "traceparent": {"type": "string", "description": "W3C Trace Context"},
        "content-type": {"const": "application/json"},
    },
}


class BreakingChange(Exception):
    """An event schema changed in a way that earlier readers or writers would not understand."""


def write_all(root: Path) -> None:
    """Bring the files under `root/docs/events` up to date. Raises BreakingChange."""
    for event in EVENTS:
        folder, versions, current = _state(root, event)
        problems = _breaks(event, versions, current)
        if problems:
            raise BreakingChange("; ".join(problems) + ". Buat tipe event baru (.v2).")
        if not versions or versions[-1] != current:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{len(versions) + 1}.json").write_text(_text(current), encoding="utf-8")
    _asyncapi_path(root).write_text(_text(asyncapi(root)), encoding="utf-8")


def check(root: Path) -> list[str]:
    """What is not as the contracts say: stale files, and breaking changes against any earlier version."""
    stale = []
    for event in EVENTS:
        folder, versions, current = _state(root, event)
        stale += _breaks(event, versions, current)
        if not versions or versions[-1] != current:
            stale.append(str(folder))
    path = _asyncapi_path(root)
    if not path.exists() or path.read_text(encoding="utf-8") != _text(asyncapi(root)):
        stale.append(str(path))
    return stale


def asyncapi(root: Path) -> dict[str, Any]:
    """The AsyncAPI document: a channel for each topic, an operation for each service that uses it."""
    messages = {}
    for event in EVENTS:
        _, versions, current = _state(root, event)
        number = len(versions) + (0 if versions and versions[-1] == current else 1)
        messages[event.TYPE] = {
            "name": event.TYPE,
            "summary": (event.__doc__ or "").strip().splitlines()[0],
            "contentType": "application/json",
            "headers": {"$ref": "#/components/schemas/cloudevents"},
            "payload": {"$ref": f"./schemas/{event.TYPE}/{max(number, 1)}.json"},
        }
    channels, operations = {}, {}
    for topic in TOPICS:
        types = [event.TYPE for event in EVENTS if event.TOPIC is topic]
        key = next(event.KEY for event in EVENTS if event.TOPIC is topic)
        channels[topic.name] = {
            "address": topic.name,
            "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in types},
            "bindings": {
                "kafka": {
                    "topic": topic.name,
                    "partitions": PARTITIONS,
                    "topicConfiguration": {"cleanup.policy": ["compact" if topic.compacted else "delete"]},
                }
            },
            "x-kunci": key,
        }
        for action, services in (("send", topic.producers), ("receive", topic.consumers)):
            for service in sorted(services):
                operations[f"{service}.{action}.{topic.name}"] = {
                    "action": action,
                    "channel": {"$ref": f"#/channels/{topic.name}"},
                    "tags": [{"name": service}],
                }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "e-Kinerja: event",
            "version": "1",
            "description": "CloudEvents 1.0 mode biner di Kafka. Hanya tambahan yang diperbolehkan.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": {"cloudevents": _HEADERS}},
    }


def _asyncapi_path(root: Path) -> Path:
    return root / "docs" / "events" / "asyncapi.json"


def _state(root: Path, event: type[Event]) -> tuple[Path, list[dict[str, Any]], dict[str, Any]]:
    folder = root / "docs" / "events" / "schemas" / event.TYPE
    files = sorted(folder.glob("*.json"), key=lambda path: int(path.stem))
    current = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | event.model_json_schema(
        mode="serialization"
    )
    return folder, [json.loads(path.read_text(encoding="utf-8")) for path in files], current


def _breaks(event: type[Event], versions: list[dict[str, Any]], current: dict[str, Any]) -> list[str]:
    return [
        f"{event.TYPE} terhadap versi {number}: {reason}"
        for number, version in enumerate(versions, 1)
        for reason in breaking(version, current)
    ]


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
