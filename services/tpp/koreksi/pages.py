"""Pages of what no monthly payment settles: the list, and one correction with how it was settled."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from services.tpp.koreksi import penyelesaian
from services.tpp.koreksi.api import Opd
from shared.http import Read, Write
from shared.http.context import Context
from shared.http.params import MasaPath
from shared.period import MasaBayar
from shared.web import REFUSALS, Form, page, pages, redirect

halaman = pages("/tpp/penyelesaian", "penyelesaian koreksi")

_BANYAK = 50
Urutan = Annotated[int, Path(ge=1, le=100_000)]


@halaman.get("")
async def daftar(r: Read, opd: Opd = None, cursor: str | None = None) -> Response:
    """Kelebihan dan kekurangan bayar yang harus diselesaikan di luar TPP bulanan."""
    found = await r.fetch(penyelesaian.daftar, opd or None, cursor, _BANYAK)
    return page(r, "koreksi/daftar.html", isi=found)


@halaman.get("/{periode}/{pegawai_id}/{urutan}")
async def lihat(r: Read, periode: MasaPath, pegawai_id: UUID, urutan: Urutan) -> Response:
    """Satu koreksi dan cara menyelesaikannya."""
    return await _lihat(r, MasaBayar.parse(periode), pegawai_id, urutan, Form.blank({}))


@halaman.post("/{periode}/{pegawai_id}/{urutan}")
async def selesaikan(w: Write, periode: MasaPath, pegawai_id: UUID, urutan: Urutan) -> Response:
    """Catat penyelesaiannya."""
    form, month = Form.sent(w.request), MasaBayar.parse(periode)
    if form.editing():
        return await _lihat(w, month, pegawai_id, urutan, form)
    try:
        body = form.read(penyelesaian.Selesai)
        await w.done(
            penyelesaian.Penyelesaian, penyelesaian.selesaikan, month, pegawai_id, urutan, body, w.zone
        )
    except REFUSALS as problem:
        return await _lihat(w, month, pegawai_id, urutan, form.refused(problem))
    return redirect(w, "/tpp/penyelesaian", "Penyelesaian tercatat; koreksi ini tidak menunggu lagi.")


async def _lihat(r: Context, periode: MasaBayar, pegawai_id: UUID, urutan: int, form: Form) -> Response:
    return page(
        r,
        "koreksi/lihat.html",
        status=form.problem.status if form.problem else 200,
        satu=await r.fetch(penyelesaian.satu, periode, pegawai_id, urutan),
        form=form,
        berperan=r.principal.holds("bpkad"),
    )
