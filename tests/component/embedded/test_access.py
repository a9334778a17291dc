"""Who gets in: passwords of this installation only, each service into its own things only."""

import asyncio
import os
import stat
from pathlib import Path
from urllib.parse import urlsplit

import aiokafka.errors
import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import NewTopic

from deploy.embedded.credentials import Secrets
from deploy.embedded.platform import Platform
from shared.bus.admin import Login, connected, lag
from shared.bus.users import ensure_users
from shared.contracts.catalogue import PRINCIPALS, group_name, topic_name
from shared.contracts.pegawai import PEGAWAI
from shared.contracts.tpp import TPP

SERVICES = ("skp", "assessment", "tpp", "notification")


def login_of(platform: Platform, user: str, password: str | None = None) -> Login:
    secret = platform.secrets.kafka[user] if password is None else password
    return Login(platform.kafka_admin.bootstrap, user, secret)


def producer(login: Login, *, idempotent: bool = True) -> AIOKafkaProducer:
    """`idempotent` asks the broker first: whoever may write nowhere is refused before a topic is named."""
    return AIOKafkaProducer(
        bootstrap_servers=login.bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=login.user,
        sasl_plain_password=login.password,
        acks="all",
        enable_idempotence=idempotent,
    )


def consumer(login: Login, group: str) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        bootstrap_servers=login.bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=login.user,
        sasl_plain_password=login.password,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )


def with_password(dsn: str, password: str) -> str:
    parts = urlsplit(dsn)
    return f"postgresql://{parts.username}:{password}@{parts.hostname}:{parts.port}{parts.path}"


def test_files_that_hold_secrets_are_for_their_owner_alone(mine: Platform) -> None:
    every = [*mine.secrets.postgres.values(), *mine.secrets.kafka.values()]
    holding = []
    for path in mine.home.rglob("*"):
        if (
            path.is_file()
            and "/data/" not in str(path)
            and any(s in path.read_text("latin-1") for s in every)
        ):
            holding.append(path)
    assert {path.name for path in holding} == {"secrets.json", "server.properties"}
    for path in holding:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    for folder in (mine.home / "kafka", mine.home / "run", mine.logs):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


def test_no_secret_stands_on_a_command_line(mine: Platform) -> None:
    every = [*mine.secrets.postgres.values(), *mine.secrets.kafka.values()]
    for part in mine.running().values():
        line = " ".join(psutil.Process(part.pid).cmdline())
        assert line
        assert not [secret for secret in every if secret in line]


def test_every_installation_makes_its_own_long_secrets(mine: Platform, tmp_path: Path) -> None:
    other = Secrets.open(tmp_path / "secrets.json")
    ours = {**mine.secrets.postgres, **mine.secrets.kafka}
    theirs = {**other.postgres, **other.kafka}
    assert ours.keys() == theirs.keys()
    assert not set(ours.values()) & set(theirs.values())
    assert len(set(ours.values())) == len(ours)
    assert all(len(secret) >= 32 for secret in ours.values())
    assert Secrets.open(tmp_path / "secrets.json") == other
    assert not [secret for secret in theirs.values() if secret in repr(other)]


@pytest.mark.parametrize("password", ["", "postgres", "salah"])
async def test_postgresql_refuses_any_other_password(mine: Platform, password: str) -> None:
    for dsn in (mine.admin_dsn, mine.environment()["EKINERJA_DB_TPP_APP"]):
        with pytest.raises((asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError)):
            await asyncpg.connect(with_password(dsn, password))


async def test_postgresql_listens_on_this_machine_only(mine: Platform) -> None:
    found = mine.running()
    for name in ("postgres", "kafka"):
        listening = [
            one
            for one in psutil.Process(found[name].pid).net_connections("inet")
            if one.status == psutil.CONN_LISTEN
        ]
        assert listening
        assert {address.laddr.ip.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}, name


