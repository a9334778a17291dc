"""The payroll example: books that pay once whatever arrives, and the real topic fed to it again and again."""

import asyncio
import json
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from deploy.embedded.platform import Platform
from deploy.examples.payroll.payroll import Books, answer
from services.tpp.penetapan.rules import Item, sidik_batch
from shared.contracts.payroll import BatchApproved, ItemFailed, ItemPaid, ItemPayable, PayrollEvent
from shared.money import Rupiah
from shared.nip import Nip
from shared.runtime.health import Health
from shared.runtime.host import open_worker
from tests.component.layanan import NIP, buka
from tests.component.tpp.dunia import BPKAD, BULAN, DEDI, NIP_DARI, OKTOBER, Dunia
from tests.conftest import FreshDatabase

ROOT = Path(__file__).resolve().parents[3]


def record(event: PayrollEvent, offset: int = 0) -> Any:
    """A message as the consumer gets it."""
    headers = [("ce_type", event.TYPE.encode()), ("ce_id", str(uuid4()).encode())]
    return SimpleNamespace(
        topic="uji", partition=0, offset=offset, headers=headers, value=event.model_dump_json().encode()
    )


def batch(*neto: int) -> tuple[BatchApproved, list[ItemPayable]]:
    """A manifest and its items."""
    batch_id = uuid4()
    items = [
        Item(uuid4(), uuid4(), NIP.format(number), amount + 100, 100, amount)
        for number, amount in enumerate(neto, 1)
    ]
    events = [
        ItemPayable(
            version=number + 1,
            batch_id=batch_id,
            periode=OKTOBER,
            item_id=item.item_id,
            pegawai_id=item.pegawai_id,
            nip=Nip(item.nip),
            bruto=Rupiah(item.bruto),
            potongan=Rupiah(item.potongan),
            neto=Rupiah(item.neto),
        )
        for number, item in enumerate(items, 1)
    ]
    manifest = BatchApproved(
        version=1,
        batch_id=batch_id,
        periode=OKTOBER,
        opd_kode="DISDIK",
        jumlah_item=len(items),
        total_bruto=Rupiah(sum(item.bruto for item in items)),
        total_potongan=Rupiah(sum(item.potongan for item in items)),
        total_neto=Rupiah(sum(item.neto for item in items)),
        hash=sidik_batch(items),
    )
    return manifest, events


def paid(books: Books) -> list[str]:
    return [row["item_id"] for row in books.db.execute("SELECT item_id FROM pembayaran ORDER BY item_id")]


