"""Pictures of the guides in docs/panduan, taken by the journeys that the guides describe.

`make gambar` takes them anew; a test holds guides and pictures together.
"""

import io
import os

from PIL import Image
from playwright.sync_api import Locator, Page

from shared.web.build import ROOT

FOLDER = ROOT / "docs" / "panduan" / "gambar"
PHONE, DESK = 360, 1024
"""Pixels across."""
_HIGHEST = {PHONE: 1000, DESK: 860}
"""Pixels down, for a phone and for a desk."""
_COLOURS = 64
_TO_TOP = "(part) => scrollTo({top: part.getBoundingClientRect().top + scrollY - 12, behavior: 'instant'})"


def ambil(page: Page, name: str, width: int, dari: Locator | None) -> None:
    """Take the picture `name` of a page as it stands, when pictures are asked for."""
    if not os.environ.get("EKINERJA_GAMBAR"):
        return
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": _HIGHEST[width]})
    if dari is None:
        page.evaluate("scrollTo(0, 0)")
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": min(height, _HIGHEST[width])})
    else:
        dari.evaluate(_TO_TOP)
    taken = page.screenshot()
    if before:
        page.set_viewport_size(before)
    small = Image.open(io.BytesIO(taken)).convert("RGB")
    small = small.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    FOLDER.mkdir(parents=True, exist_ok=True)
    small.save(FOLDER / f"{name}.png", "PNG", optimize=True)
