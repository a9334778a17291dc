"""HTTP of corrections after the lock: `/api/tpp/koreksi/…`."""

from typing import Annotated

from fastapi import Query, Response

from services.tpp.koreksi import queries, ringkasan
from shared.http import MAX_LIMIT, Page, Read, router
from shared.http.params import PeriodePath
from shared.period import Period

api = router("/api/tpp/koreksi", "koreksi")


@api.get("", response_model=ringkasan.RingkasanKoreksi)
async def bulan_koreksi(r: Read) -> Response:
    """Bulan-bulan yang dikoreksi sesudah dikunci: orang, rupiah, dan apa yang masih menunggu."""
    return await r.run(ringkasan.bulan)


@api.get("/{periode}/antrean", response_model=Page[ringkasan.Menunggu])
async def antrean_koreksi(
    r: Read,
    periode: PeriodePath,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Orang yang bulannya menunggu dihitung lagi karena ada data yang datang sesudah dikunci."""
    return await r.run(ringkasan.antrean, Period.parse(periode), cursor, limit)


@api.get("/{periode}", response_model=Page[queries.Koreksi])
async def daftar_koreksi(
    r: Read,
    periode: PeriodePath,
    opd: Annotated[str | None, Query(max_length=64)] = None,
    menunggu: Annotated[bool, Query(description="Hanya yang masih menunggu dibawa")] = False,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Koreksi satu bulan sesudah dikunci: selisih, sebab, dan bulan yang membawa rapelnya."""
    return await r.run(queries.daftar, Period.parse(periode), opd, menunggu, cursor, limit)
