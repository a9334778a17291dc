"""The close: a result for everyone of the roster, not before all facts are here, and again if reopened."""

from datetime import date
from typing import Any
from uuid import UUID

from services.assessment.penilaian.finalisasi import finalkan
from shared.contracts.penilaian import PENILAIAN, PenilaianFinalised, PenilaianPeriodFinalised, PredikatSet
from shared.contracts.periode import PeriodeClosed
from shared.testing.feed import recorded
from tests.component.assessment.fakta import (
    KADIS,
    NOVEMBER,
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
    id_of,
    pegawai,
    penutupan,
    realisasi,
    segmen,
)
from tests.component.layanan import Layanan, manifest

ROSTER = [(who, 1) for who in ORANG]


async def nilai(assessment: Layanan, oleh: UUID, siapa: UUID, hasil_kerja: int = 2) -> None:
    answer = await assessment.client.post(
        f"/api/penilaian/2026-11/pegawai/{siapa}",
        json={"hasil_kerja": hasil_kerja, "perilaku": 2},
        headers=assessment.kepala(oleh),
    )
    assert answer.status_code == 200, answer.text


async def hasil(assessment: Layanan) -> dict[UUID, tuple[int | None, list[str], bool]]:
    """The newest result of each person, as other services hear it."""
    return {
        event.pegawai_id: (event.predikat, [reason.kode for reason in event.alasan], event.skp_disetujui)
        for event in await assessment.keluar(PenilaianFinalised)
    }


async def periode_final(assessment: Layanan) -> list[PenilaianPeriodFinalised]:
    found: list[PenilaianPeriodFinalised] = await assessment.keluar(PenilaianPeriodFinalised)
    return found


async def assert_manifest_is_exact(assessment: Layanan) -> None:
    """The newest announcement counts exactly the events of the month in our outbox."""
    facts = await recorded(assessment.database)
    newest = (await periode_final(assessment))[-1]
    assert newest.manifest == manifest(facts, "2026-11", PENILAIAN)
    assert newest.manifest.topics[0].count == sum(
        fact.type in (PredikatSet.TYPE, PenilaianFinalised.TYPE) for fact in facts
    )


async def test_everyone_gets_a_predikat_or_a_reason_with_an_owner(assessment: Layanan) -> None:
    plans = [disetujui(STAF, KADIS), diajukan(STAF_LAIN, KADIS), dikembalikan(KADIS, SEKDA)]
    facts = [dibuka(), *plans, realisasi(STAF)]
    await assessment.dengar(*bagan(), *facts)
    await nilai(assessment, KADIS, STAF, hasil_kerja=3)
    assert await assessment.dengar(*penutupan(facts, ROSTER)) == 0
    assert await hasil(assessment) == {
        SEKDA: (None, ["skp_belum_ada"], False),
        KADIS: (None, ["skp_dikembalikan"], False),
        STAF: (3, [], True),
        STAF_LAIN: (None, ["skp_belum_disetujui"], False),
    }
    events = await assessment.keluar(PenilaianFinalised)
    assert {event.pegawai_id: event.penilai_id for event in events}[STAF_LAIN] == KADIS
    assert all(reason.pemilik in {"pegawai", "atasan"} for event in events for reason in event.alasan)
    (final,) = await periode_final(assessment)
    assert (final.dinilai, final.ditahan, final.version) == (1, 3, 3)
    await assert_manifest_is_exact(assessment)
    body = await _status(assessment)
    assert (body["keadaan"], body["dinilai"], body["ditahan"]) == ("final", 1, 3)


async def test_an_approved_plan_without_a_rating_waits_for_the_atasan(assessment: Layanan) -> None:
    facts = [dibuka(), disetujui(STAF, KADIS), disetujui(SEKDA, None)]
    await assessment.dengar(*bagan(), *facts, *penutupan(facts, ROSTER))
    events = {event.pegawai_id: event for event in await assessment.keluar(PenilaianFinalised)}
    assert [(r.kode, r.pemilik) for r in events[STAF].alasan] == [("belum_dinilai", "atasan")]
    assert [(r.kode, r.pemilik) for r in events[SEKDA].alasan] == [("belum_dinilai", "admin_bkd")]
    assert (events[STAF].skp_disetujui, events[STAF].predikat) == (True, None)


async def test_nothing_is_final_before_everything_counted_is_here(assessment: Layanan) -> None:
    facts = [dibuka(), disetujui(STAF, KADIS), realisasi(STAF, 1), realisasi(STAF, 2)]
    roster, rest, closed = (lambda all_: (all_[0], all_[1], all_[2]))(penutupan(facts, ROSTER))
    people = bagan()
    assert await assessment.dengar(closed, dibuka()) == 1
    for missing in (roster, rest, *facts, *people):
        assert await periode_final(assessment) == []
        await assessment.dengar(missing)
    # The first `dibuka` above was a fact of its own, one more than the closing counted.
    assert await periode_final(assessment) == []
    assert (await assessment.baris("SELECT missing FROM kernel.barrier"))[0]["missing"] == 1


async def test_the_last_missing_fact_makes_the_month_final(assessment: Layanan) -> None:
    facts = [dibuka(), disetujui(STAF, KADIS), realisasi(STAF, 1)]
    everything = [*penutupan(facts, ROSTER)[::-1], *facts, *bagan()]
    for fact in everything[:-1]:
        assert await assessment.dengar(fact) == (
            await assessment.nilai("SELECT count(*) FROM kernel.barrier")
        )
    assert await periode_final(assessment) == []
    assert await assessment.dengar(everything[-1]) == 0
    assert len(await periode_final(assessment)) == 1


