"""One small process that keeps all others running: starts, restarts, stops; may itself be killed.

What it starts does not depend on it: after a `kill -9` of the supervisor everything else goes on, and the
next one takes over PostgreSQL and Kafka and replaces the rest.
"""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack

from deploy.embedded import plan
from deploy.embedded.files import is_free, locked
from deploy.embedded.platform import BACKENDS, Platform
from deploy.embedded.postgres import last_line
from deploy.embedded.problems import PlatformError
from deploy.embedded.processes import MARK, Part, end, end_strays, spawn

_LOOK_EVERY = 0.25
_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0)
_STEADY_SECONDS = 30.0
_READY_SECONDS = 120.0
_PREFERRED_PORT = 8000
_LOG_LIMIT = 20 * 1024 * 1024


class AlreadyRunning(Exception):
    """Another supervisor keeps this home; `url` is where it serves."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class Supervisor:
    """Keeps one home's platform and services running. Use: `start()`, `wait()`, `stop()`."""

    def __init__(self, platform: Platform, *, split: bool = False) -> None:
        self._platform = platform
        self._split = split
        self._stopping = threading.Event()
        self._keepers: list[threading.Thread] = []
        self._processes: dict[str, plan.Process] = {}
        self._prefixes: dict[str, list[str]] = {}
        self._held = ExitStack()
        self._plan_lock = threading.Lock()
        self.restarts: dict[str, int] = {}

    def start(self, say: Callable[[str], None]) -> str:
        """Bring everything up; returns the URL once it answers.

        Raises AlreadyRunning, or PlatformError after ending whatever this call had started.
        """
        platform = self._platform
        platform.prepare()
        if not self._held.enter_context(locked(platform.home / "run" / "supervisor.lock")):
            self._held.close()
            raise AlreadyRunning(url_of(platform) or "")
        try:
            end_services(platform)
            end_strays(*(platform.mark(name) for name in planned(platform) if name not in BACKENDS))
            port = self._http_port()
            platform.registry.adopt("supervisor", os.getpid(), port)
            preparing = self._held.enter_context(_preparing())
            platform.start_backends()
            say("PostgreSQL dan Kafka siap.")
            self._prefixes = self._migrate(preparing)
            say(f"Basis data siap: {', '.join(self._prefixes) or 'belum ada layanan terpasang'}.")
            self._replan(port)
            for name in (*BACKENDS, *self._processes):
                keeper = threading.Thread(target=self._keep, args=(name,), name=f"jaga-{name}", daemon=True)
                self._keepers.append(keeper)
                keeper.start()
            self._until_ready()
        except BaseException:
            self.stop()
            raise
        return f"http://127.0.0.1:{port}/"

    def wait(self) -> None:
        """Sleep until somebody asks to stop; logs are kept short meanwhile."""
        while not self._stopping.wait(60):
            self._shorten_logs()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked to stop."""
        return self._stopping.is_set()

    def ask_to_stop(self) -> None:
        """May be called from a signal handler."""
        self._stopping.set()

    def stop(self) -> None:
        """End everything in reverse order: entrances, services, Kafka, PostgreSQL."""
        self._stopping.set()
        for keeper in self._keepers:
            keeper.join()
        end_services(self._platform)
        self._platform.stop()
        self._platform.registry.forget("supervisor")
        self._held.close()

    def _http_port(self) -> int:
        """The port for people: as given, or the one used last, or 8000, or any free one."""
        given = os.environ.get("EKINERJA_HTTP_PORT")
        if given:
            if not given.isdecimal() or not 0 < int(given) < 65536:
                raise PlatformError(
                    f"EKINERJA_HTTP_PORT berisi {given}, bukan nomor porta.", "isi angka 1 sampai 65535."
                )
            if not is_free(int(given)):
                raise PlatformError(
                    f"Porta {given} sedang dipakai program lain.",
                    "pilih porta lain dengan EKINERJA_HTTP_PORT, atau kosongkan agar dipilihkan.",
                )
            return self._platform.keep_port("http", int(given))
        return self._platform.fresh_port("http", prefer=_PREFERRED_PORT)

    def _migrate(self, preparing: subprocess.Popen[str]) -> dict[str, list[str]]:
        """Bring the databases up to date, as owners; returns each service's path prefixes."""
        told, complaints = preparing.communicate(json.dumps(self._platform.environment()))
        if preparing.returncode:
            log = self._platform.logs / "prepare.log"
            log.write_text(complaints + told)
            raise PlatformError(f"Basis data tidak dapat disiapkan: {last_line(log)}", f"lihat {log}.")
        found: dict[str, list[str]] = json.loads(told.splitlines()[-1])
        return found

    def _replan(self, http_port: int) -> None:
        own = ("EKINERJA_DB_", "EKINERJA_KAFKA")
        base = {name: value for name, value in os.environ.items() if not name.startswith(own)}
        base["PYTHONUNBUFFERED"] = "1"
        processes = (
            plan.split(self._platform, base, http_port, self._prefixes)
            if self._split
            else plan.together(self._platform, base, http_port)
        )
        self._processes = {process.name: process for process in processes} if self._prefixes else {}
        names = ["supervisor", *BACKENDS, *self._processes]
        (self._platform.registry.folder / "susunan").write_text("\n".join(names))

    def _keep(self, name: str) -> None:
        """Start a part whenever it does not run; a part that keeps dying is started ever more slowly."""
        failures = 0
        began = 0.0
        while not self._stopping.is_set():
            if self._platform.registry.find(name) is None:
                if began:
                    self.restarts[name] = self.restarts.get(name, 0) + 1
                    failures = 0 if time.monotonic() - began > _STEADY_SECONDS else failures + 1
                    if self._stopping.wait(_PAUSES[min(failures, len(_PAUSES) - 1)]):
                        return
                began = time.monotonic()
                try:
                    self._begin(name)
                except (PlatformError, OSError) as error:
                    print(f"{name}: {error}", file=sys.stderr, flush=True)
            began = began or time.monotonic()
            self._stopping.wait(_LOOK_EVERY)

    def _begin(self, name: str) -> None:
        if name in BACKENDS:
            before = self._platform.environment()
            self._platform.start(name)
            if self._platform.environment() != before:
                self._move_services()
            return
        process = self._processes[name]
        log = self._platform.logs / f"{name}.log"
        mark = self._platform.mark(name)
        end_strays(mark)
        environment = {**process.environment, MARK: mark}
        pid = spawn(process.command, log=log, environment=environment, folder=plan.ROOT)
        try:
            self._platform.registry.adopt(name, pid, process.port)
        except ProcessLookupError as error:
            raise PlatformError(f"{name} berhenti segera: {last_line(log)}", f"lihat {log}.") from error

    def _move_services(self) -> None:
        """A backend came back on another port: services must learn of it, so they are started anew."""
        with self._plan_lock:
            entrance = self._platform.registry.find("supervisor")
            self._replan(entrance.port if entrance and entrance.port else self._platform.port("http"))
            end_services(self._platform)

    def _until_ready(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        waiting = dict(self._processes)
        while waiting and not self._stopping.is_set():
            for name, process in list(waiting.items()):
                if is_ready(process.port):
                    del waiting[name]
                elif self.restarts.get(name, 0) >= 3 or time.monotonic() > deadline:
                    log = self._platform.logs / f"{name}.log"
                    raise PlatformError(f"{name} tidak kunjung siap: {last_line(log)}", f"lihat {log}.")
            self._stopping.wait(0.1)

    def _shorten_logs(self) -> None:
        """Keep the last megabytes of each log under another name and go on with an empty one.

        Writers append, so an emptied file simply grows from its beginning.
        """
        for log in self._platform.logs.glob("*.log"):
            if log.stat().st_size > _LOG_LIMIT:
                (log.with_suffix(".log.1")).write_bytes(log.read_bytes())
                os.truncate(log, 0)


def _preparing() -> subprocess.Popen[str]:
    """Reads its code while the backends start, and then waits to be told where they are."""
    return subprocess.Popen(
        [sys.executable, "-m", "deploy.embedded.prepare"],
        cwd=plan.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def is_ready(port: int) -> bool:
    """Whether the process on this port says it can do its work now."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=3) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def url_of(platform: Platform) -> str | None:
    """Where a home is being served, or None when no supervisor keeps it."""
    part = platform.registry.find("supervisor")
    return f"http://127.0.0.1:{part.port}/" if part else None


def planned(platform: Platform) -> list[str]:
    """The parts the last supervisor of a home was to keep running, in order of start."""
    try:
        return (platform.registry.folder / "susunan").read_text().split()
    except OSError:
        return []


def services_of(platform: Platform) -> list[Part]:
    """What runs of ours above the backends, entrances first."""
    found = [part for name, part in platform.running().items() if name not in (*BACKENDS, "supervisor")]
    return sorted(found, key=lambda part: (part.name != "gateway", not part.name.endswith("web"), part.name))


def end_services(platform: Platform) -> None:
    """End every process above the backends; entrances first, then all workers at once."""
    for wave in (lambda name: name == "gateway", lambda name: name.endswith("web"), lambda name: True):
        parts = [part for part in services_of(platform) if wave(part.name)]
        threads = [threading.Thread(target=end, args=(part,), kwargs={"patience": 25.0}) for part in parts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for part in parts:
            platform.registry.forget(part.name)


def end_all(platform: Platform) -> bool:
    """End a home's supervisor and everything it kept; also what a killed one left. False when nothing ran."""
    parts = platform.running()
    supervisor = parts.get("supervisor")
    if supervisor:
        end(supervisor, patience=90.0)
    if platform.running():
        end_services(platform)
        platform.stop()
        platform.registry.forget("supervisor")
    return bool(parts)
