"""HTTP of policies: `/api/tpp/kebijakan`. The body of an upload is the YAML text itself."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.tpp.kebijakan import commands, ingatkan, queries
from services.tpp.kebijakan.reader import BATAS_UKURAN, baca
from shared.colek import Terkirim
from shared.http import MAX_LIMIT, Page, Read, Write, accepts, router

api = router("/api/tpp/kebijakan", "kebijakan")

YAML = accepts(2 * BATAS_UKURAN) | {
    "requestBody": {"required": True, "content": {"application/yaml": {"schema": {"type": "string"}}}}
}


@api.get("", response_model=Page[queries.VersiKebijakan])
async def daftar_kebijakan(
    r: Read, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50
) -> Response:
    """Semua versi kebijakan TPP."""
    return await r.run(queries.daftar, cursor, limit)


@api.post("", response_model=queries.VersiKebijakan, status_code=201, openapi_extra=YAML)
async def unggah_kebijakan(w: Write) -> Response:
    """Simpan satu versi; semua kesalahan disebut dengan baris dan perbaikannya."""
    raw = await w.request.body()
    kebijakan = baca(raw)
    return await w.run(commands.unggah, kebijakan, raw.decode("utf-8-sig"), status=201)


@api.get("/{kebijakan_id}", response_model=queries.KebijakanLengkap)
async def satu_kebijakan(r: Read, kebijakan_id: UUID) -> Response:
    """Satu versi dengan teksnya."""
    return await r.run(queries.satu, kebijakan_id)


@api.get("/{kebijakan_id}/beda/{lama_id}", response_model=queries.PerbedaanKebijakan)
async def beda_kebijakan(r: Read, kebijakan_id: UUID, lama_id: UUID) -> Response:
    """Apa yang berubah dibanding versi lain, dan akibatnya pada contoh hitungan."""
    return await r.run(queries.beda_dari, kebijakan_id, lama_id)


@api.post("/{kebijakan_id}/aktifkan", response_model=queries.VersiKebijakan)
async def aktifkan_kebijakan(w: Write, kebijakan_id: UUID) -> Response:
    """Berlakukan satu versi; tidak oleh orang yang mengunggahnya."""
    return await w.run(commands.aktifkan, kebijakan_id)


@api.post("/{kebijakan_id}/ingatkan", response_model=Terkirim)
async def ingatkan_aktivasi(w: Write, kebijakan_id: UUID) -> Response:
    """Pengunggah mengingatkan kantor lain untuk memeriksa dan mengaktifkan; sekali sehari."""
    return await w.run(ingatkan.aktivasi, kebijakan_id, w.request.app.state.settings.zone)
