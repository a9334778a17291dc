"""HTTP of reconciliation: `/api/tpp/rekonsiliasi/…`."""

from fastapi import Response

from services.tpp.kehadiran.api import FILE
from services.tpp.pembayaran import rekonsiliasi
from shared.http import Read, router
from shared.http.params import PeriodePath
from shared.period import Period
from shared.tabular import read_sheets

api = router("/api/tpp/rekonsiliasi", "rekonsiliasi")

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@api.get("/{periode}", response_model=rekonsiliasi.Rekonsiliasi)
async def rekonsiliasi_bulan(r: Read, periode: PeriodePath) -> Response:
    """Pembayaran kita dibanding jawaban payroll: hanya di satu pihak, jumlah berbeda, dibayar dua kali."""
    return await r.run(rekonsiliasi.dari_event, Period.parse(periode))


@api.get(
    "/{periode}/xlsx",
    response_class=Response,
    responses={200: {"content": {_XLSX: {}}, "description": "Berkas"}},
)
async def rekonsiliasi_xlsx(r: Read, periode: PeriodePath) -> Response:
    """Rekonsiliasi sebagai lembar kerja."""
    found = await r.fetch(rekonsiliasi.dari_event, Period.parse(periode))
    return Response(
        rekonsiliasi.sebagai_xlsx(found),
        media_type=_XLSX,
        headers={
            "Content-Disposition": f'attachment; filename="rekonsiliasi-{periode}.xlsx"',
            "Cache-Control": "no-store",
        },
    )


@api.post("/{periode}/banding", response_model=rekonsiliasi.Rekonsiliasi, openapi_extra=FILE)
async def bandingkan_daftar(r: Read, periode: PeriodePath) -> Response:
    """Bandingkan dengan daftar payroll (nip, jumlah) dari XLSX atau CSV; tidak ada yang disimpan."""
    sheets = await read_sheets(await r.request.body())
    return await r.run(rekonsiliasi.dari_berkas, Period.parse(periode), sheets)
