"""A tpp worker of P3: `python -m tests.bench.tpp_pekerja`, told by lines on stdin when to begin a run.

It takes parts as the service's own job does, one transaction each, until none is left.
"""

import asyncio
import os
import sys

from services.tpp.perhitungan.run import SQL, hitung_bagian
from shared.db import Database, Tx
from shared.period import Period
from shared.runtime.memory import calm_collector


async def satu_bagian(tx: Tx) -> bool:
    """Compute one part; False when none is left."""
    part = await SQL.ambil_bagian(tx.conn)
    if part is None:
        return False
    periode = Period.parse(part["periode"])
    await hitung_bagian(tx, periode, part["nomor"], part["kebijakan_id"], part["pegawai_ids"])
    await SQL.tandai_bagian(tx.conn, periode=str(periode), nomor=part["nomor"], bagian=part["bagian"])
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
