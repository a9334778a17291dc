"""Pages of help: who helps me, and the guides; these also for those who cannot log in yet."""

from fastapi import Response

from services.skp.bantuan import queries
from shared.errors import NotFound
from shared.http import Read
from shared.web import page, pages
from shared.web.guides import GUIDES

halaman = pages("", "bantuan")


@halaman.get("/bantuan")
async def bantuan(r: Read) -> Response:
    """Siapa yang menolong saya, dan panduan pekerjaan saya."""
    settings = r.request.app.state.settings
    return page(
        r,
        "bantuan/bantuan.html",
        bantuan=await r.fetch(queries.bantuan_saya, settings.zone),
        panduan=[one for one in GUIDES if one.meant_for(r.principal)],
        lain=[one for one in GUIDES if not one.meant_for(r.principal)],
        kontak=settings.help_contact,
    )


@halaman.get("/panduan")
async def semua_panduan(r: Read) -> Response:
    """Bantuan bagi yang belum masuk: semua panduan, dan siapa yang dihubungi."""
    kontak = r.request.app.state.settings.help_contact
    return page(r, "bantuan/panduan_semua.html", panduan=GUIDES, kontak=kontak)


@halaman.get("/panduan/{nama}")
async def panduan(r: Read, nama: str) -> Response:
    """Satu panduan, tanpa masuk."""
    return _panduan(r, nama, "/panduan")


@halaman.get("/bantuan/{nama}")
async def panduan_saya(r: Read, nama: str) -> Response:
    """Satu panduan, dengan menu saya."""
    return _panduan(r, nama, "/bantuan")


def _panduan(r: Read, nama: str, naik: str) -> Response:
    one = next((one for one in GUIDES if one.name == nama), None)
    if one is None:
        raise NotFound("Panduan ini tidak ada.", remedy="Buka Bantuan, lalu pilih panduannya.")
    judul, isi = one.text()
    return page(r, "bantuan/panduan.html", judul=judul, isi=isi, naik=naik)
