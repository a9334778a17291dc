"""Who gets in, and what shows: rights of containers, secrets, TLS, databases and topics of others."""

import json

import httpx2
import pytest

from deploy.backends.principals import SERVICES, USERS
from shared.contracts.catalogue import TOPICS
from tests.compose.tumpukan import REPLICATED, Tumpukan


def test_every_service_runs_twice(tumpukan: Tumpukan) -> None:
    for service in REPLICATED:
        assert len(tumpukan.containers(service)) == 2, service
    assert all(tumpukan.ready(name) for name in tumpukan.containers())


def test_containers_have_no_rights_beyond_their_work(tumpukan: Tumpukan) -> None:
    limits = 0
    for name in [*tumpukan.containers(), *tumpukan.containers("siapkan")]:
        found = tumpukan.inspect(name)
        host = found["HostConfig"]
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert "no-new-privileges:true" in host["SecurityOpt"], name
        assert found["Config"]["User"] == "10001:10001", name
        assert host["LogConfig"]["Config"] == {"max-size": "10m", "max-file": "5"}, name
        assert host["Memory"] > 0, name
        assert host["NanoCpus"] > 0, name
        limits += 0 if "siapkan" in name or "surel" in name or "payroll" in name else host["Memory"]
        published = {port for port, held in (found["NetworkSettings"]["Ports"] or {}).items() if held}
        assert not published or "gateway" in name, (name, published)
    assert limits <= 4 * 2**30


def test_no_secret_is_seen_from_outside(tumpukan: Tumpukan) -> None:
    secrets = set()
    for path in (tumpukan.folder / "rahasia").iterdir():
        text = path.read_text().strip()
        if path.name.startswith("db_"):
            text = text.split(":")[2].split("@")[0]
        if path.name not in ("smtp", "tls.crt"):
            secrets.add(text)
        assert path.stat().st_mode & 0o077 == 0, path.name
    assert len(secrets) == 3 + 2 * len(SERVICES) + len(USERS) + 1
    for name in [*tumpukan.containers(), *tumpukan.containers("siapkan")]:
        shown = tumpukan.docker("inspect", name) + tumpukan.docker("logs", name)
        if "siapkan" not in name:
            shown += tumpukan.docker("top", name)
        assert not any(secret in shown for secret in secrets), name


def test_gateway_speaks_tls_only_and_knows_its_limits(tumpukan: Tumpukan) -> None:
    plain = f"http://localhost:{tumpukan.environment['EKINERJA_PORTA_HTTP']}"
    with httpx2.Client(verify=tumpukan.trusted, trust_env=False) as client:
        moved = client.get(f"{plain}/api/skp/saya")
        assert moved.status_code == 308
        assert moved.headers["location"] == f"{tumpukan.url}/api/skp/saya"
        stranger = client.get(f"{tumpukan.url}/api/skp/saya")
        assert stranger.status_code == 401
        assert stranger.headers["strict-transport-security"] == "max-age=31536000"
        for path in ("/tidak-ada", "/metrics", "/health/ready", "/.galat/jauh.json", "/static/tidak-ada.js"):
            nothing = client.get(tumpukan.url + path)
            assert (nothing.status_code, nothing.json()["type"]) == (
                404,
                "urn:ekinerja:masalah:tidak-ditemukan",
            )
        large = client.post(f"{tumpukan.url}/api/skp/impor/organisasi", content=b"0" * (33 * 2**20))
        assert (large.status_code, large.json()["type"]) == (413, "urn:ekinerja:masalah:terlalu-besar")


def test_a_caller_is_known_by_his_address_not_by_his_word(tumpukan: Tumpukan) -> None:
    claimed = "203.0.113.77"
    with httpx2.Client(verify=tumpukan.trusted, trust_env=False) as client:
        refused = client.post(
            f"{tumpukan.url}/api/skp/masuk",
            json={"nip": "199912312024011999", "kata_sandi": "bukan sandi siapa pun"},
            headers={"X-Forwarded-For": claimed, "Forwarded": f"for={claimed}"},
        )
    assert refused.status_code == 401, refused.text
    rows = tumpukan.query("skp", "SELECT kunci FROM percobaan WHERE kunci LIKE 'alamat:%'")
    seen = {row["kunci"].removeprefix("alamat:") for row in rows}
    gateway = tumpukan.environment["EKINERJA_GATEWAY_IP"]
    assert seen, "percobaan masuk tidak tercatat"
    assert claimed not in seen
    assert gateway not in seen, "yang tercatat alamat gerbang, bukan alamat pemanggil"


