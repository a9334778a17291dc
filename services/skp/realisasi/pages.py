"""Pages of realisasi: a month at a glance, writing down one day or several, one entry with its evidence.

A form holds rows named as `RealisasiSekaligus` names them (`isi/0/uraian`); which plan and month each is of
follows from its RHK and day. A file comes along in the form, or was uploaded before and is named there.
"""

import hashlib
import re
from calendar import Calendar
from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, BeforeValidator, Field
from starlette.datastructures import UploadFile

from services.skp.bukti import commands as simpanan
from services.skp.bukti import queries as bukti
from services.skp.bukti.rules import MAX_BYTES
from services.skp.periode import ingatkan
from services.skp.realisasi import commands, queries
from services.skp.realisasi.formulir import Cara, awal, lanjutkan_baris, samakan, satuan
from services.skp.realisasi.http import kirim
from services.skp.realisasi.rules import baca_jumlah
from services.skp.rencana import ingatkan as skp
from services.skp.rencana import queries as rencana
from shared.auth.guard import Subject
from shared.clock import local_date
from shared.db import Tx
from shared.errors import FieldError, InvalidInput, Problem
from shared.http import Page, Read, Write, accepts
from shared.http.context import Context, idempotency_key, request_hash
from shared.http.params import PeriodePath
from shared.period import Period
from shared.web import REFUSALS, Form, nudged, page, pages, redirect
from shared.web.problems import wants_html
from shared.web.routes import sent_form

halaman = pages("/skp/realisasi", "realisasi")

BARU = "/skp/realisasi/baru"
_BULAN = Query(pattern=r"^20[2-9]\d-(0[1-9]|1[0-2])$")
BulanQuery = Annotated[str | None, _BULAN]
_BERKAS = re.compile(r"isi/(\d{1,2})/berkas")
_BARIS = re.compile(r"/isi/(\d+)(.*)")
_KOLOM = {"/periode": "/tanggal", "/skp_id": "/rhk_id", "": "/uraian"}
"""Where an error is shown whose own field a form does not have."""


class Isian(commands.IsiRealisasi):
    """One row of the form; amounts as people write them."""

    jumlah: Annotated[commands.Jumlah, BeforeValidator(baca_jumlah)]
    tanggal: Annotated[date, Field(ge=date(2020, 1, 1), le=date(2100, 12, 31))]


class Isi(BaseModel):
    """All rows of the form that hold something."""

    isi: list[Isian] = Field(min_length=1, max_length=62)


@halaman.get("")
async def saya(r: Read, periode: BulanQuery = None, cursor: str | None = None) -> Response:
    """Realisasi saya satu bulan."""
    return await _bulan(r, None, periode, cursor)


@halaman.get("/orang/{pegawai_id}")
async def orang(r: Read, pegawai_id: UUID, periode: BulanQuery = None, cursor: str | None = None) -> Response:
    """Realisasi seseorang satu bulan."""
    return await _bulan(r, pegawai_id, periode, cursor)


@halaman.get("/baru")
async def baru(
    r: Read,
    cara: Cara = "harian",
    tanggal: date | None = None,
    rhk: UUID | None = None,
    salin: UUID | None = None,
) -> Response:
    """Formulir realisasi: satu hari, satu pekan, atau satu bulan."""
    lembar = await r.fetch(_lembar, tanggal, r.zone)
    model = await r.fetch(queries.satu, salin, r.zone) if salin else None
    form = Form.blank(awal(lembar.bulan, lembar.contoh, lembar.hari, cara, rhk, model))
    return await _form(r, form, lembar)


@halaman.post("/baru", openapi_extra=accepts(5 * MAX_BYTES))
async def kirim_baru(w: Write) -> Response:
    """Catat realisasi. Yang tidak meminta HTML mendapat tanda terimanya sebagai JSON."""
    form = Form.sent(w.request)
    salah = await _simpan_berkas(w, form)
    if form.action == "samakan":
        samakan(form)
    try:
        if salah:
            raise InvalidInput("Ada bukti yang tidak diterima.", fields=salah)
        if form.action == "samakan" or form.editing():
            lanjutkan_baris(form)
            return await _form(w, form)
        told = await _catat(w, form)
    except REFUSALS as problem:
        if not wants_html(w.request):
            raise
        return await _form(w, form.refused(problem))
    if not wants_html(w.request):
        return Response(told.model_dump_json(), 201, media_type="application/json")
    first = told.data[0]
    if len(told.data) == 1:
        return redirect(
            w, f"/skp/realisasi/{first.realisasi_id}", "Realisasi tercatat. Tanda terimanya ada di bawah."
        )
    return redirect(
        w,
        f"/skp/realisasi?periode={first.periode}",
        f"{len(told.data)} realisasi tercatat. Tanda terima ada pada tiap catatan.",
    )


