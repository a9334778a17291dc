"""Pages of one's people: who waits, agreeing to several after a look at each, sending back with a reason."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.skp.bawahan import queries
from services.skp.bawahan.api import Keadaan
from services.skp.rencana import commands, ingatkan, rules
from services.skp.rencana import queries as rencana
from shared.auth.guard import Subject
from shared.db import Tx
from shared.errors import Forbidden, NotFound
from shared.http import Read, Write
from shared.http.context import Context
from shared.web import REFUSALS, Form, nudged, page, pages, redirect

halaman = pages("/skp/bawahan", "skp")

TERBANYAK = 50
"""Plans that one look holds."""
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
Tahun = Annotated[int | None, Query(ge=2020, le=2100)]


@halaman.get("")
async def daftar(
    r: Read, tahun: Tahun = None, keadaan: Keadaan | None = None, cursor: str | None = None
) -> Response:
    """SKP bawahan saya."""
    jumlah = await r.fetch(queries.jumlah, tahun, r.zone)
    rows = await r.fetch(queries.daftar, jumlah.tahun, keadaan, cursor, TERBANYAK, r.zone)
    return page(r, "bawahan/daftar.html", jumlah=jumlah, rows=rows, keadaan=keadaan)


@halaman.get("/periksa")
async def periksa(
    r: Read,
    tahun: Tahun = None,
    pilih: Annotated[list[UUID] | None, Query(max_length=TERBANYAK)] = None,
) -> Response:
    """Periksa yang akan disetujui; tanpa pilihan: semua yang menunggu."""
    found = await r.fetch(_dipilih, pilih or [], tahun, r.zone)
    return page(r, "bawahan/periksa.html", dipilih=found, form=Form.blank())


@halaman.post("/setujui")
async def setujui(w: Write) -> Response:
    """Setujui yang sudah diperiksa."""
    form = Form.sent(w.request)
    try:
        told = await w.done(
            commands.HasilSetujuSekaligus,
            commands.setujui_sekaligus,
            form.read(commands.SetujuiSekaligus),
            w.zone,
        )
    except REFUSALS as problem:
        found = await w.fetch(_dipilih, _skp_dipilih(form), None, w.zone)
        return page(
            w, "bawahan/periksa.html", status=problem.status, dipilih=found, form=form.refused(problem)
        )
    plans = await w.fetch(_terlihat, [one.skp_id for one in told.data], w.zone)
    if not all(one.disetujui for one in told.data):
        return page(w, "bawahan/hasil.html", hasil=told.data, skp=plans)
    first = plans[told.data[0].skp_id]
    many = f"{len(plans)} SKP disetujui dan mulai berlaku."
    one = f"SKP {first.nama} disetujui dan mulai berlaku."
    return redirect(w, f"/skp/bawahan?tahun={first.tahun}", one if len(plans) == 1 else many)


@halaman.get("/{skp_id}/kembalikan")
async def kembalikan(r: Read, skp_id: UUID) -> Response:
    """Formulir mengembalikan SKP."""
    return await _kembalikan(r, skp_id, Form.blank())


@halaman.post("/{skp_id}/kembalikan")
async def kirim_kembalikan(w: Write, skp_id: UUID) -> Response:
    """Kembalikan dengan alasan."""
    form = Form.sent(w.request)
    if form.editing():
        return await _kembalikan(w, skp_id, form)
    try:
        body = form.read(commands.Kembalikan)
        told = await w.done(commands.SkpRingkas, commands.kembalikan, skp_id, body, w.zone)
    except REFUSALS as problem:
        return await _kembalikan(w, skp_id, form.refused(problem))
    return redirect(w, f"/skp/bawahan?tahun={told.tahun}", "SKP dikembalikan beserta alasan Anda.")


@halaman.post("/{skp_id}/ingatkan")
async def ingatkan_lanjutan(w: Write, skp_id: UUID) -> Response:
    """Ingatkan pemilik atau pemutus SKP yang belum dapat dikembalikan."""
    return await nudged(w, f"/skp/bawahan/{skp_id}/kembalikan", ingatkan.lanjutan, skp_id, w.zone)


async def _kembalikan(r: Context, skp_id: UUID, form: Form) -> Response:
    skp = await r.fetch(rencana.satu, skp_id, r.zone)
    mine = await r.fetch(rencana.dapat_memutuskan, skp, r.zone)
    subjek = ingatkan.subjek_skp(skp_id)
    return page(
        r,
        "bawahan/kembalikan.html",
        status=form.problem.status if form.problem else 200,
        skp=skp,
        putusan=mine,
        form=form,
        keadaan=rules.LANJUTAN[skp.keadaan].format(tahun=skp.tahun),
        diingatkan=subjek in await r.fetch(ingatkan.sudah, r.zone, subjek),
    )


async def _dipilih(tx: Tx, chosen: list[UUID], tahun: int | None, zone: str) -> list[rencana.SkpRinci]:
    """The chosen plans that wait for the caller's decision; none chosen: all that wait."""
    if not chosen:
        year = (await queries.jumlah(tx, tahun, zone)).tahun
        waiting = await queries.daftar(tx, year, "diajukan", None, TERBANYAK, zone)
        chosen = [one.skp_id for one in waiting.data if one.skp_id is not None]
    plans = [await rencana.satu(tx, skp_id, zone) for skp_id in dict.fromkeys(chosen)]
    return [
        skp for skp in plans if skp.keadaan == "diajukan" and await rencana.dapat_memutuskan(tx, skp, zone)
    ]


async def _terlihat(tx: Tx, ids: list[UUID], zone: str) -> dict[UUID, rencana.SkpRinci]:
    """These plans, as far as the caller may see them."""
    who = tx.guard.principal
    assert who is not None
    # Each plan is admitted by itself below.
    tx.guard.admit(Subject(atasan_id=who.pegawai_id))
    found = {}
    for skp_id in ids:
        try:
            found[skp_id] = await rencana.satu(tx, skp_id, zone)
        except (Forbidden, NotFound):
            continue
    return found


def _skp_dipilih(form: Form) -> list[UUID]:
    """The plans that a form names, as far as they can be read."""
    texts = [form.value(f"pilihan/{place}/skp_id") for place in range(form.count("pilihan"))]
    return [UUID(text) for text in texts[:TERBANYAK] if _ID.fullmatch(text)]
