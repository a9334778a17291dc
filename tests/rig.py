"""For measuring modules: databases and topics of their own on a running platform."""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from pydantic import SecretStr

from deploy.backends.postgres import close_database
from deploy.embedded.platform import Platform
from shared.bus.admin import connected, ensure_rights, ensure_topics
from shared.db.migrate import migrate, reading_role
from shared.settings import ServiceSettings


async def make_namespace(platform: Platform) -> str:
    """Every topic of the catalogue under a new name, with everyone's rights."""
    name = f"ukur-{secrets.token_hex(5)}"
    async with connected(platform.kafka_admin) as admin:
        await ensure_topics(admin, name)
        await ensure_rights(admin, name)
    return name


async def make_database(
    platform: Platform, service: str, namespace: str, tables: str = ""
) -> ServiceSettings:
    """A new database with the kernel's tables and `tables` (SQL); settings that name it."""
    database = f"ukur_{service}_{secrets.token_hex(5)}"
    admin = await asyncpg.connect(platform.admin_dsn)
    try:
        await admin.execute(f'CREATE DATABASE "{database}" OWNER {service}_owner')
        await admin.execute(close_database(database, service))
    finally:
        await admin.close()
    environment = platform.environment()
    app, owner = (
        environment[f"EKINERJA_DB_{service.upper()}_{kind}"].rpartition("/")[0] + f"/{database}"
        for kind in ("APP", "OWNER")
    )
    conn = await asyncpg.connect(owner)
    try:
        if tables:
            await conn.execute(tables)
    finally:
        await conn.close()
    await migrate(owner, f"{service}_app", {"kernel": "shared.db"})
    return ServiceSettings(
        service=service,
        home=Path(environment["EKINERJA_HOME"]),
        db_app=SecretStr(app),
        db_owner=SecretStr(owner),
        kafka=environment["EKINERJA_KAFKA"],
        kafka_user=service,
        kafka_password=SecretStr(platform.secrets.kafka[service]),
        namespace=namespace,
    )


def as_environment(settings: ServiceSettings) -> dict[str, str]:
    """The variables by which another process loads the same settings."""
    name = settings.service.upper()
    return {
        f"EKINERJA_DB_{name}_APP": settings.database,
        "EKINERJA_KAFKA": settings.kafka,
        f"EKINERJA_KAFKA_USER_{name}": settings.kafka_user,
        f"EKINERJA_KAFKA_PASSWORD_{name}": settings.kafka_password.get_secret_value(),
        "EKINERJA_NAMESPACE": settings.namespace,
        "EKINERJA_HOME": str(settings.home),
    }


def quantile(values: list[float], share: float) -> float:
    """The value that this share of all lies at or below. Raises IndexError for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def ask(dsn: str, sql: str, *args: Any) -> Any:
    """One value from a database."""
    conn = await asyncpg.connect(dsn)
    try:
        return await conn.fetchval(sql, *args)
    finally:
        await conn.close()


async def tabel(settings: ServiceSettings, nama: str, kolom: str = "") -> None:
    """A table of a test's own, for the roles a service works with."""
    app = urlsplit(settings.database).username or ""
    conn = await asyncpg.connect(settings.owner_database)
    try:
        await conn.execute(f"CREATE TABLE {nama} ({kolom})")
        await conn.execute(f"GRANT ALL ON {nama} TO {app}, {reading_role(app)}")
    finally:
        await conn.close()
