"""The session of a browser: one cookie with the token, and proof that a write comes from our own pages.

The cookie is `__Host-…`, Secure, HttpOnly and SameSite=Lax over https; a plain name on http, for one machine.
"""

import hashlib
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import Response

from shared.auth.guard import Principal
from shared.errors import Forbidden, Unauthenticated

SESSION = "ekinerja-sesi"
ACCOUNT = "Ekinerja-Akun"
"""Header that says whose page this is, and whose work a queue is sending."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_secure(request: Request) -> bool:
    """Whether the browser speaks https, also to a proxy before us.

    The proxy's header is believed: who makes it up changes only the names of their own cookies.
    """
    proxied = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip()
    return (proxied or request.url.scheme) == "https"


def cookie_name(request: Request, name: str) -> str:
    """The name as the browser knows it; over https no neighbouring site can plant such a cookie."""
    return f"__Host-{name}" if is_secure(request) else name


def set_cookie(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    """Set one of our cookies; `seconds` 0 removes it."""
    response.set_cookie(
        cookie_name(request, name),
        value,
        max_age=seconds,
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )


def session_token(request: Request) -> str | None:
    """The token in the session cookie. Raises Forbidden for a write that another site sent."""
    token = request.cookies.get(cookie_name(request, SESSION))
    if token:
        require_same_origin(request)
    return token


def require_same_origin(request: Request) -> None:
    """Raises Forbidden for a write that did not come from a page of this very site."""
    if request.method in SAFE:
        return
    told = request.headers.get("sec-fetch-site")
    if told is None:
        # Browsers leave it out on plain http to another machine; Origin is there all the same.
        origin = urlsplit(request.headers.get("origin", ""))
        fits = bool(origin.netloc) and origin.netloc == request.headers.get("host")
    else:
        fits = told == "same-origin"
    if not fits:
        raise Forbidden(
            "Kiriman ini tidak berasal dari halaman e-Kinerja.",
            remedy="Buka halaman e-Kinerja langsung di peramban Anda, lalu kirim dari sana.",
        )


def account_tag(who: Principal) -> str:
    """What a browser knows an account by: tells accounts apart and nothing else."""
    return hashlib.sha256(f"akun:{who.pegawai_id}".encode()).hexdigest()[:16]


def require_same_account(request: Request, who: Principal) -> None:
    """Raises Unauthenticated when a queue sends what another person left on this device."""
    told = request.headers.get(ACCOUNT)
    if told is not None and told != account_tag(who):
        raise Unauthenticated(
            "Kiriman ini milik orang lain yang memakai perangkat ini.",
            remedy="Masuk sebagai pemiliknya untuk mengirimnya.",
        )
