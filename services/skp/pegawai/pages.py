"""Pages of people: search and list, one person with history."""

from typing import get_args
from uuid import UUID

from fastapi import Response

from services.skp.pegawai import daftar as orang
from services.skp.pegawai.impor import ORGANISASI
from shared.http import Read
from shared.web import page, pages
from shared.web.imports import import_pages

halaman = pages("/skp/pegawai", "organisasi")
halaman_impor = import_pages("/skp/impor", "organisasi", ORGANISASI)

_BANYAK = 50


@halaman.get("")
async def daftar(
    r: Read, cari: str = "", opd: str = "", keadaan: str = "", urut: str = "nama", cursor: str | None = None
) -> Response:
    """Daftar pegawai."""
    found = await r.fetch(
        orang.daftar,
        r.zone,
        cari[:100],
        opd or None,
        keadaan if keadaan in get_args(orang.Keadaan) else None,
        urut if urut in get_args(orang.Urut) else "nama",
        cursor,
        _BANYAK,
    )
    return page(
        r,
        "pegawai/daftar.html",
        isi=found,
        opd=[(one.kode, one.nama) for one in await r.fetch(orang.opd)],
        boleh_impor=r.principal.holds("admin_bkd"),
    )


@halaman.get("/{pegawai_id}")
async def lihat(r: Read, pegawai_id: UUID) -> Response:
    """Satu pegawai."""
    found = await r.fetch(orang.satu, pegawai_id, r.zone)
    who = r.principal
    return page(
        r,
        "pegawai/lihat.html",
        orang=found,
        boleh_peran=who.holds("admin_bkd"),
        boleh_kode=who.holds("admin_bkd") or (who.holds("pengelola") and not found.peran),
    )
