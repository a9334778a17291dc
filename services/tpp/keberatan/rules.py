"""Who answers an objection, and by which way what it points at is put right."""

from datetime import time
from typing import Literal, NamedTuple
from uuid import UUID

Putusan = Literal["diterima", "ditolak"]
Perbaikan = Literal[
    "kehadiran", "cuti", "predikat", "kepegawaian", "gaji", "peran", "sanksi", "kebijakan", "hitung"
]


class Jalan(NamedTuple):
    """A way to a correction that exists: what is put right, and who does that."""

    nama: str
    siapa: str


JALAN: dict[Perbaikan, Jalan] = {
    "kehadiran": Jalan("Kehadiran dikoreksi", "pengelola kinerja OPD"),
    "cuti": Jalan("Surat cuti atau dinas dicatat", "pengelola kinerja OPD"),
    "predikat": Jalan("Bulan dibuka kembali dan dinilai ulang", "admin BKD, lalu pejabat penilai"),
    "kepegawaian": Jalan("Data kepegawaian (jabatan, kelas, golongan, Plt) diperbaiki", "admin BKD"),
    "gaji": Jalan("Gaji diimpor ulang", "keuangan OPD"),
    "peran": Jalan("Peran tambahan dicatat atau dicabut", "keuangan OPD"),
    "sanksi": Jalan("Hukuman disiplin diperbaiki atau dicabut", "admin BKD"),
    "kebijakan": Jalan("Kebijakan TPP yang benar diaktifkan", "admin BKD dan BPKAD"),
    "hitung": Jalan("Datanya sudah benar, TPP dihitung ulang", "admin BKD"),
}
"""All of them lead through facts and the calculation, which alone change money."""


def penjawab(terkunci: bool) -> str:
    """Who answers: offices of the OPD as long as its month is open, BKD alone once it is locked."""
    return "admin BKD" if terkunci else "keuangan OPD atau admin BKD"


def diingatkan(terkunci: bool, *, oleh_keuangan: bool) -> str:
    """The role that is told. `oleh_keuangan`: who objects holds that role, so somebody else has to answer."""
    return "admin_bkd" if terkunci or oleh_keuangan else "keuangan_opd"


def halangan(siapa: UUID, milik: UUID, *, admin: bool, terkunci: bool) -> str:
    """Why somebody of these offices may not answer this objection; empty when they may."""
    if siapa == milik:
        return "Keberatan sendiri tidak dapat dijawab sendiri."
    if terkunci and not admin:
        return "TPP bulan ini sudah dikunci, jadi keberatannya dijawab admin BKD."
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
