"""What an embedded platform lives through: restarts, kills, strangers on its ports, damaged files."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka import TopicPartition

from deploy.embedded import artifacts, place
from deploy.embedded.files import locked
from deploy.embedded.platform import Platform
from deploy.embedded.problems import PlatformError
from deploy.embedded.processes import MARK, Registry, identity
from shared.contracts.catalogue import topic_name
from shared.contracts.pegawai import PEGAWAI
from tests.component.embedded.test_access import consumer, login_of, producer

_TOPIC = topic_name(PEGAWAI.name)


async def _write(platform: Platform, text: str) -> None:
    """Leave one committed row and one acknowledged message."""
    conn = await asyncpg.connect(platform.dsn_in("tpp"))
    try:
        await conn.execute("CREATE TABLE IF NOT EXISTS catatan (isi text)")
        await conn.execute("INSERT INTO catatan VALUES ($1)", text)
    finally:
        await conn.close()
    skp = producer(login_of(platform, "skp"))
    await skp.start()
    try:
        await skp.send_and_wait(_TOPIC, text.encode(), key=b"kunci", partition=0)
    finally:
        await skp.stop()


async def _read(platform: Platform) -> tuple[set[str], set[str]]:
    conn = await asyncpg.connect(platform.dsn_in("tpp"))
    try:
        rows = {row["isi"] for row in await conn.fetch("SELECT isi FROM catatan")}
    finally:
        await conn.close()
    tpp = consumer(login_of(platform, "tpp"), "ekinerja.tpp")
    await tpp.start()
    try:
        one = TopicPartition(_TOPIC, 0)
        tpp.assign([one])
        await tpp.seek_to_beginning(one)
        end = (await tpp.end_offsets([one]))[one]
        messages = set()
        while await tpp.position(one) < end:
            messages.add((await tpp.getone()).value.decode())
    finally:
        await tpp.stop()
    return rows, messages


def _assert_nothing_left(platform: Platform) -> None:
    marks = {platform.mark("kafka"), platform.mark("postgres")}
    left = [p for p in psutil.process_iter() if _marked(p) in marks]
    assert not left
    assert not platform.running()


def _marked(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK)
    except psutil.Error:
        return None


async def test_data_survives_stop_and_start(mine: Platform) -> None:
    await _write(mine, "sebelum berhenti")
    ports = (mine.port("postgres"), mine.port("kafka"))
    mine.stop()
    _assert_nothing_left(mine)
    again = Platform(mine.home)
    again.start_backends()
    assert (again.port("postgres"), again.port("kafka")) == ports
    rows, messages = await _read(again)
    assert "sebelum berhenti" in rows
    assert "sebelum berhenti" in messages


@pytest.mark.parametrize("name", ["postgres", "kafka"])
async def test_data_survives_a_kill(mine: Platform, name: str) -> None:
    mine.start_backends()
    text = f"sebelum {name} dibunuh"
    await _write(mine, text)
    other = {"postgres": "kafka", "kafka": "postgres"}[name]
    kept = mine.running()[other].pid
    mine.kill(name)
    assert name not in mine.running()
    mine.start_backends()
    assert mine.running()[other].pid == kept
    rows, messages = await _read(mine)
    assert text in rows
    assert text in messages


def test_starting_twice_takes_over_what_runs(mine: Platform) -> None:
    mine.start_backends()
    first = {name: part.pid for name, part in mine.running().items()}
    Platform(mine.home).start_backends()
    assert {name: part.pid for name, part in mine.running().items()} == first


def test_a_part_whose_starter_died_before_writing_it_down_is_replaced(mine: Platform) -> None:
    """Between starting a process and recording it, a kill of the starter leaves a stray."""
    mine.start_backends()
    strays = {name: mine.running()[name].pid for name in ("postgres", "kafka")}
    for name in strays:
        mine.registry.forget(name)
    mine.start_backends()
    for name, pid in strays.items():
        assert mine.running()[name].pid != pid
        assert identity(pid) is None


def test_a_stale_pid_file_of_postgresql_does_not_stop_it(mine: Platform) -> None:
    """After a power cut its pid may belong to a stranger, here this very test."""
    mine.start_backends()
    data = Path(psutil.Process(mine.running()["postgres"].pid).cwd())
    mine.kill("postgres")
    (data / "postmaster.pid").write_text(f"{os.getppid()}\n{data}\n1\n1\n\n127.0.0.1\n0 0\nready\n")
    mine.start_backends()
    assert "postgres" in mine.running()


def test_a_stranger_with_a_recorded_pid_is_never_ended(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        registry = Registry(tmp_path)
        part = registry.adopt("web", stranger.pid, 8000)
        assert part.alive
        record = tmp_path / "web.json"
        record.write_text(record.read_text().replace(part.identity, "zaman-lain:1"))
        assert registry.find("web") is None
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_who_only_looks_never_removes_a_newer_record(tmp_path: Path) -> None:
    """`ekinerja status` beside a supervisor that restarts a part never makes it do so twice."""
    registry = Registry(tmp_path)
    registry.adopt("web", os.getpid(), 8000)
    record = tmp_path / "web.json"
    dead = record.read_text().replace('identity": "', 'identity": "zaman-lain')
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            registry.find("web")

    looker = threading.Thread(target=look)
    looker.start()
    try:
        for _ in range(300):
            record.write_text(dead)
            registry.adopt("web", os.getpid(), 8000)
            assert registry.find("web") is not None
    finally:
        done.set()
        looker.join()


async def test_a_port_taken_meanwhile_is_chosen_anew(mine: Platform) -> None:
    mine.stop()
    before = {name: mine.port(name) for name in ("postgres", "kafka", "kafka_controller")}
    guests = []
    try:
        for port in before.values():
            guest = socket.socket()
            guest.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            guest.bind(("127.0.0.1", port))
            guest.listen()
            guests.append(guest)
        mine.start_backends()
        for name, port in before.items():
            assert mine.port(name) != port
        await _write(mine, "di porta lain")
        assert f"127.0.0.1:{mine.port('kafka')}" == mine.environment()["EKINERJA_KAFKA"]
    finally:
        for guest in guests:
            guest.close()


def test_a_lost_secrets_file_is_said_and_nothing_is_overwritten(mine: Platform) -> None:
    mine.stop()
    secrets = mine.home / "secrets.json"
    kept = secrets.read_text()
    try:
        secrets.write_text("{}")
        with pytest.raises(PlatformError, match="rahasia"):
            Platform(mine.home).start_backends()
        secrets.unlink()
        with pytest.raises(PlatformError, match=r"sandi|rahasia|Kafka"):
            Platform(mine.home).start_backends()
    finally:
        Platform(mine.home).stop()
        secrets.write_text(kept)
    Platform(mine.home).start_backends()
    assert set(mine.running()) == {"postgres", "kafka"}


def test_root_finds_a_place_that_its_postgresql_can_enter(home: Path) -> None:
    """A home in a folder closed to others, as a checkout under root's own home is."""
    home.parent.chmod(0o700)
    said: list[str] = []
    platform = Platform(home, durable=False, say=said.append)
    try:
        platform.start("postgres")
        data = Path(psutil.Process(platform.running()["postgres"].pid).cwd())
        platform.stop()
        # A home that was moved still finds its data.
        moved = home.with_name("pindah")
        home.rename(moved)
        platform = Platform(moved, durable=False)
        platform.start("postgres")
        if os.geteuid() == 0:
            assert data.parent == place.outside(home)
            assert str(place.outside(home)) in "\n".join(said)
        else:
            assert data == home / "postgres" / "data"
            data = moved / "postgres" / "data"
        assert Path(psutil.Process(platform.running()["postgres"].pid).cwd()) == data
    finally:
        platform.stop()
        platform.erase()
    assert not data.exists()


