"""The button "Ingatkan" on an OPD's month."""

from fastapi import Response

from services.tpp.penetapan import ingatkan
from services.tpp.penetapan.api import OpdPath
from shared.http import Write
from shared.http.params import MasaPath
from shared.period import MasaBayar
from shared.web import nudged, pages

halaman = pages("/tpp/persetujuan", "penetapan")


@halaman.post("/{periode}/{opd_kode}/ingatkan")
async def ingatkan_tahap(w: Write, periode: MasaPath, opd_kode: OpdPath) -> Response:
    """Ingatkan siapa yang memutuskan tahap berikutnya."""
    back = f"/tpp/persetujuan/{periode}/{opd_kode}"
    zone = w.zone
    return await nudged(w, back, ingatkan.tahap_berikut, MasaBayar.parse(periode), opd_kode, zone)
