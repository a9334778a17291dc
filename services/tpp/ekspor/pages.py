"""Pages of files: which there are for a month, one that is being made, and fetching it."""

from pathlib import Path
from uuid import UUID

from fastapi import Response

from services.tpp.ekspor import commands, queries
from services.tpp.ekspor.api import JENIS
from services.tpp.ekspor.profil import Profil, satu, semua
from services.tpp.perhitungan import queries as perhitungan
from shared.errors import InvalidInput
from shared.http import Read, Write
from shared.http.context import Context
from shared.period import MasaBayar
from shared.web import REFUSALS, Form, page, pages, redirect
from shared.web.live import Piece, stream

halaman = pages("/tpp/berkas", "berkas")


@halaman.get("")
async def daftar(r: Read, bulan: str = "", opd: str = "") -> Response:
    """Berkas yang dapat dibuat dari satu bulan, dan yang terakhir diminta."""
    known = [one for one in await r.fetch(perhitungan.bulan) if one.perhitungan]
    months = [one.periode for one in known]
    month = next((one for one in months if str(one) == bulan), months[0] if months else None)
    counts = await r.fetch(queries.jumlah, month) if month else []
    chosen = [one for one in counts if opd in ("", one.opd_kode)]
    files = [(one, sum(part.hanya(one.hanya) for part in chosen)) for one in semua(_folder(r)).values()]
    return page(
        r,
        "ekspor/daftar.html",
        bulan=month,
        bulan_lain=[(str(one.periode), one.sebutan) for one in known],
        opd=counts,
        berkas=files,
        langsung=commands.LANGSUNG,
        terakhir=await r.fetch(commands.milik),
    )


@halaman.get("/baru")
async def baru(r: Read, kode: str, bulan: str, opd: str = "") -> Response:
    """Apa isi satu berkas, dan yang perlu diisi untuk membuatnya."""
    return await _form(r, satu(_folder(r), kode), Form.blank({"kode": kode, "bulan": bulan, "opd": opd}))


@halaman.post("/baru")
async def buat(w: Write) -> Response:
    """Minta satu berkas dibuat."""
    form = Form.sent(w.request)
    chosen = satu(_folder(w), form.value("kode"))
    if form.editing():
        return await _form(w, chosen, form)
    month, opd = _bulan(form.value("bulan")), form.value("opd")[:64] or None
    given = {name: form.value(f"isian/{name}").strip()[:200] for name in chosen.isian_untuk(month)}
    try:
        made = await w.done(commands.Dibuat, commands.minta, month, chosen, opd, given)
    except REFUSALS as problem:
        return await _form(w, chosen, form.refused(problem))
    return redirect(w, f"/tpp/berkas/{made.ekspor_id}")


@halaman.get("/{ekspor_id}")
async def lihat(r: Read, ekspor_id: UUID) -> Response:
    """Sampai mana satu berkas dibuat, atau unduhannya."""
    return page(r, "ekspor/lihat.html", ekspor=await r.fetch(commands.lihat, ekspor_id))


@halaman.get("/{ekspor_id}/kemajuan")
async def kemajuan(r: Read, ekspor_id: UUID) -> Response:
    """Sampai mana satu berkas, selama dibuat."""

    async def look() -> Piece:
        found = await r.fetch(commands.lihat, ekspor_id)
        return Piece("ekspor/kemajuan.html", {"ekspor": found}, done=not found.menunggu)

    return await stream(r, look, every=1)


@halaman.get("/{ekspor_id}/unduh")
async def unduh(r: Read, ekspor_id: UUID) -> Response:
    """Isi satu berkas yang sudah jadi."""
    made = await r.fetch(commands.unduh, ekspor_id, r.request.app.state.brankas)
    headers = {
        "Content-Disposition": f'attachment; filename="{made.ekspor.berkas}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(made.data, 200, headers, JENIS[made.ekspor.jenis])


async def _form(r: Context, chosen: Profil, form: Form) -> Response:
    month = _bulan(form.value("bulan"))
    counts = await r.fetch(queries.jumlah, month)
    opd = next((one for one in counts if one.opd_kode == form.value("opd")), None)
    return page(
        r,
        "ekspor/baru.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        profil=chosen,
        bulan=month,
        opd=opd,
        orang=sum(one.hanya(chosen.hanya) for one in ([opd] if opd else counts)),
    )


def _bulan(text: str) -> MasaBayar:
    """A month as the list of files links to it. Raises InvalidInput for anything else."""
    try:
        return MasaBayar.parse(text)
    except ValueError as error:
        raise InvalidInput("Bulan ini tidak dikenali.", remedy="Pilih lagi pada daftar berkas.") from error


def _folder(r: Context) -> Path:
    home: Path = r.request.app.state.settings.home
    return home / "profil"
