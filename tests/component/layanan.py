"""One service under test: its database, its API and its inbox, without a broker between.

Order and duplication are the point of these tests, so events go straight into the inbox that consumers use.
"""

import importlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx2

from shared.auth.generations import Generations
from shared.auth.guard import Peranan, Principal
from shared.auth.token import Signer, Verifier
from shared.contracts.base import Event, Manifest, Topic, TopicCount
from shared.db import Database
from shared.ids import low64, uuid7
from shared.inbox.barriers import settle
from shared.inbox.inbox import Inbox
from shared.inbox.reading import Hearing, Record
from shared.outbox.envelope import headers
from shared.outbox.manifest import UNCOUNTED, as_hex
from shared.runtime.service import Running, Service
from shared.settings import ServiceSettings

PARTITIONS = 4
NIP = "198501012010011{:03d}"


@dataclass(frozen=True)
class Fakta:
    """A recorded event: what a producer's outbox would hold."""

    event: Event
    id: UUID = field(default_factory=uuid7)
    time: datetime = datetime(2026, 11, 20, 3, tzinfo=UTC)
    traceparent: str | None = None

    def record(self, offset: int = 0) -> Record:
        """As it would arrive from Kafka."""
        event = self.event
        stamped = event.stamped_period
        found = headers(
            source="uji",
            id=self.id,
            type=event.TYPE,
            time=self.time,
            subject=event.key,
            version=event.version,
            periode=str(stamped) if stamped else None,
            traceparent=self.traceparent,
        )
        return Record(
            event.TOPIC.name,
            hash(event.key) % PARTITIONS,
            offset,
            event.key.encode(),
            event.model_dump_json().encode(),
            dict(found),
        )


def manifest(facts: Sequence[Fakta], periode: str, *topics: Topic) -> Manifest:
    """What the closing of a month counts over these facts."""
    counts = []
    for topic in topics:
        ids = [
            low64(fact.id)
            for fact in facts
            if fact.event.TOPIC is topic
            and str(fact.event.stamped_period) == periode
            and fact.event.TYPE not in UNCOUNTED
        ]
        xor = 0
        for each in ids:
            xor ^= each
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

    async def dengar(self, *facts: Fakta) -> int:
        """Apply events in this order, in one batch, and settle barriers; returns how many stay open."""
        hearing = Hearing(self.service.subscriptions, self.service.barriers)
        inbox = Inbox(self.service.name, self.database, hearing)
        await inbox.take([fact.record(offset) for offset, fact in enumerate(facts)])
        assert await self.nilai("SELECT count(*) FROM kernel.dead_letter") == 0, await self.baris(
            "SELECT type, cause FROM kernel.dead_letter"
        )
        return await settle(self.database, self.service.name, hearing)

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
        async with httpx2.AsyncClient(transport=transport, base_url="http://uji") as client:
            yield Layanan(service, database, client, Signer(settings.keys), Running(settings, database, {}))
    finally:
        await database.close()
