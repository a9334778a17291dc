"""Pages of policies: the versions, one to be read, uploading, putting into force by a second person."""

import asyncio
from uuid import UUID

from fastapi import Response
from starlette.datastructures import UploadFile

from services.tpp.kebijakan import berkas_contoh, commands, ingatkan, queries
from services.tpp.kebijakan.program import menunggu_data
from services.tpp.kebijakan.reader import BATAS_UKURAN, KebijakanTidakSah, baca
from services.tpp.kebijakan.susunan import susun
from services.tpp.perhitungan.engine import penafsir
from shared.errors import FieldError, InvalidInput
from shared.http import Read, Write, accepts
from shared.http.context import Context
from shared.period import Period
from shared.web import REFUSALS, Form, nudged, page, pages, redirect
from shared.web.routes import sent_form

halaman = pages("/tpp/kebijakan", "kebijakan")

_BANYAK = 50


@halaman.get("")
async def daftar(r: Read, cursor: str | None = None) -> Response:
    """Semua versi kebijakan."""
    return page(
        r,
        "kebijakan/daftar.html",
        isi=await r.fetch(queries.daftar, cursor, _BANYAK),
        boleh=_boleh(r),
    )


@halaman.get("/unggah")
async def unggah(r: Read) -> Response:
    """Formulir mengunggah kebijakan."""
    return _form(r, Form.blank())


@halaman.post("/unggah", openapi_extra=accepts(4 * BATAS_UKURAN))
async def kirim(w: Write) -> Response:
    """Periksa dan simpan satu versi."""
    form = Form.sent(w.request)
    if form.editing():
        return _form(w, form)
    try:
        found = sent_form(w.request).get("berkas")
        if isinstance(found, UploadFile) and found.filename:
            # What the file says stays in the form, so that a fault can be mended right there.
            form.values["dokumen"] = [(await found.read()).decode("utf-8-sig", errors="replace")]
        text = form.value("dokumen")
        if not text.strip():
            raise InvalidInput(
                "Belum ada kebijakan yang dikirim.",
                fields=[FieldError("/berkas", "belum dipilih", "Pilih berkas YAML, atau tempel teksnya")],
            )
        made = await w.done(queries.VersiKebijakan, commands.unggah, baca(text), text)
    except KebijakanTidakSah as problem:
        # Each fault is told below, at its line: the heading only counts them.
        told = f"{len(problem.masalah)} hal pada berkas kebijakan perlu diperbaiki."
        return _form(w, form.refused(InvalidInput(told, fields=problem.fields, remedy=problem.remedy)))
    except REFUSALS as problem:
        return _form(w, form.refused(problem))
    told = "Kebijakan disimpan. Belum berlaku sebelum orang lain memeriksa dan mengaktifkannya."
    return redirect(w, f"/tpp/kebijakan/{made.kebijakan_id}", told)


@halaman.get("/contoh")
async def contoh(r: Read) -> Response:
    """Contoh kebijakan dan skema untuk menulis yang baru."""
    # Read once in a process, beside the event loop.
    found = await asyncio.to_thread(berkas_contoh.semua)
    return page(r, "kebijakan/contoh.html", contoh=found.data)


@halaman.get("/{kebijakan_id}")
async def lihat(r: Read, kebijakan_id: UUID) -> Response:
    """Satu versi, bagian demi bagian."""
    found = await r.fetch(queries.satu, kebijakan_id)
    policy = queries.terbaca(found.dokumen)
    return page(
        r,
        "kebijakan/lihat.html",
        kebijakan=found,
        susunan=susun(found.dokumen),
        menunggu_data=menunggu_data(penafsir(policy, Period.of(policy.berlaku_mulai)).program),
        perubahan=await r.fetch(queries.perubahan, kebijakan_id),
        boleh=_boleh(r),
        pengunggah=found.diunggah_oleh == r.principal.pegawai_id,
        diingatkan=await r.fetch(ingatkan.sudah, kebijakan_id, r.zone),
    )


@halaman.post("/{kebijakan_id}/ingatkan")
async def ingatkan_aktivasi(w: Write, kebijakan_id: UUID) -> Response:
    """Ingatkan kantor lain untuk memeriksa dan mengaktifkan."""
    zone = w.zone
    return await nudged(w, f"/tpp/kebijakan/{kebijakan_id}", ingatkan.aktivasi, kebijakan_id, zone)


@halaman.post("/{kebijakan_id}/aktifkan")
async def aktifkan(w: Write, kebijakan_id: UUID) -> Response:
    """Berlakukan satu versi."""
    try:
        made = await w.done(queries.VersiKebijakan, commands.aktifkan, kebijakan_id)
    except REFUSALS as problem:
        told = f"{problem.detail} {problem.remedy}"
        return redirect(w, f"/tpp/kebijakan/{kebijakan_id}", told, kind="warning")
    return redirect(w, f"/tpp/kebijakan/{kebijakan_id}", f"{made.nama} diaktifkan.")


def _boleh(r: Context) -> bool:
    return r.principal.holds("admin_bkd") or r.principal.holds("bpkad")


def _form(r: Context, form: Form) -> Response:
    status = form.problem.status if form.problem else 200
    return page(r, "kebijakan/unggah.html", status=status, form=form)
