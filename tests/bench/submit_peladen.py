"""The server of P1: `python -m tests.bench.submit_peladen PORT GROUP`: skp's own API as production runs it.

GROUP is the largest group of the group commit; 1 switches it off: every submission has its own transaction.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import uvloop

from services.skp.app import build
from services.skp.realisasi.commands import catat
from services.skp.resources import resources
from shared.db.database import Database
from shared.db.group_commit import GroupCommit
from shared.obs.setup import setup
from shared.runtime import host
from shared.settings import ServiceSettings


@asynccontextmanager
async def one_by_one(settings: ServiceSettings, database: Database) -> AsyncIterator[dict[str, Any]]:
    """The service's resources, with a writer that never groups; as many at once as there are connections."""
    async with resources(settings, database) as found:
        writer = GroupCommit(database, "skp", catat(settings.zone), max_group=1, writers=settings.pool_size)
        writer.start()
        try:
            yield found | {"penulis": writer}
        finally:
            await writer.stop()


def main() -> None:
    """Serve until SIGTERM."""
    port, group = int(sys.argv[1]), int(sys.argv[2])
    settings = ServiceSettings.load("skp")
    service = build(settings)
    if group == 1:
        service = replace(service, resources=one_by_one)
    setup(settings, process="p01")
    uvloop.run(host.serve([service], ["api"], host="127.0.0.1", port=port))


if __name__ == "__main__":
    main()
