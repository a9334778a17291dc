"""Our copy of how people are called and reached."""

import json
from collections.abc import Sequence

from shared.auth import generations
from shared.contracts.pegawai import AkunChanged, KontakChanged, PegawaiChanged
from shared.db.tx import Tx
from shared.inbox import Copy, Received

KONTAK = Copy("kontak", ["pegawai_id uuid"], "version bigint", "nama text", "email text")
PEGAWAI = Copy("pegawai", ["pegawai_id uuid"], "version bigint", "nip text")
PERAN = Copy("peran", ["pegawai_id uuid"], "generation bigint", "peran jsonb")


async def catat_akun(tx: Tx, batch: Sequence[Received[AkunChanged]]) -> None:
    """Keep each account's newest generation, and which roles it holds; a closed account holds none."""
    await generations.catat_akun(tx, batch)
    events = [received.event for received in batch]
    await PERAN.keep(tx, [(event.pegawai_id, event.generation, _peran(event)) for event in events])


def _peran(event: AkunChanged) -> str:
    return json.dumps([held.model_dump() for held in event.peran] if event.aktif else [])


async def catat_kontak(tx: Tx, batch: Sequence[Received[KontakChanged]]) -> None:
    """Keep each person's newest name and address."""
    events = [received.event for received in batch]
    await KONTAK.keep(tx, [(event.pegawai_id, event.version, event.nama, event.email) for event in events])


async def catat_pegawai(tx: Tx, batch: Sequence[Received[PegawaiChanged]]) -> None:
    """Keep each person's newest NIP, which tells namesakes apart."""
    events = [received.event for received in batch]
    await PEGAWAI.keep(tx, [(event.pegawai_id, event.version, str(event.nip)) for event in events])
