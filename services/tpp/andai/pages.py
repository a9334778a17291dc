"""Pages of what-ifs: a draft's budget on real months, my own month so far, who of an OPD may lose out."""

from typing import get_args
from uuid import UUID

from fastapi import Response
from starlette.datastructures import UploadFile

from services.tpp.andai import commands, queries, rawan, saya
from services.tpp.andai.lembar import SEBARAN
from services.tpp.kebijakan import queries as kebijakan
from services.tpp.kebijakan.reader import BATAS_UKURAN, baca
from services.tpp.perhitungan import queries as perhitungan
from shared.errors import FieldError, InvalidInput
from shared.http import Read, Write, accepts
from shared.http.context import Context
from shared.http.params import MasaPath, PeriodePath
from shared.period import MasaBayar, Period
from shared.web import REFUSALS, Form, nudged, page, pages, redirect
from shared.web.live import Piece, stream
from shared.web.routes import sent_form

halaman = pages("/tpp", "andai")

_BANYAK = 50


@halaman.get("/andai")
async def daftar(r: Read, cursor: str | None = None) -> Response:
    """Simulasi yang pernah dibuat."""
    found = await r.fetch(queries.daftar, cursor, _BANYAK)
    return page(r, "andai/daftar.html", isi=found, boleh=_boleh(r))


@halaman.get("/andai/baru")
async def baru(r: Read, versi: UUID | None = None) -> Response:
    """Formulir simulasi; `versi` memilih yang yang sudah diunggah."""
    months = await r.fetch(queries.bulan_terhitung)
    form = Form.blank({"kebijakan": str(versi or "")})
    form.values["bulan[]"] = [str(one.periode) for one in months[:12]]
    form.values["khusus[]"] = ["ya"]
    return await _form(r, form)


@halaman.post("/andai/baru", openapi_extra=accepts(4 * BATAS_UKURAN))
async def mulai(w: Write) -> Response:
    """Mulai menghitung."""
    form = Form.sent(w.request)
    if form.editing():
        return await _form(w, form)
    try:
        made = await _mulai(w, form)
    except REFUSALS as problem:
        return await _form(w, form.refused(problem))
    return redirect(w, f"/tpp/andai/{made.andai_id}")


async def _mulai(w: Write, form: Form) -> queries.Andai:
    months = [Period.parse(one) for one in form.chosen("bulan[]")]
    if not months:
        raise InvalidInput(
            "Belum ada bulan yang dipilih.",
            fields=[FieldError("/bulan", "belum dipilih", "Pilih sedikitnya satu bulan")],
        )
    found = sent_form(w.request).get("berkas")
    if isinstance(found, UploadFile) and found.filename:
        # What the file says stays in the form, so that a fault can be mended right there.
        form.values["dokumen"] = [(await found.read()).decode("utf-8-sig", errors="replace")]
    text, khusus = form.value("dokumen"), "ya" in form.chosen("khusus[]")
    if text.strip():
        baca(text)
        return await w.done(queries.Andai, commands.mulai, text, months, khusus)
    if form.value("kebijakan"):
        version = UUID(form.value("kebijakan"))
        return await w.done(queries.Andai, commands.mulai_dari, version, months, khusus)
    raise InvalidInput(
        "Belum ada kebijakan yang dipilih.",
        fields=[
            FieldError("/berkas", "belum dipilih", "Pilih berkas YAML, tempel teksnya, atau pilih versi")
        ],
    )


async def _form(r: Context, form: Form) -> Response:
    versions = await r.fetch(kebijakan.daftar, None, _BANYAK)
    return page(
        r,
        "andai/baru.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        versi=versions.data,
        bulan=await r.fetch(queries.bulan_terhitung),
    )


@halaman.get("/andai/{andai_id}")
async def lihat(r: Read, andai_id: UUID) -> Response:
    """Satu simulasi: sampai mana, atau hasilnya."""
    found = await r.fetch(queries.satu, andai_id)
    boleh = _boleh(r)
    if found.keadaan != "selesai":
        return page(r, "andai/jalan.html", andai=found, boleh=boleh)
    result = await r.fetch(queries.hasil, andai_id)
    return page(r, "andai/hasil.html", andai=found, hasil=result, sebaran=SEBARAN, boleh=boleh)


@halaman.get("/andai/{andai_id}/kemajuan")
async def kemajuan(r: Read, andai_id: UUID) -> Response:
    """Kemajuan simulasi, selama berjalan."""

    async def look() -> Piece:
        found = await r.fetch(queries.satu, andai_id)
        return Piece("andai/kemajuan.html", {"andai": found}, done=found.keadaan == "selesai")

    return await stream(r, look, every=1)


@halaman.post("/andai/{andai_id}/hapus")
async def hapus(w: Write, andai_id: UUID) -> Response:
    """Hapus simulasi."""
    await w.run(commands.hapus, andai_id)
    return redirect(w, "/tpp/andai", "Simulasi dihapus.")


@halaman.get("/saya/{periode}/andai")
async def bulan_saya(r: Read, periode: MasaPath) -> Response:
    """Bulan saya sejauh ini, atau pembayaran khusus yang akan datang, dan apa yang mengubahnya."""
    month = MasaBayar.parse(periode)
    found = await r.fetch(saya.bulan_saya, month)
    told = await r.fetch(saya.diingatkan, month, [one.kode for one in found.alasan], r.zone)
    return page(r, "andai/saya.html", saya=found, diingatkan=told)


@halaman.post("/saya/{periode}/andai/ingatkan/{kode}")
async def ingatkan_andai(w: Write, periode: MasaPath, kode: str) -> Response:
    """Ingatkan siapa yang membuat perkiraan saya menunggu."""
    back = f"/tpp/saya/{periode}/andai"
    return await nudged(w, back, saya.ingatkan, MasaBayar.parse(periode), kode, w.zone)


@halaman.get("/rawan")
async def rawan_terbaru(r: Read) -> Response:
    """Bulan berjalan, atau bulan terakhir yang dikenal."""
    months = await r.fetch(perhitungan.bulan)
    running = await r.fetch(saya.bulan_berjalan)
    newest = running or (months[0].periode if months else None)
    if newest is None:
        return page(r, "andai/rawan.html", rawan=None, bulan=[])
    return redirect(r, f"/tpp/rawan/{newest}")


@halaman.get("/rawan/{periode}")
async def daftar_rawan(r: Read, periode: PeriodePath, jenis: str = "", cursor: str | None = None) -> Response:
    """Siapa yang TPP-nya perlu perhatian."""
    kind = next((one for one in get_args(rawan.Jenis) if one == jenis), None)
    found = await r.fetch(rawan.daftar, Period.parse(periode), kind, cursor, _BANYAK, r.zone)
    months = await r.fetch(perhitungan.bulan)
    return page(
        r,
        "andai/rawan.html",
        rawan=found,
        bulan=[(str(one.periode), one.periode.tampil()) for one in months],
        boleh_pegawai=any(r.principal.holds(role) for role in ("pengelola", "pimpinan", "admin_bkd")),
    )


@halaman.post("/rawan/{periode}/{pegawai_id}/ingatkan/{kode}")
async def ingatkan_rawan(w: Write, periode: PeriodePath, pegawai_id: UUID, kode: str) -> Response:
    """Ingatkan siapa yang dapat memperbaikinya."""
    back = f"/tpp/rawan/{periode}"
    return await nudged(w, back, rawan.ingatkan, Period.parse(periode), pegawai_id, kode, w.zone)


def _boleh(r: Context) -> bool:
    return r.principal.holds("admin_bkd") or r.principal.holds("bpkad")
