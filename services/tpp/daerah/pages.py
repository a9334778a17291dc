"""Pages of these facts: each kind's list and the withdrawal of one; one's own."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.tpp.authz import AUTHZ
from services.tpp.daerah import commands, queries
from services.tpp.daerah.jenis import JENIS_DAERAH
from services.tpp.daerah.queries import SEBUTAN
from services.tpp.surat.queries import opd as opd_terlihat
from shared.http import Read, Write
from shared.http.context import Context
from shared.web import REFUSALS, Form, page, pages, redirect

halaman = pages("/tpp/fakta", "daerah")

_BANYAK = 50


def _terlihat(r: Context) -> list[tuple[str, str]]:
    """The kinds whose lists the caller may open."""
    return [
        (kode, teks) for kode, teks in SEBUTAN.items() if r.principal.may(AUTHZ["GET", f"/tpp/fakta/{kode}"])
    ]


@halaman.get("")
async def pertama(r: Read) -> Response:
    """Jenis fakta pertama yang boleh dilihat."""
    return redirect(r, f"/tpp/fakta/{_terlihat(r)[0][0]}")


@halaman.get("/saya")
async def saya(r: Read, cursor: str | None = None) -> Response:
    """Fakta tentang saya yang dipakai kebijakan TPP."""
    found = await r.fetch(queries.saya, cursor, _BANYAK)
    return page(r, "daerah/saya.html", isi=found, sebutan=SEBUTAN)


def _halaman(jenis: str, router: APIRouter) -> None:
    """List and withdrawal of one kind; each kind has its own rights."""
    nama = jenis.replace("-", "_")
    cabut_rule = AUTHZ["POST", f"/tpp/fakta/{jenis}/{{fakta_id}}/cabut"]

    @router.get(f"/{jenis}", name=f"halaman_{nama}", description=f"{SEBUTAN[jenis]} yang berlaku.")
    async def daftar(r: Read, opd: str = "", cari: str = "", cursor: str | None = None) -> Response:
        return page(
            r,
            "daerah/daftar.html",
            jenis=jenis,
            sebutan=SEBUTAN[jenis],
            tab=_terlihat(r),
            isi=await r.fetch(queries.daftar, jenis, cursor, _BANYAK, opd[:64] or None, cari[:100]),
            opd=await r.fetch(opd_terlihat),
            boleh=r.principal.may(cabut_rule),
            jenis_impor=JENIS_DAERAH[jenis],
        )

    @router.get(f"/{jenis}/{{fakta_id}}/cabut", name=f"formulir_cabut_{nama}", description="Satu fakta.")
    async def lihat(r: Read, fakta_id: UUID) -> Response:
        return await _lihat(r, jenis, fakta_id, Form.blank())

    @router.post(f"/{jenis}/{{fakta_id}}/cabut", name=f"cabut_{nama}_halaman", description="Cabut fakta.")
    async def cabut(w: Write, fakta_id: UUID) -> Response:
        form = Form.sent(w.request)
        if form.editing():
            return await _lihat(w, jenis, fakta_id, form)
        try:
            await w.run(commands.cabut, jenis, fakta_id, form.read(commands.PencabutanFakta))
        except REFUSALS as problem:
            return await _lihat(w, jenis, fakta_id, form.refused(problem))
        return redirect(w, f"/tpp/fakta/{jenis}", "Fakta dicabut. Bulan yang disentuhnya mengikuti.")


async def _lihat(r: Context, jenis: str, fakta_id: UUID, form: Form) -> Response:
    return page(
        r,
        "daerah/cabut.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        jenis=jenis,
        sebutan=SEBUTAN[jenis],
        fakta=await r.fetch(queries.satu, jenis, fakta_id),
    )


for _kode in SEBUTAN:
    _halaman(_kode, halaman)
