"""`ekinerja up` and its relatives, as a person runs them, with kills in between."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.embedded import plan
from deploy.embedded.platform import BACKENDS, Platform
from deploy.embedded.processes import MARK, Part, Registry, identity
from deploy.embedded.supervisor import is_ready, planned, url_of
from services.installed import installed
from tests.component.embedded.conftest import new_home, remove

PARTS = ["supervisor", "postgres", "kafka", "web", "worker"]


def environment(**more: str) -> dict[str, str]:
    return {**{k: v for k, v in os.environ.items() if not k.startswith("EKINERJA_")}, **_cache(), **more}


def _cache() -> dict[str, str]:
    return {name: os.environ[name] for name in ("EKINERJA_CACHE",) if name in os.environ}


def ekinerja(home: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "services", *words, "--home", str(home)]
    return subprocess.run(
        command,
        cwd=plan.ROOT,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def until(condition: Callable[[], bool], seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "tidak tercapai pada waktunya"
        time.sleep(0.1)


def all_well(platform: Platform) -> bool:
    running = platform.running()
    if set(running) != set(planned(platform)):
        return False
    backends = [running[name] for name in BACKENDS]
    services = [part for name, part in running.items() if name not in ("supervisor", *BACKENDS)]
    return all(answers(part) for part in backends) and all(is_ready(part.port or 0) for part in services)


def answers(part: Part) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", part.port or 0)) == 0


def of_home(platform: Platform) -> dict[int, str]:
    """Every process that carries this home's mark: pid -> part."""
    prefix = platform.secrets.installation + ":"
    found = {}
    for process in psutil.process_iter():
        try:
            mark = process.environ().get(MARK, "")
        except psutil.Error:
            continue
        if mark.startswith(prefix) and identity(process.pid):
            found[process.pid] = mark.removeprefix(prefix)
    return found


@pytest.fixture(scope="module")
def served() -> Iterator[Platform]:
    """A home that `ekinerja up --detach` serves."""
    home = new_home()
    platform = Platform(home)
    try:
        started = ekinerja(home, "up", "--detach")
        assert started.returncode == 0, started.stdout + started.stderr
        assert "Siap dalam" in started.stdout
        yield platform
    finally:
        ekinerja(home, "down")
        remove(home)


def test_up_serves_and_says_where(served: Platform) -> None:
    assert all_well(served)
    url = url_of(served)
    assert url is not None
    assert is_ready(int(url.rstrip("/").rpartition(":")[2]))
    again = ekinerja(served.home, "up")
    assert again.returncode == 0
    assert f"Sudah berjalan di {url}" in again.stdout


def test_status_shows_every_part(served: Platform) -> None:
    until(lambda: all_well(served))
    shown = ekinerja(served.home, "status", COLUMNS="200")
    assert shown.returncode == 0, shown.stdout
    for name in PARTS:
        assert name in shown.stdout
    assert "tidak berjalan" not in shown.stdout
    for service in installed():
        assert service in shown.stdout


def test_logs_of_one_part_and_of_an_unknown_one(served: Platform) -> None:
    web = ekinerja(served.home, "logs", "web")
    assert web.returncode == 0
    assert "siap" in web.stdout
    unknown = ekinerja(served.home, "logs", "tidakada")
    assert unknown.returncode == 1
    assert "Jalan keluar" in unknown.stderr


def test_services_know_no_owner_password(served: Platform) -> None:
    until(lambda: all_well(served))
    for name in ("web", "worker"):
        variables = psutil.Process(served.running()[name].pid).environ()
        assert "EKINERJA_DB_TPP_APP" in variables
        assert not [variable for variable in variables if variable.endswith("_OWNER")]


@pytest.mark.parametrize("name", ["web", "worker", "postgres", "kafka"])
def test_a_killed_part_comes_back(served: Platform, name: str) -> None:
    until(lambda: all_well(served))
    before = {part: one.pid for part, one in served.running().items()}
    served.kill(name)
    until(lambda: served.registry.find(name) is not None and all_well(served))
    after = {part: one.pid for part, one in served.running().items()}
    assert after.pop(name) != before.pop(name)
    assert after == before


def test_a_killed_supervisor_leaves_all_running_and_the_next_takes_over(served: Platform) -> None:
    until(lambda: all_well(served))
    before = {part: one.pid for part, one in served.running().items()}
    served.kill("supervisor")
    assert {part: one.pid for part, one in served.running().items() if part != "supervisor"} == {
        part: pid for part, pid in before.items() if part != "supervisor"
    }
    assert ekinerja(served.home, "status").returncode == 1
    again = ekinerja(served.home, "up", "--detach")
    assert again.returncode == 0, again.stdout + again.stderr
    until(lambda: all_well(served))
    after = {part: one.pid for part, one in served.running().items()}
    for name in ("postgres", "kafka"):
        assert after[name] == before[name]
    for name in ("supervisor", "web", "worker"):
        assert after[name] != before[name]
        assert identity(before[name]) is None
    assert list(of_home(served).values()).count("web") == 1


