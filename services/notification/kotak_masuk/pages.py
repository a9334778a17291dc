"""Pages of the inbox."""

from fastapi import Response

from services.notification.kotak_masuk import queries
from shared.http import Read
from shared.web import page, pages

halaman = pages("/notifikasi", "notifikasi")

_ON_CARD = 3


@halaman.get("/fragmen/ringkasan")
async def ringkasan(r: Read) -> Response:
    """Kartu kotak masuk: berapa yang belum dibaca, dan yang terbaru."""
    count = await r.fetch(queries.jumlah)
    latest = await r.fetch(queries.kotak, None, _ON_CARD)
    return page(r, "kotak_masuk/ringkasan.html", belum_dibaca=count.belum_dibaca, pesan=latest.data)
