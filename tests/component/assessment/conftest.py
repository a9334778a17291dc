"""assessment with a database of its own."""

from collections.abc import AsyncIterator

import pytest

from tests.component.layanan import Layanan, buka
from tests.conftest import FreshDatabase


@pytest.fixture
async def assessment(fresh_database: FreshDatabase) -> AsyncIterator[Layanan]:
    """The service, nothing heard yet."""
    async with buka(fresh_database("assessment")) as layanan:
        yield layanan
