"""Pages of accounts: everyone's, masked; one person's, whole after a deliberate click; one's own."""

from uuid import UUID

from fastapi import Response

from services.tpp.authz import AUTHZ
from services.tpp.penetapan.api import OpdPath
from services.tpp.rekening import ingatkan, queries
from services.tpp.rekening.impor import REKENING
from services.tpp.surat import queries as surat
from shared.brankas import Brankas
from shared.http import Read, Write
from shared.http.context import Context
from shared.web import nudged, page, pages
from shared.web.imports import import_pages

halaman = pages("/tpp/rekening", "rekening")
halaman_impor_rekening = import_pages("/tpp/impor/rekening", "impor", REKENING)

_BANYAK = 50


@halaman.get("")
async def daftar(
    r: Read, opd: str = "", cari: str = "", belum: str = "", cursor: str | None = None
) -> Response:
    """Rekening pegawai, nomornya disamarkan."""
    lacking = await r.fetch(queries.belum_ada)
    return page(
        r,
        "rekening/daftar.html",
        isi=await r.fetch(
            queries.daftar, opd[:64] or None, cursor, _BANYAK, _brankas(r), cari[:100], belum == "ya"
        ),
        opd=await r.fetch(surat.opd),
        belum=lacking,
        boleh_impor=r.principal.may(AUTHZ["POST", "/api/tpp/impor/rekening"]),
        boleh_buka=r.principal.may(AUTHZ["GET", "/tpp/rekening/{pegawai_id}"]),
        boleh_ingatkan=r.principal.may(AUTHZ["POST", "/tpp/rekening/ingatkan/{opd_kode}"]),
        diingatkan=await r.fetch(ingatkan.opd_diingatkan, [one.opd_kode for one in lacking], r.zone),
    )


@halaman.post("/ingatkan/{opd_kode}")
async def ingatkan_opd(w: Write, opd_kode: OpdPath) -> Response:
    """Ingatkan keuangan satu OPD."""
    return await nudged(w, "/tpp/rekening", ingatkan.opd, opd_kode, w.zone)


@halaman.get("/saya")
async def saya(r: Read) -> Response:
    """Rekening saya, tempat TPP dikirim."""
    return page(
        r,
        "rekening/saya.html",
        rekening=await r.fetch(queries.saya_tersamar, _brankas(r)),
        pengurus=await r.fetch(ingatkan.pengurus, r.zone),
    )


@halaman.post("/saya/ingatkan")
async def ingatkan_saya(w: Write) -> Response:
    """Ingatkan siapa yang mengurus rekening saya."""
    return await nudged(w, "/tpp/rekening/saya", ingatkan.saya, w.zone)


@halaman.get("/{pegawai_id}")
async def lihat(r: Read, pegawai_id: UUID) -> Response:
    """Satu orang, nomornya disamarkan."""
    found = await r.fetch(queries.satu_tersamar, pegawai_id, _brankas(r))
    return page(r, "rekening/lihat.html", ringkas=found, rekening=None)


@halaman.get("/{pegawai_id}/lengkap")
async def lengkap(r: Read, pegawai_id: UUID) -> Response:
    """Satu orang, utuh; pembacaannya tercatat."""
    found = await r.fetch(queries.satu_tersamar, pegawai_id, _brankas(r))
    whole = await r.fetch(queries.satu, pegawai_id, _brankas(r)) if found.ada else None
    return page(r, "rekening/lihat.html", ringkas=found, rekening=whole)


def _brankas(r: Context) -> Brankas:
    brankas: Brankas = r.request.app.state.brankas
    return brankas
