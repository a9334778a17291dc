"""Reads a policy file: YAML in, a checked `Kebijakan` out, or every problem with line, rule and remedy.

Plain YAML only: no anchors, no tags, no key written twice; a decimal number is left as text, so that no
figure passes through binary fractions.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import yaml
from pydantic import ValidationError
from yaml.composer import Composer

from services.tpp.kebijakan.checks import periksa
from services.tpp.kebijakan.messages import terjemahkan
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.susun_tabel import Masalah
from shared.errors import FieldError, InvalidInput

BATAS_UKURAN = 256 * 1024
"""Largest policy file in bytes; the shipped ones have 10 to 30 KiB."""

Tempat = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class MasalahBaris:
    """One problem of the file: its line (from 1), the part of the document, the rule, the way out."""

    baris: int
    bagian: str
    alasan: str
    perbaikan: str

    def __str__(self) -> str:
        where = f"baris {self.baris}" + (f" ({self.bagian})" if self.bagian else "")
        return f"{where}: {self.alasan}. Perbaikan: {self.perbaikan}."


class KebijakanTidakSah(InvalidInput):
    """The file is not a policy that may be used; `masalah` lists why, in the order of the file."""

    slug = "kebijakan-tidak-sah"
    title = "Kebijakan belum dapat dipakai"

    def __init__(self, masalah: Sequence[MasalahBaris]) -> None:
        self.masalah = tuple(sorted(masalah, key=lambda one: one.baris))
        super().__init__(
            f"Ada {len(self.masalah)} masalah di berkas kebijakan; yang pertama: {self.masalah[0]}",
            fields=[
                FieldError(
                    "/" + one.bagian.replace(".", "/"), f"baris {one.baris}: {one.alasan}", one.perbaikan
                )
                for one in self.masalah
            ],
            remedy="Perbaiki baris yang disebut, lalu kirim berkasnya lagi.",
        )


def baca(text: str | bytes) -> Kebijakan:
    """The policy a YAML text holds. Raises KebijakanTidakSah with all problems found.

    The same object for the same text: who brings a policy looks at it, uploads it and tries it on a month.
    """
    return _baca(_text(text))


@lru_cache(maxsize=32)
def _baca(text: str) -> Kebijakan:
    tree, kebijakan = _terbaca(text)
    problems = [tree.at(one.loc, one.reason, one.remedy) for one in periksa(kebijakan)]
    if problems:
        raise KebijakanTidakSah(problems)
    return kebijakan


def letak(text: str, masalah: Iterable[Masalah]) -> list[MasalahBaris]:
    """Problems of a policy that could be read, each with its line."""
    found = tuple(masalah)
    if not found:
        return []
    tree = _Pohon(_root(text))
    return [tree.at(one.loc, one.reason, one.remedy) for one in found]


def baca_tersimpan(text: str) -> Kebijakan:
    """A policy that was accepted when it was brought, whatever has been asked of new ones since.

    Raises KebijakanTidakSah only for a text that is no policy at all.
    """
    return _terbaca(_text(text))[1]


def _terbaca(text: str) -> tuple["_Pohon", Kebijakan]:
    tree = _Pohon(_root(text))
    if tree.masalah:
        raise KebijakanTidakSah(tree.masalah)
    try:
        return tree, Kebijakan.model_validate(tree.data)
    except ValidationError as error:
        raise KebijakanTidakSah([tree.at(one["loc"], *terjemahkan(one)) for one in error.errors()]) from error


def _text(raw: str | bytes) -> str:
    if len(raw) > BATAS_UKURAN:
        raise _whole(
            f"berkas lebih dari {BATAS_UKURAN // 1024} KiB", "kebijakan adalah teks YAML yang pendek"
        )
    if isinstance(raw, str):
        return raw
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _whole("berkas bukan teks UTF-8", "simpan sebagai teks YAML dengan penyandian UTF-8") from error


class _Cepat(Composer, yaml.CSafeLoader):
    """libyaml reads the text, some ten times as fast as Python does; the nodes are put together in Python,
    because libyaml's own way does not stop at any depth and takes the process with it."""

    def __init__(self, text: str) -> None:
        yaml.CSafeLoader.__init__(self, text)
        Composer.__init__(self)


def _susunan(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=_Cepat)
    except (yaml.YAMLError, UnicodeError):
        # Where and why it cannot be read is told in one way, whoever read it.
        return yaml.compose(text, Loader=yaml.SafeLoader)


def _root(text: str) -> yaml.Node:
    try:
        node = _susunan(text)
    except yaml.MarkedYAMLError as error:
        raise KebijakanTidakSah([_tak_terbaca(text, error)]) from error
    except yaml.YAMLError as error:
        raise _whole("ada karakter yang tidak boleh di YAML", "hapus karakter kendali dari berkas") from error
    except RecursionError as error:
        raise _whole("susunan terlalu dalam", "kebijakan paling dalam lima tingkat") from error
    if not isinstance(node, yaml.MappingNode):
        raise _whole("isi berkas bukan kebijakan", "mulai dari contoh: bentuk, kode, nama, daerah, …")
    return node


