"""A container engine for these tests: the machine's own, or Debian's packages, started by hand.

Where public images cannot be had, the one image everything stands on is made here with debootstrap, under the
name that compose.yaml uses.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.pohon import ROOT

BASE = "debian:bookworm-slim"
_PACKAGES = ("docker.io", "docker-compose", "iptables", "debootstrap")
_FOLDER = Path("/var/lib/ekinerja-uji-kontainer")
_RUN = Path("/run/ekinerja-uji-kontainer")
_TRUST = Path("/etc/ssl/certs/ca-certificates.crt")
_START_SECONDS = 60.0


class CannotRun(Exception):
    """This machine can neither use nor install a container engine; the text says why."""


class CommandFailed(Exception):
    """A command ended in an error; the text holds its last lines."""


def run(*command: str, timeout: float = 900, **more: object) -> str:
    """A command's output. Raises CommandFailed with its last lines when it fails."""
    done = subprocess.run(  # type: ignore[call-overload]
        command, capture_output=True, text=True, timeout=timeout, check=False, **more
    )
    if done.returncode:
        last = "\n".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-15:])
        raise CommandFailed(f"`{' '.join(command[:4])} …` gagal: {last}")
    return str(done.stdout)


@contextmanager
def engine() -> Iterator[dict[str, str]]:
    """The environment that reaches a working engine; one that was started here ends with the block.

    Raises CannotRun.
    """
    if _usable(dict(os.environ)):
        yield dict(os.environ)
        return
    _install()
    # An engine client of another version may stand earlier on PATH: the packages' own goes first.
    environment = {
        **os.environ,
        "PATH": f"/usr/bin:/usr/sbin:{os.environ['PATH']}",
        "DOCKER_HOST": f"unix://{_RUN}/docker.sock",
    }
    if _usable(environment):
        yield environment
        return
    _RUN.mkdir(mode=0o700, exist_ok=True)
    _FOLDER.mkdir(mode=0o711, exist_ok=True)
    log = _FOLDER / "dockerd.log"
    with log.open("ab") as out:
        daemon = subprocess.Popen(
            [
                "dockerd",
                f"--data-root={_FOLDER / 'data'}",
                f"--exec-root={_RUN / 'exec'}",
                f"--pidfile={_RUN / 'docker.pid'}",
                f"--host=unix://{_RUN}/docker.sock",
            ],
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not _usable(environment):
            if daemon.poll() is not None or time.monotonic() > deadline:
                last = " ".join(log.read_text(errors="replace").splitlines()[-2:])
                raise CannotRun(f"dockerd tidak mau berjalan di mesin ini: {last}")
            time.sleep(0.2)
        yield environment
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(60)


def _usable(environment: dict[str, str]) -> bool:
    """Whether the operator's script finds an engine that can be used fully, builds included."""
    if shutil.which("docker", path=environment["PATH"]) is None:
        return False
    command = [str(ROOT / "deploy/compose/kelola"), "periksa"]
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0


def _install() -> None:
    if all(
        Path(path).exists() for path in ("/usr/bin/docker", "/usr/bin/docker-compose", "/usr/sbin/dockerd")
    ) and (shutil.which("debootstrap", path="/usr/sbin")):
        return
    if os.geteuid() != 0:
        raise CannotRun(
            "Uji kontainer memerlukan Docker dengan Compose. Di mesin ini tidak ada yang dapat dipakai, dan "
            "memasangnya memerlukan root. Jalankan sebagai root, atau pasang Docker lebih dahulu."
        )
    if shutil.which("apt-get") is None:
        raise CannotRun(
            "Uji kontainer memerlukan Docker dengan Compose. Di mesin ini tidak ada, dan tanpa apt-get tidak "
            "dapat dipasang otomatis. Pasang Docker lebih dahulu."
        )
    print(f"Memasang {', '.join(_PACKAGES)} …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        run("apt-get", "update", "-qq", env=quiet)
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *_PACKAGES, env=quiet)
    except CommandFailed as error:
        raise CannotRun(f"Docker tidak dapat dipasang di mesin ini: {error}") from error


def base_image(environment: dict[str, str]) -> str:
    """Make sure that the base image is there; returns how it came.

    Where debootstrap can make it, no registry of images is asked.
    """
    if _there(environment):
        return "sudah ada"
    if os.geteuid() == 0 and shutil.which("debootstrap", path=environment["PATH"]):
        _make_base_image(environment)
        return "dibuat dengan debootstrap"
    pulled = subprocess.run(
        ["docker", "pull", "--quiet", BASE], env=environment, capture_output=True, timeout=300, check=False
    )
    if pulled.returncode:
        raise CannotRun(
            f"Citra dasar {BASE} tidak dapat diambil dari registri, dan debootstrap (sebagai root) tidak ada "
            f"untuk membuatnya di sini: {pulled.stderr.decode().strip()}"
        )
    return "dari registri"


def _make_base_image(environment: dict[str, str]) -> None:
    print(f"Membuat {BASE} dengan debootstrap …", flush=True)
    with tempfile.TemporaryDirectory(prefix="ekinerja-dasar-") as name:
        root = Path(name) / "akar"
        try:
            run("debootstrap", "--variant=minbase", "bookworm", str(root), env=environment)
        except (CommandFailed, OSError) as error:
            raise CannotRun(f"Citra dasar {BASE} tidak dapat dibuat di sini: {error}") from error
        for rest in (
            "var/cache/apt/archives",
            "var/lib/apt/lists",
            "usr/share/doc",
            "usr/share/man",
            "usr/share/locale",
        ):
            shutil.rmtree(root / rest, ignore_errors=True)
            (root / rest).mkdir()
        (root / "var/cache/apt/archives/partial").mkdir()
        changes = []
        if _TRUST.exists():
            # The build fetches packages: it trusts whom this machine trusts.
            shutil.copyfile(_TRUST, root / "etc" / "ca-mesin.crt")
            names = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
            changes = ["--change", "ENV " + " ".join(f"{one}=/etc/ca-mesin.crt" for one in names)]
        with subprocess.Popen(["tar", "-C", str(root), "-c", "."], stdout=subprocess.PIPE) as archive:
            run("docker", "import", *changes, "-", BASE, env=environment, stdin=archive.stdout)


def _there(environment: dict[str, str]) -> bool:
    return (
        subprocess.run(
            ["docker", "image", "inspect", BASE], env=environment, capture_output=True, check=False
        ).returncode
        == 0
    )
