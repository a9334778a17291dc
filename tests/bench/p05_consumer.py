"""P5: our consumer (parsing, inbox, effect, metrics, tracing) against raw getmany and one statement.

Both do the same lasting work: ignore what was seen before, store the fields of a realisasi. The raw one is
what one would write by hand: json.loads and a single unnest statement for a batch; it knows no contract, no
kind of failure, no count for barriers, no metric, no trace.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import asyncpg
import uvloop
from aiokafka import AIOKafkaConsumer
from pydantic import SecretStr

from shared.bus.kafka import close_producer, make_producer
from shared.contracts.catalogue import topic_name
from shared.contracts.skp import REALISASI, RealisasiSubmitted
from shared.db.database import Database
from shared.db.tx import Tx
from shared.ids import uuid7
from shared.inbox import Received, on
from shared.inbox.consumer import Consumer
from shared.obs.setup import setup
from shared.runtime.memory import calm_collector
from shared.settings import ServiceSettings
from shared.testing import Feed, Recorded
from tests.component.kernel.world import realisasi
from tests.measure import Context
from tests.rig import make_database, make_namespace

ROUNDS = 5
_TABLE = """
CREATE TABLE public.effect (
    realisasi_id uuid PRIMARY KEY, pegawai_id uuid NOT NULL, rhk_id uuid NOT NULL, periode text NOT NULL,
    tanggal date NOT NULL, jumlah numeric NOT NULL, satuan text NOT NULL, uraian text NOT NULL,
    version bigint NOT NULL
)
"""
_INSERT = """
INSERT INTO effect SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::date[],
                                        $6::numeric[], $7::text[], $8::text[], $9::bigint[])
"""
_RAW = """
WITH arrived AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::date[],
                         $7::numeric[], $8::text[], $9::text[], $10::bigint[])
        AS a(id, realisasi_id, pegawai_id, rhk_id, periode, tanggal, jumlah, satuan, uraian, version)
), fresh AS (
    INSERT INTO kernel.inbox (consumer, event_id) SELECT 'mentah', id FROM arrived
    ON CONFLICT DO NOTHING RETURNING event_id
)
INSERT INTO effect
SELECT realisasi_id, pegawai_id, rhk_id, periode, tanggal, jumlah, satuan, uraian, version
FROM arrived JOIN fresh ON id = event_id
"""
_NAMES = "abcdefgh"


def run(context: Context) -> list[dict[str, Any]]:
    """Interleaved rounds over the same messages, in production's event loop; the median of the ratios."""
    return uvloop.run(_run(context))


async def _run(context: Context) -> list[dict[str, Any]]:
    count = 60_000 if context.small else 200_000
    namespace = await make_namespace(context.platform)
    writer = await make_database(context.platform, "skp", namespace, _TABLE)
    setup(writer, process="ukur")
    calm_collector()
    await _publish(_super(context, writer, "penerbit"), count)
    ours: list[float] = []
    raw: list[float] = []
    for number in range(ROUNDS):
        target = await make_database(context.platform, "assessment", namespace, _TABLE)
        ours.append(await _ours(_super(context, target, f"ukur{_NAMES[number]}"), count))
        target = await make_database(context.platform, "assessment", namespace, _TABLE)
        raw.append(await _raw(_super(context, target, f"mentah{_NAMES[number]}"), count))
    ratio = statistics.median(one / other for one, other in zip(ours, raw, strict=True))
    return [
        {
            "id": "P5",
            "value": round(ratio, 3),
            "unit": "x mentah",
            "goal": ">= 0.7",
            "holds": ratio >= 0.7,
            "detail": {
                "event": count,
                "kita_per_detik": [round(rate) for rate in ours],
                "mentah_per_detik": [round(rate) for rate in raw],
            },
        }
    ]


