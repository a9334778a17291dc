"""Pages of mapping profiles: which there are, one to be read and tried with a sample file, writing one."""

from datetime import UTC, datetime
from typing import Any

from fastapi import Response
from starlette.datastructures import UploadFile

from services.tpp.authz import AUTHZ
from services.tpp.bulanan.commands import coba_bulanan
from services.tpp.kehadiran import commands, profil_tersimpan
from services.tpp.kehadiran.berkas import Percobaan
from services.tpp.kehadiran.hitung import bulan_dikenal
from services.tpp.kehadiran.profil import Profil, ProfilTidakSah, baca
from shared.clock import local_date
from shared.errors import FieldError, InvalidInput, NotFound
from shared.http import Read, Write, accepts
from shared.http.context import Context
from shared.period import Period
from shared.tabular import read_sheets
from shared.web import REFUSALS, Form, page, pages, redirect
from shared.web.routes import sent_form

halaman = pages("/tpp/profil-kehadiran", "profil kehadiran")

_CONTOH_TERBESAR = 2 * 1024 * 1024
"""Bytes of a sample file; a few hundred rows are enough to try."""
_ROOM = 64 * 1024


@halaman.get("")
async def daftar(r: Read) -> Response:
    """Semua profil."""
    found = (await r.fetch(profil_tersimpan.semua)).data
    return page(r, "kehadiran/profil_daftar.html", profil=found, boleh=_boleh(r))


@halaman.get("/tulis")
async def tulis(r: Read, dari: str = "") -> Response:
    """Formulir menulis profil, mulai dari salah satu yang ada."""
    known = {one.kode: one.dokumen for one in (await r.fetch(profil_tersimpan.semua)).data}
    text = known.get(dari) or next(iter(known.values()))
    return await _tulis(r, Form.blank({"dokumen": text, "periode": await _bulan_pertama(r)}))


@halaman.post("/tulis", openapi_extra=accepts(_CONTOH_TERBESAR + _ROOM))
async def kirim(w: Write) -> Response:
    """Coba profil dengan berkas contoh, atau simpan."""
    form = Form.sent(w.request)
    try:
        await _isi_dari_berkas(form, w)
        cara = baca(form.value("dokumen"))
        if form.editing():
            return await _tulis(w, form, hasil=await _coba(w, form, cara))
        made = await w.done(profil_tersimpan.ProfilKehadiran, profil_tersimpan.simpan, form.value("dokumen"))
    except ProfilTidakSah as problem:
        told = InvalidInput(
            f"{len(problem.masalah)} hal pada profil ini perlu diperbaiki.",
            fields=problem.fields,
            remedy=problem.remedy,
        )
        return await _tulis(w, form.refused(told), salah=dict(_menurut_baris(problem)))
    except REFUSALS as problem:
        return await _tulis(w, form.refused(problem))
    return redirect(
        w, f"/tpp/profil-kehadiran/{made.kode}", f"Profil {made.nama} disimpan dan dapat dipakai."
    )


@halaman.get("/{kode}")
async def lihat(r: Read, kode: str) -> Response:
    """Satu profil, dan formulir mencobanya."""
    return await _lihat(r, kode, Form.blank({"periode": await _bulan_pertama(r)}))


@halaman.post("/{kode}", openapi_extra=accepts(_CONTOH_TERBESAR + _ROOM))
async def coba(w: Write, kode: str) -> Response:
    """Baca berkas contoh menurut profil ini; tidak ada yang disimpan."""
    form = Form.sent(w.request)
    try:
        found = await _coba(w, form, baca((await _satu(w, kode)).dokumen))
    except REFUSALS as problem:
        return await _lihat(w, kode, form.refused(problem))
    return await _lihat(w, kode, form, found)


async def _coba(w: Write, form: Form, cara: Profil) -> Percobaan:
    """What the profile makes of the sample that came. Raises InvalidInput when it cannot be read."""
    sample = sent_form(w.request).get("contoh")
    if not isinstance(sample, UploadFile) or not sample.filename:
        raise _pilih("belum ada berkas yang dipilih", "Pilih beberapa baris pertama dari berkas mesin")
    data = await sample.read()
    if len(data) > _CONTOH_TERBESAR:
        raise _pilih("berkas contoh lebih dari 2 MB", "Potong berkasnya; beberapa ratus baris sudah cukup")
    months = await w.fetch(bulan_dikenal)
    if form.value("periode") not in months:
        raise InvalidInput(
            "Ada isian yang belum benar.",
            fields=[FieldError("/periode", "belum dipilih", "Pilih bulan yang ada pada berkas")],
        )
    sheets = await read_sheets(data)
    coba = coba_bulanan if cara.susunan == "bulanan" else commands.coba_profil
    found: Percobaan = await w.fetch(coba, Period.parse(form.value("periode")), sheets, cara)
    return found


def _pilih(reason: str, remedy: str) -> InvalidInput:
    return InvalidInput("Berkas contoh belum dapat dibaca.", fields=[FieldError("/contoh", reason, remedy)])


async def _isi_dari_berkas(form: Form, w: Write) -> None:
    """A profile that came as a file stands in the form from now on, so that it can be mended there."""
    sent = sent_form(w.request).get("berkas")
    if isinstance(sent, UploadFile) and sent.filename:
        form.values["dokumen"] = [(await sent.read()).decode("utf-8-sig", errors="replace")]


def _menurut_baris(problem: ProfilTidakSah) -> dict[int, list[str]]:
    lines: dict[int, list[str]] = {}
    for line, reason in problem.masalah:
        lines.setdefault(line, []).append(reason)
    return lines


async def _tulis(
    r: Context, form: Form, *, hasil: Percobaan | None = None, salah: dict[int, list[str]] | None = None
) -> Response:
    return page(
        r,
        "kehadiran/profil_tulis.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        hasil=hasil,
        baris=list(enumerate(form.value("dokumen").splitlines(), 1)) if salah else [],
        salah=salah or {},
        bulan=await _bulan(r),
    )


async def _lihat(r: Context, kode: str, form: Form, hasil: Percobaan | None = None) -> Response:
    one = await _satu(r, kode)
    return page(
        r,
        "kehadiran/profil_lihat.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        profil=one,
        cara=baca(one.dokumen),
        hasil=hasil,
        bulan=await _bulan(r),
        bulan_ini=Period.of(local_date(datetime.now(UTC), r.zone)),
        boleh=_boleh(r),
    )


async def _satu(r: Context, kode: str) -> profil_tersimpan.ProfilKehadiran:
    found = (await r.fetch(profil_tersimpan.semua)).data
    one = next((one for one in found if one.kode == kode), None)
    if one is None:
        raise NotFound(f"Tidak ada profil kehadiran bernama {kode[:40]}.", remedy="Pilih dari daftar profil.")
    return one


async def _bulan(r: Context) -> list[tuple[str, str]]:
    return [(one, Period.parse(one).tampil()) for one in await r.fetch(bulan_dikenal)]


async def _bulan_pertama(r: Context) -> Any:
    months = await r.fetch(bulan_dikenal)
    return months[0] if months else ""


def _boleh(r: Context) -> bool:
    return r.principal.may(AUTHZ["POST", "/api/tpp/profil-kehadiran"])
