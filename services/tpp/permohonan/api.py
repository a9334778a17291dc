"""HTTP of corrections: `/api/tpp/koreksi-kehadiran`."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response

from services.tpp.permohonan import commands, ingatkan, queries
from shared.colek import Terkirim
from shared.http import MAX_LIMIT, Page, Read, Write, router
from shared.http.params import PeriodePath
from shared.period import Period

api = router("/api/tpp/koreksi-kehadiran", "koreksi kehadiran")
rekap = router("/api/tpp/kehadiran", "kalender")

_Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Keadaan = Annotated[
    Literal["diajukan", "disetujui", "ditolak", "ditarik"] | None, Query(description="Saring menurut keadaan")
]


@api.post("", response_model=commands.KeadaanPermohonan, status_code=201)
async def ajukan_koreksi_kehadiran(w: Write, body: commands.PermohonanBaru) -> Response:
    """Minta koreksi satu hari kehadiran saya, dengan buktinya."""
    return await w.run(commands.ajukan, body, w.zone, status=201)


@api.get("", response_model=Page[queries.Permohonan])
async def daftar_koreksi_kehadiran(
    r: Read, keadaan: Keadaan = "diajukan", cursor: str | None = None, limit: _Limit = 50
) -> Response:
    """Permohonan bawahan, atau orang-orang pada unit yang Anda kelola."""
    return await r.run(queries.daftar, r.zone, keadaan, cursor, limit)


@api.get("/saya", response_model=Page[queries.Permohonan])
async def koreksi_kehadiran_saya(r: Read, cursor: str | None = None, limit: _Limit = 50) -> Response:
    """Permohonan saya dan keputusannya."""
    return await r.run(queries.saya, r.zone, cursor, limit)


@api.get("/{permohonan_id}", response_model=queries.Permohonan)
async def satu_koreksi_kehadiran(r: Read, permohonan_id: UUID) -> Response:
    """Satu permohonan, di samping yang tercatat sekarang."""
    return await r.run(queries.satu, permohonan_id, r.zone)


@api.post("/{permohonan_id}/setujui", response_model=commands.KeadaanPermohonan)
async def setujui_koreksi_kehadiran(
    w: Write, permohonan_id: UUID, body: commands.PutusanPermohonan
) -> Response:
    """Setujui; kehadiran hari itu mendapat versi baru dan bulannya dihitung ulang."""
    return await w.run(commands.putuskan, permohonan_id, True, body, w.zone)


@api.post("/{permohonan_id}/tolak", response_model=commands.KeadaanPermohonan)
async def tolak_koreksi_kehadiran(
    w: Write, permohonan_id: UUID, body: commands.PutusanPermohonan
) -> Response:
    """Tolak dengan alasan."""
    return await w.run(commands.putuskan, permohonan_id, False, body, w.zone)


@api.post("/{permohonan_id}/tarik", response_model=commands.KeadaanPermohonan)
async def tarik_koreksi_kehadiran(w: Write, permohonan_id: UUID) -> Response:
    """Tarik permohonan saya yang belum diputuskan."""
    return await w.run(commands.tarik, permohonan_id, w.zone)


@api.post("/{permohonan_id}/ingatkan", response_model=Terkirim)
async def ingatkan_koreksi_kehadiran(w: Write, permohonan_id: UUID) -> Response:
    """Ingatkan siapa yang memutuskan permohonan saya; sekali sehari."""
    return await w.run(ingatkan.putusan, permohonan_id, w.zone)


@rekap.post("/{periode}/saya/ingatkan", response_model=Terkirim)
async def ingatkan_rekap_kehadiran(w: Write, periode: PeriodePath) -> Response:
    """Ingatkan pengelola bahwa kehadiran bulan itu belum diimpor; sekali sehari untuk seluruh unit."""
    return await w.run(ingatkan.rekap, Period.parse(periode), w.zone)
