"""Topics and rights on the broker, made from the contracts catalogue by the administrator."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.protocol.admin import (
    CreateAclsRequest_v0,
    CreateAclsRequest_v1,
    DeleteAclsRequest_v0,
    DeleteAclsRequest_v1,
)
from aiokafka.protocol.api import Request

from shared.contracts.catalogue import PARTITIONS, PRINCIPALS, TOPICS, group_name, topic_name

_RETENTION_DAYS = 90
"""A service may be away for a quarter and still catch up from the broker alone."""

_ALREADY_THERE = 36
_TOPIC, _GROUP = 2, 3
_LITERAL = 3
_READ, _WRITE, _DESCRIBE = 3, 4, 8
_ALLOW, _ANY = 3, 1

Acl = tuple[int, str, int, str, str, int, int]
"""Resource type, name, pattern, principal, host, operation, permission, as Kafka numbers them."""


class AdminError(Exception):
    """The broker refused an administrative request."""


@dataclass(frozen=True, slots=True)
class Login:
    """How one principal reaches the broker (SASL_PLAINTEXT, SCRAM-SHA-512)."""

    bootstrap: str
    user: str
    password: str = field(repr=False)


@asynccontextmanager
async def connected(login: Login) -> AsyncIterator[AIOKafkaAdminClient]:
    """An administrative connection. Raises what aiokafka raises when the broker cannot be reached."""
    admin = AIOKafkaAdminClient(
        bootstrap_servers=login.bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=login.user,
        sasl_plain_password=login.password,
        request_timeout_ms=30_000,
    )
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


async def ensure_topics(
    admin: AIOKafkaAdminClient, namespace: str, *, partitions: int = PARTITIONS, replicas: int = 1
) -> None:
    """Create the topics of the catalogue that are absent. Raises AdminError when the broker refuses one."""
    there = set(await admin.list_topics())
    wanted = [
        NewTopic(
            topic_name(topic.name, namespace),
            partitions,
            replicas,
            topic_configs={"cleanup.policy": "compact"}
            if topic.compacted
            else {"retention.ms": str(_RETENTION_DAYS * 86_400_000)},
        )
        for topic in TOPICS
    ]
    absent = [topic for topic in wanted if topic.name not in there]
    if not absent:
        return
    answer = (await admin.create_topics(absent, timeout_ms=30_000)).to_object()
    for outcome in answer["topic_errors"]:
        if outcome["error_code"] not in (0, _ALREADY_THERE):
            raise AdminError(f"topik {outcome['topic']}: {outcome.get('error_message')}")


def rights(namespace: str, principals: Iterable[str] = PRINCIPALS) -> list[Acl]:
    """What each principal may do: write and read its own topics, read in its own consumer group; no more."""
    granted: list[Acl] = []
    for principal in principals:
        who = f"User:{principal}"
        for topic in TOPICS:
            name = topic_name(topic.name, namespace)
            for holders, operation in ((topic.producers, _WRITE), (topic.consumers, _READ)):
                if principal in holders:
                    granted.append((_TOPIC, name, _LITERAL, who, "*", operation, _ALLOW))
        granted.append((_GROUP, group_name(principal, namespace), _LITERAL, who, "*", _READ, _ALLOW))
    return granted


async def ensure_rights(admin: AIOKafkaAdminClient, namespace: str) -> None:
    """Grant what the catalogue says; granting again changes nothing. Raises AdminError when refused."""
    answer = (await admin._send_to_controller(_CreateAcls(rights(namespace)))).to_object()
    for outcome in answer["creation_responses"]:
        if outcome["error_code"]:
            raise AdminError(f"hak akses: {outcome['error_message']}")


async def drop_namespace(admin: AIOKafkaAdminClient, namespace: str) -> None:
    """Delete the topics and rights of a namespace, with everything in them."""
    there = set(await admin.list_topics())
    names = [name for name in (topic_name(topic.name, namespace) for topic in TOPICS) if name in there]
    if names:
        await admin.delete_topics(names, timeout_ms=30_000)
    resources = {(kind, name) for kind, name, *_ in rights(namespace)}
    await admin._send_to_controller(
        _DeleteAcls([(kind, name, _LITERAL, None, None, _ANY, _ANY) for kind, name in sorted(resources)])
    )


async def lag(admin: AIOKafkaAdminClient, login: Login, namespace: str, principal: str) -> int:
    """How many messages of its topics a principal's consumer group has not yet finished with."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=login.bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=login.user,
        sasl_plain_password=login.password,
    )
    names = [topic_name(topic.name, namespace) for topic in TOPICS if principal in topic.consumers]
    there = [topic for topic in await admin.describe_topics(names) if not topic["error_code"]]
    partitions = [
        TopicPartition(topic["topic"], partition["partition"])
        for topic in there
        for partition in topic["partitions"]
    ]
    await consumer.start()
    try:
        first, last = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
    finally:
        await consumer.stop()
    done = await admin.list_consumer_group_offsets(group_name(principal, namespace))
    return sum(
        last[one] - max(first[one], done[one].offset if one in done else 0)
        for one in partitions
        if last[one] > first[one]
    )


# aiokafka has the messages but no public call, and its own request carries one right only (50 ms each).
class _CreateAcls(Request[CreateAclsRequest_v0 | CreateAclsRequest_v1]):  # type: ignore[misc]
    API_KEY = 30

    def __init__(self, acls: Sequence[Acl]) -> None:
        self._acls = acls

    def build(
        self, request_struct_class: type[CreateAclsRequest_v0 | CreateAclsRequest_v1]
    ) -> CreateAclsRequest_v0 | CreateAclsRequest_v1:
        if request_struct_class.API_VERSION < 1:
            raise AdminError("broker ini terlalu tua")
        return request_struct_class(list(self._acls))


class _DeleteAcls(Request[DeleteAclsRequest_v0 | DeleteAclsRequest_v1]):  # type: ignore[misc]
    API_KEY = 31

    def __init__(self, filters: Sequence[tuple[int, str, int, None, None, int, int]]) -> None:
        self._filters = filters

    def build(
        self, request_struct_class: type[DeleteAclsRequest_v0 | DeleteAclsRequest_v1]
    ) -> DeleteAclsRequest_v0 | DeleteAclsRequest_v1:
        if request_struct_class.API_VERSION < 1:
            raise AdminError("broker ini terlalu tua")
        return request_struct_class(list(self._filters))
