"""HTTP of letters: `/api/tpp/cuti`, `/api/tpp/sanksi`, `/api/tpp/peran`, and their imports."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.tpp.fakta.api import rute_impor
from services.tpp.surat import commands, queries
from services.tpp.surat.jenis import JENIS_SURAT
from shared.http import MAX_LIMIT, Page, Read, Write, router
from shared.http.params import CariQuery

api = router("/api/tpp", "surat")
impor = router("/api/tpp/impor", "impor")

_SEBUTAN = {"cuti": "Cuti dan dinas", "sanksi": "Hukuman disiplin", "peran": "Peran tambahan"}
_Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]

Opd = Annotated[str | None, Query(max_length=64, description="Kode OPD")]


def _rute(api: APIRouter, jenis: str, sebutan: str) -> None:
    """Read and take back one kind of letter."""

    @api.get(
        f"/{jenis}",
        response_model=Page[queries.Surat],
        name=f"daftar_{jenis}",
        description=f"{sebutan} orang-orang dalam wewenang Anda, yang terbaru dahulu.",
    )
    async def daftar(
        r: Read, opd: Opd = None, cari: CariQuery = "", cursor: str | None = None, limit: _Limit = 50
    ) -> Response:
        return await r.run(queries.daftar, jenis, cursor, limit, opd, cari)

    @api.get(
        f"/{jenis}/saya",
        response_model=Page[queries.Surat],
        name=f"{jenis}_saya",
        description=f"{sebutan} saya.",
    )
    async def saya(r: Read, cursor: str | None = None, limit: _Limit = 50) -> Response:
        return await r.run(queries.saya, jenis, cursor, limit)

    @api.post(
        f"/{jenis}/{{surat_id}}/cabut",
        response_model=commands.SuratDicabut,
        name=f"cabut_{jenis}",
        description="Surat ini tidak berlaku; bulan yang disentuhnya dihitung ulang.",
    )
    async def cabut(w: Write, surat_id: UUID, body: commands.PencabutanSurat) -> Response:
        return await w.run(commands.cabut, jenis, surat_id, body)


for _kode, _jenis in JENIS_SURAT.items():
    rute_impor(impor, _jenis)
    _rute(api, _kode, _SEBUTAN[_kode])
