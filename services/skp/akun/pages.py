"""Pages of accounts: log in and out, activate, how pages look."""

from datetime import UTC, datetime

from fastapi import Response
from pydantic import TypeAdapter, ValidationError

from services.skp.akun import http, rules
from services.skp.akun import masuk as pintu
from shared.errors import FieldError, InvalidInput, NotFound, Problem
from shared.http import Read, Write
from shared.http.session import SESSION, set_cookie
from shared.nip import Nip
from shared.web import Form, page, pages, redirect
from shared.web.contoh import OrangContoh, orang_contoh
from shared.web.render import LOOK, Look, local_path

halaman = pages("", "akun")

_LOOK_SECONDS = 365 * 24 * 3600
# The cookie outlives its token, so that we can tell an ended session from a first visit.
_AFTER_END_SECONDS = 24 * 3600
_KEPT = "_isian"
_KEPT_FIELDS = TypeAdapter(list[tuple[str, str]])


@halaman.get("/masuk")
async def masuk(r: Read, kembali: str = "", berakhir: str = "") -> Response:
    """Halaman masuk."""
    form = Form.blank({"kembali": local_path(kembali) or ""})
    return _masuk(r, form, ended=bool(berakhir))


@halaman.post("/masuk")
async def kirim_masuk(r: Read) -> Response:
    """Masuk; isian yang tertahan karena sesi berakhir ditawarkan untuk dikirim."""
    form = Form.sent(r.request)
    _compact_nip(form)
    kept = form.value(_KEPT)
    state = r.request.app.state
    try:
        fields = _KEPT_FIELDS.validate_json(kept) if kept else []
        body = form.read(pintu.Masuk)
        sesi = await pintu.masuk(r.database, state.sandi, state.signer, body, http.alamat(r.request))
    except ValidationError:
        problem: Problem = InvalidInput("Isian yang tadi tertahan tidak terbaca.", remedy="Isi sekali lagi.")
        return _masuk(r, form.refused(problem))
    except Problem as problem:
        return _masuk(r, form.refused(problem), kept=kept)
    back = local_path(form.value("kembali")) or "/"
    response = (
        page(r, "akun/lanjutkan.html", fields=fields, target=back, nama=sesi.nama)
        if fields
        else redirect(r, back)
    )
    return _dengan_sesi(r, response, sesi)


@halaman.post("/masuk/contoh")
async def masuk_contoh(r: Read) -> Response:
    """Masuk sebagai orang contoh; hanya ada selama data contoh dimuat."""
    form = Form.sent(r.request)
    state = r.request.app.state
    people = {one.nip: one for one in _contoh(r)}
    one = people.get(form.value("nip"))
    if one is None:
        raise NotFound("Orang contoh ini tidak ada.", remedy="Masuk dengan NIP dan kata sandi Anda.")
    body = pintu.Masuk(nip=Nip(one.nip), kata_sandi=one.kata_sandi)
    form.values = {"nip": [one.nip], "kembali": [form.value("kembali")]}
    try:
        sesi = await pintu.masuk(r.database, state.sandi, state.signer, body, http.alamat(r.request))
    except Problem as problem:
        return _masuk(r, form.refused(problem))
    return _dengan_sesi(r, redirect(r, local_path(form.value("kembali")) or "/"), sesi)


@halaman.post("/keluar")
async def keluar(r: Read) -> Response:
    """Akhiri sesi pada peramban ini."""
    response = redirect(r, "/masuk", "Anda sudah keluar.", kind="info")
    set_cookie(r.request, response, SESSION, "", 0)
    return response


@halaman.get("/aktivasi")
async def aktivasi(r: Read) -> Response:
    """Halaman memasang kata sandi dengan kode sekali pakai."""
    return page(r, "akun/aktivasi.html", form=Form.blank(), minimum=rules.SANDI_MIN)


@halaman.post("/aktivasi")
async def kirim_aktivasi(w: Write) -> Response:
    """Pasang kata sandi."""
    form = Form.sent(w.request)
    _compact_nip(form)
    try:
        body = form.read(pintu.Aktivasi)
        if form.value("ulangi") != body.kata_sandi:
            raise InvalidInput(
                "Kedua kata sandi belum sama.",
                fields=[FieldError("/ulangi", "berbeda dari yang di atasnya", "Tulis keduanya sekali lagi.")],
            )
        await http.aktifkan(w, body)
    except Problem as problem:
        refused = form.refused(problem)
        return page(w, "akun/aktivasi.html", status=problem.status, form=refused, minimum=rules.SANDI_MIN)
    return redirect(w, "/masuk", "Kata sandi terpasang. Silakan masuk dengan kata sandi baru Anda.")


@halaman.get("/tampilan")
async def tampilan(r: Read, kembali: str = "") -> Response:
    """Pilihan ukuran huruf, warna, dan kontras."""
    look = Look.of(r.request)
    known = {name: getattr(look, name) for name in Look.CHOICES}
    return page(r, "akun/tampilan.html", form=Form.blank(known))


@halaman.post("/tampilan")
async def simpan_tampilan(r: Read) -> Response:
    """Simpan pilihan tampilan pada peramban ini."""
    form = Form.sent(r.request)
    chosen = {name: form.value(name) for name, allowed in Look.CHOICES.items() if form.value(name) in allowed}
    response = redirect(r, "/tampilan", "Tampilan disimpan pada peramban ini.")
    set_cookie(r.request, response, LOOK, str(Look(**chosen)), _LOOK_SECONDS)
    return response


def _masuk(r: Read, form: Form, *, ended: bool = False, kept: str = "") -> Response:
    status = form.problem.status if form.problem else 200
    return page(r, "akun/masuk.html", status=status, form=form, ended=ended, kept=kept, contoh=_contoh(r))


def _contoh(r: Read) -> tuple[OrangContoh, ...]:
    settings = r.request.app.state.settings
    return orang_contoh(settings.home, settings.keys)


def _dengan_sesi(r: Read, response: Response, sesi: pintu.Sesi) -> Response:
    remaining = int((sesi.berlaku_sampai - datetime.now(UTC)).total_seconds())
    set_cookie(r.request, response, SESSION, sesi.token, remaining + _AFTER_END_SECONDS)
    return response


def _compact_nip(form: Form) -> None:
    """People copy a NIP with the spaces it is printed with."""
    form.values["nip"] = ["".join(form.value("nip").split())]
