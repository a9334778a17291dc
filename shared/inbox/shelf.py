"""Putting aside: dead letters with their raw bytes, and later events of a broken key that wait behind one."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.db.tx import Tx
from shared.inbox.reading import Arrived, Record

_BURY = """
INSERT INTO kernel.dead_letter
    (consumer, topic, partition, "offset", key, value, headers, event_id, type,
     kind, cause, attempts, trace_id)
SELECT $1, l.topic, l.partition, l."offset", l.key, l.value, l.headers::jsonb, l.event_id, l.type,
       l.kind, l.cause, l.attempts, l.trace_id
FROM unnest($2::text[], $3::integer[], $4::bigint[], $5::bytea[], $6::bytea[], $7::text[], $8::uuid[],
            $9::text[], $10::text[], $11::text[], $12::integer[], $13::text[])
     AS l(topic, partition, "offset", key, value, headers, event_id, type, kind, cause, attempts, trace_id)
ON CONFLICT (consumer, topic, partition, "offset") DO UPDATE
SET attempts = dead_letter.attempts + excluded.attempts, cause = excluded.cause
RETURNING id, xmax = 0 AS new
"""
_BLOCK = """
INSERT INTO kernel.parked_key (consumer, topic, key, dead_letter_id) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
"""
_BLOCKED = "SELECT topic, key FROM kernel.parked_key WHERE consumer = $1"
_STILL_BLOCKED = """
SELECT p.topic, p.key FROM kernel.parked_key p
JOIN unnest($2::text[], $3::bytea[]) AS asked(topic, key) ON (p.topic, p.key) = (asked.topic, asked.key)
WHERE p.consumer = $1 ORDER BY 1, 2 FOR SHARE OF p
"""
# Delivered again, the dead letter itself must not queue up behind itself.
_PARK = """
INSERT INTO kernel.parked_event (consumer, topic, partition, "offset", key, value, headers)
SELECT $1, e.topic, e.partition, e."offset", e.key, e.value, e.headers::jsonb
FROM unnest($2::text[], $3::integer[], $4::bigint[], $5::bytea[], $6::bytea[], $7::text[])
     WITH ORDINALITY AS e(topic, partition, "offset", key, value, headers, place)
WHERE NOT EXISTS (SELECT FROM kernel.dead_letter d
                  WHERE (d.consumer, d.topic) = ($1, e.topic)
                    AND (d.partition, d."offset") = (e.partition, e."offset"))
ORDER BY e.place
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """One event to put aside. `kind`: invalid (unreadable) or bug (handling failed again and again)."""

    record: Record
    kind: str
    cause: str
    attempts: int = 1


async def bury(tx: Tx, consumer: str, letters: Sequence[Letter]) -> int:
    """Keep letters with all their bytes; a bug's key is blocked, so that its later events wait behind it.

    Returns how many were not known yet: after a restart the same ones may be delivered again.
    Never fails on content, whatever bytes came: a letter that cannot be kept would hold its partition.
    """
    records = [letter.record for letter in letters]
    rows = await tx.conn.fetch(
        _BURY,
        consumer,
        [record.topic for record in records],
        [record.partition for record in records],
        [record.offset for record in records],
        [record.key for record in records],
        [record.value for record in records],
        [headers_json(record.headers) for record in records],
        [_uuid(record.headers.get("ce_id")) for record in records],
        [_plain(record.headers.get("ce_type")) for record in records],
        [letter.kind for letter in letters],
        [letter.cause.replace("\0", "")[:4000] for letter in letters],
        [letter.attempts for letter in letters],
        [_trace(record.headers.get("traceparent")) for record in records],
    )
    for row, letter in zip(rows, letters, strict=True):
        if letter.kind == "bug" and letter.record.key is not None:
            await tx.conn.execute(_BLOCK, consumer, letter.record.topic, letter.record.key, row["id"])
    return sum(row["new"] for row in rows)


async def park(tx: Tx, consumer: str, arrived: Sequence[Arrived]) -> list[Arrived]:
    """Let events of blocked keys wait; returns the others.

    The block is held against a replay that is just clearing it, so that nothing is left waiting for nobody.
    """
    blocked = {(row["topic"], row["key"]) for row in await tx.conn.fetch(_BLOCKED, consumer)}
    if not blocked:
        return list(arrived)
    asked = {(one.record.topic, one.record.key) for one in arrived} & blocked
    if not asked:
        return list(arrived)
    topics, keys = zip(*asked, strict=True)
    still = {
        (row["topic"], row["key"]) for row in await tx.conn.fetch(_STILL_BLOCKED, consumer, topics, keys)
    }
    waiting = [one.record for one in arrived if (one.record.topic, one.record.key) in still]
    if waiting:
        await tx.conn.execute(
            _PARK,
            consumer,
            [record.topic for record in waiting],
            [record.partition for record in waiting],
            [record.offset for record in waiting],
            [record.key for record in waiting],
            [record.value for record in waiting],
            [headers_json(record.headers) for record in waiting],
        )
    return [one for one in arrived if (one.record.topic, one.record.key) not in still]


def headers_json(headers: Mapping[str, bytes | None]) -> str:
    """Headers as JSON; bytes that are no text (or hold NUL, which PostgreSQL refuses) as base64."""
    return json.dumps({name.replace("\0", ""): _as_json(value) for name, value in headers.items()})


def headers_from(stored: Mapping[str, Any]) -> dict[str, bytes | None]:
    """Back from `headers_json`, as PostgreSQL returns it."""
    return {name: _from_json(value) for name, value in stored.items()}


def _as_json(value: bytes | None) -> "str | dict[str, str] | None":
    if value is None:
        return None
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = "\0"
    return {"base64": base64.b64encode(value).decode()} if "\0" in text else text


def _from_json(value: Any) -> bytes | None:
    if value is None:
        return None
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else str(value).encode()


def _uuid(value: bytes | None) -> UUID | None:
    try:
        return UUID((value or b"").decode())
    except ValueError:
        return None


def _plain(value: bytes | None) -> str | None:
    return value.decode("utf-8", "replace").replace("\0", "")[:200] if value is not None else None


def _trace(value: bytes | None) -> str | None:
    found = (value or b"").decode("ascii", "replace")
    return found[3:35] if len(found) == 55 and found.isascii() and "\0" not in found else None
