"""HTTP of figures: the run of a month, slips, the list and the totals."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response

from services.tpp.perhitungan import commands, ingatkan, queries
from shared.colek import Terkirim
from shared.http import MAX_LIMIT, Page, Read, Write, router
from shared.http.params import CariQuery, MasaPath
from shared.period import MasaBayar

api = router("/api/tpp", "perhitungan")


@api.get("/perhitungan/{periode}", response_model=commands.StatusPerhitungan)
async def status_perhitungan(r: Read, periode: MasaPath) -> Response:
    """Sampai mana perhitungan satu bulan, dan apa yang masih ditunggu."""
    return await r.run(commands.status, MasaBayar.parse(periode))


@api.post("/perhitungan/{periode}/jalankan", response_model=commands.StatusPerhitungan)
async def jalankan_perhitungan(w: Write, periode: MasaPath) -> Response:
    """Hitung TPP semua pegawai bulan yang sudah ditutup; berjalan di belakang, per bagian."""
    return await w.run(commands.jalankan, MasaBayar.parse(periode))


@api.post("/perhitungan/{periode}/jeda", response_model=commands.StatusPerhitungan)
async def jeda_perhitungan(w: Write, periode: MasaPath) -> Response:
    """Jeda: bagian yang sedang dihitung diselesaikan, yang lain menunggu."""
    return await w.run(commands.jeda, MasaBayar.parse(periode))


@api.post("/perhitungan/{periode}/lanjutkan", response_model=commands.StatusPerhitungan)
async def lanjutkan_perhitungan(w: Write, periode: MasaPath) -> Response:
    """Lanjutkan yang dijeda: bagian yang belum selesai diserahkan lagi kepada para pekerja."""
    return await w.run(commands.lanjutkan, MasaBayar.parse(periode))


@api.post("/perhitungan/{periode}/ingatkan", response_model=Terkirim)
async def ingatkan_perhitungan(w: Write, periode: MasaPath) -> Response:
    """Ingatkan siapa yang membuat bulan ini belum dapat dihitung; sekali sehari."""
    zone = w.zone
    return await w.run(ingatkan.perhitungan, MasaBayar.parse(periode), zone)


@api.get("/slip/{periode}/saya", response_model=queries.Slip)
async def slip_saya(r: Read, periode: MasaPath) -> Response:
    """Slip TPP saya: setiap rupiah dengan sebab dan pasalnya."""
    return await r.run(queries.slip_saya, MasaBayar.parse(periode))


@api.get("/slip/{periode}/{pegawai_id}", response_model=queries.Slip)
async def slip_pegawai(r: Read, periode: MasaPath, pegawai_id: UUID) -> Response:
    """Slip TPP satu orang; dibaca orang lain selalu tercatat."""
    return await r.run(queries.slip, MasaBayar.parse(periode), pegawai_id)


@api.get("/daftar/{periode}", response_model=Page[queries.Terdaftar])
async def daftar_tpp(
    r: Read,
    periode: MasaPath,
    opd: Annotated[str | None, Query(max_length=64)] = None,
    cari: CariQuery = "",
    status: Literal["dihitung", "ditahan"] | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Daftar TPP sebulan, menurut OPD dan NIP."""
    return await r.run(queries.daftar, MasaBayar.parse(periode), opd, status, cursor, limit, cari)


@api.get("/rekap/{periode}", response_model=queries.Rekap)
async def rekap_tpp(r: Read, periode: MasaPath) -> Response:
    """Jumlah tiap OPD."""
    return await r.run(queries.rekap, MasaBayar.parse(periode))
