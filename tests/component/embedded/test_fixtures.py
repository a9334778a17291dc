"""The fixtures themselves: what a component test may rely on."""

import asyncpg
import pytest

from deploy.embedded.platform import Platform
from shared.bus.admin import connected, ensure_groups
from shared.contracts.catalogue import PRINCIPALS, TOPICS, group_name, topic_name
from tests.conftest import FreshDatabase


async def test_a_fresh_database_is_migrated_and_empty(fresh_database: FreshDatabase) -> None:
    settings = fresh_database("tpp")
    conn = await asyncpg.connect(settings.database)
    try:
        assert await conn.fetchval("SELECT count(*) FROM kernel.outbox") == 0
        await conn.execute("INSERT INTO kernel.inbox VALUES ('uji', gen_random_uuid())")
    finally:
        await conn.close()
    conn = await asyncpg.connect(fresh_database("tpp").database)
    try:
        assert await conn.fetchval("SELECT count(*) FROM kernel.inbox") == 0
    finally:
        await conn.close()
    assert (settings.keys / "session.jwks.json").exists()


async def test_an_app_role_cannot_enter_the_database_of_another_service(
    fresh_database: FreshDatabase,
) -> None:
    mine, theirs = fresh_database("tpp", migrate=False), fresh_database("skp", migrate=False)
    stranger = theirs.database.rpartition("/")[2]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(mine.database.rpartition("/")[0] + "/" + stranger)


async def test_a_namespace_holds_every_topic_of_the_catalogue(namespace: str, platform: Platform) -> None:
    async with connected(platform.kafka_admin) as admin:
        there = set(await admin.list_topics())
    assert {topic_name(topic.name, namespace) for topic in TOPICS} <= there


async def test_the_broker_keeps_positions_of_every_group(namespace: str, platform: Platform) -> None:
    async with connected(platform.kafka_admin) as admin:
        await ensure_groups(admin, namespace)
        assert "__consumer_offsets" in await admin.list_topics()
        for principal in PRINCIPALS:
            assert await admin.find_coordinator(group_name(principal, namespace)) == 1
