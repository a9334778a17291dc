"""Apache Kafka as one node (KRaft): its settings, its Java, its data folder with every user in it."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.backends.principals import KAFKA_ADMIN
from deploy.embedded.files import write_private
from deploy.embedded.problems import PlatformError

_SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"
_PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
_LOGGER = """<Configuration status="WARN"><Appenders><Console name="out">
<PatternLayout pattern="%d{ISO8601} %p %c{1} %m%n"/></Console></Appenders>
<Loggers><Root level="WARN"><AppenderRef ref="out"/></Root></Loggers></Configuration>
"""


@dataclass(frozen=True, slots=True)
class Node:
    """One broker that is its own controller.

    `data` is the folder of its log, inside `folder`; files written beside it hold passwords and belong to
    their owner alone. `listen` is where the broker accepts, `advertised` what it tells clients (both
    `host:port`); `controller` is a port of 127.0.0.1. `classes` is a class cache that Java starts from,
    `learn` where a broker writes one when it ends.
    """

    folder: Path
    settings_folder: Path
    java: Path
    jars: Path
    listen: str
    advertised: str
    controller: int
    cluster_id: str
    passwords: Mapping[str, str] = field(repr=False)
    environment: Mapping[str, str]
    classes: Path | None = None
    learn: Path | None = None

    @property
    def data(self) -> Path:
        """Where messages lie."""
        return self.folder / "data"

    def write_settings(self) -> None:
        """Write the server's properties and its logger, anew at every start."""
        write_private(self._logger, _LOGGER)
        write_private(self._properties, _text(self.properties()))

    @property
    def formatted(self) -> bool:
        """Whether the data folder has been made."""
        return self.data.exists()

    def command(self) -> list[str]:
        """What runs the broker."""
        return [
            *self._java("-Xms64m", "-Xmx256m"),
            *((f"-XX:AOTCacheOutput={self.learn}",) if self.learn else ()),
            "-XX:+ExitOnOutOfMemoryError",
            "--sun-misc-unsafe-memory-access=allow",
            f"-Djava.io.tmpdir={self.settings_folder / 'tmp'}",
            f"-Dlog4j2.configurationFile={self._logger}",
            "-cp",
            f"{self.jars}/*",
            "kafka.Kafka",
            str(self._properties),
        ]

    def _java(self, *memory: str) -> list[str]:
        cache = (f"-XX:AOTCache={self.classes}",) if self.classes else ()
        return [str(self.java), *memory, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *cache]

    def format(self) -> None:
        """Make the data folder with every user in it; a half-made one is made anew. Raises PlatformError."""
        draft = self.folder / "data.baru"
        shutil.rmtree(draft, ignore_errors=True)
        temporary = self.settings_folder / "format.properties"
        arguments = self.settings_folder / "format.args"
        write_private(temporary, _text({**self.properties(), "log.dirs": str(draft)}))
        # Passwords go through a file: what is on a command line, every user of the machine can read.
        lines = ["format", f"--cluster-id={self.cluster_id}", f"--config={temporary}"]
        for user, password in self.passwords.items():
            lines.append(f"--add-scram=SCRAM-SHA-512=[name={user},password={password}]")
        write_private(arguments, "\n".join(lines) + "\n")
        command = self._java("-Xmx128m")
        command += [f"-Dlog4j2.configurationFile={self._logger}", "-cp", f"{self.jars}/*"]
        command += ["kafka.tools.StorageTool", f"@{arguments}"]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, env=dict(self.environment), cwd="/", check=False
            )
        finally:
            arguments.unlink()
            temporary.unlink()
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip() or "tanpa keterangan").splitlines()[-1]
            raise PlatformError(
                f"Kafka tidak dapat menyiapkan folder datanya: {last}",
                f"periksa ruang cakram dan hak tulis di {self.folder}, lalu ulangi.",
            )
        os.replace(draft, self.data)

    def properties(self) -> dict[str, str]:
        """Every setting of the server."""
        admin = self.passwords[KAFKA_ADMIN]
        scram = f'{_SCRAM} required username="{KAFKA_ADMIN}" password="{admin}";'
        plain = f'{_PLAIN} required username="{KAFKA_ADMIN}" password="{admin}" user_{KAFKA_ADMIN}="{admin}";'
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{self.controller}",
            "listeners": f"SASL_PLAINTEXT://{self.listen},CONTROLLER://127.0.0.1:{self.controller}",
            "advertised.listeners": f"SASL_PLAINTEXT://{self.advertised}",
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
            "super.users": f"User:{KAFKA_ADMIN}",
            "allow.everyone.if.no.acl.found": "false",
            "auto.create.topics.enable": "false",
            "log.dirs": str(self.data),
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

    @property
    def _properties(self) -> Path:
        return self.settings_folder / "server.properties"

    @property
    def _logger(self) -> Path:
        return self.settings_folder / "log4j2.xml"


def _text(properties: Mapping[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in properties.items())
