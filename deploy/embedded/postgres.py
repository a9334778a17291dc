"""PostgreSQL from the wheel's programs: own data folder, passwords only, 127.0.0.1 only."""

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psutil

from deploy.backends.postgres import dsn, furnish, initdb, server
from deploy.backends.principals import ADMIN
from deploy.embedded.credentials import Secrets
from deploy.embedded.place import Place
from deploy.embedded.problems import PlatformError
from deploy.embedded.processes import MARK, Part, Registry, end, spawn

_READY_SECONDS = 120.0
_SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
_HBA = (
    "# Written at every start: passwords only, this machine only.\nhost all all 127.0.0.1/32 scram-sha-256\n"
)


class PostgreSQL:
    """The server of one home. With `durable=False` it may lose committed data in a power cut (tests only)."""

    name = "postgres"

    def __init__(
        self, place: Place, secrets: Secrets, registry: Registry, logs: Path, mark: str, *, durable: bool
    ) -> None:
        self._place = place
        self._secrets = secrets
        self._registry = registry
        self._log = logs / "postgres.log"
        self._environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", MARK: mark}
        self._durable = durable

    def start(self, port: int, say: Callable[[str], None]) -> Part:
        """Start the server, making its data folder at first; roles and databases are there afterwards.

        Raises PlatformError with the last line of its log when it does not come up.
        """
        self._clear_remains()
        if not self._place.data.exists():
            say("Menyiapkan PostgreSQL (sekali saja) …")
            self._initialise()
        part = self._launch(port)
        try:
            self.furnish(part)
        except BaseException:
            self.stop(part)
            raise
        return part

    def furnish(self, part: Part) -> None:
        """Wait until a running server answers, and give it the roles and databases it lacks."""

        async def furnish() -> None:
            await self._until_ready(part, part.port or 0)
            await self._furnish(part.port or 0)

        asyncio.run(furnish())

    def stop(self, part: Part) -> bool:
        """End it: running transactions are rolled back, everything committed stays."""
        return end(part, gentle=signal.SIGINT, patience=30.0)

    @property
    def _draft(self) -> Path:
        return self._place.root / "data.baru"

    def _initialise(self) -> None:
        root, draft = self._place.root, self._draft
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._place.give(draft)
        password = root / f".sandi-{os.getpid()}"
        try:
            descriptor = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(self._secrets.postgres[ADMIN] + "\n")
            self._place.give(password)
            done = subprocess.run(
                [
                    *initdb(self._place.programs / "initdb", draft, password),
                    *([] if self._durable else ["--no-sync"]),
                ],
                user=self._place.uid,
                group=self._place.gid,
                extra_groups=None if self._place.uid is None else [],
                cwd="/",
                env=self._environment,
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            password.unlink(missing_ok=True)
        if done.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            last = (done.stderr.strip() or "tanpa keterangan").splitlines()[-1]
            raise PlatformError(
                f"PostgreSQL tidak dapat menyiapkan folder datanya: {last}",
                f"periksa ruang cakram dan hak tulis di {root}, lalu ulangi.",
            )
        (draft / "pg_hba.conf").write_text(_HBA)
        os.replace(draft, self._place.data)

    def _clear_remains(self) -> None:
        """After a kill: end what is left of the old server, then drop the pid file nobody stands behind.

        PostgreSQL refuses to start while a process of a killed server still works on the same data, and also
        when the pid in the file has gone to a stranger.
        """
        deadline = time.monotonic() + 20
        while remains := self._own_processes():
            for process in remains:
                if time.monotonic() > deadline - 10:
                    process.kill()
            if time.monotonic() > deadline:
                raise PlatformError(
                    f"Proses PostgreSQL lama ({remains[0].pid}) tidak mau berhenti.",
                    f"hentikan proses {remains[0].pid}, lalu ulangi.",
                )
            time.sleep(0.1)
        (self._place.data / "postmaster.pid").unlink(missing_ok=True)

    def _own_processes(self) -> list[psutil.Process]:
        found = []
        folders = (str(self._place.data), str(self._draft))
        for process in psutil.process_iter(["name", "cwd"]):
            if process.info["name"] == "postgres" and process.info["cwd"] in folders:
                found.append(process)
        return found

    def _launch(self, port: int) -> Part:
        settings = {**_SETTINGS, "port": str(port)}
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        command = server(self._place.programs / "postgres", self._place.data, settings)
        pid = spawn(
            command, log=self._log, environment=self._environment, uid=self._place.uid, gid=self._place.gid
        )
        try:
            return self._registry.adopt(self.name, pid, port)
        except ProcessLookupError as error:
            raise self._failed() from error

    async def _until_ready(self, part: Part, port: int) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while True:
            try:
                conn = await asyncpg.connect(self.admin_dsn(port), timeout=5)
                await conn.close()
                return
            except asyncpg.InvalidPasswordError as error:
                raise PlatformError(
                    "PostgreSQL menolak sandi dari berkas rahasia.",
                    "kembalikan secrets.json yang sesuai dengan data ini dari cadangan.",
                ) from error
            except (OSError, asyncpg.PostgresError, TimeoutError) as error:
                if not part.alive or time.monotonic() > deadline:
                    raise self._failed() from error
            await asyncio.sleep(0.05)

    async def _furnish(self, port: int) -> None:
        conn = await asyncpg.connect(self.admin_dsn(port))
        try:
            await furnish(conn, self._secrets.postgres)
        finally:
            await conn.close()

    def admin_dsn(self, port: int, database: str = "postgres") -> str:
        """DSN of the administrator."""
        return dsn(ADMIN, self._secrets.postgres[ADMIN], "127.0.0.1", port, database)

    def _failed(self) -> PlatformError:
        return PlatformError(
            f"PostgreSQL tidak mau berjalan: {last_line(self._log)}",
            f"lihat {self._log}; bila cakram penuh, kosongkan dahulu.",
        )


def last_line(path: Path) -> str:
    """The last line of a log, or a word that there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 4000))
            lines = [line for line in file.read().decode(errors="replace").splitlines() if line.strip()]
    except OSError:
        return "tanpa catatan"
    return lines[-1].strip() if lines else "tanpa catatan"
