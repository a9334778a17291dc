"""The month ends the same whatever is killed meanwhile; how large all is; what dies comes back by itself."""

import json
import os
import random
import signal
import time
from typing import Any

import pytest

from deploy.backends.principals import SERVICES
from tests.compose.conftest import Catatan
from tests.compose.hitungan import Hitungan
from tests.compose.tumpukan import PROJECT, Tumpukan

_BETWEEN_KILLS = 1.0


def test_the_month_ends_the_same_whatever_is_killed(
    tumpukan: Tumpukan, seharusnya: dict[str, Any], catat: Catatan, penuh: bool
) -> None:
    dice = random.Random(7)
    victims = [*tumpukan.containers()]
    if not penuh:
        victims = [name for name in victims if not name.endswith("2")]
    dice.shuffle(victims)
    month = tumpukan.demo(kode=tumpukan.activation_code())
    began = time.monotonic()
    killed: list[str] = []
    try:
        for name in victims:
            time.sleep(_BETWEEN_KILLS)
            tumpukan.docker("kill", name)
            killed.append(name)
            assert month.poll() is None, f"bulan selesai sebelum {name} dibunuh"
            tumpukan.docker("start", name)
            if any(kind in name for kind in ("postgres", "kafka", "gateway")):
                tumpukan.until_ready(name)
        out, _ = month.communicate(timeout=900)
    finally:
        month.kill()
    assert month.returncode == 0, out[-3000:]
    told = tumpukan.figures()
    same = told["sha256"] == seharusnya["sha256"]
    catat(
        f"bulan {tumpukan.pegawai} pegawai, {len(killed)} kontainer dibunuh",
        time.monotonic() - began,
        "s",
        "sha256 sama",
        same,
        sha256=told["sha256"],
        dibunuh=killed,
    )
    print(f"\nsha256 {told['sha256']}, dibunuh: {', '.join(killed)}")
    assert same
    assert told["oracle_equal"]
    assert told["dibayar"] == seharusnya["dibayar"]


def test_nothing_was_lost_and_nothing_happened_twice(tumpukan: Tumpukan, catat: Catatan) -> None:
    for name in tumpukan.containers():
        tumpukan.until_ready(name)
    counts = Hitungan.of(tumpukan)
    assert counts.faults() == []
    for service in SERVICES:
        (dead,) = tumpukan.query(service, "SELECT count(*) AS n FROM kernel.dead_letter")
        assert dead["n"] == "0", service
        assert "utuh" in tumpukan.audit(service)
    figures = tumpukan.figures()
    (effects,) = tumpukan.query(
        "tpp",
        "SELECT count(*) AS orang, count(DISTINCT pegawai_id) AS berbeda"
        " FROM tpp_bulan WHERE periode = '2026-10'",
    )
    looked = tumpukan.inside("payroll", _PAYROLL_BOOKS)
    assert looked.returncode == 0, looked.stderr
    paid = json.loads(looked.stdout)
    assert effects["orang"] == effects["berbeda"] == str(figures["pegawai"]) == str(tumpukan.pegawai)
    assert paid.pop("ditolak") == 0
    assert set(paid.values()) == {figures["dibayar"]}, paid
    doubled = tumpukan.query("notification", _SAME_MESSAGE)
    assert not doubled
    (sent,) = tumpukan.query("notification", "SELECT count(*) AS n FROM surel WHERE keadaan = 'terkirim'")
    box = "/var/lib/ekinerja/surel/kotak/new"
    caught = len(tumpukan.docker("exec", tumpukan.containers("surel")[0], "ls", box).split())
    assert caught >= int(sent["n"]) > 0
    seen = {
        **counts.figures(),
        "tpp": effects["orang"],
        "payroll": paid,
        "surel terkirim": sent["n"],
        "surel diterima": caught,
    }
    print("\n" + "\n".join(f"{name}: {value}" for name, value in seen.items()))
    catat("hilang atau ganda", len(counts.faults()), "event", "0", True, **seen)


_SAME_MESSAGE = (
    "SELECT penerima_id, untuk_peran, jenis, tentang_id, waktu FROM notifikasi"
    " GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1"
)
_PAYROLL_BOOKS = """
import json, shutil, sqlite3
from pathlib import Path
# The running payroll holds its books: copies are read, journals included.
for path in Path("/var/lib/ekinerja/store").glob("payroll*"):
    shutil.copy(path, "/tmp")
books, bank = sqlite3.connect("/tmp/payroll.sqlite"), sqlite3.connect("/tmp/payroll.bank.sqlite")
def count(db, sql): return db.execute(f"SELECT count(*) FROM {sql}").fetchone()[0]
print(json.dumps({
    "item": count(books, "item"),
    "dibayar": count(books, "item WHERE keadaan = 'dibayar'"),
    "dijawab": count(books, "jawaban WHERE terkirim = 1"),
    "ditolak": count(books, "ditolak"),
    "transaksi bank": count(bank, "transaksi"),
    "orang di bank": count(bank, "(SELECT DISTINCT nip FROM transaksi)"),
}))
"""


def test_memory_of_each_container(tumpukan: Tumpukan, catat: Catatan) -> None:
    ids = tumpukan.containers()
    for name in ids:
        tumpukan.until_ready(name)
    shown = tumpukan.docker("stats", "--no-stream", "--format", "{{json .}}", *ids).splitlines()
    used = {
        row["Name"].removeprefix(f"{PROJECT}_"): _bytes(row["MemUsage"].split(" / ")[0])
        for row in map(json.loads, shown)
    }
    total = sum(used.values())
    for name, size in sorted(used.items()):
        catat(f"memori {name}", round(size / 2**20), "MiB", "", True)
    catat("memori semua kontainer", round(total / 2**20), "MiB", "<= 4096", total <= 4 * 2**30)
    sizes = tumpukan.docker("images", "ekinerja/*:uji", "--format", "{{.Repository}} {{.Size}}").splitlines()
    for line in sorted(sizes):
        image, shown_size = line.split()
        catat(f"citra {image.removeprefix('ekinerja/')}", shown_size, "", "", True)
    assert total <= 4 * 2**30


def _bytes(text: str) -> int:
    for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10), ("B", 1)):
        if text.endswith(unit):
            return int(float(text.removesuffix(unit)) * size)
    raise ValueError(text)


def test_what_dies_comes_back_by_itself(tumpukan: Tumpukan) -> None:
    if os.geteuid() != 0:
        pytest.fail("proses di dalam kontainer hanya dapat dibunuh dari luar oleh root")
    for name in (
        tumpukan.containers(service)[0]
        for service in ("postgres", "kafka", "gateway", "tpp-worker", "skp-api")
    ):
        before = tumpukan.inspect(name)["State"]
        os.kill(before["Pid"], signal.SIGKILL)
        deadline = time.monotonic() + 60
        while tumpukan.inspect(name)["State"]["Pid"] in (0, before["Pid"]):
            assert time.monotonic() < deadline, name
            time.sleep(0.2)
        tumpukan.until_ready(name)
    for name in tumpukan.containers():
        tumpukan.until_ready(name)
