"""Runs inside a container: one JSON line for each event id on each topic, with how often it stands there."""

import asyncio
import json
from collections import Counter
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.bus.admin import Login, connected
from shared.contracts.catalogue import TOPICS


async def main(password: str) -> None:
    login = Login("kafka:9092", "admin", password)
    async with connected(login) as admin:
        described = await admin.describe_topics([topic.name for topic in TOPICS])
    parts = [
        TopicPartition(one["topic"], part["partition"]) for one in described for part in one["partitions"]
    ]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=login.bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=login.user,
        sasl_plain_password=login.password,
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        seen: Counter[tuple[str, str, str]] = Counter()
        consumer.assign(parts)
        await consumer.seek_to_beginning(*parts)
        ends = await consumer.end_offsets(parts)
        while any([await consumer.position(part) < ends[part] for part in parts]):
            for part, records in (await consumer.getmany(timeout_ms=500)).items():
                for record in records:
                    headers = dict(record.headers)
                    seen[part.topic, headers["ce_id"].decode(), headers["ce_type"].decode()] += 1
        for (topic, identifier, kind), times in seen.items():
            print(json.dumps({"topic": topic, "id": identifier, "type": kind, "kali": times}))
    finally:
        await consumer.stop()


if __name__ == "__main__":
    asyncio.run(main(Path("/run/secrets/kafka_admin").read_text().strip()))
