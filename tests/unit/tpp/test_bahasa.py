"""Laws of the policy language: any policy it can say, any person, two independent ways to the same figure."""

from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.tpp.kebijakan.checks import periksa
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import Masukan, baca_masukan, tulis_masukan
from tests.unit.tpp.acak import kebijakan, orang

ORANG = 5
"""People for each random policy: making a policy costs more than paying somebody by it."""

laws = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)


def periksa_hukum(data: dict[str, Any], people: list[Masukan], acak: Random) -> int:
    """Hold every law to a policy and people; returns how many were paid."""
    policy = Kebijakan.model_validate(data)
    assert periksa(policy) == ()
    hitung = engine.compile(policy)
    other = engine.compile(Kebijakan.model_validate(_diaduk(data, acak)))
    paid = 0
    for m in people:
        hasil = hitung(m)
        assert hasil == engine.penafsir(policy, m.periode).hitung(m).hasil
        assert hitung(_teraduk(m, acak)) == hasil == other(m)
        assert baca_masukan(tulis_masukan(m)) == m
        assert sum(line.jumlah for line in hasil.baris) == hasil.neto == hasil.bruto - hasil.potongan
        numbers = [hasil.bruto, hasil.potongan, hasil.neto, *(line.jumlah for line in hasil.baris)]
        assert {type(number) for number in numbers} == {int}
        if hasil.status == "ditahan":
            assert hasil.alasan
            assert numbers == [0, 0, 0]
            continue
        paid += 1
        assert min(hasil.bruto, hasil.potongan, hasil.neto) >= 0
        explained = engine.jelaskan(policy, hasil, m)
        assert [(one.kode, one.jumlah) for one in explained] == [
            (one.kode, one.jumlah) for one in hasil.baris
        ]
    return paid


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
    hadir = m.kehadiran
    if hadir is not None:
        hadir = hadir._replace(
            terlambat=tuple(acak.sample(hadir.terlambat, len(hadir.terlambat))),
            pulang_cepat=tuple(acak.sample(hadir.pulang_cepat, len(hadir.pulang_cepat))),
        )
    return m._replace(
        kehadiran=hadir,
        peran=tuple(acak.sample(m.peran, len(m.peran))),
        sanksi=tuple(acak.sample(m.sanksi, len(m.sanksi))),
    )


@laws
@given(kebijakan(), st.lists(orang(), min_size=ORANG, max_size=ORANG), st.randoms(use_true_random=False))
def test_compiled_and_interpreted_agree_and_lines_sum(
    data: dict[str, Any], people: list[Masukan], acak: Random
) -> None:
    periksa_hukum(data, people, acak)
