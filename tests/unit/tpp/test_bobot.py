"""Shares of one whole come to all of it, whether or not the author wrote what they sum to."""

import re

import pytest

from services.tpp.kebijakan.reader import KebijakanTidakSah, MasalahBaris, baca, baca_tersimpan
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import Kehadiran, Masukan
from tests.unit.tpp.strategi import CONTOH, PERIODE

BONTANG = (CONTOH / "bontang.yaml").read_text(encoding="utf-8")
TANPA_JUMLAH = BONTANG.replace("    jumlah: 100%\n", "")


def masalah(text: str) -> tuple[MasalahBaris, ...]:
    with pytest.raises(KebijakanTidakSah) as refused:
        baca(text)
    return refused.value.masalah


def berat(text: str, disiplin: str, isi: str = "") -> str:
    return text.replace("disiplin: 40%}", f"disiplin: {disiplin}{isi}}}")


@pytest.mark.parametrize("disiplin", ["50%", "39,9999%", "0%"])
def test_weights_are_summed_where_nobody_wrote_what_to(disiplin: str) -> None:
    (one,) = masalah(berat(TANPA_JUMLAH, disiplin if "," not in disiplin else f'"{disiplin}"'))
    line = 1 + TANPA_JUMLAH.splitlines().index("    isi: {produktivitas: 60%, disiplin: 40%}")
    assert (one.baris, one.bagian) == (line, "tabel.bobot.isi")
    assert one.alasan.startswith("bobot pada tabel bobot berjumlah ")
    assert one.alasan.endswith(", bukan 100%")
    assert "jumlah: bebas" in one.perbaikan


def test_another_sum_or_none_has_to_be_said() -> None:
    assert baca(TANPA_JUMLAH)
    stacked = berat(BONTANG, "50%")
    assert masalah(stacked)[0].alasan == "bobot berjumlah 110%, bukan 100%"
    assert baca(stacked.replace("    jumlah: 100%\n", "    jumlah: bebas\n"))
    assert baca(stacked.replace("    jumlah: 100%\n", "    jumlah: 110%\n"))


def test_a_dated_change_is_summed_too() -> None:
    change = (
        "    perubahan:\n      - mulai: 2026-07-01\n        pasal: Perubahan\n"
        "        isi: {produktivitas: 70%, disiplin: 40%}\n"
    )
    text = TANPA_JUMLAH.replace(
        "    isi: {produktivitas: 60%, disiplin: 40%}\n",
        "    isi: {produktivitas: 60%, disiplin: 40%}\n" + change,
    )
    (one,) = masalah(text)
    line = 1 + text.splitlines().index("        isi: {produktivitas: 70%, disiplin: 40%}")
    assert (one.baris, one.bagian) == (line, "tabel.bobot.perubahan.0.isi")


def test_each_kelas_has_a_whole_of_its_own() -> None:
    parts = "".join(f"      {kelas}: {{produktivitas: 60%, disiplin: 40%}}\n" for kelas in range(1, 18))
    text = TANPA_JUMLAH.replace("    oleh: [bagian]\n", "    oleh: [kelas, bagian]\n").replace(
        "    isi: {produktivitas: 60%, disiplin: 40%}\n", "    isi:\n" + parts
    )
    text = re.sub(r"bobot\.(\w+)", r"bobot[kelas; '\1']", text)
    assert baca(text)
    assert baca(text.replace("    oleh: [kelas, bagian]\n", "    oleh: [kelas, bagian]\n    jumlah: 100%\n"))
    wrong = text.replace("      7: {produktivitas: 60%", "      7: {produktivitas: 50%")
    assert [one.alasan for one in masalah(wrong)] == [
        "bobot pada tabel bobot untuk kelas 7 berjumlah 90%, bukan 100%"
    ]


def test_written_shares_of_the_same_thing_are_summed() -> None:
    text = BONTANG.replace("    persen: 40%\n    dari: tpp_dasar\n", "    persen: 50%\n    dari: tpp_dasar\n")
    (one,) = masalah(text)
    line = 1 + text.splitlines().index("    persen: 50%")
    assert (one.baris, one.bagian) == (line, "langkah.1.persen")
    assert one.alasan == (
        "bagian dari tpp_dasar pada langkah beban_kerja, prestasi_kerja berjumlah 110%, bukan 100%"
    )
    assert "bobot: bebas" in one.perbaikan
    # Criteria on top of each other say so; one of them is enough, the other then stands alone.
    assert baca(text.replace("    persen: 50%\n", "    persen: 50%\n    bobot: bebas\n"))
    # Steps for some people only are no parts of what everybody has.
    assert baca(text.replace("    persen: 50%\n", "    bila: kelas > 7\n    persen: 50%\n"))


def test_a_stored_policy_is_read_as_it_was_accepted() -> None:
    old = berat(TANPA_JUMLAH, "50%")
    stored = baca_tersimpan(old)
    assert stored.tabel["bobot"].isi == {"produktivitas": "60%", "disiplin": "50%"}
    m = Masukan(PERIODE, 9, "PNS", "III/a", None, True, 2, Kehadiran(20, 0, 0, (), (), 0, 0), 4_500_000)
    assert engine.compile(stored)(m).status == "dihitung"
