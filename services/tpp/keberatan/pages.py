"""Pages of objections: making one from a line of the slip, the list that waits, one with its answer."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.tpp.keberatan import commands, queries, rules
from services.tpp.keberatan.api import Keadaan, Opd
from shared.errors import NotFound
from shared.http import Read, Write
from shared.http.context import Context
from shared.http.params import MasaPath
from shared.period import MasaBayar
from shared.web import REFUSALS, Form, nudged, page, pages, redirect
from shared.web.nav import MENU

halaman_pengajuan = pages("/tpp/saya", "keberatan")
halaman_keberatan = pages("/tpp/keberatan", "keberatan")

Baris = Annotated[str, Query(max_length=100)]
_BANYAK = 50
_TEMPAT: dict[str, str] = {
    "kehadiran": "/tpp/impor/kehadiran",
    "cuti": "/tpp/impor/cuti",
    "aktivitas": "/tpp/impor/aktivitas",
    "predikat": "/skp/periode",
    "kepegawaian": "/skp/impor",
    "gaji": "/tpp/impor/gaji",
    "pajak": "/tpp/impor/pajak-luar",
    "peran": "/tpp/impor/peran",
    "sanksi": "/tpp/impor/sanksi",
    "fakta": "/tpp/fakta",
    "kebijakan": "/tpp/kebijakan",
    "hitung": "/tpp/perhitungan",
}
"""Where each correction is made; a menu entry, so that nobody is sent to a closed door."""


@halaman_pengajuan.get("/{periode}/keberatan")
async def baru(r: Read, periode: MasaPath, baris: Baris = "") -> Response:
    """Formulir keberatan atas satu baris, atau atas seluruh slip."""
    return await _form(r, MasaBayar.parse(periode), Form.blank({"baris": baris}))


@halaman_pengajuan.post("/{periode}/keberatan")
async def kirim(w: Write, periode: MasaPath) -> Response:
    """Ajukan keberatan."""
    form, month = Form.sent(w.request), MasaBayar.parse(periode)
    form.values["periode"] = [str(month)]
    if form.editing():
        return await _form(w, month, form)
    try:
        body = form.read(commands.KeberatanBaru)
        made = await w.done(commands.KeadaanKeberatan, commands.ajukan, body, w.zone)
    except REFUSALS as problem:
        return await _form(w, month, form.refused(problem))
    return redirect(w, f"/tpp/keberatan/{made.keberatan_id}", "Keberatan tercatat dan sudah disampaikan.")


async def _form(r: Context, periode: MasaBayar, form: Form) -> Response:
    """The form beside its line; an objection that waits already is shown instead."""
    found = await r.fetch(commands.slip_tetap, periode)
    baris = form.value("baris")
    waits = next((one for one in found.keberatan if (one.baris, one.keadaan) == (baris, "diajukan")), None)
    if waits is not None:
        return redirect(r, f"/tpp/keberatan/{waits.keberatan_id}", "Keberatan atas baris ini sudah diajukan.")
    what = commands.pokok(found, baris)
    if what is None:
        raise NotFound("Baris ini tidak ada pada slip Anda.", remedy="Buka lagi slipnya dan pilih barisnya.")
    return page(
        r,
        "keberatan/form.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        periode=periode,
        pokok=what,
        penjawab=rules.penjawab(found.penetapan == "dikunci"),
        hari=await r.fetch(queries.hari_mencolok, periode, r.zone) if what.sumber == "kehadiran" else [],
    )


@halaman_keberatan.get("")
async def daftar(
    r: Read, keadaan: Keadaan = "diajukan", opd: Opd = None, cursor: str | None = None
) -> Response:
    """Keberatan yang menunggu jawaban, dan yang sudah dijawab."""
    return page(
        r,
        "keberatan/daftar.html",
        keadaan=keadaan,
        isi=await r.fetch(queries.daftar, keadaan, opd or None, cursor, _BANYAK),
        opd=await r.fetch(queries.opd),
    )


@halaman_keberatan.get("/{keberatan_id}")
async def lihat(r: Read, keberatan_id: UUID) -> Response:
    """Satu keberatan dan jawabannya."""
    return await _lihat(r, keberatan_id, None)


@halaman_keberatan.post("/{keberatan_id}/jawab")
async def jawab(w: Write, keberatan_id: UUID) -> Response:
    """Terima atau tolak."""
    form = Form.sent(w.request)
    if form.editing():
        return await _lihat(w, keberatan_id, form)
    try:
        body = form.read(commands.Jawaban)
        made = await w.done(commands.KeadaanKeberatan, commands.jawab, keberatan_id, body)
    except REFUSALS as problem:
        return await _lihat(w, keberatan_id, form.refused(problem))
    told = f"Keberatan {made.keadaan}. Yang mengajukan diberi tahu."
    return redirect(w, f"/tpp/keberatan/{keberatan_id}", told)


@halaman_keberatan.post("/{keberatan_id}/tarik")
async def tarik(w: Write, keberatan_id: UUID) -> Response:
    """Tarik keberatan saya."""
    path = f"/tpp/keberatan/{keberatan_id}"
    try:
        await w.run(commands.tarik, keberatan_id)
    except REFUSALS as problem:
        return redirect(w, path, f"{problem.detail} {problem.remedy}", kind="warning")
    return redirect(w, path, "Keberatan ditarik.")


@halaman_keberatan.post("/{keberatan_id}/ingatkan")
async def ingatkan(w: Write, keberatan_id: UUID) -> Response:
    """Ingatkan siapa yang perlu menjawab."""
    return await nudged(w, f"/tpp/keberatan/{keberatan_id}", commands.ingatkan, keberatan_id, w.zone)


async def _lihat(r: Context, keberatan_id: UUID, form: Form | None) -> Response:
    one = await r.fetch(queries.satu, keberatan_id)
    mine = one.pegawai_id == r.principal.pegawai_id
    waits = one.keadaan == "diajukan" and bool(one.halangan)
    reminds = waits and (mine or r.principal.holds("bpkad") or r.principal.holds("keuangan_opd"))
    return page(
        r,
        "keberatan/lihat.html",
        status=form.problem.status if form and form.problem else 200,
        form=form or Form.blank({"pasal": one.pasal}),
        satu=one,
        milik=mine,
        boleh_ingatkan=reminds,
        diingatkan=reminds and await r.fetch(commands.sudah_diingatkan, keberatan_id, r.zone),
        tempat=_tempat(r, one.perbaikan),
        jalan=rules.JALAN,
        pelaksana=rules.PELAKSANA,
    )


def _tempat(r: Context, perbaikan: str | None) -> tuple[str, str] | None:
    """Label and address of where a correction is made, for who may go there."""
    path = _TEMPAT.get(perbaikan or "")
    item = next((one for one in MENU if one.path == path), None)
    return (item.label, item.path) if item is not None and item.shown_to(r.principal) else None
