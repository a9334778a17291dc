"""Every text that people read, as keys of a catalogue, and which of them a language still lacks.

`python -m shared.web.texts jv shared.web services.skp …` writes `bahasa/jv.po` into each of them: what is
translated already, and all that is not.
"""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

from shared.web import language

_TOLD = {
    "InvalidInput", "Unauthenticated", "Forbidden", "NotFound", "Conflict", "TooLarge", "TooManyRequests",
    "Unavailable", "FaktorDiperlukan", "FaktorSalah", "FieldError", "redirect",
    "Item", "Card", "Kind", "Choice", "Terkirim", "Kekurangan", "Tujuan",
}  # fmt: skip
"""Calls whose texts reach people; their f-strings become keys with `{0}`, `{1}` in place of values."""
_SOURCES = {"shared.web": "shared"}
"""Where the texts of a catalogue stand, when not in its own package alone."""


def keys(package: str) -> frozenset[str]:
    """The texts of a package: of its templates, of what its code tells people, of its named labels.

    All of `shared` is in the catalogue of `shared.web`.
    """
    folder = Path(str(files(_SOURCES.get(package, package))))
    found: set[str] = set()
    for path in sorted(folder.rglob("*.html")):
        for _, _, message in _templates().extract_translations(path.read_text(encoding="utf-8")):
            # A tuple is singular and plural; None stands where only the running page knows the text.
            found.update(filter(None, message if isinstance(message, tuple) else (message,)))
    for path in sorted(folder.rglob("*.py")):
        found.update(_told(ast.parse(path.read_text(encoding="utf-8"))))
    return frozenset(found)


@cache
def missing(code: str, package: str) -> frozenset[str]:
    """What a package's catalogue of a language does not say yet; everything when there is none."""
    source = language.languages(package).get(code)
    if source is None:
        return keys(package)
    with source.open("rb") as file:
        said = {str(message.id) for message in read_po(file) if message.string and not message.fuzzy}
    return keys(package) - said


@cache
def offered(*packages: str) -> tuple[str, ...]:
    """The languages for pages of these packages: Indonesian, and those that lack nothing there."""
    begun = set.intersection(*(set(language.languages(package)) for package in packages))
    whole = [code for code in sorted(begun) if not any(missing(code, package) for package in packages)]
    return (language.INDONESIAN, *whole)


@cache
def _templates() -> Environment:
    return Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)


def _told(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in _TOLD:
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from filter(_is_text, _texts(argument))
        elif isinstance(node, ast.AnnAssign) and _name(node.target) == "title" and node.value:
            yield from filter(_is_text, _texts(node.value))  # of a kind of problem
    for node in tree.body:
        # NAMA_PERAN = {"auditor": "Auditor", …}: labels that pages look up by name.
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            for value in node.value.values:
                yield from filter(_is_text, _texts(value))


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts an expression may become: either branch of a condition, each element of a tuple."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            values = iter(range(len(parts)))
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else f"{{{next(values)}}}" for part in parts
            )
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one)
            yield from _texts(other)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                yield from _texts(element)


def _is_text(text: str) -> bool:
    """Whether people read it: an address, a code or a bare value is none."""
    return (
        text[:1] not in ("/", "{")
        and any(letter.islower() for letter in text)
        and (" " in text or text[:1].isupper())
    )


def write(code: str, package: str) -> int:
    """Bring a package's catalogue of a language up to its texts; returns how many are not translated."""
    target = language.folder(package) / f"{code}.po"
    old = Catalog(locale=code)
    if target.exists():
        old = read_po(target.open("rb"), locale=code)
    new = Catalog(locale=code, charset="utf-8")
    for key in sorted(keys(package)):
        known = old.get(key)
        new.add(key, known.string if known else "", flags={"python-format"} if "%(" in key else ())
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_po(file, new, width=110, omit_header=False)
    return sum(not message.string for message in new if message.id)


def main() -> None:
    """Entry point of `python -m shared.web.texts CODE PACKAGE …`."""
    code, *packages = sys.argv[1:]
    for package in packages:
        print(f"{package}: {write(code, package)} teks belum diterjemahkan")


if __name__ == "__main__":
    main()
