"""What one more event would change of somebody's month, by the very function that pays it.

An unknown input is assumed, and said to be: without that nobody would see a figure before the month ends.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, islice
from typing import NamedTuple

from services.tpp.kebijakan.fakta import HARI_SEBULAN
from services.tpp.kebijakan.model import PREDIKAT, Kebijakan
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import HariKejadian, Hasil, Kehadiran, Masukan, Penjelasan
from services.tpp.perhitungan.run import compiled
from shared.period import Period

BAIK = 2
_MENIT = 15
_RINCIAN = 3


class Pengaruh(NamedTuple):
    """One change, what the month would come to, and the slip lines that would then read differently."""

    kode: str
    judul: str
    hasil: Hasil
    rincian: tuple[str, ...]


def nama_predikat(predikat: int) -> str:
    """A predikat as people write it."""
    return PREDIKAT[predikat - 1].replace("_", " ").title()


def andaikan(k: Kebijakan, m: Masukan) -> tuple[Masukan, list[str]]:
    """The inputs with what is not known yet assumed, and a sentence for each assumption."""
    used = set(engine.penafsir(k, m.periode).dipakai)
    said: list[str] = []
    if m.predikat is None and "predikat" in used:
        m = m._replace(predikat=BAIK)
        said.append(f"Kinerja belum dinilai; diandaikan {nama_predikat(BAIK)}.")
    if "predikat" in used:
        source = k.sumber_predikat.periode(m.periode)
        m = m._replace(predikat_dari=None if source == m.periode else source)
    if m.kehadiran is None:
        days = hari_kerja(m.periode)
        m = m._replace(kehadiran=Kehadiran(days, 0, 0, (), (), 0, 0))
        said.append(f"Rekap kehadiran belum diterima; diandaikan hadir penuh {days} hari tanpa terlambat.")
    if m.ada_hasil is None and "ada_hasil" in used:
        m = m._replace(ada_hasil=True)
        said.append("Realisasi diandaikan ada dan diterima atasan.")
    return m, said


def hari_kerja(periode: Period) -> int:
    """Mondays to Fridays of a month."""
    days = (periode.last_day - periode.first_day).days + 1
    return sum((periode.first_day + timedelta(day)).weekday() < 5 for day in range(days))


def pengaruh(k: Kebijakan, m: Masukan) -> list[Pengaruh]:
    """Every change that this policy looks at, in the order people meet them."""
    hitung, used = compiled(k), set(engine.penafsir(k, m.periode).dipakai)
    before = _baris(k, hitung(m), m)
    found = []
    for kode, judul, facts, changed in _perubahan(m):
        if facts & used:
            hasil = hitung(changed)
            after = _baris(k, hasil, changed)
            found.append(Pengaruh(kode, judul, hasil, _berbeda(before, after)))
    return found


def _perubahan(m: Masukan) -> Iterator[tuple[str, str, set[str], Masukan]]:
    """Code, in words, the facts it changes, the inputs after it."""
    if m.predikat is not None:
        for kode, other in (("predikat_naik", m.predikat - 1), ("predikat_turun", m.predikat + 1)):
            if 1 <= other <= len(PREDIKAT):
                judul = f"Predikat {nama_predikat(other)}, bukan {nama_predikat(m.predikat)}"
                yield kode, judul, {"predikat"}, m._replace(predikat=other)
    yield (
        "skp",
        "SKP tidak disetujui sampai bulan ditutup",
        {"skp_disetujui"},
        m._replace(skp_disetujui=False),
    )
    yield "realisasi", "Tidak ada realisasi yang diterima", {"ada_hasil"}, m._replace(ada_hasil=False)
    h = m.kehadiran
    if h is None:
        return
    one_more = {
        "terlambat": (f"Terlambat {_MENIT} menit sekali lagi", h._replace(terlambat=(*h.terlambat, _MENIT))),
        "pulang_cepat": (
            f"Pulang {_MENIT} menit lebih cepat sekali lagi",
            h._replace(pulang_cepat=(*h.pulang_cepat, _MENIT)),
        ),
        "tanpa_keterangan": (
            "Tidak hadir sehari lagi tanpa keterangan",
            h._replace(hadir=max(0, h.hadir - 1), tanpa_keterangan=h.tanpa_keterangan + 1),
        ),
        "tanpa_masuk": ("Lupa absen masuk sekali lagi", h._replace(tanpa_masuk=h.tanpa_masuk + 1)),
        "tanpa_pulang": ("Lupa absen pulang sekali lagi", h._replace(tanpa_pulang=h.tanpa_pulang + 1)),
    }
    for kode, (judul, changed) in one_more.items():
        facts = {kode, "hadir"} if kode == "tanpa_keterangan" else {kode}
        yield kode, judul, facts, _berhari(m, changed)
    clean = h._replace(
        hadir=h.hadir + h.tanpa_keterangan, tanpa_keterangan=0, terlambat=(), pulang_cepat=(), tanpa_masuk=0,
        tanpa_pulang=0,
    )  # fmt: skip
    if clean != h:
        judul = "Semua keterlambatan dan ketidakhadiran dibetulkan"
        facts = {"hadir", "tanpa_keterangan", "terlambat", "pulang_cepat", "tanpa_masuk", "tanpa_pulang"}
        yield "bersih", judul, facts, _berhari(m, clean)


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


def _baris(k: Kebijakan, hasil: Hasil, m: Masukan) -> list[Penjelasan]:
    return engine.jelaskan(k, hasil, m)


def _berbeda(before: list[Penjelasan], after: list[Penjelasan]) -> tuple[str, ...]:
    """Sentences of lines whose rupiah changed; contributions and tax only where nothing else did."""
    known = {(one.kode, one.jumlah) for one in before}
    new = [one for one in after if (one.kode, one.jumlah) not in known]
    own = [one for one in new if one.sumber not in ("pajak", "gaji", "pegawai")] or new
    kept = {one.kode for one in after}
    gone = [f"{one.nama} tidak ada lagi" for one in before if after and one.kode not in kept]
    told = [one.kalimat if one.kalimat.startswith(one.nama) else f"{one.nama}: {one.kalimat}" for one in own]
    return (*told[:_RINCIAN], *gone[:_RINCIAN])
