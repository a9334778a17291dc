"""Earlier months of the year: which are needed, what they come to, and what a balance stands for."""

from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tpp.kebijakan.reader import KebijakanTidakSah, baca
from services.tpp.kebijakan.sebulan import butuh_pada, dipakai_pada
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import (
    Kehadiran,
    Masukan,
    Setahun,
    baca_masukan,
    tulis_masukan,
)
from services.tpp.perhitungan.setahun import sumbangan
from services.tpp.perhitungan.tahun import Masa, Saldo, Sumbangan, bulan_perlu, sebut, setahun
from services.tpp.perhitungan.tambahan import minta_setahun
from shared.period import MasaBayar, Period


def contoh(nama: str) -> str:
    return (files("services.tpp.kebijakan") / "contoh" / f"{nama}.yaml").read_text(encoding="utf-8")


PAJAK = "  pajak: jika(bulan = 12; pph21; pph21 + gaji x tarif_ter)\n"
LAMA, BARU = "198501012010011001", "199801012026041001"
DESEMBER = Period(2026, 12)


def bulan(*months: int) -> list[Period]:
    return [Period(2026, month) for month in months]


@pytest.mark.parametrize(
    ("nip", "masa", "perlu"),
    [
        (LAMA, [Masa(date(2020, 1, 1), None, True)], range(1, 12)),
        # Known here since September only, in service for years: what was before is unknown, not nothing.
        (LAMA, [Masa(date(2026, 9, 1), None, True)], range(1, 12)),
        (LAMA, [], range(1, 12)),
        # Appointed in this very year.
        (BARU, [Masa(date(2026, 4, 1), None, True)], range(4, 12)),
        (BARU, [Masa(date(2026, 4, 30), None, True)], range(4, 12)),
        # Away for whole months; the first of March still counts.
        (
            LAMA,
            [
                Masa(date(2020, 1, 1), date(2026, 3, 2), True),
                Masa(date(2026, 3, 2), date(2026, 6, 1), False),
                Masa(date(2026, 6, 1), None, True),
            ],
            [1, 2, 3, *range(6, 12)],
        ),
    ],
)
def test_months_that_are_needed(nip: str, masa: list[Masa], perlu: Iterable[int]) -> None:
    assert bulan_perlu(nip, masa, DESEMBER) == bulan(*perlu)


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ([9], "September 2026"),
        ([1, 2, 3], "Januari sampai Maret 2026"),
        ([11, 1, 2], "Januari sampai Februari dan November 2026"),
        ([1, 3, 5], "Januari, Maret dan Mei 2026"),
    ],
)
def test_months_in_words(months: list[int], words: str) -> None:
    assert sebut(bulan(*months)) == words


amounts = st.integers(0, 10**10)
months = st.dictionaries(
    st.integers(1, 11), st.builds(Sumbangan, amounts, amounts, amounts, st.integers(1, 9)), min_size=11
)


@given(months, st.integers(1, 11), st.integers(1, 9), st.randoms())
def test_a_balance_may_stand_for_any_first_months(
    isi: dict[int, Sumbangan], until: int, version: int, random: Random
) -> None:
    """What is told from outside up to any month, and the months after it, come to what all months come to."""
    by_month = {Period(2026, month): one for month, one in isi.items()}
    needed = bulan(*range(1, 12))
    whole = setahun(needed, None, by_month, DESEMBER)
    assert isinstance(whole, Setahun)
    before = [one for month, one in by_month.items() if month.month <= until]
    bruto, pengurang, pajak = (sum(one[part] for one in before) for part in range(3))
    balance = Saldo(Period(2026, until), bruto, pengurang, pajak, version)
    shuffled = list(by_month.items())
    random.shuffle(shuffled)
    split = setahun(needed, balance, dict(shuffled), DESEMBER)
    assert isinstance(split, Setahun)
    assert split[:3] == whole[:3]
    assert split.asal[0] == (f"saldo:2026-{until:02d}", version)
    names = [name for name, _ in split.asal[1:]]
    assert names == [f"2026-{month:02d}" for month in range(until + 1, 12)]
    assert all(a < b for a, b in pairwise(names))


