"""Run once before the services start: keys made, databases brought up to date.

Prints one JSON object: for each installed service the path prefixes it answers.
"""

import asyncio
import json

from services.installed import build, installed
from shared.auth.token import ensure_keys
from shared.runtime.migrations import migrate_service


async def _migrate_all(services: dict[str, object]) -> None:
    await asyncio.gather(*(migrate_service(service) for service in services.values()))  # type: ignore[arg-type]


def main() -> None:
    """Entry point of `python -m deploy.embedded.prepare`."""
    services = {name: build(name) for name in installed()}
    for service in services.values():
        ensure_keys(service.settings.keys)
    asyncio.run(_migrate_all(services))
    print(json.dumps({name: list(service.prefixes) for name, service in services.items()}))


if __name__ == "__main__":
    main()
