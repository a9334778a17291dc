"""HTTP of policies: `/api/tpp/kebijakan`. The body of an upload is the YAML text itself."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from services.tpp.kebijakan import berkas_contoh, commands, ingatkan, queries
from services.tpp.kebijakan.reader import BATAS_UKURAN, baca
from shared.colek import Terkirim
from shared.http import MAX_LIMIT, Page, Read, Write, accepts, router

api = router("/api/tpp/kebijakan", "kebijakan")

SKEMA_JSON, ZIP, YAML_JENIS = "application/schema+json", "application/zip", "application/yaml"

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


def _unduh(isi: str | bytes, nama: str, jenis: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{nama}"', "X-Content-Type-Options": "nosniff"}
    return Response(isi, 200, headers, jenis)


def _berkas(jenis: str, apa: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {jenis: {}}, "description": apa}}


@api.get("/skema", response_class=Response, responses=_berkas(SKEMA_JSON, "JSON Schema berkas kebijakan"))
async def skema_kebijakan(r: Read) -> Response:
    """JSON Schema berkas kebijakan, untuk penyunting teks."""
    return _unduh(berkas_contoh.skema(), "kebijakan.schema.json", SKEMA_JSON)


@api.get("/contoh", response_model=berkas_contoh.DaftarContoh)
async def contoh_kebijakan(r: Read) -> Response:
    """Contoh kebijakan yang disertakan."""
    found = await asyncio.to_thread(berkas_contoh.semua)
    return Response(found.model_dump_json(), media_type="application/json")


@api.get("/contoh/semua", response_class=Response, responses=_berkas(ZIP, "Semua contoh dan skemanya"))
async def semua_contoh_kebijakan(r: Read) -> Response:
    """Semua contoh dan JSON Schema-nya dalam satu arsip."""
    return _unduh(await asyncio.to_thread(berkas_contoh.arsip), "contoh-kebijakan-tpp.zip", ZIP)


@api.get("/contoh/{kode}", response_class=Response, responses=_berkas(YAML_JENIS, "Berkas kebijakan"))
async def satu_contoh_kebijakan(r: Read, kode: str) -> Response:
    """Satu contoh dengan contoh hitungannya."""
    return _unduh(await asyncio.to_thread(berkas_contoh.satu, kode), f"{kode}.yaml", YAML_JENIS)


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
    return await w.run(ingatkan.aktivasi, kebijakan_id, w.zone)
