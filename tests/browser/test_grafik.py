"""A chart between texts of any length: nothing wider than the screen, nothing that axe objects to."""

import pytest
from playwright.sync_api import Browser

from shared.web.assets import DIST, asset
from shared.web.render import environment
from tests.browser.tamu import AXE, AXE_RUN

_BATANG = [
    (
        "Dinas Pekerjaan Umum, Penataan Ruang, Perumahan Rakyat dan Kawasan Permukiman",
        52.6,
        "Rp\u00a01.234.567.890 dari Rp\u00a02.345.678.901 (52,6%)",
    ),
    ("Pengendalipendudukandankeluargaberencanasekalipanjang", 10, "Rp\u00a0987.654.321"),
    ("A", 0, "naik Rp\u00a0100.000 sampai Rp\u00a0250.000 sebulan"),
    ("Oktober 2026", 100, "12 orang"),
]


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_wide_texts_fit_beside_their_bars(browser: Browser, width: int) -> None:
    template = environment(None, "id", "WIB").from_string(
        '<!doctype html><html lang="id" data-tema="terang" data-bs-theme="light">'
        "<title>Grafik</title>"
        '{% import "web/ui.html" as ui %}<main><h1>Grafik</h1><section class="card"><div class="card-body">'
        '{{ ui.bars("Sudah dinilai", batang, ["OPD", "Jumlah"]) }}</div></section></main></html>'
    )
    page = browser.new_page(viewport={"width": width, "height": 800})
    try:
        page.set_content(template.render(batang=_BATANG))
        for name in ("tabler.css", "ekinerja.css"):
            page.add_style_tag(path=DIST / asset(name).rpartition("/")[2])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        card = page.locator(".card").bounding_box()
        assert card is not None
        for part in page.locator(".grafik tbody :is(th, td)").all():
            box = part.bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= card["x"] + card["width"], part.inner_text()
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(AXE_RUN) == []
    finally:
        page.close()
