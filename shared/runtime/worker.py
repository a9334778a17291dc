"""The relay and the consumer of one service as parts of a process: opened, watched, drained."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from shared.bus.kafka import GRACEFUL_SECONDS
from shared.db.database import Database
from shared.inbox.consumer import Consumer
from shared.obs.logging import log
from shared.outbox.relay import Relay
from shared.runtime.health import Health

if TYPE_CHECKING:
    from shared.runtime.service import Service

_RELAY_DRAIN_SECONDS = 5.0


@asynccontextmanager
async def open_relay(service: "Service", database: Database, health: Health) -> AsyncIterator[Relay]:
    """Publish the service's outbox while open; at the end publish what is there, for a few seconds.

    Never fails at the start: while PostgreSQL or Kafka is away it tries again, and readiness says so.
    """
    relay = Relay(service.settings)
    health.add(f"{service.name}.relay", relay.trouble)
    running = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        relay.stop()
        await _end(running, _RELAY_DRAIN_SECONDS, f"{service.name}.relay")


@asynccontextmanager
async def open_consumer(service: "Service", database: Database, health: Health) -> AsyncIterator[Consumer]:
    """Apply what the service hears while open; at the end finish the batch at hand.

    Never fails at the start: while PostgreSQL or Kafka is away it tries again, and readiness says so.
    """
    consumer = Consumer(service.settings, database, service.subscriptions, service.barriers)
    health.add(f"{service.name}.konsumen", consumer.trouble)
    running = asyncio.create_task(consumer.run())
    try:
        yield consumer
    finally:
        consumer.stop()
        await _end(running, GRACEFUL_SECONDS + 5, f"{service.name}.konsumen")


async def _end(running: "asyncio.Task[None]", seconds: float, part: str) -> None:
    _, late = await asyncio.wait([running], timeout=seconds)
    if late:
        log.warning("tidak selesai pada waktunya, dihentikan", bagian=part)
        running.cancel()
    (result,) = await asyncio.gather(running, return_exceptions=True)
    if isinstance(result, Exception):
        log.error("berakhir dengan galat", bagian=part, exc_info=result)
