"""Passwords of one installation: made at first start, never shipped, readable by their owner alone."""

import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from deploy.embedded.files import write_private
from deploy.embedded.problems import PlatformError
from shared.contracts.catalogue import PRINCIPALS

SERVICES: tuple[str, ...] = ("skp", "assessment", "tpp", "notification")
"""Who gets a database; every service that could be installed, whether it is or not."""

ADMIN = "ekinerja_admin"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Every password of a home. Names: a database role, or a Kafka principal."""

    installation: str
    postgres: dict[str, str] = field(repr=False)
    kafka: dict[str, str] = field(repr=False)

    @classmethod
    def open(cls, path: Path) -> "Secrets":
        """Read the secrets of a home, making those that are absent.

        Raises PlatformError when the file cannot be read as such.
        """
        known: dict[str, dict[str, str]] = {"postgres": {}, "kafka": {}}
        installation = uuid4().hex
        if path.exists():
            try:
                document = json.loads(path.read_text())
                known = {"postgres": dict(document["postgres"]), "kafka": dict(document["kafka"])}
                installation = str(document["installation"])
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise PlatformError(
                    f"Berkas rahasia {path} tidak terbaca ({type(error).__name__}).",
                    "kembalikan berkas itu dari cadangan; tanpa isinya data tidak dapat dibuka. "
                    "Bila data boleh hilang: `ekinerja reset --yes`.",
                ) from error
        roles = [ADMIN, *(f"{name}_{kind}" for name in SERVICES for kind in ("owner", "app"))]
        users = ["admin", *PRINCIPALS]
        complete = {
            "postgres": {role: known["postgres"].get(role) or secrets.token_urlsafe(24) for role in roles},
            "kafka": {user: known["kafka"].get(user) or secrets.token_urlsafe(24) for user in users},
        }
        if complete != known:
            write_private(path, json.dumps({"installation": installation, **complete}, indent=1))
        return cls(installation, complete["postgres"], complete["kafka"])

    @property
    def cluster_id(self) -> str:
        """Kafka's id of this cluster: 22 characters, from the installation's id."""
        return urlsafe_b64encode(bytes.fromhex(self.installation)).decode().rstrip("=")
