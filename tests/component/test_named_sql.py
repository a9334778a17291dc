"""Every named query fits the migrated schema: PostgreSQL itself reads each of them."""

from pathlib import Path

import asyncpg
import pytest

from services.installed import installed
from shared.db import queries
from tests.conftest import FreshDatabase

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", installed())
async def test_every_named_query_can_be_prepared(name: str, fresh_database: FreshDatabase) -> None:
    folders = sorted({path.parent for path in (ROOT / "services" / name).rglob("sql/*.sql")})
    assert folders
    conn = await asyncpg.connect(fresh_database(name).database)
    try:
        for folder in folders:
            package = ".".join(folder.parent.relative_to(ROOT).parts)
            named = queries(package)
            for query in named.available_queries:
                if query.endswith("_cursor"):
                    continue
                try:
                    await conn.prepare(getattr(named, query).sql)
                except asyncpg.PostgresError as error:
                    pytest.fail(f"{package}: {query}: {error}")
    finally:
        await conn.close()
