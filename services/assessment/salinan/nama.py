"""Our copy of what people are called, fed by kontak.changed; the address is left out."""

from collections.abc import Sequence

from shared.contracts.pegawai import KontakChanged
from shared.db.tx import Tx
from shared.inbox import Received

_NAMES = """
INSERT INTO nama AS known (pegawai_id, version, nama)
SELECT DISTINCT ON (pegawai_id) pegawai_id, version, nama
FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS news(pegawai_id, version, nama)
ORDER BY pegawai_id, version DESC
ON CONFLICT (pegawai_id) DO UPDATE SET version = excluded.version, nama = excluded.nama
WHERE known.version < excluded.version
"""


async def catat_nama(tx: Tx, batch: Sequence[Received[KontakChanged]]) -> None:
    """Keep each person's newest name."""
    events = [received.event for received in batch]
    await tx.conn.execute(
        _NAMES,
        [event.pegawai_id for event in events],
        [event.version for event in events],
        [event.nama for event in events],
    )
