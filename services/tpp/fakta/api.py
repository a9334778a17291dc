"""HTTP of files with dated facts."""

from typing import Any

from fastapi import APIRouter, Response

from services.tpp.fakta.cabut import Pencabutan, cabut_fakta
from services.tpp.fakta.commands import impor_fakta
from services.tpp.fakta.jenis import Jenis
from services.tpp.kehadiran.api import FILE, Berkas, LewatiSalah, Uji
from services.tpp.kehadiran.berkas import LaporanImpor
from services.tpp.kehadiran.ulang import DIHITUNG_ULANG, status_ulang
from shared.http import Write
from shared.http.params import PeriodeQuery
from shared.period import Period
from shared.tabular import read_sheets


def rute_impor(api: APIRouter, jenis: Jenis) -> None:
    """The API's route of a kind: POST with the file as its body."""

    @api.post(
        f"/{jenis.nama}",
        response_model=LaporanImpor,
        responses=DIHITUNG_ULANG,
        openapi_extra=FILE,
        name=f"impor_{jenis.nama.replace('-', '_')}",
        description=f"{jenis.lead} XLSX atau CSV: {', '.join(column.title for column in jenis.kolom)}.",
    )
    async def impor(
        w: Write, berkas: Berkas, uji: Uji = False, lewati_salah: LewatiSalah = False
    ) -> Response:
        sheets = await read_sheets(await w.request.body())
        return await w.run(impor_fakta, jenis, sheets, berkas, uji, lewati_salah, status=status_ulang)


def rute_cabut(api: APIRouter, cara: Pencabutan) -> None:
    """The API's route of a taking back: POST with the file as its body."""
    titles = ", ".join(column.title for column in cara.judul)
    about: dict[str, Any] = {
        "response_model": LaporanImpor,
        "openapi_extra": FILE,
        "name": cara.nama.replace("-", "_"),
        "description": f"{cara.lead} XLSX atau CSV: {titles}.",
    }
    if cara.sebulan:

        @api.post(f"/{cara.nama}", **about)
        async def sebulan(
            w: Write,
            periode: PeriodeQuery,
            berkas: Berkas,
            uji: Uji = False,
            lewati_salah: LewatiSalah = False,
        ) -> Response:
            sheets = await read_sheets(await w.request.body())
            return await w.run(cabut_fakta, cara, Period.parse(periode), sheets, berkas, uji, lewati_salah)

        return

    @api.post(f"/{cara.nama}", **about)
    async def kapan_saja(
        w: Write, berkas: Berkas, uji: Uji = False, lewati_salah: LewatiSalah = False
    ) -> Response:
        sheets = await read_sheets(await w.request.body())
        return await w.run(cabut_fakta, cara, None, sheets, berkas, uji, lewati_salah)
