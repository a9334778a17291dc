"""A formula as people read it: in place of the codes of a policy, what they stand for."""

import re
from collections.abc import Mapping
from typing import Any

from services.tpp.kebijakan.fakta import FAKTA
from services.tpp.perhitungan.dasar import judul_data

RUMUS: Mapping[str, frozenset[str]] = {
    "langkah": frozenset(
        {
            "bila", "jumlah", "persen", "dari", "kali", "satuan", "setiap", "pita", "batas", "paling_banyak",
            "paling_sedikit",
        }
    ),
    "penahanan": frozenset({"bila"}),
    "setahun": frozenset({"bruto", "pengurang", "pajak"}),
    "tabel": frozenset({"oleh"}),
}  # fmt: skip
"""What of each part is a formula, or names something else by its code."""

_LAIN = {
    # Facts whose meaning is a list of values, or that a slip calls by its month.
    "bulan": "Bulan",
    "pembayaran": "Jenis pembayaran",
    "predikat": "Predikat kinerja",
    "sanksi_terbesar": "Hukuman disiplin terberat",
    "sanksi_jumlah": "Jumlah hukuman disiplin",
    # Facts that are known or unknown together, by the name a formula asks for them.
    "kehadiran": "Data kehadiran",
    "setahun": "Data pajak bulan-bulan sebelumnya",
    # Running sums.
    "bruto": "Hak sampai langkah ini",
    "neto": "Yang diterima sampai langkah ini",
}
_FUNGSI = {
    "maks": "yang terbesar dari",
    "min": "yang terkecil dari",
    "ke_bawah": "dibulatkan ke bawah",
    "ke_atas": "dibulatkan ke atas",
    "setengah_ke_atas": "dibulatkan setengah ke atas",
    "jumlah_menit": "jumlah menit",
    "banyak": "banyaknya",
    "tidak_ada": "belum ada",
    "nilai_atau": "nilai, atau penggantinya,",
    "satu_dari": "salah satu dari",
    "terbesar": "yang terbesar menurut peran dari",
    "semua": "jumlah menurut peran dari",
    "berjenjang": "berlapis menurut",
}
_TANDA = {"x": "×", "*": "×", ">=": "≥", "<=": "≤", "<>": "≠", "[": " (", "]": ")"}
_KATA = frozenset({"dan", "atau", "bukan", "ya", "tidak", "Rp", "menit", "hari", "kali"})
_POTONG = re.compile(
    r"""(?P<teks>'[^']*'|"[^"]*")
      | (?P<nama>(?:[a-z_]|@)[a-z0-9_@]*(?:\.[a-z0-9_@]+)?)(?P<buka>\s*\()?
      | (?P<tanda><>|<=|>=|[*\[\]])
      | (?P<lain>Rp|[\d.,]+|.)""",
    re.VERBOSE | re.DOTALL,
)
_SENDIRI = re.compile(r"\b(belum ada|bukan) \((“[^”]*”)\)")
"""One thing needs no brackets."""
BAGIAN_ITU = "bagian itu"
"""What `@` is called inside a step that is repeated."""


def istilah(tree: Mapping[str, Any]) -> dict[str, str]:
    """What each code of a policy stands for: facts, its own facts, tables, steps and bands of minutes."""
    found = {name: judul_data(name, FAKTA) for name in FAKTA} | _LAIN
    found |= {one["nama"]: one["arti"] for one in _baris(tree.get("masukan")) if one.get("arti")}
    tables = tree.get("tabel", {})
    for kode, one in tables.items() if isinstance(tables, dict) else ():
        if isinstance(one, dict) and one.get("nama"):
            found[kode] = one["nama"]
    for one in _baris(tree.get("langkah")):
        _langkah(one, found)
    return found


def _baris(rows: Any) -> list[dict[str, Any]]:
    return [one for one in rows or [] if isinstance(one, dict)]


def _langkah(step: Mapping[str, Any], found: dict[str, str]) -> None:
    kode, nama = str(step.get("kode", "")), str(step.get("nama", ""))
    found[kode] = nama.replace("@@", BAGIAN_ITU)
    for key, name in (step.get("untuk") or {}).items():
        found[kode.replace("@", key)] = nama.replace("@@", name)


def tulis(rumus: str, nama: Mapping[str, str], untuk: Mapping[str, str] | None = None) -> str:
    """A formula in words; `untuk`: keys and names of the step that it repeats for.

    A name that stands alone is said as it is; among others each stands in quotation marks.
    """
    parts = [*_POTONG.finditer(rumus)]
    alone = len(parts) == 1
    words = []
    for part in parts:
        text = part[0]
        if part["nama"] and part["buka"]:
            text = f"{_FUNGSI.get(part['nama'], part['nama'].replace('_', ' '))} ("
        elif part["nama"] and part["nama"] not in _KATA | _TANDA.keys():
            text = _sebut(part["nama"], nama, untuk or {})
            text = text if alone else f"“{text}”"
        elif not part["teks"]:
            text = _TANDA.get(text, text)
        words.append(text)
    return _SENDIRI.sub(r"\1 \2", "".join(words))


def _sebut(code: str, nama: Mapping[str, str], untuk: Mapping[str, str]) -> str:
    head, _, key = code.partition(".")
    told = nama.get(head) or _berulang(head, nama, untuk) or head.replace("_", " ")
    if not key:
        return told
    return f"{told}: {BAGIAN_ITU if key == '@' else key.replace('_', ' ')}"


def _berulang(code: str, nama: Mapping[str, str], untuk: Mapping[str, str]) -> str:
    """Several steps that a repeated one names at once, each for one of its keys."""
    told = [(nama.get(code.replace("@", key), ""), name) for key, name in untuk.items()]
    if "@" not in code or not all(one for one, _ in told):
        return ""
    same = {re.sub(re.escape(name), BAGIAN_ITU, one, flags=re.IGNORECASE) for one, name in told}
    return same.pop() if len(same) == 1 else " atau ".join(one for one, _ in told)
