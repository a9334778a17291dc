"""One's own attendance day by day, asking for a correction, and deciding about those of others."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from services.tpp.authz import AUTHZ
from services.tpp.kalender import queries as kalender
from services.tpp.kehadiran.rules import KALI
from services.tpp.permohonan import commands, ingatkan, queries, rules
from services.tpp.permohonan.api import Keadaan
from shared.clock import local_date
from shared.http import Read, Write
from shared.http.context import Context
from shared.http.params import PeriodePath
from shared.period import Period
from shared.web import REFUSALS, Form, nudged, page, pages, redirect

halaman_saya = pages("/tpp/kehadiran", "kehadiran")
halaman_koreksi = pages("/tpp/koreksi-kehadiran", "koreksi kehadiran")

Tanggal = Annotated[date, Path(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
_PUTUSKAN = AUTHZ["POST", "/api/tpp/koreksi-kehadiran/{permohonan_id}/setujui"]
SEBAB = list(rules.SEBAB.items())
_TERBARU = 20


@halaman_saya.get("")
async def bulan_ini(r: Read) -> Response:
    """Kehadiran saya bulan ini."""
    return redirect(r, f"/tpp/kehadiran/{Period.of(await _hari_ini(r))}")


@halaman_saya.get("/{periode}")
async def bulan(r: Read, periode: PeriodePath) -> Response:
    """Jadwal dan kehadiran saya, hari demi hari."""
    month = Period.parse(periode)
    mine = await r.fetch(queries.saya, r.zone, None, _TERBARU)
    return page(
        r,
        "permohonan/bulan.html",
        bulan=await r.fetch(kalender.bulan_saya, month),
        permohonan=mine.data,
        sebelum=month.plus(-1),
        sesudah=month.plus(1),
        hari_ini=await _hari_ini(r),
        sebab=rules.SEBAB,
        diingatkan=await r.fetch(ingatkan.rekap_diingatkan, month, r.zone),
    )


@halaman_saya.post("/{periode}/ingatkan")
async def ingatkan_rekap(w: Write, periode: PeriodePath) -> Response:
    """Ingatkan pengelola bahwa kehadiran bulan ini belum diimpor."""
    return await nudged(w, f"/tpp/kehadiran/{periode}", ingatkan.rekap, Period.parse(periode), w.zone)


@halaman_saya.get("/koreksi/{tanggal}")
async def baru(r: Read, tanggal: Tanggal) -> Response:
    """Formulir minta koreksi satu hari."""
    return await _form(r, tanggal, Form.blank({"sebab": "lupa", "keterangan": ""} | dict.fromkeys(KALI, "")))


@halaman_saya.post("/koreksi/{tanggal}")
async def kirim(w: Write, tanggal: Tanggal) -> Response:
    """Ajukan koreksi satu hari."""
    form = Form.sent(w.request)
    form.values["tanggal"] = [tanggal.isoformat()]
    if form.editing():
        return await _form(w, tanggal, form)
    try:
        await w.run(commands.ajukan, form.read(commands.PermohonanBaru), w.zone)
    except REFUSALS as problem:
        return await _form(w, tanggal, form.refused(problem))
    told = "Permohonan koreksi diajukan. Atasan Anda atau pengelola kinerja OPD memutuskannya."
    return redirect(w, f"/tpp/kehadiran/{Period.of(tanggal)}", told)


@halaman_saya.post("/tarik/{permohonan_id}")
async def tarik(w: Write, permohonan_id: UUID) -> Response:
    """Tarik permohonan saya."""
    try:
        await w.run(commands.tarik, permohonan_id, w.zone)
    except REFUSALS as problem:
        return redirect(w, "/tpp/kehadiran", f"{problem.detail} {problem.remedy}", kind="warning")
    return redirect(w, "/tpp/kehadiran", "Permohonan ditarik.")


@halaman_koreksi.get("")
async def menunggu(r: Read, keadaan: Keadaan = "diajukan", cursor: str | None = None) -> Response:
    """Permohonan koreksi yang menunggu keputusan saya."""
    return page(
        r,
        "permohonan/menunggu.html",
        keadaan=keadaan,
        rows=await r.fetch(queries.daftar, r.zone, keadaan, cursor, 50),
        sebab=rules.SEBAB,
    )


@halaman_koreksi.get("/{permohonan_id}")
async def lihat(r: Read, permohonan_id: UUID) -> Response:
    """Satu permohonan dan keputusannya."""
    return await _lihat(r, permohonan_id, Form.blank())


@halaman_koreksi.post("/{permohonan_id}/ingatkan")
async def ingatkan_putusan(w: Write, permohonan_id: UUID) -> Response:
    """Ingatkan siapa yang memutuskan permohonan saya."""
    back = f"/tpp/koreksi-kehadiran/{permohonan_id}"
    return await nudged(w, back, ingatkan.putusan, permohonan_id, w.zone)


@halaman_koreksi.post("/{permohonan_id}/setujui")
async def setujui(w: Write, permohonan_id: UUID) -> Response:
    """Setujui satu permohonan."""
    return await _putuskan(w, permohonan_id, setuju=True)


@halaman_koreksi.post("/{permohonan_id}/tolak")
async def tolak(w: Write, permohonan_id: UUID) -> Response:
    """Tolak satu permohonan dengan alasan."""
    return await _putuskan(w, permohonan_id, setuju=False)


async def _putuskan(w: Write, permohonan_id: UUID, *, setuju: bool) -> Response:
    form = Form.sent(w.request)
    try:
        body = form.read(commands.PutusanPermohonan)
        made = await w.done(
            commands.KeadaanPermohonan, commands.putuskan, permohonan_id, setuju, body, w.zone
        )
    except REFUSALS as problem:
        return await _lihat(w, permohonan_id, form.refused(problem))
    told = f"Permohonan {made.keadaan}."
    if made.sesudah_dikunci:
        told += " TPP bulan itu sudah dikunci: perubahannya menyusul, yang sudah dibayar tidak berubah."
    return redirect(w, "/tpp/koreksi-kehadiran", told)


async def _lihat(r: Context, permohonan_id: UUID, form: Form) -> Response:
    return page(
        r,
        "permohonan/lihat.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        satu=await r.fetch(queries.satu, permohonan_id, r.zone),
        sebab=rules.SEBAB,
        saya=r.principal.pegawai_id,
        boleh=await r.fetch(queries.terjangkau, permohonan_id, r.zone, _PUTUSKAN),
        diingatkan=await r.fetch(ingatkan.putusan_diingatkan, permohonan_id, r.zone),
    )


async def _form(r: Context, tanggal: date, form: Form) -> Response:
    month = await r.fetch(kalender.bulan_saya, Period.of(tanggal))
    return page(
        r,
        "permohonan/form.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        hari=next(day for day in month.hari if day.tanggal == tanggal),
        sebab=SEBAB,
    )


async def _hari_ini(r: Context) -> date:
    return local_date(await r.fetch(kalender.sekarang), r.zone)
