"""What tests run on: one real PostgreSQL and one real Kafka for the whole run.

A run starts its own platform in a folder of its own and removes it at the end. With EKINERJA_TEST_HOME naming
a home whose platform runs, that one is used and left running; several runs may share it. `make test` runs
as several workers where there are several cores.
"""

import asyncio
import hashlib
import importlib.util
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import psutil
import pytest
from hypothesis import settings
from pydantic import SecretStr
from xdist.scheduler import LoadScopeScheduling

from deploy.backends.postgres import close_database
from deploy.embedded.platform import Platform
from shared.auth.token import ensure_keys
from shared.bus.admin import connected, drop_namespace, ensure_rights, ensure_topics
from shared.db.migrate import load, migrate
from shared.settings import ServiceSettings

T = TypeVar("T")

# How long an example takes says something about the machine, and nothing about the rule.
settings.register_profile("ekinerja", deadline=None)
settings.load_profile("ekinerja")

HERE = Path(__file__).parent
_HOME = "EKINERJA_TEST_HOME"
_LED = pytest.StashKey[ExitStack]()

PARTITIONS = 4
"""Enough to see partitions at work; the catalogue's 12 would make every test's namespace slow."""

_TEMPLATE_LOCK = 0x656B75
_PLENTY = 10e9


_PLAYED = "pages of a played month"


class _Shared(LoadScopeScheduling):  # type: ignore[misc]
    """What shares costly fixtures stays with one worker: a file, or the files of one played month.

    The browser's tests take longest: two halves, each with a month of its own, run side by side, and the
    file that needs no month stays by itself.
    """

    def _split_scope(self, nodeid: str) -> str:
        return _scope_of(nodeid.partition("::")[0])


@cache
def _scope_of(path: str) -> str:
    folder, _, name = path.rpartition("/")
    if folder == "tests/browser" and name != "test_besar.py":
        return f"{_PLAYED}, {'first' if name < 'test_k' else 'second'} half"
    if path.startswith("tests/e2e/") and "dunia" in (HERE.parent / path).read_text():
        return "dunia"
    return path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest chains first: begun last, one of them would be what a run waits for at its end."""
    items.sort(key=lambda item: not _scope_of(item.nodeid.partition("::")[0]).startswith(_PLAYED))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Shared:
    """Which worker gets which tests."""
    return _Shared(config, log)


class FreshDatabase(Protocol):
    """Makes a database of a service that nothing has been written to."""

    def __call__(self, service: str, *, migrate: bool = True) -> ServiceSettings:
        """Settings of a new database, migrated unless `migrate=False`; dropped after the test."""


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """A running PostgreSQL and Kafka."""
    given = os.environ.get(_HOME)
    if given:
        shared = Platform(Path(given))
        missing = {"postgres", "kafka"} - set(shared.running())
        if missing:
            pytest.exit(f"{_HOME}={given}: {', '.join(sorted(missing))} tidak berjalan", 2)
        yield shared
        return
    with own_platform() as own:
        yield own


@contextmanager
def own_platform() -> Iterator[Platform]:
    """A platform for one run, in a folder of its own; gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="ekinerja-uji-", dir=_in_memory()))
    home.chmod(0o711)
    own = Platform(home, durable=False)
    # A supervisor that loses patience sends SIGTERM; then, too, the platform has to go.
    previous = signal.signal(signal.SIGTERM, _interrupt)
    try:
        own.start_backends()
        yield own
    finally:
        own.stop()
        own.erase()
        signal.signal(signal.SIGTERM, previous)


def _in_memory() -> str | None:
    """Where a machine with plenty of memory keeps files in it: most tests make and drop a database of a
    thousand small files. None: the usual place."""
    place = Path("/dev/shm")  # noqa: S108 - only a folder of our own is made there
    plenty = psutil.virtual_memory().available > _PLENTY and os.access(place, os.W_OK)
    return str(place) if plenty and shutil.disk_usage(place).free > _PLENTY else None


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def pytest_sessionstart(session: pytest.Session) -> None:
    """Several workers share one platform: who leads them starts it, and ends it when they have gone."""
    leads = session.config.getoption("numprocesses", None) and not hasattr(session.config, "workerinput")
    if leads and _HOME not in os.environ:
        stack = session.config.stash.setdefault(_LED, ExitStack())
        os.environ[_HOME] = str(stack.enter_context(own_platform()).home)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what `pytest_sessionstart` began, after Ctrl-C too."""
    config.stash.get(_LED, ExitStack()).close()


class _Background:
    """An event loop in a thread: fixtures use it whether or not the test has a loop of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(120)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="session")
def background() -> Iterator[_Background]:
    """Runs coroutines of fixtures."""
    loop = _Background()
    yield loop
    loop.stop()


