"""HTTP of realisasi: the route that the whole pemda uses in the last hour of the month."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import ValidationError

from services.skp.realisasi import queries
from services.skp.realisasi.commands import Kiriman, RealisasiBaru, TandaTerima
from shared.db.group_commit import Entry, GroupCommit
from shared.db.tx import Origin
from shared.errors import InvalidInput
from shared.http import MAX_LIMIT, Page, Read, router
from shared.http.context import idempotency_key, replayed, request_hash
from shared.http.params import PeriodeQuery
from shared.http.problems import field_errors
from shared.obs.tracing import traceparent
from shared.period import Period

api = router("/api/skp", "realisasi")


@api.post(
    "/realisasi",
    response_model=TandaTerima,
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": RealisasiBaru.model_json_schema()}},
        }
    },
)
async def kirim_realisasi(request: Request) -> Response:
    """Catat realisasi satu RHK; aman diulang dengan Idempotency-Key yang sama."""
    key = idempotency_key(request)
    asked = await request_hash(request)
    try:
        isi = RealisasiBaru.model_validate_json(await request.body())
    except ValidationError as error:
        raise InvalidInput("Ada isian yang belum benar.", fields=field_errors(error.errors())) from None
    pegawai_id = request.state.guard.principal.pegawai_id
    writer: GroupCommit[Kiriman] = request.app.state.penulis
    told = await writer.submit(
        Entry(
            Kiriman.model_construct(pegawai_id=pegawai_id, isi=isi),
            Origin(f"pegawai:{pegawai_id}", traceparent()),
            key,
            asked,
        )
    )
    if told.replayed:
        return replayed(told.status, told.body)
    return Response(told.body, told.status, media_type="application/json")


@api.get("/realisasi", response_model=Page[queries.Realisasi])
async def daftar_realisasi(
    r: Read,
    periode: PeriodeQuery,
    pegawai_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Realisasi satu bulan: milik saya, bawahan saya, atau unit dalam wewenang saya."""
    zone = r.request.app.state.settings.zone
    return await r.run(queries.daftar, Period.parse(periode), pegawai_id, cursor, limit, zone)
