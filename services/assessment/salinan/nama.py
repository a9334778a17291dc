"""Our copy of what people are called, fed by kontak.changed; the address is left out."""

from collections.abc import Sequence

from shared.contracts.pegawai import KontakChanged
from shared.db.tx import Tx
from shared.inbox import Copy, Received

NAMA = Copy("nama", ["pegawai_id uuid"], "version bigint", "nama text")


async def catat_nama(tx: Tx, batch: Sequence[Received[KontakChanged]]) -> None:
    """Keep each person's newest name."""
    events = [received.event for received in batch]
    await NAMA.keep(tx, [(event.pegawai_id, event.version, event.nama) for event in events])
