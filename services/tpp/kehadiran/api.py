"""HTTP of imports: `/api/tpp/impor/…`. The body is the file itself."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.tpp.kehadiran import cabut, commands, lihat, profil_tersimpan, tertahan
from services.tpp.kehadiran.berkas import LaporanImpor
from shared.errors import InvalidInput
from shared.http import MAX_LIMIT, Page, Read, Write, accepts, router
from shared.http.params import CariQuery, PeriodePath, PeriodeQuery
from shared.period import Period
from shared.tabular import MAX_FILE, read_sheets

api = router("/api/tpp/impor", "impor")
profil = router("/api/tpp/profil-kehadiran", "profil kehadiran")
presensi = router("/api/tpp/presensi-tertahan", "presensi tertahan")
hari = router("/api/tpp/kehadiran", "kehadiran")

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
Profil = Annotated[str, Query(max_length=40, description="Profil mesin atau aplikasi; kosong: bentuk baku")]

_PROFIL_TERBESAR = 20_000
_YAML = accepts(_PROFIL_TERBESAR) | {
    "requestBody": {"required": True, "content": {"application/yaml": {"schema": {"type": "string"}}}}
}
FILE = accepts(MAX_FILE) | {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def rute_impor_bulan(
    api: APIRouter, nama: str, keterangan: str, perintah: Callable[..., Awaitable[LaporanImpor]]
) -> None:
    """The API's route of a file about one month: POST with the file as its body.

    `perintah(tx, periode, sheets, berkas, uji, lewati_salah, profil, alasan)` takes it in.
    """

    @api.post(
        f"/{nama}",
        response_model=LaporanImpor,
        openapi_extra=FILE,
        name=f"impor_{nama.replace('-', '_')}",
        description=keterangan,
    )
    async def impor(
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
        return await w.run(perintah, month, sheets, berkas, uji, lewati_salah, profil, alasan)


rute_impor_bulan(
    api,
    "kehadiran",
    "Kehadiran harian (nip, tanggal, masuk, pulang, keterangan) dari XLSX atau CSV, atau menurut profil.",
    commands.impor_kehadiran,
)


@hari.get("/{periode}", response_model=Page[lihat.OrangSebulan])
async def kehadiran_sebulan(
    r: Read,
    periode: PeriodePath,
    opd: Annotated[str | None, Query(max_length=64)] = None,
    cari: CariQuery = "",
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Kehadiran sebulan orang-orang yang Anda pimpin atau kelola."""
    return await r.run(lihat.daftar, Period.parse(periode), cursor, limit, opd, cari)


@hari.get("/{pegawai_id}/{tanggal}/riwayat", response_model=lihat.HariRinci)
async def riwayat_hari_kehadiran(r: Read, pegawai_id: UUID, tanggal: date) -> Response:
    """Satu hari seseorang: yang tercatat, siapa yang mencatatnya, dan semua yang pernah tercatat."""
    return await r.run(lihat.hari, pegawai_id, tanggal)


@hari.post("/{pegawai_id}/{tanggal}/cabut", response_model=cabut.HariDicabut)
async def cabut_hari_kehadiran(
    w: Write, pegawai_id: UUID, tanggal: date, body: cabut.PencabutanHari
) -> Response:
    """Tarik catatan satu hari yang keliru dilaporkan: hari itu lalu tidak diketahui, bukan mangkir."""
    return await w.run(cabut.cabut_hari, pegawai_id, tanggal, body)


@profil.get("", response_model=profil_tersimpan.DaftarProfil)
async def daftar_profil_kehadiran(r: Read) -> Response:
    """Profil mesin dan aplikasi presensi: bawaan, dan yang disimpan daerah."""
    return await r.run(profil_tersimpan.semua)


@profil.post("", response_model=profil_tersimpan.ProfilKehadiran, openapi_extra=_YAML)
async def simpan_profil_kehadiran(w: Write) -> Response:
    """Simpan profil (YAML) menurut kodenya; versi sebelumnya tetap tersimpan."""
    return await w.run(profil_tersimpan.simpan, _teks(await w.request.body()))


@presensi.get("", response_model=Page[tertahan.PresensiTertahan])
async def daftar_presensi_tertahan(
    r: Read, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50
) -> Response:
    """Kiriman sistem presensi yang belum dapat dicatat, dengan sebab dan perbaikannya."""
    return await r.run(tertahan.daftar, cursor, limit)


@presensi.post("/terapkan", response_model=tertahan.HasilTerapkan)
async def terapkan_presensi_tertahan(w: Write, body: tertahan.TerapkanLagi) -> Response:
    """Catat yang sekarang sudah dapat dicatat; yang belum tetap tertahan."""
    return await w.run(tertahan.terapkan_lagi, body)


def _teks(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("Profil ini bukan teks UTF-8.", remedy="Simpan berkasnya sebagai UTF-8.") from None
