"""A policy proved on its own worked examples: each case of the pack, what it comes to, where that differs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from services.tpp.kebijakan.model import Kasus, Kebijakan
from services.tpp.kebijakan.rumus import RumusSalah
from services.tpp.kebijakan.tampil import tampil
from services.tpp.kebijakan.tipe import CONTOH_SATUAN, Lingkungan, nama_satuan, terbaca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.masukan_teks import baca_teks
from services.tpp.perhitungan.penafsir import Perhitungan
from services.tpp.perhitungan.rules import Masukan
from shared.period import Period


@dataclass(frozen=True, slots=True)
class Beda:
    """Where a case comes out otherwise than its pack says."""

    kasus: str
    apa: str
    seharusnya: str
    ternyata: str

    def __str__(self) -> str:
        return f"{self.kasus}: {self.apa} seharusnya {self.seharusnya}, ternyata {self.ternyata}"


@dataclass(frozen=True, slots=True)
class Salah(Beda):
    """What a case says that cannot be read: `ternyata` tells why, `seharusnya` the way out."""

    def __str__(self) -> str:
        return f"{self.kasus}: {self.apa}: {self.ternyata}. Perbaikan: {self.seharusnya}"


def uji(kebijakan: Kebijakan) -> list[Beda]:
    """Everything in which the policy differs from its own pack; empty when it is proved.

    Each case goes through the compiled function and through the interpreter, which must agree.
    """
    if not kebijakan.uji:
        return [Beda("uji", "contoh hitungan", "sedikitnya satu kasus", "tidak ada")]
    hitung = engine.compiled(kebijakan)
    return [beda for case in kebijakan.uji for beda in _kasus(kebijakan, hitung, case)]


def masukan_kasus(kebijakan: Kebijakan, kasus: Kasus) -> dict[str, Any]:
    """The inputs of a case as written, those of the case it follows included."""
    cases = {one.nama: one for one in kebijakan.uji}
    base = masukan_kasus(kebijakan, cases[kasus.sama_dengan]) if kasus.sama_dengan else {}
    return {"periode": str(Period.of(kebijakan.berlaku_mulai)), **base, **kasus.masukan}


def _kasus(k: Kebijakan, hitung: engine.Hitung, case: Kasus) -> Iterator[Beda]:
    written = masukan_kasus(k, case)
    try:
        periode = Period.parse(str(written["periode"]))
    except ValueError as wrong:
        yield Salah(
            case.nama, "masukan periode", "tulis bulan 01 sampai 12; TPP ke-13: pembayaran", str(wrong)
        )
        return
    interpreter = engine.penafsir(k, periode)
    m, wrong_inputs = baca_teks(written, interpreter.program.fakta)
    for one in wrong_inputs:
        yield Salah(case.nama, f"masukan {one.kolom}", one.perbaikan, one.alasan)
    if m is None:
        return
    followed = interpreter.hitung(m)
    compiled = hitung(m)
    if compiled != followed.hasil:
        yield Beda(case.nama, "hasil mesin", str(followed.hasil), str(compiled))
    yield from _harapan(interpreter.program.fakta, case, followed, m, k)


def _harapan(
    fakta: Mapping[str, Any], case: Kasus, found: Perhitungan, m: Masukan, k: Kebijakan
) -> Iterator[Beda]:
    harap, hasil = case.harap, found.hasil
    reasons = tuple(reason.kode for reason in hasil.alasan)
    if set(harap.ditahan) != set(reasons):
        told = [
            one.kode if one.kode in harap.ditahan else f"{one.kode} ({one.kalimat})" for one in hasil.alasan
        ]
        yield Beda(case.nama, "pembayaran", _ditahan(harap.ditahan), _ditahan(told))
        return
    for name in ("bruto", "potongan", "neto"):
        written = getattr(harap, name)
        if written is not None:
            yield from _sama(case.nama, name, written, Fraction(getattr(hasil, name)), "rupiah")
    lines: dict[str, int] = {}
    for line in hasil.baris:
        lines[line.kode] = lines.get(line.kode, 0) + line.jumlah
    for kode, written in harap.baris.items():
        if kode not in lines:
            yield Beda(case.nama, f"baris {kode}", written, "tidak ada baris")
        else:
            yield from _sama(case.nama, f"baris {kode}", written, Fraction(lines[kode]), "rupiah")
    paid: dict[str, int] = {}
    for line in hasil.iuran:
        paid[line.kode] = paid.get(line.kode, 0) + line.jumlah
    for kode, written in harap.iuran.items():
        if kode not in paid:
            yield Beda(case.nama, f"iuran {kode}", written, "tidak ada iuran")
        else:
            yield from _sama(case.nama, f"iuran {kode}", written, Fraction(paid[kode]), "rupiah")
    for kode in harap.tidak_ada:
        if kode in paid:
            yield Beda(case.nama, f"iuran {kode}", "tidak ada iuran", tampil(paid[kode], "rupiah"))
        if kode in lines:
            yield Beda(case.nama, f"baris {kode}", "tidak ada baris", tampil(lines[kode], "rupiah"))
    units = {step.kode: step.tipe for step in engine.penafsir(k, m.periode).program.langkah}
    for kode, written in harap.nilai.items():
        value = found.nilai.get(kode)
        if value is None or kode not in units:
            yield Beda(case.nama, f"nilai {kode}", written, "tidak ada langkah itu")
        else:
            yield from _sama(case.nama, f"nilai {kode}", written, value, units[kode])
    sentences = {one.baris.kode: one.kalimat for one in (*found.jejak, *found.iuran)}
    for kode, written in harap.kalimat.items():
        if sentences.get(kode) != written:
            yield Beda(case.nama, f"kalimat {kode}", written, sentences.get(kode, "tidak ada baris"))


def _ditahan(kode: Sequence[str]) -> str:
    return f"ditahan karena {', '.join(kode)}" if kode else "tidak ditahan"


def _sama(kasus: str, apa: str, written: str, value: Any, satuan: str) -> Iterator[Beda]:
    if not isinstance(value, Fraction):
        if str(value) != written:
            yield Beda(kasus, apa, written, tampil(value, satuan))
        return
    try:
        expected = terbaca(written, Lingkungan({}, {}))
    except RumusSalah as wrong:
        yield Salah(kasus, apa, wrong.perbaikan, wrong.alasan)
        return
    if expected.tipe != satuan or expected.lo is None or expected.lo != expected.hi:
        yield Salah(kasus, apa, CONTOH_SATUAN[satuan], f"{written!r} bukan {nama_satuan(satuan)}")
    elif expected.lo != value:
        yield Beda(kasus, apa, tampil(expected.lo, satuan), tampil(value, satuan))