def test_a_copy_of_the_programs_stands_alone(tmp_path: Path) -> None:
    """What root's PostgreSQL runs from when the packages lie in a folder closed to others."""
    programs = place.copy_programs(place.wheel(), tmp_path, lambda _: None)
    assert tmp_path in programs.parents
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    for name in ("postgres", "initdb"):
        done = subprocess.run(
            [programs / name, "--version"], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "18." in done.stdout


def test_a_home_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("bukan folder")
    with pytest.raises(PlatformError, match="EKINERJA_HOME"):
        Platform(tmp_path / "berkas" / "home").start_backends()


def test_damaged_and_absent_jars_are_found(tmp_path: Path) -> None:
    folder = artifacts.kafka_jars(lambda _: None)
    assert artifacts.faults(folder) == []
    copy = tmp_path / "jars"
    shutil.copytree(folder, copy)
    damaged, absent = sorted(artifacts.expected())[:2]
    with (copy / damaged).open("r+b") as file:
        file.seek(1000)
        byte = file.read(1)
        file.seek(1000)
        file.write(bytes([byte[0] ^ 1]))
    (copy / absent).unlink()
    assert sorted(artifacts.faults(copy)) == [damaged, absent]


def test_a_damaged_jar_is_not_run_when_it_cannot_be_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = artifacts.kafka_jars(lambda _: None)
    shutil.copytree(good, tmp_path / good.name)
    victim = tmp_path / good.name / "kafka-clients-4.3.0.jar"
    victim.write_bytes(victim.read_bytes() + b"\0")
    monkeypatch.setenv("EKINERJA_CACHE", str(tmp_path))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    said: list[str] = []
    with pytest.raises(PlatformError, match="internet"):
        artifacts.kafka_jars(said.append)
    assert any("kafka-clients-4.3.0.jar" in line for line in said)
    assert not list(tmp_path.glob(".unduh-*"))


def test_the_list_of_coordinates_and_the_list_of_sums_name_the_same_files() -> None:
    import tomllib

    listed = tomllib.loads((artifacts.HERE / "jgo.toml").read_text())["dependencies"]["coordinates"]
    names = {"{1}-{2}.jar".format(*coordinate.split(":")) for coordinate in listed}
    assert names == set(artifacts.expected())
    assert len(listed) == len(names) == 46


def test_a_lock_falls_with_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "kunci"
    program = (
        "import sys, time; from pathlib import Path; from deploy.embedded.files import locked\n"
        "with locked(Path(sys.argv[1])) as held:\n    print(held, flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    with locked(path) as held:
        assert not held
    holder.kill()
    holder.wait()
    with locked(path, wait=5) as held:
        assert held
