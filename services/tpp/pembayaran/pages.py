"""Pages of reconciliation: a month's two sides, the differences, and payroll's own list held against ours."""

from typing import get_args

from fastapi import Response
from starlette.datastructures import UploadFile

from services.tpp.authz import AUTHZ
from services.tpp.pembayaran import api, rekonsiliasi, rules
from services.tpp.rekening.queries import dapat_dibuka
from shared.errors import FieldError, InvalidInput
from shared.http import Read, Write, accepts
from shared.http.context import Context
from shared.http.params import MasaPath
from shared.period import MasaBayar
from shared.tabular import MAX_FILE, read_sheets
from shared.web import REFUSALS, Form, page, pages, redirect
from shared.web.routes import sent_form

halaman = pages("/tpp/rekonsiliasi", "rekonsiliasi")

_BANYAK = 50
_ROOM = 64 * 1024


@halaman.get("")
async def terbaru(r: Read) -> Response:
    """Bulan terakhir yang pembayarannya diserahkan."""
    months = await r.fetch(rekonsiliasi.bulan)
    if not months:
        return page(r, "pembayaran/rekonsiliasi.html", rekon=None)
    return redirect(r, f"/tpp/rekonsiliasi/{months[0]}")


@halaman.get("/{periode}")
async def lihat(
    r: Read, periode: MasaPath, jenis: str = "", opd: str = "", cursor: str | None = None
) -> Response:
    """Satu bulan: kedua sisi tiap OPD, dan semua perbedaannya."""
    month = MasaBayar.parse(periode)
    kind: rules.Jenis | None = jenis if jenis in get_args(rules.Jenis) else None  # type: ignore[assignment]
    months = await r.fetch(rekonsiliasi.bulan)
    found = await r.fetch(rekonsiliasi.temuan, month, kind, opd[:64] or None, cursor, _BANYAK)
    failed = [one.pegawai_id for one in found.data if one.jenis == "gagal"]
    return page(
        r,
        "pembayaran/rekonsiliasi.html",
        rekon=await r.fetch(rekonsiliasi.ringkas, month),
        isi=found,
        rekening=await r.fetch(dapat_dibuka, AUTHZ["GET", "/tpp/rekening/{pegawai_id}"], failed),
        jenis=kind,
        kata=rules.JENIS,
        bulan=[(str(one), one.tampil()) for one in months],
        boleh_banding=r.principal.may(AUTHZ["POST", "/api/tpp/rekonsiliasi/{periode}/banding"]),
    )


@halaman.get("/{periode}/banding")
async def formulir(r: Read, periode: MasaPath) -> Response:
    """Formulir daftar payroll."""
    return await _banding(r, MasaBayar.parse(periode), Form.blank({"hasil": "layar"}))


@halaman.post("/{periode}/banding", openapi_extra=accepts(MAX_FILE + _ROOM))
async def banding(w: Write, periode: MasaPath) -> Response:
    """Bandingkan dengan daftar payroll; tidak ada yang disimpan."""
    form, month = Form.sent(w.request), MasaBayar.parse(periode)
    whole = form.value("hasil") == "xlsx"
    many = rekonsiliasi.SEMUA if whole else rekonsiliasi.PERTAMA
    try:
        sheets = await read_sheets(await _berkas(w))
        found = await w.fetch(rekonsiliasi.dari_berkas, month, sheets, many)
    except REFUSALS as problem:
        return await _banding(w, month, form.refused(problem))
    if whole:
        return await api.lembar(w, found, f"banding-{month}")
    return await _banding(w, month, form, found)


async def _berkas(w: Write) -> bytes:
    sent = sent_form(w.request).get("berkas")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise _pilih("belum ada berkas yang dipilih", "Pilih daftar dari payroll, XLSX atau CSV")
    data = await sent.read()
    if len(data) > MAX_FILE:
        raise _pilih("berkas ini lebih dari 30 MB", "Bagi berkasnya, lalu bandingkan satu per satu")
    return data


def _pilih(reason: str, remedy: str) -> InvalidInput:
    return InvalidInput("Berkas belum dapat dibaca.", fields=[FieldError("/berkas", reason, remedy)])


async def _banding(
    r: Context, month: MasaBayar, form: Form, hasil: rekonsiliasi.Rekonsiliasi | None = None
) -> Response:
    return page(
        r,
        "pembayaran/banding.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        periode=month,
        hasil=hasil,
        salah=form.problem.extra.get("salah", []) if form.problem else [],
        salah_jumlah=form.problem.extra.get("salah_jumlah", 0) if form.problem else 0,
        kata=rules.JENIS,
    )
