"""HTTP of ratings: `/api/penilaian/{periode}/…`."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from services.assessment.penilaian import commands, ingatkan, queries
from shared.colek import Terkirim
from shared.http import MAX_LIMIT, Page, Read, Write, router
from shared.http.params import PeriodePath
from shared.period import Period

api = router("/api/penilaian", "penilaian")


def zona(request: Request) -> str:
    """The region's zone."""
    zone: str = request.app.state.settings.zone
    return zone


@api.get("/saya", response_model=queries.PenilaianSaya)
async def penilaian_saya(r: Read) -> Response:
    """Penilaian saya tiap bulan; bila belum ada, sebabnya dan siapa yang perlu bertindak."""
    return await r.run(queries.saya, zona(r.request))


@api.get("/{periode}/bawahan", response_model=Page[queries.Bawahan])
async def daftar_bawahan(
    r: Read,
    periode: PeriodePath,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Orang yang saya nilai pada bulan ini."""
    return await r.run(queries.bawahan, Period.parse(periode), cursor, limit)


@api.get("/{periode}/status", response_model=queries.Status)
async def status_penilaian(r: Read, periode: PeriodePath) -> Response:
    """Kemajuan penilaian tiap OPD."""
    return await r.run(queries.status, Period.parse(periode))


@api.get("/{periode}/pegawai/{pegawai_id}", response_model=queries.PegawaiDinilai)
async def penilaian_pegawai(r: Read, periode: PeriodePath, pegawai_id: UUID) -> Response:
    """SKP, realisasi, dan penilaian satu orang."""
    return await r.run(queries.pegawai, Period.parse(periode), pegawai_id, zona(r.request))


@api.post("/{periode}/pegawai/{pegawai_id}", response_model=commands.Penilaian)
async def nilai_pegawai(w: Write, periode: PeriodePath, pegawai_id: UUID, body: commands.Nilai) -> Response:
    """Nilai satu orang; boleh diulang dengan nilai lain selama bulan belum ditutup."""
    return await w.run(commands.nilai_satu, Period.parse(periode), pegawai_id, body)


@api.post("/{periode}/pegawai/{pegawai_id}/ingatkan", response_model=Terkirim)
async def ingatkan_penilaian(w: Write, periode: PeriodePath, pegawai_id: UUID) -> Response:
    """Ingatkan siapa yang membuat penilaian ini menunggu; sekali sehari."""
    return await w.run(ingatkan.penilaian, Period.parse(periode), pegawai_id, zona(w.request))


@api.post("/{periode}/bawahan/ingatkan", response_model=Terkirim)
async def minta_buka_kembali(w: Write, periode: PeriodePath) -> Response:
    """Minta admin BKD membuka kembali bulan yang sudah ditutup; sekali sehari."""
    return await w.run(ingatkan.buka_kembali, Period.parse(periode), zona(w.request))


@api.post("/{periode}/banyak", response_model=commands.HasilDaftar)
async def nilai_banyak_pegawai(w: Write, periode: PeriodePath, body: commands.DaftarNilai) -> Response:
    """Nilai sampai 200 orang sekaligus; tiap baris punya hasilnya sendiri."""
    return await w.run(commands.nilai_banyak, Period.parse(periode), body)
