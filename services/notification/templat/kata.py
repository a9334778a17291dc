"""Words for messages: one template a kind, made when the message is read or mailed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from shared.nip import Nip
from shared.period import MasaBayar, Period

TEMPAT = {
    "skp_diajukan": "SKP bawahan",
    "skp_disetujui": "SKP saya",
    "skp_dikembalikan": "SKP saya",
    "periode_dibuka": "Realisasi",
    "periode_pengiriman_ditutup": "Penilaian",
    "periode_ditutup": "Penilaian",
    "periode_dibuka_kembali": "Realisasi",
    "penilaian_ditahan": "Penilaian saya",
    "penilaian_menunggu_anda": "Penilaian bawahan",
    "tpp_dihitung": "TPP saya",
    "tpp_ditahan": "TPP saya",
    "tpp_dikoreksi": "TPP saya",
    "keberatan_diterima": "TPP saya",
    "keberatan_ditolak": "TPP saya",
    "tpp_dibayar": "TPP saya",
    "tpp_gagal_dibayar": "TPP saya",
    "colek_skp": "SKP bawahan",
    "colek_rencana": "SKP saya",
    "colek_pengajuan": "SKP saya",
    "colek_penilaian": "Penilaian",
    "colek_tpp": "Beranda",
    "colek_penetapan": "Persetujuan TPP",
    "colek_perhitungan": "Perhitungan TPP",
    "colek_kebijakan": "Kebijakan TPP",
    "colek_periode": "Periode",
    "colek_buka_kembali": "Periode",
    "colek_realisasi": "Monitoring",
    "colek_koreksi": "Koreksi kehadiran",
    "colek_rekap": "Impor kehadiran",
    "colek_kalender": "Kalender kerja",
    "colek_koreksi_putusan": "Kehadiran saya",
    "colek_keberatan": "Keberatan TPP",
    "colek_rekening": "Rekening pegawai",
    "colek_lain": "Beranda",
    "faktor_dipasang": "Keamanan akun",
    "faktor_dilepas": "Keamanan akun",
    "faktor_direset": "Keamanan akun",
    "faktor_pemulihan_diganti": "Keamanan akun",
    "faktor_pemulihan_dipakai": "Keamanan akun",
    "faktor_lain": "Keamanan akun",
}
"""Every kind of message, and the part of e-Kinerja where it is dealt with."""

# Plain text: nothing here is HTML, and pages escape what they show.
_ENVIRONMENT = Environment(
    loader=PackageLoader("services.notification.templat", "teks"),
    autoescape=False,  # noqa: S701
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Orang:
    """Somebody as messages call them; parts may be unknown yet."""

    nama: str | None
    nip: str | None

    def __str__(self) -> str:
        if self.nama and self.nip:
            return f"{self.nama} (NIP {Nip(self.nip).tampil()})"
        return self.nama or (
            f"Pegawai dengan NIP {Nip(self.nip).tampil()}" if self.nip else "Seorang pegawai"
        )


@dataclass(frozen=True, slots=True)
class Kata:
    """A message in words: a title and a text."""

    judul: str
    isi: str


def pesan(jenis: str, data: dict[str, Any], tentang: Orang) -> Kata:
    """The message as the inbox shows it."""
    context = _context(data) | {"tentang": tentang}
    return Kata(_block(jenis, "judul", context), _block(jenis, "isi", context))


def surel(jenis: str, data: dict[str, Any], penerima: Orang) -> Kata:
    """The message as an e-mail: what it is about and where to look; no names, no money, no reasons."""
    context = _context(data) | {"penerima": penerima.nama or "Bapak/Ibu", "tempat": TEMPAT[jenis]}
    inner = _block(jenis, "surel", context)
    body = _ENVIRONMENT.get_template("_surel.txt").render(context | {"isi": inner})
    return Kata(_block(jenis, "subjek", context), body)


def _context(data: dict[str, Any]) -> dict[str, Any]:
    context = dict(data)
    if "periode" in context:
        masa = MasaBayar.parse(context["periode"])
        context["periode"], context["khusus"] = masa.tampil(), not isinstance(masa, Period)
    return context


def _block(jenis: str, name: str, context: dict[str, Any]) -> str:
    template = _ENVIRONMENT.get_template(f"{jenis}.txt")
    lines: Iterable[str] = template.blocks[name](template.new_context(context))
    return "".join(lines).strip()
