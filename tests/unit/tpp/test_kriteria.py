"""Criteria of TPP in a policy: what may state one, and the full amounts worked out from it."""

from typing import Any

import pytest
import yaml

from services.tpp.kebijakan.kriteria import dengan_besaran, kriteria
from services.tpp.kebijakan.model import KRITERIA
from services.tpp.kebijakan.reader import KebijakanTidakSah, baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.masukan_teks import baca_teks
from services.tpp.perhitungan.uji import masukan_kasus
from shared.period import Period
from tests.unit.tpp.strategi import CONTOH


def berkas(nama: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((CONTOH / f"{nama}.yaml").read_text(encoding="utf-8"))
    return data


@pytest.mark.parametrize(
    ("nama", "kode", "isi", "alasan"),
    [
        ("bontang", "tambahan_plt", "beban", "'beban' tidak dikenal"),
        ("bontang", "pph21", "beban_kerja", "kriteria bukan untuk pph21"),
        ("bontang", "rapel_lalu", "beban_kerja", "kriteria bukan untuk rapel_lalu"),
        ("bontang", "tambahan_plt", "@", "kriteria @ tidak dikenal"),
        ("banjarmasin", "persen_hadir", "beban_kerja", "persen_hadir berisi persen, bukan rupiah"),
    ],
)
def test_a_criterion_is_one_of_five_and_belongs_to_rupiah_that_are_paid(
    nama: str, kode: str, isi: str, alasan: str
) -> None:
    data = berkas(nama)
    step = next(one for one in data["langkah"] if one["kode"] == kode)
    step["kriteria"] = isi
    with pytest.raises(KebijakanTidakSah) as refused:
        baca(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
    assert any(alasan in one.alasan and one.baris for one in refused.value.masalah), refused.value.masalah


def test_where_criteria_come_from_is_said() -> None:
    data = berkas("bontang")
    data["sumber"] = [one for one in data["sumber"] if one["bagian"] != "kriteria"]
    with pytest.raises(KebijakanTidakSah, match="kriteria"):
        baca(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))


@pytest.mark.parametrize("path", sorted(CONTOH.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_line_that_adds_states_one_and_full_amounts_change_no_line(path: Any) -> None:
    policy = baca(path.read_bytes())
    found = kriteria(policy)
    assert set(found.baris.values()) <= set(KRITERIA)
    if not found.besaran:
        return
    plain, longer = engine.compile(policy), engine.compile(dengan_besaran(policy))
    seen = 0
    for case in policy.uji:
        written = masukan_kasus(policy, case)
        program = engine.penafsir(policy, Period.parse(str(written["periode"]))).program
        m, _ = baca_teks(written, program.fakta)
        assert m is not None
        before, after = plain(m), longer(m)
        assert after.status == before.status
        assert after.baris[: len(before.baris)] == before.baris
        added = {line.kode for line in after.baris[len(before.baris) :]}
        assert added <= set(found.besaran.values())
        seen += len(added)
    assert seen
