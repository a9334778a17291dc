"""Order, repetition and rebuilding do not matter: small sizes of R4 and R9."""

from deploy.embedded.platform import Platform
from tests.chaos import r04_disorder, r09_rebuild
from tests.conftest import FreshDatabase


async def test_shuffled_and_repeated_facts_give_the_same_rupiah(
    fresh_database: FreshDatabase,
) -> None:
    row = await r04_disorder.kekacauan(fresh_database("tpp"), examples=25, chosen=7)
    assert row["holds"], row["detail"]


async def test_two_rebuilds_and_the_oracle_agree(platform: Platform) -> None:
    row = await r09_rebuild.bangun_ulang(platform, pegawai=24, opd=2, seed=7)
    assert row["holds"], row["detail"]
