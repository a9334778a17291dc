"""HTTP of accounts: `/api/tpp/rekening` and their import. The body of an import is the file itself."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.tpp.kehadiran.api import FILE, Berkas, LewatiSalah, Uji
from services.tpp.kehadiran.berkas import LaporanImpor
from services.tpp.penetapan.api import OpdPath
from services.tpp.rekening import commands, ingatkan, queries
from shared.brankas import Brankas
from shared.colek import Terkirim
from shared.http import MAX_LIMIT, Page, Read, Write, router
from shared.http.context import Context
from shared.http.params import CariQuery
from shared.tabular import read_sheets

api = router("/api/tpp", "rekening")


@api.post("/impor/rekening", response_model=LaporanImpor, openapi_extra=FILE)
async def impor_rekening(
    w: Write, berkas: Berkas, uji: Uji = False, lewati_salah: LewatiSalah = False
) -> Response:
    """Rekening dan NPWP (nip, nama pemilik rekening, nama bank, nomor rekening, …) dari XLSX atau CSV."""
    sheets = await read_sheets(await w.request.body())
    return await w.run(commands.impor_rekening, sheets, berkas, uji, lewati_salah, _brankas(w))


@api.get("/rekening", response_model=Page[queries.RekeningTersamar])
async def daftar_rekening(
    r: Read,
    opd: Annotated[str | None, Query(max_length=64)] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    cari: CariQuery = "",
    belum: Annotated[bool, Query(description="Hanya yang belum punya rekening")] = False,
) -> Response:
    """Rekening pegawai, nomornya disamarkan; setiap pembacaan tercatat."""
    return await r.run(queries.daftar, opd, cursor, limit, _brankas(r), cari, belum)


@api.get("/rekening/saya", response_model=queries.Rekening)
async def rekening_saya(r: Read) -> Response:
    """Rekening saya, tempat TPP dikirim."""
    return await r.run(queries.saya, _brankas(r))


@api.post("/rekening/saya/ingatkan", response_model=Terkirim)
async def ingatkan_saya(w: Write) -> Response:
    """Ingatkan keuangan OPD: rekening saya belum tercatat, atau yang tercatat keliru."""
    return await w.run(ingatkan.saya, w.zone)


@api.post("/rekening/ingatkan/{opd_kode}", response_model=Terkirim)
async def ingatkan_opd(w: Write, opd_kode: OpdPath) -> Response:
    """Ingatkan keuangan satu OPD: masih ada pegawainya yang belum punya rekening."""
    return await w.run(ingatkan.opd, opd_kode, w.zone)


@api.get("/rekening/{pegawai_id}", response_model=queries.Rekening)
async def rekening_pegawai(r: Read, pegawai_id: UUID) -> Response:
    """Rekening satu orang, utuh; dibaca orang lain selalu tercatat."""
    return await r.run(queries.satu, pegawai_id, _brankas(r))


def _brankas(context: Context) -> Brankas:
    brankas: Brankas = context.request.app.state.brankas
    return brankas
