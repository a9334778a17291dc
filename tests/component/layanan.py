"""One service under test: its database, its API and its inbox, without a broker between.

Order and duplication are the point of these tests, so events go straight into the inbox that consumers use.
"""

import importlib
import operator
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import reduce
from typing import Any
from uuid import UUID, uuid4

import httpx2

from shared.auth.generations import Generations
from shared.auth.guard import Peranan, Principal
from shared.auth.token import Signer, Verifier
from shared.contracts.base import Event, Manifest, Topic, TopicCount
from shared.db import Database
from shared.ids import low64
from shared.outbox.manifest import UNCOUNTED, as_hex
from shared.runtime.service import Running, Service
from shared.settings import ServiceSettings
from shared.testing.feed import Recorded, feed, settle_barriers

NIP = "198501012010011{:03d}"


def manifest(facts: Sequence[Recorded], periode: str, *topics: Topic) -> Manifest:
    """What the closing of a month counts over these facts."""
    counts = []
    for topic in topics:
        ids = [
            low64(fact.id)
            for fact in facts
            if fact.topic == topic.name and fact.periode == periode and fact.type not in UNCOUNTED
        ]
        xor = reduce(operator.xor, ids, 0)
        counts.append(TopicCount(topic=topic.name, count=len(ids), xor=as_hex(xor)))
    return Manifest(topics=tuple(counts))


@dataclass
class Layanan:
    """A service with its database open."""

    service: Service
    database: Database
    client: httpx2.AsyncClient
    signer: Signer
    running: Running
    generations: Generations

    async def dengar(self, *facts: Recorded) -> int:
        """Apply events in this order, in one batch, and settle barriers; returns how many stay open."""
        await feed(self.service, self.database, facts, settle=False)
        return await settle_barriers(self.service, self.database)

    async def baris(self, sql: str, *args: Any) -> list[dict[str, Any]]:
        """Rows of a question to the service's database."""
        async with self.database.pool.acquire() as conn:
            return [dict(row) for row in await conn.fetch(sql, *args)]

    async def nilai(self, sql: str, *args: Any) -> Any:
        """One value."""
        async with self.database.pool.acquire() as conn:
            return await conn.fetchval(sql, *args)

    async def keluar(self, event: type[Event]) -> list[Any]:
        """The events of a type that the service recorded, in order."""
        rows = await self.baris(
            "SELECT payload::text FROM kernel.outbox WHERE type = $1 ORDER BY seq", event.TYPE
        )
        return [event.model_validate_json(row["payload"]) for row in rows]

    def kepala(self, pegawai_id: UUID, *peran: str, unit: str | None = None) -> dict[str, str]:
        """Headers of a request by somebody with these roles; each request gets a key of its own."""
        held = tuple(Peranan(each, unit) for each in peran)
        token, _ = self.signer.issue(Principal(pegawai_id, NIP.format(1), held, 1))
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}


@asynccontextmanager
async def buka(settings: ServiceSettings) -> AsyncIterator[Layanan]:
    """The service of these settings, its API answering in this process."""
    service: Service = importlib.import_module(f"services.{settings.service}.app").build(settings)
    database = Database(settings.database, size=6)
    await database.open()
    try:
        app = service.web()
        generations = Generations(database)
        await generations.refresh()
        app.state.database = database
        app.state.settings = settings
        app.state.verifier = Verifier(settings.keys)
        app.state.generations = generations
        transport = httpx2.ASGITransport(app=app)
        async with (
            service.resources(settings, database) as resources,
            httpx2.AsyncClient(transport=transport, base_url="http://uji") as client,
        ):
            for name, resource in resources.items():
                setattr(app.state, name, resource)
            running = Running(settings, database, resources)
            yield Layanan(service, database, client, Signer(settings.keys), running, generations)
    finally:
        await database.close()
