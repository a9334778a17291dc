"""From a handler to a page: a service's templates, headers that keep it safe, a message after a redirect."""

import base64
import gzip
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response
from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound

from shared.auth.guard import Principal
from shared.http.context import Context
from shared.http.session import ACCOUNT, account_tag, cookie_name, is_secure, set_cookie
from shared.web import forms, language, nav, routes, texts
from shared.web.assets import asset, icon
from shared.web.compiled import Compiled
from shared.web.contoh import orang_contoh

_FLASH = "ekinerja-kabar"
LOOK = "ekinerja-tampilan"
LANGUAGE = "ekinerja-bahasa"
OFFLINE = "Ekinerja-Luring"
"""Header of a page that the service worker may keep for its account."""

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
    "Vary": "HX-Request, Accept-Encoding",
}
_PACK_FROM = 1000
# The pages of a list that were passed, as their cursors; the first page has none.
_TRAIL, _START, _STEPS_BACK = "lewat", "0", 20


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody wants pages to look; kept in a cookie, so the first byte already has it."""

    theme: str = "otomatis"
    size: str = "biasa"
    contrast: str = "biasa"

    CHOICES = {  # noqa: RUF012 - shown on the page of choices, in this order
        "theme": ("otomatis", "terang", "gelap"),
        "size": ("biasa", "besar", "sangat-besar"),
        "contrast": ("biasa", "tinggi"),
    }

    @classmethod
    def of(cls, request: Request) -> "Look":
        """What the cookie says; anything unknown falls back to the default."""
        parts = request.cookies.get(cookie_name(request, LOOK), "").split(".")
        chosen = dict(zip(cls.CHOICES, parts, strict=False))
        return cls(**{name: value for name, value in chosen.items() if value in cls.CHOICES[name]})

    def __str__(self) -> str:
        return f"{self.theme}.{self.size}.{self.contrast}"


@dataclass(slots=True)
class View:
    """What every template knows of its request, as `page`."""

    request: Request
    user: Principal | None
    look: Look
    language: str
    flash: tuple[str, str] | None
    base: str = field(init=False)
    path: str = field(init=False)
    """The path of this page."""

    def __post_init__(self) -> None:
        fragment = "hx-request" in self.request.headers and "hx-boosted" not in self.request.headers
        self.base = "web/fragment.html" if fragment else "web/base.html"
        self.path = self.request.url.path

    @property
    def contoh(self) -> bool:
        """Whether all data here is made up."""
        settings = getattr(self.request.app.state, "settings", None) if "app" in self.request.scope else None
        return settings is not None and bool(orang_contoh(settings.home, settings.keys))

    @property
    def account(self) -> str:
        """What the browser knows this account by; empty for strangers."""
        return account_tag(self.user) if self.user else ""

    @property
    def offline(self) -> tuple[str, ...]:
        """Pages that the device keeps before the signal goes."""
        return nav.OFFLINE

    @property
    def menu(self) -> list[tuple[str, list[tuple[nav.Item, bool]]]]:
        """Titles of sections with this person's entries, and which of them this page belongs to: the nearest
        above it. Sections without an entry are left out.
        """
        nearest = max(nav.MENU, key=lambda one: one.depth(self.path))
        here = nearest if nearest.path != "/" or self.path == "/" else None
        user = self.user
        shown = [
            (section.title, [(item, item is here) for item in section.items if user and item.shown_to(user)])
            for section in nav.SECTIONS
        ]
        return [(title, items) for title, items in shown if items]

    def url(self, **changes: str | int | None) -> str:
        """This page's address with other query values; None removes one. Another list begins at its start."""
        query = dict(self.request.query_params)
        if "cursor" in changes:
            query.pop(_TRAIL, None)
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        return f"{self.path}?{urlencode(query)}" if query else self.path

    def onward(self, cursor: str) -> str:
        """The list's next page, whose address knows the way back."""
        trail = [*self._trail, self.query("cursor") or _START][-_STEPS_BACK:]
        return self.url(cursor=cursor, **{_TRAIL: ".".join(trail)})

    @property
    def back(self) -> str:
        """The list's page before this one; nothing on the first, and beyond the steps that are known."""
        if not self._trail:
            return ""
        *rest, last = self._trail
        return self.url(cursor=None if last == _START else last, **{_TRAIL: ".".join(rest) or None})

    @property
    def _trail(self) -> list[str]:
        return [one for one in self.query(_TRAIL).split(".") if one]

    def query(self, name: str) -> str:
        """A query value, or nothing."""
        return self.request.query_params.get(name, "")


