"""Which criterion of TPP each line belongs to, and what the criteria come to in full.

`kriteria` of a step says it, or its code where that is the name of a criterion. Where lines bring only what
was earned, a step without a line may be the criterion's full amount; it is then worked out by the policy made
longer by a line for each, which is never paid by.
"""

from typing import Literal, NamedTuple

from services.tpp.kebijakan.model import Kebijakan, Langkah
from services.tpp.kebijakan.program import ulangi


class Kriterium(NamedTuple):
    """What adds to a month: each line's criterion by its code, or the code itself where none is stated."""

    baris: dict[str, str]
    besaran: dict[str, str]
    """Of criteria whose full amount steps without a line state: the longer policy's line that says it."""


def kriteria(k: Kebijakan) -> Kriterium:
    """The lines that add, by their criterion."""
    lines: dict[str, str] = {}
    whole: dict[str, str] = {}
    for _, step in ulangi(k.langkah):
        if step.sifat == "nilai" and step.kriteria is not None:
            whole[step.kriteria] = _kode(step.kriteria)
        if step.sifat != "tambah" or step.koreksi:
            continue
        pita = k.tabel[step.pita].pita if step.pita else None
        for kode in [band.kode for band in pita or ()] or [step.kode]:
            lines[kode] = step.kriteria or step.kode
    return Kriterium(lines, whole)


def dengan_besaran(k: Kebijakan) -> Kebijakan:
    """The policy with the full amounts as lines. Only of a policy that states some."""
    values: dict[str, list[str]] = {}
    for _, step in ulangi(k.langkah):
        if step.sifat == "nilai" and step.kriteria is not None:
            values.setdefault(step.kriteria, []).append(step.kode)
    # First all values, then the lines: a line changes bruto, which a value may speak of.
    sums = [_langkah(f"{_kode(one)}_nilai", "nilai", " + ".join(codes)) for one, codes in values.items()]
    lines = [_langkah(_kode(one), "tambah", f"maks(Rp 0; {_kode(one)}_nilai)") for one in values]
    longer = k.model_copy(update={"langkah": (*k.langkah, *sums, *lines)})
    # The copy brings the fingerprint of the shorter one along.
    longer.__dict__.pop("sidik", None)
    return longer


def _kode(one: str) -> str:
    return f"besaran_kriteria_{one}"


def _langkah(kode: str, sifat: Literal["nilai", "tambah"], jumlah: str) -> Langkah:
    return Langkah(
        kode=kode, nama="Besaran kriteria", pasal="PP 12/2019 pasal 58", sifat=sifat, jumlah=jumlah,
        kalimat="{jumlah}",
    )  # fmt: skip
