"""HTTP of one's people: `/api/skp/bawahan`."""

from typing import Annotated, Literal

from fastapi import Query, Response

from services.skp.bawahan import queries
from shared.http import MAX_LIMIT, Page, Read, router

api = router("/api/skp", "skp")

Keadaan = Literal["diajukan", "belum_ada", "draf", "dikembalikan", "disetujui"]


@api.get("/bawahan", response_model=Page[queries.Bawahan])
async def daftar_bawahan(
    r: Read,
    tahun: Annotated[int, Query(ge=2020, le=2100)],
    keadaan: Keadaan | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Orang-orang yang saya nilai dan SKP mereka; yang menunggu keputusan saya lebih dahulu."""
    zone = r.zone
    return await r.run(queries.daftar, tahun, keadaan, cursor, limit, zone)