def test_after_killing_everything_at_once_it_comes_up_again(served: Platform) -> None:
    until(lambda: all_well(served))
    # The supervisor first, or it would be quicker than we are.
    running = served.running()
    for name in ("supervisor", *(part for part in running if part != "supervisor")):
        os.kill(running[name].pid, signal.SIGKILL)
    until(lambda: not served.running())
    again = ekinerja(served.home, "up", "--detach")
    assert again.returncode == 0, again.stdout + again.stderr
    until(lambda: all_well(served))


def test_killed_while_starting_it_comes_up_the_next_time(served: Platform) -> None:
    """Wherever in its start the supervisor and one of its parts are killed, the next one puts it right."""
    ekinerja(served.home, "down")
    moments = random.Random(8)
    command = [sys.executable, "-m", "services", "up", "--home", str(served.home)]
    for _ in range(3):
        starting = subprocess.Popen(
            command, cwd=plan.ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(moments.uniform(0.3, 5))
        parts = sorted(of_home(served))
        for pid in (starting.pid, *moments.sample(parts, min(1, len(parts)))):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        starting.wait()
    again = ekinerja(served.home, "up", "--detach")
    assert again.returncode == 0, again.stdout + again.stderr
    until(lambda: all_well(served))
    assert sorted(of_home(served).values()) == sorted(set(PARTS) - {"supervisor"})


def test_down_ends_everything(served: Platform) -> None:
    assert ekinerja(served.home, "down").returncode == 0
    assert served.running() == {}
    assert of_home(served) == {}
    assert "Tidak ada yang berjalan" in ekinerja(served.home, "down").stdout
    assert ekinerja(served.home, "status").returncode == 1


def test_ctrl_c_stops_in_order(served: Platform) -> None:
    ekinerja(served.home, "down")
    command = [sys.executable, "-m", "services", "up", "--home", str(served.home)]
    foreground = subprocess.Popen(
        command, cwd=plan.ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert foreground.stdout is not None
    said = []
    for line in foreground.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            break
    foreground.send_signal(signal.SIGINT)
    rest = foreground.stdout.read()
    assert foreground.wait(60) == 0, "".join(said) + rest
    assert "data tersimpan" in rest
    assert served.running() == {}
    assert of_home(served) == {}


def test_a_taken_port_is_said(home: Path) -> None:
    with socket.socket() as guest:
        guest.bind(("127.0.0.1", 0))
        guest.listen()
        port = str(guest.getsockname()[1])
        refused = ekinerja(home, "up", EKINERJA_HTTP_PORT=port)
    assert refused.returncode == 1
    assert f"Porta {port} sedang dipakai" in refused.stderr
    assert "EKINERJA_HTTP_PORT" in refused.stderr
    assert Platform(home).running() == {}


def test_split_gives_each_service_its_own_processes_and_passwords(served: Platform) -> None:
    ekinerja(served.home, "down")
    started = ekinerja(served.home, "up", "--detach", "--split")
    assert started.returncode == 0, started.stdout + started.stderr
    assert all_well(served)
    running = served.running()
    expected = {f"{service}-{kind}" for service in installed() for kind in ("web", "worker")}
    assert set(running) == {"supervisor", "postgres", "kafka", "gateway"} | expected
    for service in installed():
        for kind in ("web", "worker"):
            variables = psutil.Process(running[f"{service}-{kind}"].pid).environ()
            secrets = {v for v in variables if v.startswith(("EKINERJA_DB_", "EKINERJA_KAFKA_"))}
            assert secrets == {
                f"EKINERJA_DB_{service.upper()}_APP",
                f"EKINERJA_KAFKA_USER_{service.upper()}",
                f"EKINERJA_KAFKA_PASSWORD_{service.upper()}",
            }
    assert not [v for v in psutil.Process(running["gateway"].pid).environ() if v.startswith("EKINERJA_DB_")]
    assert ekinerja(served.home, "down").returncode == 0
    assert of_home(served) == {}


def test_reset_asks_first_and_then_leaves_nothing(served: Platform) -> None:
    asked = ekinerja(served.home, "reset")
    assert asked.returncode == 2
    assert "--yes" in asked.stdout
    assert (served.home / "secrets.json").exists()
    assert ekinerja(served.home, "reset", "--yes").returncode == 0
    assert not served.home.exists()
    assert Registry(served.home / "run").all() == []
