"""Pages of a service's dead letters: which there are, having them applied again, watching it.

`letter_pages("/tpp/surat-mati", "tpp")` makes the routes, `letter_rows` their authorization rows.
"""

from fastapi import APIRouter
from fastapi.responses import Response

from shared.auth.guard import SYSADMIN, AuthzTable, allow
from shared.errors import Conflict
from shared.http import Read, Write
from shared.inbox import replays
from shared.web.live import Piece, stream
from shared.web.render import page, redirect
from shared.web.routes import pages


def letter_rows(path: str) -> AuthzTable:
    """Whoever runs the system; the pages hold nothing of what the letters say."""
    routes = (("GET", path), ("GET", path + "/kemajuan"), ("POST", path + "/terapkan"))
    return dict.fromkeys(routes, allow(SYSADMIN))


def letter_pages(path: str, tag: str) -> APIRouter:
    """The pages of a service's dead letters under a path."""
    halaman = pages(path, tag)

    @halaman.get("")
    async def surat_mati(r: Read) -> Response:
        """Event yang tidak dapat diterapkan."""
        return page(r, "web/surat_mati.html", path=path, isi=await r.fetch(replays.keadaan))

    @halaman.get("/kemajuan")
    async def surat_mati_kemajuan(r: Read) -> Response:
        """Sampai mana surat mati diterapkan ulang."""

        async def look() -> Piece:
            found = await r.fetch(replays.terakhir)
            done = found is None or not found.menunggu
            return Piece("web/surat_mati_kemajuan.html", {"putaran": found}, done=done)

        return await stream(r, look, every=1)

    @halaman.post("/terapkan")
    async def surat_mati_terapkan(w: Write) -> Response:
        """Terapkan ulang semua surat mati yang terbuka."""
        try:
            await w.run(replays.minta)
        except Conflict as problem:
            return redirect(w, path, f"{problem.detail} {problem.remedy}", kind="warning")
        return redirect(w, path)

    return halaman
