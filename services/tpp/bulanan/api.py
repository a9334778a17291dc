"""HTTP of the imports of monthly facts. The body is the file itself."""

from fastapi import APIRouter, Response

from services.tpp.bulanan.commands import impor_bulanan
from services.tpp.bulanan.jenis import HAL, Hal
from services.tpp.kehadiran.api import FILE, Alasan, Berkas, LewatiSalah, Profil, Uji
from services.tpp.kehadiran.berkas import LaporanImpor
from services.tpp.kehadiran.profil import BAKU_BULANAN
from shared.http import Write, router
from shared.http.params import PeriodeQuery
from shared.period import Period
from shared.tabular import read_sheets

impor = router("/api/tpp/impor", "impor")


def _rute(api: APIRouter, hal: Hal) -> None:
    titles = ", ".join(one.title for one in BAKU_BULANAN.judul if one.key in ("nip", "bulan", *hal.fakta))

    @api.post(
        f"/{hal.nama}",
        response_model=LaporanImpor,
        openapi_extra=FILE,
        name=f"impor_{hal.nama.replace('-', '_')}",
        description=f"{hal.lead} XLSX atau CSV ({titles}), atau menurut profil. "
        "Sel kosong tidak mengubah apa pun.",
    )
    async def impor_satu(
        w: Write,
        periode: PeriodeQuery,
        berkas: Berkas,
        uji: Uji = False,
        lewati_salah: LewatiSalah = False,
        alasan: Alasan = "",
        profil: Profil = "",
    ) -> Response:
        sheets = await read_sheets(await w.request.body())
        month = Period.parse(periode)
        return await w.run(impor_bulanan, hal, month, sheets, berkas, uji, lewati_salah, profil, alasan)


for _hal in HAL:
    _rute(impor, _hal)
