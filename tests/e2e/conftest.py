"""The played month, for tests that look at it."""

from collections.abc import Iterator

import pytest

from tests.dunia import Dunia, dimainkan


@pytest.fixture(scope="package")
def dunia() -> Iterator[Dunia]:
    """The month; tests leave it as they found it. It ends with them: serving nobody takes its share, too."""
    with dimainkan() as world:
        yield world
