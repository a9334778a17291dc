"""tpp with a database of its own."""

from collections.abc import AsyncIterator

import pytest

from tests.component.layanan import Layanan, buka
from tests.component.tpp.dunia import Dunia
from tests.conftest import FreshDatabase


@pytest.fixture
async def tpp(fresh_database: FreshDatabase) -> AsyncIterator[Layanan]:
    """The service, nothing heard yet."""
    async with buka(fresh_database("tpp")) as layanan:
        yield layanan


@pytest.fixture
async def dunia(tpp: Layanan) -> Dunia:
    """The service with a small pemda whose month is closed, rated, and ready to be computed."""
    world = Dunia(tpp)
    await world.siapkan()
    return world
