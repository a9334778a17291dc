"""Kafka's class cache: made when it is absent or damaged, never in the way of a start."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.artifacts import kafka_jars
from deploy.embedded.class_cache import class_cache
from deploy.embedded.kafka import java


@pytest.fixture
def jars() -> Iterator[Path]:
    """The machine's jars with their cache, in a folder of their own."""
    ours = kafka_jars(print)
    assert class_cache(ours, print) is not None
    with tempfile.TemporaryDirectory(prefix="ekinerja-uji-") as name:
        folder = Path(name) / ours.name
        shutil.copytree(ours, folder, copy_function=os.link)
        for part in ours.parent.glob(f"{ours.name}-*.aot*"):
            shutil.copy(part, name)
        yield folder


def test_a_damaged_cache_is_made_anew_and_java_uses_it(jars: Path) -> None:
    told: list[str] = []
    first = class_cache(jars, told.append)
    assert first is not None
    assert first.parent == jars.parent
    assert not told, "yang utuh dipakai, tidak dibuat lagi"
    half = first.stat().st_size // 2
    os.truncate(first, half)

    again = class_cache(jars, told.append)
    assert again is not None
    assert len(told) == 1
    assert again.stat().st_size > half
    assert class_cache(jars, told.append) == again
    assert len(told) == 1, "yang baru dibuat pun utuh"

    # Where a cache must be used and does not fit, Java refuses to start.
    strict = ["-XX:+UseSerialGC", "-XX:AOTMode=on", f"-XX:AOTCache={again}", "-cp", f"{jars}/*"]
    done = subprocess.run([java(), *strict, "kafka.tools.StorageTool", "random-uuid"], capture_output=True)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in jars.parent.glob(".latih-*")] == []


def test_without_jars_that_start_there_is_no_cache_and_nothing_left_behind(tmp_path: Path) -> None:
    empty = tmp_path / "kafka"
    empty.mkdir()
    assert class_cache(empty, lambda _: None) is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["aot.lock", "kafka"]
