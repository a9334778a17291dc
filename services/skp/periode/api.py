"""HTTP of months: `/api/skp/periode/…`."""

from typing import Annotated

from fastapi import Query, Response

from services.skp.periode import commands, ingatkan, queries
from shared.colek import Terkirim
from shared.http import MAX_LIMIT, Page, Read, Write, router
from shared.http.params import PeriodePath
from shared.period import Period

api = router("/api/skp/periode", "periode")


@api.get("", response_model=Page[queries.Periode])
async def daftar_periode(
    r: Read, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50
) -> Response:
    """Semua periode, yang terbaru lebih dahulu."""
    return await r.run(queries.daftar, cursor, limit)


@api.post("", response_model=queries.Periode, status_code=201)
async def buka_periode(w: Write, body: commands.BukaPeriode) -> Response:
    """Buka satu bulan untuk realisasi."""
    return await w.run(commands.buka, body, status=201)


@api.get("/{periode}", response_model=queries.Periode)
async def lihat_periode(r: Read, periode: PeriodePath) -> Response:
    """Satu periode."""
    return await r.run(queries.satu, Period.parse(periode))


@api.post("/{periode}/ingatkan", response_model=Terkirim)
async def ingatkan_periode(w: Write, periode: PeriodePath) -> Response:
    """Ingatkan siapa yang membuka bulan ini; satu pengingat sehari cukup untuk semua pegawai."""
    return await w.run(ingatkan.bulan, Period.parse(periode), w.zone)


@api.post("/{periode}/tutup-pengiriman", response_model=queries.Periode)
async def tutup_pengiriman(w: Write, periode: PeriodePath) -> Response:
    """Pegawai tidak dapat mengirim lagi; atasan masih menilai."""
    return await w.run(commands.tutup_pengiriman, Period.parse(periode))


@api.post("/{periode}/tutup", response_model=queries.Periode)
async def tutup_periode(w: Write, periode: PeriodePath) -> Response:
    """Tutup bulan ini; penilaian dan TPP berlanjut dengan hitungan yang tetap."""
    return await w.run(commands.tutup, Period.parse(periode))


@api.post("/{periode}/buka-kembali", response_model=queries.Periode)
async def buka_kembali(w: Write, periode: PeriodePath, body: commands.BukaKembali) -> Response:
    """Buka kembali bulan yang sudah ditutup, dengan alasan."""
    return await w.run(commands.buka_kembali, Period.parse(periode), body)
