"""Apache Kafka's jars: fetched once, checked against our own list, shared by all homes of a user."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from deploy.embedded.files import locked, unwritable
from deploy.embedded.problems import PlatformError

HERE = Path(__file__).resolve().parent
_WAIT_FOR_OTHER = 600.0


def expected() -> dict[str, str]:
    """File name -> SHA-256 of every artifact, as committed."""
    lines = (HERE / "kafka.sha256").read_text().split("\n")
    return {name: digest for digest, name in (line.split() for line in lines if line)}


def cache_folder() -> Path:
    """Where artifacts are shared between homes: EKINERJA_CACHE, else the user's cache folder."""
    given = os.environ.get("EKINERJA_CACHE")
    if given:
        return Path(given).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "ekinerja"


def faults(folder: Path) -> list[str]:
    """Names of artifacts that are absent from a folder or differ from the committed SHA-256."""
    return [name for name, digest in expected().items() if _digest(folder / name) != digest]


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def kafka_jars(say: Callable[[str], None]) -> Path:
    """The folder of checked jars, fetched when absent or damaged; whole or not at all.

    Raises PlatformError without network, without space, or when what arrives is not what we expect.
    """
    cache = cache_folder()
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(cache, error) from error
    version = hashlib.sha256((HERE / "kafka.sha256").read_bytes()).hexdigest()[:12]
    folder = cache / f"kafka-4.3.0-{version}"
    with locked(cache / "kafka.lock", wait=_WAIT_FOR_OTHER):
        damaged = faults(folder)
        if not damaged:
            return folder
        if folder.exists():
            say(f"Berkas Kafka di {folder} rusak ({', '.join(damaged[:3])}); diambil ulang.")
        _fetch(cache, folder, say)
    return folder


def _fetch(cache: Path, folder: Path, say: Callable[[str], None]) -> None:
    say("Mengunduh Apache Kafka 4.3.0 (44 MB, sekali saja) …")
    try:
        work = Path(tempfile.mkdtemp(prefix=".unduh-", dir=cache))
    except OSError as error:
        raise unwritable(cache, error) from error
    try:
        _download(work)
        checked = work / "checked"
        checked.mkdir()
        for name in expected():
            source = next((path for path in (work / "env").rglob(name)), None)
            if source is not None:
                shutil.copyfile(source, checked / name)
        wrong = faults(checked)
        if wrong:
            raise PlatformError(
                f"Unduhan Kafka tidak sama dengan daftar sha256 kami: {', '.join(wrong[:3])}. Tidak dipakai.",
                "periksa apakah proksi atau cermin paket di jaringan ini mengubah berkas, lalu ulangi.",
            )
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(checked, folder)
    except OSError as error:
        raise unwritable(cache, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _download(work: Path) -> None:
    shutil.copyfile(HERE / "jgo.toml", work / "jgo.toml")
    command = [sys.executable, "-m", "jgo", "--resolver", "python", "--class-path-only", "--links", "copy"]
    command += ["--timeout", "60", "--cache-dir", str(work / "env"), "--repo-cache", str(work / "m2"), "sync"]
    try:
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, timeout=900, check=False)
    except subprocess.TimeoutExpired as error:
        raise PlatformError(
            "Unduhan Kafka tidak selesai dalam 15 menit.",
            "periksa jaringan, lalu ulangi; tidak ada yang rusak.",
        ) from error
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "tanpa keterangan").splitlines()[-1]
        raise PlatformError(
            f"Apache Kafka tidak dapat diunduh dari gudang Maven: {last.strip()}",
            "sambungkan mesin ini ke internet (atau isi cermin Maven di ~/.config/jgo.conf), lalu ulangi. "
            f"Tanpa jaringan: salin folder {cache_folder()} dari mesin yang sudah memilikinya.",
        )
