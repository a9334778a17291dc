"""PostgreSQL: how a data folder is made, how the server is set, which roles and databases it holds."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.backends.principals import ADMIN, READING, SERVICES

SETTINGS: Mapping[str, str] = {
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "synchronous_commit": "on",
    "jit": "off",
    # A month's rows come at once and are read at once; looking every minute whether a table changed is late.
    "autovacuum_naptime": "15s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "2000",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}
"""What every server of ours is started with."""


def dsn(role: str, password: str, host: str, port: int, database: str) -> str:
    """How a role reaches a database."""
    return f"postgresql://{role}:{password}@{host}:{port}/{database}"


def initdb(program: Path | str, folder: Path, password_file: Path) -> list[str]:
    """The command that makes a data folder whose administrator has the password in that file."""
    return [
        str(program),
        f"--pgdata={folder}",
        f"--username={ADMIN}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    ]


def server(program: Path | str, folder: Path, settings: Mapping[str, str]) -> list[str]:
    """The command that runs the server; `settings` come on top of `SETTINGS`."""
    command = [str(program), "-D", str(folder)]
    for name, value in {**SETTINGS, **settings}.items():
        command += ["-c", f"{name}={value}"]
    return command


async def furnish(conn: Any, passwords: Mapping[str, str]) -> None:
    """One database for each service, its owner, its app role and whom that becomes for a person's question.

    Nobody else may even connect. `conn` belongs to the administrator; `passwords` is by role. What is there
    already is left as it is.
    """
    there = {row["rolname"] for row in await conn.fetch("SELECT rolname FROM pg_roles")}
    for role, password in passwords.items():
        if role not in there:
            await conn.execute(f"CREATE ROLE {role} LOGIN NOINHERIT PASSWORD '{password}'")
    for app, reading in READING.items():
        if app in passwords:
            if reading not in there:
                await conn.execute(f"CREATE ROLE {reading} NOLOGIN")
            await conn.execute(f"ALTER ROLE {app} BYPASSRLS; GRANT {reading} TO {app}")
    databases = {row["datname"] for row in await conn.fetch("SELECT datname FROM pg_database")}
    for name in SERVICES:
        if name not in databases:
            await conn.execute(f"CREATE DATABASE {name} OWNER {name}_owner")
        await conn.execute(close_database(name, name))
    for name in ("postgres", "template1"):
        await conn.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")


def close_database(database: str, service: str) -> str:
    """SQL that lets only the service's two roles (and the administrator) into a database."""
    return (
        f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC; '
        f'GRANT CONNECT ON DATABASE "{database}" TO {service}_owner, {service}_app'
    )
