"""The working calendar of a year, with what the kepegawaian officer may change."""

from datetime import date

from fastapi import Response

from services.tpp.authz import AUTHZ
from services.tpp.kalender import commands, ingatkan, queries
from services.tpp.kalender.api import Tahun
from services.tpp.kalender.jenis import KALENDER
from services.tpp.kehadiran import ulang
from shared.clock import local_date
from shared.http import Read, Write
from shared.http.context import Context
from shared.web import REFUSALS, Form, nudged, page, pages, redirect
from shared.web.live import Piece, stream

halaman = pages("/tpp/kalender", "kalender")

_CABUT = AUTHZ["POST", "/api/tpp/kalender/hari-libur/{tanggal}/cabut"]


@halaman.get("")
async def tahun_ini(r: Read) -> Response:
    """Kalender tahun berjalan."""
    today = local_date(await r.fetch(queries.sekarang), r.zone)
    return redirect(r, f"/tpp/kalender/{today.year}")


@halaman.get("/{tahun}")
async def kalender(r: Read, tahun: Tahun) -> Response:
    """Hari libur, jam kerja, sif dan regu pada satu tahun."""
    return page(
        r,
        "kalender/lihat.html",
        kalender=await r.fetch(queries.kalender, tahun),
        ulang=await r.fetch(ulang.berjalan),
        impor=[one for one in KALENDER if r.principal.may(AUTHZ["POST", f"/api/tpp/impor/{one.nama}"])],
        boleh_cabut=r.principal.may(_CABUT),
        perlu=await r.fetch(ingatkan.perlu, tahun, r.zone),
        diingatkan=await r.fetch(ingatkan.sudah, tahun, r.zone),
    )


@halaman.post("/{tahun}/ingatkan")
async def ingatkan_kalender(w: Write, tahun: Tahun) -> Response:
    """Ingatkan admin BKD bahwa hari libur tahun itu belum lengkap."""
    return await nudged(w, f"/tpp/kalender/{tahun}", ingatkan.kalender, tahun, w.zone)


@halaman.get("/hitung-ulang/kemajuan")
async def kemajuan(r: Read) -> Response:
    """Kemajuan hitung ulang kehadiran, selama berjalan."""

    async def look() -> Piece:
        found = await r.fetch(ulang.berjalan)
        return Piece("kalender/kemajuan.html", {"ulang": found}, done=not found)

    return await stream(r, look, every=1)


@halaman.get("/hari-libur/{tanggal}")
async def libur(r: Read, tanggal: date) -> Response:
    """Satu hari libur, untuk dicabut."""
    return await _libur(r, tanggal, Form.blank())


@halaman.post("/hari-libur/{tanggal}/cabut")
async def cabut(w: Write, tanggal: date) -> Response:
    """Hari ini ternyata hari kerja."""
    form = Form.sent(w.request)
    try:
        done = await w.done(commands.Dicabut, commands.cabut_libur, tanggal, form.read(commands.Pencabutan))
    except REFUSALS as problem:
        return await _libur(w, tanggal, form.refused(problem))
    told = (
        "Hari libur dicabut; bulannya sedang dihitung ulang." if done.hitung_ulang else "Hari libur dicabut."
    )
    return redirect(w, f"/tpp/kalender/{tanggal.year}", told)


async def _libur(r: Context, tanggal: date, form: Form) -> Response:
    status = form.problem.status if form.problem else 200
    return page(
        r, "kalender/libur.html", status=status, form=form, libur=await r.fetch(queries.libur, tanggal)
    )
