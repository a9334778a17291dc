"""One small pemda that has just finished its month, on a platform of its own, still serving.

It sends its mail to a real SMTP server and records every trace.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiosmtpd.controller import Controller
from rich.progress import Progress

from deploy.demo import pemda as contoh
from deploy.demo.bulan import Bulan
from deploy.demo.klien import Klien
from deploy.embedded.files import free_port
from deploy.embedded.platform import Platform
from deploy.embedded.supervisor import end_all, url_of
from shared.auth.token import Signer, Verifier
from tests.surel import Peladen

T = TypeVar("T")
PILIHAN = {"pegawai": 24, "opd": 3, "seed": 11, "periode": "2026-10", "kebijakan": "umum-60-40"}


@dataclass
class Dunia:
    """The finished month: where it serves, its people, and a way to act as any of them."""

    home: Path
    url: str
    hasil: dict[str, Any]
    platform: Platform
    pemda: contoh.Pemda
    surat: list[EmailMessage]
    """The mail that was sent, as the server took it."""
    jejak: Path
    """The trace file."""
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        secret = bytes.fromhex(json.loads((self.home / "demo.json").read_text())["rahasia"])
        run = "/".join(str(PILIHAN[name]) for name in ("seed", "pegawai", "opd", "periode", "kebijakan"))
        self.klien = Klien(self.url, f"ekinerja-demo/{run}", secret)
        self.bulan = Bulan(self.pemda, self.klien, Progress(disable=True))

    def jalankan(self, work: Coroutine[Any, Any, T]) -> T:
        """Run one asynchronous step, in a thread of its own: a browser test's thread has a loop already."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(300)

    def token(self, nip: str) -> str:
        """A session of a person that nobody else uses: who logs out of it disturbs no other test."""
        keys = self.home / "keys"
        return Signer(keys).issue(Verifier(keys).verify(self.jalankan(self.klien.masuk(nip))))[0]

    def tutup(self) -> None:
        """Close connections."""
        self.jalankan(self.klien.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def demo(home: Path, *extra: str, **environment: str) -> subprocess.Popen[str]:
    """Start `ekinerja demo` on a home; its output goes to `demo.log` in it."""
    options = [part for name, value in PILIHAN.items() for part in (f"--{name}", str(value))]
    home.mkdir(parents=True, exist_ok=True)
    # A port of its own: two that begin together would both take the one that people know.
    own = {"COLUMNS": "160", "EKINERJA_HTTP_PORT": str(free_port(set()))}
    with (home / "demo.log").open("a") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "services", "demo", "--home", str(home), *options, *extra],
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | own | environment,
        )


@contextmanager
def dimainkan() -> Iterator[Dunia]:
    """`ekinerja demo`, run as a newcomer would, when it has printed its result and goes on serving."""
    with tempfile.TemporaryDirectory(prefix="ekinerja-uji-") as folder:
        home = Path(folder) / "rumah"
        Path(folder).chmod(0o711)
        result, jejak = Path(folder) / "hasil.json", Path(folder) / "jejak.jsonl"
        pos = Peladen()
        peladen = Controller(pos, hostname="127.0.0.1", port=free_port(set()))
        peladen.start()
        process = demo(
            home,
            "--json",
            str(result),
            EKINERJA_SMTP=f"smtp://127.0.0.1:{peladen.port}",
            EKINERJA_TRACE_FILE=str(jejak),
        )
        try:
            end = time.monotonic() + 300
            while not result.exists():
                if process.poll() is not None or time.monotonic() > end:
                    pytest.fail("demo tidak selesai:\n" + (home / "demo.log").read_text()[-6000:])
                time.sleep(0.2)
            platform = Platform(home)
            url = url_of(platform)
            assert url
            data = contoh.bangun(
                **{name: PILIHAN[name] for name in ("pegawai", "opd", "seed", "periode")}  # type: ignore[arg-type]
            )
            world = Dunia(home, url, json.loads(result.read_text()), platform, data, pos.diterima, jejak)
            yield world
            world.tutup()
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(60)
            finally:
                end_all(Platform(home))
                Platform(home).erase()
                peladen.stop()
