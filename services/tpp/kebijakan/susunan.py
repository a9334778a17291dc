"""A policy's text as people read it: sections with plain facts, tables and lists, from whatever it holds.

The figures stand as they were written ("55,5%", "Rp 17.000.000"): nothing is converted on the way. Formulas
say what they are about instead of its code.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import yaml

from services.tpp.kebijakan.istilah import BAGIAN_ITU, RUMUS, istilah, tulis

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
    "kecuali": "Mundur pada bulan lain",
    "kriteria": "Kriteria TPP",
    "untuk": "Diulang untuk",
    "uji": "Contoh hitungan",
    "pembayaran": "Pembayaran khusus",
}
_HEADER = frozenset(
    {"bentuk", "kode", "nama", "daerah", "dasar_hukum", "berlaku_mulai", "berlaku_sampai", "sumber"}
)
_WORDS = {"true": "ya", "false": "tidak", "null": "–", "": "–"}
_WIDEST = 6
_SHORT = 8
"""More facts than these read better as a table."""
_NAME = re.compile(r"[a-z]+(_[a-z0-9]+)+")
_BLANK = re.compile(r"\{([\w.]+)\}")


class Isi(NamedTuple):
    """A piece: `fakta` label and text, `tabel` heads and rows, `daftar` texts, `sub` sections."""

    jenis: Literal["fakta", "tabel", "daftar", "sub"]
    kepala: list[str]
    baris: list[Any]


class Asal(NamedTuple):
    """Where a part comes from: `hukum`, `praktik` or `asumsi`, and what the author says of it."""

    sifat: str
    catatan: str


class Bagian(NamedTuple):
    """A section: its title, its article, where it comes from, where it stands on the page, and its pieces."""

    judul: str
    pasal: str
    asal: list[Asal]
    jangkar: str
    isi: list[Isi]

    @property
    def bawah(self) -> list["Bagian"]:
        """The sections directly below it."""
        return [sub for piece in self.isi if piece.jenis == "sub" for sub in piece.baris]

    @property
    def ringkasan(self) -> str:
        """One line of what is in it, for whoever decides whether to open it."""
        if subs := [one.judul for one in self.bawah]:
            return f"{len(subs)} {_NAMA_BAWAH.get(self.jangkar, 'bagian')}: {_beberapa(subs)}"
        for piece in self.isi:
            if piece.jenis == "fakta":
                return _beberapa([f"{label}: {text}" for label, text in piece.baris])
            if piece.jenis == "tabel":
                return f"{len(piece.baris)} baris: {_beberapa([row[0] for row in piece.baris])}"
            if piece.jenis == "daftar":
                return _beberapa(piece.baris)
        return ""


class Sebutan(NamedTuple):
    """One entry of `sumber`: the parts it is about, each with its place on the page, and what it says."""

    bagian: list[tuple[str, str]]
    catatan: str


class Asalan(NamedTuple):
    """All that is law, all that is practice, or all that is an assumption: how many parts, and which."""

    sifat: str
    banyak: int
    sebutan: list[Sebutan]


class Susunan(NamedTuple):
    """A policy to be read: what it rests on, its sections as the file has them, and where they come from."""

    dasar_hukum: list[str]
    bagian: list[Bagian]
    sumber: list[Asalan]


SIFAT = ("hukum", "praktik", "asumsi")
MASA_BERLAKU = "masa-berlaku"
"""Where the page says from when on a policy holds, which is no section of its own."""

_BERKODE = ("tabel", "sanksi", "langkah")
_NAMA_BAWAH = {
    "b-tabel": "tabel", "b-langkah": "langkah", "b-penahanan": "keadaan", "b-uji": "contoh",
    "b-sanksi": "sanksi", "b-pembayaran": "pembayaran",
}  # fmt: skip
"""What the parts of a section are, to count them."""
_RINGKAS = 90
"""Letters of a summary, roughly: two lines of a narrow screen."""
_Asalnya = dict[str, list[Asal]]


class _Bahan(NamedTuple):
    """What texts need to know besides themselves: origins, words for codes, and what here is a formula."""

    asal: _Asalnya
    istilah: Mapping[str, str]
    rumus: frozenset[str] = frozenset()
    untuk: Mapping[str, str] = {}
    """Keys and names of the step that this is part of, when it is repeated."""


def _beberapa(texts: list[str]) -> str:
    """The first of them, as many as a summary holds."""
    sep, shown = "; ", texts[:1]
    for text in texts[1:]:
        if len(sep.join([*shown, text])) > _RINGKAS:
            break
        shown.append(text)
    left = len(texts) - len(shown)
    told = sep.join(shown)
    if len(told) > 2 * _RINGKAS:
        told = f"{told[: 2 * _RINGKAS].rsplit(' ', 1)[0]} …"
    return f"{told}{sep}dan {left} lagi" if left else told


def susun(dokumen: str) -> Susunan:
    """The sections of a stored policy."""
    # BaseLoader makes texts of everything, so that no figure is read as a number.
    tree: dict[str, Any] = yaml.load(dokumen, Loader=yaml.BaseLoader)  # noqa: S506
    entries = [one for one in tree.get("sumber", []) if isinstance(one, dict)]
    sources: _Asalnya = {}
    for one in entries:
        for name in _names(one):
            sources.setdefault(name, []).append(Asal(one.get("sifat", ""), one.get("catatan", "")))
    words = istilah(tree)
    sections = [
        _bagian(name, value, _Bahan(sources, words, RUMUS.get(name, frozenset())), jangkar=_jangkar("", name))
        for name, value in tree.items()
        if name not in _HEADER
    ]
    return Susunan(
        list(tree.get("dasar_hukum", [])), [*sections, *_kriteria(tree, sources)], _sumber(tree, entries)
    )


def _kriteria(tree: dict[str, Any], sources: _Asalnya) -> list[Bagian]:
    """Under which criterion files write each step: said beside the steps, and a decision of its own."""
    told = [
        [step.get("nama", "").replace("@@", name), label(step["kriteria"].replace("@", key))]
        for step in tree.get("langkah", [])
        if "kriteria" in step
        # A step that is repeated has a criterion for each of its keys.
        for key, name in (step.get("untuk") or {"@": "@@"}).items()
    ]
    if not told:
        return []
    pieces = [Isi("tabel", ["Langkah", "Kriteria TPP"], told)]
    return [Bagian(label("kriteria"), "", sources.get("kriteria", []), _jangkar("", "kriteria"), pieces)]


def _names(source: Any) -> list[str]:
    """The parts that an entry of `sumber` is about: one, or several."""
    about = source.get("bagian", [])
    return [about] if isinstance(about, str) else [one for one in about if isinstance(one, str)]


def _sumber(tree: dict[str, Any], entries: list[dict[str, Any]]) -> list[Asalan]:
    places = _tempat(tree)
    found = []
    for sifat in SIFAT:
        told = [
            Sebutan(
                [places.get(name, (label(name), "")) for name in _names(one)],
                str(one.get("catatan", "")),
            )
            for one in entries
            if one.get("sifat") == sifat
        ]
        found.append(Asalan(sifat, sum(len(one.bagian) for one in told), told))
    return found


def _tempat(tree: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """What each part that `sumber` may name is called, and where it stands."""
    found = {
        "masa_berlaku": ("Masa berlaku", MASA_BERLAKU),
        "kriteria": (label("kriteria"), _jangkar("", "kriteria")),
    }
    found |= {name: (label(name), _jangkar("", name)) for name in tree if name not in _HEADER}
    for section in _BERKODE:
        rows = tree.get(section, [])
        named = rows.items() if isinstance(rows, dict) else [(row.get("kode", ""), row) for row in rows]
        for kode, row in named:
            for name in (kode, *_berulang(kode, row)):
                found[name] = (_judul(row) or label(kode), _jangkar(section, kode))
    return found


def _berulang(kode: str, row: Any) -> list[str]:
    """The codes of a step that is repeated, which `sumber` may name one by one."""
    keys = row.get("untuk", {}) if isinstance(row, dict) else {}
    return [kode.replace("@", key) for key in keys]


def _judul(row: Any) -> str:
    """What a part calls itself; a step that is repeated says so of each."""
    if not isinstance(row, dict):
        return ""
    name = str(row.get("nama", "")).replace("@@", "setiap bagian")
    return name[:1].upper() + name[1:]


def _jangkar(section: str, name: str) -> str:
    return "-".join(
        re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in ("b", section, name) if part
    )


def _asal(name: str, value: Any, sources: _Asalnya) -> list[Asal]:
    told = [one for kode in (name, *_berulang(name, value)) for one in sources.get(kode, [])]
    return list(dict.fromkeys(told))


def _bagian(name: str, value: Any, bahan: _Bahan, title: str = "", jangkar: str = "") -> Bagian:
    article = value.get("pasal", "") if isinstance(value, dict) else ""
    if isinstance(value, dict) and title and _judul(value) == title:
        # The heading says it already.
        value = {one: inner for one, inner in value.items() if one != "nama"}
    return Bagian(
        title or label(name),
        article if isinstance(article, str) else "",
        _asal(name, value, bahan.asal),
        jangkar,
        _isi(value, bahan, name),
    )


def _isi(value: Any, bahan: _Bahan, section: str) -> list[Isi]:
    # `sumber` speaks of tables, sanctions and steps by their codes; what lies deeper may have the same names.
    if section not in _BERKODE:
        bahan = bahan._replace(asal={})
    if isinstance(value, dict):
        if isinstance(value.get("untuk"), dict):
            bahan = bahan._replace(untuk=value["untuk"])
        plain = [
            (label(name), _text(one, name, bahan))
            for name, one in value.items()
            if _is_plain(one) and name not in ("kode", "pasal")
        ]
        deep = [
            _bagian(name, one, bahan, _judul(one) if section == "tabel" else "", _jangkar(section, name))
            for name, one in value.items()
            if not _is_plain(one)
        ]
        found = [Isi("fakta", [], plain)] if plain else []
        if len(plain) > _SHORT:
            found = [Isi("tabel", ["Bagian", "Ketentuan"], [list(pair) for pair in plain])]
        return [*found, Isi("sub", [], deep)] if deep else found
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        return _rows(value, bahan, section)
    if isinstance(value, list):
        return [Isi("daftar", [], [_text(one, section, bahan) for one in value])]
    return [Isi("daftar", [], [_text(value, section, bahan)])]


def _rows(rows: list[dict[str, Any]], bahan: _Bahan, section: str) -> list[Isi]:
    names = list(dict.fromkeys(name for row in rows for name in row if name != "kode"))
    # What `sumber` speaks of has its origin beside it.
    told = any(row.get("kode") in bahan.asal for row in rows)
    if (
        not told
        and len(names) <= _WIDEST
        and "kalimat" not in names
        and all(_is_plain(v) for r in rows for v in r.values())
    ):
        return [
            Isi(
                "tabel",
                [label(name) for name in names],
                [[_text(row.get(name, ""), name, bahan) for name in names] for row in rows],
            )
        ]
    titled = [
        _bagian(
            row.get("kode", ""), row, bahan, _judul(row) or _besar(_text(row.get("bila", ""), "bila", bahan)),
            _jangkar(section, row.get("kode", "")),
        )
        for row in rows
    ]  # fmt: skip
    return [Isi("sub", [], titled)]


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _besar(text: str) -> str:
    return text[:1].upper() + text[1:]


def _text(value: Any, name: str, bahan: _Bahan) -> str:
    if isinstance(value, list):
        return ", ".join(_text(one, name, bahan) for one in value)
    if value in _WORDS:
        return _WORDS[value]
    if name in bahan.rumus:
        return tulis(value, bahan.istilah, bahan.untuk)
    if _NAME.fullmatch(value):
        return str(value).replace("_", " ")
    if value == "@":
        return BAGIAN_ITU
    # The blanks of a slip's sentence, which each slip fills with its own figures.
    words = _BLANK.sub(lambda blank: f"({blank[1].replace('_', ' ').replace('.', ' ')})", value)
    return words.replace("@@", "(nama bagian)")


def label(name: str) -> str:
    """The name of a part as people say it."""
    words = name.replace("_", " ")
    return _LABEL.get(name) or ("Kelas " + name if name.isdigit() else words[:1].upper() + words[1:])