@pytest.fixture
def namespace(platform: Platform, background: _Background) -> Iterator[str]:
    """A namespace of its own: every topic, and the rights of every principal; removed after the test."""
    name = f"uji-{uuid4().hex[:12]}"

    async def make() -> None:
        async with connected(platform.kafka_admin) as admin:
            await ensure_topics(admin, name, partitions=PARTITIONS)
            await ensure_rights(admin, name)

    async def drop() -> None:
        async with connected(platform.kafka_admin) as admin:
            await drop_namespace(admin, name)

    background.run(make())
    yield name
    background.run(drop())


@contextmanager
def databases(
    platform: Platform, background: _Background, home: Path, space: str | None = None
) -> Iterator[FreshDatabase]:
    """Makes databases, gone with the block. Their settings name `home` and the namespace `space`."""
    made: list[str] = []
    space = space or f"uji-{uuid4().hex[:12]}"

    def fresh(service: str, *, migrate: bool = True) -> ServiceSettings:
        name = f"uji_{service}_{uuid4().hex[:12]}"
        made.append(name)
        background.run(_create(platform, service, name, migrated=migrate))
        ensure_keys(home / "keys")
        return _settings(platform, service, name, home, space)

    yield fresh
    background.run(_drop(platform, made))


@pytest.fixture
def fresh_database(
    platform: Platform, background: _Background, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[FreshDatabase]:
    """Makes databases. Settings carry the test's `namespace` when the test asks for that fixture too."""
    uses_kafka = "namespace" in request.fixturenames
    space = str(request.getfixturevalue("namespace")) if uses_kafka else None
    with databases(platform, background, tmp_path / "rumah", space) as fresh:
        yield fresh


def _settings(platform: Platform, service: str, database: str, home: Path, space: str) -> ServiceSettings:
    environment = platform.environment()
    app, owner = (environment[f"EKINERJA_DB_{service.upper()}_{kind}"] for kind in ("APP", "OWNER"))
    return ServiceSettings(
        service=service,
        home=home,
        # Said outright: a benchmark's environment may name those of its platform.
        keys_folder=home / "keys",
        store_url=(home / "store").as_uri(),
        db_app=SecretStr(_in_database(app, database)),
        db_owner=SecretStr(_in_database(owner, database)),
        kafka=environment["EKINERJA_KAFKA"],
        kafka_user=service,
        kafka_password=SecretStr(platform.secrets.kafka[service]),
        namespace=space,
    )


def _in_database(dsn: str, database: str) -> str:
    return urlsplit(dsn)._replace(path=f"/{database}").geturl()


def _spaces(service: str) -> dict[str, str]:
    """Where a service's migrations lie; the kernel's alone when the service is not installed."""
    spaces = {"kernel": "shared.db"}
    if importlib.util.find_spec("services") and importlib.util.find_spec(f"services.{service}"):
        spaces[service] = f"services.{service}"
    return spaces


async def _create(platform: Platform, service: str, name: str, *, migrated: bool) -> None:
    admin = await asyncpg.connect(platform.admin_dsn)
    try:
        if not migrated:
            await admin.execute(f'CREATE DATABASE "{name}" OWNER {service}_owner')
        else:
            template = await _template(platform, admin, service)
            # Files copied as they are cost less than half of block by block through the log.
            await admin.execute(
                f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY OWNER {service}_owner'
            )
        await admin.execute(close_database(name, service))
    finally:
        await admin.close()


async def _template(platform: Platform, admin: Any, service: str) -> str:
    """The migrated database to copy, made by whoever comes first; its name carries its migrations' hash."""
    digest = hashlib.sha256()
    for space, package in _spaces(service).items():
        for migration in load(space, package):
            digest.update(f"{space}/{migration.name}:{migration.sha256};".encode())
    name = f"pola_{service}_{digest.hexdigest()[:16]}"
    while not await admin.fetchval("SELECT pg_try_advisory_lock($1)", _TEMPLATE_LOCK):
        await asyncio.sleep(0.05)
    try:
        if await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            return name
        draft = f"{name}_baru"
        await admin.execute(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)')
        await admin.execute(f'CREATE DATABASE "{draft}" OWNER {service}_owner')
        owner = platform.environment()[f"EKINERJA_DB_{service.upper()}_OWNER"]
        await migrate(_in_database(owner, draft), f"{service}_app", _spaces(service))
        await admin.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    finally:
        await admin.execute("SELECT pg_advisory_unlock($1)", _TEMPLATE_LOCK)
    return name


async def _drop(platform: Platform, names: list[str]) -> None:
    admin = await asyncpg.connect(platform.admin_dsn)
    try:
        for name in names:
            await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await admin.close()
