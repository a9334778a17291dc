"""Prometheus sees everything; then a backup is taken, everything destroyed, everything brought back."""

import json
import time
from typing import Any

import pytest

from deploy.backends.principals import SERVICES
from shared.contracts.payroll import ItemPaid
from tests.compose.conftest import Catatan
from tests.compose.hitungan import Hitungan
from tests.compose.mesin import CommandFailed
from tests.compose.tumpukan import REPLICATED, Tumpukan

_TARGETS = """
import json, urllib.request
with urllib.request.urlopen("http://prometheus:9090/api/v1/targets?state=active", timeout=10) as answer:
    found = json.load(answer)["data"]["activeTargets"]
print(json.dumps([[one["labels"]["job"], one["health"]] for one in found]))
"""


def test_prometheus_sees_every_replica(tumpukan: Tumpukan) -> None:
    tumpukan.compose("--profile", "full", "build", "prometheus")
    tumpukan.compose("--profile", "full", "up", "-d", "--no-build", "--no-deps", "prometheus")
    (name,) = tumpukan.containers("prometheus")
    tumpukan.until_ready(name)
    wanted = [["ekinerja", "up"]] * (2 * len(REPLICATED)) + [["prometheus", "up"]]
    deadline = time.monotonic() + 90
    while (seen := sorted(json.loads(tumpukan.inside("skp-worker", _TARGETS).stdout or "[]"))) != wanted:
        assert time.monotonic() < deadline, seen
        time.sleep(2)
    tumpukan.docker("rm", "-f", name)


def test_backup_destroy_restore(tumpukan: Tumpukan, seharusnya: dict[str, Any], catat: Catatan) -> None:
    assert Hitungan.of(tumpukan).faults() == []
    before = {service: _fingerprint(tumpukan, service) for service in SERVICES}
    paid = tumpukan.bank()
    assert len(paid) == seharusnya["dibayar"]
    began = time.monotonic()
    tumpukan.kelola("cadang")
    saving = time.monotonic() - began
    (backup,) = (tumpukan.folder / "cadangan").iterdir()
    tumpukan.destroy()
    began = time.monotonic()
    tumpukan.kelola("pulih", str(backup))
    restoring = time.monotonic() - began
    # Everything is told again to the new Kafka, and nobody acts on it a second time.
    _until_answered_again(tumpukan, len(paid))
    assert Hitungan.of(tumpukan).faults() == []
    after = {service: _fingerprint(tumpukan, service) for service in SERVICES}
    assert tumpukan.bank() == paid
    month = tumpukan.demo()
    out, _ = month.communicate(timeout=600)
    assert month.returncode == 0, out[-3000:]
    same = tumpukan.figures()["sha256"] == seharusnya["sha256"]
    size = sum(path.stat().st_size for path in backup.iterdir())
    catat("cadangan", saving, "s", "", True, mb=round(size / 1e6, 1))
    catat(
        "pemulihan sampai siap",
        restoring / 60,
        "menit",
        "sha256 sama",
        same,
        sha256=tumpukan.figures()["sha256"],
    )
    print(f"\ncadangan {saving:.1f} s, {size / 1e6:.1f} MB; pemulihan {restoring:.1f} s")
    assert same
    changed = {
        service: {
            name: (kept.get(name), now) for name, now in after[service].items() if kept.get(name) != now
        }
        for service, kept in before.items()
    }
    assert not any(changed.values()), changed
    assert Hitungan.of(tumpukan).faults() == []
    for service in SERVICES:
        assert "utuh" in tumpukan.audit(service)


def test_a_damaged_backup_is_refused(tumpukan: Tumpukan) -> None:
    (backup,) = (tumpukan.folder / "cadangan").iterdir()
    with (backup / "bukti.tar").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(CommandFailed, match="tidak utuh"):
        tumpukan.kelola("pulih", str(backup))


def _until_answered_again(stack: Tumpukan, payments: int) -> None:
    """Payroll, asked again, says again what it paid."""
    deadline = time.monotonic() + 180
    while (said := sum(one["type"] == ItemPaid.TYPE for one in stack.on_topics())) != payments:
        assert time.monotonic() < deadline, f"{said} jawaban, seharusnya {payments}"
        time.sleep(2)


def _fingerprint(stack: Tumpukan, service: str) -> dict[str, tuple[str, str]]:
    """Rows and content of all a service keeps, by table; what runs by itself (audit, attempts) apart."""
    tables = [row["name"] for row in stack.query(service, _TABLES)]
    parts = []
    for name in tables:
        # When an event was published and where a mail stands goes on by itself.
        content = "''" if name in ("kernel.outbox", "public.surel") else _CONTENT
        parts.append(f"SELECT '{name}' AS tabel, count(*) AS baris, {content} AS isi FROM {name} t")
    rows = stack.query(service, " UNION ALL ".join(parts))
    return {row["tabel"]: (row["baris"], row["isi"]) for row in rows}


_CONTENT = "md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), ''))"
_TABLES = """
SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema IN ('public', 'kernel') AND table_name NOT LIKE 'audit%'
  AND table_name NOT LIKE 'outbox\\_%' AND table_name NOT IN ('percobaan', 'alamat_dikenal')
ORDER BY 1
"""
