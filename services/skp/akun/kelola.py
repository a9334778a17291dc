"""Pages for those who look after accounts: who holds which role, changing roles, activation codes."""

import re
from uuid import UUID

from fastapi import Response
from pydantic import ValidationError

from services.skp.akun import commands, http, rules
from services.skp.pegawai import daftar as orang
from shared.auth.guard import PERAN
from shared.errors import FieldError, InvalidInput, Problem
from shared.http import Read, Write
from shared.http.context import Context
from shared.nip import Nip
from shared.web import REFUSALS, Form, page, pages, redirect

halaman = pages("/skp/akun", "akun")

NAMA_PERAN = {
    "pengelola": "Pengelola kinerja",
    "pimpinan": "Pimpinan",
    "keuangan_opd": "Keuangan OPD",
    "admin_bkd": "Admin BKD",
    "bpkad": "BPKAD",
    "auditor": "Auditor",
    "sysadmin": "Penjaga sistem",
}
_BANYAK = 50


@halaman.get("")
async def daftar(r: Read, peran: str = "", cursor: str | None = None) -> Response:
    """Pemegang peran."""
    wanted = peran if peran in PERAN else None
    zone = r.zone
    found = await r.fetch(orang.pemegang_peran, zone, wanted, cursor, _BANYAK)
    return page(r, "akun/pemegang.html", isi=found, peran=NAMA_PERAN)


@halaman.get("/kode")
async def kode(r: Read, nip: str = "") -> Response:
    """Formulir menerbitkan kode aktivasi."""
    return page(r, "akun/kode.html", form=Form.blank({"nip": nip}), kode=None)


@halaman.post("/kode")
async def terbitkan(w: Write) -> Response:
    """Terbitkan kode; ditampilkan sekali ini dan tidak disimpan."""
    form = Form.sent(w.request)
    if form.editing():
        return page(w, "akun/kode.html", form=form, kode=None)
    try:
        numbers = _numbers(form.value("nip"))
        try:
            found, _ = await http.terbitkan(w, commands.MintaKode(pegawai=numbers))
        except InvalidInput as problem:
            raise _naming(problem, numbers) from None
    except REFUSALS as problem:
        return page(w, "akun/kode.html", status=problem.status, form=form.refused(problem), kode=None)
    return page(w, "akun/kode.html", form=form, kode=found.kode, hari=rules.BERLAKU_KODE_JAM // 24)


@halaman.get("/{pegawai_id}/peran")
async def peran(r: Read, pegawai_id: UUID) -> Response:
    """Formulir mengubah peran."""
    found = await r.fetch(orang.satu, pegawai_id, r.zone)
    held = [{"peran": one.peran, "unit_path": one.unit_path or ""} for one in found.peran]
    return await _form(r, Form.blank({"peran": held or [{"peran": "", "unit_path": ""}]}), found)


@halaman.post("/{pegawai_id}/peran")
async def simpan_peran(w: Write, pegawai_id: UUID) -> Response:
    """Simpan semua peran seseorang."""
    form = Form.sent(w.request)
    found = await w.fetch(orang.satu, pegawai_id, w.zone)
    if form.editing():
        return await _form(w, form, found)
    # A row nobody filled in is no role.
    empty = [i for i in range(form.count("peran")) if not form.value(f"peran/{i}/peran")]
    for place in reversed(empty):
        form.action = f"hapus:peran/{place}"
        form.editing()
    if not form.count("peran"):
        form.values["peran[]"] = []
    try:
        await w.run(commands.ubah_peran, pegawai_id, form.read(commands.UbahPeran))
    except REFUSALS as problem:
        return await _form(w, form.refused(problem), found)
    return redirect(
        w, f"/skp/pegawai/{pegawai_id}", f"Peran {found.nama} disimpan. Ia perlu masuk lagi supaya berlaku."
    )


async def _form(r: Context, form: Form, found: orang.PegawaiRinci) -> Response:
    return page(
        r,
        "akun/peran.html",
        status=form.problem.status if form.problem else 200,
        form=form,
        orang=found,
        peran=list(NAMA_PERAN.items()),
        unit=[(one.kode, f"{one.nama} ({one.kode})") for one in await r.fetch(orang.unit)],
    )


def _numbers(text: str) -> list[Nip]:
    """The NIP of a text: one a line, with spaces as printed. Raises InvalidInput naming each wrong one."""
    found, wrong = [], []
    for line in filter(None, (re.sub(r"[\s.]", "", line) for line in re.split(r"[\n,;]", text))):
        try:
            found.append(Nip(line))
        except ValueError:
            wrong.append(line)
    if wrong or not found:
        reason = f"bukan NIP 18 angka: {', '.join(wrong[:5])}" if wrong else "belum diisi"
        raise InvalidInput(
            "Ada isian yang belum benar.",
            fields=[FieldError("/nip", reason, "Tulis satu NIP pada setiap baris")],
        )
    try:
        return commands.MintaKode(pegawai=found).pegawai
    except ValidationError:
        raise InvalidInput(
            "Terlalu banyak NIP sekaligus.",
            fields=[FieldError("/nip", "paling banyak 500 NIP", "Bagi daftarnya")],
        ) from None


def _naming(problem: Problem, numbers: list[Nip]) -> InvalidInput:
    """The same refusal at the one field of the page, naming the numbers it is about."""
    named = [
        numbers[int(place)]
        for error in problem.fields
        if (place := error.pointer.rpartition("/")[2]).isdigit() and int(place) < len(numbers)
    ]
    if not named:
        return InvalidInput(problem.detail, fields=problem.fields, remedy=problem.remedy)
    reason = f"tidak dikenal atau tidak aktif: {', '.join(named[:5])}"
    return InvalidInput(problem.detail, fields=[FieldError("/nip", reason, "Periksa NIP-nya")])
