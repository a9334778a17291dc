"""What waits on this device to be sent, and what was received, as the browser knows it."""

from fastapi import Response

from shared.http import Read
from shared.web import page, pages

halaman = pages("/skp/kiriman", "kiriman")


@halaman.get("")
async def kiriman(r: Read) -> Response:
    """Kiriman di perangkat ini."""
    return page(r, "kiriman/daftar.html")
