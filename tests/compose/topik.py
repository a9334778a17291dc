"""Runs inside a container: one JSON line for each event id on each topic, with how often it stands there."""

import asyncio
import json
from collections import Counter
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.contracts.catalogue import TOPICS


async def main(password: str) -> None:
    consumer = AIOKafkaConsumer(
        bootstrap_servers="kafka:9092",
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username="admin",
        sasl_plain_password=password,
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        await consumer.topics()
        seen: Counter[tuple[str, str, str]] = Counter()
        parts = [
            TopicPartition(topic.name, number)
            for topic in TOPICS
            for number in consumer.partitions_for_topic(topic.name) or ()
        ]
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
