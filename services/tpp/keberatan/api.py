"""HTTP of objections: `/api/tpp/keberatan`."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.tpp.keberatan import commands, queries
from shared.colek import Terkirim
from shared.http import MAX_LIMIT, Page, Read, Write, router

api = router("/api/tpp/keberatan", "keberatan")

_Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Keadaan = Annotated[queries.Keadaan | None, Query(description="Saring menurut keadaan")]
Opd = Annotated[str | None, Query(max_length=64, description="Saring menurut kode OPD")]


@api.post("", response_model=commands.KeadaanKeberatan, status_code=201)
async def ajukan_keberatan(w: Write, body: commands.KeberatanBaru) -> Response:
    """Ajukan keberatan atas satu baris slip TPP saya, atau atas seluruhnya."""
    return await w.run(commands.ajukan, body, w.zone, status=201)


@api.get("", response_model=Page[queries.Keberatan])
async def daftar_keberatan(
    r: Read, keadaan: Keadaan = "diajukan", opd: Opd = None, cursor: str | None = None, limit: _Limit = 50
) -> Response:
    """Keberatan orang-orang dalam wewenang Anda; yang menunggu mulai dari yang paling lama."""
    return await r.run(queries.daftar, keadaan, opd, cursor, limit)


@api.get("/saya", response_model=Page[queries.Keberatan])
async def keberatan_saya(r: Read, cursor: str | None = None, limit: _Limit = 50) -> Response:
    """Keberatan saya dan jawabannya."""
    return await r.run(queries.saya, cursor, limit)


@api.get("/{keberatan_id}", response_model=queries.KeberatanRinci)
async def satu_keberatan(r: Read, keberatan_id: UUID) -> Response:
    """Satu keberatan dengan barisnya; dibaca orang lain selalu tercatat."""
    return await r.run(queries.satu, keberatan_id)


@api.post("/{keberatan_id}/jawab", response_model=commands.KeadaanKeberatan)
async def jawab_keberatan(w: Write, keberatan_id: UUID, body: commands.Jawaban) -> Response:
    """Terima dengan jalan perbaikannya, atau tolak dengan alasan dan pasal; angka tidak berubah di sini."""
    return await w.run(commands.jawab, keberatan_id, body)


@api.post("/{keberatan_id}/tarik", response_model=commands.KeadaanKeberatan)
async def tarik_keberatan(w: Write, keberatan_id: UUID) -> Response:
    """Tarik keberatan saya yang belum dijawab."""
    return await w.run(commands.tarik, keberatan_id)


@api.post("/{keberatan_id}/ingatkan", response_model=Terkirim)
async def ingatkan_keberatan(w: Write, keberatan_id: UUID) -> Response:
    """Ingatkan siapa yang perlu menjawab; sekali sehari."""
    return await w.run(commands.ingatkan, keberatan_id, w.zone)
