"""HTTP of document codes: `/api/tpp/slip/{periode}/kode`."""

from fastapi import Response

from services.tpp.verifikasi import commands
from shared.http import Write, router
from shared.http.params import MasaPath
from shared.period import MasaBayar

api = router("/api/tpp", "verifikasi")


@api.post("/slip/{periode}/kode", response_model=commands.KodeDokumen)
async def kode_slip_saya(w: Write, periode: MasaPath) -> Response:
    """Kode pemeriksaan slip saya, untuk dicetak sebagai QR; slip yang sama selalu mendapat kode yang sama."""
    return await w.run(commands.kode_slip_saya, MasaBayar.parse(periode))
