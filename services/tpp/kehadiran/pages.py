"""Pages of the attendance import, and of what an attendance system sent in vain."""

from fastapi import Response

from services.tpp.authz import AUTHZ
from services.tpp.kehadiran import tertahan
from services.tpp.kehadiran.impor import KEHADIRAN
from shared.http import Read, Write
from shared.http.context import Context
from shared.web import REFUSALS, Form, page, pages, redirect
from shared.web.imports import import_pages

halaman_kehadiran = import_pages("/tpp/impor/kehadiran", "impor", KEHADIRAN)
halaman_presensi = pages("/tpp/presensi-tertahan", "presensi tertahan")

_TERAPKAN = AUTHZ["POST", "/api/tpp/presensi-tertahan/terapkan"]


@halaman_presensi.get("")
async def lihat(r: Read, cursor: str | None = None) -> Response:
    """Kiriman sistem presensi yang tertahan."""
    return await _lihat(r, cursor, Form.blank())


@halaman_presensi.post("/terapkan")
async def terapkan(w: Write) -> Response:
    """Terapkan lagi yang tertahan."""
    form = Form.sent(w.request)
    try:
        made = await w.done(tertahan.HasilTerapkan, tertahan.terapkan_lagi, form.read(tertahan.TerapkanLagi))
    except REFUSALS as problem:
        return await _lihat(w, None, form.refused(problem))
    told = f"{made.hari} hari sekarang tercatat; {made.tertahan} tetap tertahan."
    return redirect(w, "/tpp/presensi-tertahan", told)


async def _lihat(r: Context, cursor: str | None, form: Form) -> Response:
    return page(
        r,
        "kehadiran/tertahan.html",
        rows=await r.fetch(tertahan.daftar, cursor, 50),
        form=form,
        boleh=r.principal.may(_TERAPKAN),
        bkd=r.principal.holds("admin_bkd"),
        status=form.problem.status if form.problem else 200,
    )
