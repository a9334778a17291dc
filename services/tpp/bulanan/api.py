"""HTTP of the imports of monthly facts. The body is the file itself."""

from typing import Any

from fastapi import APIRouter

from services.tpp.bulanan.cabut import CABUT_BULANAN
from services.tpp.bulanan.commands import impor_bulanan
from services.tpp.bulanan.jenis import HAL, Hal
from services.tpp.fakta.api import rute_cabut
from services.tpp.kehadiran.api import rute_impor_bulan
from services.tpp.kehadiran.berkas import LaporanImpor
from services.tpp.kehadiran.profil import BAKU_BULANAN
from shared.db import Tx
from shared.http import router

impor = router("/api/tpp/impor", "impor")


def _rute(api: APIRouter, hal: Hal) -> None:
    titles = ", ".join(one.title for one in BAKU_BULANAN.judul if one.key in ("nip", "bulan", *hal.fakta))

    async def perintah(tx: Tx, *asked: Any) -> LaporanImpor:
        return await impor_bulanan(tx, hal, *asked)

    rute_impor_bulan(
        api,
        hal.nama,
        f"{hal.lead} XLSX atau CSV ({titles}), atau menurut profil. Sel kosong tidak mengubah apa pun.",
        perintah,
    )


for _hal in HAL:
    _rute(impor, _hal)

for _cara in CABUT_BULANAN:
    rute_cabut(impor, _cara)
