"""Order and repetition do not matter: whatever Kafka does, the same facts give the same month."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shared.contracts.periode import PERIODE
from shared.testing.feed import Recorded
from tests.component.assessment.fakta import (
    KADIS,
    SEKDA,
    STAF,
    STAF_LAIN,
    bagan,
    diajukan,
    dibuka,
    dibuka_kembali,
    dikembalikan,
    disetujui,
    pegawai,
    penutupan,
    realisasi,
    segmen,
)
from tests.component.layanan import Layanan

FIRST = [
    *bagan(),
    dibuka(),
    disetujui(SEKDA, None, version=1),
    diajukan(STAF, KADIS),
    disetujui(STAF, KADIS),
    diajukan(STAF_LAIN, KADIS),
]
MOVED = pegawai(STAF_LAIN, 3, segmen(date(2025, 1, 1), KADIS), segmen(date(2026, 11, 15), SEKDA), version=2)
SECOND = [
    MOVED,
    dikembalikan(STAF_LAIN, KADIS),
    diajukan(KADIS, SEKDA),
    disetujui(KADIS, SEKDA),
    realisasi(STAF, 1),
    realisasi(STAF, 2),
    realisasi(STAF, 2, version=2),
    realisasi(KADIS, 1),
]
FIRST_ROSTER = [(SEKDA, 1), (KADIS, 1), (STAF, 1), (STAF_LAIN, 2)]
CLOSED_ONCE = penutupan([*FIRST, *SECOND], FIRST_ROSTER)
THIRD = [dibuka_kembali(), disetujui(STAF_LAIN, SEKDA, version=3)]
CLOSED_TWICE = penutupan([*FIRST, *SECOND, *CLOSED_ONCE, *THIRD], FIRST_ROSTER, version=5, per_bagian=3)

_TABLES = {
    "pegawai": "SELECT * FROM pegawai ORDER BY pegawai_id",
    "penempatan": "SELECT * FROM penempatan ORDER BY pegawai_id, urutan",
    "skp": "SELECT * FROM skp_keputusan ORDER BY skp_id, version",
    "realisasi": "SELECT * FROM realisasi ORDER BY realisasi_id",
    "periode": "SELECT * FROM periode",
    "final": "SELECT * FROM periode_final",
    "penilaian": "SELECT pegawai_id, penilai_id, predikat, final_untuk, final_predikat, final_skp,"
    " final_penilai_id, final_alasan FROM penilaian ORDER BY pegawai_id",
    "surat_mati": "SELECT type, cause FROM kernel.dead_letter",
}
_EMPTY = (
    "TRUNCATE pegawai, penempatan, skp_keputusan, realisasi, periode, periode_final, roster, penilaian,"
    " kernel.inbox, kernel.tally, kernel.barrier, kernel.outbox, kernel.idempotency"
)


Delivery = Callable[[Layanan, list[Recorded]], Awaitable[None]]


async def in_order(assessment: Layanan, facts: list[Recorded]) -> None:
    """As they happened, all in one batch."""
    await assessment.dengar(*facts)


def shuffled(seed: int) -> Delivery:
    """In any order, each fact one to three times, in batches of any size."""
    shuffle = random.Random(seed)

    async def deliver(assessment: Layanan, facts: list[Recorded]) -> None:
        bag = [fact for fact in facts for _ in range(shuffle.randint(1, 3))]
        shuffle.shuffle(bag)
        while bag:
            size = shuffle.randint(1, len(bag))
            await assessment.dengar(*bag[:size])
            bag = bag[size:]

    return deliver


async def two_at_once(assessment: Layanan, facts: list[Recorded]) -> None:
    """Two workers, one of them with the partitions of the month."""
    halves = [[fact for fact in facts if (fact.topic == PERIODE.name) is side] for side in (True, False)]
    await asyncio.gather(*(assessment.dengar(*half) for half in halves))


async def _month(assessment: Layanan, owner: Any, deliver: Delivery) -> dict[str, Any]:
    await owner.execute(_EMPTY)
    await deliver(assessment, FIRST)
    for oleh, siapa, peran in ((KADIS, STAF, ()), (STAF, SEKDA, ("admin_bkd",))):
        answer = await assessment.client.post(
            f"/api/penilaian/2026-11/pegawai/{siapa}",
            json={"hasil_kerja": 1, "perilaku": 1},
            headers=assessment.kepala(oleh, *peran),
        )
        assert answer.status_code == 200, answer.text
    # What came before may come again.
    await deliver(assessment, [*SECOND, *CLOSED_ONCE, *THIRD, *CLOSED_TWICE, *FIRST])
    assert await assessment.dengar() == 0
    return {name: await assessment.baris(sql) for name, sql in _TABLES.items()}


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
async def test_shuffled_and_repeated_facts_give_the_same_month(
    assessment: Layanan, owner: Any, seed: int
) -> None:
    expected = await _month(assessment, owner, in_order)
    assert [row["final_predikat"] for row in expected["penilaian"]].count(1) == 2
    assert expected["surat_mati"] == []
    assert await _month(assessment, owner, shuffled(seed)) == expected


async def test_two_workers_at_once_give_the_same_month(assessment: Layanan, owner: Any) -> None:
    expected = await _month(assessment, owner, in_order)
    for _ in range(5):
        assert await _month(assessment, owner, two_at_once) == expected