def _super(context: Context, settings: ServiceSettings, name: str) -> ServiceSettings:
    """A consumer group of its own for each round, hence the administrator's rights."""
    login = context.platform.kafka_admin
    return settings.model_copy(
        update={
            "service": name,
            "kafka_user": login.user,
            "kafka_password": SecretStr(login.password),
        }
    )


async def _publish(settings: ServiceSettings, count: int) -> None:
    """Events as the relay sends them, each with a trace that is not sampled, as most are."""
    shaping = Feed("ukur", Database(settings.database), [])
    producer = make_producer(settings)
    await producer.start()
    try:
        topic = topic_name(REALISASI.name, settings.namespace)
        people = [uuid7() for _ in range(1000)]
        for start in range(0, count, 2000):
            sent = []
            for number in range(start, min(start + 2000, count)):
                event = realisasi(people[number % len(people)], number + 1)
                trace = f"00-{number + 1:032x}-{number + 1:016x}-00"
                record = shaping.record(Recorded.of(event, traceparent=trace))
                headers = list(record.headers.items())
                sent.append(await producer.send(topic, record.value, key=record.key, headers=headers))
            await asyncio.gather(*sent)
    finally:
        await close_producer(producer)


async def _ours(settings: ServiceSettings, count: int) -> float:
    marks: list[tuple[float, int]] = []
    done = asyncio.Event()

    async def handle(tx: Tx, events: Sequence[Received[RealisasiSubmitted]]) -> None:
        found = [one.event for one in events]
        await tx.conn.execute(
            _INSERT,
            [event.realisasi_id for event in found],
            [event.pegawai_id for event in found],
            [event.rhk_id for event in found],
            [str(event.periode) for event in found],
            [event.tanggal for event in found],
            [event.jumlah for event in found],
            [event.satuan for event in found],
            [event.uraian for event in found],
            [event.version for event in found],
        )
        marks.append((time.perf_counter(), len(events)))
        if sum(size for _, size in marks) >= count:
            done.set()

    database = Database(settings.database, size=4)
    await database.open()
    consumer = Consumer(settings, database, [on(RealisasiSubmitted, handle)])
    running = asyncio.create_task(consumer.run())
    try:
        await asyncio.wait_for(done.wait(), 300)
    finally:
        consumer.stop()
        await running
        await database.close()
    return _rate(marks)


async def _raw(settings: ServiceSettings, count: int) -> float:
    marks: list[tuple[float, int]] = []
    consumer = AIOKafkaConsumer(
        topic_name(REALISASI.name, settings.namespace),
        bootstrap_servers=settings.kafka,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=settings.kafka_user,
        sasl_plain_password=settings.kafka_password.get_secret_value(),
        group_id=f"{settings.namespace}.{settings.service}",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    conn = await asyncpg.connect(settings.database)
    await consumer.start()
    try:
        while sum(size for _, size in marks) < count:
            found = await consumer.getmany(timeout_ms=200, max_records=500)
            messages = [message for batch in found.values() for message in batch]
            if not messages:
                continue
            payloads = [json.loads(message.value) for message in messages]
            await conn.execute(
                _RAW,
                [dict(message.headers)["ce_id"].decode() for message in messages],
                [one["realisasi_id"] for one in payloads],
                [one["pegawai_id"] for one in payloads],
                [one["rhk_id"] for one in payloads],
                [one["periode"] for one in payloads],
                [date.fromisoformat(one["tanggal"]) for one in payloads],
                [Decimal(one["jumlah"]) for one in payloads],
                [one["satuan"] for one in payloads],
                [one["uraian"] for one in payloads],
                [one["version"] for one in payloads],
            )
            await consumer.commit()
            marks.append((time.perf_counter(), len(messages)))
    finally:
        await consumer.stop()
        await conn.close()
    return _rate(marks)


def _rate(marks: list[tuple[float, int]]) -> float:
    """Events a second between the end of the first statement and the end of the last."""
    events = sum(size for _, size in marks[1:])
    return events / (marks[-1][0] - marks[0][0])
