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
from jinja2.ext import extract_from_ast

from shared.web import language

_TOLD = {
    "InvalidInput", "Unauthenticated", "Forbidden", "NotFound", "Conflict", "TooLarge", "TooManyRequests",
    "Unavailable", "FaktorDiperlukan", "FaktorSalah", "FieldError", "redirect", "ValueError",
    "Item", "Section", "Card", "Guide", "Kind", "Choice", "Terkirim", "Kekurangan", "Tujuan", "Tindak",
}  # fmt: skip
"""Calls whose texts reach people; their f-strings become keys with `{0}`, `{1}` in place of values."""
_SOURCES = {"shared.web": "shared"}
"""Where the texts of a catalogue stand, when not in its own package alone."""


@cache
def keys(package: str) -> frozenset[str]:
    """The texts of a package: of its templates, of what its code tells people, of its named labels.

    All of `shared` is in the catalogue of `shared.web`.
    """
    folder = Path(str(files(_SOURCES.get(package, package))))
    found: set[str] = set()
    for path in sorted(folder.rglob("*.html")):
        for _, _, message in extract_from_ast(_templates().parse(path.read_text(encoding="utf-8"))):
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
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                named.setdefault(_name(target), []).append(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in _TOLD:
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                known = named.get(argument.id, []) if isinstance(argument, ast.Name) else [argument]
                yield from (text for one in known for text in _texts(one) if _is_text(text))
    for value in named.get("title", []):
        yield from filter(_is_text, _texts(value))  # of a kind of problem
    for node in tree.body:
        # NAMA_PERAN = {"auditor": "Auditor", …}: labels that pages look up by name.
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            for value in node.value.values:
                yield from filter(_is_text, _texts(value))


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _texts(node: ast.expr) -> list[str]:
    """The texts an expression may become: each branch of a condition, each element of a tuple."""
    match node:
        case ast.Constant(value=str(text)):
            return [text.strip()]
        case ast.JoinedStr(values=parts):
            places = iter(range(len(parts)))
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else f"{{{next(places)}}}" for part in parts
            )
            return [text.strip()]
        case ast.IfExp(body=one, orelse=other):
            return [*_texts(one), *_texts(other)]
        case ast.BoolOp(values=elements) | ast.Tuple(elts=elements) | ast.List(elts=elements):
            return [text for element in elements for text in _texts(element)]
        case ast.Call(func=ast.Attribute(value=inner)):
            return _texts(inner)  # f"…".replace(…)
    return []


def _is_text(text: str) -> bool:
    """Whether people read it: an address, a code or a bare value is none."""
    return (
        not text.startswith("/")
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
