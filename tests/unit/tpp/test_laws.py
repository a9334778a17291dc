"""What holds for every policy and every person, and agreement with a calculation that shares nothing."""

import json
from typing import Any, get_args

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.demo import oracle
from services.tpp.kebijakan.checks import periksa
from services.tpp.kebijakan.fakta import Sumber
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import (
    Hasil,
    Kehadiran,
    Masukan,
    baca_baris,
    baca_masukan,
    tulis_baris,
    tulis_masukan,
)
from tests.unit.tpp.strategi import CONTOH, DASAR, PERIODE, kasus, kebijakan, kehadiran, orang

# Making a policy takes some milliseconds, on a busy machine many: slow is not wrong here.
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
laws = settings(calm, max_examples=100)


def hitung(data: dict[str, Any], m: Masukan) -> Hasil:
    return engine.compile(Kebijakan.model_validate(data))(m)


@laws
@given(kasus())
def test_lines_sum_to_the_net_and_nothing_is_a_float(case: tuple[dict[str, Any], Masukan]) -> None:
    hasil = hitung(*case)
    assert hasil.status == "dihitung"
    assert sum(line.jumlah for line in hasil.baris) == hasil.neto
    assert hasil.neto == hasil.bruto - hasil.potongan
    assert 0 <= hasil.neto <= hasil.bruto
    numbers = [hasil.bruto, hasil.potongan, hasil.neto]
    for line in hasil.baris:
        numbers += [line.jumlah, *line.angka]
    assert {type(number) for number in numbers} == {int}


@laws
@given(kasus())
def test_equals_the_independent_calculation(case: tuple[dict[str, Any], Masukan]) -> None:
    data, m = case
    hasil, expected = hitung(data, m), _oracle(data, m)
    assert (hasil.bruto, hasil.potongan, hasil.neto) == (expected.bruto, expected.potongan, expected.neto)


@laws
@given(kasus(), st.randoms())
def test_order_of_events_does_not_matter(case: tuple[dict[str, Any], Masukan], acak: Any) -> None:
    data, m = case
    assert m.kehadiran is not None
    terlambat, pulang = list(m.kehadiran.terlambat), list(m.kehadiran.pulang_cepat)
    acak.shuffle(terlambat)
    acak.shuffle(pulang)
    other = m._replace(kehadiran=m.kehadiran._replace(terlambat=tuple(terlambat), pulang_cepat=tuple(pulang)))
    first, second = hitung(data, m), hitung(data, other)
    assert first == second
    policy = Kebijakan.model_validate(data)
    assert engine.jelaskan(policy, first, m) == engine.jelaskan(policy, second, other)


@laws
@given(kasus(), st.integers(0, 7), st.integers(0, 1440))
def test_more_minutes_never_earn_more(case: tuple[dict[str, Any], Masukan], which: int, more: int) -> None:
    data, m = case
    assert m.kehadiran is not None
    menit = list(m.kehadiran.terlambat) or [0]
    place = which % len(menit)
    before = hitung(data, m._replace(kehadiran=m.kehadiran._replace(terlambat=tuple(menit))))
    menit[place] = min(1440, menit[place] + more)
    after = hitung(data, m._replace(kehadiran=m.kehadiran._replace(terlambat=tuple(menit))))
    assert after.bruto <= before.bruto
    # BPJS and tax are rounded each on its own, so the net may move by a rupiah against the gross.
    assert after.neto <= before.neto + 1


@laws
@given(kasus(), st.sampled_from(["tanpa_keterangan", "tanpa_masuk", "tanpa_pulang"]))
def test_more_absence_never_earns_more(case: tuple[dict[str, Any], Masukan], what: str) -> None:
    data, m = case
    assert m.kehadiran is not None
    worse = m.kehadiran._replace(**{what: getattr(m.kehadiran, what) + 1})
    assert hitung(data, m._replace(kehadiran=worse)).bruto <= hitung(data, m).bruto


@laws
@given(kasus())
def test_a_better_predikat_never_earns_less(case: tuple[dict[str, Any], Masukan]) -> None:
    data, m = case
    paid = [hitung(data, m._replace(predikat=predikat)).bruto for predikat in (1, 2, 3, 4, 5)]
    assert paid == sorted(paid, reverse=True)


@laws
@given(kasus())
def test_one_function_gives_everyone_what_a_fresh_one_gives(case: tuple[dict[str, Any], Masukan]) -> None:
    data, m = case
    used = engine.compile(Kebijakan.model_validate(data))
    for predikat in (5, 3, 1):
        used(m._replace(predikat=predikat, plt_kelas=None))
    assert used(m) == used(m) == hitung(data, m)


@laws
@given(kasus())
def test_every_line_reads_as_a_sentence_with_its_article(case: tuple[dict[str, Any], Masukan]) -> None:
    data, m = case
    hasil = hitung(data, m)
    lines = engine.jelaskan(Kebijakan.model_validate(data), hasil, m)
    assert [(line.kode, line.jumlah) for line in lines] == [(line.kode, line.jumlah) for line in hasil.baris]
    for line in lines:
        assert line.nama
        assert line.pasal
        assert line.sumber in get_args(Sumber)
        assert line.kalimat
        assert "{" not in line.kalimat


