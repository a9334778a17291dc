"""A tpp worker of P3: `python -m tests.bench.tpp_pekerja`, told by lines on stdin when to begin a run.

It takes parts from the table, one transaction each, until none is left; P6 brings them over Kafka.
"""

import asyncio
import os
import sys

from services.tpp.perhitungan.run import SQL, hitung_bagian
from shared.db import Database, Tx
from shared.period import Period
from shared.runtime.memory import calm_collector

_BERIKUT = """
SELECT b.periode, b.nomor, b.bagian, b.pegawai_ids, h.kebijakan_id
FROM perhitungan_bagian b JOIN perhitungan h USING (periode, nomor)
WHERE b.selesai_pada IS NULL
ORDER BY b.periode, b.nomor, b.bagian LIMIT 1 FOR UPDATE OF b SKIP LOCKED
"""


async def satu_bagian(tx: Tx) -> bool:
    """Compute one part; False when none is left."""
    part = await tx.conn.fetchrow(_BERIKUT)
    if part is None:
        return False
    periode = Period.parse(part["periode"])
    await hitung_bagian(tx, periode, part["nomor"], part["kebijakan_id"], part["pegawai_ids"])
    await SQL.tandai_bagian(
        tx.conn, periode=str(periode), nomor=part["nomor"], bagian=part["bagian"], pekerja=""
    )
    return True


async def main() -> None:
    """Connect, then one run for each line."""
    database = Database(os.environ["P03_DSN"], size=1)
    await database.open()
    calm_collector()
    try:
        print("siap", flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            while await database.run(satu_bagian):
                pass
            print("selesai", flush=True)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
