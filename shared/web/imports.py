"""Pages of an import: send a file, watch it being checked, see every fault, have it taken in.

`import_pages("/skp/impor/organisasi", "skp", KIND)` makes the routes, `import_rows` their authorization rows.
"""

import csv
import io
from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from shared.auth.guard import AuthzTable, Rule
from shared.clock import local_date
from shared.errors import FieldError, InvalidInput, Problem
from shared.http import Read, Write, accepts
from shared.http.context import Context
from shared.imports import store
from shared.imports.model import Kind
from shared.period import Period
from shared.tabular import MAX_FILE, XLSX, empty_workbook
from shared.web.forms import REFUSALS, Form
from shared.web.live import Piece, stream
from shared.web.render import page, redirect
from shared.web.routes import pages, sent_form

_ROOM = 64 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def import_rows(path: str, rule: Rule) -> AuthzTable:
    """Who may use the pages of an import: whoever may send its file."""
    one = path + "/{import_id}"
    routes = (
        ("GET", path),
        ("POST", path),
        ("GET", path + "/templat.xlsx"),
        ("GET", one),
        ("GET", one + "/kemajuan"),
        ("POST", one + "/simpan"),
        ("GET", one + "/kesalahan.csv"),
    )
    return dict.fromkeys(routes, rule)


def import_pages(path: str, tag: str, kind: Kind) -> APIRouter:
    """The pages of one kind of import under a path."""
    halaman = pages(path, tag)

    async def start(r: Context, form: Form) -> Response:
        return page(
            r,
            "web/impor_mulai.html",
            status=form.problem.status if form.problem else 200,
            form=form,
            kind=kind,
            path=path,
            choices=await r.fetch(kind.choices),
            bulan_ini=Period.of(local_date(datetime.now(UTC), r.zone)),
            terakhir=await r.fetch(store.milik, kind.name),
        )

    @halaman.get("")
    async def mulai(r: Read) -> Response:
        """Formulir unggah dan impor terakhir."""
        choices = await r.fetch(kind.choices)
        return await start(r, Form.blank({one.name: one.options[0][0] for one in choices if one.options}))

    @halaman.post("", openapi_extra=accepts(MAX_FILE + _ROOM))
    async def unggah(w: Write) -> Response:
        """Terima berkas untuk diperiksa."""
        form = Form.sent(w.request)
        if form.editing():
            return await start(w, form)
        try:
            found = sent_form(w.request).get("berkas")
            if not isinstance(found, UploadFile) or not found.filename:
                raise _choose("belum ada berkas yang dipilih", "Pilih berkas .xlsx atau .csv")
            data = await found.read()
            if len(data) > MAX_FILE:
                raise _choose("berkas ini lebih dari 30 MB", "Bagi berkasnya, lalu unggah satu per satu")
            choices = await w.fetch(kind.choices)
            pilihan = {one.name: form.value(one.name) for one in choices}
            for one in choices:
                if pilihan[one.name] not in (value for value, _ in one.options):
                    raise InvalidInput(
                        "Ada isian yang belum benar.",
                        fields=[FieldError(f"/{one.name}", "belum dipilih", "Pilih salah satu")],
                    )
            brankas = getattr(w.request.app.state, kind.brankas) if kind.brankas else None
            made = await w.done(
                store.Diterima, store.terima, kind.name, found.filename, data, pilihan, brankas
            )
        except REFUSALS as problem:
            return await start(w, form.refused(problem))
        return redirect(w, f"{path}/{made.import_id}")

    @halaman.get("/templat.xlsx")
    async def templat(r: Read) -> Response:
        """Lembar kerja kosong dengan judul kolom jenis ini."""
        await r.fetch(kind.choices)
        headers = {
            "Content-Disposition": f'attachment; filename="templat-{kind.name}.xlsx"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(empty_workbook(kind.columns), 200, headers, XLSX)

    @halaman.get("/{import_id}")
    async def lihat(r: Read, import_id: UUID) -> Response:
        """Sampai mana satu berkas, apa yang salah, dan apa yang akan berubah."""
        upload = await r.fetch(store.satu, kind.name, import_id)
        return page(r, "web/impor.html", kind=kind, path=path, impor=upload)

    @halaman.get("/{import_id}/kemajuan")
    async def kemajuan(r: Read, import_id: UUID) -> Response:
        """Sampai mana satu berkas, selama dikerjakan."""

        async def look() -> Piece:
            upload = await r.fetch(store.satu, kind.name, import_id)
            return Piece("web/impor_kemajuan.html", {"impor": upload}, done=not upload.menunggu)

        return await stream(r, look, every=1)

    @halaman.post("/{import_id}/simpan")
    async def simpan(w: Write, import_id: UUID) -> Response:
        """Simpan isi berkas yang sudah diperiksa."""
        skip = Form.sent(w.request).value("lewati_salah") == "ya"
        try:
            await w.run(store.setujui, kind.name, import_id, skip)
        except REFUSALS as problem:
            return redirect(w, f"{path}/{import_id}", _told(problem), kind="warning")
        return redirect(w, f"{path}/{import_id}")

    @halaman.get("/{import_id}/kesalahan.csv")
    async def kesalahan(r: Read, import_id: UUID) -> Response:
        """Baris yang salah, untuk dibuka dengan aplikasi lembar kerja."""
        upload = await r.fetch(store.satu, kind.name, import_id)
        rows = [
            [row[name] for name in ("lembar", "baris", "kolom", "nilai", "alasan", "perbaikan")]
            for row in upload.salah
        ]
        return csv_file("kesalahan.csv", ["Lembar", "Baris", "Kolom", "Nilai", "Alasan", "Perbaikan"], rows)

    return halaman


def csv_file(name: str, header: list[str], rows: list[list[object]]) -> Response:
    """A download that Indonesian spreadsheets open as columns: semicolons, UTF-8 with mark, no formulas."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(header)
    writer.writerows([[_safe(cell) for cell in row] for row in rows])
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(out.getvalue().encode("utf-8-sig"), 200, headers, "text/csv; charset=utf-8")


def _safe(cell: object) -> object:
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _choose(reason: str, remedy: str) -> InvalidInput:
    return InvalidInput("Berkas belum dapat diterima.", fields=[FieldError("/berkas", reason, remedy)])


def _told(problem: Problem) -> str:
    return f"{problem.detail} {problem.remedy}".strip()
