"""Hosts: open services in roles inside one process, serve them on one port, drain on SIGTERM.

Roles: `api` answers HTTP; `relay` publishes the outbox; `consumer` applies events; `jobs` does what is due.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.auth.generations import Generations
from shared.auth.token import Verifier
from shared.db.database import Database
from shared.obs.logging import log
from shared.runtime.health import Health, health_app
from shared.runtime.housekeeping import HOUSEKEEPING
from shared.runtime.jobs import run_jobs
from shared.runtime.memory import calm_collector
from shared.runtime.replay import replay_job
from shared.runtime.service import Running, Service
from shared.runtime.worker import open_consumer, open_relay
from shared.web.assets import PREFIX, static
from shared.web.live import Streams
from shared.web.render import make_ready

ROLES = ("api", "relay", "consumer", "jobs")
_DRAIN_SECONDS = 10


@asynccontextmanager
async def open_api(service: Service, health: Health) -> AsyncIterator[FastAPI]:
    """The service's application, connected; token generations are followed while it is open."""
    settings = service.settings
    database = Database(settings.database, size=settings.pool_size)
    await database.open()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        app = service.web()
        make_ready(service.migrations, settings.zone)
        generations = Generations(database)
        await generations.refresh()
        stack.push_async_callback(_stopped(asyncio.create_task(_follow(generations))))
        app.state.database = database
        app.state.settings = settings
        app.state.verifier = Verifier(settings.keys)
        app.state.generations = generations
        app.state.streams = Streams()
        health.on_drain(app.state.streams.end)
        for name, resource in (
            await stack.enter_async_context(service.resources(settings, database))
        ).items():
            setattr(app.state, name, resource)
        health.add(f"{service.name}.basis_data", lambda: _reachable(database))
        yield app


@asynccontextmanager
async def open_worker(service: Service, roles: Sequence[str], health: Health) -> AsyncIterator[Running]:
    """The service's relay, consumer and jobs, as far as named in `roles`."""
    settings = service.settings
    database = Database(settings.database, size=settings.pool_size)
    await database.open()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        resources = await stack.enter_async_context(service.resources(settings, database))
        running = Running(settings, database, resources)
        health.add(f"{service.name}.basis_data", lambda: _reachable(database))
        if "relay" in roles:
            await stack.enter_async_context(open_relay(service, database, health))
        if "consumer" in roles and (service.subscriptions or service.barriers):
            await stack.enter_async_context(open_consumer(service, database, health))
        if "jobs" in roles:
            jobs = (*HOUSEKEEPING, replay_job(service), *service.jobs)
            stack.push_async_callback(_stopped(asyncio.create_task(run_jobs(jobs, running))))
        yield running


def _stopped(task: "asyncio.Task[None]") -> Any:
    async def stop() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    return stop


async def _follow(generations: Generations) -> None:
    while True:
        await asyncio.sleep(2)
        try:
            await generations.refresh()
        except Exception as error:
            log.warning("generasi tanda masuk belum terbaca", error=str(error))


async def _reachable(database: Database) -> str | None:
    try:
        async with asyncio.timeout(2), database.pool.acquire() as conn:
            await conn.fetchval("SELECT 1")
    except Exception as error:
        return f"basis data tidak terjangkau: {type(error).__name__}"
    return None


@dataclass(slots=True)
class Dispatcher:
    """Several services behind one port, told apart by path prefix (kept, not stripped)."""

    fallback: ASGIApp
    prefixes: list[tuple[str, ASGIApp]] = field(default_factory=list)

    def add(self, service: Service, app: ASGIApp) -> None:
        """Send a service's prefixes to its application; the longest prefix wins."""
        self.prefixes.extend((prefix, app) for prefix in service.prefixes)
        self.prefixes.sort(key=lambda entry: -len(entry[0]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        path = scope.get("path", "")
        for prefix, app in self.prefixes:
            if path == prefix or path.startswith(prefix + "/"):
                await app(scope, receive, send)
                return
        await self.fallback(scope, receive, send)


def configuration(app: ASGIApp, *, host: str, port: int, proxies: str) -> uvicorn.Config:
    """How an application is served.

    `proxies` are the addresses or networks, separated by commas, whose word about a caller's address is
    believed (`X-Forwarded-For`); from anybody else the caller is who connects.
    """
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        lifespan="off",
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
        backlog=4096,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
    )


async def serve(
    services: Sequence[Service], roles: Sequence[str], *, host: str, port: int, proxies: str = ""
) -> None:
    """Run services in roles until SIGTERM or SIGINT, then drain: unready, stop accepting, finish, close.

    One port answers the APIs (with role `api`), `/health/live`, `/health/ready` and `/metrics`. For `proxies`
    see `configuration`.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stopping.set)
    health = Health()
    dispatcher = Dispatcher(health_app(health), [(PREFIX, static)])
    server = _Server(configuration(dispatcher, host=host, port=port, proxies=proxies))
    async with AsyncExitStack() as stack:
        if "api" in roles:
            for service in services:
                dispatcher.add(service, await stack.enter_async_context(open_api(service, health)))
        serving = asyncio.create_task(server.serve())
        stack.push_async_callback(_ended(server, serving))
        working = [role for role in roles if role != "api"]
        if working:
            for service in services:
                await stack.enter_async_context(open_worker(service, working, health))
        calm_collector()
        health.started = True
        log.info("siap", layanan=[service.name for service in services], peran=list(roles), port=port)
        ended = asyncio.create_task(stopping.wait())
        await asyncio.wait([ended, serving], return_when=asyncio.FIRST_COMPLETED)
        health.drain()
        log.info("berhenti dengan tertib")
        # Give a load balancer one look at the red readiness before connections are refused.
        await asyncio.sleep(0.2)


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the host decides when to stop."""

    def install_signal_handlers(self) -> None:
        """Leave signals to the host."""

    def capture_signals(self) -> Any:
        """Leave signals to the host."""
        from contextlib import nullcontext

        return nullcontext()


def _ended(server: uvicorn.Server, serving: "asyncio.Task[None]") -> Any:
    async def end() -> None:
        server.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)

    return end
