"""Forward-only plain-SQL migrations in the file format of dbmate, applied by the owner role.

Every file runs once, in one transaction, in the order of its name. Its SHA-256 is kept: a file changed
after it was applied is refused. Two runners never work at once, and none waits inside PostgreSQL for the
other (waiting in pg_advisory_lock would deadlock with CREATE INDEX CONCURRENTLY).
"""

import asyncio
import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from shared.settings import ServiceSettings

_LOCK = 0x656B696E
_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_APP_RIGHTS = """
GRANT USAGE ON SCHEMA public, kernel TO {app};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, kernel TO {app};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, kernel TO {app};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public, kernel TO {app};
REVOKE UPDATE, DELETE ON kernel.audit, kernel.audit_seal, kernel.audit_root FROM {app};
REVOKE ALL ON kernel.schema_migration FROM {app};
"""
# Besides what it read of whom, a question writes only where a policy of the table says so.
_READING_RIGHTS = """
GRANT USAGE ON SCHEMA public, kernel TO {reading};
GRANT SELECT ON ALL TABLES IN SCHEMA public, kernel TO {reading};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public, kernel TO {reading};
GRANT INSERT ON kernel.audit TO {reading};
REVOKE ALL ON kernel.schema_migration FROM {reading};
"""
_WRITTEN_BY_QUESTIONS = """
SELECT DISTINCT format('%s ON %I.%I', cmd, schemaname, tablename)
FROM pg_policies WHERE cmd IN ('INSERT', 'UPDATE')
"""
_ROLES = """
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $2) AS ada,
       (SELECT bool_and(pg_has_role($1, oid, 'SET')) FROM pg_roles WHERE rolname = $2) AS boleh,
       (SELECT rolbypassrls FROM pg_roles WHERE rolname = $1) AS lewat
"""


class MigrationError(Exception):
    """A migration cannot be applied; the text names the file and the way out."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: `space` is `kernel` or the service's name, `number` its order."""

    space: str
    number: int
    name: str
    sql: str
    sha256: str


def load(space: str, package: str) -> list[Migration]:
    """The migrations of a package's `migrations` folder, in order.

    Raises MigrationError for a wrong file name, a missing `-- migrate:up`, or a number used twice.
    """
    found: list[Migration] = []
    folder = Path(str(files(package))) / "migrations"
    for path in sorted(folder.glob("*.sql")):
        match = _NAME.fullmatch(path.name)
        text = path.read_text(encoding="utf-8")
        if match is None:
            raise MigrationError(f"{path.name}: nama harus NNNN_nama.sql")
        if not text.lstrip().startswith("-- migrate:up"):
            raise MigrationError(f"{path.name}: baris pertama harus `-- migrate:up`")
        number = int(match[1])
        if found and found[-1].number == number:
            raise MigrationError(f"{path.name}: nomor {match[1]} sudah dipakai {found[-1].name}")
        up = text.split("-- migrate:down", 1)[0]
        found.append(Migration(space, number, path.name, up, hashlib.sha256(text.encode()).hexdigest()))
    return found


async def migrate_own(settings: ServiceSettings, package: str) -> int:
    """Bring a service's database up to date: the kernel's tables first, then those of its package.

    Returns how many files were applied. Raises as `migrate` does.
    """
    app_role = urlsplit(settings.database).username or ""
    return await migrate(
        settings.owner_database, app_role, {"kernel": "shared.db", settings.service: package}
    )


async def migrate(owner_dsn: str, app_role: str, spaces: dict[str, str]) -> int:
    """Bring a database up to date; returns how many files were applied.

    `spaces` maps a name to the package whose `migrations` folder holds its files, in order of application
    (the kernel first). Raises MigrationError when an applied file was changed, a file fails, or the app role
    lacks what only PostgreSQL's administrator can give.
    """
    conn = await asyncpg.connect(owner_dsn)
    try:
        await _require_reading_role(conn, app_role)
        while not await conn.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
            await asyncio.sleep(0.2)
        await conn.execute("SET lock_timeout = '5s'")
        applied = 0
        for space, package in spaces.items():
            applied += await _apply_space(conn, load(space, package))
        await conn.execute("SELECT kernel.ensure_outbox_partitions(3)")
        await conn.execute(_APP_RIGHTS.format(app=_quoted(app_role)))
        await _let_read(conn, app_role)
        return applied
    finally:
        await conn.close()


def reading_role(app_role: str) -> str:
    """Whom an app role becomes while it answers a person's question: `tpp_app` becomes `tpp_baca`."""
    return f"{app_role.removesuffix('_app')}_baca"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


async def _require_reading_role(conn: Any, app_role: str) -> None:
    reading = reading_role(app_role)
    found = await conn.fetchrow(_ROLES, app_role, reading)
    app, name = _quoted(app_role), _quoted(reading)
    lacking = [
        sql
        for there, sql in (
            (found["ada"], f"CREATE ROLE {name} NOLOGIN;"),
            (found["boleh"], f"GRANT {name} TO {app};"),
            (found["lewat"], f"ALTER ROLE {app} BYPASSRLS;"),
        )
        if not there
    ]
    if lacking:
        raise MigrationError(
            f"peran basis data {app_role} dan pembacanya {reading} belum lengkap; "
            f"jalankan sebagai administrator PostgreSQL, lalu ulangi: {' '.join(lacking)}"
        )


async def _let_read(conn: Any, app_role: str) -> None:
    reading = _quoted(reading_role(app_role))
    await conn.execute(_READING_RIGHTS.format(reading=reading))
    for row in await conn.fetch(_WRITTEN_BY_QUESTIONS):
        await conn.execute(f"GRANT {row[0]} TO {reading}")


async def _apply_space(conn: Any, migrations: list[Migration]) -> int:
    done = await _applied(conn)
    count = 0
    for migration in migrations:
        known = done.get((migration.space, migration.number))
        if known is not None:
            if known != migration.sha256:
                raise MigrationError(
                    f"{migration.space}/{migration.name} berubah setelah diterapkan; "
                    "kembalikan isinya dan tulis perubahan sebagai berkas baru"
                )
            continue
        try:
            async with conn.transaction():
                await conn.execute(migration.sql)
                await conn.execute(_BOOKKEEPING)
                await conn.execute(
                    "INSERT INTO kernel.schema_migration (space, number, name, sha256)"
                    " VALUES ($1, $2, $3, $4)",
                    migration.space,
                    migration.number,
                    migration.name,
                    migration.sha256,
                )
        except asyncpg.PostgresError as error:
            raise MigrationError(f"{migration.space}/{migration.name}: {error}") from error
        count += 1
    return count


# Made inside the first migration's transaction, which creates the schema it lives in.
_BOOKKEEPING = """
CREATE TABLE IF NOT EXISTS kernel.schema_migration (
    space text NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (space, number)
)
"""


async def _applied(conn: Any) -> dict[tuple[str, int], str]:
    if await conn.fetchval("SELECT to_regclass('kernel.schema_migration')") is None:
        return {}
    rows = await conn.fetch("SELECT space, number, sha256 FROM kernel.schema_migration")
    return {(row["space"], row["number"]): row["sha256"] for row in rows}
