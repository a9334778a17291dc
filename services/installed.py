"""Which services this tree holds: the only place that knows all of them."""

import importlib
import importlib.util
from typing import Any

import typer

from shared.settings import ServiceSettings

ALL = ("skp", "assessment", "tpp", "notification")


def installed() -> list[str]:
    """The services present, in their order; any of them may be absent."""
    return [name for name in ALL if importlib.util.find_spec(f"services.{name}") is not None]


def build(name: str) -> Any:
    """Compose a service from the environment. Raises typer.BadParameter when it is not installed."""
    if name not in installed():
        raise typer.BadParameter(f"layanan {name} tidak ada; yang ada: {', '.join(installed())}")
    return importlib.import_module(f"services.{name}.app").build(ServiceSettings.load(name))


def composed(name: str) -> Any:
    """A service as it is, connected to nothing: to look at its API and its paths."""
    return importlib.import_module(f"services.{name}.app").build(ServiceSettings.unconnected(name))
