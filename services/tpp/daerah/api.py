"""HTTP of these facts: `/api/tpp/fakta/<jenis>`, and their imports."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.tpp.daerah import commands, queries
from services.tpp.daerah.jenis import JENIS_DAERAH
from services.tpp.fakta.api import rute_impor
from shared.http import MAX_LIMIT, Page, Read, Write, router
from shared.http.params import CariQuery

api = router("/api/tpp/fakta", "fakta")
impor = router("/api/tpp/impor", "impor")

_Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Opd = Annotated[str | None, Query(max_length=64, description="Kode OPD")]


@api.get("/saya", response_model=Page[queries.FaktaOrang])
async def fakta_saya(r: Read, cursor: str | None = None, limit: _Limit = 50) -> Response:
    """Fakta lain tentang saya: eselon, tempat bertugas, zakat, potongan, fakta daerah."""
    return await r.run(queries.saya, cursor, limit)


def _rute(api: APIRouter, jenis: str, sebutan: str) -> None:
    """Read and take back one kind of fact."""

    @api.get(
        f"/{jenis}",
        response_model=Page[queries.FaktaOrang],
        name=f"daftar_{jenis.replace('-', '_')}",
        description=f"{sebutan} orang-orang dalam wewenang Anda, yang terbaru dahulu.",
    )
    async def daftar(
        r: Read, opd: Opd = None, cari: CariQuery = "", cursor: str | None = None, limit: _Limit = 50
    ) -> Response:
        return await r.run(queries.daftar, jenis, cursor, limit, opd, cari)

    @api.post(
        f"/{jenis}/{{fakta_id}}/cabut",
        response_model=commands.FaktaDicabut,
        name=f"cabut_{jenis.replace('-', '_')}",
        description="Fakta ini dianggap tidak pernah tercatat; bulan yang disentuhnya mengikuti.",
    )
    async def cabut(w: Write, fakta_id: UUID, body: commands.PencabutanFakta) -> Response:
        return await w.run(commands.cabut, jenis, fakta_id, body)


for _kode, _jenis in JENIS_DAERAH.items():
    rute_impor(impor, _jenis)
    _rute(api, _kode, queries.SEBUTAN[_kode])
