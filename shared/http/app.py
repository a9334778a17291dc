"""The web application of one service: guarded routes, problems, metrics, one trace for each request."""

import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import asyncpg
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.auth.guard import AuthzTable, Guard, Principal
from shared.auth.token import Verifier
from shared.errors import InvalidInput, Problem, TooLarge, Unauthenticated
from shared.http import problems
from shared.http.session import SAFE, require_same_account, session_token
from shared.obs.metrics import HTTP_IN_FLIGHT, HTTP_SECONDS

MAX_BODY = 1024 * 1024
"""Bytes a route accepts unless it says otherwise with `accepts(limit)`."""
SERVER_TIMING = "Server-Timing"
"""Header that tells how long an answer took inside this process, in ms.

What a stranger sends is not timed for them: how long a password was looked at is nobody's business.
"""
_ARRIVED = "ekinerja.arrived"


class _Arrival:
    """Notes when a request reached this process, before anything is done about it."""

    def __init__(self, app: ASGIApp) -> None:
        # FastAPI looks along `app` for whoever traces requests already; else it would trace them once more.
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_ARRIVED] = time.perf_counter()
        await self.app(scope, receive, send)


def accepts(limit: int) -> dict[str, Any]:
    """`openapi_extra` of a route that takes bodies up to `limit` bytes."""
    return {"x-max-body": limit}


class GuardedRoute(APIRoute):
    """A route that knows its caller and its rule before it reads a byte of the body."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler: authorize at the door, bound the body, count and time."""
        inner = super().get_route_handler()
        path = self.path_format
        limit = int((self.openapi_extra or {}).get("x-max-body", MAX_BODY))

        async def guarded(request: Request) -> Response:
            app = request.app
            service = app.state.name
            started = request.scope[_ARRIVED]
            status = 500
            HTTP_IN_FLIGHT.labels(service=service).inc()
            try:
                _door(request, app.state.authz, path)
                bounded = Request(request.scope, _bounded(request, limit))
                await self.prepare(bounded)
                response = await inner(bounded)
                status = response.status_code
                if request.method in SAFE or request.state.guard.principal is not None:
                    spent = 1000 * (time.perf_counter() - started)
                    response.headers[SERVER_TIMING] = f"peladen;dur={spent:.1f}"
                return response
            except Problem as problem:
                status = problem.status
                raise
            except (RequestValidationError, HTTPException):
                status = 422
                raise
            except TimeoutError:
                status = 503
                raise
            except (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError) as error:
                status = 422
                raise InvalidInput(
                    "Ada huruf yang tidak dapat disimpan (misalnya huruf kosong U+0000)."
                ) from error
            except Exception as error:
                # Answered here and not further out, where the request's trace has already ended.
                respond: problems.Respond = app.state.respond
                return await respond(request, problems.unexpected(request, error))
            finally:
                HTTP_IN_FLIGHT.labels(service=service).dec()
                HTTP_SECONDS.labels(
                    service=service, method=request.method, route=path, status=str(status)
                ).observe(time.perf_counter() - started)

        return guarded

    async def prepare(self, request: Request) -> None:
        """What a kind of route does once its caller is let in, before its handler runs."""


def _door(request: Request, table: AuthzTable, path: str) -> None:
    rule = table.get((request.method, path))
    if rule is None:
        raise RuntimeError(f"{request.method} {path} tidak ada dalam tabel wewenang")
    request.state.guard = Guard(rule, None if rule.public else _caller(request))
    request.state.guard.open_to()


def _caller(request: Request) -> Principal | None:
    header = request.headers.get("authorization")
    if header is None:
        token = session_token(request)
        if token is None:
            return None
    else:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("Tanda masuk tidak dikenali.", remedy="Silakan masuk lagi.")
    verifier: Verifier = request.app.state.verifier
    principal = verifier.verify(token)
    request.app.state.generations.check(principal)
    require_same_account(request, principal)
    return principal


def _bounded(request: Request, limit: int) -> Callable[[], Awaitable[Message]]:
    declared = request.headers.get("content-length", "")
    too_large = TooLarge(
        f"Kiriman lebih besar dari {limit // 1024:,} kB.".replace(",", "."),
        remedy="Perkecil atau bagi kiriman ini.",
    )
    if declared.isdigit() and int(declared) > limit:
        raise too_large
    seen = 0

    async def receive() -> Message:
        nonlocal seen
        message = await request.receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise too_large
        return message

    return receive


def router(prefix: str, tag: str) -> APIRouter:
    """A router whose routes are guarded; every one needs a row in the service's authorization table."""
    return APIRouter(
        prefix=prefix,
        tags=[tag],
        route_class=GuardedRoute,
        responses=_PROBLEMS,
        generate_unique_id_function=lambda route: route.name,
    )


_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": description,
        "content": {problems.PROBLEM_JSON: {"schema": problems.PROBLEM_SCHEMA}},
    }
    for status, description in {
        401: "Belum masuk",
        403: "Tidak berwenang",
        404: "Tidak ditemukan",
        409: "Keadaan tidak mengizinkan",
        413: "Terlalu besar",
        422: "Isian belum benar",
        429: "Terlalu sering",
        503: "Sedang sibuk; aman dicoba lagi",
    }.items()
}


def create_app(
    name: str,
    title: str,
    routers: Sequence[APIRouter],
    authz: AuthzTable,
    respond: problems.Respond = problems.as_json,
) -> FastAPI:
    """The application of a service. `state.database`, `.verifier`, `.generations` are set when it starts."""
    app = FastAPI(
        title=title,
        version="1",
        openapi_url=f"/api/{name}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.name = name
    app.state.authz = authz
    app.state.respond = respond
    for part in routers:
        # As they stand: whoever includes a router has FastAPI make every route of it once more, at the first
        # request, and look for a path in two steps.
        app.router.routes.extend(part.routes)
    problems.install(app, respond)
    app.add_middleware(OpenTelemetryMiddleware, exclude_spans=["receive", "send"])
    app.add_middleware(_Arrival)
    _describe_idempotency(app)
    return app


def _describe_idempotency(app: FastAPI) -> None:
    """State in OpenAPI that writes take an Idempotency-Key, and who may call what."""
    generate = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        document = generate()
        document["components"] = document.get("components", {}) | {
            "securitySchemes": {"sesi": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
        }
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                rule = app.state.authz.get((method.upper(), path))
                if rule is not None and not rule.public:
                    operation["security"] = [{"sesi": []}]
                    operation["x-wewenang"] = [
                        f"{grant.peran}:{grant.cakupan.value}" for grant in rule.grants
                    ]
        app.openapi_schema = document
        return document

    app.openapi = described  # type: ignore[method-assign]
