"""Pages of accounts: log in and out, activate, how pages look."""

from contextlib import suppress
from datetime import UTC, datetime

from babel import Locale
from fastapi import Response
from pydantic import TypeAdapter, ValidationError

from services.skp.akun import http, rules, tiket
from services.skp.akun import masuk as pintu
from services.skp.faktor.periksa import FaktorDiperlukan, FaktorSalah
from shared.errors import FieldError, InvalidInput, NotFound, Problem, Unauthenticated, Unavailable
from shared.http import Read, Write
from shared.http.context import Context
from shared.http.session import SESSION, cookie_name, set_cookie
from shared.nip import Nip
from shared.web import Form, page, pages, redirect
from shared.web.contoh import OrangContoh, orang_contoh
from shared.web.render import LANGUAGE, LOOK, Look, chosen_language, languages, local_path

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
    try:
        _tertahan(form)
        body = form.read(pintu.Masuk)
        return await _dengan_sandi(r, form, body)
    except Problem as problem:
        return _masuk(r, form.refused(problem))


@halaman.post("/masuk/faktor")
async def kirim_faktor(r: Read) -> Response:
    """Langkah kedua: kode aplikasi autentikator, atau kode pemulihan."""
    form = Form.sent(r.request)
    gate: pintu.Pintu = r.request.app.state.pintu
    now = datetime.now(UTC)
    try:
        nip, sidik = tiket.baca(gate.brankas, form.read(tiket.LangkahKedua).tiket, now)
        calon = await pintu.hitung_percobaan(r.database, nip, http.alamat(r.request), "masuk")
        if tiket.sidik(gate.brankas, calon) != sidik:
            raise Unauthenticated("Akun ini baru saja berubah.", remedy="Coba masuk lagi.")
        code = form.value("kode") or form.value("pemulihan")
        sesi = await pintu.mulai(r.database, gate, calon, code, http.alamat(r.request))
    except (FaktorDiperlukan, FaktorSalah, Unavailable) as problem:
        if form.value("pemulihan") and not form.value("kode"):
            problem.fields = tuple(FieldError("/pemulihan", e.reason, e.remedy) for e in problem.fields)
        return page(r, "akun/faktor.html", status=problem.status, form=form.refused(problem))
    except Problem as problem:
        # Too late, or too often: from the beginning, with what was typed before still there.
        form.values = {name: form.values[name] for name in ("kembali", _KEPT) if name in form.values}
        return _masuk(r, form.refused(problem))
    return _masuk_selesai(r, form, sesi)


@halaman.post("/masuk/contoh")
async def masuk_contoh(r: Read) -> Response:
    """Masuk sebagai orang contoh; hanya ada selama data contoh dimuat."""
    form = Form.sent(r.request)
    people = {one.nip: one for one in _contoh(r)}
    one = people.get(form.value("nip"))
    if one is None:
        raise NotFound("Orang contoh ini tidak ada.", remedy="Masuk dengan NIP dan kata sandi Anda.")
    body = pintu.Masuk(nip=Nip(one.nip), kata_sandi=one.kata_sandi)
    form.values = {"nip": [one.nip], "kembali": [form.value("kembali")]}
    try:
        return await _dengan_sandi(r, form, body)
    except Problem as problem:
        return _masuk(r, form.refused(problem))


@halaman.post("/keluar")
async def keluar(r: Read) -> Response:
    """Akhiri sesi ini: peramban melupakannya, dan semua layanan menolaknya."""
    token = r.request.cookies.get(cookie_name(r.request, SESSION))
    # A session that has ended already has nothing left to end.
    with suppress(Unauthenticated):
        if token:
            await http.keluar(r, r.request.app.state.verifier.verify(token))
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
    """Pilihan ukuran huruf, warna, kontras, dan bahasa."""
    look = Look.of(r.request)
    known = {name: getattr(look, name) for name in Look.CHOICES}
    codes = languages(r.request)
    # Each in its own words, so that who reads no other finds it.
    named = [(code, str(Locale.parse(code).get_display_name(code)).capitalize()) for code in codes]
    return page(
        r,
        "akun/tampilan.html",
        form=Form.blank(known | {"bahasa": chosen_language(r.request)}),
        bahasa=named if len(named) > 1 else [],
    )


@halaman.post("/tampilan")
async def simpan_tampilan(r: Read) -> Response:
    """Simpan pilihan tampilan pada peramban ini."""
    form = Form.sent(r.request)
    chosen = {name: form.value(name) for name, allowed in Look.CHOICES.items() if form.value(name) in allowed}
    response = redirect(r, "/tampilan", "Tampilan disimpan pada peramban ini.")
    set_cookie(r.request, response, LOOK, str(Look(**chosen)), _LOOK_SECONDS)
    if form.value("bahasa") in languages(r.request):
        set_cookie(r.request, response, LANGUAGE, form.value("bahasa"), _LOOK_SECONDS)
    return response


def _masuk(r: Read, form: Form, *, ended: bool = False) -> Response:
    status = form.problem.status if form.problem else 200
    kept = form.value(_KEPT)
    return page(r, "akun/masuk.html", status=status, form=form, ended=ended, kept=kept, contoh=_contoh(r))


async def _dengan_sandi(r: Read, form: Form, body: pintu.Masuk) -> Response:
    """In, or on to the second step. Raises what logging in raises."""
    state = r.request.app.state
    alamat = http.alamat(r.request)
    calon = await pintu.sandi_benar(r.database, state.sandi, body.nip, body.kata_sandi, alamat)
    if calon.berfaktor:
        form.values["tiket"] = [tiket.terbitkan(state.pintu.brankas, calon, datetime.now(UTC))]
        return page(r, "akun/faktor.html", form=form)
    return _masuk_selesai(r, form, await pintu.mulai(r.database, state.pintu, calon, "", alamat))


def _masuk_selesai(r: Read, form: Form, sesi: pintu.Sesi) -> Response:
    """Where the person was going, or what they were sending."""
    back = local_path(form.value("kembali")) or "/"
    fields = _tertahan(form)
    response = (
        page(r, "akun/lanjutkan.html", fields=fields, target=back, nama=sesi.nama)
        if fields
        else redirect(r, back)
    )
    return dengan_sesi(r, response, sesi)


def _tertahan(form: Form) -> list[tuple[str, str]]:
    """What was being sent when the session ended. Raises InvalidInput, and forgets it, when unreadable."""
    kept = form.value(_KEPT)
    try:
        return _KEPT_FIELDS.validate_json(kept) if kept else []
    except ValidationError:
        del form.values[_KEPT]
        raise InvalidInput("Isian yang tadi tertahan tidak terbaca.", remedy="Isi sekali lagi.") from None


def _contoh(r: Read) -> tuple[OrangContoh, ...]:
    settings = r.request.app.state.settings
    return orang_contoh(settings.home, settings.keys)


def dengan_sesi(r: Context, response: Response, sesi: pintu.Sesi) -> Response:
    """The answer, with the session in the browser's cookie from now on."""
    remaining = int((sesi.berlaku_sampai - datetime.now(UTC)).total_seconds())
    set_cookie(r.request, response, SESSION, sesi.token, remaining + _AFTER_END_SECONDS)
    return response


def _compact_nip(form: Form) -> None:
    """People copy a NIP with the spaces it is printed with."""
    form.values["nip"] = ["".join(form.value("nip").split())]
