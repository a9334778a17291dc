"""HTTP of evidence: `/api/skp/bukti/{sha256}`."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Path, Query, Request, Response

from services.skp.bukti import commands, queries, rules, unggahan
from shared.http import Read, Write, accepts, router

api = router("/api/skp", "bukti")

Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 isi berkas, heksadesimal")]


@api.put(
    "/bukti/{sha256}",
    response_model=commands.BuktiTersimpan,
    openapi_extra=accepts(rules.MAX_BYTES)
    | {
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def simpan_bukti(
    w: Write,
    request: Request,
    sha256: Sha256,
    nama: Annotated[str, Query(max_length=255, description="Nama berkas")] = "bukti",
) -> Response:
    """Unggah satu berkas bukti: PDF, JPEG, PNG, WebP, XLSX, atau DOCX, paling besar 5 MB."""
    data = await request.body()
    bukti = await commands.periksa(data, sha256, nama)
    return await w.run(commands.simpan, request.app.state.gudang, bukti, data)


@api.get(
    "/bukti/{sha256}",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {}}, "description": "Isi berkas, sebagai lampiran"}
    },
)
async def ambil_bukti(r: Read, sha256: Sha256) -> Response:
    """Unduh satu berkas bukti."""
    found = await r.fetch(queries.boleh_diambil, sha256, r.zone)
    return Response(
        await r.request.app.state.gudang.ambil(sha256),
        media_type=found.jenis,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.nama)}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, max-age=86400, immutable",
        },
    )


@api.get("/bukti/{sha256}/unggahan", response_model=unggahan.Unggahan)
async def kemajuan_unggahan(r: Read, sha256: Sha256) -> Response:
    """Sampai di mana unggahan saya yang terputus."""
    return await r.run(unggahan.kemajuan, sha256)


@api.patch(
    "/bukti/{sha256}/unggahan",
    response_model=unggahan.Unggahan,
    openapi_extra=accepts(unggahan.MAX_BAGIAN)
    | {
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def lanjutkan_unggahan(
    w: Write,
    request: Request,
    sha256: Sha256,
    mulai: Annotated[int, Query(ge=0, le=rules.MAX_BYTES, description="Bita pertama bagian ini")],
    ukuran: Annotated[int, Query(ge=1, le=2**31 - 1, description="Bita seluruh berkas")],
    nama: Annotated[str, Query(max_length=255, description="Nama berkas")] = "bukti",
) -> Response:
    """Kirim satu bagian berkas bukti, paling besar 1 MB; bagian terakhir membuatnya bukti."""
    gudang, data = request.app.state.gudang, await request.body()
    try:
        told = await w.run(unggahan.terima, gudang, sha256, mulai, ukuran, nama, data)
    except unggahan.TidakDiterima:
        await w.fetch(unggahan.bereskan, gudang, sha256)
        raise
    if mulai + len(data) == ukuran:
        await w.fetch(unggahan.bereskan, gudang, sha256)
    return told
