"""HTTP of realisasi: the route that the whole pemda uses in the last hour of the month."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import ValidationError

from services.skp.realisasi import commands, queries
from services.skp.realisasi.commands import RealisasiBaru, TandaTerima
from services.skp.realisasi.http import kirim
from shared.errors import InvalidInput
from shared.http import MAX_LIMIT, Page, Read, Write, router
from shared.http.context import idempotency_key, replayed, request_hash
from shared.http.params import PeriodePath, PeriodeQuery
from shared.http.problems import field_errors
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
    told = await kirim(request, isi, key, asked)
    if told.replayed:
        return replayed(told.status, told.body)
    return Response(told.body, told.status, media_type="application/json")


@api.post("/realisasi/sekaligus", response_model=commands.TandaTerimaSekaligus, status_code=201)
async def kirim_sekaligus(w: Write, body: commands.RealisasiSekaligus) -> Response:
    """Catat beberapa realisasi: semuanya tercatat, atau tidak satu pun."""
    return await w.run(commands.catat_sekaligus, body, w.zone, status=201)


@api.get("/realisasi", response_model=Page[queries.Realisasi])
async def daftar_realisasi(
    r: Read,
    periode: PeriodeQuery,
    pegawai_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Realisasi satu bulan: milik saya, bawahan saya, atau unit dalam wewenang saya."""
    zone = r.zone
    return await r.run(queries.daftar, Period.parse(periode), pegawai_id, cursor, limit, zone)


@api.get("/realisasi/bulan/{periode}", response_model=queries.Bulan)
async def bulan_realisasi(r: Read, periode: PeriodePath, pegawai_id: UUID | None = None) -> Response:
    """Ikhtisar satu bulan seseorang: RHK yang berlaku, catatannya, dan hari-harinya."""
    return await r.run(queries.bulan, pegawai_id, Period.parse(periode), r.zone)


@api.get("/realisasi/{realisasi_id}", response_model=queries.RealisasiRinci)
async def lihat_realisasi(r: Read, realisasi_id: UUID) -> Response:
    """Satu realisasi dengan nama-nama buktinya."""
    return await r.run(queries.satu, realisasi_id, r.zone)
