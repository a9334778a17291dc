"""HTTP of the working calendar: `/api/tpp/kalender`, and its imports."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from services.tpp.fakta.api import rute_impor
from services.tpp.kalender import commands, ingatkan, queries
from services.tpp.kalender.jenis import KALENDER
from services.tpp.kehadiran import ulang
from shared.colek import Terkirim
from shared.http import Read, Write, router
from shared.http.params import PeriodePath
from shared.period import Period

api = router("/api/tpp", "kalender")
impor = router("/api/tpp/impor", "impor")

for _jenis in KALENDER:
    rute_impor(impor, _jenis)

Tahun = Annotated[int, Path(ge=2000, le=2100, description="Tahun", examples=[2026])]


@api.get("/kalender/{tahun}", response_model=queries.Kalender)
async def kalender_kerja(r: Read, tahun: Tahun) -> Response:
    """Hari libur, jam kerja, sif dan regu pada satu tahun."""
    return await r.run(queries.kalender, tahun)


@api.post("/kalender/{tahun}/ingatkan", response_model=Terkirim)
async def ingatkan_kalender(w: Write, tahun: Tahun) -> Response:
    """Ingatkan admin BKD bahwa hari libur tahun itu belum lengkap; sekali sehari untuk semua orang."""
    return await w.run(ingatkan.kalender, tahun, w.zone)


@api.post(
    "/kalender/hari-libur/{tanggal}/cabut", response_model=commands.Dicabut, responses=ulang.DIHITUNG_ULANG
)
async def cabut_hari_libur(w: Write, tanggal: date, body: commands.Pencabutan) -> Response:
    """Hari ini ternyata hari kerja; bulannya dihitung ulang di belakang."""
    return await w.run(commands.cabut_libur, tanggal, body, status=ulang.status_ulang)


@api.get("/kalender/hitung-ulang/{hitung_ulang_id}", response_model=ulang.HitungUlang)
async def kemajuan_hitung_ulang(r: Read, hitung_ulang_id: UUID) -> Response:
    """Sampai mana kehadiran dihitung ulang sesudah kalender atau banyak data berubah."""
    return await r.run(ulang.satu, hitung_ulang_id)


@api.get("/kehadiran/{periode}/saya", response_model=queries.BulanOrang)
async def kehadiran_saya(r: Read, periode: PeriodePath) -> Response:
    """Jadwal dan kehadiran saya, hari demi hari."""
    return await r.run(queries.bulan_saya, Period.parse(periode))


@api.get("/kehadiran/{periode}/{pegawai_id}", response_model=queries.BulanOrang)
async def kehadiran_orang(r: Read, periode: PeriodePath, pegawai_id: UUID) -> Response:
    """Jadwal dan kehadiran satu orang, hari demi hari."""
    return await r.run(queries.bulan_orang, pegawai_id, Period.parse(periode))
