"""Predikat kinerja (PermenPANRB 6/2022): two ratings of three levels give one of five predikat.

Codes are those of SIASN. There is no score and no arithmetic: max(hasil, perilaku) gives Butuh Perbaikan
where the table says Kurang.
"""

from dataclasses import dataclass
from datetime import date

DI_ATAS, SESUAI, DI_BAWAH = 1, 2, 3
TINGKAT = {DI_ATAS: "Di atas ekspektasi", SESUAI: "Sesuai ekspektasi", DI_BAWAH: "Di bawah ekspektasi"}

SANGAT_BAIK, BAIK, BUTUH_PERBAIKAN, KURANG, SANGAT_KURANG = 1, 2, 3, 4, 5
PREDIKAT = {
    SANGAT_BAIK: "Sangat Baik",
    BAIK: "Baik",
    BUTUH_PERBAIKAN: "Butuh Perbaikan",
    KURANG: "Kurang",
    SANGAT_KURANG: "Sangat Kurang",
}

_TABEL = {
    # (hasil kerja, perilaku kerja): predikat
    (DI_ATAS, DI_BAWAH): KURANG,
    (DI_ATAS, SESUAI): BAIK,
    (DI_ATAS, DI_ATAS): SANGAT_BAIK,
    (SESUAI, DI_BAWAH): KURANG,
    (SESUAI, SESUAI): BAIK,
    (SESUAI, DI_ATAS): BAIK,
    (DI_BAWAH, DI_BAWAH): SANGAT_KURANG,
    (DI_BAWAH, SESUAI): BUTUH_PERBAIKAN,
    (DI_BAWAH, DI_ATAS): BUTUH_PERBAIKAN,
}


def predikat(hasil_kerja: int, perilaku: int) -> int:
    """The predikat code of two ratings (1 above, 2 meets, 3 below expectation). Raises KeyError otherwise."""
    return _TABEL[hasil_kerja, perilaku]


@dataclass(frozen=True, slots=True)
class Tahanan:
    """Why a result waits: stable code, a sentence for people, and who has to act."""

    kode: str
    kalimat: str
    pemilik: str


def alasan_ditahan(*, ditempatkan: bool, ada_atasan: bool, keadaan_skp: str | None, tahun: int) -> Tahanan:
    """The first thing that must happen before somebody without a rating can get a predikat.

    `keadaan_skp` is `diajukan`, `disetujui`, `dikembalikan`, or None when nothing was ever submitted.
    People without atasan (the top official) are agreed with and rated through admin BKD.
    """
    penilai, sebutan = (
        ("atasan", "atasan") if ada_atasan else ("admin_bkd", "kepala daerah melalui admin BKD")
    )
    if not ditempatkan:
        return Tahanan("belum_ditempatkan", "Belum punya jabatan pada akhir bulan ini.", "admin_bkd")
    match keadaan_skp:
        case None:
            return Tahanan("skp_belum_ada", f"SKP tahun {tahun} belum diajukan.", "pegawai")
        case "dikembalikan":
            return Tahanan(
                "skp_dikembalikan", f"SKP tahun {tahun} dikembalikan dan belum diajukan lagi.", "pegawai"
            )
        case "diajukan":
            return Tahanan("skp_belum_disetujui", f"SKP tahun {tahun} belum disetujui {sebutan}.", penilai)
        case _:
            return Tahanan("belum_dinilai", f"Kinerja bulan ini belum dinilai {sebutan}.", penilai)


def belum_waktunya(kode: str, keadaan: str, hari_ini: date, hari_terakhir: date) -> bool:
    """Whether a rating is not late yet: its month runs and takes realisasi. Other reasons wait at once."""
    return kode == "belum_dinilai" and keadaan == "dibuka" and hari_ini <= hari_terakhir
