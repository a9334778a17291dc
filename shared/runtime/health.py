"""Health: alive means the loop turns; ready means every part can do its work right now."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.http.problems import unknown_address
from shared.web.problems import respond

Check = Callable[[], Awaitable[str | None]]
"""Returns None when well, else one sentence saying what is wrong."""


@dataclass(slots=True)
class Health:
    """The checks of one process."""

    checks: dict[str, Check] = field(default_factory=dict)
    started: bool = False
    draining: bool = False
    _on_drain: list[Callable[[], None]] = field(default_factory=list)

    def add(self, name: str, check: Check) -> None:
        """Name a part and how to ask it."""
        self.checks[name] = check

    def on_drain(self, call: Callable[[], None]) -> None:
        """Call this when the process begins to stop."""
        self._on_drain.append(call)

    def drain(self) -> None:
        """From now on not ready; whatever would go on for ever is told to end."""
        self.draining = True
        for call in self._on_drain:
            call()

    async def troubles(self) -> dict[str, str]:
        """What is wrong, by part; empty when ready."""
        if self.draining:
            return {"proses": "sedang berhenti"}
        if not self.started:
            return {"proses": "sedang mulai"}
        found = {name: await check() for name, check in self.checks.items()}
        return {name: trouble for name, trouble in found.items() if trouble}


def health_app(health: Health) -> Starlette:
    """`/health/live`, `/health/ready`, `/metrics`, and a plain 404 for everything else."""

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "hidup"})

    async def ready(_: Request) -> Response:
        troubles = await health.troubles()
        return JSONResponse(
            {"status": "belum siap" if troubles else "siap", "masalah": troubles}, 503 if troubles else 200
        )

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    async def unknown(request: Request, error: Exception) -> Response:
        return await respond(request, unknown_address())

    return Starlette(
        routes=[Route("/health/live", live), Route("/health/ready", ready), Route("/metrics", metrics)],
        exception_handlers={404: unknown},
    )