class _Templates(BaseLoader):
    """`web/base.html` from `shared/web`; `rencana/daftar.html` from the service's `rencana/templates`."""

    def __init__(self, package: str | None) -> None:
        self._package = package

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Any]:
        folder, _, name = template.partition("/")
        if folder == "web":
            path = files("shared.web") / "templates" / "web" / name
        elif self._package is not None:
            path = files(self._package) / folder / "templates" / name
        else:
            raise TemplateNotFound(template)
        if not path.is_file():
            raise TemplateNotFound(template)
        return path.read_text(encoding="utf-8"), str(path), None


@cache
def environment(package: str | None, code: str, zone: str) -> Environment:
    """The Jinja environment of a service for a language and a zone."""
    env = Environment(
        loader=_Templates(package),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=Compiled(package, code),
    )
    words = language.translations(code, "shared.web", *([package] if package else []))
    env.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    env.globals["say"] = words.say
    env.filters.update(language.filters(code, zone))
    env.globals.update(asset=asset, icon=icon, KEY=routes.KEY, ACTION=forms.ACTION, new_key=routes.new_key)
    return env


def make_ready(package: str, zone: str) -> None:
    """Load the frame of all pages and the language's words for dates, before somebody waits for them."""
    env = environment(package, language.INDONESIAN, zone)
    for name in ("web/base.html", "web/ui.html"):
        env.get_template(name)
    for name, value in (("waktu", datetime.now(UTC)), ("angka", 1)):
        env.filters[name](value)


def html(
    request: Request,
    template: str,
    status: int,
    user: Principal | None,
    **values: Any,
) -> Response:
    """A template as an answer; for places that have no handler context."""
    view = _view(request, user)
    content = _rendered(view, template, values).encode()
    headers = dict(_HEADERS)
    if user:
        headers[ACCOUNT] = account_tag(user)
        if view.path in nav.OFFLINE and request.method == "GET":
            headers[OFFLINE] = "1"
    if is_secure(request):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if len(content) > _PACK_FROM and "gzip" in request.headers.get("accept-encoding", ""):
        content = gzip.compress(content, 5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    response = Response(content, status, headers, "text/html; charset=utf-8")
    if view.flash and view.base == "web/base.html":
        set_cookie(request, response, _FLASH, "", 0)
    return response


def _view(request: Request, user: Principal | None) -> View:
    return View(request, user, Look.of(request), chosen_language(request), _flash(request))


def chosen_language(request: Request) -> str:
    """What the person chose, where this service's pages have all of it; else Bahasa Indonesia."""
    chosen = request.cookies.get(cookie_name(request, LANGUAGE), language.INDONESIAN)
    return chosen if chosen in languages(request) else language.INDONESIAN


def languages(request: Request) -> tuple[str, ...]:
    """The languages people may choose here."""
    return texts.offered(*_packages(request))


def _packages(request: Request) -> list[str]:
    state = request.app.state if "app" in request.scope else None
    package = getattr(state, "package", None)
    return ["shared.web", *([package] if package else [])]


def _rendered(view: View, template: str, values: dict[str, Any]) -> str:
    state = view.request.app.state if "app" in view.request.scope else None
    package = getattr(state, "package", None)
    settings = getattr(state, "settings", None)
    env = environment(package, view.language, settings.zone if settings else "WIB")
    return env.get_template(template).render(page=view, **values)


def page(r: Context, template: str, *, status: int = 200, offline: bool = False, **values: Any) -> Response:
    """Render `<feature>/<name>.html` of this service. A form with errors goes with its problem's status.

    `offline`: the person's device keeps a copy that opens without signal, until they log out.
    """
    return html(r.request, template, status, r.guard.principal, offline=offline, **values)


def text(r: Context, template: str, **values: Any) -> str:
    """A template's text, for pieces that travel otherwise than as an answer of their own."""
    return _rendered(_view(r.request, r.guard.principal), template, values)


def redirect(
    r: Context, path: str, message: str = "", *, kind: Literal["success", "info", "warning"] = "success"
) -> Response:
    """After a write: show another page, so that reloading it sends nothing again; `message` is shown once."""
    response = Response(status_code=303, headers={"Location": path, "Cache-Control": "no-store"})
    if message:
        packed = base64.urlsafe_b64encode(json.dumps([kind, message]).encode()).decode()
        set_cookie(r.request, response, _FLASH, packed, 60)
    return response


def _flash(request: Request) -> tuple[str, str] | None:
    try:
        kind, message = json.loads(
            base64.urlsafe_b64decode(request.cookies.get(cookie_name(request, _FLASH), ""))
        )
    except (ValueError, TypeError):
        return None
    return (str(kind), str(message)) if kind in ("success", "info", "warning") else None


def local_path(text: str | None) -> str | None:
    """A path of this site to go back to, or None for anything that could lead elsewhere."""
    if not text or not text.isascii() or not text.isprintable() or "\\" in text:
        return None
    return text if text.startswith("/") and not text.startswith("//") else None
