"""Entry point of the PostgreSQL container: make the data folder at first, then become the server."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.backends.postgres import initdb, server
from deploy.compose import secrets
from deploy.embedded.problems import PlatformError

FOLDER = Path("/var/lib/ekinerja/postgres")
_SETTINGS = {"listen_addresses": "*", "unix_socket_directories": "/tmp"}  # noqa: S108 -- the container's own
# Passwords only. A backup is taken from inside this container, hence replication from 127.0.0.1 alone.
_HBA = "host all all all scram-sha-256\nhost replication all 127.0.0.1/32 scram-sha-256\n"


def main() -> None:
    """Run it. Exits with a sentence when the data folder cannot be made or another server works on it."""
    _hold()
    data = FOLDER / "data"
    if not data.exists():
        _initialise(data)
    (data / "pg_hba.conf").write_text(_HBA)
    # Nobody else can run here: the lock is ours.
    (data / "postmaster.pid").unlink(missing_ok=True)
    command = server("postgres", data, {**_SETTINGS, **_given()})
    os.execvp(command[0], command)


def _hold() -> None:
    """Keep two containers from one volume: the lock passes on to the server and ends with it."""
    lock = os.open(FOLDER / "kunci", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise PlatformError(
            "PostgreSQL lain masih bekerja pada volume ini.", "hentikan kontainer itu dahulu."
        ) from None
    os.set_inheritable(lock, True)


def _initialise(data: Path) -> None:
    draft = data.with_name("data.baru")
    shutil.rmtree(draft, ignore_errors=True)
    done = subprocess.run(
        initdb("initdb", draft, secrets.FOLDER / "pg_admin"), capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip() or "tanpa keterangan").splitlines()[-1]
        raise PlatformError(
            f"PostgreSQL tidak dapat menyiapkan folder datanya: {last}", "periksa volume dan ruang cakram."
        )
    os.replace(draft, data)


def _given() -> dict[str, str]:
    """Settings given on the command line as `name=value`."""
    return dict(argument.split("=", 1) for argument in sys.argv[1:])


if __name__ == "__main__":
    try:
        main()
    except PlatformError as error:
        sys.exit(str(error))
