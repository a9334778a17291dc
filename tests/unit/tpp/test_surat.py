"""Laws of letters: spans overlap both ways round or not at all; a policy's kinds of leave are known."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.tpp.surat.rules import CUTI, beririsan, kode_cuti

HARI = st.dates(date(2026, 1, 1), date(2026, 3, 31))
RENTANG = st.tuples(HARI, st.none() | st.integers(0, 40)).map(
    lambda span: (span[0], None if span[1] is None else span[0] + timedelta(days=span[1]))
)
_JAUH = date(2026, 6, 1)


def _hari(span: tuple[date, date | None]) -> set[date]:
    last = span[1] or _JAUH
    return {span[0] + timedelta(days=n) for n in range((last - span[0]).days + 1)}


@given(RENTANG, RENTANG)
def test_two_spans_overlap_exactly_when_they_share_a_day(
    a: tuple[date, date | None], b: tuple[date, date | None]
) -> None:
    assert beririsan(a, b) == beririsan(b, a) == bool(_hari(a) & _hari(b))


def test_a_policys_own_kinds_of_leave_may_be_recorded() -> None:
    text = "bila: hari_cuti.haji > 2 hari\njumlah: hari_cuti.sakit x hari_cuti.umrah"
    assert kode_cuti([text]) == (*CUTI, "haji", "umrah")
    assert kode_cuti([]) == CUTI
