"""Employer contributions of earlier months that are put right beside a later payment."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.penafsir import Penafsir
from services.tpp.perhitungan.rapel import BagianIuran, iuran_yang_muat, pembagian_iuran, yang_muat
from services.tpp.perhitungan.rules import (
    Baris,
    Kehadiran,
    Masukan,
    Setahun,
    baca_masukan,
    tulis_masukan,
)
from shared.period import Period
from tests.unit.tpp.strategi import CONTOH

_MARET = Period(2026, 3)
_JANUARI, _FEBRUARI = Period(2026, 1), Period(2026, 2)
BPJS, JKK, JKM = "bpjs_kesehatan_pemberi_kerja", "jkk_pemberi_kerja", "jkm_pemberi_kerja"
_JAWA_BARAT = baca((CONTOH / "jawa-barat.yaml").read_bytes())
_HITUNG = engine.compile(_JAWA_BARAT)
_PENAFSIR: Penafsir = engine.penafsir(_JAWA_BARAT, _MARET)
ANI = Masukan(
    _MARET, 9, "PNS", "III/c", None, True, 2, Kehadiran(20, 0, 0, (), (), 0, 0, hari_kerja=20), 4_500_000,
    menit_aktivitas=6600, ptkp="TK/0", setahun=Setahun(20_000_000, 0, 0), predikat_dari=_FEBRUARI,
)  # fmt: skip


def test_a_month_with_arrears_owes_its_own_contributions_and_the_differences_of_earlier_ones() -> None:
    """TPP 5.500.000 and gaji 4.500.000: 4% of 5.500.000 = 220.000, 0,24% and 0,72% of the salary."""
    own = _HITUNG(ANI)
    assert own.bruto == 5_500_000
    assert own.iuran_sendiri == {BPJS: 220_000, JKK: 10_800, JKM: 32_400}
    # January was 3.000.000 short, February's salary was told too high: 4% more of the one, less of the other.
    m = ANI._replace(
        rapel=((_JANUARI, 3_000_000),),
        rapel_iuran=((_JANUARI, BPJS, 120_000), (_FEBRUARI, JKK, -2_400)),
    )
    found = _HITUNG(m)
    assert found.bruto == 8_500_000
    assert found.iuran == (
        Baris(BPJS, 220_000), Baris(JKK, 10_800), Baris(JKM, 32_400),
        Baris(BPJS, 120_000, (202601,)), Baris(JKK, -2_400, (202602,)),
    )  # fmt: skip
    # With the ceiling of 12.000.000 the arrears themselves would have been cut: 4% of 7.500.000 of 8.500.000.
    assert _HITUNG(m._replace(rapel_iuran=None)).iuran_sendiri[BPJS] == 300_000
    assert found.jumlah_iuran == 220_000 + 10_800 + 32_400 + 120_000 - 2_400
    # No other figure of the slip knows of it.
    assert found._replace(iuran=()) == _HITUNG(m._replace(rapel_iuran=None))._replace(iuran=())
    assert _PENAFSIR.hitung(m).hasil == found
    told = engine.jelaskan_iuran(_JAWA_BARAT, found, m)
    assert [one.sumber for one in told[-2:]] == ["koreksi", "koreksi"]
    assert told[-1].nama == "Jaminan kecelakaan kerja, koreksi Februari 2026"
    assert told[-1].kalimat.startswith("Kelebihan iuran Februari 2026 Rp 2.400,")
    assert told[-1].pasal == _JAWA_BARAT.rapel.pasal


def test_a_contribution_this_policy_does_not_know_is_put_right_all_the_same() -> None:
    m = ANI._replace(rapel_iuran=((_JANUARI, "tapera_pemberi_kerja", 9_000),))
    found = _HITUNG(m)
    assert found.iuran[-1] == Baris("tapera_pemberi_kerja", 9_000, (202601,))
    assert engine.jelaskan_iuran(_JAWA_BARAT, found, m)[-1].nama == (
        "Iuran tapera pemberi kerja, koreksi Januari 2026"
    )


def test_inputs_of_before_compute_as_they_did_and_new_ones_come_back_from_their_text() -> None:
    before = ANI._replace(rapel=((_JANUARI, 3_000_000),))
    assert "rapel_iuran" not in tulis_masukan(before)
    assert baca_masukan(tulis_masukan(before)) == before
    for kept in ((), ((_JANUARI, BPJS, 120_000),)):
        m = before._replace(rapel_iuran=kept)
        assert baca_masukan(tulis_masukan(m)) == m


def test_a_month_that_its_arrears_alone_can_pay_still_owes_its_own() -> None:
    """Without them its fixed cuts exceed what it comes to; contributions are worked out of what it earned."""
    text = (CONTOH / "jawa-barat.yaml").read_text(encoding="utf-8")
    policy = baca(
        text.partition("\nuji:\n")[0].replace("min(potongan_lain.koperasi; neto)", "potongan_lain.koperasi")
        + "\nuji: []\n"
    )
    hitung = engine.compile(policy)
    m = ANI._replace(potongan_lain=(("koperasi", 6_000_000),))
    assert [one.kode for one in hitung(m).alasan] == ["potongan_melebihi_hak"]
    paid = m._replace(rapel=((_JANUARI, 3_000_000),), rapel_iuran=())
    found = hitung(paid)
    assert found.status == "dihitung"
    assert found.iuran_sendiri == _HITUNG(ANI).iuran_sendiri
    assert engine.penafsir(policy, _MARET).hitung(paid).hasil == found


kode = st.sampled_from([BPJS, JKK, JKM])
months = st.sampled_from(["2025-12", "2026-01", "2026-02"])
parts = st.lists(
    st.tuples(months, kode, st.integers(-400_000, 200_000).filter(bool)), min_size=1, max_size=8
).map(
    lambda rows: [
        BagianIuran(asal, sum((a, k) == (asal, kind) for a, k, _ in rows[:place]) + 1, kind, amount)
        for place, (asal, kind, amount) in enumerate(rows)
    ]
)


def _jumlah(waiting: list[BagianIuran]) -> tuple[tuple[Period, str, int], ...]:
    sums: Counter[tuple[str, str]] = Counter()
    for one in waiting:
        sums[one.asal, one.kode] += one.jumlah
    return tuple(
        (Period.parse(month), code, sums[month, code]) for month, code in sorted(sums) if sums[month, code]
    )


@given(parts)
def test_no_contribution_falls_below_zero_and_nothing_waits_that_could_be_put_right(
    waiting: list[BagianIuran],
) -> None:
    asked = _jumlah(waiting)
    whole = ANI._replace(rapel_iuran=asked)
    m, found = yang_muat(whole, _HITUNG(whole), _HITUNG, None)
    assert found == _HITUNG(m)
    carried = {(month, code): amount for month, code, amount in m.rapel_iuran or ()}
    sums: Counter[str] = Counter()
    for line in found.iuran:
        sums[line.kode] += line.jumlah
    assert all(amount >= 0 for amount in sums.values())
    for month, code, amount in asked:
        taken = carried.get((month, code), 0)
        assert taken == amount if amount > 0 else amount <= taken <= 0
        # What is left over waits only because the month owes nothing more of it.
        assert taken == amount or sums[code] == 0


@given(st.lists(parts, min_size=1, max_size=5))
def test_over_the_months_every_rupiah_is_put_right_once(arrivals: list[list[BagianIuran]]) -> None:
    own = {BPJS: 220_000, JKK: 10_800, JKM: 32_400}
    left: dict[int, BagianIuran] = {}
    total, settled = Counter[str](), Counter[str]()
    for _ in range(400):
        for one in arrivals.pop(0) if arrivals else ():
            number = max(left, default=0) + 1
            left[number] = one._replace(urutan=number)
            total[one.kode] += one.jumlah
        fits = iuran_yang_muat(_jumlah([*left.values()]), own)
        month = Counter[str]()
        for _, code, amount in fits:
            month[code] += amount
        assert all(own[code] + amount >= 0 for code, amount in month.items())
        for share in pembagian_iuran([*left.values()], fits):
            rest = left[share.urutan].jumlah - share.jumlah
            # No part changes its sign, and none grows.
            assert rest * share.jumlah >= 0
            left[share.urutan] = left[share.urutan]._replace(jumlah=rest)
            month[share.kode] -= share.jumlah
            settled[share.kode] += share.jumlah
        # What corrections are said to carry is what the lines say.
        assert not any(month.values())
        left = {number: one for number, one in left.items() if one.jumlah}
        if not left and not arrivals:
            break
    assert not left
    assert all(settled[code] == total[code] for code in {*settled, *total})
