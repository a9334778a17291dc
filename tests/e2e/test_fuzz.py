"""Every operation of every OpenAPI document, fed what nobody would send: never an answer of 5xx."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from deploy.demo.perintah import ADMIN_NIP
from services.installed import installed
from tests.dunia import Dunia

DOCUMENTS = Path(__file__).resolve().parents[2] / "docs" / "api"
FUZZ = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)


@pytest.fixture(scope="package")
def tokens(dunia: Dunia) -> list[str | None]:
    """A stranger, an employee, and administrators, so that requests get past the door."""
    people = dunia.bulan.pejabat
    return [None, dunia.token(ADMIN_NIP), dunia.token(dunia.pemda.orang[-1].nip), dunia.token(people.bpkad)]


def _case(name: str) -> Any:
    # Who logs out is a stranger from then on, and everything after would stop at the door.
    schema = schemathesis.openapi.from_path(DOCUMENTS / f"{name}.json").exclude(path_regex="/keluar")

    @schema.parametrize()
    @FUZZ
    def test(case: Any, dunia: Dunia, tokens: list[str | None]) -> None:
        for token in tokens:
            headers = {"Idempotency-Key": str(uuid4())}
            if token is not None:
                headers["Authorization"] = f"Bearer {token}"
            response = case.call(base_url=dunia.url, headers=headers)
            case.validate_response(response, checks=[not_a_server_error])

    return test


for _name in installed():
    globals()[f"test_{_name}"] = _case(_name)
