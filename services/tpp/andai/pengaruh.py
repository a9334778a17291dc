"""What may still happen in somebody's month, and what it would change, by the very function that pays it.

Only what can still change this month is looked at, and only what would change its payment is told: never an
earlier predikat that is settled, nor a day that is over.
"""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, NamedTuple

from services.tpp.kebijakan.fakta import HARI_SEBULAN
from services.tpp.kebijakan.model import PREDIKAT, Kebijakan
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.perkiraan import Diketahui, Pengandai, Perkiraan, nama_predikat, ribuan
from services.tpp.perhitungan.rules import HariKejadian, Hasil, Kehadiran, Masukan, Penjelasan
from shared.period import Period

_MENIT = (15, 30, 60, 120)
"""Lateness that is tried, until one costs something."""
_JAM = 60
_RINCIAN = 3

Calon = tuple[str, str, Masukan]
"""One thing that may happen: code, in words, the inputs after it."""


class Pengaruh(NamedTuple):
    """One change, what the month would come to, and the slip lines that would then read differently."""

    kode: str
    judul: str
    masukan: Masukan
    hasil: Hasil
    rincian: tuple[str, ...]


def pengaruh(k: Kebijakan, andai: Pengandai, p: Perkiraan, tahu: Diketahui) -> list[Pengaruh]:
    """Every change that this policy looks at and that changes the payment, in the order people meet them."""
    now = andai.hitung(p.masukan)
    if now.status == "ditahan":
        return []
    before = engine.jelaskan(k, now, p.masukan)
    found: dict[str, Pengaruh] = {}
    for kode, judul, m in _calon(andai, p, tahu):
        if kode in found or m == p.masukan:
            continue
        hasil = andai.hitung(m)
        if (hasil.status, hasil.neto) != (now.status, now.neto):
            after = engine.jelaskan(k, hasil, m)
            found[kode] = Pengaruh(kode, judul, m, hasil, _berbeda(before, after))
    return list(found.values())


def catatan_predikat(k: Kebijakan, andai: Pengandai, m: Masukan) -> str | None:
    """Of a policy that pays by an earlier predikat: which one counts now, and what the next one pays."""
    sumber = andai.sumber
    if sumber == andai.periode or "predikat" not in andai.dipakai:
        return None
    first = andai.periode.plus(1)
    while k.sumber_predikat.periode(first) == sumber:
        first = first.plus(1)
    kelak = k.sumber_predikat.periode(first)
    last = first
    while k.sumber_predikat.periode(last.plus(1)) == kelak:
        last = last.plus(1)
    nama = "" if m.predikat is None else f", yaitu {nama_predikat(m.predikat)}"
    sampai = first.tampil() if first == last else f"{first.tampil()} sampai {last.tampil()}"
    return (
        f"TPP {andai.periode.tampil()} memakai predikat {sumber.tampil()}{nama}. "
        f"{_sesudah(andai.periode, kelak)} mengubah TPP {sampai}, bukan bulan ini."
    )


def _sesudah(kini: Period, kelak: Period) -> str:
    return "Penilaian bulan ini" if kelak == kini else f"Penilaian {kelak.tampil()}"


def _calon(andai: Pengandai, p: Perkiraan, tahu: Diketahui) -> Iterator[Calon]:
    m, used = p.masukan, andai.dipakai
    if tahu.menyusul and m.predikat is not None and "predikat" in used:
        bulan = "" if andai.sumber == andai.periode else f"{andai.sumber.tampil()} "
        for kode, other in (("predikat_naik", m.predikat - 1), ("predikat_turun", m.predikat + 1)):
            if 1 <= other <= len(PREDIKAT):
                judul = f"Predikat {bulan}{nama_predikat(other)}, bukan {nama_predikat(m.predikat)}"
                yield kode, judul, m._replace(predikat=other)
    if tahu.menyusul and not tahu.skp:
        yield "skp", "SKP tidak disetujui sampai bulan ditutup", m._replace(skp_disetujui=False)
    if m.ada_hasil:
        yield "realisasi", "Tidak ada realisasi yang diterima", m._replace(ada_hasil=False)
    yield from _aktivitas(andai, p)
    if m.kehadiran is None:
        return
    if p.sisa:
        yield from _kejadian(andai, m, m.kehadiran)
    h = m.kehadiran
    times: dict[str, Any] = {name: 0 for name, _ in _KALI if getattr(h, name)}
    clean = h._replace(
        hadir=h.hadir + h.tanpa_keterangan,
        tanpa_keterangan=0,
        terlambat=(),
        pulang_cepat=(),
        tanpa_masuk=0,
        tanpa_pulang=0,
        **times,
    )
    judul = "Semua keterlambatan dan ketidakhadiran dibetulkan lewat permohonan"
    yield "bersih", judul, _berhari(m, clean)


