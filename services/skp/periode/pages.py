"""Pages of months: list, one month with what closing it means, opening, closing, reopening."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Response

from services.skp.periode import commands, queries
from shared.http import Read, Write
from shared.http.context import Context
from shared.http.params import PeriodePath
from shared.period import Period
from shared.web import REFUSALS, Form, page, pages, redirect

halaman = pages("/skp/periode", "periode")

_BANYAK = 24


@halaman.get("")
async def daftar(r: Read, cursor: str | None = None) -> Response:
    """Semua bulan."""
    return await _daftar(r, Form.blank(), cursor)


@halaman.post("")
async def buka(w: Write) -> Response:
    """Buka satu bulan."""
    form = Form.sent(w.request)
    if form.editing():
        return await _daftar(w, form, None)
    try:
        body = form.read(commands.BukaPeriode)
        made = await w.done(queries.Periode, commands.buka, body)
    except REFUSALS as problem:
        return await _daftar(w, form.refused(problem), None)
    return redirect(
        w, "/skp/periode", f"{made.periode.tampil()} dibuka. Pegawai dapat mengirim realisasi bulan itu."
    )


@halaman.get("/{periode}")
async def lihat(r: Read, periode: PeriodePath) -> Response:
    """Satu bulan: isinya, apa arti menutupnya, dan riwayatnya."""
    return await _lihat(r, Period.parse(periode), Form.blank())


@halaman.post("/{periode}/tutup-pengiriman")
async def tutup_pengiriman(w: Write, periode: PeriodePath) -> Response:
    """Tutup pengiriman."""
    return await _ubah(
        w, periode, commands.tutup_pengiriman, "Pengiriman ditutup. Atasan masih dapat menilai."
    )


@halaman.post("/{periode}/tutup")
async def tutup(w: Write, periode: PeriodePath) -> Response:
    """Tutup bulan."""
    told = "Bulan ditutup. Penilaian disahkan begitu semua catatan tiba; sesudah itu TPP dapat dihitung."
    return await _ubah(w, periode, commands.tutup, told)


@halaman.post("/{periode}/buka-kembali")
async def buka_kembali(w: Write, periode: PeriodePath) -> Response:
    """Buka kembali, dengan alasan."""
    form, month = Form.sent(w.request), Period.parse(periode)
    if form.editing():
        return await _lihat(w, month, form)
    try:
        await w.run(commands.buka_kembali, month, form.read(commands.BukaKembali))
    except REFUSALS as problem:
        return await _lihat(w, month, form.refused(problem))
    return redirect(
        w, f"/skp/periode/{month}", "Bulan dibuka kembali; semua yang berkepentingan diberi tahu."
    )


async def _ubah(w: Write, periode: str, command: Callable[..., Awaitable[Any]], told: str) -> Response:
    month = Period.parse(periode)
    try:
        await w.run(command, month)
    except REFUSALS as problem:
        return redirect(w, f"/skp/periode/{month}", f"{problem.detail} {problem.remedy}", kind="warning")
    return redirect(w, f"/skp/periode/{month}", told)


async def _daftar(r: Context, form: Form, cursor: str | None) -> Response:
    months = await r.fetch(queries.dapat_dibuka, r.zone)
    return page(
        r,
        "periode/daftar.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        isi=await r.fetch(queries.daftar, cursor, _BANYAK),
        dapat_dibuka=[(str(month), month.tampil()) for month in months],
    )


async def _lihat(r: Context, periode: Period, form: Form) -> Response:
    return page(
        r,
        "periode/lihat.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        bulan=await r.fetch(queries.rinci, periode, r.zone),
    )
