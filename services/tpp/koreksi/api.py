"""HTTP of corrections after the lock: `/api/tpp/koreksi/…`."""

from typing import Annotated

from fastapi import Query, Response

from services.tpp.koreksi import queries
from shared.http import MAX_LIMIT, Page, Read, router
from shared.http.params import PeriodePath
from shared.period import Period

api = router("/api/tpp/koreksi", "koreksi")


@api.get("/{periode}", response_model=Page[queries.Koreksi])
async def daftar_koreksi(
    r: Read,
    periode: PeriodePath,
    opd: Annotated[str | None, Query(max_length=64)] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Koreksi satu bulan sesudah dikunci: selisih, sebab, dan bulan yang membawa rapelnya."""
    return await r.run(queries.daftar, Period.parse(periode), opd, cursor, limit)
