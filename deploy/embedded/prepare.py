"""Run once before the services start: keys made, databases brought up to date.

Reads one JSON object once the backends run, the environment that says where; its code is read before that.
Prints one: for each installed service the path prefixes it answers.
"""

import asyncio
import importlib
import json
import os
import sys

from services.installed import build, installed
from shared.auth.token import ensure_keys
from shared.runtime.migrations import migrate_service


async def _migrate_all(services: dict[str, object]) -> None:
    await asyncio.gather(*(migrate_service(service) for service in services.values()))  # type: ignore[arg-type]


def main() -> None:
    """Entry point of `python -m deploy.embedded.prepare`."""
    for name in installed():
        importlib.import_module(f"services.{name}.app")
    os.environ.update(json.load(sys.stdin))
    services = {name: build(name) for name in installed()}
    for service in services.values():
        ensure_keys(service.settings.keys)
    asyncio.run(_migrate_all(services))
    print(json.dumps({name: list(service.prefixes) for name, service in services.items()}))


if __name__ == "__main__":
    main()