@halaman.post("/bulan/{periode}/ingatkan")
async def ingatkan_bulan(w: Write, periode: PeriodePath) -> Response:
    """Ingatkan siapa yang membuka bulan ini, atau yang mengurus realisasi yang tertinggal."""
    back = f"/skp/realisasi?periode={periode}"
    return await nudged(w, back, ingatkan.bulan, Period.parse(periode), w.zone)


@halaman.get("/{realisasi_id}")
async def lihat(r: Read, realisasi_id: UUID) -> Response:
    """Satu realisasi, tanda terimanya, dan buktinya."""
    found = await r.fetch(queries.satu, realisasi_id, r.zone)
    return page(r, "realisasi/lihat.html", satu=found, mine=found.pegawai_id == r.principal.pegawai_id)


class Lembar(BaseModel):
    """What a form offers: the month of its day, and what was written before."""

    bulan: queries.Bulan
    contoh: list[queries.Contoh]
    hari: date


async def _lembar(tx: Tx, hari: date | None, zone: str) -> Lembar:
    today = local_date(tx.now, zone)
    chosen = hari if hari is not None and 2020 <= hari.year <= 2100 else today
    return Lembar(
        bulan=await queries.bulan(tx, None, Period.of(chosen), zone),
        contoh=await queries.contoh(tx, chosen, 6),
        hari=chosen,
    )


async def _bulan(r: Read, pegawai_id: UUID | None, periode: str | None, cursor: str | None) -> Response:
    found, rows = await r.fetch(_satu_bulan, pegawai_id, periode, cursor, r.zone)
    count = {day.tanggal: day.catatan for day in found.hari}
    weeks = Calendar().monthdatescalendar(found.periode.year, found.periode.month)
    return page(
        r,
        "realisasi/bulan.html",
        bulan=found,
        catatan=rows,
        pekan=[[(day, count.get(day, 0)) for day in week] for week in weeks],
        mine=found.pegawai_id == r.principal.pegawai_id,
        diingatkan=await r.fetch(_diingatkan, found, r.zone),
    )


async def _diingatkan(tx: Tx, bulan: queries.Bulan, zone: str) -> bool:
    """Whether the caller's own month waits for somebody whom they, or another for all, reminded today."""
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    if who.pegawai_id != bulan.pegawai_id or (bulan.rhk and bulan.keadaan == "dibuka"):
        return False
    if bulan.keadaan == "dibuka":
        return bool(bulan.skp_id and await skp.sudah(tx, zone, skp.subjek_skp(bulan.skp_id)))
    return await ingatkan.sudah(tx, bulan.periode, zone)


async def _satu_bulan(
    tx: Tx, pegawai_id: UUID | None, periode: str | None, cursor: str | None, zone: str
) -> tuple[queries.Bulan, Page[queries.RealisasiRinci]]:
    month = Period.parse(periode) if periode else Period.of(local_date(tx.now, zone))
    return (
        await queries.bulan(tx, pegawai_id, month, zone),
        await queries.daftar_orang(tx, pegawai_id, month, cursor, 50, zone),
    )


async def _form(r: Context, form: Form, lembar: Lembar | None = None) -> Response:
    if lembar is None:
        lembar = await r.fetch(_lembar, _tanggal(form.value("isi/0/tanggal")), r.zone)
    chosen = [
        sha256 for name, values in form.values.items() if name.endswith("/bukti[]") for sha256 in values
    ]
    named = await r.fetch(_bukti_saya, chosen)
    return page(
        r,
        "realisasi/form.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        lembar=lembar,
        bukti={one.sha256: one for one in named},
        satuan={str(rhk_id): unit for rhk_id, unit in satuan(lembar.bulan, lembar.contoh).items()},
        hari=[_tanggal(form.value(f"isi/{n}/tanggal")) for n in range(form.count("isi"))],
        batas=MAX_BYTES,
        diingatkan=await r.fetch(_diingatkan, lembar.bulan, r.zone),
    )


