"""The page behind the QR code of a document, open to everyone."""

from typing import Annotated

from fastapi import Path, Response

from services.tpp.verifikasi import queries
from shared.http import Read
from shared.web import page, pages

halaman = pages("/tpp/verifikasi", "verifikasi")


@halaman.get("/{token}")
async def periksa(r: Read, token: Annotated[str, Path(max_length=64)]) -> Response:
    """Apakah dokumen ini berasal dari e-Kinerja."""
    found = await r.fetch(queries.periksa, token)
    return page(r, "verifikasi/periksa.html", status=200 if found else 404, dokumen=found)
