"""HTTP of files: `/api/tpp/berkas`."""

from typing import Annotated

from fastapi import Path, Query, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from services.tpp.ekspor import profil, queries
from services.tpp.ekspor.commands import nama_berkas
from shared.errors import InvalidInput
from shared.http import Read, router
from shared.http.params import MasaPath
from shared.period import MasaBayar

api = router("/api/tpp/berkas", "berkas")

JENIS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "xml": "application/xml",
}
"""What a file's form is called on the web."""


@api.get("", response_model=queries.DaftarProfil)
async def daftar_profil(r: Read) -> Response:
    """Berkas yang dapat dibuat: SIPD, bank, nominatif, pajak, dan milik daerah sendiri."""
    return await r.run(queries.daftar, r.request.app.state.settings.home / "profil")


@api.get(
    "/{periode}/{kode}",
    response_class=Response,
    responses={200: {"content": {name: {} for name in JENIS.values()}, "description": "Isi berkas"}},
)
async def buat_berkas(
    r: Read,
    periode: MasaPath,
    kode: Annotated[str, Path(max_length=40, description="Kode profil", examples=["sipd-tpp"])],
    opd: Annotated[str | None, Query(max_length=64, description="Hanya OPD ini")] = None,
    isian: Annotated[list[str] | None, Query(max_length=20, description="nama=nilai, boleh berulang")] = None,
) -> Response:
    """Buat berkas sebulan menurut profilnya; setiap orang di dalamnya tercatat dibaca."""
    chosen = profil.satu(r.request.app.state.settings.home / "profil", kode)
    made = await r.fetch(
        queries.buat, MasaBayar.parse(periode), chosen, opd, _isian(isian or []), r.request.app.state.brankas
    )
    return FileResponse(
        made.path,
        media_type=JENIS[chosen.jenis],
        filename=nama_berkas(chosen.kode, periode, opd, chosen.jenis),
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
        background=BackgroundTask(made.path.unlink, missing_ok=True),
    )


def _isian(given: list[str]) -> dict[str, str]:
    found = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or len(value) > 200:
            raise InvalidInput(f"Isian {text[:40]!r} tidak terbaca.", remedy="Tulis isian=nama=nilai.")
        found[name] = value.strip()
    return found
