"""Who answers an objection, and by which way what it points at is put right."""

from datetime import time
from typing import Literal
from uuid import UUID

Putusan = Literal["diterima", "ditolak"]
Perbaikan = Literal[
    "kehadiran",
    "cuti",
    "aktivitas",
    "predikat",
    "kepegawaian",
    "gaji",
    "pajak",
    "peran",
    "sanksi",
    "fakta",
    "kebijakan",
    "hitung",
]


JALAN: dict[Perbaikan, str] = {
    "kehadiran": "Kehadiran dikoreksi",
    "cuti": "Surat cuti atau dinas dicatat",
    "aktivitas": "Menit aktivitas atau hari laporan diimpor ulang",
    "predikat": "Bulan dibuka kembali dan dinilai ulang",
    "kepegawaian": "Data kepegawaian (jabatan, kelas, golongan, Plt) diperbaiki",
    "gaji": "Gaji diimpor ulang",
    "pajak": "PPh 21 yang dihitung di luar diimpor ulang",
    "peran": "Peran tambahan dicatat atau dicabut",
    "sanksi": "Hukuman disiplin diperbaiki atau dicabut",
    "fakta": "Eselon, tempat bertugas, zakat, potongan, atau fakta daerah diperbaiki",
    "kebijakan": "Kebijakan TPP yang benar diaktifkan",
    "hitung": "Datanya sudah benar, TPP dihitung ulang",
}
"""Ways to a correction. All of them lead through facts and the calculation, which alone change money."""

PELAKSANA: dict[Perbaikan, str] = {
    "kehadiran": "pengelola kinerja OPD",
    "cuti": "pengelola kinerja OPD",
    "aktivitas": "pengelola kinerja OPD",
    "predikat": "admin BKD, lalu pejabat penilai",
    "kepegawaian": "admin BKD",
    "gaji": "keuangan OPD",
    "pajak": "keuangan OPD",
    "peran": "keuangan OPD",
    "sanksi": "admin BKD",
    "fakta": "pengelola kinerja atau keuangan OPD, eselon oleh admin BKD",
    "kebijakan": "admin BKD dan BPKAD",
    "hitung": "admin BKD",
}
"""Who takes each of them."""

_PENJAWAB = {False: "keuangan OPD atau admin BKD", True: "admin BKD"}
_HALANGAN = {
    "sendiri": "Keberatan sendiri tidak dapat dijawab sendiri.",
    "peran": "Peran Anda membaca keberatan, tidak menjawabnya.",
    "terkunci": "TPP bulan ini sudah dikunci, jadi keberatannya dijawab admin BKD.",
}


def penjawab(terkunci: bool) -> str:
    """Who answers: offices of the OPD as long as its month is open, BKD alone once it is locked."""
    return _PENJAWAB[terkunci]


def diingatkan(terkunci: bool, *, tanpa_keuangan: bool) -> str:
    """The role that is told. `tanpa_keuangan`: who objects holds that role, or works in no OPD."""
    return "admin_bkd" if terkunci or tanpa_keuangan else "keuangan_opd"


def halangan(siapa: UUID, milik: UUID, *, admin: bool, keuangan: bool, terkunci: bool) -> str:
    """Why somebody who may read an objection may not answer it; empty when they may.

    `admin`, `keuangan`: whether they hold the role of admin BKD, of the OPD's keuangan.
    """
    if siapa == milik:
        return _HALANGAN["sendiri"]
    if not admin and not keuangan:
        return _HALANGAN["peran"]
    if terkunci and not admin:
        return _HALANGAN["terkunci"]
    return ""


def mencolok(
    masuk_jadwal: time | None, pulang_jadwal: time | None, keterangan: str | None, masuk: time | None,
    pulang: time | None, *, malam: bool,
) -> bool:  # fmt: skip
    """Whether a cut for attendance can rest on this day: absent, late, gone early, or a clock time missing.

    `malam`: the shift ends on the next day, whose clock times cannot be compared.
    """
    if masuk_jadwal is None or pulang_jadwal is None:
        return False
    if keterangan == "A":
        return True
    if keterangan != "":
        return False
    if masuk is None or pulang is None:
        return True
    return not malam and (masuk > masuk_jadwal or pulang < pulang_jadwal)
