"""What a program needs in a month of a given number: `bila: bulan = 12` asks nothing of January.

Only conditions on `bulan` are looked through; whatever else they say stays open.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from services.tpp.kebijakan.program import Program
from services.tpp.kebijakan.tipe import Simpul

_BANDING: Mapping[str, Any] = {
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


def dipakai_pada(program: Program, bulan: int) -> frozenset[str]:
    """The facts that the steps and holds of this month may rest on."""
    found: set[str] = set()
    for step in program.langkah:
        if step.bila is None or _pasti(step.bila, bulan) is not False:
            found.update(*(_terpakai(node, bulan) for node in step.simpul()))
            found |= {step.daftar} - {""}
    return frozenset(found.union(*(_terpakai(hold.bila, bulan) for hold in program.penahanan)))


def butuh_pada(program: Program, bulan: int) -> frozenset[str]:
    """The groups of facts without which nobody is paid for this month.

    Also those that a condition names beside `bulan`, which is worked out whatever the month.
    """
    facts = program.fakta
    found: set[str] = set()
    for step in program.langkah:
        off = step.bila is not None and _pasti(step.bila, bulan) is False
        nodes = [step.bila] if step.bila is not None and off else list(step.simpul())
        names = {name for node in nodes for name in _terpakai(node, bulan, wajib=True)}
        found |= {facts[name].kosong for name in names | (set() if off else {step.daftar} - {""})}
    return frozenset(found - {""})


def _terpakai(node: Simpul, bulan: int, *, wajib: bool = False) -> frozenset[str]:
    """Facts of a formula; `wajib`: without those that have a substitute."""
    if node.op == "nilai_atau" and wajib:
        return _terpakai(node.anak[1], bulan, wajib=True)
    if node.op == "jika" and (sure := _pasti(node.anak[0], bulan)) is not None:
        return _terpakai(node.anak[1 if sure else 2], bulan, wajib=wajib)
    if not wajib and node.op in ("dan", "atau") and _pasti(node, bulan) is not None:
        return frozenset()
    below = frozenset[str]().union(*(one.fakta for one in node.anak))
    return (node.fakta - below).union(*(_terpakai(one, bulan, wajib=wajib) for one in node.anak))


def _pasti(node: Simpul, bulan: int) -> bool | Fraction | None:
    """What a formula comes to in this month whoever it is about; None when that is not sure."""
    if node.op == "tetap":
        return node.isi if isinstance(node.isi, bool | Fraction) else None
    if node.op == "fakta" and node.isi == "bulan":
        return Fraction(bulan)
    if node.op in ("dan", "atau"):
        decides = node.op == "atau"
        values = [_pasti(one, bulan) for one in node.anak]
        if decides in values:
            return decides
        return None if None in values else not decides
    values = [_pasti(one, bulan) for one in node.anak]
    if None in values or not values:
        return None
    if node.op == "bukan":
        return not values[0]
    return _BANDING[node.op](*values) if node.op in _BANDING else None
