"""HTTP of what-ifs: `/api/tpp/andai`. The body of a new one is the YAML text of the policy itself."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.tpp.andai import commands, queries, rawan, saya
from services.tpp.andai.lembar import XLSX, sebagai_xlsx
from services.tpp.kebijakan.api import YAML
from services.tpp.kebijakan.reader import baca
from shared.colek import Terkirim
from shared.http import MAX_LIMIT, Page, Read, Write, router
from shared.http.params import MasaPath, PeriodePath, PeriodeQuery
from shared.period import MasaBayar, Period

api = router("/api/tpp", "andai")

KhususQuery = Annotated[
    bool,
    Query(
        description="Sertakan TPP ke-13 dan THR yang berdasar bulan-bulan itu, dahulu atau menurut rancangan"
    ),
]
BulanQuery = Annotated[
    list[PeriodeQuery] | None,
    Query(max_length=commands.BULAN_TERBANYAK, description="Bulan yang sudah dihitung; kosong: 12 terbaru"),
]


@api.get("/andai", response_model=Page[queries.Andai])
async def daftar_andai(
    r: Read, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50
) -> Response:
    """Simulasi yang pernah dibuat."""
    return await r.run(queries.daftar, cursor, limit)


@api.post("/andai", response_model=queries.Andai, status_code=201, openapi_extra=YAML)
async def andaikan_kebijakan(w: Write, bulan: BulanQuery = None, khusus: KhususQuery = True) -> Response:
    """Hitung bulan-bulan yang sudah lewat dengan kebijakan ini; kebijakannya tidak disimpan sebagai versi."""
    raw = await w.request.body()
    baca(raw)
    return await w.run(commands.mulai, raw.decode("utf-8-sig"), _bulan(bulan), khusus, status=201)


@api.post("/andai/kebijakan/{kebijakan_id}", response_model=queries.Andai, status_code=201)
async def andaikan_versi(
    w: Write, kebijakan_id: UUID, bulan: BulanQuery = None, khusus: KhususQuery = True
) -> Response:
    """Hitung bulan-bulan yang sudah lewat dengan versi yang sudah diunggah, aktif atau belum."""
    return await w.run(commands.mulai_dari, kebijakan_id, _bulan(bulan), khusus, status=201)


@api.get("/andai/{andai_id}", response_model=queries.Andai)
async def satu_andai(r: Read, andai_id: UUID) -> Response:
    """Sampai mana satu simulasi."""
    return await r.run(queries.satu, andai_id)


@api.get("/andai/{andai_id}/hasil", response_model=queries.HasilAndai)
async def hasil_andai(r: Read, andai_id: UUID) -> Response:
    """Anggaran tiap bulan, OPD, unit, dan kelas; siapa yang naik dan turun."""
    return await r.run(queries.hasil, andai_id)


@api.get(
    "/andai/{andai_id}/xlsx",
    response_class=Response,
    responses={200: {"content": {XLSX: {}}, "description": "Lembar kerja"}},
)
async def andai_xlsx(r: Read, andai_id: UUID) -> Response:
    """Hasil simulasi sebagai lembar kerja."""
    made = await asyncio.to_thread(sebagai_xlsx, await r.fetch(queries.hasil, andai_id))
    headers = {
        "Content-Disposition": f'attachment; filename="simulasi-{andai_id}.xlsx"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(made, 200, headers, XLSX)


@api.post("/andai/{andai_id}/hapus", status_code=204)
async def hapus_andai(w: Write, andai_id: UUID) -> Response:
    """Hapus simulasi, juga yang masih berjalan."""
    return await w.run(commands.hapus, andai_id)


@api.get("/andai-saya", response_model=saya.DaftarKhusus)
async def khusus_saya(r: Read) -> Response:
    """Perkiraan pembayaran khusus saya (TPP ke-13, THR) yang disebut kebijakan dan belum dihitung."""
    return await r.run(saya.khusus_saya)


@api.get("/andai-saya/{periode}", response_model=saya.BulanSaya)
async def andai_saya(r: Read, periode: MasaPath) -> Response:
    """TPP saya sejauh ini, dan apa yang mengubahnya; juga pembayaran khusus yang belum dihitung."""
    return await r.run(saya.bulan_saya, MasaBayar.parse(periode))


@api.post("/andai-saya/{periode}/ingatkan", response_model=Terkirim)
async def ingatkan_andai_saya(w: Write, periode: MasaPath, body: rawan.Ingatan) -> Response:
    """Ingatkan siapa yang membuat perkiraan saya menunggu; sekali sehari untuk tiap sebab."""
    zone = w.zone
    return await w.run(saya.ingatkan, MasaBayar.parse(periode), body.kode, zone)


@api.get("/rawan/{periode}", response_model=rawan.DaftarRawan)
async def daftar_rawan(
    r: Read,
    periode: PeriodePath,
    jenis: rawan.Jenis | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Siapa yang TPP-nya terancam bulan ini, mengapa, dan siapa yang perlu bertindak."""
    zone = r.zone
    return await r.run(rawan.daftar, Period.parse(periode), jenis, cursor, limit, zone)


@api.post("/rawan/{periode}/{pegawai_id}/ingatkan", response_model=Terkirim)
async def ingatkan_rawan(w: Write, periode: PeriodePath, pegawai_id: UUID, body: rawan.Ingatan) -> Response:
    """Ingatkan siapa yang dapat memperbaikinya; sekali sehari untuk tiap sebab."""
    zone = w.zone
    return await w.run(rawan.ingatkan, Period.parse(periode), pegawai_id, body.kode, zone)


def _bulan(asked: list[str] | None) -> list[Period]:
    return [Period.parse(one) for one in asked or ()]
