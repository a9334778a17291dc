"""How this product talks to Kafka: every setting that differs from a library default, in one place."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage
from faststream.kafka.message import KafkaAckableMessage
from faststream.security import SASLScram512

from shared.settings import ServiceSettings

MAX_RECORDS = 500
"""Events in one consumed batch, hence in one transaction."""
BATCH_TIMEOUT_MS = 200
FETCH_WAIT_MS = 100
"""So long the broker keeps a fetch for which it has nothing. A consumer has one fetch under way at a time:
while that waits for topics where nothing happens, a backlog whose buffer is empty gets no new one."""
FETCH_BYTES = 2 * 1024 * 1024
"""Of one partition in one fetch: a second's work or so, beside which those waits are small."""
SESSION_TIMEOUT_MS = 10_000
"""After so long without a heartbeat a worker's partitions go to the others."""
GRACEFUL_SECONDS = 15.0
"""A stopping consumer finishes its batch within this time."""
_STOP_SECONDS = 5.0


def bootstrap(settings: ServiceSettings) -> list[str]:
    """The brokers to begin with."""
    return [address.strip() for address in settings.kafka.split(",")]


def make_producer(settings: ServiceSettings) -> AIOKafkaProducer:
    """A producer that answers only for what all in-sync replicas hold, and never doubles by retrying.

    Not started. Batches may be larger than aiokafka's 16 kB: a relay sends many rows at once.
    """
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap(settings),
        client_id=f"{settings.namespace}.{settings.service}.relay",
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=settings.kafka_user,
        sasl_plain_password=settings.kafka_password.get_secret_value(),
        acks="all",
        enable_idempotence=True,
        max_batch_size=256 * 1024,
        max_request_size=1024 * 1024,
        request_timeout_ms=30_000,
    )


async def close_producer(producer: AIOKafkaProducer) -> None:
    """Stop a producer, also when Kafka is away.

    A plain `stop()` waits for what is still unsent, and an idempotent producer never gives that up.
    """
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await producer.stop()
    except TimeoutError:
        sender = getattr(producer, "_sender", None)
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                if sender is not None:
                    await sender.close()
                await producer.client.close()
        except TimeoutError:
            return


def make_broker(settings: ServiceSettings) -> KafkaBroker:
    """A broker object that only consumes: no producer, no admin client, hence reading rights suffice."""
    return KafkaBroker(
        bootstrap(settings),
        client_id=f"{settings.namespace}.{settings.service}",
        security=SASLScram512(
            username=settings.kafka_user,
            password=settings.kafka_password.get_secret_value(),
            use_ssl=False,
        ),
        consumer_only=True,
        allow_auto_create_topics=False,
        graceful_timeout=GRACEFUL_SECONDS,
        logger=None,
    )


def subscribe(
    broker: KafkaBroker,
    topics: Sequence[str],
    *,
    group: str,
    instance: str,
    take: Callable[[Any], Awaitable[None]],
) -> Any:
    """Batches of all `topics` to `take`, at least once: acknowledged when it returns, again when it raises.

    `instance` must stay the same for a worker across its restarts (static membership), so that a killed
    worker gets its own partitions back at once instead of after the session time-out.
    Returns the FastStream subscriber.
    """

    async def parse(records: Any) -> KafkaAckableMessage:
        # FastStream's own parser decodes every header as UTF-8 first. Where it raises, a batch is neither
        # acknowledged nor rewound, so the next acknowledgement would lose it: one bad header, 500 events.
        return KafkaAckableMessage(
            body=b"",
            headers={},
            message_id=f"{records[0].topic}-{records[0].partition}-{records[0].offset}",
            raw_message=records,
            consumer=subscriber.consumer,
        )

    async def decode(_: Any) -> None:
        """Nothing: reading is the inbox's work, where an unreadable event is put aside and named."""

    async def handle(message: KafkaMessage) -> None:
        await take(message.raw_message)

    subscriber = broker.subscriber(
        *topics,
        group_id=group,
        group_instance_id=instance,
        batch=True,
        max_records=MAX_RECORDS,
        batch_timeout_ms=BATCH_TIMEOUT_MS,
        fetch_max_wait_ms=FETCH_WAIT_MS,
        max_partition_fetch_bytes=FETCH_BYTES,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.NACK_ON_ERROR,
        session_timeout_ms=SESSION_TIMEOUT_MS,
        parser=parse,
        decoder=decode,
    )
    with_handler = subscriber(handle)
    assert with_handler is not None
    return subscriber