@laws
@given(kasus())
def test_stored_form_comes_back_the_same(case: tuple[dict[str, Any], Masukan]) -> None:
    data, m = case
    hasil = hitung(data, m)
    assert baca_baris(tulis_baris(hasil.baris)) == hasil.baris
    assert tulis_baris(hasil.baris) == _json(hasil.baris)
    again = baca_masukan(tulis_masukan(m))
    assert again == m
    assert hitung(data, again) == hasil


_bilangan = st.integers(-5, 2000)
_menit = st.lists(_bilangan, max_size=40).map(tuple)
_hadir_apa_saja = st.tuples(_bilangan, _bilangan, _bilangan, _menit, _menit, _bilangan, _bilangan)
_apa_saja = st.tuples(
    st.just(PERIODE),
    st.integers(-1, 99),
    st.sampled_from(["PNS", "CPNS", "PPPK", "HONORER", ""]),
    st.sampled_from(["III/a", "IX", "IV/e", "III/z", "", "V"]),
    st.none() | st.integers(-1, 99),
    st.booleans(),
    st.none() | st.integers(-1, 9),
    st.none() | kehadiran | _hadir_apa_saja.map(lambda facts: Kehadiran(*facts)),
    st.none() | st.integers(-10, 20_000_000),
).map(lambda facts: Masukan(*facts))


@laws
@given(_apa_saja, st.text(max_size=5), st.text(max_size=5))
def test_stored_inputs_are_what_json_writes(m: Masukan, status: str, golongan: str) -> None:
    m = m._replace(status=status, golongan=golongan)
    hadir = None if m.kehadiran is None else _pokok(m.kehadiran)
    assert tulis_masukan(m) == _json({**_pokok(m), "periode": str(m.periode), "kehadiran": hadir})
    assert baca_masukan(tulis_masukan(m)) == m


def _pokok(facts: Any) -> dict[str, Any]:
    """The facts that are always written."""
    return {name: value for name, value in facts._asdict().items() if name not in facts._field_defaults}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@settings(calm, max_examples=300)
@given(kebijakan(), _apa_saja)
def test_no_person_stops_the_run(data: dict[str, Any], m: Masukan) -> None:
    hasil = hitung(data, m)
    if hasil.status == "ditahan":
        assert hasil.alasan, "ditahan tanpa alasan"
        assert all(reason.kalimat and reason.pemilik and reason.pasal for reason in hasil.alasan)
        assert (hasil.bruto, hasil.potongan, hasil.neto, hasil.baris) == (0, 0, 0, ())
    else:
        assert hasil.alasan == ()
        assert None not in (m.predikat, m.kehadiran)
        assert engine.penafsir(Kebijakan.model_validate(data), m.periode).hitung(m).hasil == hasil
        assert sum(line.jumlah for line in hasil.baris) == hasil.neto >= 0


@settings(calm, max_examples=60)
@given(kebijakan())
def test_generated_policies_are_ones_the_reader_accepts(data: dict[str, Any]) -> None:
    policy = baca(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
    assert policy == Kebijakan.model_validate(data)
    assert periksa(policy) == ()
    assert Kebijakan.model_validate_json(policy.model_dump_json()).sidik == policy.sidik


UTUH = Masukan(PERIODE, 9, "PNS", "III/a", None, True, 2, Kehadiran(20, 0, 0, (), (), 0, 0), 4_000_000)


@pytest.mark.parametrize(
    "held",
    [
        UTUH._replace(predikat=None),
        UTUH._replace(kehadiran=None),
        UTUH._replace(gaji=None),
        UTUH._replace(skp_disetujui=False),
    ],
)
def test_oracle_and_engine_hold_the_same_people(held: Masukan) -> None:
    assert hitung(DASAR, held).status == "ditahan"
    assert _oracle(DASAR, held).ditahan
    assert hitung(DASAR, UTUH).status == "dihitung"
    assert not _oracle(DASAR, UTUH).ditahan


UMUM: dict[str, Any] = yaml.safe_load((CONTOH / "umum-60-40.yaml").read_text(encoding="utf-8"))


@laws
@given(st.sampled_from([DASAR, UMUM]), orang(sorted(DASAR["tabel"]["tpp_dasar"]["isi"])))
def test_shipped_policies_equal_the_independent_calculation(data: dict[str, Any], m: Masukan) -> None:
    hasil, expected = hitung(data, m), _oracle(data, m)
    assert (hasil.bruto, hasil.potongan, hasil.neto) == (expected.bruto, expected.potongan, expected.neto)


def _oracle(data: dict[str, Any], m: Masukan) -> oracle.Angka:
    h = m.kehadiran
    return oracle.hitung(
        data,
        kelas=m.kelas,
        status=m.status,
        golongan=m.golongan,
        plt_kelas=m.plt_kelas,
        hari_plt=m.hari_plt,
        skp_disetujui=m.skp_disetujui,
        predikat=m.predikat,
        gaji=m.gaji,
        kehadiran=None
        if h is None
        else oracle.Rekap(
            list(h.terlambat), list(h.pulang_cepat), h.tanpa_keterangan, h.tanpa_masuk, h.tanpa_pulang
        ),
    )
