"""Our copy of what people are called, fed by kontak.changed; the address is left out."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from shared.contracts.pegawai import KontakChanged
from shared.db import Tx, queries
from shared.inbox import Copy, Received

SQL = queries("services.tpp.pegawai")

NAMA_PEGAWAI = "Nama pegawai; kosong: belum diterima, sebut NIP-nya"
"""What answers say of a name, wherever a person stands in them."""

NAMA = Copy("nama", ["pegawai_id uuid"], "version bigint", "nama text")


async def catat_nama(tx: Tx, batch: Sequence[Received[KontakChanged]]) -> None:
    """Keep each person's newest name. No figure follows from it: nothing is marked or computed again."""
    events = [received.event for received in batch]
    await NAMA.keep(tx, [(event.pegawai_id, event.version, event.nama) for event in events])


async def nama_dari(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What these people are called, as far as it is known. Whoever found them settled who may ask."""
    return {row["pegawai_id"]: row["nama"] async for row in SQL.nama(tx.conn, ids=list(set(ids)))}
