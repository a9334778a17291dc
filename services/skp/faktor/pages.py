"""Pages of account security: the second factor, recovery codes, sessions; and resetting somebody else's."""

from uuid import UUID

import segno
from fastapi import Response

from services.skp.akun import keluar as sesi
from services.skp.akun import masuk as pintu
from services.skp.akun.pages import dengan_sesi
from services.skp.faktor import commands, http, queries
from services.skp.pegawai import daftar as orang
from shared.http import Read, Write
from shared.http.context import Context
from shared.http.session import SESSION, set_cookie
from shared.web import REFUSALS, Form, page, pages, redirect

halaman = pages("/skp", "faktor kedua")

_SINI = "/skp/keamanan"


@halaman.get("/keamanan")
async def keamanan(r: Read) -> Response:
    """Keamanan akun."""
    return page(r, "faktor/keamanan.html", faktor=await r.fetch(queries.keadaan, _pintu(r).wajib))


@halaman.post("/keamanan/keluar-semua")
async def keluar_semua(w: Write) -> Response:
    """Akhiri semua sesi, juga yang ini: tanpa kata sandi tidak ada sesi baru."""
    await w.run(sesi.keluar_semua, w.principal, status=204)
    response = redirect(w, "/masuk", "Semua perangkat sudah keluar, juga yang ini.", kind="info")
    set_cookie(w.request, response, SESSION, "", 0)
    return response


@halaman.get("/keamanan/pasang")
async def pasang(r: Read) -> Response:
    """Formulir memasang faktor kedua."""
    if (await r.fetch(queries.keadaan, _pintu(r).wajib)).aktif:
        return redirect(r, _SINI, "Faktor kedua sudah terpasang.", kind="info")
    found = commands.usulkan(_pintu(r).brankas, r.principal.pegawai_id, r.principal.nip)
    return _pasang(r, Form.blank({"segel": found.segel}), found)


@halaman.post("/keamanan/pasang")
async def kirim_pasang(w: Write) -> Response:
    """Pasang faktor kedua; kode pemulihan ditampilkan sekali ini."""
    form = Form.sent(w.request)
    try:
        codes = await http.pasang(w, form.read(commands.PasangFaktor))
    except REFUSALS as problem:
        return _pasang(w, form.refused(problem), _usulan_lagi(w, form))
    return await _sesi_baru(w, _kode(w, codes))


@halaman.get("/keamanan/pemulihan")
async def pemulihan(r: Read) -> Response:
    """Formulir membuat kode pemulihan baru."""
    return await _bukti(r, lepas=False)


@halaman.post("/keamanan/pemulihan")
async def kirim_pemulihan(w: Write) -> Response:
    """Buat kode pemulihan baru; ditampilkan sekali ini."""
    form = Form.sent(w.request)
    try:
        codes = await http.ganti_pemulihan(w, form.read(commands.Pembuktian))
    except REFUSALS as problem:
        return page(w, "faktor/bukti.html", status=problem.status, form=form.refused(problem), lepas=False)
    return _kode(w, codes)


@halaman.get("/keamanan/lepas")
async def lepas(r: Read) -> Response:
    """Formulir melepas faktor kedua."""
    return await _bukti(r, lepas=True)


@halaman.post("/keamanan/lepas")
async def kirim_lepas(w: Write) -> Response:
    """Lepas faktor kedua; perangkat lain keluar, peramban ini mendapat sesi baru."""
    form = Form.sent(w.request)
    try:
        await http.lepas(w, form.read(commands.Pembuktian))
    except REFUSALS as problem:
        return page(w, "faktor/bukti.html", status=problem.status, form=form.refused(problem), lepas=True)
    return await _sesi_baru(w, redirect(w, _SINI, "Faktor kedua sudah dilepas. Perangkat lain sudah keluar."))


@halaman.get("/akun/{pegawai_id}/faktor")
async def reset(r: Read, pegawai_id: UUID) -> Response:
    """Formulir mereset faktor kedua orang lain."""
    return await _reset(r, Form.blank(), pegawai_id)


@halaman.post("/akun/{pegawai_id}/faktor")
async def kirim_reset(w: Write, pegawai_id: UUID) -> Response:
    """Reset faktor kedua orang lain."""
    form = Form.sent(w.request)
    try:
        await w.run(commands.reset, pegawai_id, form.read(commands.ResetFaktor))
    except REFUSALS as problem:
        return await _reset(w, form.refused(problem), pegawai_id)
    return redirect(
        w, f"/skp/pegawai/{pegawai_id}", "Faktor kedua direset. Orangnya diberi tahu, dan harus masuk lagi."
    )


async def _bukti(r: Read, *, lepas: bool) -> Response:
    if not (await r.fetch(queries.keadaan, _pintu(r).wajib)).aktif:
        return redirect(r, _SINI, "Faktor kedua belum terpasang.", kind="info")
    return page(r, "faktor/bukti.html", form=Form.blank(), lepas=lepas)


def _pasang(r: Context, form: Form, found: commands.Usulan) -> Response:
    form.values["segel"] = [found.segel]
    status = form.problem.status if form.problem else 200
    # White behind it and a margin, also on a dark page: cameras look for both.
    picture = segno.make(found.uri, error="m", micro=False).svg_data_uri(scale=4, border=4, light="#fff")
    return page(r, "faktor/pasang.html", status=status, form=form, usulan=found, qr=picture)


def _usulan_lagi(w: Context, form: Form) -> commands.Usulan:
    """The proposal the form was about, or a new one when it cannot be read."""
    who, brankas = w.principal, _pintu(w).brankas
    try:
        return commands.usulan_lagi(brankas, who.pegawai_id, who.nip, form.value("segel"))
    except REFUSALS:
        return commands.usulkan(brankas, who.pegawai_id, who.nip)


def _kode(w: Context, codes: commands.DaftarPemulihan) -> Response:
    return page(w, "faktor/kode.html", kode=codes.kode)


async def _reset(r: Context, form: Form, pegawai_id: UUID) -> Response:
    found = await r.fetch(orang.satu, pegawai_id, r.zone)
    status = form.problem.status if form.problem else 200
    return page(r, "faktor/reset.html", status=status, form=form, orang=found)


async def _sesi_baru(r: Context, response: Response) -> Response:
    """With a session as the account stands now: roles that waited for a factor are in it."""
    return dengan_sesi(r, response, await pintu.sesi_baru(r.database, _pintu(r), r.principal.pegawai_id))


def _pintu(r: Context) -> pintu.Pintu:
    found: pintu.Pintu = r.request.app.state.pintu
    return found
