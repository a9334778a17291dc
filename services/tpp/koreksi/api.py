"""HTTP of corrections after the lock (`/api/tpp/koreksi`), and of what they leave to settle."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.tpp.koreksi import penyelesaian, queries, ringkasan
from shared.http import MAX_LIMIT, Page, Read, Write, router
from shared.http.params import MasaPath
from shared.period import MasaBayar

api = router("/api/tpp/koreksi", "koreksi")
luar = router("/api/tpp/penyelesaian", "penyelesaian koreksi")

Opd = Annotated[str | None, Query(max_length=64, description="Saring menurut kode OPD")]


@api.get("", response_model=ringkasan.RingkasanKoreksi)
async def bulan_koreksi(r: Read) -> Response:
    """Bulan-bulan yang dikoreksi sesudah dikunci: orang, rupiah, dan apa yang masih menunggu."""
    return await r.run(ringkasan.bulan)


@api.get("/{periode}/antrean", response_model=Page[ringkasan.Menunggu])
async def antrean_koreksi(
    r: Read,
    periode: MasaPath,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Orang yang bulannya menunggu dihitung lagi karena ada data yang datang sesudah dikunci."""
    return await r.run(ringkasan.antrean, MasaBayar.parse(periode), cursor, limit)


@api.get("/{periode}", response_model=Page[queries.Koreksi])
async def daftar_koreksi(
    r: Read,
    periode: MasaPath,
    opd: Annotated[str | None, Query(max_length=64)] = None,
    menunggu: Annotated[bool, Query(description="Hanya yang masih menunggu dibawa")] = False,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Koreksi satu bulan sesudah dikunci: selisih, sebab, dan bulan yang membawa rapelnya."""
    return await r.run(queries.daftar, MasaBayar.parse(periode), opd, menunggu, cursor, limit)


@luar.get("", response_model=Page[penyelesaian.Penyelesaian])
async def daftar_penyelesaian(
    r: Read,
    opd: Opd = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Koreksi yang tidak dapat dibawa TPP bulanan, dan bulan terkunci yang tidak dapat dihitung ulang."""
    return await r.run(penyelesaian.daftar, opd, cursor, limit)


@luar.get("/{periode}/{pegawai_id}/{urutan}", response_model=penyelesaian.Penyelesaian)
async def satu_penyelesaian(r: Read, periode: MasaPath, pegawai_id: UUID, urutan: int) -> Response:
    """Satu koreksi yang menunggu diselesaikan; dibaca orang lain selalu tercatat."""
    return await r.run(penyelesaian.satu, MasaBayar.parse(periode), pegawai_id, urutan)


@luar.post("/{periode}/{pegawai_id}/{urutan}", response_model=penyelesaian.Penyelesaian)
async def selesaikan_koreksi(
    w: Write, periode: MasaPath, pegawai_id: UUID, urutan: int, body: penyelesaian.Selesai
) -> Response:
    """Catat penyelesaiannya: disetor, dibayar tersendiri, atau dihapus, dengan nomor buktinya."""
    return await w.run(penyelesaian.selesaikan, MasaBayar.parse(periode), pegawai_id, urutan, body, w.zone)
