"""Pages of monitoring: each OPD worst first with a chart, its people with what waits, and both as CSV."""

from typing import Annotated

from fastapi import Path, Response

from services.assessment.monev import queries
from shared.http import Read
from shared.http.params import PeriodePath
from shared.period import Period
from shared.web import page, pages, redirect
from shared.web.imports import csv_file

halaman = pages("/penilaian/monev", "monev")

OpdPath = Annotated[str, Path(min_length=1, max_length=64)]
_BANYAK = 50
_SEMUA = 100_000


@halaman.get("")
async def terbaru(r: Read) -> Response:
    """Bulan terakhir."""
    months = await r.fetch(queries.bulan)
    if not months:
        return page(r, "monev/opd.html", periode=None, opd=[], bulan=[])
    return redirect(r, f"/penilaian/monev/{months[0]}")


@halaman.get("/{periode}")
async def opd(r: Read, periode: PeriodePath) -> Response:
    """Kemajuan tiap OPD, yang paling tertinggal lebih dahulu."""
    month = Period.parse(periode)
    return page(
        r,
        "monev/opd.html",
        periode=month,
        opd=await r.fetch(queries.opd, month),
        bulan=[(str(one), one.tampil()) for one in await r.fetch(queries.bulan)],
    )


@halaman.get("/{periode}/opd.csv")
async def opd_csv(r: Read, periode: PeriodePath) -> Response:
    """Kemajuan tiap OPD sebagai lembar kerja."""
    rows: list[list[object]] = [
        [one.opd_kode, one.opd_nama, one.pegawai, one.skp_disetujui, one.berealisasi, one.dinilai]
        for one in await r.fetch(queries.opd, Period.parse(periode))
    ]
    header = ["Kode OPD", "OPD", "Pegawai", "SKP disetujui", "Mengirim realisasi", "Dinilai"]
    return csv_file(f"monev-{periode}.csv", header, rows)


@halaman.get("/{periode}/{opd_kode}")
async def orang(
    r: Read, periode: PeriodePath, opd_kode: OpdPath, tampil: str = "", cursor: str | None = None
) -> Response:
    """Orang di satu OPD, dan apa yang ditunggu."""
    month = Period.parse(periode)
    found = await r.fetch(queries.orang, month, opd_kode, tampil != "semua", cursor, _BANYAK)
    return page(
        r,
        "monev/orang.html",
        periode=month,
        opd_kode=opd_kode,
        isi=found,
        boleh_pegawai=any(
            r.principal.holds(role) for role in ("pengelola", "pimpinan", "admin_bkd", "auditor")
        ),
    )


@halaman.get("/{periode}/{opd_kode}/orang.csv")
async def orang_csv(r: Read, periode: PeriodePath, opd_kode: OpdPath) -> Response:
    """Semua orang di satu OPD sebagai lembar kerja."""
    found = await r.fetch(queries.orang, Period.parse(periode), opd_kode, False, None, _SEMUA)
    rows: list[list[object]] = [
        [f"{one.nip} ", one.jabatan, one.unit, one.skp, one.realisasi, one.predikat or "", one.menunggu or ""]
        for one in found.orang.data
    ]
    header = ["NIP", "Jabatan", "Unit", "SKP", "Realisasi", "Predikat", "Yang ditunggu"]
    return csv_file(f"monev-{periode}-orang.csv", header, rows)
