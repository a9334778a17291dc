"""Problems for people: what happened and who can help, or the way back in after a session ended."""

import json
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from shared.auth.guard import Guard, Principal
from shared.errors import Problem, Unauthenticated
from shared.http.problems import as_json
from shared.http.session import SAFE, SESSION, cookie_name
from shared.obs.tracing import trace_id
from shared.web.render import html

LOGIN = "/masuk"


def wants_html(request: Request) -> bool:
    """Whether a browser asks, for a page or a piece of one."""
    return "text/html" in request.headers.get("accept", "") or "hx-request" in request.headers


async def respond(request: Request, problem: Problem) -> Response:
    """Tell a problem the way the caller reads: HTML for browsers, problem+json for everyone else."""
    if not wants_html(request):
        return await as_json(request, problem)
    if isinstance(problem, Unauthenticated):
        return await _login(request)
    guard: Guard | None = getattr(request.state, "guard", None)
    return _page(request, problem, guard.principal if guard else None)


def respond_outside(request: Request, problem: Problem) -> Response:
    """The page for an address that no service answers, or whose service is away."""
    return _page(request, problem, None)


def _page(request: Request, problem: Problem, user: Principal | None) -> Response:
    trace = trace_id() if problem.status >= 500 else None
    response = html(request, "web/problem.html", problem.status, user, problem=problem, trace=trace)
    if "retry_after" in problem.extra:
        response.headers["Retry-After"] = str(problem.extra["retry_after"])
    return response


async def _login(request: Request) -> Response:
    """To the login page and back; a form that was on its way is kept in the page and goes along."""
    if "hx-request" in request.headers:
        target = request.headers.get("hx-current-url", "")
        here = "/" + target.partition("://")[2].partition("/")[2] if target else "/"
        return Response(status_code=401, headers={"HX-Redirect": f"{LOGIN}?kembali={quote(here, safe='')}"})
    ended = cookie_name(request, SESSION) in request.cookies
    if request.method in SAFE:
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        query = "" if back == "/" else f"?kembali={quote(back, safe='')}"
        if ended:
            query += ("&" if query else "?") + "berakhir=1"
        return Response(status_code=303, headers={"Location": LOGIN + query, "Cache-Control": "no-store"})
    form = await request.form()
    kept = [[name, value] for name, value in form.multi_items() if isinstance(value, str)]
    lost = any(not isinstance(value, str) and value.filename for _, value in form.multi_items())
    return html(
        request,
        "web/session_ended.html",
        401,
        None,
        kept=json.dumps(kept),
        lost=lost,
        target=request.url.path,
    )
