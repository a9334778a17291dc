"""Pages of letters: each kind's list, one letter with its history and its withdrawal; one's own letters."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.tpp.authz import AUTHZ
from services.tpp.surat import commands, queries
from services.tpp.surat.jenis import JENIS_SURAT
from shared.errors import Forbidden
from shared.http import Read, Write
from shared.http.context import Context
from shared.web import REFUSALS, Form, page, pages, redirect

halaman = pages("/tpp/surat", "surat")

SEBUTAN = {"cuti": "Cuti dan dinas", "sanksi": "Hukuman disiplin", "peran": "Peran tambahan"}
"""The kinds, as people call them."""
_BANYAK = 50


def _terlihat(r: Context) -> list[tuple[str, str]]:
    """The kinds whose lists the caller may open."""
    return [
        (kode, teks) for kode, teks in SEBUTAN.items() if r.principal.may(AUTHZ["GET", f"/tpp/surat/{kode}"])
    ]


@halaman.get("")
async def pertama(r: Read) -> Response:
    """Jenis surat pertama yang boleh dilihat."""
    kinds = _terlihat(r)
    if not kinds:
        raise Forbidden(
            "Daftar surat bukan untuk peran Anda.", remedy="Surat Anda sendiri ada di Surat saya."
        )
    return redirect(r, f"/tpp/surat/{kinds[0][0]}")


@halaman.get("/saya")
async def saya(r: Read) -> Response:
    """Surat saya: cuti dan dinas, hukuman disiplin, peran tambahan."""
    found = {kode: (await r.fetch(queries.saya, kode, None, _BANYAK)).data for kode in SEBUTAN}
    return page(r, "surat/saya.html", surat=found, sebutan=SEBUTAN)


def _halaman(jenis: str, router: APIRouter) -> None:
    """List, letter and withdrawal of one kind; each kind has its own rules."""

    @router.get(f"/{jenis}", name=f"halaman_{jenis}", description=f"{SEBUTAN[jenis]} yang berlaku.")
    async def daftar(r: Read, opd: str = "", cari: str = "", cursor: str | None = None) -> Response:
        return page(
            r,
            "surat/daftar.html",
            jenis=jenis,
            sebutan=SEBUTAN[jenis],
            tab=_terlihat(r),
            isi=await r.fetch(queries.daftar, jenis, cursor, _BANYAK, opd[:64] or None, cari[:100]),
            opd=await r.fetch(queries.opd),
            boleh_impor=r.principal.may(AUTHZ["POST", f"/api/tpp/impor/{jenis}"]),
            judul_impor=JENIS_SURAT[jenis].judul,
        )

    @router.get(f"/{jenis}/{{surat_id}}", name=f"lihat_{jenis}", description="Satu surat dan riwayatnya.")
    async def lihat(r: Read, surat_id: UUID) -> Response:
        return await _lihat(r, jenis, surat_id, Form.blank())

    @router.post(f"/{jenis}/{{surat_id}}/cabut", name=f"cabut_{jenis}_halaman", description="Cabut surat.")
    async def cabut(w: Write, surat_id: UUID) -> Response:
        form = Form.sent(w.request)
        if form.editing():
            return await _lihat(w, jenis, surat_id, form)
        try:
            await w.run(commands.cabut, jenis, surat_id, form.read(commands.PencabutanSurat))
        except REFUSALS as problem:
            return await _lihat(w, jenis, surat_id, form.refused(problem))
        return redirect(w, f"/tpp/surat/{jenis}", "Surat dicabut. Bulan yang disentuhnya dihitung ulang.")


async def _lihat(r: Context, jenis: str, surat_id: UUID, form: Form) -> Response:
    return page(
        r,
        "surat/lihat.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        jenis=jenis,
        sebutan=SEBUTAN[jenis],
        surat=await r.fetch(queries.satu, jenis, surat_id),
        boleh_cabut=r.principal.may(AUTHZ["POST", f"/tpp/surat/{jenis}/{{surat_id}}/cabut"]),
    )


for _kode in SEBUTAN:
    _halaman(_kode, halaman)
