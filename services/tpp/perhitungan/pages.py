"""Pages of figures: one's own card, runs with live progress, totals of each OPD, the list."""

from collections.abc import Awaitable, Callable
from typing import get_args

from fastapi import Response

from services.tpp.perhitungan import commands, ingatkan, queries
from shared.db import Tx
from shared.errors import Conflict
from shared.http import Read, Write
from shared.http.params import MasaPath
from shared.period import MasaBayar
from shared.web import nudged, page, pages, redirect
from shared.web.imports import csv_file
from shared.web.live import Piece, stream

halaman = pages("/tpp", "perhitungan")

_BANYAK = 50


@halaman.get("/fragmen/ringkasan")
async def ringkasan(r: Read) -> Response:
    """Kartu TPP saya."""
    return page(r, "perhitungan/ringkasan.html", slip=await r.fetch(queries.slip_terakhir))


@halaman.get("/perhitungan")
async def daftar_bulan(r: Read) -> Response:
    """Bulan dan keadaan perhitungannya."""
    months = await r.fetch(queries.bulan)
    extra = await r.fetch(queries.pembayaran_khusus, [one.periode.year for one in months])
    monthly = [one for one in months if one.nama is None]
    return page(r, "perhitungan/bulan.html", bulan=monthly, khusus=extra)


@halaman.get("/perhitungan/{periode}")
async def perhitungan(r: Read, periode: MasaPath) -> Response:
    """Perhitungan satu bulan: apa yang ditunggu, atau sampai mana."""
    month, zone = MasaBayar.parse(periode), r.zone
    run = await r.fetch(commands.status, month)
    waits = ingatkan.menunggu(run)
    return page(
        r,
        "perhitungan/jalan.html",
        hitung=run,
        boleh=r.principal.holds("admin_bkd"),
        menunggu=waits[1] if waits else None,
        diingatkan=await r.fetch(ingatkan.sudah, month, zone),
    )


@halaman.post("/perhitungan/{periode}/ingatkan")
async def ingatkan_perhitungan(w: Write, periode: MasaPath) -> Response:
    """Ingatkan siapa yang membuat bulan ini belum dapat dihitung."""
    zone = w.zone
    return await nudged(
        w, f"/tpp/perhitungan/{periode}", ingatkan.perhitungan, MasaBayar.parse(periode), zone
    )


@halaman.get("/perhitungan/{periode}/kemajuan")
async def kemajuan(r: Read, periode: MasaPath) -> Response:
    """Kemajuan perhitungan, selama berjalan."""

    async def look() -> Piece:
        run = await r.fetch(commands.status, MasaBayar.parse(periode))
        return Piece("perhitungan/kemajuan.html", {"hitung": run}, done=run.keadaan != "berjalan")

    return await stream(r, look, every=1)


@halaman.get("/perhitungan/{periode}/menunggu")
async def menunggu(r: Read, periode: MasaPath) -> Response:
    """Yang masih ditunggu sebelum perhitungan dapat dimulai."""

    async def look() -> Piece:
        run = await r.fetch(commands.status, MasaBayar.parse(periode))
        return Piece("perhitungan/kurang.html", {"hitung": run}, done=run.keadaan != "belum_siap")

    return await stream(r, look, every=2)


@halaman.post("/perhitungan/{periode}/jalankan")
async def jalankan(w: Write, periode: MasaPath) -> Response:
    """Mulai menghitung."""
    return await _perintah(w, periode, commands.jalankan)


@halaman.post("/perhitungan/{periode}/jeda")
async def jeda(w: Write, periode: MasaPath) -> Response:
    """Jeda perhitungan."""
    return await _perintah(w, periode, commands.jeda)


@halaman.post("/perhitungan/{periode}/lanjutkan")
async def lanjutkan(w: Write, periode: MasaPath) -> Response:
    """Lanjutkan perhitungan yang dijeda."""
    return await _perintah(w, periode, commands.lanjutkan)


async def _perintah(
    w: Write, periode: str, command: Callable[[Tx, MasaBayar], Awaitable[commands.StatusPerhitungan]]
) -> Response:
    path = f"/tpp/perhitungan/{periode}"
    try:
        await w.run(command, MasaBayar.parse(periode))
    except Conflict as problem:
        return redirect(w, path, f"{problem.detail} {problem.remedy}", kind="warning")
    return redirect(w, path)


@halaman.get("/rekap")
async def rekap_terbaru(r: Read) -> Response:
    """Bulan terakhir yang sudah dihitung."""
    months = await r.fetch(queries.bulan)
    newest = next((one for one in months if one.perhitungan == "selesai"), None)
    if newest is None:
        return page(r, "perhitungan/rekap.html", rekap=None, bulan=[])
    return redirect(r, f"/tpp/rekap/{newest.periode}")


@halaman.get("/rekap/{periode}")
async def rekap(r: Read, periode: MasaPath) -> Response:
    """Jumlah tiap OPD."""
    found = await r.fetch(queries.rekap, MasaBayar.parse(periode))
    months = await r.fetch(queries.bulan)
    return page(
        r,
        "perhitungan/rekap.html",
        rekap=found,
        bulan=_months(months),
        usang=any(one.usang for one in months if one.periode == found.periode),
    )


@halaman.get("/rekap/{periode}/rekap.csv")
async def rekap_csv(r: Read, periode: MasaPath) -> Response:
    """Jumlah tiap OPD sebagai lembar kerja."""
    found = await r.fetch(queries.rekap, MasaBayar.parse(periode))
    names = ("pegawai", "dihitung", "ditahan", "bruto", "potongan", "neto", "dibayar", "gagal", "ditarik")
    rows: list[list[object]] = [
        [one.opd_kode, one.opd_nama, one.penetapan, *(str(getattr(one, name)) for name in names)]
        for one in found.opd
    ]
    header = ["Kode OPD", "OPD", "Penetapan", *(name.capitalize() for name in names[:-1]), "Ditarik kembali"]
    return csv_file(f"rekap-tpp-{periode}.csv", header, rows)


@halaman.get("/daftar/{periode}")
async def daftar(
    r: Read,
    periode: MasaPath,
    opd: str = "",
    cari: str = "",
    status: str = "",
    cursor: str | None = None,
) -> Response:
    """Daftar TPP sebulan."""
    month = MasaBayar.parse(periode)
    found = await r.fetch(
        queries.daftar,
        month,
        opd[:64] or None,
        status if status in get_args(queries.Status) else None,
        cursor,
        _BANYAK,
        cari[:100],
    )
    return page(
        r,
        "perhitungan/daftar.html",
        isi=found,
        periode=month,
        opd=[(one.opd_kode, one.opd_nama) for one in await r.fetch(queries.opd, month)],
        boleh_pegawai=any(r.principal.holds(role) for role in ("admin_bkd", "auditor")),
    )


def _months(found: list[queries.KeadaanBulan]) -> list[tuple[str, str]]:
    return [(str(one.periode), one.sebutan) for one in found if one.perhitungan]
