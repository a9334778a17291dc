"""notification with a database of its own."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.component.layanan import Layanan, buka
from tests.conftest import FreshDatabase


@pytest.fixture
async def notification(fresh_database: FreshDatabase) -> AsyncIterator[Layanan]:
    """The service, nothing heard yet."""
    async with buka(fresh_database("notification")) as layanan:
        yield layanan


@pytest.fixture
async def owner(notification: Layanan) -> AsyncIterator[Any]:
    """A connection that may empty tables between examples, which the service itself may not."""
    conn = await asyncpg.connect(notification.running.settings.owner_database)
    yield conn
    await conn.close()
