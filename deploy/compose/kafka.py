"""Entry point of the Kafka container: write its settings, format the data folder at first, become it."""

import os
import sys
from pathlib import Path

from deploy.backends.kafka import Node
from deploy.backends.principals import USERS
from deploy.compose import secrets
from deploy.embedded.credentials import cluster_id
from deploy.embedded.problems import PlatformError

FOLDER = Path("/var/lib/ekinerja/kafka")
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def main() -> None:
    """Run it. Exits with a sentence when the data folder cannot be made."""
    settings = Path("/tmp/kafka")  # noqa: S108 -- the container's own, in memory: it holds passwords
    (settings / "tmp").mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.chmod(0o700)
    node = Node(
        folder=FOLDER,
        settings_folder=settings,
        java=Path("/opt/java/bin/java"),
        jars=Path("/opt/kafka"),
        listen="0.0.0.0:9092",
        advertised=os.environ.get("EKINERJA_KAFKA_ADVERTISED", "kafka:9092"),
        controller=9093,
        cluster_id=cluster_id(secrets.read("installation")),
        passwords={user: secrets.read(f"kafka_{user}") for user in USERS},
        environment=_ENVIRONMENT,
    )
    node.write_settings()
    if not node.formatted:
        node.format()
    command = node.command()
    os.execve(command[0], command, _ENVIRONMENT)


if __name__ == "__main__":
    try:
        main()
    except PlatformError as error:
        sys.exit(str(error))
