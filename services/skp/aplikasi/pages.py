"""What makes the site an app: its service worker, and the page it shows when there is no signal."""

from fastapi import Response

from shared.http import Read
from shared.web import page, pages
from shared.web.assets import worker

halaman = pages("", "aplikasi")


@halaman.get("/sw.js")
async def pekerja(r: Read) -> Response:
    """Naskah yang menjaga aplikasi tetap terbuka tanpa sinyal."""
    return worker()


@halaman.get("/luring")
async def luring(r: Read) -> Response:
    """Halaman saat tidak ada sinyal."""
    return page(r, "web/luring.html")