@given(months, st.sets(st.integers(1, 11)), st.one_of(st.none(), st.integers(1, 11)))
def test_what_is_missing_is_named_and_never_zero(
    isi: dict[int, Sumbangan], gone: set[int], until: int | None
) -> None:
    known = {Period(2026, month): one for month, one in isi.items() if month not in gone}
    balance = None if until is None else Saldo(Period(2026, until), 5, 1, 1, 1)
    found = setahun(bulan(*range(1, 12)), balance, known, DESEMBER)
    missing = bulan(*sorted(month for month in gone if until is None or month > until))
    assert found == missing if missing else isinstance(found, Setahun)


def test_a_balance_of_another_time_is_no_balance() -> None:
    for sampai in (Period(2025, 9), Period(2026, 12)):
        with pytest.raises(ValueError, match="bukan untuk bulan sesudahnya"):
            setahun([], Saldo(sampai, 0, 0, 0, 1), {}, DESEMBER)


def orang(periode: Period, **facts: object) -> Masukan:
    usual = Masukan(
        periode, 7, "PNS", "III/a", None, True, 2, Kehadiran(20, 0, 0, (), (), 0, 0), 4_500_000,
        jabatan="Analis", menit_aktivitas=6600, ptkp="TK/0", predikat_dari=periode.plus(-1),
    )  # fmt: skip
    return usual._replace(**facts)  # type: ignore[arg-type]


def test_a_month_adds_its_salary_and_the_tax_on_both() -> None:
    policy = baca(contoh("jawa-barat"))
    # 4.500.000 + 3.900.000: 1,5% of each.
    assert sumbangan(policy, orang(Period(2026, 10)), 3) == Sumbangan(8_400_000, 0, 126_000, 3)
    # Arrears count in the month that pays them: 8.500.000 still 1,5%, of 4.000.000 and 4.500.000.
    more = orang(Period(2026, 11), rapel=((Period(2026, 10), 100_000),))
    assert sumbangan(policy, more, 1) == Sumbangan(8_500_000, 0, 60_000 + 67_500, 1)
    assert sumbangan(policy, orang(Period(2026, 10), ptkp=None), 1) is None
    assert sumbangan(baca(contoh("umum-60-40")), orang(Period(2026, 10)), 1) is None


def test_only_december_asks_for_earlier_months() -> None:
    program = engine.penafsir(baca(contoh("jawa-barat")), Period(2026, 3)).program
    for number in range(1, 13):
        asks = "bruto_setahun" in dipakai_pada(program, number)
        assert asks == (number == 12), number
        assert ("setahun" in butuh_pada(program, number)) == (number == 12), number
    assert {"ptkp", "gaji", "menit_aktivitas"} <= dipakai_pada(program, 3)


def test_december_pays_what_the_year_still_owes_and_waits_without_it() -> None:
    hitung = engine.compile(baca(contoh("jawa-barat")))
    assert hitung(orang(Period(2026, 11))).status == "dihitung"
    waits = hitung(orang(DESEMBER))
    assert [one.kode for one in waits.alasan] == ["setahun_belum_ada"]
    sums = Setahun(86_800_000, 1_500_000, 1_252_000, (("saldo:2026-09", 1), ("2026-10", 2)))
    paid = hitung(orang(DESEMBER, setahun=sums))
    # 95.200.000 less 5% and 1.500.000 = 88.940.000; less 54.000.000 = 34.940.000; 5% less what was withheld.
    assert {one.kode: one.jumlah for one in paid.baris}["pph21"] == -495_000
    text = tulis_masukan(orang(DESEMBER, setahun=sums))
    assert baca_masukan(text).setahun == sums
    assert tulis_masukan(baca_masukan(text)) == text
    old = '{"bruto":1,"pengurang":2,"pajak":3}'
    assert baca_masukan(text[: text.index('"setahun":')] + f'"setahun":{old}}}').setahun == Setahun(1, 2, 3)


