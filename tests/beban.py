"""What processes cost, and giving each only a share of a core: for measuring on a machine that all share."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

_WINDOW = 0.1
_LOOK = 0.002


def detik_cpu(processes: Mapping[str, int]) -> dict[str, float]:
    """CPU seconds so far of each process (name -> pid), its children and what its ended children used."""
    children: dict[int, list[psutil.Process]] = {}
    for one in psutil.process_iter(["ppid"]):
        children.setdefault(one.info["ppid"], []).append(one)
    return {name: _detik(psutil.Process(pid), children.get(pid, [])) for name, pid in processes.items()}


def detik_mesin() -> float:
    """Seconds so far that any core was busy, with whatever."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq)


def _detik(process: psutil.Process, children: list[psutil.Process]) -> float:
    head = process.cpu_times()
    total = head.user + head.system + head.children_user + head.children_system
    for one in children:
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system
    return total


@contextmanager
def dibatasi(pids: Sequence[int], share: float) -> Iterator[None]:
    """While the block runs each of these processes gets at most `share` of a core, however much is free.

    As a quota of a container does it: who has used up its part of a tenth of a second is stopped until the
    next. So each is as slow as on a small machine of its own, and what they share is not what they wait for.
    """
    ended = threading.Event()
    guard = threading.Thread(target=_jaga, args=(list(pids), share, ended), daemon=True)
    guard.start()
    try:
        yield
    finally:
        ended.set()
        guard.join()
        for pid in pids:
            _beri_tahu(pid, signal.SIGCONT)


def _jaga(pids: list[int], share: float, ended: threading.Event) -> None:
    now = time.monotonic()
    # Windows begin one after another, so that the processes do not all run at once and then all rest.
    ends = {pid: now + _WINDOW * (number + 1) / len(pids) for number, pid in enumerate(pids)}
    limit = {pid: _terpakai(pid) + share * _WINDOW for pid in pids}
    resting: set[int] = set()
    while not ended.wait(_LOOK):
        now = time.monotonic()
        for pid in pids:
            used = _terpakai(pid)
            if now >= ends[pid]:
                # Who comes too late grants one window, not all that were missed. What was used too much
                # is made up for; what was not used is not saved.
                ends[pid] = max(ends[pid], now - _WINDOW) + _WINDOW
                limit[pid] = min(limit[pid], used) + share * _WINDOW
            if used < limit[pid] and pid in resting:
                resting.discard(pid)
                _beri_tahu(pid, signal.SIGCONT)
            elif used >= limit[pid] and pid not in resting:
                resting.add(pid)
                _beri_tahu(pid, signal.SIGSTOP)


def _beri_tahu(pid: int, what: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, what)


def _terpakai(pid: int) -> float:
    """Seconds on a core so far, of all threads, to the nanosecond where the clock ticks are too coarse."""
    total = 0
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9
