"""The 3x3 table of PermenPANRB 6/2022, and why somebody's result waits."""

import pytest

from services.assessment.penilaian import rules
from services.assessment.penilaian.rules import DI_ATAS, DI_BAWAH, SESUAI

# As printed: rows hasil kerja, columns perilaku (di bawah, sesuai, di atas).
PRINTED = {
    DI_ATAS: ("Kurang", "Baik", "Sangat Baik"),
    SESUAI: ("Kurang", "Baik", "Baik"),
    DI_BAWAH: ("Sangat Kurang", "Butuh Perbaikan", "Butuh Perbaikan"),
}


@pytest.mark.parametrize("hasil", PRINTED)
def test_table_is_the_printed_one(hasil: int) -> None:
    row = [rules.PREDIKAT[rules.predikat(hasil, perilaku)] for perilaku in (DI_BAWAH, SESUAI, DI_ATAS)]
    assert tuple(row) == PRINTED[hasil]


def test_codes_are_those_of_siasn() -> None:
    assert [rules.PREDIKAT[code] for code in (1, 2, 3, 4, 5)] == [
        "Sangat Baik",
        "Baik",
        "Butuh Perbaikan",
        "Kurang",
        "Sangat Kurang",
    ]


def test_misconduct_is_kurang_and_not_the_larger_of_two_numbers() -> None:
    # A published client sends max(hasil, perilaku) = 3 (Butuh Perbaikan) here.
    assert rules.predikat(DI_ATAS, DI_BAWAH) == rules.KURANG != max(DI_ATAS, DI_BAWAH)


@pytest.mark.parametrize(("hasil", "perilaku"), [(0, 1), (1, 4), (4, 1)])
def test_no_other_rating_exists(hasil: int, perilaku: int) -> None:
    with pytest.raises(KeyError):
        rules.predikat(hasil, perilaku)


@pytest.mark.parametrize(
    ("ditempatkan", "ada_atasan", "keadaan", "kode", "pemilik"),
    [
        (False, False, "disetujui", "belum_ditempatkan", "admin_bkd"),
        (True, True, None, "skp_belum_ada", "pegawai"),
        (True, True, "dikembalikan", "skp_dikembalikan", "pegawai"),
        (True, True, "diajukan", "skp_belum_disetujui", "atasan"),
        (True, False, "diajukan", "skp_belum_disetujui", "admin_bkd"),
        (True, True, "disetujui", "belum_dinilai", "atasan"),
        (True, False, "disetujui", "belum_dinilai", "admin_bkd"),
    ],
)
def test_a_held_result_names_who_has_to_act(
    ditempatkan: bool, ada_atasan: bool, keadaan: str | None, kode: str, pemilik: str
) -> None:
    held = rules.alasan_ditahan(
        ditempatkan=ditempatkan, ada_atasan=ada_atasan, keadaan_skp=keadaan, tahun=2026
    )
    assert (held.kode, held.pemilik) == (kode, pemilik)
    assert held.kalimat.endswith(".")
