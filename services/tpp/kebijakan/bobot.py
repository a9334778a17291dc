"""Shares of one whole come to all of it: a weight too much or too little changes everybody's pay unseen.

Two things are read as such shares, whether or not anybody wrote what they sum to:

- the rows of a table of percentages whose last key is a name of the author's own (`bobot.kinerja`), for each
  kelas, unit or other fact among its keys; `jumlah` says another sum, and `jumlah: bebas` that they are no
  parts of one whole;
- written percentages of the same thing in steps that apply to everybody (`persen: 60%` and `persen: 40%` of
  `tpp_dasar`), if they are added or kept for later steps; `bobot: bebas` says that one stands for itself.

These are asked of a document that is brought, not of one that is stored: what was accepted stays readable.
"""

from collections.abc import Iterator
from fractions import Fraction

from services.tpp.kebijakan.model import Kebijakan, Langkah, Tabel
from services.tpp.kebijakan.program import LangkahSiap, Program, berlaku, susun
from services.tpp.kebijakan.susun_tabel import BEBAS, Masalah, Tempat, keseluruhan
from services.tpp.kebijakan.tampil import tampil
from services.tpp.kebijakan.tipe import NOL, Simpul, TabelSiap
from shared.period import Period

_UTUH = Fraction(1)
_DIBAGI = ("tambah", "nilai")
"""What shares of a whole are for; cuts of the same base stand each for itself."""


def bobot(k: Kebijakan, pada: Period) -> Iterator[Masalah]:
    """Tables and steps whose shares do not come to one whole in a month."""
    program = susun(k, pada)[0]
    for kode, table in program.tabel.items():
        yield from _tabel(k.tabel[kode], table, program, pada)
    yield from _langkah(k, program)


def _tabel(written: Tabel, table: TabelSiap, program: Program, pada: Period) -> Iterator[Masalah]:
    free = bool(table.oleh) and table.oleh[-1] not in program.fakta
    if table.satuan != "persen" or not free or written.jumlah is not None or table.lainnya is not None:
        return
    changes = berlaku(written.perubahan, pada)
    place: Tempat = ("perubahan", changes - 1, "isi") if changes else ("isi",)
    for whose, shares in keseluruhan(table.oleh, table.baris, program.fakta):
        if len(shares) > 1 and (total := sum(shares, NOL)) != _UTUH:
            yield Masalah(
                ("tabel", table.kode, *place),
                f"bobot pada tabel {table.kode}{whose} berjumlah {tampil(total, 'persen')}, bukan 100%",
                f"ubah isinya sehingga berjumlah tepat 100%; tulis jumlah: {BEBAS} bila bukan bagian dari "
                "satu keseluruhan",
            )


def _langkah(k: Kebijakan, program: Program) -> Iterator[Masalah]:
    wholes: dict[Simpul, list[LangkahSiap]] = {}
    for step in program.langkah:
        if step.blok == "bagian" and step.sifat in _DIBAGI and step.bila is None:
            alone = _tertulis(k, step).bobot is not None
            if not alone and _tetap(step.isi["persen"]):
                wholes.setdefault(step.isi["dari"], []).append(step)
    for steps in wholes.values():
        total = sum((step.isi["persen"].lo or NOL for step in steps), NOL)
        if len(steps) > 1 and total != _UTUH:
            names = ", ".join(step.kode for step in steps)
            yield Masalah(
                (*steps[-1].loc, "persen"),
                f"bagian dari {_tertulis(k, steps[-1]).dari} pada langkah {names} berjumlah "
                f"{tampil(total, 'persen')}, bukan 100%",
                "ubah persennya sehingga berjumlah tepat 100%; tulis bobot: bebas pada langkah yang berdiri "
                "sendiri, misalnya kriteria yang ditambahkan di atas yang lain",
            )


def _tertulis(k: Kebijakan, step: LangkahSiap) -> Langkah:
    """The step as the document has it."""
    return k.langkah[int(step.loc[1])]


def _tetap(persen: Simpul) -> bool:
    """Whether a percentage is written right there; rows of a table are looked at with their table."""
    rests_on_table = persen.op == "tabel" or any(not _tetap(one) for one in persen.anak)
    return (
        not rests_on_table and not persen.fakta and not persen.langkah and persen.lo == persen.hi is not None
    )
