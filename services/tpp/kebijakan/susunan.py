"""A policy's text as people read it: sections with plain facts, tables and lists, from whatever it holds.

The figures stand as they were written ("55,5%", "Rp 17.000.000"): nothing is converted on the way.
"""

import re
from typing import Any, Literal, NamedTuple

import yaml

_LABEL = {
    "pembulatan": "Pembulatan",
    "tpp_dasar": "TPP dasar",
    "komponen": "Komponen TPP",
    "plt": "Pelaksana tugas (Plt)",
    "status": "Status kepegawaian",
    "bobot": "Bobot",
    "predikat": "Predikat kinerja",
    "disiplin": "Disiplin",
    "setahun": "Penghasilan dan pajak setahun",
    "penahanan": "Pembayaran ditahan",
    "bpjs": "BPJS",
    "pajak": "Pajak",
    "bila": "Bila",
    "rupiah_per_kelas": "Rupiah tiap kelas jabatan",
    "pita": "Pita menit",
    "dasar": "Dihitung dari",
    "kalimat": "Kalimat pada slip",
    "oleh": "Menurut",
    "per": "Tiap",
    "mundur": "Mundur (bulan)",
}
_HEADER = frozenset(
    {"bentuk", "kode", "nama", "daerah", "dasar_hukum", "berlaku_mulai", "berlaku_sampai", "sumber"}
)
_WORDS = {"true": "ya", "false": "tidak", "null": "–", "": "–"}
_WIDEST = 6
_SHORT = 8
"""More facts than these read better as a table."""
_NAME = re.compile(r"[a-z]+(_[a-z0-9]+)+")
_BLANK = re.compile(r"\{(\w+)\}")


class Isi(NamedTuple):
    """A piece: `fakta` label and text, `tabel` heads and rows, `daftar` texts, `sub` sections."""

    jenis: Literal["fakta", "tabel", "daftar", "sub"]
    kepala: list[str]
    baris: list[Any]


class Bagian(NamedTuple):
    """A section: its title, where it comes from (hukum, praktik, asumsi), and its pieces."""

    judul: str
    sifat: str
    catatan: str
    isi: list[Isi]


class Susunan(NamedTuple):
    """A policy to be read: what it rests on, and its sections in the order of the file."""

    dasar_hukum: list[str]
    bagian: list[Bagian]


def susun(dokumen: str) -> Susunan:
    """The sections of a stored policy."""
    # BaseLoader makes texts of everything, so that no figure is read as a number.
    tree: dict[str, Any] = yaml.load(dokumen, Loader=yaml.BaseLoader)  # noqa: S506
    sources = {name: one for one in tree.get("sumber", []) for name in _names(one)}
    return Susunan(
        list(tree.get("dasar_hukum", [])),
        [_bagian(name, value, sources) for name, value in tree.items() if name not in _HEADER],
    )


def _names(source: Any) -> list[str]:
    """The parts that an entry of `sumber` is about: one, or several."""
    about = source.get("bagian", []) if isinstance(source, dict) else []
    return [about] if isinstance(about, str) else [one for one in about if isinstance(one, str)]


def _bagian(name: str, value: Any, sources: dict[str, Any], title: str = "") -> Bagian:
    source = sources.get(name, {})
    return Bagian(
        title or label(name), source.get("sifat", ""), source.get("catatan", ""), _isi(value, sources)
    )


def _isi(value: Any, sources: dict[str, Any]) -> list[Isi]:
    if isinstance(value, dict):
        plain = [
            (label(name), _text(one)) for name, one in value.items() if _is_plain(one) and name != "kode"
        ]
        deep = [_bagian(name, one, sources) for name, one in value.items() if not _is_plain(one)]
        found = [Isi("fakta", [], plain)] if plain else []
        if len(plain) > _SHORT:
            found = [Isi("tabel", ["Bagian", "Ketentuan"], [list(pair) for pair in plain])]
        return [*found, Isi("sub", [], deep)] if deep else found
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        return _rows(value, sources)
    if isinstance(value, list):
        return [Isi("daftar", [], [_text(one) for one in value])]
    return [Isi("daftar", [], [_text(value)])]


def _rows(rows: list[dict[str, Any]], sources: dict[str, Any]) -> list[Isi]:
    names = list(dict.fromkeys(name for row in rows for name in row if name != "kode"))
    if (
        len(names) <= _WIDEST
        and "kalimat" not in names
        and all(_is_plain(v) for r in rows for v in r.values())
    ):
        return [
            Isi(
                "tabel",
                [label(name) for name in names],
                [[_text(row.get(name, "")) for name in names] for row in rows],
            )
        ]
    titled = [
        _bagian(row.get("kode", ""), row, sources, row.get("nama") or _text(row.get("bila", "")).capitalize())
        for row in rows
    ]
    return [Isi("sub", [], titled)]


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    if value in _WORDS:
        return _WORDS[value]
    if _NAME.fullmatch(value):
        return str(value).replace("_", " ")
    # The blanks of a slip's sentence, which each slip fills with its own figures.
    return _BLANK.sub(lambda blank: f"({blank[1].replace('_', ' ')})", value)


def label(name: str) -> str:
    """The name of a part as people say it."""
    words = name.replace("_", " ")
    return _LABEL.get(name) or ("Kelas " + name if name.isdigit() else words[:1].upper() + words[1:])
