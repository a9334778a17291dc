"""Databases of kernel tests."""

from collections.abc import AsyncIterator

import pytest

from shared.db.database import Database
from shared.settings import ServiceSettings
from tests.component.kernel.world import kernel_database, opened
from tests.conftest import FreshDatabase


@pytest.fixture
async def reader(fresh_database: FreshDatabase) -> ServiceSettings:
    """A service that hears; its principal may read what skp sends."""
    return await kernel_database(fresh_database, "assessment")


@pytest.fixture
async def reading(reader: ServiceSettings) -> AsyncIterator[Database]:
    """The reader's database."""
    database = await opened(reader)
    yield database
    await database.close()


@pytest.fixture
async def writer(fresh_database: FreshDatabase) -> ServiceSettings:
    """A service that sends."""
    return await kernel_database(fresh_database, "skp")


@pytest.fixture
async def writing(writer: ServiceSettings) -> AsyncIterator[Database]:
    """The writer's database."""
    database = await opened(writer)
    yield database
    await database.close()
