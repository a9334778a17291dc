"""Attendance of others: everyone's month, one person's days, and a day that is taken back."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from services.tpp.authz import AUTHZ
from services.tpp.kalender import queries as kalender
from services.tpp.kehadiran import cabut, lihat
from services.tpp.surat import queries as surat
from shared.clock import local_date
from shared.http import Read, Write
from shared.http.context import Context
from shared.http.params import PeriodePath
from shared.period import Period
from shared.web import REFUSALS, Form, page, pages, redirect

halaman = pages("/tpp/kehadiran-pegawai", "kehadiran pegawai")

Tanggal = Annotated[date, Path(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
_CABUT = AUTHZ["POST", "/api/tpp/kehadiran/{pegawai_id}/{tanggal}/cabut"]
_BANYAK = 50


@halaman.get("")
async def bulan_ini(r: Read) -> Response:
    """Kehadiran pegawai bulan ini."""
    return redirect(r, f"/tpp/kehadiran-pegawai/{Period.of(await _hari_ini(r))}")


@halaman.get("/{periode}")
async def daftar(
    r: Read, periode: PeriodePath, opd: str = "", cari: str = "", cursor: str | None = None
) -> Response:
    """Kehadiran sebulan setiap orang."""
    month = Period.parse(periode)
    return page(
        r,
        "kehadiran/pegawai.html",
        periode=month,
        isi=await r.fetch(lihat.daftar, month, cursor, _BANYAK, opd[:64] or None, cari[:100]),
        opd=await r.fetch(surat.opd),
        hari_ini=await _hari_ini(r),
    )


@halaman.get("/{periode}/{pegawai_id}")
async def sebulan(r: Read, periode: PeriodePath, pegawai_id: UUID) -> Response:
    """Jadwal dan kehadiran satu orang, hari demi hari."""
    month = Period.parse(periode)
    return page(
        r,
        "kehadiran/pegawai_bulan.html",
        bulan=await r.fetch(kalender.bulan_orang, pegawai_id, month),
        sebelum=month.plus(-1),
        sesudah=month.plus(1),
        hari_ini=await _hari_ini(r),
    )


@halaman.get("/hari/{pegawai_id}/{tanggal}")
async def satu_hari(r: Read, pegawai_id: UUID, tanggal: Tanggal) -> Response:
    """Satu hari seseorang, dengan riwayatnya."""
    return await _hari(r, pegawai_id, tanggal, Form.blank())


@halaman.post("/hari/{pegawai_id}/{tanggal}/cabut")
async def cabut_hari(w: Write, pegawai_id: UUID, tanggal: Tanggal) -> Response:
    """Cabut catatan satu hari yang keliru."""
    form = Form.sent(w.request)
    if form.editing():
        return await _hari(w, pegawai_id, tanggal, form)
    try:
        body = form.read(cabut.PencabutanHari)
        done = await w.done(cabut.HariDicabut, cabut.cabut_hari, pegawai_id, tanggal, body)
    except REFUSALS as problem:
        return await _hari(w, pegawai_id, tanggal, form.refused(problem))
    told = "Catatan dicabut; hari itu tidak dihitung mangkir. Bulannya sudah dihitung ulang."
    if done.sesudah_dikunci:
        told += " TPP bulan itu sudah dikunci; selisihnya menjadi rapel begitu dapat dihitung."
    return redirect(w, f"/tpp/kehadiran-pegawai/hari/{pegawai_id}/{tanggal}", told)


async def _hari(r: Context, pegawai_id: UUID, tanggal: date, form: Form) -> Response:
    rinci = await r.fetch(lihat.hari, pegawai_id, tanggal)
    bulan = await r.fetch(kalender.bulan_orang, pegawai_id, Period.of(tanggal))
    return page(
        r,
        "kehadiran/pegawai_hari.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        rinci=rinci,
        bulan=bulan,
        hari=next(day for day in bulan.hari if day.tanggal == tanggal),
        boleh=r.principal.may(_CABUT),
        bkd=r.principal.holds("admin_bkd"),
    )


async def _hari_ini(r: Context) -> date:
    return local_date(await r.fetch(kalender.sekarang), r.zone)
