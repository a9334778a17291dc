"""Laws of the policy language: any policy it can say, any person, two independent ways to the same figure."""

from random import Random
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.tpp.kebijakan.checks import periksa
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.teliti import teliti
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import (
    HariKejadian,
    Kehadiran,
    Masukan,
    Setahun,
    baca_masukan,
    tulis_masukan,
)
from tests.unit.tpp.acak import kebijakan, orang
from tests.unit.tpp.strategi import CONTOH, PERIODE

ORANG = 5
"""People for each random policy: making a policy costs more than paying somebody by it."""

laws = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)


def periksa_hukum(data: dict[str, Any], people: list[Masukan], acak: Random) -> int:
    """Hold every law to a policy and people; returns how many were paid."""
    policy = Kebijakan.model_validate(data)
    # What a random policy says without a use is no matter of what it comes to.
    assert set(periksa(policy)) <= set(teliti(policy))
    hitung = engine.compile(policy)
    other = engine.compile(Kebijakan.model_validate(_diaduk(data, acak)))
    paid = 0
    for m in [*people, *map(_sejabatan, people, people[1:])]:
        hasil = hitung(m)
        assert hasil == engine.penafsir(policy, m.periode).hitung(m).hasil
        assert hitung(_teraduk(m, acak)) == hasil == other(m)
        assert baca_masukan(tulis_masukan(m)) == m
        assert sum(line.jumlah for line in hasil.baris) == hasil.neto == hasil.bruto - hasil.potongan
        numbers = [hasil.bruto, hasil.potongan, hasil.neto, *(line.jumlah for line in hasil.baris)]
        assert {type(line.jumlah) for line in hasil.iuran} <= {int}
        # Only what puts an earlier month right may be taken back.
        assert min((line.jumlah for line in hasil.iuran if not line.angka), default=0) >= 0
        assert {type(number) for number in numbers} == {int}
        if hasil.status == "ditahan":
            assert hasil.alasan
            assert numbers == [0, 0, 0]
            assert hasil.iuran == ()
            continue
        paid += 1
        assert min(hasil.bruto, hasil.potongan, hasil.neto) >= 0
        explained = engine.jelaskan(policy, hasil, m)
        assert [(one.kode, one.jumlah) for one in explained] == [
            (one.kode, one.jumlah) for one in hasil.baris
        ]
        contributed = engine.jelaskan_iuran(policy, hasil, m)
        assert [(one.kode, one.jumlah) for one in contributed] == [
            (one.kode, one.jumlah) for one in hasil.iuran
        ]
    return paid


def _sejabatan(m: Masukan, lain: Masukan) -> Masukan:
    """Somebody of the same jabatan, status and predikat, of whom everything else is as of another."""
    same = (
        "periode",
        "kelas",
        "status",
        "golongan",
        "plt_kelas",
        "hari_plt",
        "skp_disetujui",
        "predikat",
        "unit",
        "peran",
    )
    also = ("jenis_jabatan", "ptkp", "pembayaran")
    return lain._replace(**{name: getattr(m, name) for name in same + also})


def _diaduk(data: dict[str, Any], acak: Random) -> dict[str, Any]:
    """The same policy with its tables and holds written down in another order."""
    tables = list(data["tabel"].items())
    acak.shuffle(tables)
    rows = {
        kode: {**table, "isi": dict(reversed(table["isi"].items()))} if "isi" in table else table
        for kode, table in tables
    }
    return {**data, "tabel": rows}


def _teraduk(m: Masukan, acak: Random) -> Masukan:
    """The same person with events, roles and sanctions told in another order."""
    hadir, days = m.kehadiran, m.hari_kejadian
    if hadir is not None and m.hari_masuk_akal:
        # Minutes keep their day.
        for name in HariKejadian._fields:
            minutes = getattr(hadir, name)
            order = acak.sample(range(len(minutes)), len(minutes))
            told: Any = {name: tuple(minutes[at] for at in order)}
            hadir = hadir._replace(**told)
            if days is not None:
                days = days._replace(**{name: tuple(getattr(days, name)[at] for at in order)})
    return m._replace(
        kehadiran=hadir,
        hari_kejadian=days,
        peran=tuple(acak.sample(m.peran, len(m.peran))),
        sanksi=tuple(acak.sample(m.sanksi, len(m.sanksi))),
    )


def test_whether_a_fact_is_known_is_no_trait_of_the_jabatan() -> None:
    # Found by R13, seed 7: the first person's answer to tidak_ada(setahun) was kept for all of that kelas.
    data = yaml.safe_load((CONTOH / "kepahiang.yaml").read_text(encoding="utf-8"))
    step = next(one for one in data["langkah"] if one["kode"] == "tpp_dasar")
    step["jumlah"] = "jika(tidak_ada(setahun); Rp 1.000.000; Rp 2.000.000)"
    policy = Kebijakan.model_validate(data)
    hitung = engine.compile(policy)
    hadir = Kehadiran(20, 0, 0, (), (), 0, 0)
    facts = Masukan(PERIODE, 9, "PNS", "III/a", None, True, 2, hadir, 4_500_000, ada_hasil=True)
    known = facts._replace(setahun=Setahun(1, 0, 0))
    assert [hitung(m).bruto for m in (facts, known, known)] == [1_000_000, 2_000_000, 2_000_000]


@laws
@given(kebijakan(), st.lists(orang(), min_size=ORANG, max_size=ORANG), st.randoms(use_true_random=False))
def test_compiled_and_interpreted_agree_and_lines_sum(
    data: dict[str, Any], people: list[Masukan], acak: Random
) -> None:
    periksa_hukum(data, people, acak)
