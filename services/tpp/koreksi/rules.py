"""What changed between two inputs of the same month, in words for the person whose pay it is."""

from collections.abc import Iterator, Sequence

from services.tpp.kebijakan.model import PREDIKAT
from services.tpp.perhitungan.rules import Kehadiran, Masukan, Segmen

_JUMLAH = (
    ("hadir", "hadir", "hari"),
    ("cuti", "cuti, sakit, dinas luar", "hari"),
    ("tanpa_keterangan", "tanpa keterangan", "hari"),
    ("hari_tanpa_data", "hari kerja tanpa data", "hari"),
    ("tanpa_masuk", "tanpa absen masuk", "kali"),
    ("tanpa_pulang", "tanpa absen pulang", "kali"),
    ("absen_terlewat", "absen terlewat", "kali"),
    ("tanpa_apel", "tanpa apel", "kali"),
    ("tanpa_upacara", "tanpa upacara", "kali"),
)
_SEBULAN = (("menit_aktivitas", "Aktivitas", "menit"), ("hari_laporan", "Laporan harian", "hari"))
_MENIT = (("terlambat", "terlambat"), ("pulang_cepat", "pulang cepat"))


def sebab(lama: Masukan | None, baru: Masukan, *, ditahan: bool) -> list[str]:
    """Why the month is corrected: each input that differs. `ditahan`: it was locked as a held payment."""
    found = ["Tertahan ketika bulan ini dikunci; datanya sekarang lengkap"] if ditahan else []
    if lama is not None:
        found += _beda(lama, baru)
    return found or ["Data bulan ini dilengkapi sesudah dikunci"]


def _beda(lama: Masukan, baru: Masukan) -> Iterator[str]:
    if lama.predikat != baru.predikat:
        yield f"Predikat {_predikat(lama.predikat)} menjadi {_predikat(baru.predikat)}"
    if lama.skp_disetujui != baru.skp_disetujui:
        yield "SKP disetujui" if baru.skp_disetujui else "Persetujuan SKP dicabut"
    if lama.kehadiran != baru.kehadiran:
        yield f"Kehadiran: {_kehadiran(lama.kehadiran, baru.kehadiran)}"
    elif lama.hari_kejadian != baru.hari_kejadian:
        yield "Kehadiran: tanggal keterlambatan atau pulang cepat berubah"
    for name, label in (
        ("kelas", "Kelas jabatan"),
        ("status", "Status"),
        ("golongan", "Golongan"),
        ("plt_kelas", "Kelas jabatan Plt"),
        ("hari_plt", "Lama tugas Plt (hari)"),
    ):
        before, after = getattr(lama, name), getattr(baru, name)
        if before != after:
            yield f"{label} {_atau(before)} menjadi {_atau(after)}"
    if _hari_bertugas(lama) != _hari_bertugas(baru):
        yield _bertugas(baru)
    elif _sebab(lama) != _sebab(baru):
        yield f"Berhenti bertugas karena {_sebab(baru).replace('_', ' ') or 'hal yang tidak disebut'}"
    elif lama.segmen != baru.segmen:
        yield f"{_perubahan((*lama.segmen, *baru.segmen))} di dalam bulan ini"
    if lama.gaji != baru.gaji:
        yield "Gaji dasar iuran diterima" if lama.gaji is None else "Gaji dasar iuran berubah"
    for name, label, unit in _SEBULAN:
        before, after = getattr(lama, name), getattr(baru, name)
        if before != after:
            yield f"{label} {_banyak(before, unit)} menjadi {_banyak(after, unit)}"
    if lama.ada_hasil != baru.ada_hasil:
        yield "Hasil kerja tercatat ada" if baru.ada_hasil else "Hasil kerja tercatat tidak ada"
    if lama.pajak_luar != baru.pajak_luar:
        yield "PPh 21 dari luar diterima" if lama.pajak_luar is None else "PPh 21 dari luar berubah"
    if _jumlah_setahun(lama) != _jumlah_setahun(baru):
        yield "Penghasilan dan pajak bulan-bulan sebelumnya tahun ini berubah"
    if lama.ptkp != baru.ptkp:
        yield f"Status PTKP {_atau(lama.ptkp)} menjadi {_atau(baru.ptkp)}"
    yield from _beda_daerah(lama, baru)


