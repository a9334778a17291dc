"""Migrations: once each, never changed afterwards, never two runners at a time, nothing half applied."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from shared.db.migrate import MigrationError, load, migrate
from tests.conftest import FreshDatabase

KERNEL = {"kernel": "shared.db"}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An importable package `contoh_layanan` with an empty migrations folder; returns that folder."""
    folder = tmp_path / "contoh_layanan" / "migrations"
    folder.mkdir(parents=True)
    (tmp_path / "contoh_layanan" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(__import__("sys").modules, "contoh_layanan", raising=False)
    return folder


def write(folder: Path, name: str, sql: str) -> None:
    (folder / name).write_text(f"-- migrate:up\n{sql}\n")


async def test_applies_once_and_in_order(fresh_database: FreshDatabase, package: Path) -> None:
    settings = fresh_database("tpp", migrate=False)
    role = urlsplit(settings.database).username or ""
    write(package, "0001_awal.sql", "CREATE TABLE contoh (id bigint PRIMARY KEY);")
    spaces = {**KERNEL, "contoh": "contoh_layanan"}
    first = await migrate(settings.owner_database, role, spaces)
    assert first == len(load("kernel", "shared.db")) + 1
    assert await migrate(settings.owner_database, role, spaces) == 0
    write(package, "0002_lanjut.sql", "ALTER TABLE contoh ADD COLUMN nama text;")
    assert await migrate(settings.owner_database, role, spaces) == 1
    conn = await asyncpg.connect(settings.database)
    await conn.execute("INSERT INTO contoh VALUES (1, 'a')")
    await conn.close()


async def test_many_runners_at_once_apply_once(fresh_database: FreshDatabase, package: Path) -> None:
    settings = fresh_database("tpp", migrate=False)
    role = urlsplit(settings.database).username or ""
    write(package, "0001_awal.sql", "CREATE TABLE contoh (id bigint PRIMARY KEY); SELECT pg_sleep(0.3);")
    spaces = {**KERNEL, "contoh": "contoh_layanan"}
    counts = await asyncio.gather(*(migrate(settings.owner_database, role, spaces) for _ in range(4)))
    assert sorted(counts) == [0, 0, 0, len(load("kernel", "shared.db")) + 1]


async def test_a_changed_file_is_refused(fresh_database: FreshDatabase, package: Path) -> None:
    settings = fresh_database("tpp", migrate=False)
    role = urlsplit(settings.database).username or ""
    spaces = {**KERNEL, "contoh": "contoh_layanan"}
    write(package, "0001_awal.sql", "CREATE TABLE contoh (id bigint PRIMARY KEY);")
    await migrate(settings.owner_database, role, spaces)
    write(package, "0001_awal.sql", "CREATE TABLE contoh (id integer PRIMARY KEY);")
    with pytest.raises(MigrationError, match=r"0001_awal\.sql berubah setelah diterapkan"):
        await migrate(settings.owner_database, role, spaces)


async def test_a_failing_file_leaves_nothing(fresh_database: FreshDatabase, package: Path) -> None:
    settings = fresh_database("tpp", migrate=False)
    role = urlsplit(settings.database).username or ""
    write(package, "0001_awal.sql", "CREATE TABLE contoh (id bigint PRIMARY KEY); SELECT 1 / 0;")
    with pytest.raises(MigrationError, match=r"0001_awal\.sql: division by zero"):
        await migrate(settings.owner_database, role, {**KERNEL, "contoh": "contoh_layanan"})
    conn = await asyncpg.connect(settings.owner_database)
    assert await conn.fetchval("SELECT to_regclass('contoh')") is None
    assert await conn.fetchval("SELECT count(*) FROM kernel.schema_migration WHERE space = 'contoh'") == 0
    await conn.close()


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("awal.sql", "-- migrate:up\n", "nama harus"),
        ("0001_awal.sql", "CREATE TABLE x ();", "baris pertama"),
    ],
)
def test_a_file_out_of_form_is_refused(package: Path, name: str, text: str, reason: str) -> None:
    (package / name).write_text(text)
    with pytest.raises(MigrationError, match=reason):
        load("contoh", "contoh_layanan")


def test_a_number_used_twice_is_refused(package: Path) -> None:
    write(package, "0001_a.sql", "")
    write(package, "0001_b.sql", "")
    with pytest.raises(MigrationError, match="sudah dipakai"):
        load("contoh", "contoh_layanan")