@pytest.mark.parametrize(
    ("rumus", "alasan"),
    [("pph22 + gaji", "pph22"), ("tarif_ter", "persen"), ("Rp 0 - gaji", "negatif")],
)
def test_a_wrong_sum_is_named_where_it_stands(rumus: str, alasan: str) -> None:
    text = contoh("jawa-barat").replace(
        "  pajak: jika(bulan = 12; pph21; pph21 + gaji x tarif_ter)\n", f"  pajak: {rumus}\n"
    )
    with pytest.raises(KebijakanTidakSah) as wrong:
        baca(text)
    assert {one.bagian for one in wrong.value.masalah} == {"setahun.pajak"}
    assert any(alasan in one.alasan for one in wrong.value.masalah), wrong.value.masalah


def test_the_origin_of_the_sums_must_be_stated() -> None:
    text = contoh("jawa-barat").replace("  - bagian: setahun\n", "  - bagian: rapel\n")
    with pytest.raises(KebijakanTidakSah, match="asal bagian setahun belum disebut"):
        baca(text)


def test_an_extra_payment_counts_with_the_month_it_is_paid_in() -> None:
    ke_13, thr = MasaBayar(2026, 13), MasaBayar(2026, 14)
    known: dict[MasaBayar, Sumbangan] = {
        Period(2026, 10): Sumbangan(1, 0, 0, 1),
        ke_13: Sumbangan(20, 0, 0, 1),
        thr: Sumbangan(300, 0, 0, 1),
    }
    paid = {ke_13: DESEMBER, thr: Period(2027, 1)}
    found = setahun([Period(2026, 10)], None, known, DESEMBER, paid)
    assert isinstance(found, Setahun)
    assert (found.bruto, [name for name, _ in found.asal]) == (21, ["2026-10", "2026-13"])
    # A balance stands for what was paid by then, whatever month that was based on.
    later = setahun([], Saldo(Period(2027, 1), 5, 0, 0, 1), known, Period(2027, 12), paid)
    assert isinstance(later, Setahun)
    assert later.bruto == 5
    plain = setahun([], None, known, Period(2027, 12), paid)
    assert isinstance(plain, Setahun)
    assert plain.bruto == 300


@pytest.mark.parametrize(("paid", "number", "asks"), [(None, 12, True), (12, 12, True), (1, 1, False)])
def test_a_payment_of_the_next_year_is_of_its_own_month(paid: int | None, number: int, asks: bool) -> None:
    """What is compiled and what is followed say the same, and months stay what they are."""
    words = "dasar_bulan: 12" if paid is None else f"dasar_bulan: 12, dibayar_bulan: {paid}"
    policy = baca(contoh("jawa-barat").replace("dasar_bulan: 5", words, 1).encode())
    assert policy.bulan("ke_13", DESEMBER) == number
    assert policy.bulan("bulanan", DESEMBER) == policy.bulan("ke_14", DESEMBER) == 12
    assert minta_setahun(policy, DESEMBER, "ke_13") is asks
    m = Masukan(
        DESEMBER, 9, "PNS", "III/c", None, True, 2, Kehadiran(20, 0, 0, (), (), 0, 0, hari_kerja=20),
        4_500_000,
        jabatan="Pelaksana", menit_aktivitas=6600, ptkp="TK/0", predikat_dari=Period(2026, 11),
        setahun=Setahun(110_000_000, 2_000_000, 2_500_000),
    )  # fmt: skip
    tax = {}
    for kode in ("bulanan", "ke_13", "ke_14"):
        one = m._replace(pembayaran=kode)
        followed = engine.penafsir(policy, DESEMBER).hitung(one).hasil
        assert engine.compiled(policy)(one) == followed
        tax[kode] = -next(line.jumlah for line in followed.baris if line.kode == "pph21")
    # 2% of 5.500.000 for 10.000.000 of January, or what the year leaves.
    assert tax == {"bulanan": 400_000, "ke_14": 400_000, "ke_13": 400_000 if asks else 110_000}


def test_a_policy_without_a_month_of_payment_keeps_its_name() -> None:
    plain = baca(contoh("jawa-barat").replace(PAJAK, "  pajak: pph21 + gaji x tarif_ter\n").encode())
    # What the code of before there was such a word calls this document.
    assert plain.sidik == "db177770e6040933b908b5a7618bcded4467a542009e421062ebe98834425073"
    other = baca(contoh("jawa-barat").replace("dasar_bulan: 5", "dasar_bulan: 5, dibayar_bulan: 6").encode())
    assert other.sidik != plain.sidik
    assert other.bulan_lain == {}
