"""How a value of such a fact is written, kept and read. Pure.

Kept is the text that people write, with its unit, in one spelling: another policy that calls the fact another
quantity finds it unreadable, and never takes 87,5% for rupiah.
"""

from collections.abc import Collection
from fractions import Fraction
from functools import lru_cache
from typing import Any

from services.tpp.gaji.rules import baca_rupiah
from services.tpp.kebijakan.fakta import Fakta
from services.tpp.kebijakan.rumus import RumusSalah
from services.tpp.kebijakan.tampil import tampil
from services.tpp.kebijakan.tipe import nama_satuan, tetapan
from services.tpp.perhitungan.masukan_teks import NilaiSalah, baca_nilai
from shared.tabular import unsafe_text

ESELON = ("I.a", "I.b", "II.a", "II.b", "III.a", "III.b", "IV.a", "IV.b", "V.a")
"""Eselon of structural jabatan (PP 100/2000 with its changes)."""

STRUKTURAL = frozenset({"JPT", "Administrator", "Pengawas"})
"""Kinds of jabatan that have an eselon: without one their pay by eselon is not known."""

TIDAK = "-"
"""Written for none of a kind: not structural, no special place."""

POTONGAN = "potongan_lain"
PALING_PANJANG = 100


def pilih(text: str, dikenal: Collection[str]) -> str:
    """One of these codes, whatever the case, spaces or marks; empty for `-`. Raises NilaiSalah."""
    if text == TIDAK:
        return ""
    found = {_polos(one): one for one in dikenal}.get(_polos(text))
    if found is None:
        offered = ", ".join(sorted(dikenal)) or "belum ada satu pun"
        raise NilaiSalah(
            "tidak dikenal kebijakan yang aktif", f"Yang ada: {offered}. Tulis - bila bukan salah satunya."
        )
    return found


def _polos(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def tulis(text: str, fact: Fakta, dikenal: Collection[str] = ()) -> str:
    """What a cell says, in the one spelling that is kept. Raises NilaiSalah for what the fact cannot be.

    `dikenal`: of a text, the values that policies tell apart; where there are none, any short text goes.
    """
    if fact.tipe == "teks":
        if dikenal:
            return pilih(text, dikenal)
        reason = unsafe_text(text) or ("terlalu panjang" if len(text) > PALING_PANJANG else None)
        if reason:
            raise NilaiSalah(reason, f"Tulis teks biasa, paling panjang {PALING_PANJANG} huruf.")
        return "" if text == TIDAK else text
    value = _angka(text, fact)
    if isinstance(value, bool):
        return tampil(value, fact.tipe)
    for end, beyond, word in ((fact.lo, -1, "paling sedikit"), (fact.hi, 1, "paling banyak")):
        if end is not None and (value - end) * beyond > 0:
            raise NilaiSalah(
                f"di luar batas fakta {fact.nama}",
                f"Tulis {word} {tampil(end, fact.tipe)}, menurut kebijakan TPP.",
            )
    return tampil(value, fact.tipe)


def _angka(text: str, fact: Fakta) -> Any:
    if fact.tipe == "rupiah":
        try:
            return baca_rupiah(text)
        except ValueError:
            pass
    try:
        return baca_nilai(text, fact)
    except NilaiSalah as wrong:
        # What stands in the cell is told to nobody: the file may wait sealed.
        remedy = wrong.perbaikan[:1].upper() + wrong.perbaikan[1:]
        raise NilaiSalah(
            f"bukan {nama_satuan(fact.tipe)}", f"{remedy}; format selnya sebagai Teks."
        ) from wrong


@lru_cache(maxsize=16384)
def baca(nilai: str, tipe: str) -> Fraction | int | str | bool:
    """A kept value as a fact of this type. Raises NilaiSalah when it was kept as another quantity."""
    if tipe == "teks":
        return nilai
    if tipe == "ya_tidak" and nilai in ("ya", "tidak"):
        return nilai == "ya"
    try:
        found = tetapan(nilai, tipe)
    except RumusSalah as wrong:
        raise NilaiSalah(f"tercatat sebagai {nilai}", wrong.perbaikan) from wrong
    return found if tipe in ("persen", "bilangan") else int(found)
