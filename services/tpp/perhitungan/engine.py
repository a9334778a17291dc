"""The calculation: a policy becomes a plain function once, and that function gives each person's lines.

Exact by construction: every amount is a pair of whole numbers (numerator, denominator), most denominators
are known beforehand, and rounding is one integer division where the policy says so. What follows only from
facts that few differ in (kelas, status, golongan, predikat, …) is worked out once for each combination that
occurs (`awal`); a person adds attendance, salary and tax. `penulis` writes both parts as Python.

What the function does not decide itself it leaves to the interpreter: why a payment waits, a month divided
by a change of jabatan, and whatever is met so rarely that it was not worth writing out.
"""

from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.program import Terbungkus, masa, susun
from services.tpp.perhitungan.bulan_terbagi import pilih_jabatan
from services.tpp.perhitungan.penafsir import Penafsir
from services.tpp.perhitungan.penulis import kode_python
from services.tpp.perhitungan.rules import Hasil, Masukan, Penjelasan, iuran_dibawa
from shared.period import Period

Hitung = Callable[[Masukan], Hasil]


def compile(kebijakan: Kebijakan) -> Hitung:  # noqa: A001 (that is what it does)
    """The policy as a function of one person's inputs.

    The function never raises for a person's data: what is missing or impossible holds that person's payment
    with the reason, its owner and its article.
    """
    starts = masa(kebijakan)
    functions = [_satu_masa(kebijakan, start) for start in starts]
    if len(functions) == 1:
        return functions[0]

    def hitung(m: Masukan) -> Hasil:
        return functions[max(0, bisect_right(starts, m.periode) - 1)](m)

    return hitung


def compiled(kebijakan: Kebijakan) -> Hitung:
    """The policy as a function, made once in a process for each version."""
    return _compiled(kebijakan.sidik, Terbungkus(kebijakan))


@lru_cache(maxsize=64)
def _compiled(sidik: str, isi: Terbungkus) -> Hitung:
    return compile(isi.kebijakan)


def jelaskan(kebijakan: Kebijakan, hasil: Hasil, masukan: Masukan) -> list[Penjelasan]:
    """The lines for people, in slip order; empty when the payment is held (`hasil.alasan` says why).

    Raises ValueError when the lines do not follow from this policy and these inputs: the version that
    calculated them must be given.
    """
    if hasil.status == "ditahan":
        return []
    lines = penafsir(kebijakan, masukan.periode).jelaskan(masukan)
    if [(line.kode, line.jumlah) for line in lines] != [(line.kode, line.jumlah) for line in hasil.baris]:
        raise ValueError(
            f"baris bukan dari kebijakan {kebijakan.kode} ({kebijakan.berlaku_mulai}) dengan masukan ini"
        )
    return lines


def jelaskan_iuran(kebijakan: Kebijakan, hasil: Hasil, masukan: Masukan) -> list[Penjelasan]:
    """What the region pays beside the slip's lines, for people. Raises ValueError as `jelaskan` does."""
    if not hasil.iuran:
        return []
    lines = penafsir(kebijakan, masukan.periode).jelaskan_iuran(masukan)
    if [(line.kode, line.jumlah) for line in lines] != [(line.kode, line.jumlah) for line in hasil.iuran]:
        raise ValueError(f"iuran bukan dari kebijakan {kebijakan.kode} ({kebijakan.berlaku_mulai})")
    return lines


def penafsir(kebijakan: Kebijakan, periode: Period) -> Penafsir:
    """The interpreter of the stretch of a policy that a month lies in."""
    starts = masa(kebijakan)
    return _penafsir(
        kebijakan.sidik, starts[max(0, bisect_right(starts, periode) - 1)], Terbungkus(kebijakan)
    )


@lru_cache(maxsize=64)
def _penafsir(sidik: str, mulai: Period, isi: Terbungkus) -> Penafsir:
    return Penafsir(susun(isi.kebijakan, mulai)[0])


def _satu_masa(kebijakan: Kebijakan, mulai: Period) -> Hitung:
    interpreter = penafsir(kebijakan, mulai)
    text, names = kode_python(interpreter.program)

    def dengan_tangan(m: Masukan) -> Hasil:
        # Most payments that wait lack one thing only: there is nothing to follow step by step then.
        if space["wajar"](m) and (reasons := tuple(interpreter.ditahan(m))):
            return Hasil("ditahan", 0, 0, 0, (), reasons)
        return interpreter.hitung(m).hasil

    def dengan_iuran(m: Masukan) -> Hasil:
        plain = m._replace(rapel_iuran=None)
        found = hitung(plain)
        if found.status != "dihitung":
            return found
        own = hitung(plain._replace(rapel=())) if m.rapel else found
        lines = own.iuran if own.status == "dihitung" else interpreter.iuran_sendiri(plain)
        return found._replace(iuran=(*lines, *iuran_dibawa(m)))

    def pindah(m: Masukan) -> Hasil:
        if m.rapel_iuran is not None:
            return dengan_iuran(m)
        one = pilih_jabatan(kebijakan, m)
        return dengan_tangan(m) if one is None else hitung(one)

    space: dict[str, Any] = {**names, "dengan_tangan": dengan_tangan, "pindah": pindah}

    def hitung(m: Masukan) -> Hasil:
        return space["hitung"](m)  # type: ignore[no-any-return]

    exec(text, space)  # noqa: S102 (our own text, made from a checked tree; no word of a policy is in it)
    return space["hitung"]  # type: ignore[no-any-return]
