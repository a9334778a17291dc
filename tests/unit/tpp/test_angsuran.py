"""What is owed, and what is owed back: month by month, no rupiah of it lost, none taken twice."""

from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan import engine, rapel
from services.tpp.perhitungan.rapel import Angsuran, Bagian
from services.tpp.perhitungan.rules import Kehadiran, Masukan, Setahun
from shared.period import Period
from tests.unit.tpp.strategi import CONTOH

_BULAN = Period(2026, 3)
_JAWA_BARAT = baca((CONTOH / "jawa-barat.yaml").read_bytes())
_DKI = baca((CONTOH / "dki.yaml").read_bytes())
_HITUNG = {one.kode: engine.compile(one) for one in (_JAWA_BARAT, _DKI)}


def _masukan(kode: str, koperasi: int) -> Masukan:
    """A month under a policy that carries bruto, with cuts that do not shrink with it; or neto."""
    common = (
        _BULAN,
        9,
        "PNS",
        "III/c",
        None,
        True,
        2,
        Kehadiran(20, 0, 0, (), (), 0, 0, hari_kerja=20),
        4_500_000,
    )
    if kode == "dki":
        return Masukan(*common, jenis_jabatan="JF", predikat_dari=_BULAN.plus(-1), pajak_luar=koperasi)
    return Masukan(
        *common,
        menit_aktivitas=6600,
        ptkp="TK/0",
        setahun=Setahun(20_000_000, 0, 0),
        predikat_dari=_BULAN.plus(-1),
        potongan_lain=(("koperasi", koperasi),),
    )


amounts = st.integers(-9_000_000, 3_000_000).filter(bool)
corrections = st.lists(
    st.tuples(st.sampled_from(["2025-11", "2025-12", "2026-01", "2026-02"]), amounts), min_size=1, max_size=6
).map(
    lambda rows: [
        Bagian(asal, sum(other == asal for other, _ in rows[:place]) + 1, "bruto", amount)
        for place, (asal, amount) in enumerate(rows)
    ]
)


def _per_bulan(parts: list[Bagian]) -> dict[str, int]:
    months: dict[str, int] = {}
    for one in parts:
        months[one.asal] = months.get(one.asal, 0) + one.jumlah
    return months


def _sekali(
    waiting: list[Bagian], m: Masukan, hitung: engine.Hitung, rule: Angsuran | None
) -> tuple[list[Bagian], rapel.Rapel]:
    """One month: what still waits after it, and what its payment carries."""
    months = _per_bulan(waiting)
    asked = m._replace(rapel=tuple((Period.parse(x), months[x]) for x in sorted(months) if months[x]))
    fits, hasil = rapel.yang_muat(asked, hitung(asked), hitung, rule)
    assert hasil == hitung(fits)
    assert hasil.status == "dihitung"
    taken = {(one.asal, one.urutan): one.jumlah for one in rapel.pembagian(waiting, fits.rapel)}
    assert sum(taken.values()) == sum(amount for _, amount in fits.rapel)
    left = [one._replace(jumlah=one.jumlah - taken.get((one.asal, one.urutan), 0)) for one in waiting]
    # Whatever is left of a correction is of its own sign: nobody is ever asked for more than was owed.
    assert all(
        0 <= new.jumlah * (1 if old.jumlah > 0 else -1) <= abs(old.jumlah)
        for new, old in zip(left, waiting, strict=True)
    )
    return [one for one in left if one.jumlah], fits.rapel


@given(corrections, st.sampled_from(["jawa-barat", "dki"]), st.integers(0, 3_000_000), st.integers(1, 100))
def test_what_is_carried_and_what_waits_is_always_what_was_owed(
    owed: list[Bagian], kode: str, koperasi: int, percent: int
) -> None:
    hitung, m = _HITUNG[kode], _masukan(kode, koperasi)
    own = hitung(m)
    assert own.status == "dihitung"
    rule = Angsuran("neto" if kode == "dki" else "bruto", Fraction(percent, 100))
    base = own.neto if kode == "dki" else own.bruto
    waiting, carried = owed, 0
    for _ in range(4):
        before = waiting
        waiting, rows = _sekali(waiting, m, hitung, rule)
        carried += sum(amount for _, amount in rows)
        assert carried + sum(one.jumlah for one in waiting) == sum(one.jumlah for one in owed)
        assert sum(amount for _, amount in rows) >= -floor(base * rule.bagian)
        # Only what is owed back waits: of each month more of it than is owed.
        assert all(amount < 0 for amount in _per_bulan(waiting).values())
        # Every month something is paid back, unless fixed cuts leave nothing for it.
        assert not before or waiting != before or koperasi


@given(corrections, st.integers(0, 3_000_000))
def test_without_instalments_months_are_carried_whole_or_wait(owed: list[Bagian], koperasi: int) -> None:
    hitung, m = _HITUNG["jawa-barat"], _masukan("jawa-barat", koperasi)
    waiting, rows = _sekali(owed, m, hitung, None)
    months = _per_bulan(owed)
    assert all(months[str(month)] == amount for month, amount in rows)
    assert {one.asal for one in waiting}.isdisjoint({str(month) for month, _ in rows})


def test_the_share_is_read_exactly_and_only_where_arrears_have_a_place() -> None:
    assert rapel.angsuran(_JAWA_BARAT, _BULAN) == Angsuran("bruto", Fraction(1, 5))
    assert rapel.angsuran(_DKI, _BULAN) is None
    assert rapel.dasar(_DKI, _BULAN) == "neto"
