"""skp with a database of its own."""

from collections.abc import AsyncIterator

import pytest

from tests.component.helpers import Pemda, dirikan
from tests.component.layanan import Layanan, buka
from tests.conftest import FreshDatabase


@pytest.fixture
async def skp(fresh_database: FreshDatabase) -> AsyncIterator[Layanan]:
    """The service, nobody in it."""
    async with buka(fresh_database("skp")) as layanan:
        yield layanan


@pytest.fixture
async def pemda(skp: Layanan) -> Pemda:
    """The service with the small pemda taken in."""
    return await dirikan(skp)
