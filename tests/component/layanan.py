"""One service under test: its database, its API and its inbox, without a broker between.

Order and duplication are the point of these tests, so events go straight into the inbox that consumers use.
"""

import importlib
import operator
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import reduce
from typing import Any
from uuid import UUID, uuid4

import httpx2
from fastapi import FastAPI
from starlette.datastructures import State

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


_APLIKASI: dict[str, list[tuple[FastAPI, dict[str, Any]]]] = {}
"""Applications that no test uses now, by service, each with the state it was made with."""


@contextmanager
def _aplikasi(service: Service) -> Iterator[FastAPI]:
    """An application of the service with a state of its own.

    Routes are the same for every test, and FastAPI takes a quarter of a second to make them ready.
    """
    free = _APLIKASI.setdefault(service.name, [])
    if free:
        app, made_with = free.pop()
    else:
        app = service.web()
        made_with = dict(app.state._state)
    app.state = State(dict(made_with))
    yield app
    free.append((app, made_with))


@asynccontextmanager
async def buka(settings: ServiceSettings) -> AsyncIterator[Layanan]:
    """The service of these settings, its API answering in this process."""
    service: Service = importlib.import_module(f"services.{settings.service}.app").build(settings)
    database = Database(settings.database, size=6)
    await database.open()
    try:
        generations = Generations(database)
        await generations.refresh()
        async with AsyncExitStack() as stack:
            app = stack.enter_context(_aplikasi(service))
            app.state.database = database
            app.state.settings = settings
            app.state.verifier = Verifier(settings.keys)
            app.state.generations = generations
            resources = await stack.enter_async_context(service.resources(settings, database))
            for name, resource in resources.items():
                setattr(app.state, name, resource)
            transport = httpx2.ASGITransport(app=app)
            client = await stack.enter_async_context(
                httpx2.AsyncClient(transport=transport, base_url="http://uji")
            )
            running = Running(settings, database, resources)
            yield Layanan(service, database, client, Signer(settings.keys), running, generations)
    finally:
        await database.close()