async def test_the_roster_waits_for_the_newest_version_of_a_person(assessment: Layanan) -> None:
    facts = [dibuka(), disetujui(STAF, KADIS)]
    roster = [(STAF, 2), (KADIS, 1)]
    assert await assessment.dengar(*bagan(), *facts, *penutupan(facts, roster)) == 1
    moved = pegawai(STAF, 2, segmen(date(2025, 1, 1), SEKDA, "SETDA"), version=2)
    assert await assessment.dengar(moved) == 0
    events = {event.pegawai_id: event for event in await assessment.keluar(PenilaianFinalised)}
    assert set(events) == {STAF, KADIS}
    assert events[STAF].penilai_id == SEKDA


async def test_an_approval_stamped_with_a_later_month_does_not_reach_back(assessment: Layanan) -> None:
    december = NOVEMBER.plus(1)
    facts = [dibuka(), diajukan(STAF, KADIS)]
    await assessment.dengar(*bagan(), *facts, dibuka(december), disetujui(STAF, KADIS, periode=december))
    await assessment.dengar(*penutupan(facts, [(STAF, 1)]))
    assert await hasil(assessment) == {STAF: (None, ["skp_belum_disetujui"], False)}


async def test_finalising_goes_on_where_it_stopped(assessment: Layanan) -> None:
    many = [id_of("banyak", number) for number in range(25)]
    people = [pegawai(who, n, segmen(date(2025, 1, 1), SEKDA)) for n, who in enumerate(many)]
    facts = [dibuka()]
    closing = penutupan(facts, [(who, 1) for who in many], per_bagian=3)
    await assessment.dengar(*people, *facts, *closing[:-1])
    closed = PeriodeClosed.model_validate_json(closing[-1].payload)
    assert await assessment.dengar(closing[-1]) == 0
    assert len(await assessment.keluar(PenilaianFinalised)) == 25
    # The same closing once more, chunk by chunk: nothing is said twice, the announcement comes last.
    await assessment.baris("UPDATE roster SET selesai = false WHERE bagian > 4")
    rounds = 0
    more = True
    while more:
        async with assessment.database.transaction() as tx:
            more = await finalkan(tx, closed)
        rounds += 1
    assert rounds == 4
    assert len(await assessment.keluar(PenilaianFinalised)) == 25


async def test_a_reopening_takes_ratings_again_and_says_only_what_changed(assessment: Layanan) -> None:
    facts = [dibuka(), disetujui(STAF, KADIS), disetujui(STAF_LAIN, KADIS)]
    await assessment.dengar(*bagan(), *facts)
    await nilai(assessment, KADIS, STAF)
    first = penutupan(facts, ROSTER)
    await assessment.dengar(*first)
    before = await assessment.keluar(PenilaianFinalised)
    assert len(before) == 4
    assert "Dapat berubah sampai bulan ditutup" not in await _kartu(assessment)

    reopened = dibuka_kembali()
    await assessment.dengar(reopened)
    assert (await _status(assessment))["keadaan"] == "dibuka"
    # Nobody is told that what may change again is final.
    assert "Dapat berubah sampai bulan ditutup" in await _kartu(assessment)
    await nilai(assessment, KADIS, STAF_LAIN, hasil_kerja=1)
    await assessment.dengar(*penutupan([*facts, *first, reopened], ROSTER, version=5))

    (changed,) = (await assessment.keluar(PenilaianFinalised))[4:]
    assert (changed.pegawai_id, changed.predikat) == (STAF_LAIN, 2)
    assert changed.version > next(e.version for e in before if e.pegawai_id == STAF_LAIN)
    announced = await periode_final(assessment)
    assert [(e.version, e.dinilai, e.ditahan) for e in announced] == [(3, 1, 3), (5, 2, 2)]
    await assert_manifest_is_exact(assessment)


async def test_a_reopening_before_the_facts_are_complete_withdraws_the_closing(assessment: Layanan) -> None:
    facts = [dibuka(), disetujui(STAF, KADIS)]
    await assessment.dengar(*bagan(), facts[0], *penutupan(facts, ROSTER))
    assert await assessment.dengar(dibuka_kembali()) == 0
    await assessment.dengar(facts[1])
    assert await periode_final(assessment) == []
    assert await assessment.keluar(PenilaianFinalised) == []


async def test_somebody_without_a_place_on_the_last_day_is_held_for_admin_bkd(assessment: Layanan) -> None:
    later = pegawai(STAF, 2, segmen(date(2026, 12, 1), KADIS))
    await assessment.dengar(later, dibuka(), *penutupan([], []))
    facts = [dibuka(NOVEMBER.plus(-1))]
    await assessment.dengar(*facts, *penutupan(facts, [(STAF, 1)], periode=NOVEMBER.plus(-1)))
    (event,) = await assessment.keluar(PenilaianFinalised)
    assert [(r.kode, r.pemilik) for r in event.alasan] == [("belum_ditempatkan", "admin_bkd")]
    assert event.penilai_id is None


async def _kartu(assessment: Layanan) -> str:
    """The home page's card of somebody rated."""
    headers = assessment.kepala(STAF) | {"Accept": "text/html"}
    return str((await assessment.client.get("/penilaian/fragmen/ringkasan", headers=headers)).text)


async def _status(assessment: Layanan) -> Any:
    answer = await assessment.client.get(
        "/api/penilaian/2026-11/status", headers=assessment.kepala(SEKDA, "admin_bkd")
    )
    return answer.json()
