"""Laws of the sums of a what-if: nothing lost however people are divided into parts, and exact edges."""

import json
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.tpp.andai.hitung import baca, bandingkan, tulis
from services.tpp.andai.orang import susun
from services.tpp.andai.pengaruh import andaikan, hari_kerja, pengaruh
from services.tpp.andai.rules import SEBARAN, Angka, Bagian, Banding, Sel, golongan
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.queries import terbaca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.kendali import kode_kendali
from services.tpp.perhitungan.rules import (
    Alasan,
    HariKejadian,
    Kehadiran,
    Masukan,
    tulis_alasan,
    tulis_baris,
    tulis_masukan,
)
from shared.period import Period
from tests.unit.tpp.strategi import CONTOH, kasus

rupiah = st.integers(0, 30_000_000)
angka = st.none() | st.builds(lambda neto, cut: Angka(neto + cut, neto), rupiah, rupiah)
sel = st.builds(Sel, st.sampled_from(["A", "B", ""]), st.sampled_from(["P/A", "P/B"]), st.integers(0, 17))
OKTOBER = Period(2026, 10)


@settings(max_examples=200)
@given(st.lists(st.tuples(sel, angka, angka), max_size=40), st.integers(1, 7), st.randoms())
def test_sums_are_the_same_however_people_are_divided(
    people: list[tuple[Sel, Angka | None, Angka | None]], parts: int, acak: Random
) -> None:
    whole = Bagian()
    for one in people:
        whole.tambah(*one)
    shuffled = acak.sample(people, len(people))
    merged = Bagian()
    for part in range(parts):
        some = Bagian()
        for one in shuffled[part::parts]:
            some.tambah(*one)
        merged.gabung(baca(json.loads(json.dumps(tulis(some)))))
    assert merged == whole
    total = whole.jumlah()
    assert total.orang == len(people)
    assert total.bruto_baru == sum(baru.bruto for _, _, baru in people if baru)
    assert total.naik + total.turun + total.tetap == sum(bool(a) and bool(b) for _, a, b in people)
    for names in (("opd_kode",), ("opd_kode", "unit_path"), ("kelas",)):
        cells = whole.menurut(*names).values()
        assert sum(one.neto_lama for one in cells) == total.neto_lama
        assert [sum(one.sebaran[n] for one in cells) for n in range(len(SEBARAN))] == total.sebaran
    both = [(a, b) for _, a, b in people if a and b]
    assert total.naik_rupiah - total.turun_rupiah == sum(b.neto - a.neto for a, b in both)


@pytest.mark.parametrize(
    ("lama", "change", "name"),
    [
        (1_000_000, 0, "tetap"),
        (0, 0, "tetap"),
        (0, 1, "naik_lebih_25"),
        (1_000_000, 1, "naik_sampai_10"),
        (1_000_000, 100_000, "naik_sampai_10"),
        (1_000_000, 100_001, "naik_10_sampai_25"),
        (1_000_000, 250_000, "naik_10_sampai_25"),
        (1_000_000, 250_001, "naik_lebih_25"),
        (1_000_000, -1, "turun_sampai_10"),
        (1_000_000, -100_001, "turun_10_sampai_25"),
        (1_000_000, -1_000_000, "turun_lebih_25"),
    ],
)
def test_edges_of_the_distribution(lama: int, change: int, name: str) -> None:
    assert SEBARAN[golongan(lama, change)] == name


def _contoh(name: str) -> Kebijakan:
    return terbaca((CONTOH / f"{name}.yaml").read_text(encoding="utf-8"))


def _orang(**rest: object) -> Masukan:
    hadir = Kehadiran(20, 0, 1, (15, 45), (), 1, 0)
    m = Masukan(OKTOBER, 9, "PNS", "III/a", None, True, 2, hadir, 4_500_000)
    return m._replace(**rest)  # type: ignore[arg-type]


def _baris(masukan: str, **rest: object) -> dict[str, object]:
    return {
        "pegawai_id": uuid4(), "opd_kode": "A", "unit_path": "P/A", "status": "dihitung", "bruto": 9,
        "neto": 7, "iuran": "[]", "masukan": masukan, "alasan": "[]", "predikat_sumber": None,
        "skp_sumber": False, **rest,
    }  # fmt: skip


def test_a_part_compares_the_figure_that_was_paid_with_what_the_engine_gives() -> None:
    policy = _contoh("bontang")
    hitung = engine.compile(policy)
    people = [_orang(), _orang(predikat=4), _orang(kehadiran=None)]
    rows = [_baris(text) for text in [*map(tulis_masukan, people), "null"]]
    found = bandingkan(susun(rows, OKTOBER, {}), hitung)
    total = found.jumlah()
    paid = [hitung(m) for m in people[:2]]
    assert total.bruto_baru == sum(one.bruto for one in paid)
    assert (total.orang, total.dihitung_baru, total.jadi_ditahan, total.bruto_lama) == (4, 2, 2, 36)
    assert {kode: one.orang for kode, one in found.sebab.items()} == {
        "kehadiran_belum_ada": 1, "penempatan_belum_ada": 1,
    }  # fmt: skip


