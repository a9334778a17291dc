"""Who is whose pejabat penilai: the rule, and the laws that hold for every chart."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.skp.pegawai.rules import Bagan, Duduk, jalur, keturunan, lingkaran

AWAL = date(2026, 1, 1)
KEPALA, KABID, STAF, LAIN = (UUID(int=number) for number in range(1, 5))
ATASAN: dict[str, str | None] = {"kepala": None, "kabid": "kepala", "staf": "kabid"}
KELAS = {"kepala": 14, "kabid": 11, "staf": 7}


def bagan(**duduk: tuple[UUID, Duduk]) -> Bagan:
    chart = Bagan(ATASAN, KELAS)
    for who, where in duduk.values():
        chart.tempatkan(who, where)
    return chart


def definitif(jabatan: str, mulai: date = AWAL) -> Duduk:
    return Duduk(((mulai, jabatan),))


def test_the_holder_of_the_atasan_jabatan_rates() -> None:
    chart = bagan(a=(KEPALA, definitif("kepala")), b=(KABID, definitif("kabid")), c=(STAF, definitif("staf")))
    assert chart.penilai(STAF, "staf", AWAL) == KABID
    assert chart.penilai(KABID, "kabid", AWAL) == KEPALA
    assert chart.penilai(KEPALA, "kepala", AWAL) is None


def test_a_vacant_post_is_rated_by_its_plt_else_one_level_up() -> None:
    plt = Duduk(((AWAL, "lain"),), ((AWAL, None, "kabid"),))
    assert bagan(a=(KEPALA, definitif("kepala")), p=(LAIN, plt)).penilai(STAF, "staf", AWAL) == LAIN
    assert bagan(a=(KEPALA, definitif("kepala"))).penilai(STAF, "staf", AWAL) == KEPALA


def test_who_acts_for_his_own_atasan_is_rated_one_level_higher() -> None:
    acting = Duduk(((AWAL, "staf"),), ((AWAL, None, "kabid"),))
    chart = bagan(a=(KEPALA, definitif("kepala")), c=(STAF, acting))
    assert chart.penilai(STAF, "staf", AWAL) == KEPALA
    assert chart.segmen(STAF, acting)[0].plt == "kabid"


def test_of_two_plt_at_once_the_higher_jabatan_counts_on_each_day() -> None:
    """And the same one whichever was recorded first."""
    duties = ((AWAL, date(2026, 3, 31), "kabid"), (date(2026, 2, 10), date(2026, 2, 20), "kepala"))
    for acting in (duties, duties[::-1]):
        duduk = Duduk(((AWAL, "lain"),), acting)
        chart = bagan(p=(LAIN, duduk))
        assert [(part.mulai, part.plt) for part in chart.segmen(LAIN, duduk)] == [
            (AWAL, "kabid"),
            (date(2026, 2, 10), "kepala"),
            (date(2026, 2, 21), "kabid"),
            (date(2026, 4, 1), None),
        ]


def test_a_plt_that_is_prolonged_goes_on_and_one_after_a_gap_begins_anew() -> None:
    duties = (
        (date(2026, 4, 1), date(2026, 6, 30), "kabid"),
        (AWAL, date(2026, 3, 31), "kabid"),
        (date(2026, 7, 2), None, "kabid"),
    )
    duduk = Duduk(((AWAL, "lain"), (date(2026, 5, 4), "staf")), duties)
    assert [
        (part.mulai, part.plt, part.plt_mulai) for part in bagan(p=(LAIN, duduk)).segmen(LAIN, duduk)
    ] == [
        (AWAL, "kabid", AWAL),
        (date(2026, 5, 4), "kabid", AWAL),
        (date(2026, 7, 1), None, None),
        (date(2026, 7, 2), "kabid", date(2026, 7, 2)),
    ]


def test_two_plt_of_one_jabatan_are_rated_by_and_rate_as_the_one_who_came_last() -> None:
    first, second = (Duduk(((AWAL, "lain"),), ((day, None, "kabid"),)) for day in (AWAL, date(2026, 2, 1)))
    for order in (((LAIN, first), (KABID, second)), ((KABID, second), (LAIN, first))):
        chart = bagan(a=(KEPALA, definitif("kepala")), x=order[0], y=order[1])
        assert chart.penilai(STAF, "staf", date(2026, 1, 31)) == LAIN
        assert chart.penilai(STAF, "staf", date(2026, 2, 1)) == KABID


def test_a_definitif_holder_comes_before_the_plt_and_a_plt_ends_on_his_last_day() -> None:
    plt = Duduk(((AWAL, "lain"),), ((AWAL, date(2026, 3, 31), "kabid"),))
    chart = bagan(a=(KEPALA, definitif("kepala")), p=(LAIN, plt), c=(STAF, definitif("staf")))
    assert [(part.mulai, part.penilai) for part in chart.segmen(STAF, definitif("staf"))] == [
        (AWAL, LAIN),
        (date(2026, 4, 1), KEPALA),
    ]
    later = bagan(
        a=(KEPALA, definitif("kepala")), p=(LAIN, plt), b=(KABID, definitif("kabid", date(2026, 2, 1)))
    )
    assert later.penilai(STAF, "staf", date(2026, 2, 1)) == KABID
    assert later.penilai(STAF, "staf", date(2026, 1, 31)) == LAIN


def test_a_mutasi_makes_a_segment_and_frees_the_old_post() -> None:
    moving = Duduk(((AWAL, "kabid"), (date(2026, 6, 15), "lain")))
    chart = bagan(a=(KEPALA, definitif("kepala")), b=(KABID, moving), c=(STAF, definitif("staf")))
    assert [(part.mulai, part.jabatan) for part in chart.segmen(KABID, moving)] == [
        (AWAL, "kabid"),
        (date(2026, 6, 15), "lain"),
    ]
    assert chart.penilai(STAF, "staf", date(2026, 6, 14)) == KABID
    assert chart.penilai(STAF, "staf", date(2026, 6, 15)) == KEPALA


def test_without_a_post_there_is_no_segment() -> None:
    assert bagan().segmen(STAF, Duduk((), ((AWAL, None, "kabid"),))) == []


POSTS = [f"J{number}" for number in range(8)]
PEOPLE = [UUID(int=number) for number in range(1, 7)]
DAYS = [AWAL + timedelta(days=30 * number) for number in range(5)]


@st.composite
def charts(draw: st.DrawFn) -> tuple[Bagan, dict[UUID, Duduk]]:
    """Any tree of posts, with people moving about in it and acting for others, themselves included."""
    atasan: dict[str, str | None] = {"J0": None}
    for number in range(1, len(POSTS)):
        atasan[POSTS[number]] = draw(st.sampled_from([None, *POSTS[:number]]))
    duduk = {}
    for who in PEOPLE:
        starts = draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True))
        own = tuple((day, draw(st.sampled_from(POSTS))) for day in sorted(starts))
        plt = []
        for day in draw(st.lists(st.sampled_from(DAYS), max_size=2)):
            until = draw(st.none() | st.just(day + timedelta(days=20)))
            plt.append((day, until, draw(st.sampled_from(POSTS))))
        duduk[who] = Duduk(own, tuple(plt))
    chart = Bagan(atasan, dict.fromkeys(POSTS, 7))
    for who, where in duduk.items():
        chart.tempatkan(who, where)
    return chart, duduk


@given(charts())
def test_nobody_rates_himself_and_a_segment_holds_until_the_next(
    made: tuple[Bagan, dict[UUID, Duduk]],
) -> None:
    chart, duduk = made
    for who, where in duduk.items():
        parts = chart.segmen(who, where)
        assert all(part.penilai != who for part in parts)
        assert [part.mulai for part in parts] == sorted({part.mulai for part in parts})
        for offset in range(0, 200, 7):
            day = AWAL + timedelta(days=offset)
            valid = [part for part in parts if part.mulai <= day]
            if valid:
                jabatan = next(kode for mulai, kode in reversed(where.definitif) if mulai <= day)
                assert (valid[-1].jabatan, valid[-1].penilai) == (jabatan, chart.penilai(who, jabatan, day))


@given(charts())
def test_a_plt_has_lasted_since_the_first_day_of_an_unbroken_duty(
    made: tuple[Bagan, dict[UUID, Duduk]],
) -> None:
    chart, duduk = made

    def held(where: Duduk, jabatan: str, day: date) -> bool:
        return any(
            kode == jabatan and mulai <= day and (until is None or day <= until)
            for mulai, until, kode in where.plt
        )

    for who, where in duduk.items():
        for part in chart.segmen(who, where):
            assert (part.plt is None) == (part.plt_mulai is None)
            if part.plt is not None and part.plt_mulai is not None:
                days = range((part.mulai - part.plt_mulai).days + 1)
                assert all(held(where, part.plt, part.mulai - timedelta(days=ago)) for ago in days)
                assert not held(where, part.plt, part.plt_mulai - timedelta(days=1))


NODES = st.sampled_from([f"n{number}" for number in range(12)])


@given(st.dictionaries(NODES, st.none() | NODES))
def test_cycles_are_exactly_the_nodes_that_reach_themselves(parents: dict[str, str | None]) -> None:
    def returns(start: str) -> bool:
        at = parents[start]
        for _ in range(len(parents)):
            if at == start:
                return True
            at = parents.get(at) if at is not None else None
        return False

    assert lingkaran(parents) == {node for node in parents if returns(node)}


def test_paths_and_descendants() -> None:
    assert jalur("staf", ATASAN) == ["kepala", "kabid", "staf"]
    assert keturunan(["kabid"], ATASAN) == {"kabid", "staf"}
