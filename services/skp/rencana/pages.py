"""Pages of one's own plan: list, one plan with its history, write it, submit it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Response

from services.skp.rencana import commands, ingatkan, queries
from shared.contracts.skp import Aspek
from shared.errors import Conflict
from shared.http import Read, Write
from shared.http.context import Context
from shared.web import REFUSALS, Form, nudged, page, pages, redirect

halaman = pages("/skp/rencana", "skp")

NAMA_ASPEK: dict[Aspek, str] = {
    "kuantitas": "Kuantitas",
    "kualitas": "Kualitas",
    "waktu": "Waktu",
    "biaya": "Biaya",
}


@halaman.get("")
async def daftar(r: Read) -> Response:
    """SKP saya."""
    return page(r, "rencana/daftar.html", skp=await r.fetch(queries.milik, r.zone))


@halaman.get("/baru")
async def baru(r: Read, tahun: int | None = None) -> Response:
    """Formulir SKP baru."""
    tahun = tahun or (await r.fetch(queries.milik, r.zone)).tahun_ini
    form = Form.blank({"tahun": tahun, "rhk": [{"rencana": "", "indikator": [{"aspek": "kuantitas"}]}]})
    return await _form(r, form, "/skp/rencana/baru")


@halaman.post("/baru")
async def kirim_baru(w: Write) -> Response:
    """Simpan SKP baru sebagai draf."""
    form = Form.sent(w.request)
    if form.editing():
        return await _form(w, form, "/skp/rencana/baru")
    try:
        body = form.read(commands.SkpBaru)
        made = await w.done(commands.SkpRingkas, commands.buat, body, w.zone)
    except REFUSALS as problem:
        return await _form(w, form.refused(problem), "/skp/rencana/baru")
    return redirect(w, f"/skp/rencana/{made.skp_id}", "SKP disimpan sebagai draf. Periksa, lalu ajukan.")


@halaman.get("/{skp_id}")
async def lihat(r: Read, skp_id: UUID) -> Response:
    """Satu SKP."""
    skp = await r.fetch(queries.satu, skp_id, r.zone)
    above = await r.fetch(queries.rencana_atasan, skp)
    mine = r.principal.pegawai_id == skp.pegawai_id
    subjek = ingatkan.subjek_skp(skp_id)
    shown: dict[str, Any] = {
        "skp": skp,
        "rencana_atasan": above,
        "mine": mine,
        "diingatkan": mine and subjek in await r.fetch(ingatkan.sudah, r.zone, subjek),
        "putusan": await r.fetch(queries.dapat_memutuskan, skp, r.zone),
    }
    return page(r, "rencana/lihat.html", **shown)


@halaman.get("/{skp_id}/ubah")
async def ubah(r: Read, skp_id: UUID) -> Response:
    """Formulir mengubah SKP."""
    skp = await r.fetch(queries.satu, skp_id, r.zone)
    form = Form.blank(skp.model_dump(mode="json", include={"tahun", "rhk"}))
    return await _form(r, form, f"/skp/rencana/{skp_id}/ubah")


@halaman.post("/{skp_id}/ubah")
async def kirim_ubah(w: Write, skp_id: UUID) -> Response:
    """Simpan perubahan SKP."""
    form, action = Form.sent(w.request), f"/skp/rencana/{skp_id}/ubah"
    if form.editing():
        return await _form(w, form, action)
    try:
        body = form.read(commands.SkpBaru)
        await w.run(commands.ubah, skp_id, body, w.zone)
    except REFUSALS as problem:
        return await _form(w, form.refused(problem), action)
    return redirect(w, f"/skp/rencana/{skp_id}", "Perubahan disimpan sebagai draf. Periksa, lalu ajukan.")


@halaman.post("/{skp_id}/ajukan")
async def ajukan(w: Write, skp_id: UUID) -> Response:
    """Ajukan kepada pejabat penilai."""
    try:
        await w.run(commands.ajukan, skp_id, w.zone)
    except Conflict as problem:
        return redirect(w, f"/skp/rencana/{skp_id}", f"{problem.detail} {problem.remedy}", kind="warning")
    return redirect(w, f"/skp/rencana/{skp_id}", "SKP diajukan kepada pejabat penilai Anda.")


@halaman.post("/{skp_id}/ingatkan")
async def ingatkan_pemutus(w: Write, skp_id: UUID) -> Response:
    """Ingatkan pejabat penilai."""
    return await nudged(w, f"/skp/rencana/{skp_id}", ingatkan.keputusan, skp_id, w.zone)


@halaman.post("/atasan/{tahun}/ingatkan")
async def ingatkan_atasan(w: Write, tahun: Annotated[int, Path(ge=2020, le=2100)]) -> Response:
    """Ingatkan atasan yang belum menyusun SKP."""
    back = f"/skp/rencana/baru?tahun={tahun}"
    return await nudged(w, back, ingatkan.rencana_atasan, tahun, w.zone)


async def _form(r: Context, form: Form, action: str) -> Response:
    """The form, filled in or refused, with what the atasan plans for this year to choose from."""
    year = form.value("tahun")
    known = year.isascii() and year.isdigit() and len(year) == 4
    above = await r.fetch(queries.rhk_atasan, int(year), r.zone) if known else None
    reminded = False
    if above and above.atasan_id and not above.data:
        subjek = ingatkan.subjek_atasan(above.atasan_id, int(year))
        reminded = subjek in await r.fetch(ingatkan.sudah, r.zone, subjek)
    return page(
        r,
        "rencana/form.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        action=action,
        aspek=list(NAMA_ASPEK.items()),
        above=above,
        diingatkan=reminded,
    )
