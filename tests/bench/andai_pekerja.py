"""A tpp worker of P13: `python -m tests.bench.andai_pekerja`, told by lines on stdin when there is a what-if.

It takes parts as the service's own job does, one transaction each, until none is left.
"""

import asyncio
import os
import sys

from services.tpp.andai.hitung import lanjutkan
from shared.db import Database
from shared.runtime.memory import calm_collector


async def main() -> None:
    """Connect, then work for each line."""
    database = Database(os.environ["P03_DSN"], size=1)
    await database.open()
    calm_collector()
    try:
        print("siap", flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            while await database.run(lanjutkan):
                pass
            print("selesai", flush=True)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
