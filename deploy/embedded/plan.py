"""Which processes run above the backends, with which rights."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.platform import Platform

ROOT = Path(__file__).resolve().parent.parent.parent
"""Working directory of every process of ours, so that they run the code this supervisor belongs to."""

_HERE_ONLY = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Process:
    """One process of ours: how to start it, and where it says that it is ready."""

    name: str
    command: tuple[str, ...]
    port: int
    environment: dict[str, str]


def together(platform: Platform, base: dict[str, str], http_port: int) -> list[Process]:
    """All services in two processes: `web` answers requests, `worker` works on events."""
    environment = {**base, **without_owners(platform.environment())}
    worker_port = platform.fresh_port("worker")
    bind = base.get("EKINERJA_BIND", _HERE_ONLY)
    return [
        Process("web", _ours("host", "web", port=http_port, bind=bind), http_port, environment),
        Process("worker", _ours("host", "worker", port=worker_port), worker_port, environment),
    ]


def _ours(*arguments: str, port: int, bind: str = _HERE_ONLY) -> tuple[str, ...]:
    return (sys.executable, "-m", "services", *arguments, "--port", str(port), "--bind", bind)


def split(
    platform: Platform, base: dict[str, str], http_port: int, prefixes: dict[str, list[str]]
) -> list[Process]:
    """Two processes for each service, each knowing its own passwords only, and a gateway before them."""
    processes: list[Process] = []
    routes: dict[str, str] = {}
    for service, paths in prefixes.items():
        environment = {**base, **_of_service(without_owners(platform.environment()), service)}
        # The gateway below is the only one who speaks for others.
        environment["EKINERJA_PROXY"] = _HERE_ONLY
        for kind, roles in (("web", "api"), ("worker", "relay,consumer,jobs")):
            name = f"{service}-{kind}"
            port = platform.fresh_port(name)
            command = _ours("serve", service, "--roles", roles, port=port)
            processes.append(Process(name, command, port, environment))
            if kind == "web":
                routes |= dict.fromkeys(paths, f"http://127.0.0.1:{port}")
    known = {**base, "EKINERJA_GATEWAY_ROUTES": json.dumps(routes), "EKINERJA_HTTP_PORT": str(http_port)}
    gateway = Process("gateway", (sys.executable, "-m", "deploy.embedded.gateway"), http_port, known)
    return [*processes, gateway]


def without_owners(environment: dict[str, str]) -> dict[str, str]:
    """Only the migration run may change tables."""
    return {name: value for name, value in environment.items() if not name.endswith("_OWNER")}


def _of_service(environment: dict[str, str], service: str) -> dict[str, str]:
    mine = {
        f"EKINERJA_DB_{service.upper()}_APP",
        f"EKINERJA_KAFKA_USER_{service.upper()}",
        f"EKINERJA_KAFKA_PASSWORD_{service.upper()}",
    }
    secret = ("EKINERJA_DB_", "EKINERJA_KAFKA_USER_", "EKINERJA_KAFKA_PASSWORD_")
    return {name: value for name, value in environment.items() if name in mine or not name.startswith(secret)}
