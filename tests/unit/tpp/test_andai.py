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
from services.tpp.andai.pengaruh import Pengaruh, catatan_predikat, pengaruh
from services.tpp.andai.rules import SEBARAN, Angka, Bagian, Banding, Sel, golongan
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.queries import terbaca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.kendali import kode_kendali
from services.tpp.perhitungan.perkiraan import Diketahui, Pengandai, Perkiraan
from services.tpp.perhitungan.rules import (
    Alasan,
    HariKejadian,
    Kehadiran,
    Masukan,
    Segmen,
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


SEMUA = sorted(path.stem for path in CONTOH.glob("*.yaml"))
MANGKIR = Kehadiran(8, 1, 2, (15, 45), (20,), 1, 0, (("sakit", 1),), hari_kerja=22)


def _tersisa(policy: Kebijakan, m: Masukan, **known: Any) -> tuple[Pengandai, Perkiraan, Diketahui]:
    """What an estimate of October makes of these inputs; attendance not known comes with 21 working days."""
    andai = Pengandai(policy, OKTOBER)
    kini = andai.sumber == OKTOBER
    tahu = Diketahui(**{"menyusul": kini, "skp": not kini, "kerja": 21, **known})
    return andai, andai(m._replace(predikat_dari=None if kini else andai.sumber), tahu), tahu


def _belum_tahu(name: str) -> Masukan:
    """A person of whom nothing is known but jabatan, salary and family; earlier predikat where one pays."""
    policy = _contoh(name)
    lagged = policy.sumber_predikat.periode(OKTOBER) != OKTOBER
    return _orang(predikat=4 if lagged else None, skp_disetujui=lagged, kehadiran=None, ptkp="K/1")


@pytest.mark.parametrize("name", SEMUA)
def test_before_anything_is_known_a_figure_stands_on_what_is_said(name: str) -> None:
    policy = _contoh(name)
    m = _belum_tahu(name)
    andai, p, tahu = _tersisa(policy, m)
    hasil = andai.hitung(p.masukan)
    outside = {
        "dki": {"pajak_luar_belum_ada"},
        "aplikasi-2026": {"nilai_produktivitas_belum_ada", "nilai_perilaku_belum_ada"},
    }
    assert {one.kode for one in hasil.alasan} == outside.get(name, set())
    assert all(one.pemilik for one in hasil.alasan)
    assert p.masukan.kehadiran is not None
    assert (p.masukan.kehadiran.hadir, p.sisa) == (21, 21)
    # Exactly what differs from the known inputs is said, and nothing else.
    changed = {
        name
        for name in ("predikat", "skp_disetujui", "menit_aktivitas", "hari_laporan", "ada_hasil")
        if getattr(p.masukan, name) != getattr(m, name)
    }
    counted = {
        name
        for name in ("tanpa_apel", "tanpa_upacara", "absen_terlewat")
        if getattr(p.masukan.kehadiran, name) is not None
    }
    assert {one.kode for one in p.andaian} == changed | counted | {"kehadiran"}
    assert changed | counted <= andai.dipakai
    if tahu.menyusul:
        assert p.masukan.predikat in (None, 2)
    else:
        assert p.masukan.predikat == 4
    lines = {line.kode for line in engine.compile(policy)(_orang()).baris}
    assert lines or name not in ("bontang", "umum-60-40")
    # Banjarmasin pays less instead of cutting; there the comparison with the month before tells.
    assert bool(kode_kendali(policy, OKTOBER)) == (name != "banjarmasin")


def test_nothing_is_assumed_of_what_is_known() -> None:
    policy = _contoh("bontang")
    m = _orang()
    _, p, _ = _tersisa(policy, m, skp=True)
    assert (p.masukan, p.andaian, p.sisa) == (m, (), 0)
    # Days of which nothing is known are present; days before somebody came are not theirs.
    m = _orang(
        kehadiran=MANGKIR,
        segmen=(
            Segmen(6, 4, 9, "PNS", "III/a", kosong=True),
            Segmen(25, 18, 9, "PNS", "III/a"),
        ),
    )
    _, p, _ = _tersisa(policy, m, skp=True, tanpa_data=11)
    assert p.masukan.kehadiran == MANGKIR._replace(hadir=8 + 7)
    assert [one.kode for one in p.andaian] == ["sisa_hari"]
    assert "7 hari kerja" in p.andaian[0].kalimat
    # A month of letters alone: the days left are present.
    _, p, _ = _tersisa(policy, _orang(kehadiran=None), skp=True, cuti=(("sakit", 3),))
    assert p.masukan.kehadiran == Kehadiran(18, 3, 0, (), (), 0, 0, (("sakit", 3),), hari_kerja=21)
    # Without any working day there is nothing to assume, and the payment waits.
    andai, p, _ = _tersisa(policy, _orang(kehadiran=None), skp=True, kerja=0)
    assert andai.hitung(p.masukan).alasan[0].kode == "kehadiran_belum_ada"


@pytest.mark.parametrize(("name", "minutes"), [("banjarmasin", 6_750), ("jawa-barat", 6_600)])
def test_minutes_are_assumed_as_the_policy_pays_them_in_full(name: str, minutes: int) -> None:
    policy = _contoh(name)
    andai, p, _ = _tersisa(policy, _belum_tahu(name))
    assert p.masukan.menit_aktivitas == minutes
    full = andai.hitung(p.masukan).bruto
    assert andai.hitung(p.masukan._replace(menit_aktivitas=minutes - 1)).bruto < full
    assert andai.hitung(p.masukan._replace(menit_aktivitas=40_000)).bruto == full
    found = _pengaruh(policy, _belum_tahu(name))
    assert found["menit_kurang"].hasil.neto < andai.hitung(p.masukan).neto
    # Told in part, what is still missing is offered instead.
    some = _belum_tahu(name)._replace(menit_aktivitas=3_000)
    found = _pengaruh(policy, some)
    assert "menit_kurang" not in found
    assert found["menit_cukup"].masukan.menit_aktivitas == minutes
    assert found["menit_cukup"].hasil.bruto == full
    assert "menit_cukup" not in _pengaruh(policy, some._replace(menit_aktivitas=minutes))


def _pengaruh(policy: Kebijakan, m: Masukan, **known: Any) -> dict[str, Pengaruh]:
    andai, p, tahu = _tersisa(policy, m, **known)
    return {one.kode: one for one in pengaruh(policy, andai, p, tahu)}


@pytest.mark.parametrize(
    ("name", "kode"),
    [
        ("bengkulu", "laporan_kurang"),
        ("kaltim", "tanpa_apel"),
        ("seluma", "absen_terlewat"),
        ("kepahiang", "realisasi"),
        ("banjarmasin", "menit_kurang"),
        ("bontang", "skp"),
    ],
)
def test_what_a_policy_looks_at_is_offered_by_it_alone(name: str, kode: str) -> None:
    assert kode in _pengaruh(_contoh(name), _belum_tahu(name))
    assert kode not in _pengaruh(_contoh("umum-60-40"), _belum_tahu("umum-60-40"))


@pytest.mark.parametrize("name", ["banjarmasin", "dki", "jawa-barat"])
def test_an_earlier_predikat_counts_and_is_not_offered(name: str) -> None:
    policy = _contoh(name)
    m = _belum_tahu(name)._replace(pajak_luar=0)
    andai, p, _ = _tersisa(policy, m)
    found = _pengaruh(policy, m)
    assert found
    assert not {"predikat_naik", "predikat_turun", "skp"} & found.keys()
    good = andai.hitung(p.masukan._replace(predikat=2))
    assert andai.hitung(p.masukan).neto < good.neto
    note = catatan_predikat(policy, andai, p.masukan)
    assert note is not None
    assert "memakai predikat September 2026, yaitu Kurang" in note
    paid = "Januari 2027 sampai Maret 2027" if name == "banjarmasin" else "November 2026"
    assert f"mengubah TPP {paid}" in note
    # While September is still rated, its predikat may change.
    rated = _pengaruh(policy, m, menyusul=True, skp=True)
    assert "September 2026" in rated["predikat_naik"].judul
    assert catatan_predikat(_contoh("bontang"), Pengandai(_contoh("bontang"), OKTOBER), m) is None


def test_reports_that_may_still_come_are_offered() -> None:
    policy = _contoh("bengkulu")
    m = _orang(kehadiran=MANGKIR, hari_laporan=7)
    found = _pengaruh(policy, m, tanpa_data=11)
    assert found["laporan_penuh"].masukan.hari_laporan == 18
    assert "laporan_penuh" not in _pengaruh(policy, m, tanpa_data=0)


def test_one_more_event_falls_on_a_day_of_its_own() -> None:
    policy = _contoh("jawa-barat")
    hadir = Kehadiran(20, 0, 0, (40,), (35,), 0, 0)
    m = _orang(
        kehadiran=hadir, hari_kejadian=HariKejadian((1,), (1,)), menit_aktivitas=6600, ptkp="TK/0",
        predikat_dari=OKTOBER.plus(-1),
    )  # fmt: skip
    andai, p, tahu = _tersisa(policy, m, skp=True, tanpa_data=2)
    assert p.masukan.kehadiran == hadir._replace(hadir=22)
    found = {one.kode: one for one in pengaruh(policy, andai, p, tahu)}
    late = found["terlambat"].masukan
    assert late.kehadiran is not None
    first, more = late.kehadiran.terlambat
    assert (first, more > 0, late.hari_kejadian) == (40, True, HariKejadian((1, 2), (1,)))
    assert found["terlambat"].hasil.status == andai.hitung(p.masukan).status == "dihitung"
    assert found["bersih"].masukan.hari_kejadian == HariKejadian()
    assert found["bersih"].hasil == andai.hitung(
        m._replace(kehadiran=Kehadiran(22, 0, 0, (), (), 0, 0), hari_kejadian=None)
    )
    # A month without events knows their days.
    clean = m._replace(kehadiran=hadir._replace(terlambat=(), pulang_cepat=()), hari_kejadian=None)
    assert _pengaruh(policy, clean, skp=True, tanpa_data=2)["terlambat"].hasil.status == "dihitung"


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
    found = _pengaruh(policy, m, tanpa_data=1)
    m = m._replace(kehadiran=m.kehadiran._replace(hadir=21))
    assert m.kehadiran is not None
    late = m.kehadiran._replace(terlambat=(15, 45, 15))
    assert found["terlambat"].hasil == hitung(m._replace(kehadiran=late))
    assert found["predikat_turun"].hasil == hitung(m._replace(predikat=3))
    assert found["skp"].hasil.alasan[0].kode == "skp_belum_selesai"
    assert found["bersih"].hasil.neto > hitung(m).neto
    assert "realisasi" not in found
    assert any("2 kali" in text for text in found["terlambat"].rincian)
    # The month is over: what is recorded can be mended, and nothing more can happen.
    assert set(_pengaruh(policy, _orang(), skp=True, menyusul=False)) == {"bersih"}


@settings(max_examples=200)
@given(kasus(), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 10))
def test_a_change_is_worth_what_the_engine_says_it_is(
    one: tuple[dict[str, Any], Masukan], rated: bool, menyusul: bool, present: bool, sisa: int
) -> None:
    """Whatever the policy: with the change less without it, and nothing offered that changes nothing."""
    data, m = one
    policy = Kebijakan.model_validate(data)
    m = m._replace(
        predikat=m.predikat if rated else None, kehadiran=m.kehadiran if present else None, periode=OKTOBER
    )
    hitung = engine.compile(policy)
    andai, p, tahu = _tersisa(policy, m, menyusul=menyusul, skp=rated, tanpa_data=sisa)
    now = hitung(p.masukan)
    for found in pengaruh(policy, andai, p, tahu):
        after = hitung(found.masukan)
        assert found.masukan != p.masukan
        assert found.hasil == after
        assert (after.status, after.neto - now.neto) != (now.status, 0)
        if found.kode == "predikat_naik":
            assert p.masukan.predikat is not None
            assert found.masukan.predikat == p.masukan.predikat - 1
