"""The answer to a click on "Ingatkan": in place where htmx asked, else the page it came from."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from fastapi.responses import Response

from shared.colek import Terkirim
from shared.http.context import Writer
from shared.web.forms import REFUSALS
from shared.web.render import page, redirect


async def nudged(w: Writer, back: str, command: Callable[..., Awaitable[Terkirim]], *args: Any) -> Response:
    """Run a command that sends a nudge; what it says, or why it refuses, is told where the button was."""
    kind: Literal["success", "warning"] = "success"
    try:
        text = (await w.done(Terkirim, command, *args)).kalimat
    except REFUSALS as problem:
        kind, text = "warning", f"{problem.detail} {problem.remedy}".strip()
    if "hx-request" in w.request.headers:
        return page(w, "web/diingatkan.html", kind=kind, text=text)
    return redirect(w, back, text, kind=kind)
