"""Sealing and verifying the audit trail of one service's database.

Each sealed row's hash covers its content and the hash before it, so that an edited, deleted or reordered row
breaks the chain. A signed root for each day stays in the database; the signed head of the chain is also kept
as a file beside the key, outside the database, so that a truncated chain is found as well. Rows younger than
a second or two are not sealed yet; until then only the database's rights protect them.
"""

import base64
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.db.database import Database

_BATCH = 2_000
_LATE = 5_000
"""How far back in numbers a long transaction may still bring a row; older ones are swept up hourly."""
_START = b"\0" * 32
_LOCK = 0x61756469

_UNSEALED = """
SELECT a.* FROM kernel.audit a
WHERE a.seq > $1 AND NOT EXISTS (SELECT FROM kernel.audit_seal s WHERE s.audit_seq = a.seq)
ORDER BY a.seq LIMIT $2
"""
_CHAIN = """
SELECT s.position, s.hash, s.audit_seq, a.seq, a.at, a.actor, a.action, a.subject, a.detail, a.trace_id
FROM kernel.audit_seal s LEFT JOIN kernel.audit a ON a.seq = s.audit_seq
WHERE s.position > $1 ORDER BY s.position LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Report:
    """What verification found; `problems` is empty when nothing was tampered with."""

    sealed: int
    unsealed: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the chain is whole."""
        return not self.problems

    def __str__(self) -> str:
        state = "utuh" if self.ok else "RUSAK: " + "; ".join(self.problems[:20])
        return f"{self.sealed} baris tersegel, {self.unsealed} belum tersegel, {state}"


async def seal(database: Database, keys: Path, service: str, *, sweep: bool = False) -> bool:
    """Chain rows not sealed yet; returns whether more wait. `sweep` looks through the whole trail."""
    async with database.transaction() as tx:
        if not await tx.conn.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
            return False
        last = await tx.conn.fetchrow(
            "SELECT position, hash FROM kernel.audit_seal ORDER BY position DESC LIMIT 1"
        )
        newest = await tx.conn.fetchval("SELECT coalesce(max(audit_seq), 0) FROM kernel.audit_seal")
        rows = await tx.conn.fetch(_UNSEALED, 0 if sweep else newest - _LATE, _BATCH)
        if not rows:
            return False
        position, current = (last["position"], last["hash"]) if last else (0, _START)
        sealed = []
        for row in rows:
            position += 1
            current = _link(current, row)
            sealed.append((position, row["seq"], current))
        await tx.conn.execute(
            "INSERT INTO kernel.audit_seal (position, audit_seq, hash)"
            " SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])",
            *map(list, zip(*sealed, strict=True)),
        )
        signature = _key(keys, service).sign(_statement(service, position, current))
        await tx.conn.execute(
            "INSERT INTO kernel.audit_root (day, position, hash, signature)"
            " VALUES (current_date, $1, $2, $3) ON CONFLICT DO NOTHING",
            position,
            current,
            signature,
        )
    _keep_head(keys, service, position, current, signature)
    return len(rows) == _BATCH


async def verify(database: Database, keys: Path, service: str) -> Report:
    """Walk the whole chain and compare it with rows, daily roots and the head kept outside the database."""
    problems: list[str] = []
    hashes: dict[int, bytes] = {}
    head = _head(keys, service)
    async with database.pool.acquire() as conn:
        roots = await conn.fetch("SELECT * FROM kernel.audit_root ORDER BY position")
        wanted = {root["position"] for root in roots} | ({head[0]} if head else set())
        position, current = 0, _START
        while rows := await conn.fetch(_CHAIN, position, _BATCH):
            for row in rows:
                if row["position"] != position + 1:
                    problems.append(f"segel {position + 1} sampai {row['position'] - 1} hilang")
                position = row["position"]
                if row["seq"] is None:
                    problems.append(f"baris {row['audit_seq']} dihapus (segel {position})")
                elif _link(current, row) != row["hash"]:
                    problems.append(f"baris {row['audit_seq']} atau urutannya diubah (segel {position})")
                current = row["hash"]
                if position in wanted:
                    hashes[position] = current
        unsealed = await conn.fetchval(
            "SELECT count(*) FROM kernel.audit a"
            " WHERE NOT EXISTS (SELECT FROM kernel.audit_seal s WHERE s.audit_seq = a.seq)"
        )
    signed = [(f"akar {root['day']}", root["position"], root["hash"], root["signature"]) for root in roots]
    if head:
        signed.append(("kepala rantai", *head))
    for name, at, expected, signature in signed:
        if not _signed(keys, service, at, expected, signature):
            problems.append(f"tanda tangan {name} tidak sah")
        if at not in hashes:
            problems.append(f"rantai terpotong: {name} menyebut segel {at}, yang terakhir ada {position}")
        elif hashes[at] != expected:
            problems.append(f"{name} tidak cocok dengan segel {at}")
    return Report(position, unsealed, tuple(problems))


def _link(previous: bytes, row: Any) -> bytes:
    content = json.dumps(
        [
            row["seq"],
            row["at"].isoformat(),
            *(row[name] for name in ("actor", "action", "subject", "detail", "trace_id")),
        ],
        sort_keys=True,
        ensure_ascii=False,
    )
    return hashlib.sha256(previous + content.encode()).digest()


def _statement(service: str, position: int, current: bytes) -> bytes:
    return f"ekinerja audit {service} {position} {current.hex()}".encode()


def _path(keys: Path, service: str, what: str) -> Path:
    return keys / f"audit.{service}.{what}"


def _key(keys: Path, service: str) -> Ed25519PrivateKey:
    path = _path(keys, service, "key")
    if not path.exists():
        keys.mkdir(parents=True, exist_ok=True)
        _write(path, base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()))
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_bytes()))


def _signed(keys: Path, service: str, position: int, current: bytes, signature: bytes) -> bool:
    if not _path(keys, service, "key").exists():
        return False
    try:
        _key(keys, service).public_key().verify(signature, _statement(service, position, current))
    except InvalidSignature:
        return False
    return True


def _keep_head(keys: Path, service: str, position: int, current: bytes, signature: bytes) -> None:
    parts: Sequence[Any] = (position, current.hex(), signature.hex())
    _write(_path(keys, service, "head"), json.dumps(parts).encode())


def _head(keys: Path, service: str) -> tuple[int, bytes, bytes] | None:
    path = _path(keys, service, "head")
    if not path.exists():
        return None
    position, current, signature = json.loads(path.read_text())
    return position, bytes.fromhex(current), bytes.fromhex(signature)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all; readable by its owner alone."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    os.replace(draft, path)
