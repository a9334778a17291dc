"""Pictures of the guides in docs/panduan, taken by the journeys that the guides describe.

`make gambar` takes them anew; a test holds guides and pictures together.
"""

import io
import os

from PIL import Image
from playwright.sync_api import Page

from shared.web.build import ROOT

FOLDER = ROOT / "docs" / "panduan" / "gambar"
LARGEST = 60_000
"""Bytes of a picture."""
_HIGHEST = {360: 1100, 1024: 900}
"""Pixels from the top of the page, for a phone and for a desk."""
_COLOURS = 64


def ambil(page: Page, name: str, width: int) -> None:
    """Take the picture `name` of a page as it stands, when pictures are asked for."""
    if not os.environ.get("EKINERJA_GAMBAR"):
        return
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("scrollTo(0, 0)")
    whole = page.screenshot(full_page=True)
    if before:
        page.set_viewport_size(before)
    picture = Image.open(io.BytesIO(whole)).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, _HIGHEST[width])))
    small = picture.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    FOLDER.mkdir(parents=True, exist_ok=True)
    small.save(FOLDER / f"{name}.png", "PNG", optimize=True)
    size = (FOLDER / f"{name}.png").stat().st_size
    assert size <= LARGEST, f"{name}: {size} byte"
