"""A guide's Markdown as HTML of our pages, while assets are built.

Guides are ours, yet they pass as any text would: HTML in them is shown, not obeyed.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_BESIDE = re.compile(r"([a-z-]+)\.md(#.*)?")
_PICTURE = re.compile(r"gambar/([a-z0-9-]+\.png)")
_WIDEST, _HIGHEST = 640, 560
"""Pixels that a picture takes at most; phones show it narrower still."""
_ELSEWHERE = re.compile(r"https?://|#")


class Picture(NamedTuple):
    """Where a picture is, and its size in pixels, so that pages keep its place while it comes."""

    address: str
    width: int
    height: int

    @classmethod
    def png(cls, address: str, content: bytes) -> "Picture":
        """A PNG, whose header says its size."""
        return cls(address, int.from_bytes(content[16:20]), int.from_bytes(content[20:24]))


def slug(title: str) -> str:
    """A heading's anchor, as the guides' own links name it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def guide(text: str, picture: Callable[[str], Picture | None]) -> tuple[str, str]:
    """A guide's title, which is its first heading, and the rest as HTML.

    `picture` knows a picture by its file name; one not taken yet is None, and its words stand instead. A
    link to another guide leads to that guide's page; one to another document of the source tree keeps only
    its words.
    """
    md = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
    tokens = md.parse(text)
    at = next(place for place, token in enumerate(tokens) if token.type == "heading_open")
    title = tokens[at + 1].content
    del tokens[at : at + 3]
    return title, str(md.renderer.render(tokens, md.options, {"picture": picture}))


class _Renderer(RendererHTML):
    """Headings that can be linked to, tables and code that scroll by keyboard, no style attribute."""

    def __init__(self, parser: Any = None) -> None:
        super().__init__(parser)
        self._closing: list[str] = []

    def heading_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        tokens[idx].attrSet("id", slug(tokens[idx + 1].content))
        return str(self.renderToken(tokens, idx, options, env))

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<div class="gulir" role="region" tabindex="0" aria-label="Tabel"><table class="table">\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<th scope="col"{_aligned(tokens[idx])}>'

    def td_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f"<td{_aligned(tokens[idx])}>"

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<pre class="naskah" tabindex="0"><code>{escapeHtml(tokens[idx].content)}</code></pre>\n'

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        target = str(tokens[idx].attrGet("href") or "")
        beside = _BESIDE.fullmatch(target)
        if beside:
            target = f"{beside[1]}{beside[2] or ''}"
        known = beside or _ELSEWHERE.match(target)
        self._closing.append("</a>" if known else "")
        return f'<a href="{escapeHtml(target)}">' if known else ""

    def link_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return self._closing.pop()

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        source = str(tokens[idx].attrGet("src") or "")
        if (found := _PICTURE.fullmatch(source)) is None:
            raise ValueError(f"gambar panduan harus berada di gambar/: {source}")
        told = escapeHtml(tokens[idx].content)
        known: Picture | None = env["picture"](found[1])
        if known is None:
            return told
        scale = min(1, _WIDEST / known.width, _HIGHEST / known.height)
        size = f'width="{round(known.width * scale)}" height="{round(known.height * scale)}"'
        return f'<img class="panduan-gambar" src="{known.address}" {size} alt="{told}" loading="lazy">'


def _aligned(token: Token) -> str:
    return ' class="angka"' if "right" in str(token.attrGet("style") or "") else ""
