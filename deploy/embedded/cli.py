"""`ekinerja up | down | status | logs | reset`: the whole product on one machine."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.embedded import plan
from deploy.embedded.platform import Platform
from deploy.embedded.problems import PlatformError
from deploy.embedded.processes import identity, spawn

Home = Annotated[Path, typer.Option("--home", envvar="EKINERJA_HOME", help="Folder data")]
DEFAULT_HOME = Path(".ekinerja")
_DETACHED_SECONDS = 240.0


def say(text: str) -> None:
    """One step on the screen."""
    Console(highlight=False, soft_wrap=True).print(text, markup=False)


def refuse(error: PlatformError) -> typer.Exit:
    """Show what stands in the way; the exit to raise."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), markup=False, style="red")
    return typer.Exit(1)


def up(
    home: Home = DEFAULT_HOME,
    split: Annotated[bool, typer.Option("--split", help="Proses sendiri untuk setiap layanan")] = False,
    detach: Annotated[bool, typer.Option("--detach", help="Berjalan di latar belakang")] = False,
) -> None:
    """Nyalakan semuanya di mesin ini; Ctrl-C menghentikan dengan tertib."""
    from deploy.embedded.supervisor import AlreadyRunning, Supervisor

    began = time.monotonic()
    platform = Platform(home, say=say)
    if detach:
        _up_detached(platform, split=split)
        return
    supervisor = Supervisor(platform, split=split)
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, lambda *_: supervisor.ask_to_stop())
    say(f"Menyalakan e-Kinerja di {platform.home} …")
    try:
        url = supervisor.start(say)
    except AlreadyRunning as running:
        say(f"Sudah berjalan di {running.url}" if running.url else "Perintah lain sedang menyalakannya.")
        return
    except PlatformError as error:
        raise refuse(error) from None
    if not supervisor.stopping:
        say(f"Siap dalam {time.monotonic() - began:.1f} detik: {url}")
        say("Ctrl-C untuk berhenti.")
    supervisor.wait()
    say("Berhenti …")
    supervisor.stop()
    say("Sudah berhenti; data tersimpan.")


def _up_detached(platform: Platform, *, split: bool) -> None:
    """Leave the supervisor running in the background and come back when it serves."""
    from deploy.embedded.supervisor import url_of

    if url := url_of(platform):
        say(f"Sudah berjalan di {url}")
        return
    try:
        platform.prepare()
        log = platform.logs / "supervisor.log"
        begin = log.stat().st_size if log.exists() else 0
        command = [sys.executable, "-m", "services", "up", "--home", str(platform.home)]
        pid = spawn(
            [*command, *(["--split"] if split else [])], log=log, environment=os.environ, folder=plan.ROOT
        )
    except PlatformError as error:
        raise refuse(error) from None
    deadline = time.monotonic() + _DETACHED_SECONDS
    for line in _lines(log, begin, until=lambda: identity(pid) is None or time.monotonic() > deadline):
        say(line)
        if line.startswith(("Siap dalam", "Sudah berjalan")):
            return
    raise refuse(PlatformError("e-Kinerja tidak dapat dinyalakan.", f"lihat {log}."))


def _lines(log: Path, begin: int, *, until: Callable[[], bool]) -> Iterator[str]:
    """Lines added to a log from a byte position on; ends when `until` says so and nothing more is there."""
    with log.open(errors="replace") as file:
        file.seek(begin)
        rest = ""
        while True:
            ended = until()
            piece = file.readline()
            if piece.endswith("\n"):
                yield (rest + piece).rstrip("\n")
                rest = ""
                continue
            rest += piece
            if ended:
                return
            if log.stat().st_size < file.tell():
                file.seek(0)
            time.sleep(0.1)


def down(home: Home = DEFAULT_HOME) -> None:
    """Hentikan semuanya dengan tertib; data tetap tersimpan."""
    from deploy.embedded.supervisor import end_all

    say("Sudah berhenti; data tersimpan." if end_all(Platform(home)) else "Tidak ada yang berjalan.")


