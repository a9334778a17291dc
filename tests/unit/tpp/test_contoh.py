"""Every shipped policy comes out on its worked examples, and says what is law and what is an assumption."""

from pathlib import Path

import pytest

from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan.uji import uji
from shared.period import Period
from tests.unit.tpp.strategi import CONTOH

DAERAH = {
    "bontang", "kepahiang", "bengkulu", "banjarmasin", "aplikasi-2026", "seluma", "kaltim", "dki",
    "jawa-barat", "umum-60-40",
}  # fmt: skip
"""The table of regions, one outside of it, and the general pattern."""


def test_every_region_is_there() -> None:
    assert {path.stem for path in CONTOH.glob("*.yaml")} == DAERAH


@pytest.mark.parametrize("path", sorted(CONTOH.glob("*.yaml")), ids=lambda path: path.stem)
def test_policy_comes_out_on_its_own_examples(path: Path) -> None:
    policy = baca(path.read_bytes())
    assert uji(policy) == []
    assert len(policy.uji) >= 3
    assert any(case.harap.ditahan for case in policy.uji), "tidak ada contoh yang ditahan"
    assert {one.sifat for one in policy.sumber} & {"asumsi", "praktik"}


def test_a_wrong_expectation_is_told_in_words() -> None:
    text = (CONTOH / "bontang.yaml").read_text(encoding="utf-8")
    changed = (
        text.replace("neto: Rp 5.200.998", "neto: Rp 5.200.999")
        .replace("tl2: -Rp 53.116", "tl9: -Rp 53.116")
        .replace("ditahan: [skp_belum_selesai]", "ditahan: [gaji_belum_ada]")
        .replace("predikat: kurang}", "predikat: kurnag}")
    )
    assert [str(one) for one in uji(baca(changed))] == [
        "Bulan penuh, Baik: neto seharusnya Rp 5.200.999, ternyata Rp 5.200.998",
        "Kurang dibayar 60%: masukan predikat: predikat 'kurnag' tidak dikenal. Perbaikan: pilih salah satu:"
        " sangat_baik, baik, butuh_perbaikan, kurang, sangat_kurang",
        "CPNS, Plt, dan bulan yang buruk: baris tl9 seharusnya -Rp 53.116, ternyata tidak ada baris",
        "SKP belum selesai menahan: pembayaran seharusnya ditahan karena gaji_belum_ada,"
        " ternyata ditahan karena skp_belum_selesai (SKP belum disetujui, sehingga TPP Oktober 2026 ditahan"
        " sampai SKP selesai)",
    ]


def test_a_lagged_quarter_is_the_one_before_also_across_the_year() -> None:
    source = baca((CONTOH / "banjarmasin.yaml").read_text(encoding="utf-8")).sumber_predikat
    read = [str(source.periode(Period(2026, month))) for month in range(1, 13)]
    assert read == ["2025-12"] * 3 + ["2026-03"] * 3 + ["2026-06"] * 3 + ["2026-09"] * 3
