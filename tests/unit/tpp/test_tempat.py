"""Eselon and place of work within some days: where they change, and what holds in between."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.tpp.daerah.masukan import TEMPAT, Tempat

ANI = UUID(int=1)
AWAL, AKHIR = date(2026, 10, 1), date(2026, 10, 31)
SEBULAN = [AWAL + timedelta(days=number) for number in range(31)]

days = st.dates(date(2026, 9, 25), date(2026, 11, 5))
facts = st.lists(
    st.tuples(days, st.none() | days, st.sampled_from(["", "TPA", "LABORATORIUM"])),
    max_size=5,
    unique_by=lambda one: one[0],
).map(
    # As the database keeps them: an end is not before its beginning, the newest beginning comes first.
    lambda rows: sorted(
        ((first, last if last is None or last >= first else first, value) for first, last, value in rows),
        reverse=True,
        key=lambda one: one[0],
    )
)


@given(facts, facts, st.sampled_from(SEBULAN), st.sampled_from(SEBULAN))
def test_parts_cover_the_days_once_and_nothing_changes_within_one(
    eselon: list[tuple[date, date | None, str]],
    lokasi: list[tuple[date, date | None, str]],
    one: date,
    other: date,
) -> None:
    first, last = sorted((one, other))
    told = Tempat({(ANI, "eselon"): eselon, (ANI, "lokasi"): lokasi})
    parts = list(told.terbagi(ANI, first, last, TEMPAT))
    covered = [
        begin + timedelta(days=number) for begin, end in parts for number in range((end - begin).days + 1)
    ]
    assert covered == [day for day in SEBULAN if first <= day <= last]
    for begin, end in parts:
        within = [day for day in SEBULAN if begin <= day <= end]
        assert len({tuple(told.pada(ANI, day, TEMPAT).items()) for day in within}) == 1
        assert len({told.tercatat(ANI, "eselon", day) for day in within}) == 1
    # A policy that asks for one of them only is not told of the other.
    fewer = list(told.terbagi(ANI, first, last, ["eselon"]))
    assert {begin for begin, _ in fewer} <= {begin for begin, _ in parts}
    assert all(set(told.pada(ANI, begin, ["eselon"])) == {"eselon"} for begin, _ in fewer)


def test_the_day_after_an_end_is_another_part() -> None:
    told = Tempat({(ANI, "lokasi"): [(date(2026, 9, 1), date(2026, 10, 15), "TPA")]})
    assert list(told.terbagi(ANI, AWAL, AKHIR, TEMPAT)) == [
        (AWAL, date(2026, 10, 15)), (date(2026, 10, 16), AKHIR),
    ]  # fmt: skip
    assert (told.pada(ANI, AKHIR, ["lokasi"]), told.tercatat(ANI, "lokasi", AKHIR)) == ({"lokasi": ""}, False)