_TRY_DATABASES = """
import asyncio, asyncpg, json, sys
from pathlib import Path
service, *databases = sys.argv[1:]
mine = Path(f"/run/secrets/db_{service}_app").read_text().strip()
async def tried(database):
    try:
        conn = await asyncpg.connect(mine.rpartition("/")[0] + "/" + database, timeout=10)
    except asyncpg.PostgresError as error:
        return type(error).__name__
    await conn.close()
    return "masuk"
async def main():
    print(json.dumps({name: await tried(name) for name in databases}))
asyncio.run(main())
"""

_TRY_TOPICS = """
import asyncio, json, sys
from pathlib import Path
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import for_code
from shared.bus.admin import Login, connected
user, *attempts = sys.argv[1:]
password = Path(f"/run/secrets/kafka_{user}").read_text().strip()
login = dict(bootstrap_servers="kafka:9092", security_protocol="SASL_PLAINTEXT",
    sasl_mechanism="SCRAM-SHA-512", sasl_plain_username=user, sasl_plain_password=password)
async def tulis(topic):
    producer = AIOKafkaProducer(**login)
    await producer.start()
    try:
        await asyncio.wait_for(producer.send_and_wait(topic, b"palsu"), 30)
    finally:
        await producer.stop()
async def lihat(topic):
    async with connected(Login("kafka:9092", user, password)) as client:
        [seen] = await client.describe_topics([topic])
        if seen["error_code"]:
            raise for_code(seen["error_code"])
async def grup(topic, group):
    consumer = AIOKafkaConsumer(group_id=group, **login)
    await consumer.start()
    try:
        await asyncio.wait_for(consumer.committed(TopicPartition(topic, 0)), 30)
    finally:
        await consumer.stop()
async def tried(how, *words):
    try:
        await {"tulis": tulis, "lihat": lihat, "grup": grup}[how](*words)
    except Exception as error:
        return type(error).__name__
    return "boleh"
async def main():
    print(json.dumps({one: await tried(*one.split()) for one in attempts}))
asyncio.run(main())
"""


def _tried(stack: Tumpukan, service: str, program: str, *attempts: str) -> dict[str, str]:
    """What came of each attempt, made from inside a worker of a service with what it was given."""
    found: dict[str, str] = json.loads(stack.inside(f"{service}-worker", program, service, *attempts).stdout)
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_cannot_enter_another_ones_database(tumpukan: Tumpukan, service: str) -> None:
    databases = (*SERVICES, "postgres")
    assert _tried(tumpukan, service, _TRY_DATABASES, *databases) == {
        name: "masuk" if name == service else "InsufficientPrivilegeError" for name in databases
    }


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reaches_its_own_topics_only(tumpukan: Tumpukan, service: str) -> None:
    foreign = [topic.name for topic in TOPICS if service not in topic.producers]
    stranger = [topic.name for topic in TOPICS if service not in topic.producers | topic.consumers]
    known = next(topic.name for topic in TOPICS if service in topic.producers | topic.consumers)
    other = next(name for name in SERVICES if name != service)
    wanted = {
        **{f"tulis {name}": "TopicAuthorizationFailedError" for name in foreign},
        **{f"lihat {name}": "TopicAuthorizationFailedError" for name in stranger},
        f"lihat {known}": "boleh",
        f"grup {known} ekinerja.{other}": "GroupAuthorizationFailedError",
        f"grup {known} ekinerja.{service}": "boleh",
    }
    assert _tried(tumpukan, service, _TRY_TOPICS, *wanted) == wanted


def test_a_service_has_no_other_ones_secret(tumpukan: Tumpukan) -> None:
    for service in REPLICATED:
        name = service.split("-")[0]
        held = set(tumpukan.docker("exec", tumpukan.containers(service)[0], "ls", "/run/secrets").split())
        assert held - {"smtp"} == {f"db_{name}_app", f"kafka_{name}"}, service
        keys = tumpukan.docker(
            "exec", tumpukan.containers(service)[0], "ls", "/var/lib/ekinerja/keys"
        ).split()
        assert ("session.key.json" in keys) == (name == "skp"), service
