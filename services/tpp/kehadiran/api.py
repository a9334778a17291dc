"""HTTP of imports: `/api/tpp/impor/…`. The body is the file itself."""

from typing import Annotated

from fastapi import Query, Response

from services.tpp.kehadiran import commands
from services.tpp.kehadiran.berkas import LaporanImpor
from shared.http import Write, accepts, router
from shared.http.params import PeriodeQuery
from shared.period import Period
from shared.tabular import MAX_FILE, read_sheets

api = router("/api/tpp/impor", "impor")

Berkas = Annotated[str, Query(min_length=1, max_length=200, description="Nama berkas, untuk jejak audit")]
Uji = Annotated[bool, Query(description="Hanya memeriksa; tidak ada yang disimpan")]
LewatiSalah = Annotated[bool, Query(description="Simpan baris yang benar walau ada yang salah")]

Alasan = Annotated[
    str,
    Query(
        max_length=300,
        description="Mengapa bulan yang sudah dikunci dikoreksi; hanya admin BKD, selisihnya menjadi rapel",
    ),
]

FILE = accepts(MAX_FILE) | {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@api.post("/kehadiran", response_model=LaporanImpor, openapi_extra=FILE)
async def impor_kehadiran(
    w: Write,
    periode: PeriodeQuery,
    berkas: Berkas,
    uji: Uji = False,
    lewati_salah: LewatiSalah = False,
    alasan: Alasan = "",
) -> Response:
    """Kehadiran harian (nip, tanggal, masuk, pulang, keterangan) dari XLSX atau CSV."""
    sheets = await read_sheets(await w.request.body())
    return await w.run(
        commands.impor_kehadiran, Period.parse(periode), sheets, berkas, uji, lewati_salah, alasan
    )


@api.post("/gaji", response_model=LaporanImpor, openapi_extra=FILE)
async def impor_gaji(
    w: Write, berkas: Berkas, uji: Uji = False, lewati_salah: LewatiSalah = False
) -> Response:
    """Gaji sebulan (nip, gaji) dari XLSX atau CSV; dasar iuran BPJS."""
    sheets = await read_sheets(await w.request.body())
    return await w.run(commands.impor_gaji, sheets, berkas, uji, lewati_salah)
