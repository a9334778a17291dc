"""Pages of ratings: one's own months, one person's month, and the sheet on which an atasan rates."""

from typing import Any
from uuid import UUID

from fastapi import Response

from services.assessment.penilaian import commands, ingatkan, lembar, queries, rules
from services.assessment.penilaian.api import zona
from shared.errors import Problem
from shared.http import MAX_LIMIT, Read, Write
from shared.http.context import Context
from shared.http.params import PeriodePath
from shared.period import Period
from shared.web import REFUSALS, Form, nudged, page, pages, redirect

halaman = pages("/penilaian", "penilaian")

_SELEMBAR = MAX_LIMIT // 2


@halaman.get("/fragmen/ringkasan")
async def ringkasan(r: Read) -> Response:
    """Kartu penilaian: milik saya, dan bawahan yang belum saya nilai."""
    return page(r, "penilaian/ringkasan.html", ringkasan=await r.fetch(queries.ringkasan))


@halaman.get("")
async def saya(r: Read) -> Response:
    """Penilaian saya tiap bulan."""
    found = await r.fetch(queries.saya, zona(r.request))
    return page(
        r,
        "penilaian/saya.html",
        bulan=found.data,
        ringkasan=await r.fetch(queries.ringkasan),
    )


@halaman.get("/pegawai/{periode}/{pegawai_id}")
async def lihat(r: Read, periode: PeriodePath, pegawai_id: UUID) -> Response:
    """SKP, realisasi, dan penilaian satu orang."""
    month = Period.parse(periode)
    found = await r.fetch(queries.pegawai, month, pegawai_id, zona(r.request))
    reminded = await r.fetch(ingatkan.sudah, month, [pegawai_id], zona(r.request))
    return page(
        r,
        "penilaian/pegawai.html",
        orang=found,
        diri=r.principal.pegawai_id == pegawai_id,
        diingatkan=bool(reminded),
        tingkat=rules.TINGKAT,
    )


@halaman.post("/pegawai/{periode}/{pegawai_id}/ingatkan")
async def ingatkan_satu(w: Write, periode: PeriodePath, pegawai_id: UUID) -> Response:
    """Ingatkan siapa yang membuat penilaian ini menunggu."""
    back = f"/penilaian/pegawai/{periode}/{pegawai_id}"
    return await nudged(w, back, ingatkan.penilaian, Period.parse(periode), pegawai_id, zona(w.request))


@halaman.get("/bawahan")
async def bawahan(r: Read) -> Response:
    """Bulan yang perlu dinilai lebih dahulu."""
    month = await r.fetch(queries.bulan_untuk_dinilai)
    if month is None:
        return page(r, "penilaian/belum_ada_bulan.html")
    return redirect(r, f"/penilaian/bawahan/{month}")


@halaman.get("/bawahan/{periode}")
async def lembar_nilai(r: Read, periode: PeriodePath, cursor: str | None = None) -> Response:
    """Lembar penilaian bawahan satu bulan."""
    return await _lembar(r, Period.parse(periode), cursor, None)


@halaman.post("/bawahan/{periode}/ingatkan")
async def minta_buka_kembali(w: Write, periode: PeriodePath) -> Response:
    """Minta admin BKD membuka kembali bulan yang sudah ditutup."""
    back = f"/penilaian/bawahan/{periode}"
    return await nudged(w, back, ingatkan.buka_kembali, Period.parse(periode), zona(w.request))


@halaman.post("/bawahan/{periode}")
async def kirim_lembar(w: Write, periode: PeriodePath, cursor: str | None = None) -> Response:
    """Terapkan ke beberapa orang, periksa, lalu simpan."""
    month, form = Period.parse(periode), Form.sent(w.request)
    people = (await w.fetch(queries.bawahan, month, cursor, _SELEMBAR)).data
    if form.action == "terapkan":
        return await _lembar(w, month, cursor, form, diterapkan=lembar.terapkan(form, people))
    if form.editing():
        return await _lembar(w, month, cursor, form)
    try:
        told = await _simpan(w, form, month, people)
        if told is None:
            changes = lembar.perubahan(form, people)
            return page(w, "penilaian/periksa.html", form=form, bulan=month, ubah=changes)
    except REFUSALS as problem:
        return await _lembar(w, month, cursor, form.refused(problem))
    if told.ditolak:
        return await _lembar(w, month, cursor, lembar.ditolak(form, told))
    return redirect(w, w.request.url.path, f"{told.tercatat} penilaian {month.tampil()} disimpan.")


async def _simpan(
    w: Write, form: Form, month: Period, people: list[queries.Bawahan]
) -> commands.HasilDaftar | None:
    """Record what was checked; None when it is still to be checked. Sent again, it gets the first answer."""
    if form.value("simpan") != "ya":
        return None
    if (earlier := await w.earlier()) is not None:
        return commands.HasilDaftar.model_validate_json(bytes(earlier.body))
    sheet = lembar.daftar(lembar.perubahan(form, people))
    return await w.done(commands.HasilDaftar, commands.nilai_banyak, month, sheet)


async def _lembar(
    r: Context, periode: Period, cursor: str | None, form: Form | None, **more: Any
) -> Response:
    found = await r.fetch(queries.bawahan, periode, cursor, _SELEMBAR)
    month = await r.fetch(queries.bulan_ini, periode)
    blocked = [one for one in found.data if one.skp != "disetujui"]
    reminded = await r.fetch(ingatkan.sudah, periode, [one.pegawai_id for one in blocked], zona(r.request))
    shown = lembar.lengkapi(form, found.data)
    problem: Problem | None = shown.problem
    return page(
        r,
        "penilaian/lembar.html",
        status=problem.status if problem else 200,
        form=shown,
        bulan=month,
        siap=[one for one in found.data if one.skp == "disetujui"],
        terhalang=blocked,
        diingatkan=reminded,
        diminta=await r.fetch(ingatkan.sudah_minta_buka, periode, zona(r.request)),
        berikutnya=found.berikutnya,
        diterapkan=more.get("diterapkan"),
    )
