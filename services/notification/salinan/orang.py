"""Our copy of how people are called and reached."""

import json
from collections.abc import Sequence

from shared.auth import generations
from shared.contracts.pegawai import AkunChanged, KontakChanged, PegawaiChanged
from shared.db.tx import Tx
from shared.inbox import Received

_KONTAK = """
INSERT INTO kontak AS known (pegawai_id, version, nama, email)
SELECT DISTINCT ON (pegawai_id) pegawai_id, version, nama, email
FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[]) AS news(pegawai_id, version, nama, email)
ORDER BY pegawai_id, version DESC
ON CONFLICT (pegawai_id) DO UPDATE
SET version = excluded.version, nama = excluded.nama, email = excluded.email
WHERE known.version < excluded.version
"""
_PEGAWAI = """
INSERT INTO pegawai AS known (pegawai_id, version, nip)
SELECT DISTINCT ON (pegawai_id) pegawai_id, version, nip
FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS news(pegawai_id, version, nip)
ORDER BY pegawai_id, version DESC
ON CONFLICT (pegawai_id) DO UPDATE SET version = excluded.version, nip = excluded.nip
WHERE known.version < excluded.version
"""
_PERAN = """
INSERT INTO peran AS known (pegawai_id, generation, peran)
SELECT DISTINCT ON (pegawai_id) pegawai_id, generation, peran::jsonb
FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS news(pegawai_id, generation, peran)
ORDER BY pegawai_id, generation DESC
ON CONFLICT (pegawai_id) DO UPDATE SET generation = excluded.generation, peran = excluded.peran
WHERE known.generation < excluded.generation
"""


async def catat_akun(tx: Tx, batch: Sequence[Received[AkunChanged]]) -> None:
    """Keep each account's newest generation, and which roles it holds; a closed account holds none."""
    await generations.catat_akun(tx, batch)
    events = [received.event for received in batch]
    await tx.conn.execute(
        _PERAN,
        [event.pegawai_id for event in events],
        [event.generation for event in events],
        [json.dumps([held.model_dump() for held in event.peran] if event.aktif else []) for event in events],
    )


async def catat_kontak(tx: Tx, batch: Sequence[Received[KontakChanged]]) -> None:
    """Keep each person's newest name and address."""
    events = [received.event for received in batch]
    await tx.conn.execute(
        _KONTAK,
        [event.pegawai_id for event in events],
        [event.version for event in events],
        [event.nama for event in events],
        [event.email for event in events],
    )


async def catat_pegawai(tx: Tx, batch: Sequence[Received[PegawaiChanged]]) -> None:
    """Keep each person's newest NIP, which tells namesakes apart."""
    events = [received.event for received in batch]
    await tx.conn.execute(
        _PEGAWAI,
        [event.pegawai_id for event in events],
        [event.version for event in events],
        [str(event.nip) for event in events],
    )
