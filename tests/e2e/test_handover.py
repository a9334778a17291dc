"""R10, small: each batch comes three times and the consumer is killed while paying; everyone is paid once."""

from deploy.embedded.platform import Platform
from tests.chaos.r10_handover import serah_terima


async def test_hand_over(platform: Platform) -> None:
    row = await serah_terima(platform, orang=60, opd=2, kematian=3, seed=7)
    assert row["holds"], row
