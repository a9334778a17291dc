"""The guides of `docs/panduan` as the product shows them: which there are, for whom, and their built text."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

from shared.auth.guard import Principal
from shared.web.assets import DIST

FILE = "panduan.json"
"""The built texts, beside the other assets."""


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide: its file's name, what it is about, and for whose work (no roles: everyone's)."""

    name: str
    about: str
    roles: tuple[str, ...] = ()

    def meant_for(self, who: Principal) -> bool:
        """Whether it is about work of this person."""
        return not self.roles or any(who.holds(role) for role in self.roles)

    def text(self) -> tuple[str, Markup]:
        """Its title and its HTML, in which no text of anybody else stands."""
        title, html = _built()[self.name]
        return title, Markup(html)  # noqa: S704 - our own document, escaped when it was built


GUIDES = (
    Guide("pegawai", "Pegawai: SKP, realisasi, penilaian, dan TPP"),
    Guide("atasan", "Atasan: memutuskan SKP, menilai bawahan", ("atasan",)),
    Guide(
        "kepegawaian",
        "Pengelola kinerja dan admin BKD: data, akun, bulan, perhitungan",
        ("pengelola", "admin_bkd"),
    ),
    Guide("kehadiran", "Kehadiran: kalender, sif, cuti, berkas mesin", ("pengelola", "admin_bkd")),
    Guide("keuangan", "Gaji, persetujuan, dan rekap TPP", ("keuangan_opd", "admin_bkd", "bpkad")),
    Guide("pembayaran", "Rekening, berkas bank dan SIPD, rekonsiliasi", ("keuangan_opd", "bpkad")),
    Guide(
        "simulasi-tpp",
        "Simulasi anggaran dan TPP yang perlu perhatian",
        ("pimpinan", "pengelola", "keuangan_opd", "admin_bkd", "bpkad", "auditor"),
    ),
    Guide("kebijakan-tpp", "Menulis kebijakan TPP daerah", ("admin_bkd", "bpkad")),
)


@cache
def _built() -> Mapping[str, Sequence[str]]:
    path = DIST / FILE
    if not path.exists():
        raise RuntimeError("Panduan belum dibangun. Jalan keluar: jalankan `make setup`.")
    found: Mapping[str, Sequence[str]] = json.loads(path.read_text(encoding="utf-8"))
    return found
