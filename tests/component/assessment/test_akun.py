"""A changed role ends older sessions here too, in whatever order the changes arrive."""

from uuid import uuid4

import pytest

from shared.contracts.pegawai import AkunChanged
from shared.testing.feed import Recorded
from tests.component.layanan import Layanan

SIAPA = uuid4()
URL = "/api/penilaian/2026-11/bawahan"


def akun(generation: int, *, aktif: bool = True) -> Recorded:
    return Recorded.of(
        AkunChanged(version=generation, pegawai_id=SIAPA, generation=generation, aktif=aktif, peran=())
    )


async def masuk(assessment: Layanan) -> int:
    await assessment.generations.refresh()
    return (await assessment.client.get(URL, headers=assessment.kepala(SIAPA))).status_code


async def test_a_newer_generation_ends_the_session(assessment: Layanan) -> None:
    assert await masuk(assessment) == 200
    await assessment.dengar(akun(1))
    assert await masuk(assessment) == 200
    await assessment.dengar(akun(2))
    assert await masuk(assessment) == 401


async def test_a_closed_account_is_out(assessment: Layanan) -> None:
    await assessment.dengar(akun(1, aktif=False))
    assert await masuk(assessment) == 401


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (2, 2, 3)])
@pytest.mark.parametrize("together", [True, False])
async def test_the_newest_generation_wins(
    assessment: Layanan, order: tuple[int, ...], together: bool
) -> None:
    facts = [akun(generation, aktif=generation != 3) for generation in order]
    for batch in [facts] if together else [[fact] for fact in facts]:
        await assessment.dengar(*batch)
    rows = await assessment.baris("SELECT generation, aktif FROM kernel.token_generation")
    assert rows == [{"generation": 3, "aktif": False}]
