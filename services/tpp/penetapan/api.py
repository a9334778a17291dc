"""HTTP of decisions on an OPD's month: `/api/tpp/penetapan/…`."""

from typing import Annotated

from fastapi import Path, Request, Response
from fastapi.responses import JSONResponse

from services.tpp.penetapan import commands, ingatkan, pemeriksaan, queries, tanggapi
from services.tpp.penetapan.tanda_tangan import Penanda
from shared.colek import Terkirim
from shared.http import Read, Write, router
from shared.http.context import Context
from shared.http.params import MasaPath
from shared.period import MasaBayar

api = router("/api/tpp/penetapan", "penetapan")

kunci_publik = router("/api/tpp", "penetapan")

OpdPath = Annotated[str, Path(min_length=1, max_length=64, description="Kode OPD", examples=["DIKBUD"])]


@api.get("/{periode}", response_model=queries.Penetapan)
async def daftar_penetapan(r: Read, periode: MasaPath) -> Response:
    """Keadaan dan riwayat penetapan tiap OPD."""
    return await r.run(queries.daftar, MasaBayar.parse(periode))


@api.post("/{periode}/{opd_kode}/verifikasi", response_model=commands.Keputusan)
async def verifikasi_penetapan(w: Write, periode: MasaPath, opd_kode: OpdPath) -> Response:
    """Keuangan OPD menyatakan angka OPD-nya sudah diperiksa."""
    return await _putuskan(w, periode, opd_kode, "verifikasi")


@api.post("/{periode}/{opd_kode}/setujui", response_model=commands.Keputusan)
async def setujui_penetapan(w: Write, periode: MasaPath, opd_kode: OpdPath) -> Response:
    """Admin BKD menyetujui; bukan orang yang memverifikasi."""
    return await _putuskan(w, periode, opd_kode, "setujui")


@api.post("/{periode}/{opd_kode}/kunci", response_model=commands.Keputusan)
async def kunci_penetapan(w: Write, periode: MasaPath, opd_kode: OpdPath) -> Response:
    """BPKAD mengunci; angka membeku dan pembayaran diserahkan."""
    return await _putuskan(w, periode, opd_kode, "kunci")


async def _putuskan(w: Write, periode: str, opd: str, tindakan: str) -> Response:
    month = MasaBayar.parse(periode)
    return await w.run(commands.putuskan, month, opd, tindakan, penanda(w), selisih(w))


@api.post("/{periode}/{opd_kode}/kembalikan", response_model=commands.Keputusan)
async def kembalikan_penetapan(
    w: Write, periode: MasaPath, opd_kode: OpdPath, body: commands.Pengembalian
) -> Response:
    """Kembalikan ke draf dengan alasan; tidak bisa sesudah dikunci."""
    return await w.run(commands.kembalikan, MasaBayar.parse(periode), opd_kode, body)


@api.get("/{periode}/{opd_kode}/pemeriksaan", response_model=pemeriksaan.Pemeriksaan)
async def pemeriksaan_penetapan(r: Read, periode: MasaPath, opd_kode: OpdPath) -> Response:
    """Yang ditahan dan sebabnya, serta yang berbeda dari bulan lalu."""
    return await r.run(pemeriksaan.pemeriksaan, MasaBayar.parse(periode), opd_kode, selisih(r))


@api.post("/{periode}/{opd_kode}/tanggapi", response_model=pemeriksaan.Pemeriksaan)
async def tanggapi_penetapan(
    w: Write, periode: MasaPath, opd_kode: OpdPath, body: tanggapi.IsiTanggapan
) -> Response:
    """Tanggapi temuan pemeriksaan dengan alasan; harus ada sebelum dikunci."""
    return await w.run(tanggapi.tanggapi, MasaBayar.parse(periode), opd_kode, body, selisih(w))


@api.post("/{periode}/{opd_kode}/ingatkan", response_model=Terkirim)
async def ingatkan_penetapan(w: Write, periode: MasaPath, opd_kode: OpdPath) -> Response:
    """Ingatkan siapa yang memutuskan tahap berikutnya; sekali sehari."""
    zone = w.zone
    return await w.run(ingatkan.tahap_berikut, MasaBayar.parse(periode), opd_kode, zone)


@api.post("/{periode}/{opd_kode}/batalkan", response_model=commands.Keputusan)
async def batalkan_penetapan(
    w: Write, periode: MasaPath, opd_kode: OpdPath, body: commands.Pengembalian
) -> Response:
    """Tarik kembali batch yang sudah dikunci; terbuka lagi bila belum ada yang dibayar."""
    return await w.run(commands.batalkan, MasaBayar.parse(periode), opd_kode, body, penanda(w))


@api.post("/{periode}/{opd_kode}/serahkan-sisa", response_model=commands.Keputusan)
async def serahkan_sisa_penetapan(
    w: Write, periode: MasaPath, opd_kode: OpdPath, body: commands.Pengembalian
) -> Response:
    """Serahkan pembayaran yang ditarik kembali dan belum dibayar, dalam kelompok baru."""
    return await w.run(commands.serahkan_sisa, MasaBayar.parse(periode), opd_kode, body, penanda(w))


@kunci_publik.get("/.well-known/jwks.json")
async def kunci_payroll(request: Request) -> Response:
    """Kunci publik untuk memeriksa tanda tangan manifes payroll, sebagai JWK Set."""
    signing: Penanda = request.app.state.penanda
    return JSONResponse(signing.jwks, headers={"Cache-Control": "public, max-age=300"})


def selisih(context: Context) -> int:
    """By how many percent a payment may differ from last month's before somebody has to answer for it."""
    found: int = context.request.app.state.settings.selisih_tpp
    return found


def penanda(w: Write) -> Penanda:
    """What signs for payroll."""
    found: Penanda = w.request.app.state.penanda
    return found