@settings(max_examples=100)
@given(kasus(), st.integers(0, 2), st.none() | st.integers(1, 5), st.booleans())
def test_paid_again_by_the_same_policy_nobody_has_another_figure(
    one: tuple[dict[str, Any], Masukan], mundur: int, kini: int | None, skp: bool
) -> None:
    """Whatever the rating says now, and whichever month the policy takes it from."""
    data, m = one
    source = m.periode.plus(-mundur)
    if mundur:
        data["sumber_predikat"] = {"pasal": "Pasal uji", "per": "bulan", "mundur": mundur}
        m = m._replace(predikat_dari=source)
    policy = Kebijakan.model_validate(data)
    hitung = engine.compile(policy)
    paid = hitung(m)
    row = _baris(
        tulis_masukan(m), status=paid.status, bruto=paid.bruto, neto=paid.neto,
        alasan=tulis_alasan(paid.alasan),
        predikat_sumber=kini, skp_sumber=skp,
    )  # fmt: skip
    total = bandingkan(susun([row], policy.sumber_predikat.periode(m.periode), {}), hitung).jumlah()
    assert (total.bruto_lama, total.neto_lama) == (total.bruto_baru, total.neto_baru)
    assert (total.dihitung_lama, total.jadi_ditahan, total.jadi_dihitung) == (total.dihitung_baru, 0, 0)


def test_a_hold_that_no_policy_mends_stays() -> None:
    gone = Alasan("tidak_bertugas", "Tidak bertugas", "admin_bkd", "data kepegawaian")
    row = _baris(tulis_masukan(_orang()), status="ditahan", bruto=0, neto=0, alasan=tulis_alasan((gone,)))
    found = bandingkan(susun([row], OKTOBER, {}), engine.compile(_contoh("bontang")))
    assert (found.jumlah().dihitung_baru, found.jumlah().jadi_dihitung) == (0, 0)
    assert found.sebab["tidak_bertugas"].orang == 1


@pytest.mark.parametrize("name", sorted(path.stem for path in CONTOH.glob("*.yaml")))
def test_every_shipped_policy_says_what_changes_a_month(name: str) -> None:
    policy = _contoh(name)
    m, said = andaikan(policy, _orang(predikat=None, kehadiran=None))
    assert m.kehadiran is not None
    assert m.kehadiran.hadir == hari_kerja(OKTOBER) == 22
    assert said
    for one in pengaruh(policy, m):
        assert one.judul
        assert one.hasil.status == "dihitung" or one.hasil.alasan
    lines = {line.kode for line in engine.compile(policy)(_orang()).baris}
    assert lines or name not in ("bontang", "umum-60-40")
    # Banjarmasin pays less instead of cutting; there the comparison with the month before tells.
    assert bool(kode_kendali(policy, OKTOBER)) == (name != "banjarmasin")


def test_one_more_event_falls_on_a_day_of_its_own() -> None:
    policy = _contoh("jawa-barat")
    hitung = engine.compile(policy)
    hadir = Kehadiran(20, 0, 0, (40,), (35,), 0, 0)
    m = _orang(
        kehadiran=hadir, hari_kejadian=HariKejadian((1,), (1,)), menit_aktivitas=6600, ptkp="TK/0",
        predikat_dari=OKTOBER.plus(-1),
    )  # fmt: skip
    found = {one.kode: one.hasil for one in pengaruh(policy, m)}
    late = m._replace(kehadiran=hadir._replace(terlambat=(40, 15)))
    assert found["terlambat"].status == hitung(m).status == "dihitung"
    assert found["terlambat"] == hitung(late._replace(hari_kejadian=HariKejadian((1, 2), (1,))))
    assert found["bersih"] == hitung(
        m._replace(kehadiran=Kehadiran(20, 0, 0, (), (), 0, 0), hari_kejadian=None)
    )
    # A month without events knows their days.
    clean = m._replace(kehadiran=hadir._replace(terlambat=(), pulang_cepat=()), hari_kejadian=None)
    assert {one.kode: one.hasil.status for one in pengaruh(policy, clean)}["terlambat"] == "dihitung"


def test_what_the_region_pays_as_employer_is_summed_beside_the_budget() -> None:
    policy = _contoh("jawa-barat")
    hitung = engine.compile(policy)
    m = _orang(
        kehadiran=Kehadiran(20, 0, 0, (), (), 0, 0), menit_aktivitas=6600, ptkp="TK/0",
        predikat_dari=OKTOBER.plus(-1),
    )  # fmt: skip
    paid = hitung(m)
    assert sum(line.jumlah for line in paid.baris) == paid.neto
    assert paid.jumlah_iuran == sum(line.jumlah for line in paid.iuran) > 0
    rows = [
        _baris(tulis_masukan(m)),
        _baris(tulis_masukan(m), iuran=tulis_baris(paid.iuran)),
        _baris(tulis_masukan(m._replace(kehadiran=None)), iuran=tulis_baris(paid.iuran)),
    ]
    total = bandingkan(susun(rows, OKTOBER.plus(-1), {}), hitung).jumlah()
    assert (total.iuran_lama, total.iuran_baru) == (2 * paid.jumlah_iuran, 2 * paid.jumlah_iuran)
    kept: list[Any] = total.isi()
    assert Banding(*kept) == total
    # A result stored before there were contributions is read as one without them.
    assert Banding(*kept[:-2]).iuran_baru == 0


def test_one_more_event_is_what_the_engine_gives_for_it() -> None:
    policy = _contoh("bontang")
    hitung, m = engine.compile(policy), _orang()
    assert m.kehadiran is not None
    found = {one.kode: one for one in pengaruh(policy, m)}
    late = m.kehadiran._replace(terlambat=(15, 45, 15))
    assert found["terlambat"].hasil == hitung(m._replace(kehadiran=late))
    assert found["predikat_turun"].hasil == hitung(m._replace(predikat=3))
    assert found["skp"].hasil.alasan[0].kode == "skp_belum_selesai"
    assert found["bersih"].hasil.neto > hitung(m).neto
    assert "realisasi" not in found
    assert any("2 kali" in text for text in found["terlambat"].rincian)
