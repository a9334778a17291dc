"""Processes that outlive their starter: found again by pid and start time, never mistaken for others."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.embedded.files import write_private

MARK = "EKINERJA_PART"
_POLL = 0.05
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def identity(pid: int) -> str | None:
    """What tells this process from a later one with the same pid; None when it does not run."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        if not _BOOT.exists():
            return f"{process.create_time():.2f}"
        # Ticks since boot: unlike a wall-clock start time, no clock correction moves them.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return f"{_BOOT.read_text().strip()}:{fields[19]}"
    except (psutil.Error, OSError):
        return None


@dataclass(frozen=True, slots=True)
class Part:
    """One running part of the platform, as written in `run/<name>.json`."""

    name: str
    pid: int
    identity: str
    port: int | None

    @property
    def alive(self) -> bool:
        """Whether exactly this process still runs."""
        return identity(self.pid) == self.identity

    @property
    def memory(self) -> int:
        """Bytes in memory of the process and its children, shared pages counted once; 0 when it has ended.

        The supervisor's children are parts of their own and do not count as its. Where the system does not
        tell shared pages, plain resident bytes.
        """
        try:
            head = psutil.Process(self.pid)
            family = [head] if self.name == "supervisor" else [head, *head.children(recursive=True)]
        except psutil.Error:
            return 0
        return sum(_proportional(process) for process in family)


def _proportional(process: psutil.Process) -> int:
    try:
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


class Registry:
    """The parts of one home, kept in its `run` folder so that any later process finds them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, name: str) -> Part | None:
        """The part if it still runs.

        The record of a dead process stays until the next one overwrites it: who only looks must not remove
        what the supervisor may have written since.
        """
        try:
            found = Part(name, **json.loads((self.folder / f"{name}.json").read_text()))
        except (OSError, ValueError, TypeError):
            return None
        if found.alive:
            return found
        _take_leave(found.pid)
        return None

    def all(self) -> list[Part]:
        """Every part that runs."""
        found = (self.find(path.stem) for path in sorted(self.folder.glob("*.json")))
        return [part for part in found if part]

    def adopt(self, name: str, pid: int, port: int | None = None) -> Part:
        """Write down a running process. Raises ProcessLookupError when it has ended already."""
        mark = identity(pid)
        if mark is None:
            raise ProcessLookupError(pid)
        part = Part(name, pid, mark, port)
        record = {"pid": pid, "identity": mark, "port": port}
        write_private(self.folder / f"{name}.json", json.dumps(record))
        return part

    def forget(self, name: str) -> None:
        """Remove the record of an ended part."""
        (self.folder / f"{name}.json").unlink(missing_ok=True)


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str],
    folder: Path = Path("/"),
    uid: int | None = None,
    gid: int | None = None,
) -> int:
    """Start a process in a session of its own (Ctrl-C and a dead parent do not reach it); returns its pid.

    Output is appended to `log`, `folder` is its working directory. With `uid` and `gid` it runs as that user,
    without other groups.
    """
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        child = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
            user=uid,
            group=gid,
            extra_groups=None if uid is None else [],
        )
    finally:
        os.close(descriptor)
    # The record follows the process from here on; this keeps the object from complaining that it still runs.
    child.returncode = 0
    return child.pid


def end_strays(*marks: str) -> None:
    """Kill what carries one of these marks in `EKINERJA_PART`: children of a killed part, or a part whose
    starter was killed before it could write it down. Call it only while those parts themselves do not run.
    """
    strays = [process for process in psutil.process_iter() if _mark_of(process) in marks]
    for process in strays:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(strays, timeout=10)


def _mark_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK)
    except (psutil.Error, OSError):
        return None


def _take_leave(pid: int) -> None:
    """If it was a child of ours, do not leave it behind as a zombie.

    Its last threads may outlive the moment it counts as ended, hence the patience.
    """
    deadline = time.monotonic() + 2
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(pid, os.WNOHANG)[0] == 0 and time.monotonic() < deadline:
            time.sleep(0.01)


def end(part: Part, *, gentle: int = signal.SIGTERM, patience: float = 15.0) -> bool:
    """Ask a part to end, and kill it when it does not. True when it ended by itself."""
    asked = _send(part, gentle)
    if wait_gone(part, patience):
        return asked
    _send(part, signal.SIGKILL)
    wait_gone(part, 10.0)
    return False


def kill(part: Part) -> None:
    """SIGKILL, and wait until it is gone."""
    _send(part, signal.SIGKILL)
    wait_gone(part, 10.0)


def _send(part: Part, signum: int) -> bool:
    if not part.alive:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(part.pid, signum)
    return True


def wait_gone(part: Part, seconds: float) -> bool:
    """Wait until the part has ended; False when it still runs after that time."""
    deadline = time.monotonic() + seconds
    while part.alive:
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    _take_leave(part.pid)
    return True
