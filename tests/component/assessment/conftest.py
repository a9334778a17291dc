"""assessment with a database of its own."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.component.layanan import Layanan, buka
from tests.conftest import FreshDatabase


@pytest.fixture
async def assessment(fresh_database: FreshDatabase) -> AsyncIterator[Layanan]:
    """The service, nothing heard yet."""
    async with buka(fresh_database("assessment")) as layanan:
        yield layanan


@pytest.fixture
async def owner(assessment: Layanan) -> AsyncIterator[Any]:
    """A connection that may empty tables between examples, which the service itself may not."""
    conn = await asyncpg.connect(assessment.running.settings.owner_database)
    yield conn
    await conn.close()
