"""The installation under test: compose.yaml as shipped, with names, ports and files of its own."""

import csv
import io
import json
import signal
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.backends.principals import SERVICES
from deploy.embedded.platform import Platform
from deploy.embedded.supervisor import end_all
from tests.compose.mesin import CommandFailed, run

ROOT = Path(__file__).resolve().parents[2]
PROJECT = "ekinerja-uji"
REPLICATED = tuple(f"{name}-{kind}" for kind in ("worker", "api") for name in SERVICES)
ADMIN = ("197001011990011001", "Admin BKD")
_WAITING = "SELECT count(*) AS n FROM kernel.outbox WHERE published_at IS NULL"
_PSQL = (
    "PGPASSWORD=$(cat /run/secrets/pg_admin) exec psql -v ON_ERROR_STOP=1 --csv"
    ' -h 127.0.0.1 -U ekinerja_admin -d "$0" -c "$1"'
)
_BANK = """
import json, sqlite3
with sqlite3.connect("/var/lib/ekinerja/store/payroll.bank.sqlite") as bank:
    print(json.dumps(bank.execute("SELECT item_id, neto FROM transaksi").fetchall()))
"""
_SEED, _OPD, _PERIODE = 7, 3, "2026-10"


@dataclass
class Tumpukan:
    """A running stack. `pegawai` is the size of the month that is played on it."""

    engine: dict[str, str]
    folder: Path
    pegawai: int
    tls: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    _embedded: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.tls, http = _free_port(), _free_port()
        self.environment = {
            **{name: value for name, value in self.engine.items() if not name.startswith("EKINERJA_")},
            "COMPOSE_PROJECT_NAME": PROJECT,
            "COMPOSE_PROFILES": "contoh",
            "DOCKER_BUILDKIT": "1",
            "COMPOSE_DOCKER_CLI_BUILD": "1",
            "EKINERJA_TAG": "uji",
            "EKINERJA_RAHASIA": str(self.folder / "rahasia"),
            "EKINERJA_CADANGAN": str(self.folder / "cadangan"),
            "EKINERJA_ALAMAT": "127.0.0.1",
            "EKINERJA_PORTA_TLS": str(self.tls),
            "EKINERJA_PORTA_HTTP": str(http),
            "EKINERJA_SUBNET": "10.213.83.0/24",
            "EKINERJA_IP_RANGE": "10.213.83.128/25",
            "EKINERJA_GATEWAY_IP": "10.213.83.2",
        }

    @property
    def url(self) -> str:
        """The gateway, from outside."""
        return f"https://localhost:{self.tls}"

    @property
    def ca(self) -> Path:
        """The certificate it shows."""
        return self.folder / "rahasia" / "tls.crt"

    @property
    def trusted(self) -> ssl.SSLContext:
        """Trust in that certificate, for a client."""
        return ssl.create_default_context(cafile=self.ca)

    # --- the operator's tools ---------------------------------------------------------------------

    def kelola(self, *words: str, timeout: float = 900) -> str:
        """Run the operator's script."""
        return run(str(ROOT / "deploy/compose/kelola"), *words, env=self.environment, timeout=timeout)

    def compose(self, *words: str) -> str:
        """Run compose as the script would."""
        plugin = subprocess.run(
            ["docker", "compose", "version"], env=self.environment, capture_output=True, check=False
        )
        begin = ("docker", "compose") if plugin.returncode == 0 else ("docker-compose",)
        return run(*begin, *words, env=self.environment, cwd=ROOT)

    def docker(self, *words: str, **more: Any) -> str:
        """Run a command of the engine."""
        return run("docker", *words, env=self.environment, **more)

    def command(self, service: str, *words: str) -> str:
        """An `ekinerja` command in a container of its own, with that service's secrets."""
        return self.compose("run", "-T", "--rm", "--no-deps", service, *words)

    def containers(self, service: str = "") -> list[str]:
        """Names of the containers of a service, or of all that should run."""
        wanted = ["--filter", f"label=com.docker.compose.project={PROJECT}"]
        if service:
            wanted += ["--filter", f"label=com.docker.compose.service={service}"]
        names = self.docker("ps", "-a", *wanted, "--format", "{{.Names}}").split()
        return sorted(name for name in names if service or "siapkan" not in name)

    def inspect(self, container: str) -> dict[str, Any]:
        """What the engine knows of a container."""
        found: dict[str, Any] = json.loads(self.docker("inspect", container))[0]
        return found

    def ready(self, container: str) -> bool:
        """Whether a container says that it can do its work."""
        if not self.inspect(container)["State"]["Running"]:
            return False
        if "payroll" in container:
            return True
        return (
            subprocess.run(
                ["docker", "exec", container, "sehat"], env=self.environment, capture_output=True, check=False
            ).returncode
            == 0
        )

    def until_ready(self, container: str, *, seconds: float = 120) -> None:
        """Wait for it. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while not self.ready(container):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{container} tidak siap: {self.docker('logs', '--tail', '5', container)}")
            time.sleep(0.3)

    # --- the month --------------------------------------------------------------------------------

    def demo(self, *, kode: str = "") -> "subprocess.Popen[str]":
        """Play the month from outside, or go on with it; the figures come by `figures`."""
        words = [*_demo(self.pegawai), "--home", str(self.folder / "demo"), "--json", str(self._figures)]
        words += ["--url", self.url, "--ca", str(self.ca), *(["--kode-admin", kode] if kode else [])]
        self._figures.unlink(missing_ok=True)
        return subprocess.Popen(
            words,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @property
    def _figures(self) -> Path:
        return self.folder / "hasil.json"

    def figures(self) -> dict[str, Any]:
        """What the last month came to."""
        found: dict[str, Any] = json.loads(self._figures.read_text())
        return found

    def activation_code(self) -> str:
        """The first administrator, made by the operator's command."""
        return self.command("skp-api", "admin", "buat", *ADMIN).split(":")[-1].strip()

    def begin_embedded(self) -> None:
        """Play the same month on the embedded platform meanwhile: what this one has to come to."""
        words = [*_demo(self.pegawai), "--home", str(self._embedded_home), "--exit"]
        words += ["--json", str(self.folder / "tertanam.json")]
        with (self.folder / "tertanam.log").open("w") as log:
            self._embedded = subprocess.Popen(
                words, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )

    def embedded(self) -> dict[str, Any]:
        """What the month came to on the embedded platform."""
        assert self._embedded is not None
        if self._embedded.wait(900):
            raise CommandFailed((self.folder / "tertanam.log").read_text()[-3000:])
        found: dict[str, Any] = json.loads((self.folder / "tertanam.json").read_text())
        return found

    def end_embedded(self) -> None:
        """End that platform where something went wrong while it ran."""
        if self._embedded is not None and self._embedded.poll() is None:
            self._embedded.send_signal(signal.SIGINT)
            self._embedded.wait(180)
        end_all(Platform(self._embedded_home))

    @property
    def _embedded_home(self) -> Path:
        return self.folder / "tertanam"

    # --- looking inside ---------------------------------------------------------------------------

    def query(self, database: str, sql: str) -> list[dict[str, str]]:
        """Rows of a service's database, read as PostgreSQL's administrator."""
        text = self.docker("exec", "-i", self.containers("postgres")[0], "sh", "-c", _PSQL, database, sql)
        return list(csv.DictReader(io.StringIO(text)))

    def until_quiet(self) -> None:
        """Wait until nothing waits in any outbox and inboxes have stopped growing. Raises TimeoutError."""
        deadline = time.monotonic() + 180
        last: list[str] = []
        while True:
            waiting = [self.query(name, _WAITING)[0]["n"] for name in SERVICES]
            now = [self.query(name, "SELECT count(*) AS n FROM kernel.inbox")[0]["n"] for name in SERVICES]
            if set(waiting) == {"0"} and now == last:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"event belum terbit: {dict(zip(SERVICES, waiting, strict=True))}")
            last = now
            time.sleep(1)

    def inside(self, service: str, program: str, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a Python program of ours in a new process of a service's first container."""
        return subprocess.run(
            ["docker", "exec", "-i", self.containers(service)[0], "python", "-", *words],
            env=self.environment,
            input=program,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def remove(self, *, keep: str = "") -> None:
        """Containers, networks and volumes of this project but one, also what a killed run left."""
        if found := self._owned("ps", "-aq"):
            self.docker("rm", "-f", *found)
        for network in self._owned("network", "ls", "-q"):
            self._remove_network(network)
        volumes = self._owned("volume", "ls", "-q")
        if found := [name for name in volumes if name != keep]:
            self.docker("volume", "rm", *found)

    def _owned(self, *listing: str) -> list[str]:
        wanted = f"label=com.docker.compose.project={PROJECT}"
        return self.docker(*listing, "--filter", wanted).split()

    def _remove_network(self, network: str) -> None:
        """One network. It stays where the engine, after killed containers, miscounts those attached to it.

        Docker 20.10 then refuses to remove an empty network until it is itself started again
        (moby issue 42119); the network can be used meanwhile, and the next installation does.
        """
        try:
            self.docker("network", "rm", network)
        except CommandFailed as error:
            attached = self.docker("network", "inspect", "--format", "{{len .Containers}}", network)
            if "has active endpoints" not in str(error) or attached.strip() != "0":
                raise

    def destroy(self) -> None:
        """Everything of ours: containers, data, secrets. What payroll keeps is another's, and stays."""
        kept = f"{PROJECT}_payroll"
        self.remove(keep=kept)
        assert self._owned("volume", "ls", "-q") == [kept]
        for path in (self.folder / "rahasia").iterdir():
            path.unlink()

    def bank(self) -> list[tuple[str, str]]:
        """The payments that payroll's bank was asked for: item, amount; one asked for twice stands twice."""
        said = self.inside("payroll", _BANK)
        assert said.returncode == 0, said.stderr
        return sorted((item, neto) for item, neto in json.loads(said.stdout))

    def audit(self, service: str) -> str:
        """What the operator's command says of a service's audit trail. Raises CommandFailed when broken."""
        return self.command(f"{service}-worker", "audit", "verify", service)

    def on_topics(self) -> list[dict[str, Any]]:
        """How often each event id stands on each topic, read as Kafka's administrator."""
        beside = self.containers("siapkan")[0]
        network = f"{PROJECT}_data"
        words = [
            "run",
            "--rm",
            "-i",
            "--network",
            network,
            "--volumes-from",
            beside,
            "--entrypoint",
            "python",
        ]
        text = run(
            "docker",
            *words,
            "ekinerja/ekinerja:uji",
            "-",
            env=self.environment,
            input=(ROOT / "tests/compose/topik.py").read_text(),
        )
        return [json.loads(line) for line in text.splitlines()]


def _demo(pegawai: int) -> list[str]:
    words = [sys.executable, "-m", "services", "demo", "--pegawai", str(pegawai)]
    return [*words, "--opd", str(_OPD), "--seed", str(_SEED), "--periode", _PERIODE]


def run_name(pegawai: int) -> str:
    """What the demo derives its keys from; for a client that speaks as the demo's people."""
    return f"ekinerja-demo/{_SEED}/{pegawai}/{_OPD}/{_PERIODE}/umum-60-40"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