@pytest.mark.parametrize("seed", range(20))
def test_any_order_and_repetition_pays_each_item_once(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    manifest, items = batch(*(chance.randint(1, 9_000_000) for _ in range(7)))
    messages: list[PayrollEvent] = [manifest, *items]
    messages += chance.choices(messages, k=20)
    chance.shuffle(messages)
    books = Books(str(tmp_path / "buku.sqlite"))
    for start in range(0, len(messages), 5):
        books.take([record(message) for message in messages[start : start + 5]])
    assert paid(books) == sorted(str(item.item_id) for item in items)
    lines, good = books.report()
    assert (good, len(lines)) == (True, 1)
    assert "7 dari 7 item, 7 dibayar" in lines[0]
    answers = [answer(row) for row in books.unanswered()]
    assert len(answers) == 7
    parsed = [ItemPaid.model_validate_json(payload) for payload, _ in answers]
    assert {event.item_id for event in parsed} == {item.item_id for item in items}


def test_nothing_is_paid_before_the_last_item_and_the_manifest(tmp_path: Path) -> None:
    manifest, items = batch(10, 20, 30)
    books = Books(str(tmp_path / "buku.sqlite"))
    books.take(map(record, items))
    assert paid(books) == []
    books.take([record(manifest)])
    assert len(paid(books)) == 3


@pytest.mark.parametrize("field", ["hash", "total_bruto", "total_potongan", "total_neto"])
def test_a_batch_that_differs_from_its_manifest_is_not_paid_at_all(tmp_path: Path, field: str) -> None:
    manifest, items = batch(10, 20, 30)
    wrong = {"hash": "0" * 64}.get(field, Rupiah(61))
    books = Books(str(tmp_path / "buku.sqlite"))
    books.take(map(record, [manifest.model_copy(update={field: wrong}), *items]))
    assert paid(books) == []
    lines, good = books.report()
    assert not good
    assert "berbeda" in lines[0]


def test_changed_extra_and_unreadable_messages_are_put_aside(tmp_path: Path) -> None:
    manifest, items = batch(10, 20, 30)
    changed = items[0].model_copy(update={"neto": Rupiah(999)})
    _, (foreign, *_) = batch(5, 6)
    extra = foreign.model_copy(update={"batch_id": manifest.batch_id})
    nonsense = SimpleNamespace(
        topic="uji", partition=0, offset=3, headers=[("ce_type", items[0].TYPE.encode())], value=b"{"
    )
    books = Books(str(tmp_path / "buku.sqlite"))
    books.take(map(record, [items[0], changed, *items[1:], manifest], range(10, 16)))
    books.take([nonsense, record(extra, 4)])
    assert paid(books) == sorted(str(item.item_id) for item in items)
    refused = [row["sebab"] for row in books.db.execute("SELECT sebab FROM ditolak ORDER BY posisi")]
    assert len(refused) == 3
    assert "tidak termasuk manifes" in refused[1]
    assert "isi lain" in refused[2]
    assert not books.report()[1]


def test_two_processes_never_share_the_books(tmp_path: Path) -> None:
    first = Books(str(tmp_path / "buku.sqlite"))
    first.take([])
    done = subprocess.run(
        [sys.executable, ROOT / "deploy/examples/payroll/payroll.py", "--data", tmp_path / "buku.sqlite"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "tidak dapat dibuka" in done.stderr


def test_it_imports_nothing_of_ours() -> None:
    text = (ROOT / "deploy/examples/payroll/payroll.py").read_text()
    for name in ("shared", "services", "deploy"):
        assert f"from {name}" not in text
        assert f"import {name}" not in text


@pytest.fixture
async def serving(namespace: str, fresh_database: FreshDatabase) -> AsyncIterator[Dunia]:
    """A locked month with relay, consumer and jobs at work on the real broker."""
    async with buka(fresh_database("tpp")) as layanan:
        dunia = Dunia(layanan)
        await dunia.siapkan()
        await dunia.jalankan()
        async with open_worker(layanan.service, ["relay", "consumer", "jobs"], Health()):
            for opd in ("DISDIK", "DINKES"):
                await dunia.kunci(opd)
            yield dunia


async def payroll(dunia: Dunia, platform: Platform, data: Path, *extra: str) -> str:
    """Run the example until it has handled what is there; its report."""
    settings = dunia.tpp.running.settings
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "deploy/examples/payroll/payroll.py"),
        "--once",
        "--data",
        str(data),
        *extra,
        env={
            "EKINERJA_KAFKA": settings.kafka,
            "EKINERJA_KAFKA_USER_PAYROLL": "payroll",
            "EKINERJA_KAFKA_PASSWORD_PAYROLL": platform.secrets.kafka["payroll"],
            "EKINERJA_NAMESPACE": settings.namespace,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, err.decode()
    return out.decode()


async def until(dunia: Dunia, count: int) -> dict[str, Any]:
    """The totals once so many people are paid or failed."""
    end = time.monotonic() + 60
    while True:
        total = (await dunia.lihat(f"/rekap/{BULAN}", BPKAD, "bpkad")).json()["jumlah"]
        if total["dibayar"] + total["gagal"] == count:
            return dict(total)
        assert time.monotonic() < end, total
        await asyncio.sleep(0.1)


async def test_the_topic_fed_again_from_the_start_pays_nobody_twice(
    serving: Dunia, platform: Platform, tmp_path: Path
) -> None:
    data = tmp_path / "buku.sqlite"
    end = time.monotonic() + 60
    while "3 dari 3 item" not in (
        report := await payroll(serving, platform, data, "--tolak", NIP_DARI[DEDI])
    ) or (report.count("3 dari 3") < 2):
        assert time.monotonic() < end, report
    total = await until(serving, 6)
    assert (total["dibayar"], total["gagal"]) == (5, 1)
    for _ in range(2):
        again = await payroll(serving, platform, data, "--from-start")
        assert again == report
    with sqlite3.connect(data) as books:
        items = books.execute("SELECT count(*), sum(CAST(neto AS INTEGER)) FROM item").fetchone()
        assert books.execute("SELECT count(*) FROM pembayaran").fetchone() == (6,)
    batches = await serving.tpp.keluar(BatchApproved)
    assert items == (6, sum(int(str(one.total_neto)) for one in batches))
    assert await until(serving, 6) == total
    assert await serving.tpp.nilai("SELECT count(*) FROM kernel.dead_letter") == 0


def test_answers_are_what_the_contract_says(tmp_path: Path) -> None:
    manifest, items = batch(10, 20)
    books = Books(str(tmp_path / "buku.sqlite"), [items[0].nip])
    books.take(map(record, [manifest, *items]))
    told = {}
    for row in books.unanswered():
        payload, headers = answer(row)
        names = dict(headers)
        kind: type[ItemPaid] | type[ItemFailed] = (
            ItemPaid if names["ce_type"].decode() == ItemPaid.TYPE else ItemFailed
        )
        event = kind.model_validate_json(payload)
        assert names["ce_subject"].decode() == event.key == json.loads(payload)["batch_id"]
        assert {
            "ce_specversion",
            "ce_id",
            "ce_source",
            "ce_time",
            "ce_version",
            "content-type",
        } <= names.keys()
        told[event.item_id] = kind
    assert told == {items[0].item_id: ItemFailed, items[1].item_id: ItemPaid}