async def _bukti_saya(tx: Tx, sha256: Sequence[str]) -> list[simpanan.BuktiTersimpan]:
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    return await bukti.sebut(tx, who.pegawai_id, sha256)


async def _simpan_berkas(w: Write, form: Form) -> list[FieldError]:
    """Take in the files that came along, so that a form shown again has them; what is wrong with some."""
    wrong = []
    for name, file in sent_form(w.request).multi_items():
        where = _BERKAS.fullmatch(name)
        if where is None or not isinstance(file, UploadFile) or not file.filename:
            continue
        data = await file.read()
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            if len(data) > MAX_BYTES:
                raise InvalidInput("", fields=[FieldError("", "lebih dari 5 MB", "Perkecil berkasnya.")])
            checked = await simpanan.periksa(data, sha256, file.filename)
            # Needs no key of its own: a file is named by its content.
            await w.fetch(simpanan.simpan, w.request.app.state.gudang, checked, data)
        except InvalidInput as problem:
            wrong += [
                FieldError(f"/{name}", f"{file.filename}: {error.reason}", error.remedy)
                for error in problem.fields
            ]
        else:
            chosen = form.values.setdefault(f"isi/{where[1]}/bukti[]", [])
            if sha256 not in chosen:
                chosen.append(sha256)
    return wrong


async def _catat(w: Write, form: Form) -> commands.TandaTerimaSekaligus:
    """Record what the rows hold. Raises problems that name the rows as the form counts them."""
    rows = _terisi(form)
    try:
        named = {_pindah(name, rows): values for name, values in form.values.items()}
        read = Form(named).read(Isi)
        plans = await w.fetch(_rencana, sorted({one.tanggal.year for one in read.isi}))
        isi = [
            commands.RealisasiBaru(
                # An RHK that is not in force is refused by the command, in its words.
                skp_id=plans.get(one.rhk_id, one.rhk_id),
                periode=Period.of(one.tanggal),
                **one.model_dump(),
            )
            for one in read.isi
        ]
        if len(isi) > 1:
            body = commands.RealisasiSekaligus(isi=isi)
            return await w.done(commands.TandaTerimaSekaligus, commands.catat_sekaligus, body, w.zone)
        key, asked = idempotency_key(w.request), await request_hash(w.request)
        told = await kirim(w.request, isi[0], key, asked)
    except Problem as problem:
        problem.fields = tuple(_di_formulir(error, rows) for error in problem.fields)
        raise
    return commands.TandaTerimaSekaligus(data=[commands.TandaTerima.model_validate_json(told.body)])


async def _rencana(tx: Tx, tahun: Sequence[int]) -> dict[UUID, UUID]:
    """The plan of each of the caller's RHK that are in force in these years."""
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    plans = [await rencana.berlaku(tx, who.pegawai_id, each) for each in tahun]
    return {rhk.rhk_id: plan.skp_id for plan in plans for rhk in plan.rhk if plan.skp_id is not None}


def _terisi(form: Form) -> list[int]:
    """The rows that hold something; a form of one row is sent as it is."""
    count = max(form.count("isi"), 1)
    rows = [
        n
        for n in range(count)
        if any(form.value(f"isi/{n}/{name}").strip() for name in ("uraian", "jumlah"))
        or form.chosen(f"isi/{n}/bukti[]")
    ]
    if rows or count == 1:
        return rows or [0]
    raise InvalidInput(
        "Belum ada hari atau RHK yang diisi.",
        fields=[FieldError("/isi/0/uraian", "wajib diisi", "Isi paling sedikit satu bagian.")],
    )


def _pindah(name: str, rows: list[int]) -> str:
    """A field's name once the empty rows are left out; one that nobody reads for a field of those."""
    found = _BARIS.fullmatch(f"/{name}")
    if found is None or int(found[1]) not in rows:
        return "-"
    return f"isi/{rows.index(int(found[1]))}{found[2]}"


def _di_formulir(error: FieldError, rows: list[int]) -> FieldError:
    """An error at the field of the form that it is about."""
    found = _BARIS.fullmatch(error.pointer)
    if found is None and len(rows) != 1:
        return error
    if error.pointer.startswith("/Idempotency-Key"):
        return error
    place, column = (rows[int(found[1])], found[2]) if found else (rows[0], error.pointer)
    column = "/berkas" if column.startswith("/bukti") else _KOLOM.get(column, column)
    return FieldError(f"/isi/{place}{column}", error.reason, error.remedy)


def _tanggal(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
