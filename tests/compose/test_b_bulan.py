"""The month ends the same whatever is killed meanwhile; what dies comes back by itself."""

import json
import os
import random
import signal
import time
from collections import Counter
from typing import Any

import pytest

from deploy.backends.principals import SERVICES
from services.__main__ import composed
from shared.contracts.catalogue import EVENTS
from shared.outbox.manifest import UNCOUNTED
from tests.compose.conftest import Catatan
from tests.compose.tumpukan import Tumpukan

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
    tumpukan.until_quiet()
    topic_of = {event.TYPE: event.TOPIC.name for event in EVENTS}
    outbox: dict[str, dict[str, Any]] = {}
    for service in SERVICES:
        rows = tumpukan.query(service, "SELECT id, aggregatetype AS topic, type, periode FROM kernel.outbox")
        outbox |= {row["id"]: row for row in rows}
    on_topics = tumpukan.on_topics()
    told: Counter[str] = Counter()
    delivered: Counter[str] = Counter()
    for one in on_topics:
        told[one["topic"]] += 1
        delivered[one["topic"]] += one["kali"]
    ours = {
        one["id"]
        for one in on_topics
        if "payroll.item-paid" not in one["type"] and "item-failed" not in one["type"]
    }
    assert ours == outbox.keys(), "outbox dan topik berbeda"
    inbox_counts = {}
    for service in SERVICES:
        built = composed(service)
        handled = {sub.event.TYPE for sub in built.subscriptions} | {bar.event.TYPE for bar in built.barriers}
        wanted = {one["id"] for one in on_topics if one["type"] in handled}
        inbox = {row["event_id"] for row in tumpukan.query(service, "SELECT event_id FROM kernel.inbox")}
        assert wanted <= inbox, f"{service}: {len(wanted - inbox)} event tidak diterapkan"
        heard = {topic_of[kind] for kind in handled}
        tally = {
            row["topic"]: int(row["n"])
            for row in tumpukan.query(
                service, "SELECT topic, sum(count)::bigint AS n FROM kernel.tally GROUP BY topic"
            )
        }
        counted = Counter(
            row["topic"]
            for row in outbox.values()
            if row["topic"] in heard and row["periode"] and row["type"] not in UNCOUNTED
        )
        for topic, count in counted.items():
            assert tally.get(topic, 0) == count, (
                f"{service}/{topic}: {tally.get(topic)} kali diterapkan, {count} event"
            )
        dead = tumpukan.query(service, "SELECT count(*) AS n FROM kernel.dead_letter")
        assert dead[0]["n"] == "0", service
        inbox_counts[service] = len(inbox)
    figures = tumpukan.figures()
    (effects,) = tumpukan.query(
        "tpp",
        "SELECT count(*) AS orang, count(DISTINCT pegawai_id) AS berbeda"
        " FROM tpp_bulan WHERE periode = '2026-10'",
    )
    paid = json.loads(tumpukan.inside("payroll", _PAYROLL_BOOKS).stdout)
    print(f"\noutbox {len(outbox)} event; topik {dict(told)}; dikirim {dict(delivered)}")
    print(f"inbox {inbox_counts}; tpp {effects}; pembukuan payroll {paid}")
    assert effects["orang"] == effects["berbeda"] == str(figures["pegawai"]) == str(tumpukan.pegawai)
    assert paid == {"item": figures["dibayar"], "dibayar": figures["dibayar"], "dijawab": figures["dibayar"]}
    doubled = tumpukan.query("notification", _SAME_MESSAGE)
    assert not doubled
    (sent,) = tumpukan.query("notification", "SELECT count(*) AS n FROM surel WHERE keadaan = 'terkirim'")
    box = "/var/lib/ekinerja/surel/kotak/new"
    caught = len(tumpukan.docker("exec", tumpukan.containers("surel")[0], "ls", box).split())
    print(f"surel terkirim {sent['n']}, diterima penangkap {caught}")
    assert caught >= int(sent["n"]) > 0
    for service in SERVICES:
        audit = tumpukan.docker(
            "exec", tumpukan.containers(f"{service}-worker")[0], "ekinerja", "audit", "verify", service
        )
        assert "utuh" in audit, audit
    catat(
        "hilang atau ganda",
        0,
        "event",
        "0",
        True,
        outbox=len(outbox),
        topik=dict(told),
        dikirim=dict(delivered),
        inbox=inbox_counts,
        payroll=paid,
    )


_SAME_MESSAGE = (
    "SELECT penerima_id, untuk_peran, jenis, tentang_id, waktu FROM notifikasi"
    " GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1"
)
_PAYROLL_BOOKS = """
import json, sqlite3, shutil
# The running payroll holds its books: a copy is read, journal included.
for end in ("", "-wal"):
    shutil.copyfile(f"/var/lib/ekinerja/store/payroll.sqlite{end}", f"/tmp/salinan.sqlite{end}")
db = sqlite3.connect("/tmp/salinan.sqlite")
one = lambda sql: db.execute(sql).fetchone()[0]
print(json.dumps({"item": one("SELECT count(*) FROM item"), "dibayar": one("SELECT count(*) FROM pembayaran"),
    "dijawab": one("SELECT count(*) FROM jawaban WHERE terkirim = 1")}))
"""


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
