"""Pages of the inbox, and the count that every page shows in its header."""

from uuid import UUID

from fastapi import Response

from services.notification.kotak_masuk import commands, queries
from shared.http import Read, Write
from shared.http.context import Context
from shared.web import Form, page, pages, redirect
from shared.web.live import Piece, stream
from shared.web.nav import MENU

halaman = pages("/notifikasi", "notifikasi")

_ON_CARD, _ON_PAGE = 3, 30

BAGIAN = {
    "Penilaian saya": "/penilaian",
    "Penilaian bawahan": "/penilaian/bawahan",
    "Keamanan akun": "/skp/keamanan",
}
"""Parts of e-Kinerja that messages name and that are no menu entry of their own."""


def _alamat(r: Context) -> dict[str, str]:
    """Where each part is, as far as this person sees it."""
    return BAGIAN | {item.label: item.path for item in MENU if item.shown_to(r.principal)}


@halaman.get("")
async def kotak(r: Read, cursor: str | None = None) -> Response:
    """Kotak masuk."""
    count = await r.fetch(queries.jumlah)
    found = await r.fetch(queries.kotak, cursor, _ON_PAGE)
    return page(
        r,
        "kotak_masuk/kotak.html",
        pesan=found.data,
        berikutnya=found.berikutnya,
        belum_dibaca=count.belum_dibaca,
        alamat=_alamat(r),
    )


@halaman.get("/fragmen/ringkasan")
async def ringkasan(r: Read) -> Response:
    """Kartu kotak masuk: berapa yang belum dibaca, dan yang terbaru."""
    count = await r.fetch(queries.jumlah)
    latest = await r.fetch(queries.kotak, None, _ON_CARD)
    return page(r, "kotak_masuk/ringkasan.html", belum_dibaca=count.belum_dibaca, pesan=latest.data)


@halaman.get("/fragmen/lencana")
async def lencana(r: Read) -> Response:
    """Banyaknya yang belum dibaca, untuk kepala halaman."""

    async def look() -> Piece:
        count = await r.fetch(queries.jumlah)
        return Piece("kotak_masuk/lencana.html", {"belum_dibaca": count.belum_dibaca})

    return await stream(r, look, every=10)


@halaman.post("/{id}/dibaca")
async def dibaca(w: Write, id: UUID) -> Response:
    """Tandai dibaca, dan lanjut ke bagian yang disebut pesannya bila diminta."""
    await w.run(commands.tandai_dibaca, id)
    target = Form.sent(w.request).value("tempat")
    return redirect(w, _alamat(w).get(target, "/notifikasi"))


@halaman.post("/dibaca-semua")
async def dibaca_semua(w: Write) -> Response:
    """Tandai semua yang tampak sudah dibaca."""
    body = Form.sent(w.request).read(commands.Sampai)
    told = await w.done(commands.SemuaDibaca, commands.tandai_semua, body.sampai)
    return redirect(w, "/notifikasi", f"{told.ditandai} pesan ditandai sudah dibaca.")
