"""HTTP of people and organisation: `/api/skp/impor/…`."""

from typing import Annotated, Literal

from fastapi import Query, Request, Response

from services.skp.pegawai import commands
from shared.http import Write, accepts, router
from shared.tabular import MAX_FILE

api = router("/api/skp", "organisasi")


@api.post(
    "/impor/organisasi",
    response_model=commands.LaporanImpor,
    openapi_extra=accepts(MAX_FILE)
    | {
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def impor_organisasi(
    w: Write,
    request: Request,
    berkas: Annotated[str, Query(max_length=200, description="Nama berkas, untuk jejak audit")] = "",
    lembar: Annotated[
        Literal["Unit Kerja", "Jabatan", "Pegawai", "Penempatan"],
        Query(description="Isi sebuah CSV; XLSX memakai nama lembarnya"),
    ] = "Pegawai",
    uji: Annotated[bool, Query(description="Hanya memeriksa; tidak menyimpan apa pun")] = False,
    lewati_salah: Annotated[bool, Query(description="Simpan baris yang benar walau ada yang salah")] = False,
) -> Response:
    """Masukkan unit kerja, jabatan, pegawai, dan penempatan dari lembar kerja XLSX atau CSV."""
    data = await request.body()
    kiriman = await commands.baca_kiriman(berkas, data, lembar)
    return await w.run(commands.impor, kiriman, uji, lewati_salah)
