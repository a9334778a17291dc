"""The guides: every link leads somewhere, every picture is there, small, and made by a browser test."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PANDUAN = ROOT / "docs" / "panduan"
LARGEST = 60_000
"""Bytes of a picture."""
_LINK = re.compile(r"\]\(([^)#]*)(?:#([^)]*))?\)")
_MADE = re.compile(r"\.gambar\(\s*\"([a-z-]+)\"")
_GUIDES = sorted(PANDUAN.glob("*.md"))


def slug(title: str) -> str:
    """A heading's anchor, as forges make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def anchors(guide: Path) -> set[str]:
    return {
        slug(title) for title in re.findall(r"^#+ (.+)$", guide.read_text(encoding="utf-8"), re.MULTILINE)
    }


@pytest.mark.parametrize("guide", _GUIDES, ids=lambda path: path.name)
def test_links_of_a_guide_lead_somewhere(guide: Path) -> None:
    for target, anchor in _LINK.findall(guide.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        where = (guide.parent / target).resolve() if target else guide
        assert where.exists(), f"{guide.name}: {target}"
        assert not anchor or anchor in anchors(where), f"{guide.name}: #{anchor}"


def test_pictures_of_guides_are_small_and_made_by_the_browser_tests() -> None:
    named = {
        Path(target).name
        for guide in _GUIDES
        for target, _ in _LINK.findall(guide.read_text(encoding="utf-8"))
        if target.startswith("gambar/")
    }
    there = {picture.name for picture in (PANDUAN / "gambar").glob("*.png")}
    made = {
        f"{name}.png"
        for test in (ROOT / "tests" / "browser").glob("test_*.py")
        for name in _MADE.findall(test.read_text(encoding="utf-8"))
    }
    assert named == there == made
    too_large = [one.name for one in (PANDUAN / "gambar").iterdir() if one.stat().st_size > LARGEST]
    assert not too_large
