"""HTTP of one's own TPP: months, and nudges."""

from fastapi import Response

from services.tpp.perhitungan import queries
from services.tpp.slip import ingatkan
from shared.colek import Terkirim
from shared.http import Read, Write, router
from shared.http.params import PeriodePath
from shared.period import Period

api = router("/api/tpp/slip", "slip")


@api.get("", response_model=queries.TppSaya)
async def bulan_tpp_saya(r: Read) -> Response:
    """TPP saya tiap bulan."""
    return await r.run(queries.bulan_saya)


@api.post("/{periode}/saya/ingatkan", response_model=Terkirim)
async def ingatkan_tpp(w: Write, periode: PeriodePath, body: ingatkan.Ingatan) -> Response:
    """Ingatkan siapa yang membuat TPP saya menunggu; sekali sehari untuk tiap sebab."""
    zone = w.request.app.state.settings.zone
    return await w.run(ingatkan.milik_saya, Period.parse(periode), body.kode, zone)
