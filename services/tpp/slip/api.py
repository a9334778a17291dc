"""HTTP of printed slips: `/api/tpp/slip-pdf/…`, and checking one: `/api/tpp/periksa-slip/…`."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Response
from fastapi.responses import PlainTextResponse

from services.tpp.slip import queries
from shared.http import Read, router
from shared.http.params import PeriodePath
from shared.period import Period

api = router("/api/tpp", "slip")

_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}}, "description": "Slip untuk dicetak"}
}


@api.get("/slip-pdf/{periode}/saya", response_class=Response, responses=_PDF)
async def cetak_slip_saya(r: Read, periode: PeriodePath) -> Response:
    """Slip TPP saya sebagai PDF."""
    return await _cetak(r, await r.fetch(queries.saya, Period.parse(periode), *_tempat(r)), periode)


@api.get("/slip-pdf/{periode}/{pegawai_id}", response_class=Response, responses=_PDF)
async def cetak_slip(r: Read, periode: PeriodePath, pegawai_id: UUID) -> Response:
    """Slip TPP satu orang sebagai PDF; dibaca orang lain selalu tercatat."""
    document = await r.fetch(queries.dokumen, Period.parse(periode), pegawai_id, *_tempat(r))
    return await _cetak(r, document, periode)


@api.get(
    "/periksa-slip/{token}",
    response_model=queries.HasilPeriksa,
    responses={200: {"content": {"text/plain": {}}}},
)
async def periksa_slip(
    r: Read, token: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{40,200}$", description="Dari kode QR slip")]
) -> Response:
    """Periksa keaslian slip tercetak; tanpa masuk, tanpa data pribadi."""
    found = await r.fetch(queries.periksa, token, r.request.app.state.brankas)
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    if "text/html" in r.request.headers.get("accept", ""):
        # Whoever scans the code has a browser, not a program.
        text = f"{found.kalimat}\n\nNIP {found.nip}, OPD {found.opd_kode}\n"
        return PlainTextResponse(text, headers=headers)
    return Response(found.model_dump_json(), media_type="application/json", headers=headers)


def _tempat(r: Read) -> tuple[str, str, Any]:
    state = r.request.app.state
    address = state.settings.public_url or str(r.request.base_url)
    return address.rstrip("/"), state.settings.zone, state.brankas


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
