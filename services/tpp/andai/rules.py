"""What another policy would change, added up: whole rupiah and people, nothing rounded, nothing lost.

A cell of the sums is one unit and one kelas in one month; every table of a result is a sum of cells, so all
of them have the same total.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from typing import NamedTuple

SEBARAN = (
    "turun_lebih_25", "turun_10_sampai_25", "turun_sampai_10", "tetap", "naik_sampai_10", "naik_10_sampai_25",
    "naik_lebih_25",
)  # fmt: skip
"""How what is received changes, in shares of what it was."""


class Angka(NamedTuple):
    """One person's month under one policy; None in place of it says that the payment waits."""

    bruto: int
    neto: int
    iuran: int = 0
    """What the region pays beside it as employer."""


@dataclass(slots=True)
class Banding:
    """Sums of people under the policy they were paid by and under the other one.

    `naik`, `turun` and `sebaran` count people paid under both, by what they receive; `jadi_ditahan` are those
    the other policy cannot pay, with what they earn today.
    """

    orang: int = 0
    dihitung_lama: int = 0
    dihitung_baru: int = 0
    bruto_lama: int = 0
    bruto_baru: int = 0
    neto_lama: int = 0
    neto_baru: int = 0
    naik: int = 0
    naik_rupiah: int = 0
    turun: int = 0
    turun_rupiah: int = 0
    jadi_ditahan: int = 0
    jadi_ditahan_bruto: int = 0
    jadi_dihitung: int = 0
    sebaran: list[int] = field(default_factory=lambda: [0] * len(SEBARAN))
    iuran_lama: int = 0
    iuran_baru: int = 0

    def tambah(self, lama: Angka | None, baru: Angka | None) -> None:
        """Count one person's month."""
        self.orang += 1
        if lama is not None:
            self.dihitung_lama += 1
            self.bruto_lama += lama.bruto
            self.neto_lama += lama.neto
            self.iuran_lama += lama.iuran
        if baru is not None:
            self.dihitung_baru += 1
            self.bruto_baru += baru.bruto
            self.neto_baru += baru.neto
            self.iuran_baru += baru.iuran
        if lama is None or baru is None:
            self.jadi_dihitung += baru is not None
            if lama is not None:
                self.jadi_ditahan += 1
                self.jadi_ditahan_bruto += lama.bruto
            return
        change = baru.neto - lama.neto
        self.sebaran[golongan(lama.neto, change)] += 1
        if change > 0:
            self.naik += 1
            self.naik_rupiah += change
        elif change < 0:
            self.turun += 1
            self.turun_rupiah -= change

    def gabung(self, lain: "Banding") -> "Banding":
        """Add other sums to these."""
        for name in _JUMLAH:
            setattr(self, name, getattr(self, name) + getattr(lain, name))
        self.sebaran = [mine + other for mine, other in zip(self.sebaran, lain.sebaran, strict=True)]
        return self

    def isi(self) -> list[int | list[int]]:
        """Its numbers, in the order of the fields; `Banding(*isi)` is it again."""
        return list(astuple(self))

    @property
    def tetap(self) -> int:
        """People who receive the same."""
        return self.sebaran[SEBARAN.index("tetap")]


_JUMLAH = tuple(name for name in Banding.__slots__ if name != "sebaran")


def golongan(lama: int, change: int) -> int:
    """The place in `SEBARAN` of a change of what was received."""
    if change == 0:
        return 3
    size = abs(change)
    step = 3 if 4 * size > lama else 2 if 10 * size > lama else 1
    return 3 + step if change > 0 else 3 - step


class Sel(NamedTuple):
    """Whose sums: an OPD's unit and a kelas (0: no jabatan known)."""

    opd_kode: str
    unit_path: str
    kelas: int


@dataclass(slots=True)
class Sebab:
    """A reason for which the other policy lets payments wait, its owner, and how many it keeps waiting."""

    kalimat: str
    pemilik: str
    orang: int = 0


@dataclass(slots=True)
class Bagian:
    """The sums of some people: each cell, and the reasons of what the other policy cannot pay."""

    sel: dict[Sel, Banding] = field(default_factory=dict)
    sebab: dict[str, Sebab] = field(default_factory=dict)

    def tambah(self, sel: Sel, lama: Angka | None, baru: Angka | None) -> None:
        """Count one person's month."""
        cell = self.sel.get(sel)
        if cell is None:
            cell = self.sel[sel] = Banding()
        cell.tambah(lama, baru)

    def ditahan(self, kode: str, kalimat: str, pemilik: str, orang: int = 1) -> None:
        """Count a reason; the sentence of the first who has it stands for all."""
        found = self.sebab.setdefault(kode, Sebab(kalimat, pemilik))
        found.orang += orang

    def gabung(self, lain: "Bagian") -> None:
        """Add other sums to these."""
        for sel, cell in lain.sel.items():
            self.sel.setdefault(sel, Banding()).gabung(cell)
        for kode, one in lain.sebab.items():
            self.ditahan(kode, one.kalimat, one.pemilik, one.orang)

    def menurut(self, *names: str) -> dict[tuple[str | int, ...], Banding]:
        """Sums by some fields of `Sel`, in their order."""
        found: dict[tuple[str | int, ...], Banding] = {}
        for sel, cell in self.sel.items():
            found.setdefault(tuple(getattr(sel, name) for name in names), Banding()).gabung(cell)
        return dict(sorted(found.items()))

    def jumlah(self) -> Banding:
        """Everyone's sums."""
        return jumlah(self.sel.values())


def jumlah(cells: Iterable[Banding]) -> Banding:
    """Sums of sums."""
    total = Banding()
    for one in cells:
        total.gabung(one)
    return total