@pytest.mark.parametrize("kind", ["APP", "OWNER"])
async def test_no_role_enters_a_database_of_another_service(mine: Platform, kind: str) -> None:
    environment = mine.environment()
    for service in SERVICES:
        own = environment[f"EKINERJA_DB_{service.upper()}_{kind}"]
        await (await asyncpg.connect(own)).close()
        for other in (*(name for name in SERVICES if name != service), "postgres", "template1"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asyncpg.connect(urlsplit(own)._replace(path=f"/{other}").geturl())


async def test_an_app_role_makes_no_tables_and_is_no_administrator(mine: Platform) -> None:
    conn = await asyncpg.connect(mine.environment()["EKINERJA_DB_TPP_APP"])
    try:
        for statement in (
            "CREATE TABLE public.gelap (a int)",
            "CREATE SCHEMA gelap",
            "CREATE ROLE gelap",
            "SET ROLE tpp_owner",
            "SELECT pg_read_file('/etc/hostname')",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await conn.execute(statement)
    finally:
        await conn.close()


@pytest.mark.parametrize("password", ["", "admin", "salah"])
async def test_kafka_refuses_any_other_password(mine: Platform, password: str) -> None:
    for user in ("admin", *PRINCIPALS):
        with pytest.raises(aiokafka.errors.KafkaError):
            async with connected(login_of(mine, user, password)):
                raise AssertionError("masuk dengan sandi salah")


async def test_a_user_that_a_later_release_brings_is_made_and_whoever_is_there_keeps_their_password(
    mine: Platform,
) -> None:
    async with connected(mine.kafka_admin) as admin:
        await ensure_users(admin, mine.secrets.kafka | {"menyusul": "sandi-yang-pertama"})
        await ensure_users(admin, {"menyusul": "sandi-lain", "skp": "sandi-lain"})
    for user, password in (("menyusul", "sandi-yang-pertama"), ("skp", mine.secrets.kafka["skp"])):
        async with connected(login_of(mine, user, password)):
            pass
        with pytest.raises(aiokafka.errors.KafkaError):
            async with connected(login_of(mine, user, "sandi-lain")):
                raise AssertionError("masuk dengan sandi salah")


async def test_a_principal_writes_its_own_topics_only(mine: Platform) -> None:
    skp = producer(login_of(mine, "skp"))
    await skp.start()
    try:
        await skp.send_and_wait(topic_name(PEGAWAI.name), b"isi", key=b"kunci")
        with pytest.raises(aiokafka.errors.TopicAuthorizationFailedError):
            await skp.send_and_wait(topic_name(TPP.name), b"isi", key=b"kunci")
    finally:
        await skp.stop()


async def test_a_principal_reads_in_its_own_group_only(mine: Platform) -> None:
    tpp = login_of(mine, "tpp")
    foreign = consumer(tpp, group_name("assessment"))
    await foreign.start()
    try:
        foreign.assign([TopicPartition(topic_name(PEGAWAI.name), 0)])
        with pytest.raises(aiokafka.errors.GroupAuthorizationFailedError):
            await foreign.committed(TopicPartition(topic_name(PEGAWAI.name), 0))
    finally:
        await foreign.stop()
    own = consumer(tpp, group_name("tpp"))
    await own.start()
    try:
        assert await own.committed(TopicPartition(topic_name(PEGAWAI.name), 0)) is None
    finally:
        await own.stop()


async def test_a_principal_reads_only_topics_it_consumes(mine: Platform) -> None:
    name = topic_name(PEGAWAI.name)
    async with connected(login_of(mine, "payroll")) as stranger:
        [seen] = await stranger.describe_topics([name])
        assert seen["error_code"] == aiokafka.errors.TopicAuthorizationFailedError.errno
    # Its producer may see the topic, but not read it.
    skp = consumer(login_of(mine, "skp"), group_name("skp"))
    await skp.start()
    try:
        skp.assign([TopicPartition(name, 0)])
        await skp.seek_to_beginning()
        with pytest.raises(aiokafka.errors.TopicAuthorizationFailedError):
            await asyncio.wait_for(skp.getone(), 30)
    finally:
        await skp.stop()


async def test_only_the_administrator_makes_topics(mine: Platform) -> None:
    async with connected(login_of(mine, "skp")) as admin:
        answer = (await admin.create_topics([NewTopic("gelap", 1, 1)])).to_object()
        assert answer["topic_errors"][0][
            "error_code"
        ] == aiokafka.errors.ClusterAuthorizationFailedError.errno or (
            answer["topic_errors"][0]["error_code"] == aiokafka.errors.TopicAuthorizationFailedError.errno
        )
    async with connected(mine.kafka_admin) as admin:
        assert "gelap" not in await admin.list_topics()


async def test_lag_counts_what_a_group_has_not_finished(platform: Platform, namespace: str) -> None:
    topic = topic_name(PEGAWAI.name, namespace)
    skp = producer(login_of(platform, "skp"))
    await skp.start()
    try:
        for number in range(5):
            await skp.send_and_wait(topic, b"isi", key=str(number).encode(), partition=0)
    finally:
        await skp.stop()
    tpp = consumer(login_of(platform, "tpp"), group_name("tpp", namespace))
    await tpp.start()
    try:
        tpp.assign([TopicPartition(topic, 0)])
        await tpp.commit({TopicPartition(topic, 0): 3})
    finally:
        await tpp.stop()
    async with connected(platform.kafka_admin) as admin:
        behind = await lag(admin, platform.kafka_admin, namespace)
    assert (behind["tpp"], behind["assessment"], behind["skp"]) == (2, 5, 0)


def test_the_data_belongs_to_whoever_runs_postgresql(mine: Platform) -> None:
    data = mine.home / "postgres" / "data"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    server = psutil.Process(mine.running()["postgres"].pid)
    assert server.uids().real == data.stat().st_uid
    assert (server.uids().real != 0) if os.geteuid() == 0 else (server.uids().real == os.geteuid())
