"""Topics and rights on the broker, made from the contracts catalogue by the administrator."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import GroupCoordinatorNotAvailableError
from aiokafka.protocol.admin import (
    CreateAclsRequest_v0,
    CreateAclsRequest_v1,
    DeleteAclsRequest_v0,
    DeleteAclsRequest_v1,
    DescribeAclsRequest,
)
from aiokafka.protocol.api import Request

from shared.contracts.catalogue import PARTITIONS, PRINCIPALS, TOPICS, group_name, topic_name

_RETENTION_DAYS = 90
"""A service may be away for a quarter and still catch up from the broker alone."""

_SETTLE_SECONDS = 30.0
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
    names = [topic.name for topic in absent]
    await until(lambda: _have_leaders(admin, names), "topik belum siap")


async def _have_leaders(admin: AIOKafkaAdminClient, names: list[str]) -> bool:
    topics = await admin.describe_topics(names)
    return all(
        not topic["error_code"]
        and topic["partitions"]
        and all(partition["leader"] >= 0 for partition in topic["partitions"])
        for topic in topics
    )


async def until(condition: Callable[[], Awaitable[bool]], fault: str, *, pause: float = 0.02) -> None:
    """The controller answers before the broker knows: wait until the broker does.

    Raises AdminError with `fault` when it takes longer than `_SETTLE_SECONDS`.
    """
    deadline = time.monotonic() + _SETTLE_SECONDS
    while not await condition():
        if time.monotonic() > deadline:
            raise AdminError(fault)
        await asyncio.sleep(pause)


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
    """Grant what the catalogue says; the broker acts on it when this returns. Granting again changes nothing.

    Raises AdminError when refused.
    """
    wanted = rights(namespace)
    if set(wanted) <= await _granted(admin):
        return
    answer = (await admin._send_to_controller(_CreateAcls(wanted))).to_object()
    for outcome in answer["creation_responses"]:
        if outcome["error_code"]:
            raise AdminError(f"hak akses: {outcome['error_message']}")

    async def known() -> bool:
        return set(wanted) <= await _granted(admin)

    await until(known, "hak akses belum berlaku")


async def ensure_groups(admin: AIOKafkaAdminClient, namespace: str) -> None:
    """Have the broker keep positions of our consumer groups, before many consumers ask for that at once.

    The first question of all makes it create a topic for them. Consumers that come before it is there ask
    again without pause, each time for its creation, which keeps a small machine from getting there.
    Raises AdminError when it takes too long.
    """

    async def known() -> bool:
        try:
            for principal in PRINCIPALS:
                await admin.find_coordinator(group_name(principal, namespace))
        except GroupCoordinatorNotAvailableError:
            return False
        return True

    await until(known, "Kafka belum siap untuk grup pembaca", pause=0.5)


async def _granted(admin: AIOKafkaAdminClient) -> set[Acl]:
    """Every right the broker knows of."""
    request = DescribeAclsRequest(_ANY, None, _ANY, None, None, _ANY, _ANY)
    answer = (await admin._send_request(request)).to_object()
    return {
        (
            resource["resource_type"],
            resource["resource_name"],
            resource["resource_pattern_type"],
            acl["principal"],
            acl["host"],
            acl["operation"],
            acl["permission_type"],
        )
        for resource in answer["resources"]
        for acl in resource["acls"]
    }


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


async def lag(admin: AIOKafkaAdminClient, login: Login, namespace: str) -> dict[str, int]:
    """For each principal: how many messages of its topics its consumer group has not yet finished with."""
    partitions = await _partitions(admin, namespace)
    first, last = await _ends(login, partitions)
    behind: dict[str, int] = {}
    for principal in PRINCIPALS:
        done = await admin.list_consumer_group_offsets(group_name(principal, namespace))
        heard = {topic_name(topic.name, namespace) for topic in TOPICS if principal in topic.consumers}
        behind[principal] = sum(
            last[one] - max(first[one], done[one].offset if one in done else 0)
            for one in partitions
            if one.topic in heard
        )
    return behind


async def counts(admin: AIOKafkaAdminClient, login: Login, namespace: str) -> dict[str, int]:
    """How many messages each topic of the catalogue holds, by its logical name."""
    partitions = await _partitions(admin, namespace)
    first, last = await _ends(login, partitions)
    found = {topic_name(topic.name, namespace): topic.name for topic in TOPICS}
    total = dict.fromkeys(found.values(), 0)
    for one in partitions:
        total[found[one.topic]] += last[one] - first[one]
    return total


async def _partitions(admin: AIOKafkaAdminClient, namespace: str) -> list[TopicPartition]:
    return [
        TopicPartition(topic["topic"], partition["partition"])
        for topic in await admin.describe_topics([topic_name(topic.name, namespace) for topic in TOPICS])
        for partition in topic["partitions"]
    ]


async def _ends(
    login: Login, partitions: list[TopicPartition]
) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
    """The first and the next offset of each partition."""
    if not partitions:
        return {}, {}
    consumer = AIOKafkaConsumer(
        bootstrap_servers=login.bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=login.user,
        sasl_plain_password=login.password,
    )
    await consumer.start()
    try:
        return await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
    finally:
        await consumer.stop()


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
