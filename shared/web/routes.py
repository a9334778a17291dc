"""Page routes: guarded like every route, with their form read and their origin checked before the handler."""

import hashlib
import json
from typing import cast
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.datastructures import FormData, UploadFile

from shared.http.app import GuardedRoute
from shared.http.session import SAFE, require_same_origin

KEY = "_kunci"
"""Hidden field of every form: the Idempotency-Key of what is about to be sent."""


class PageRoute(GuardedRoute):
    """A route that answers HTML. Its problems become pages, because browsers ask for `text/html`."""

    async def prepare(self, request: Request) -> None:
        """Refuse another site's form; read ours, and take its key."""
        if request.method in SAFE:
            return
        if "authorization" not in request.headers:
            require_same_origin(request)
        form = await request.form()
        request.state.form = form
        request.state.form_key = str(form.get(KEY) or "")
        request.state.form_digest = await _digest(form)


async def _digest(form: FormData) -> bytes:
    """SHA-256 over what was filled in and chosen, whatever the encoding."""
    parts = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            parts.append([name, value.filename, hashlib.sha256(await value.read()).hexdigest()])
            await value.seek(0)
        elif name != KEY:
            parts.append([name, value])
    return hashlib.sha256(json.dumps(parts).encode()).digest()


def pages(prefix: str, tag: str) -> APIRouter:
    """A router of pages; every route needs a row in the service's authorization table."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=PageRoute, include_in_schema=False)


def sent_form(request: Request) -> FormData:
    """The form that came with this request. Only for POST routes of `pages`."""
    return cast(FormData, request.state.form)


def new_key() -> str:
    """A key for a form that is shown for the first time."""
    return str(uuid4())
