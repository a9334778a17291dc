"""The home page: cards of all services, each rendered by its owner."""

from fastapi import Response

from services.skp.beranda import queries
from services.skp.faktor import queries as faktor
from shared.http import Read
from shared.web import page, pages
from shared.web.nav import CARDS

halaman = pages("", "beranda")


@halaman.get("/")
async def beranda(r: Read) -> Response:
    """Beranda."""
    return page(r, "beranda/beranda.html", cards=CARDS)


@halaman.get("/skp/fragmen/ringkasan")
async def ringkasan(r: Read) -> Response:
    """Kartu SKP dan realisasi."""
    found = await r.fetch(queries.ringkasan, r.zone)
    security = await r.fetch(faktor.keadaan, r.request.app.state.pintu.wajib)
    return page(r, "beranda/ringkasan.html", ringkasan=found, faktor=security)