_SENDIRI = (
    ("eselon", "Eselon"),
    ("lokasi", "Tempat bertugas"),
    ("plt_jabatan", "Jabatan yang dirangkap sebagai Plt"),
    ("ikut_zakat", "Pilihan zakat"),
)


def _beda_daerah(lama: Masukan, baru: Masukan) -> Iterator[str]:
    """What a region's own facts, eselon, place, zakat and other cuts say anew; no amount is told."""
    for name, label in _SENDIRI:
        if getattr(lama, name) != getattr(baru, name):
            yield f"{label} berubah"
    for pairs, kind in (("potongan_lain", "Potongan"), ("tambahan", "Fakta")):
        before, after = dict(getattr(lama, pairs)), dict(getattr(baru, pairs))
        for key in sorted(before.keys() | after.keys()):
            if before.get(key) != after.get(key):
                what = (
                    "diterima"
                    if key not in before
                    else "tidak berlaku lagi"
                    if key not in after
                    else "berubah"
                )
                yield f"{kind} {key.replace('_', ' ')} {what}"


def _perubahan(parts: Sequence[Segmen]) -> str:
    """What differs between the parts of a month; a jabatan that changes brings much else along."""

    def differs(*names: str) -> bool:
        return len({tuple(getattr(one, name) for name in names) for one in parts}) > 1

    if differs("status"):
        return "Perubahan status"
    if differs("kelas", "jabatan", "jenis_jabatan", "unit", "opd", "plt_kelas"):
        return "Perpindahan jabatan"
    return next((f"Perubahan {what}" for name, what in _TEMPAT if differs(name)), "Perpindahan jabatan")


_TEMPAT = (("eselon", "eselon"), ("lokasi", "tempat bertugas"))


def _hari_bertugas(m: Masukan) -> tuple[int, int] | None:
    """Days in service, of how many; None: all of them."""
    if not any(part.kosong for part in m.segmen):
        return None
    return sum(part.hari for part in m.segmen if not part.kosong), sum(part.hari for part in m.segmen)


def _sebab(m: Masukan) -> str:
    return next((part.sebab for part in m.segmen if part.sebab), "")


def _bertugas(m: Masukan) -> str:
    days = _hari_bertugas(m)
    if days is None:
        return "Bertugas sebulan penuh"
    return f"Bertugas {days[0]} dari {days[1]} hari" if days[0] else "Tidak bertugas sepanjang bulan ini"


def _jumlah_setahun(m: Masukan) -> tuple[int, ...] | None:
    return None if m.setahun is None else m.setahun[:3]


def _kehadiran(lama: Kehadiran | None, baru: Kehadiran | None) -> str:
    if lama is None or baru is None:
        return "datanya diterima" if lama is None else "datanya ditarik"
    parts = [
        f"{label} {_banyak(getattr(lama, name), unit)} menjadi {_banyak(getattr(baru, name), unit)}"
        for name, label, unit in _JUMLAH
        if getattr(lama, name) != getattr(baru, name)
    ]
    for name, label in _MENIT:
        before, after = getattr(lama, name), getattr(baru, name)
        if before != after:
            parts.append(f"{label} {_menit(before)} menjadi {_menit(after)}")
    return "; ".join(parts) or "rinciannya diperbaiki"


def _banyak(count: int | None, unit: str) -> str:
    return "belum tercatat" if count is None else f"{count} {unit}"


def _menit(events: tuple[int, ...]) -> str:
    return f"{len(events)} kali ({sum(events)} menit)" if events else "tidak pernah"


def _predikat(code: int | None) -> str:
    return "belum ada" if code is None else PREDIKAT[code - 1].replace("_", " ").title()


def _atau(value: object) -> str:
    return "tidak ada" if value is None else str(value)