def status(home: Home = DEFAULT_HOME) -> None:
    """Tampilkan setiap bagian: keadaan, porta, memori, dan apa yang masih menunggu."""
    from deploy.embedded import status as state

    platform = _existing(home)
    found = state.parts(platform)
    table = Table("bagian", "keadaan", "pid", "porta", "memori MB")
    for part in found:
        memory = f"{part.memory / 2**20:.0f}" if part.memory else ""
        table.add_row(part.name, part.state, str(part.pid or ""), str(part.port or ""), memory)
    total = sum(part.memory for part in found)
    table.add_row("jumlah", "", "", "", f"{total / 2**20:.0f}", style="bold")
    console = Console()
    console.print(table)
    queues = Table("layanan", "event belum terkirim", "event belum diterapkan")
    for row in state.waiting(platform):
        queues.add_row(
            row.service,
            *("tidak diketahui" if value is None else str(value) for value in (row.outbox, row.lag)),
        )
    console.print(queues)
    if any(part.state != "siap" and part.state != "berjalan" for part in found) or not found:
        raise typer.Exit(1)


def logs(
    part: Annotated[str, typer.Argument(help="Nama bagian, atau kosong untuk semua")] = "",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Ikuti terus")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", help="Berapa baris terakhir")] = 30,
    home: Home = DEFAULT_HOME,
) -> None:
    """Tampilkan catatan bagian-bagian."""
    platform = _existing(home)
    found = sorted(platform.logs.glob(f"{part or '*'}.log"))
    if not found:
        names = ", ".join(sorted(log.stem for log in platform.logs.glob("*.log"))) or "belum ada"
        raise refuse(PlatformError(f"Tidak ada catatan bagian {part}.", f"pilih salah satu: {names}."))
    for log in found:
        if len(found) > 1:
            say(f"== {log.stem} ==")
        for line in log.read_text(errors="replace").splitlines()[-lines:]:
            say(line)
    if follow:
        _follow(found)


def _follow(found: list[Path]) -> None:
    ends = {log: log.stat().st_size for log in found}
    try:
        while True:
            for log, seen in ends.items():
                with log.open("rb") as file:
                    # An emptied log (see the supervisor) is read from its beginning again.
                    start = seen if seen <= log.stat().st_size else 0
                    file.seek(start)
                    whole, newline, _ = file.read().rpartition(b"\n")
                ends[log] = start + len(whole) + len(newline)
                for line in whole.decode(errors="replace").splitlines():
                    say(f"{log.stem}: {line}" if len(found) > 1 else line)
            time.sleep(0.3)
    except KeyboardInterrupt:
        return


def reset(
    home: Home = DEFAULT_HOME,
    yes: Annotated[bool, typer.Option("--yes", help="Ya, hapus semua data")] = False,
) -> None:
    """Hapus seluruh data pemasangan ini. Tidak dapat dikembalikan."""
    from deploy.embedded.supervisor import end_all

    platform = _existing(home)
    if not yes:
        say(f"Semua data di {platform.home} akan dihapus dan tidak dapat dikembalikan.")
        say("Bila sudah yakin: ekinerja reset --yes")
        raise typer.Exit(2)
    end_all(platform)
    platform.erase()
    say(f"{platform.home} sudah dihapus.")


def _existing(home: Path) -> Platform:
    platform = Platform(home)
    if not (platform.home / "secrets.json").exists():
        raise refuse(
            PlatformError(f"Belum ada pemasangan di {platform.home}.", "nyalakan dengan `ekinerja up`.")
        )
    return platform


def join() -> None:
    """Let a command speak with what runs in this machine's home, unless its environment names another."""
    if "EKINERJA_KAFKA" in os.environ:
        return
    platform = Platform(Path(os.environ.get("EKINERJA_HOME", DEFAULT_HOME)))
    if (platform.home / "secrets.json").exists() and "postgres" in platform.running():
        os.environ |= plan.without_owners(platform.environment())


def mount(app: typer.Typer, *operating: typer.Typer) -> None:
    """Add these commands to the `ekinerja` command; `operating`: groups that speak with an installation."""
    for command in (up, down, status, logs, reset):
        app.command()(command)
    for group in operating:
        group.callback()(join)
