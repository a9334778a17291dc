"""HTTP of the inbox: `/api/notifikasi/…`."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.notification.kotak_masuk import commands, queries
from shared.http import MAX_LIMIT, Page, Read, Write, router

api = router("/api/notifikasi", "notifikasi")


@api.get("/kotak", response_model=Page[queries.Notifikasi])
async def kotak_masuk(
    r: Read, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50
) -> Response:
    """Pesan untuk saya, yang terbaru lebih dahulu."""
    return await r.run(queries.kotak, cursor, limit)


@api.get("/jumlah", response_model=queries.Jumlah)
async def jumlah_belum_dibaca(r: Read) -> Response:
    """Banyaknya pesan yang belum saya baca."""
    return await r.run(queries.jumlah)


@api.post("/dibaca-semua", response_model=commands.SemuaDibaca)
async def tandai_semua_dibaca(w: Write, body: commands.Sampai) -> Response:
    """Tandai semua pesan sampai satu waktu sudah saya baca."""
    return await w.run(commands.tandai_semua, body.sampai)


@api.post("/{id}/dibaca", response_model=commands.Dibaca)
async def tandai_dibaca(w: Write, id: UUID) -> Response:
    """Tandai pesan ini sudah saya baca."""
    return await w.run(commands.tandai_dibaca, id)
