"""Our copy of what people are called, fed by kontak.changed; the address is left out."""

from collections.abc import Sequence

from shared.contracts.pegawai import KontakChanged
from shared.db import Tx
from shared.inbox import Copy, Received

NAMA_PEGAWAI = "Nama pegawai; kosong: belum diterima, sebut NIP-nya"
"""What answers say of a name, wherever a person stands in them."""

NAMA = Copy("nama", ["pegawai_id uuid"], "version bigint", "nama text")


async def catat_nama(tx: Tx, batch: Sequence[Received[KontakChanged]]) -> None:
    """Keep each person's newest name. No figure follows from it: nothing is marked or computed again."""
    events = [received.event for received in batch]
    await NAMA.keep(tx, [(event.pegawai_id, event.version, event.nama) for event in events])
