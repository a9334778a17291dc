"""What runs, how large it is, and what waits."""

import asyncio
from dataclasses import dataclass

import asyncpg

from deploy.backends.principals import SERVICES
from deploy.embedded.platform import BACKENDS, NAMESPACE, Platform
from deploy.embedded.supervisor import is_ready, planned
from shared.bus.admin import connected, lag

_PENDING = "SELECT count(*) FROM kernel.outbox WHERE published_at IS NULL"


@dataclass(frozen=True, slots=True)
class PartState:
    """One part as `status` shows it; `memory` in bytes."""

    name: str
    state: str
    pid: int | None
    port: int | None
    memory: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a service still has to do; None where it could not be asked.

    `outbox` are events not yet published, `lag` messages not yet applied.
    """

    service: str
    outbox: int | None
    lag: int | None


def parts(platform: Platform) -> list[PartState]:
    """Every part that runs or should run."""
    running = platform.running()
    names = [*planned(platform), *(name for name in running if name not in planned(platform))]
    found = []
    for name in names:
        part = running.get(name)
        if part is None:
            found.append(PartState(name, "tidak berjalan", None, None, 0))
            continue
        asked = name not in (*BACKENDS, "supervisor") and part.port is not None
        state = "berjalan" if not asked else "siap" if is_ready(part.port or 0) else "belum siap"
        found.append(PartState(name, state, part.pid, part.port, part.memory))
    return found


def waiting(platform: Platform) -> list[Waiting]:
    """What each service still has to publish and to apply."""
    return asyncio.run(_waiting(platform))


async def _waiting(platform: Platform) -> list[Waiting]:
    running = platform.running()
    outbox: dict[str, int | None] = dict.fromkeys(SERVICES)
    behind: dict[str, int | None] = dict.fromkeys(SERVICES)
    if "postgres" in running:
        for service in SERVICES:
            outbox[service] = await _pending(platform.dsn_in(service))
    if "kafka" in running:
        login = platform.kafka_admin
        async with connected(login) as admin:
            behind |= await lag(admin, login, NAMESPACE)
    return [Waiting(service, outbox[service], behind[service]) for service in SERVICES]


async def _pending(dsn: str) -> int | None:
    try:
        conn = await asyncpg.connect(dsn, timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return None
    try:
        return int(await conn.fetchval(_PENDING))
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await conn.close()
