"""Order and repetition do not matter: whatever Kafka does, the same facts give the same month."""

import asyncio
import random
from datetime import date
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.component.assessment.fakta import (
    KADIS,
    ORANG,
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
from tests.component.layanan import Fakta, Layanan

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


async def _deliver(assessment: Layanan, facts: list[Fakta], shuffle: random.Random | None) -> int:
    """Everything, in order; or shuffled, each one to three times, in batches of any size."""
    if shuffle is None:
        return await assessment.dengar(*facts)
    bag = [fact for fact in facts for _ in range(shuffle.randint(1, 3))]
    shuffle.shuffle(bag)
    still_open = 0
    while bag:
        size = shuffle.randint(1, len(bag))
        still_open = await assessment.dengar(*bag[:size])
        bag = bag[size:]
    return still_open


async def _month(assessment: Layanan, owner: Any, shuffle: random.Random | None) -> dict[str, Any]:
    await owner.execute(_EMPTY)
    await _deliver(assessment, FIRST, shuffle)
    for oleh, siapa, peran in ((KADIS, STAF, ()), (STAF, SEKDA, ("admin_bkd",))):
        answer = await assessment.client.post(
            f"/api/penilaian/2026-11/pegawai/{siapa}",
            json={"hasil_kerja": 1, "perilaku": 1},
            headers=assessment.kepala(oleh, *peran),
        )
        assert answer.status_code == 200, answer.text
    rest = [*SECOND, *CLOSED_ONCE, *THIRD, *CLOSED_TWICE]
    # What came before may come again.
    again = rest if shuffle is None else rest + FIRST
    assert await _deliver(assessment, again, shuffle) == 0
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
    in_order = await _month(assessment, owner, None)
    assert [row["final_predikat"] for row in in_order["penilaian"]].count(1) == 2
    assert in_order["surat_mati"] == []
    assert await _month(assessment, owner, random.Random(seed)) == in_order


async def test_two_workers_at_once_give_the_same_month(assessment: Layanan, owner: Any) -> None:
    in_order = await _month(assessment, owner, None)
    await owner.execute(_EMPTY)
    await assessment.dengar(*FIRST)
    people = set(ORANG)
    halves = [[], []]  # type: list[list[Fakta]]
    for fact in [*SECOND, *CLOSED_ONCE, *THIRD, *CLOSED_TWICE]:
        halves[getattr(fact.event, "pegawai_id", None) in people].append(fact)
    await asyncio.gather(*(assessment.dengar(*half) for half in halves))
    await assessment.dengar()
    months = await assessment.baris("SELECT version, dinilai, ditahan FROM periode_final")
    assert months == [{"version": 5, "dinilai": 0, "ditahan": 4}]
    assert in_order["final"][0]["version"] == 5
