"""Pages of figures."""

from fastapi import Response

from services.tpp.perhitungan import queries
from shared.http import Read
from shared.web import page, pages

halaman = pages("/tpp", "perhitungan")


@halaman.get("/fragmen/ringkasan")
async def ringkasan(r: Read) -> Response:
    """Kartu TPP saya."""
    return page(r, "perhitungan/ringkasan.html", slip=await r.fetch(queries.slip_terakhir))
