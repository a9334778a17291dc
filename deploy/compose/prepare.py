"""What must be there before services start: roles and databases, topics and rights, keys, tables.

Everything here may be done again at any time and changes nothing that is there.
"""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from deploy.backends.postgres import dsn, furnish
from deploy.backends.principals import ADMIN, KAFKA_ADMIN, USERS
from deploy.compose import secrets
from deploy.embedded.problems import PlatformError
from shared.auth.token import PUBLIC_KEYS, ensure_keys
from shared.bus.admin import Login, connected, ensure_groups, ensure_rights, ensure_topics
from shared.bus.users import ensure_users
from shared.runtime.migrations import migrate_service
from shared.runtime.service import Service
from shared.settings import ServiceSettings

_PATIENCE_SECONDS = 120.0


async def prepare(services: list[Service], keys: Path, say: Callable[[str], None]) -> None:
    """Bring an installation to the state the services need. Raises PlatformError when a backend stays away.

    `keys` holds a folder for each service: the signing key goes to skp alone, its public half to all.
    """
    settings = [service.settings for service in services]
    await asyncio.gather(
        _patiently("PostgreSQL", lambda: _databases(settings)),
        _patiently("Kafka", lambda: _bus(settings[0])),
    )
    say("Peran, basis data, topik, dan hak akses siap.")
    distribute_keys(keys, [one.service for one in settings])
    for service in services:
        applied = await migrate_service(service)
        say(f"{service.name}: {applied} berkas diterapkan" if applied else f"{service.name}: sudah terbaru")


async def _databases(settings: list[ServiceSettings]) -> None:
    passwords = {}
    for one in settings:
        for address in (one.database, one.owner_database):
            parts = urlsplit(address)
            passwords[parts.username or ""] = parts.password or ""
    address = dsn(ADMIN, secrets.read("pg_admin"), secrets.POSTGRES_HOST, secrets.POSTGRES_PORT, "postgres")
    conn = await asyncpg.connect(address, timeout=10)
    try:
        await furnish(conn, passwords)
    finally:
        await conn.close()


async def _bus(settings: ServiceSettings) -> None:
    login = Login(settings.kafka, KAFKA_ADMIN, secrets.read(f"kafka_{KAFKA_ADMIN}"))
    async with connected(login) as admin:
        await ensure_users(admin, {user: secrets.read(f"kafka_{user}") for user in USERS})
        await ensure_topics(admin, settings.namespace)
        await ensure_rights(admin, settings.namespace)
        await ensure_groups(admin, settings.namespace)


async def _patiently(name: str, work: Callable[[], Awaitable[None]]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return await work()
        except PlatformError:
            raise
        except asyncpg.InvalidPasswordError as error:
            raise PlatformError(
                "PostgreSQL menolak sandi dari berkas rahasia.",
                "kembalikan folder rahasia yang sesuai dengan data ini dari cadangan.",
            ) from error
        except Exception as error:
            if time.monotonic() > deadline:
                raise PlatformError(
                    f"{name} tidak siap dalam {_PATIENCE_SECONDS:.0f} detik: {error}",
                    f"lihat catatan kontainer {name.lower()}.",
                ) from error
        await asyncio.sleep(0.5)


def distribute_keys(keys: Path, services: list[str]) -> None:
    """Make the signing key in skp's folder at first; every other service gets the public half only."""
    ensure_keys(keys / "skp")
    for name in services:
        target = keys / name / PUBLIC_KEYS
        if name != "skp":
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_suffix(".baru")
            shutil.copyfile(keys / "skp" / PUBLIC_KEYS, draft)
            draft.replace(target)
