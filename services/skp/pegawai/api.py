"""HTTP of people and organisation: `/api/skp/pegawai`, `/api/skp/impor/…`."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request, Response

from services.skp.pegawai import commands
from services.skp.pegawai import daftar as orang
from shared.http import MAX_LIMIT, Page, Read, Write, accepts, router
from shared.http.params import CariQuery
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


@api.get("/pegawai", response_model=Page[orang.PegawaiBaris])
async def daftar_pegawai(
    r: Read,
    cari: CariQuery = "",
    opd: Annotated[str | None, Query(max_length=60)] = None,
    keadaan: orang.Keadaan | None = None,
    urut: orang.Urut = "nama",
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Pegawai dengan jabatan dan unitnya hari ini."""
    zone = r.zone
    return await r.run(orang.daftar, zone, cari, opd, keadaan, urut, cursor, limit)


@api.get("/pegawai/{pegawai_id}", response_model=orang.PegawaiRinci)
async def satu_pegawai(r: Read, pegawai_id: UUID) -> Response:
    """Satu pegawai dengan riwayat penempatan dan perannya."""
    return await r.run(orang.satu, pegawai_id, r.zone)
