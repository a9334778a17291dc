"""HTTP of planning: `/api/skp/skp/…` and `/api/skp/rhk-atasan`."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from services.skp.rencana import commands, ingatkan, queries
from shared.colek import Terkirim
from shared.http import MAX_LIMIT, Page, Read, Write, router

api = router("/api/skp", "skp")

Tahun = Annotated[int, Query(ge=2020, le=2100)]


def _zone(request: Request) -> str:
    zone: str = request.app.state.settings.zone
    return zone


@api.get("/skp", response_model=Page[queries.SkpBaris])
async def daftar_skp(
    r: Read,
    tahun: Tahun,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """SKP saya, bawahan saya, dan yang berada dalam wewenang saya."""
    return await r.run(queries.daftar, tahun, cursor, limit, _zone(r.request))


@api.post("/skp", response_model=commands.SkpRingkas, status_code=201)
async def buat_skp(w: Write, body: commands.SkpBaru) -> Response:
    """Susun SKP satu tahun sebagai draf."""
    return await w.run(commands.buat, body, _zone(w.request), status=201)


@api.post("/skp/setujui", response_model=commands.HasilSetujuSekaligus)
async def setujui_sekaligus(w: Write, body: commands.SetujuiSekaligus) -> Response:
    """Setujui beberapa SKP; yang tidak dapat disetujui disebut dengan alasannya."""
    return await w.run(commands.setujui_sekaligus, body, _zone(w.request))


@api.get("/skp/{skp_id}", response_model=queries.SkpRinci)
async def lihat_skp(r: Read, skp_id: UUID) -> Response:
    """Satu SKP dengan semua versinya."""
    return await r.run(queries.satu, skp_id, _zone(r.request))


@api.put("/skp/{skp_id}", response_model=commands.SkpRingkas)
async def ubah_skp(w: Write, skp_id: UUID, body: commands.SkpBaru) -> Response:
    """Ganti isi SKP; yang sudah diputuskan menjadi versi lama."""
    return await w.run(commands.ubah, skp_id, body, _zone(w.request))


@api.post("/skp/{skp_id}/ajukan", response_model=commands.SkpRingkas)
async def ajukan_skp(w: Write, skp_id: UUID) -> Response:
    """Ajukan kepada pejabat penilai."""
    return await w.run(commands.ajukan, skp_id, _zone(w.request))


@api.post("/skp/{skp_id}/setujui", response_model=commands.SkpRingkas)
async def setujui_skp(w: Write, skp_id: UUID) -> Response:
    """Setujui; SKP berlaku sejak itu."""
    return await w.run(commands.setujui, skp_id, _zone(w.request))


@api.post("/skp/{skp_id}/kembalikan", response_model=commands.SkpRingkas)
async def kembalikan_skp(w: Write, skp_id: UUID, body: commands.Kembalikan) -> Response:
    """Kembalikan dengan catatan."""
    return await w.run(commands.kembalikan, skp_id, body, _zone(w.request))


@api.post("/skp/{skp_id}/ingatkan", response_model=Terkirim)
async def ingatkan_pemutus(w: Write, skp_id: UUID) -> Response:
    """Ingatkan pejabat penilai tentang SKP yang menunggu keputusannya; sekali sehari."""
    return await w.run(ingatkan.keputusan, skp_id, _zone(w.request))


@api.post("/skp/{skp_id}/ingatkan-lanjutan", response_model=Terkirim)
async def ingatkan_lanjutan_skp(w: Write, skp_id: UUID) -> Response:
    """Ingatkan yang bertindak berikutnya pada SKP bawahan: pemiliknya, atau pemutusnya; sekali sehari."""
    return await w.run(ingatkan.lanjutan, skp_id, _zone(w.request))


@api.post("/rhk-atasan/ingatkan", response_model=Terkirim)
async def ingatkan_atasan(w: Write, tahun: Tahun) -> Response:
    """Ingatkan atasan yang belum menyusun SKP; sekali sehari."""
    return await w.run(ingatkan.rencana_atasan, tahun, _zone(w.request))


@api.get("/rhk-atasan", response_model=queries.DaftarRhkAtasan)
async def rhk_atasan(r: Read, tahun: Tahun) -> Response:
    """RHK atasan yang dapat diintervensi."""
    return await r.run(queries.rhk_atasan, tahun, _zone(r.request))
