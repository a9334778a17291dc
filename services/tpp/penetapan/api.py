"""HTTP of decisions on an OPD's month: `/api/tpp/penetapan/…`."""

from typing import Annotated

from fastapi import Path, Response

from services.tpp.penetapan import commands, ingatkan, queries
from shared.colek import Terkirim
from shared.http import Read, Write, router
from shared.http.params import PeriodePath
from shared.period import Period

api = router("/api/tpp/penetapan", "penetapan")

OpdPath = Annotated[str, Path(min_length=1, max_length=64, description="Kode OPD", examples=["DIKBUD"])]


@api.get("/{periode}", response_model=queries.Penetapan)
async def daftar_penetapan(r: Read, periode: PeriodePath) -> Response:
    """Keadaan dan riwayat penetapan tiap OPD."""
    return await r.run(queries.daftar, Period.parse(periode))


@api.post("/{periode}/{opd_kode}/verifikasi", response_model=commands.Keputusan)
async def verifikasi_penetapan(w: Write, periode: PeriodePath, opd_kode: OpdPath) -> Response:
    """Keuangan OPD menyatakan angka OPD-nya sudah diperiksa."""
    return await w.run(commands.putuskan, Period.parse(periode), opd_kode, "verifikasi")


@api.post("/{periode}/{opd_kode}/setujui", response_model=commands.Keputusan)
async def setujui_penetapan(w: Write, periode: PeriodePath, opd_kode: OpdPath) -> Response:
    """Admin BKD menyetujui; bukan orang yang memverifikasi."""
    return await w.run(commands.putuskan, Period.parse(periode), opd_kode, "setujui")


@api.post("/{periode}/{opd_kode}/kunci", response_model=commands.Keputusan)
async def kunci_penetapan(w: Write, periode: PeriodePath, opd_kode: OpdPath) -> Response:
    """BPKAD mengunci; angka membeku dan pembayaran diserahkan."""
    return await w.run(commands.putuskan, Period.parse(periode), opd_kode, "kunci")


@api.post("/{periode}/{opd_kode}/kembalikan", response_model=commands.Keputusan)
async def kembalikan_penetapan(
    w: Write, periode: PeriodePath, opd_kode: OpdPath, body: commands.Pengembalian
) -> Response:
    """Kembalikan ke draf dengan alasan; tidak bisa sesudah dikunci."""
    return await w.run(commands.kembalikan, Period.parse(periode), opd_kode, body)


@api.post("/{periode}/{opd_kode}/ingatkan", response_model=Terkirim)
async def ingatkan_penetapan(w: Write, periode: PeriodePath, opd_kode: OpdPath) -> Response:
    """Ingatkan siapa yang memutuskan tahap berikutnya; sekali sehari."""
    zone = w.request.app.state.settings.zone
    return await w.run(ingatkan.tahap_berikut, Period.parse(periode), opd_kode, zone)