def _berhari(m: Masukan, h: Kehadiran) -> Masukan:
    """The inputs with other attendance; an event more falls on a day that had none."""
    if m.tanpa_hari:
        return m._replace(kehadiran=h)
    known = m.hari_kejadian or HariKejadian()
    taken = {day for dated in known for day in dated}
    free = (day for day in range(1, HARI_SEBULAN + 1) if day not in taken)
    days = (
        tuple(islice(chain(dated, free), len(getattr(h, name)))) for name, dated in known._asdict().items()
    )
    return m._replace(kehadiran=h, hari_kejadian=HariKejadian(*days))


def _aktivitas(andai: Pengandai, p: Perkiraan) -> Iterator[Calon]:
    """Minutes and reports: one more, all of them, fewer than assumed."""
    m, diandaikan = p.masukan, {one.kode for one in p.andaian}
    full = andai.menit_penuh(m)
    if full and m.menit_aktivitas is not None:
        if m.menit_aktivitas < full:
            yield "menit_cukup", f"Menit aktivitas mencapai {ribuan(full)}", m._replace(menit_aktivitas=full)
        elif "menit_aktivitas" in diandaikan:
            less = max(0, full - _JAM)
            judul = f"Menit aktivitas hanya {ribuan(less)}, kurang dari {ribuan(full)}"
            yield "menit_kurang", judul, m._replace(menit_aktivitas=less)
    if m.hari_laporan is None or "hari_laporan" not in andai.dipakai:
        return
    if "hari_laporan" in diandaikan:
        yield (
            "laporan_kurang",
            "Sehari tanpa laporan harian",
            m._replace(hari_laporan=max(0, m.hari_laporan - 1)),
        )
    elif p.sisa:
        days = m.hari_laporan + p.sisa
        judul = f"Laporan harian masuk juga pada {p.sisa} hari kerja yang belum tercatat"
        yield "laporan_penuh", judul, m._replace(hari_laporan=days)


_KALI = (
    ("tanpa_apel", "Tidak mengikuti apel sekali lagi"),
    ("tanpa_upacara", "Tidak mengikuti upacara sekali lagi"),
    ("absen_terlewat", "Satu absen terlewat lagi"),
)


def _kejadian(andai: Pengandai, m: Masukan, h: Kehadiran) -> Iterator[Calon]:
    """What may still happen on a day of which nothing is known."""
    for late in _MENIT:
        changed = h._replace(terlambat=(*h.terlambat, late))
        yield "terlambat", f"Terlambat {late} menit sekali lagi", _berhari(m, changed)
    for early in _MENIT:
        changed = h._replace(pulang_cepat=(*h.pulang_cepat, early))
        judul = f"Pulang {early} menit lebih cepat sekali lagi"
        yield "pulang_cepat", judul, _berhari(m, changed)
    absent = h._replace(hadir=h.hadir - 1, tanpa_keterangan=h.tanpa_keterangan + 1)
    judul = "Tidak hadir sehari lagi tanpa keterangan"
    yield "tanpa_keterangan", judul, m._replace(kehadiran=absent)
    yield (
        "tanpa_masuk",
        "Lupa absen masuk sekali lagi",
        m._replace(kehadiran=h._replace(tanpa_masuk=h.tanpa_masuk + 1)),
    )
    yield (
        "tanpa_pulang",
        "Lupa absen pulang sekali lagi",
        m._replace(kehadiran=h._replace(tanpa_pulang=h.tanpa_pulang + 1)),
    )
    for name, judul in _KALI:
        if name in andai.dipakai and (count := getattr(h, name)) is not None:
            yield name, judul, m._replace(kehadiran=h._replace(**{name: count + 1}))


def _berbeda(before: list[Penjelasan], after: list[Penjelasan]) -> tuple[str, ...]:
    """Sentences of lines whose rupiah changed; contributions and tax only where nothing else did."""
    known = {(one.kode, one.jumlah) for one in before}
    new = [one for one in after if (one.kode, one.jumlah) not in known]
    own = [one for one in new if one.sumber not in ("pajak", "gaji", "pegawai")]
    kept = {one.kode for one in after}
    gone = [f"{one.nama} tidak ada lagi" for one in before if after and one.kode not in kept]
    own = own if own or gone else new
    told = [one.kalimat if one.kalimat.startswith(one.nama) else f"{one.nama}: {one.kalimat}" for one in own]
    return (*told[:_RINCIAN], *gone[:_RINCIAN])
