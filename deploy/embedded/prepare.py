"""Run once before the services start: keys made, databases brought up to date.

Reads one JSON object once the backends run, the environment that says where; its code is read before that.
Prints one: for each installed service the path prefixes it answers. It imports no service whole, which would
take two seconds of the processor while the backends and the services need it to start.
"""

import asyncio
import importlib
import json
import os
import sys

from services.installed import installed
from shared.auth.token import ensure_keys
from shared.db.migrate import migrate_own
from shared.settings import ServiceSettings


async def _migrate_all(services: list[ServiceSettings]) -> None:
    await asyncio.gather(*(migrate_own(one, f"services.{one.service}") for one in services))


def main() -> None:
    """Entry point of `python -m deploy.embedded.prepare`."""
    prefixes = {name: importlib.import_module(f"services.{name}").PREFIXES for name in installed()}
    os.environ.update(json.load(sys.stdin))
    services = [ServiceSettings.load(name) for name in prefixes]
    for one in services:
        ensure_keys(one.keys)
    asyncio.run(_migrate_all(services))
    print(json.dumps(prefixes))


if __name__ == "__main__":
    main()
