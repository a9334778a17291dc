"""Guides: each has a page, its links lead to pages, and no HTML of a text is obeyed."""

import re

import pytest

from shared.web.build import ROOT
from shared.web.guides import GUIDES
from shared.web.markdown import Picture, guide


def test_every_guide_is_offered() -> None:
    there = {path.stem for path in (ROOT / "docs" / "panduan").glob("*.md")} - {"README"}
    assert {one.name for one in GUIDES} == there


@pytest.mark.parametrize("one", GUIDES, ids=lambda one: one.name)
def test_a_built_guide_links_only_to_what_is_there(one: object) -> None:
    names = {known.name for known in GUIDES}
    _, text = one.text()  # type: ignore[attr-defined]
    anchors = set(re.findall(r' id="([^"]+)"', text))
    for target in re.findall(r'href="([^"]+)"', text):
        name, _, anchor = target.partition("#")
        assert not name or name in names, target
        assert name or anchor in anchors, target
    assert "style=" not in text
    assert re.findall(r'<img [^>]*alt=""', text) == []


def test_text_of_a_guide_is_shown_not_obeyed() -> None:
    title, html = guide(
        "# Judul\n\n<script>alert(1)</script> [jauh](javascript:alert(1)) [kode](../src/x.py)\n\n"
        "| a | b |\n|---|--:|\n| 1 | `<b>` |\n\n```\n<i>\n```\n\n![Slip](gambar/slip.png)\n",
        lambda name: Picture(f"/static/{name}", 360, 640),
    )
    assert title == "Judul"
    assert "<script" not in html
    assert "javascript:" not in html.replace("[jauh](javascript:alert(1))", "")
    assert "<a" not in html
    assert '<td class="angka"><code>&lt;b&gt;</code></td>' in html
    assert '<img class="panduan-gambar" src="/static/slip.png" width="315" height="560"' in html
    with pytest.raises(ValueError, match="gambar/"):
        guide("# Judul\n\n![x](https://contoh.go.id/x.png)\n", lambda name: Picture(name, 1, 1))
