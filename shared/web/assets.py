"""Built assets as pages name them and as browsers get them: for ever the same under a name with its hash."""

import json
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

DIST = Path(__file__).resolve().parent / "static" / "dist"
PREFIX = "/static"


@cache
def _manifest() -> tuple[dict[str, str], frozenset[str]]:
    path = DIST / "manifest.json"
    if not path.exists():
        raise RuntimeError("Aset halaman belum dibangun. Jalan keluar: jalankan `make setup`.")
    found = json.loads(path.read_text())
    return found["files"], frozenset(found["icons"])


def asset(name: str) -> str:
    """The address of an asset, e.g. `tabler.css`. Raises KeyError for one that is not built."""
    return f"{PREFIX}/{_manifest()[0][name]}"


@cache
def icon(name: str) -> Markup:
    """A Tabler icon by its name, decorative. Raises LookupError for one that is not in the built sprite."""
    if name not in _manifest()[1]:
        raise LookupError(f'ikon "{name}" belum dibangun; tulis icon("{name}") lalu jalankan `make assets`')
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        asset("icons.svg"), name
    )


def worker() -> Response:
    """The service worker, whose address never changes; browsers ask for it anew each time."""
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": "default-src 'none'; connect-src 'self'",
        "X-Content-Type-Options": "nosniff",
    }
    return FileResponse(DIST / "sw.js", headers=headers, media_type="text/javascript")


async def static(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI application under `/static`: the built files, packed where the browser can unpack them."""
    name = scope["path"].removeprefix(PREFIX + "/")
    await _file(Request(scope), name)(scope, receive, send)


def _file(request: Request, name: str) -> Response:
    if name not in _manifest()[0].values():
        return Response("Berkas ini tidak ada.", 404, {"Cache-Control": "no-store"}, "text/plain")
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    path = DIST / name
    packed = DIST / f"{name}.gz"
    if "gzip" in request.headers.get("accept-encoding", "") and packed.exists():
        path = packed
        headers["Content-Encoding"] = "gzip"
    return FileResponse(path, headers=headers, media_type=guess_type(name)[0])
