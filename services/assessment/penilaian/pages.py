"""Pages of ratings."""

from fastapi import Response

from services.assessment.penilaian import queries
from shared.http import Read
from shared.web import page, pages

halaman = pages("/penilaian", "penilaian")


@halaman.get("/fragmen/ringkasan")
async def ringkasan(r: Read) -> Response:
    """Kartu penilaian: milik saya, dan bawahan yang belum saya nilai."""
    return page(r, "penilaian/ringkasan.html", ringkasan=await r.fetch(queries.ringkasan))