_PENGOLAH_KATA = (
    ("\t", "ada tab", "ganti tab dengan spasi; atur penyunting agar tombol Tab menulis spasi"),
    ("\u00a0", "ada spasi tak terputus dari pengolah kata", "hapus spasi itu, lalu ketik spasi biasa"),
    ("\u201c\u201d\u2018\u2019", "ada tanda kutip lengkung dari pengolah kata", "ganti dengan kutip tegak"),
)  # fmt: skip
"""Signs that other programs leave in a line, of which YAML itself says nothing that helps."""


def _tak_terbaca(text: str, error: yaml.MarkedYAMLError) -> MasalahBaris:
    """Where YAML gave up, and the likely cause in that line or the one above."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    lines = text.split("\n")
    for number in (line, line - 1):
        written = lines[number - 1] if 0 < number <= len(lines) else ""
        for signs, alasan, perbaikan in _PENGOLAH_KATA:
            if any(sign in written for sign in signs):
                return MasalahBaris(number, "", f"YAML tidak terbaca: {alasan}", perbaikan)
    problem = error.problem or ""
    if "mapping values are not allowed" in problem:
        return MasalahBaris(
            line,
            "",
            "YAML tidak terbaca: titik dua tidak pada tempatnya",
            "samakan lekuk (spasi di awal baris) dengan baris di atasnya; beri tanda kutip pada teks yang "
            "memuat titik dua",
        )
    if "sequence entries are not allowed" in problem:
        return MasalahBaris(
            line, "", "YAML tidak terbaca: tanda - tidak pada tempatnya", "tulis nilainya; - bukan nol"
        )
    if re.search(r"\{.*\w\[", lines[line - 1] if line <= len(lines) else ""):
        return MasalahBaris(
            line,
            "",
            "YAML tidak terbaca: kurung siku di dalam { }",
            'beri tanda kutip pada seluruh rumusnya, misalnya dari: "tpp_dasar[plt_kelas]"',
        )
    remedy = "periksa lekuk (spasi di awal baris), titik dua, dan tanda kutip di sekitar baris ini"
    return MasalahBaris(line, "", "YAML tidak terbaca", remedy)


def _whole(alasan: str, perbaikan: str) -> KebijakanTidakSah:
    return KebijakanTidakSah([MasalahBaris(1, "", alasan, perbaikan)])


class _Pohon:
    """The document as plain data, and the line of every place in it."""

    def __init__(self, root: yaml.Node) -> None:
        self.masalah: list[MasalahBaris] = []
        self._lines: dict[Tempat, int] = {}
        self._seen: set[int] = set()
        self.data = self._value(root, ())

    def at(self, loc: Tempat, alasan: str, perbaikan: str) -> MasalahBaris:
        """A problem with the line of its place, or of the nearest part around it that the file has."""
        known: Tempat = ()
        for part in loc:
            # The kind of a komponen stands in pydantic's place names, but is no part of the document.
            if (*known, part) in self._lines:
                known = (*known, part)
        return MasalahBaris(self._lines[known], ".".join(map(str, known)), alasan, perbaikan)

    def _value(self, node: yaml.Node, loc: Tempat) -> Any:
        self._lines.setdefault(loc, node.start_mark.line + 1)
        if id(node) in self._seen:
            self.masalah.append(
                self.at(
                    loc, "acuan YAML (& dan *) tidak dipakai di kebijakan", "tulis nilainya lengkap di sini"
                )
            )
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*loc, place)) for place, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, loc: Tempat) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = _scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            here = (*loc, key if isinstance(key, str | int) else str(key))
            if not isinstance(key, str | int) or isinstance(key, bool):
                line = key_node.start_mark.line + 1
                bagian = ".".join(map(str, loc))
                self.masalah.append(
                    MasalahBaris(
                        line, bagian, "nama isian tidak terbaca", "tulis nama isian sebelum titik dua"
                    )
                )
                continue
            if key in found:
                line = key_node.start_mark.line + 1
                bagian = ".".join(map(str, here))
                self.masalah.append(
                    MasalahBaris(line, bagian, f"{key} ditulis dua kali", "hapus salah satunya")
                )
                continue
            self._lines[here] = key_node.start_mark.line + 1
            found[key] = self._value(value_node, here)
        return found


_KATA = {"true": True, "false": False, "null": None, "": None, "~": None}


def _scalar(node: yaml.Node) -> Any:
    """Text, whole number, date, true, false or null; YAML's other readings (1_000, 1.5, 12:30) stay text."""
    text = str(node.value)
    if getattr(node, "style", None):
        return text
    if text in _KATA:
        return _KATA[text]
    if text.isascii() and text.isdigit() and (text == "0" or not text.startswith("0")) and len(text) < 19:
        return int(text)
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
