"""A service as data: what it answers, what it hears, what it does by itself. Connects nothing."""

import importlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, FastAPI

from shared.auth.guard import AuthzTable
from shared.db.database import Database
from shared.http.app import create_app
from shared.inbox import Barrier, Subscription
from shared.settings import ServiceSettings
from shared.web.problems import respond


@dataclass(frozen=True, slots=True)
class Running:
    """A started service, as jobs and resources see it."""

    settings: ServiceSettings
    database: Database
    resources: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """Work a service does by itself, `every` so many seconds, in one worker at a time unless `shared`.

    `run` returns True when there is more to do right away.
    """

    name: str
    every: float
    run: Callable[[Running], Awaitable[bool | None]]
    shared: bool = False


Resources = Callable[[ServiceSettings, Database], AbstractAsyncContextManager[dict[str, Any]]]
"""Opens what only this service needs (a signer, a store, a group-commit writer), by name."""


@asynccontextmanager
async def no_resources(settings: ServiceSettings, database: Database) -> AsyncIterator[dict[str, Any]]:
    """Most services need nothing beyond their database."""
    yield {}


@dataclass(frozen=True, slots=True)
class Service:
    """One service, composed in its `app.py`. Hosts in `shared.runtime` bring it to life in roles."""

    settings: ServiceSettings
    title: str
    prefixes: tuple[str, ...]
    routes: str
    authz: AuthzTable
    migrations: str
    subscriptions: tuple[Subscription[Any], ...] = ()
    barriers: tuple[Barrier[Any], ...] = ()
    jobs: tuple[Job, ...] = ()
    resources: Resources = field(default=no_resources)

    @property
    def routers(self) -> tuple[APIRouter, ...]:
        """What it answers over HTTP: `ROUTERS` of its `routes`, which only a process that answers imports.

        Making hundreds of routes takes a second and 15 MB that a worker is better off without.
        """
        found: tuple[APIRouter, ...] = importlib.import_module(self.routes).ROUTERS
        return found

    @property
    def name(self) -> str:
        """The service's name: `skp`, `assessment`, `tpp`, `notification`."""
        return self.settings.service

    def web(self) -> FastAPI:
        """The web application, not yet connected to anything."""
        app = create_app(self.name, self.title, self.routers, self.authz, respond)
        app.state.package = self.migrations
        return app
