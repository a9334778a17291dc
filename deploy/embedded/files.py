"""Files and ports of a home: written whole or not at all, found free, kept."""

import errno
import fcntl
import os
import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.embedded.problems import PlatformError

# Below the range from which systems lend ports to outgoing connections, so that a kept port stays free.
_PORTS = range(21_000, 32_000)


def write_private(path: Path, text: str) -> None:
    """Replace a file that only its owner may read; after a crash it holds the old text or the new.

    Raises PlatformError when there is no space or no right to write.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> PlatformError:
    """Why a path cannot be written, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return PlatformError(
            f"Ruang di cakram habis saat menulis {path}.",
            "kosongkan sedikitnya 1 GB, lalu ulangi perintah ini.",
        )
    return PlatformError(
        f"{path} tidak dapat ditulis ({os.strerror(error.errno or errno.EACCES)}).",
        "pilih folder lain dengan EKINERJA_HOME=/folder/yang/boleh/ditulis, atau perbaiki hak tulisnya.",
    )


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        # As servers do: a port whose last connections are still fading away counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(taken: set[int]) -> int:
    """A free port outside `taken`. Raises PlatformError when none is found."""
    for port in random.sample(_PORTS, 300):
        if port not in taken and is_free(port):
            return port
    raise PlatformError(
        "Tidak ada porta bebas di 127.0.0.1.", "hentikan program lain yang memakai banyak porta."
    )


@contextmanager
def locked(path: Path, *, wait: float = 0.0) -> Iterator[bool]:
    """Hold a lock file while the block runs; yields False when another process holds it.

    The system drops the lock when its holder dies, however it dies.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                held = True
                break
            except OSError:
                held = False
                if time.monotonic() >= deadline:
                    break
                time.sleep(0.05)
        yield held
    finally:
        os.close(descriptor)
