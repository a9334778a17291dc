"""HTTP of reconciliation: `/api/tpp/rekonsiliasi/…`."""

import asyncio
from typing import Annotated, Any

from fastapi import Query, Response

from services.tpp.kehadiran.api import FILE
from services.tpp.pembayaran import rekonsiliasi, rules
from services.tpp.pembayaran.lembar import XLSX, sebagai_xlsx
from shared.http import MAX_LIMIT, Page, Read, router
from shared.http.context import Context
from shared.http.params import MasaPath
from shared.period import MasaBayar
from shared.tabular import read_sheets

api = router("/api/tpp/rekonsiliasi", "rekonsiliasi")

_LEMBAR: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}}, "description": "Lembar kerja"}}


@api.get("/{periode}", response_model=rekonsiliasi.Rekonsiliasi)
async def rekonsiliasi_bulan(r: Read, periode: MasaPath) -> Response:
    """Pembayaran kita dibanding jawaban payroll: hanya di satu pihak, jumlah berbeda, dibayar dua kali."""
    return await r.run(rekonsiliasi.dari_event, MasaBayar.parse(periode))


@api.get("/{periode}/temuan", response_model=Page[rekonsiliasi.TemuanBeda])
async def temuan_rekonsiliasi(
    r: Read,
    periode: MasaPath,
    jenis: rules.Jenis | None = None,
    opd: Annotated[str | None, Query(max_length=64)] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Semua perbedaan dengan jawaban payroll, halaman demi halaman, yang terberat lebih dahulu."""
    return await r.run(rekonsiliasi.temuan, MasaBayar.parse(periode), jenis, opd, cursor, limit)


@api.get("/{periode}/xlsx", response_class=Response, responses=_LEMBAR)
async def rekonsiliasi_xlsx(r: Read, periode: MasaPath) -> Response:
    """Rekonsiliasi sebagai lembar kerja, dengan semua perbedaan."""
    found = await r.fetch(rekonsiliasi.dari_event, MasaBayar.parse(periode), rekonsiliasi.SEMUA)
    return await lembar(r, found, f"rekonsiliasi-{periode}")


@api.post("/{periode}/banding", response_model=rekonsiliasi.Rekonsiliasi, openapi_extra=FILE)
async def bandingkan_daftar(r: Read, periode: MasaPath) -> Response:
    """Bandingkan dengan daftar payroll (nip, jumlah) dari XLSX atau CSV; tidak ada yang disimpan."""
    sheets = await read_sheets(await r.request.body())
    return await r.run(rekonsiliasi.dari_berkas, MasaBayar.parse(periode), sheets)


@api.post("/{periode}/banding/xlsx", response_class=Response, responses=_LEMBAR, openapi_extra=FILE)
async def bandingkan_daftar_xlsx(r: Read, periode: MasaPath) -> Response:
    """Perbandingan dengan daftar payroll sebagai lembar kerja, dengan semua perbedaan."""
    sheets = await read_sheets(await r.request.body())
    found = await r.fetch(rekonsiliasi.dari_berkas, MasaBayar.parse(periode), sheets, rekonsiliasi.SEMUA)
    return await lembar(r, found, f"banding-{periode}")


async def lembar(context: Context, found: rekonsiliasi.Rekonsiliasi, nama: str) -> Response:
    """A reconciliation as a download."""
    made = await asyncio.to_thread(sebagai_xlsx, found, context.zone)
    headers = {
        "Content-Disposition": f'attachment; filename="{nama}.xlsx"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(made, 200, headers, XLSX)
