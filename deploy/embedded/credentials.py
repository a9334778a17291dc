"""Passwords of one installation: made at first start, never shipped, readable by their owner alone."""

import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from deploy.backends.principals import ROLES, USERS
from deploy.embedded.files import write_private
from deploy.embedded.problems import PlatformError


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
        # Who is no longer named here stays: another release may have made them.
        complete = {
            "postgres": {role: secrets.token_urlsafe(24) for role in ROLES} | known["postgres"],
            "kafka": {user: secrets.token_urlsafe(24) for user in USERS} | known["kafka"],
        }
        if complete != known:
            write_private(path, json.dumps({"installation": installation, **complete}, indent=1))
        return cls(installation, complete["postgres"], complete["kafka"])

    @property
    def cluster_id(self) -> str:
        """Kafka's id of this cluster: 22 characters, from the installation's id."""
        return cluster_id(self.installation)


def cluster_id(installation: str) -> str:
    """Kafka's id of the cluster of an installation (32 hex digits): 22 characters."""
    return urlsafe_b64encode(bytes.fromhex(installation)).decode().rstrip("=")
