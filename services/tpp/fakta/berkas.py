"""Which file wrote facts, so that a slip can name it."""

from shared.db import Tx

_CATAT = """
INSERT INTO berkas_fakta (tabel, berkas, oleh) VALUES ($1, $2, $3)
ON CONFLICT (pada, oleh, tabel) DO UPDATE SET berkas = excluded.berkas
"""


async def catat_berkas(tx: Tx, tabel: str, berkas: str) -> None:
    """What this transaction writes to a table comes from this file."""
    await tx.conn.execute(_CATAT, tabel, berkas[:200], str(tx.actor))
