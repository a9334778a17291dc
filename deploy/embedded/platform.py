"""The platform of one home: PostgreSQL and Kafka on this machine, as real as anywhere."""

import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from deploy.backends.postgres import dsn
from deploy.backends.principals import ADMIN, KAFKA_ADMIN, SERVICES
from deploy.embedded import place as places
from deploy.embedded.artifacts import kafka_jars
from deploy.embedded.class_cache import class_cache
from deploy.embedded.credentials import Secrets
from deploy.embedded.files import free_port, is_free, locked, unwritable, write_private
from deploy.embedded.kafka import Kafka
from deploy.embedded.postgres import PostgreSQL
from deploy.embedded.problems import PlatformError
from deploy.embedded.processes import Part, Registry, end_strays, kill
from shared.bus.admin import Login

NAMESPACE = "ekinerja"
BACKENDS = ("postgres", "kafka")
_LEAST_FREE_BYTES = 500 * 1024 * 1024


def _silent(_: str) -> None:
    return None


class Platform:
    """PostgreSQL and Kafka of a home folder. Starting twice is harmless: what runs already is taken over."""

    def __init__(self, home: Path, *, durable: bool = True, say: Callable[[str], None] = _silent) -> None:
        """`durable=False` lets PostgreSQL skip fsync: for tests only. `say` gets each step as a sentence."""
        self.home = Path(home).expanduser().resolve()
        self.registry = Registry(self.home / "run")
        self.logs = self.home / "logs"
        self._durable = durable
        self._say = say
        self._secrets: Secrets | None = None

    @property
    def secrets(self) -> Secrets:
        """The passwords of this home; made at first use."""
        if self._secrets is None:
            self.prepare()
            with locked(self.home / "run" / "secrets.lock", wait=10):
                path = self.home / "secrets.json"
                if not path.exists() and any((self.home / name / "data").exists() for name in BACKENDS):
                    raise PlatformError(
                        f"Berkas rahasia {path} hilang, padahal data ada.",
                        "kembalikan berkas itu dari cadangan; tanpa isinya data tidak dapat dibuka. "
                        "Bila data boleh hilang: hapus folder data itu.",
                    )
                self._secrets = Secrets.open(path)
        return self._secrets

    def port(self, name: str) -> int:
        """The port kept for a part (`postgres`, `kafka`, `kafka_controller`, …); chosen at first use."""
        return self._ports(name)[name]

    def _ports(self, *names: str, renew: bool = False) -> dict[str, int]:
        path = self.home / "ports.json"
        with locked(self.home / "run" / "ports.lock", wait=10):
            known: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
            changed = False
            for name in names:
                if name not in known or (renew and not is_free(known[name])):
                    known[name] = free_port(set(known.values()))
                    changed = True
            if changed:
                write_private(path, json.dumps(known, indent=1))
        return known

    def fresh_port(self, name: str, *, prefer: int | None = None) -> int:
        """The kept port if it is still free, else `prefer`, else another one; kept from now on."""
        if prefer and name not in self._ports() and is_free(prefer):
            return self.keep_port(name, prefer)
        return self._ports(name, renew=True)[name]

    def keep_port(self, name: str, port: int) -> int:
        """Remember a port chosen elsewhere."""
        path = self.home / "ports.json"
        write_private(path, json.dumps({**self._ports(), name: port}, indent=1))
        return port

    def start_backends(self) -> None:
        """Bring up PostgreSQL and Kafka, side by side; returns when both answer, furnished.

        Raises PlatformError naming what stands in the way.
        """
        self.prepare()
        self._check_space()
        failures: list[BaseException] = []
        threads = [threading.Thread(target=self._collecting, args=(name, failures)) for name in BACKENDS]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except BaseException:
            # Interrupted: whoever stops the platform next must find what is still being started.
            for thread in threads:
                thread.join()
            raise
        if failures:
            raise failures[0]

    def _collecting(self, name: str, failures: list[BaseException]) -> None:
        try:
            self.start(name)
        except BaseException as error:
            failures.append(error)

    def start(self, name: str) -> None:
        """Bring up one backend, `postgres` or `kafka`, if it does not run. Raises PlatformError."""
        start = {"postgres": self._start_postgres, "kafka": self._start_kafka}[name]
        secrets = self.secrets
        with locked(self.home / "run" / f"{name}.lock", wait=180) as held:
            if not held:
                raise PlatformError(
                    f"Perintah lain sedang menyiapkan {name} di {self.home}.",
                    "tunggu sampai selesai, lalu ulangi.",
                )
            start(secrets)

    def _start_postgres(self, secrets: Secrets) -> None:
        server = self._postgres(secrets)
        running = self.registry.find("postgres")
        if running:
            server.furnish(running)
            return
        end_strays(self.mark("postgres"))
        server.start(self.fresh_port("postgres"), self._say)

    def _start_kafka(self, secrets: Secrets) -> None:
        running = self.registry.find("kafka")
        if running:
            self._kafka(secrets).furnish(running)
            return
        end_strays(self.mark("kafka"))
        jars = kafka_jars(self._say)
        broker = self._kafka(secrets, class_cache(jars, self._say))
        broker.start(self.fresh_port("kafka"), self.fresh_port("kafka_controller"), jars, self._say)

    def mark(self, name: str) -> str:
        """What a part of this home carries in its environment, so that it is known for ours."""
        return f"{self.secrets.installation}:{name}"

    def _postgres(self, secrets: Secrets) -> PostgreSQL:
        place = places.choose(self.home, secrets.installation, self._say)
        mark = self.mark("postgres")
        return PostgreSQL(place, secrets, self.registry, self.logs, mark, durable=self._durable)

    def _kafka(self, secrets: Secrets, classes: Path | None = None) -> Kafka:
        folder, mark = self.home / "kafka", self.mark("kafka")
        return Kafka(folder, secrets, self.registry, self.logs, mark, NAMESPACE, classes=classes)

    def stop(self) -> None:
        """End both backends; what was committed or acknowledged stays."""
        kafka, postgres = self.registry.find("kafka"), self.registry.find("postgres")
        if kafka:
            self._kafka(self.secrets).stop(kafka)
        if postgres:
            self._postgres(self.secrets).stop(postgres)
        for name in ("kafka", "postgres"):
            self.registry.forget(name)

    def kill(self, name: str) -> None:
        """SIGKILL one part, as a power cut would. Raises KeyError when it does not run."""
        part = self.registry.find(name)
        if part is None:
            raise KeyError(name)
        kill(part)
        self.registry.forget(name)

    def running(self) -> dict[str, Part]:
        """Every part that runs, by name."""
        return {part.name: part for part in self.registry.all()}

    def erase(self) -> None:
        """Delete everything this home holds, also what lies outside it. Stop first."""
        places.erase_outside(self.home)
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def admin_dsn(self) -> str:
        """DSN of PostgreSQL's administrator (database `postgres`)."""
        return self.dsn_in("postgres")

    def dsn_in(self, database: str) -> str:
        """DSN of PostgreSQL's administrator in another database."""
        return self._postgres_dsn(ADMIN, database)

    @property
    def kafka_admin(self) -> Login:
        """Kafka's administrator."""
        return self._kafka(self.secrets).login(self.port("kafka"))

    def _postgres_dsn(self, role: str, database: str) -> str:
        return dsn(role, self.secrets.postgres[role], "127.0.0.1", self.port("postgres"), database)

    def environment(self) -> dict[str, str]:
        """The variables that connect services to this platform."""
        values = {
            "EKINERJA_HOME": str(self.home),
            "EKINERJA_KEYS": str(self.home / "keys"),
            "EKINERJA_STORE": (self.home / "store").as_uri(),
            "EKINERJA_KAFKA": f"127.0.0.1:{self.port('kafka')}",
            "EKINERJA_NAMESPACE": NAMESPACE,
        }
        for service in SERVICES:
            for kind in ("app", "owner"):
                values[f"EKINERJA_DB_{service.upper()}_{kind.upper()}"] = self._postgres_dsn(
                    f"{service}_{kind}", service
                )
        for user, password in self.secrets.kafka.items():
            if user != KAFKA_ADMIN:
                values[f"EKINERJA_KAFKA_USER_{user.upper()}"] = user
                values[f"EKINERJA_KAFKA_PASSWORD_{user.upper()}"] = password
        return values

    def prepare(self) -> None:
        """Make the folders of the home. Raises PlatformError when that is not allowed."""
        try:
            self.home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            for folder in (self.home / "run", self.logs, self.home / "store"):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise unwritable(self.home, error) from error

    def _check_space(self) -> None:
        free = shutil.disk_usage(self.home).free
        if free < _LEAST_FREE_BYTES:
            raise PlatformError(
                f"Ruang cakram untuk {self.home} tinggal {free // 1024**2} MB.",
                "kosongkan sedikitnya 500 MB, atau pilih cakram lain dengan EKINERJA_HOME.",
            )
