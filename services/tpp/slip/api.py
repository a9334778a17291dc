"""HTTP of one's own TPP: months, nudges, and slips for paper."""

from typing import Any
from uuid import UUID

from fastapi import Response

from services.tpp.perhitungan.queries import TppSaya, bulan_saya
from services.tpp.slip import ingatkan, queries
from shared.colek import Terkirim
from shared.http import Read, Write, router
from shared.http.params import MasaPath
from shared.period import MasaBayar

api = router("/api/tpp", "slip")

_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}}, "description": "Slip untuk dicetak"}
}


@api.get("/slip", response_model=TppSaya)
async def bulan_tpp_saya(r: Read) -> Response:
    """TPP saya tiap bulan."""
    return await r.run(bulan_saya)


@api.post("/slip/{periode}/saya/ingatkan", response_model=Terkirim)
async def ingatkan_tpp(w: Write, periode: MasaPath, body: ingatkan.Ingatan) -> Response:
    """Ingatkan siapa yang membuat TPP saya menunggu; sekali sehari untuk tiap sebab."""
    zone = w.zone
    return await w.run(ingatkan.milik_saya, MasaBayar.parse(periode), body.kode, zone)


@api.get("/slip-pdf/{periode}/saya", response_class=Response, responses=_PDF)
async def cetak_slip_saya(r: Read, periode: MasaPath) -> Response:
    """Slip TPP saya sebagai PDF."""
    return await _cetak(r, await r.fetch(queries.saya, MasaBayar.parse(periode), *_tempat(r)), periode)


@api.get("/slip-pdf/{periode}/{pegawai_id}", response_class=Response, responses=_PDF)
async def cetak_slip(r: Read, periode: MasaPath, pegawai_id: UUID) -> Response:
    """Slip TPP satu orang sebagai PDF; dibaca orang lain selalu tercatat."""
    document = await r.fetch(queries.dokumen, MasaBayar.parse(periode), pegawai_id, *_tempat(r))
    return await _cetak(r, document, periode)


def _tempat(r: Read) -> tuple[str, str]:
    state = r.request.app.state
    address = state.settings.public_url or str(r.request.base_url)
    return address.rstrip("/"), state.settings.zone


async def _cetak(r: Read, document: dict[str, Any], periode: str) -> Response:
    return Response(
        await r.request.app.state.percetakan.cetak(document),
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="slip-tpp-{periode}.pdf"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
