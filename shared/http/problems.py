"""Problems as RFC 9457 `application/problem+json`, with field pointers and the trace id."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from shared.errors import FieldError, InvalidInput, NotFound, Problem, Unavailable
from shared.obs.logging import log
from shared.obs.tracing import trace_id

PROBLEM_JSON = "application/problem+json"
TYPE_BASE = "urn:ekinerja:masalah:"

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Jenis masalah, tetap sepanjang masa"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "Apa yang terjadi"},
        "remedy": {"type": "string", "description": "Apa yang dapat dilakukan"},
        "trace_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "reason"],
                "properties": {
                    "pointer": {"type": "string"},
                    "reason": {"type": "string"},
                    "remedy": {"type": "string"},
                },
            },
        },
    },
}


def body_of(problem: Problem) -> dict[str, Any]:
    """The document a problem becomes."""
    document: dict[str, Any] = {
        "type": TYPE_BASE + problem.slug,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.remedy:
        document["remedy"] = problem.remedy
    if problem.fields:
        document["errors"] = [
            {"pointer": error.pointer, "reason": error.reason, "remedy": error.remedy}
            for error in problem.fields
        ]
    if current := trace_id():
        document["trace_id"] = current
    return document | problem.extra


def render(problem: Problem) -> Response:
    """The HTTP answer of a problem; `retry_after` becomes its header."""
    headers = {}
    if "retry_after" in problem.extra:
        headers["Retry-After"] = str(problem.extra["retry_after"])
    if problem.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="ekinerja"'
    return Response(
        json.dumps(body_of(problem), default=str, ensure_ascii=False),
        status_code=problem.status,
        media_type=PROBLEM_JSON,
        headers=headers,
    )


class _NotAllowed(Problem):
    slug: ClassVar[str] = "tindakan-tidak-ada"
    status: ClassVar[int] = 405
    title: ClassVar[str] = "Tindakan tidak tersedia"


Respond = Callable[[Request, Problem], Awaitable[Response]]
"""How an application tells a problem: `as_json`, or what also knows browsers."""


async def as_json(_: Request, problem: Problem) -> Response:
    """Every problem as its document."""
    return render(problem)


def unexpected(request: Request, error: Exception) -> Problem:
    """What a fault of ours becomes: logged in full, told without detail, traceable by its number."""
    log.error("permintaan gagal", method=request.method, path=request.url.path, exc_info=error)
    return Problem(
        "Terjadi kesalahan di pihak kami; data Anda tidak berubah.",
        remedy="Coba lagi. Bila berulang, sampaikan nomor pelacakan ini kepada pengelola sistem.",
    )


def unknown_address() -> NotFound:
    """Nothing answers at this address."""
    return NotFound("Alamat ini tidak ada.", remedy="Periksa kembali alamatnya.")


def install(app: FastAPI, respond: Respond) -> None:
    """Make every failure of an app answer as a problem."""

    async def outside(request: Request, error: Exception) -> Response:
        return await respond(request, unexpected(request, error))

    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return await respond(request, error)

    async def unreadable(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return await respond(
            request, InvalidInput("Ada isian yang belum benar.", fields=field_errors(error.errors()))
        )

    async def framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return await respond(request, unknown_address())
        if error.status_code == 405:
            response = await respond(
                request, _NotAllowed("Tindakan ini tidak tersedia pada alamat tersebut.")
            )
            response.headers.update(error.headers or {})
            return response
        return await respond(
            request,
            InvalidInput(
                "Isi kiriman tidak dapat dibaca.",
                remedy="Kirim JSON yang sah dalam UTF-8, tidak bersarang terlalu dalam.",
            ),
        )

    async def busy(request: Request, error: Exception) -> Response:
        return await respond(
            request, Unavailable("Layanan sedang sibuk.", remedy="Coba lagi sebentar.", retry_after=2)
        )

    app.add_exception_handler(Problem, known)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(HTTPException, framework)
    app.add_exception_handler(TimeoutError, busy)
    app.add_exception_handler(Exception, outside)


_REASONS = {
    "missing": ("wajib diisi", "Isi kolom ini."),
    "json_invalid": ("bukan JSON yang sah", "Periksa tanda kurung, koma, dan tanda kutip."),
    "string_too_short": ("terlalu pendek", "Tulis paling sedikit {min_length} huruf."),
    "string_too_long": ("terlalu panjang", "Tulis paling banyak {max_length} huruf."),
    "string_type": ("harus berupa teks", ""),
    "string_pattern_mismatch": ("bentuknya tidak sesuai", ""),
    "int_parsing": ("harus bilangan bulat", ""),
    "int_type": ("harus bilangan bulat", ""),
    "int_from_float": ("harus bilangan bulat", ""),
    "decimal_parsing": ("harus bilangan", "Tulis dengan titik sebagai tanda desimal."),
    "decimal_max_places": ("terlalu banyak angka di belakang koma", ""),
    "bool_parsing": ("harus ya atau tidak", ""),
    "uuid_parsing": ("bukan pengenal yang sah", ""),
    "uuid_type": ("bukan pengenal yang sah", ""),
    "date_from_datetime_parsing": ("bukan tanggal yang sah", "Tulis tahun-bulan-hari, misalnya 2026-11-30."),
    "date_parsing": ("bukan tanggal yang sah", "Tulis tahun-bulan-hari, misalnya 2026-11-30."),
    "date_type": ("bukan tanggal yang sah", "Tulis tahun-bulan-hari, misalnya 2026-11-30."),
    "literal_error": ("harus salah satu dari {expected}", ""),
    "enum": ("harus salah satu dari {expected}", ""),
    "greater_than_equal": ("paling kecil {ge}", ""),
    "greater_than": ("harus lebih dari {gt}", ""),
    "less_than_equal": ("paling besar {le}", ""),
    "less_than": ("harus kurang dari {lt}", ""),
    "too_short": ("paling sedikit {min_length} butir", ""),
    "too_long": ("paling banyak {max_length} butir", ""),
    "extra_forbidden": ("tidak dikenal", "Hapus isian ini."),
    "list_type": ("harus berupa daftar", ""),
    "tuple_type": ("harus berupa daftar", ""),
    "dict_type": ("harus berupa objek", ""),
    "model_attributes_type": ("harus berupa objek", ""),
    "model_type": ("harus berupa objek", ""),
}


def field_errors(errors: Sequence[Any]) -> list[FieldError]:
    """pydantic's findings in the words of our users."""
    found = []
    for error in errors:
        kind, context = error["type"], error.get("ctx") or {}
        reason, remedy = _REASONS.get(kind, ("tidak dapat diterima", ""))
        location = [str(part) for part in error["loc"] if part not in ("body", "query", "path", "header")]
        # Our own words may quote what was sent, braces and all: they are no template.
        own = context.get("error") if kind == "value_error" else None
        told = str(own) if own is not None else _fill(reason, context)
        found.append(FieldError("/" + "/".join(location), told, _fill(remedy, context)))
    return found


def _fill(text: str, context: dict[str, Any]) -> str:
    try:
        return text.format(**context).replace(" or ", " atau ")
    except (KeyError, IndexError):
        return text.split("{")[0].strip()
