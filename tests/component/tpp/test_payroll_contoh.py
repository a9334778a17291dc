"""The payroll kit and its example: books that pay once whatever arrives, and the real topic fed again."""

import asyncio
import json
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from deploy.embedded.platform import Platform
from deploy.examples.payroll.ekinerja_payroll import Buku, Hasil, Item, Kunci, jawaban
from services.tpp.penetapan import rules
from services.tpp.penetapan.tanda_tangan import Penanda
from shared.contracts.payroll import (
    BatchApproved,
    BatchCancelled,
    ItemFailed,
    ItemPaid,
    ItemPayable,
    PayrollEvent,
)
from shared.money import Rupiah
from shared.nip import Nip
from shared.period import MasaBayar
from shared.runtime.health import Health
from shared.runtime.host import open_worker
from tests.component.layanan import NIP, buka
from tests.component.tpp.dunia import ANI, BPKAD, BULAN, DEDI, NIP_DARI, OKTOBER, Dunia
from tests.conftest import FreshDatabase

ROOT = Path(__file__).resolve().parents[3]
CONTOH = ROOT / "deploy" / "examples" / "payroll"


class Padam(Exception):
    """The bank's line breaks after the money has gone out."""


class Bank:
    """A ledger that pays as often as it is asked, and can break after a payment."""

    def __init__(self, tolak: Iterable[str] = (), putus_pada: int = 0) -> None:
        self.transaksi: list[tuple[str, str]] = []
        self.tolak = frozenset(tolak)
        self.putus_pada = putus_pada

    async def bayar(self, item: Item) -> Hasil:
        self.transaksi.append((item.item_id, item.neto))
        if len(self.transaksi) == self.putus_pada:
            raise Padam
        return self._hasil(item)

    async def periksa(self, item: Item) -> Hasil | None:
        return self._hasil(item) if item.item_id in dict(self.transaksi) else None

    def _hasil(self, item: Item) -> Hasil:
        return Hasil(item.nip not in self.tolak, "ditolak" if item.nip in self.tolak else "TRX-1")


def record(event: PayrollEvent, offset: int = 0) -> Any:
    """A message as the consumer gets it."""
    headers = [("ce_type", event.TYPE.encode()), ("ce_id", str(uuid4()).encode())]
    return SimpleNamespace(
        topic="uji", partition=0, offset=offset, headers=headers, value=event.model_dump_json().encode()
    )


def batch(
    penanda: Penanda, *neto: int, people: tuple[str, ...] = ()
) -> tuple[BatchApproved, list[ItemPayable]]:
    """A signed manifest and its items."""
    batch_id = uuid4()
    items = [
        rules.Item(
            uuid4(), uuid4(), people[number - 1] if people else NIP.format(number), amount + 100, 100, amount
        )
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
        hash=rules.sidik_batch(items),
    )
    return signed(penanda, manifest), events


def signed(penanda: Penanda, manifest: BatchApproved) -> BatchApproved:
    return manifest.model_copy(update={"tanda_tangan": penanda.tanda_tangani(manifest.naskah())})


def cancelled(penanda: Penanda, manifest: BatchApproved) -> BatchCancelled:
    batch_id, periode, opd = manifest.batch_id, manifest.periode, manifest.opd_kode
    return BatchCancelled(
        version=9,
        batch_id=batch_id,
        periode=periode,
        opd_kode=opd,
        alasan="Salah satu angka keliru",
        tanda_tangan=penanda.tanda_tangani(BatchCancelled.naskah(batch_id, periode, opd)),
    )


@pytest.fixture
def penanda(tmp_path: Path) -> Penanda:
    return Penanda(tmp_path / "kunci")


@pytest.fixture
def buku(tmp_path: Path, penanda: Penanda) -> Buku:
    return Buku(tmp_path / "buku.sqlite", Kunci(penanda.jwks))


def ids(items: Iterable[ItemPayable]) -> list[str]:
    return sorted(str(item.item_id) for item in items)


def refused(buku: Buku) -> list[str]:
    return [row["sebab"] for row in buku.db.execute("SELECT sebab FROM ditolak ORDER BY posisi")]


def told(buku: Buku) -> dict[UUID, ItemPaid | ItemFailed]:
    """The last answer about each payment."""
    found: dict[UUID, ItemPaid | ItemFailed] = {}
    for row in buku.belum_terjawab():
        payload, headers = jawaban(row)
        kind = ItemPaid if dict(headers)["ce_type"].decode() == ItemPaid.TYPE else ItemFailed
        event = kind.model_validate_json(payload)
        found[event.item_id] = event
    return found


@pytest.mark.parametrize("seed", range(20))
async def test_any_order_and_repetition_pays_each_item_once(buku: Buku, penanda: Penanda, seed: int) -> None:
    chance = random.Random(seed)
    manifest, items = batch(penanda, *(chance.randint(1, 9_000_000) for _ in range(7)))
    messages: list[PayrollEvent] = [manifest, *items]
    messages += chance.choices(messages, k=20)
    chance.shuffle(messages)
    bank = Bank()
    for start in range(0, len(messages), 5):
        buku.terima([record(message) for message in messages[start : start + 5]])
        await buku.bayarkan(bank)
    assert sorted(item for item, _ in bank.transaksi) == ids(items)
    assert sum(int(neto) for _, neto in bank.transaksi) == int(str(manifest.total_neto))
    lines, good = buku.laporan()
    assert (good, len(lines)) == (True, 1)
    assert "7 dari 7 item, 7 dibayar" in lines[0]
    answers = told(buku)
    assert {(who, type(answer)) for who, answer in answers.items()} == {(i.item_id, ItemPaid) for i in items}


async def test_nothing_is_paid_before_the_last_item_and_the_manifest(buku: Buku, penanda: Penanda) -> None:
    manifest, items = batch(penanda, 10, 20, 30)
    bank = Bank()
    buku.terima(map(record, items))
    assert await buku.bayarkan(bank) == 0
    buku.terima([record(manifest)])
    assert await buku.bayarkan(bank) == 3


@pytest.mark.parametrize("field", ["hash", "total_bruto", "total_potongan", "total_neto"])
async def test_a_batch_that_differs_from_its_signed_manifest_is_not_paid_at_all(
    buku: Buku, penanda: Penanda, field: str
) -> None:
    manifest, items = batch(penanda, 10, 20, 30)
    wrong = {"hash": "0" * 64}.get(field, Rupiah(61))
    changed = signed(penanda, manifest.model_copy(update={field: wrong}))
    buku.terima(map(record, [changed, *items]))
    assert await buku.bayarkan(Bank()) == 0
    lines, good = buku.laporan()
    assert not good
    assert "ditolak" in lines[0]


async def test_a_manifest_that_is_not_signed_by_us_is_not_believed(
    buku: Buku, penanda: Penanda, tmp_path: Path
) -> None:
    manifest, items = batch(penanda, 10, 20, 30)
    other = signed(Penanda(tmp_path / "lain"), manifest)
    assert other.tanda_tangan is not None
    assert manifest.tanda_tangan is not None
    stolen = manifest.tanda_tangan.model_copy(update={"nilai": other.tanda_tangan.nilai})
    wrong = [
        manifest.model_copy(update={"tanda_tangan": None}),
        other,
        manifest.model_copy(update={"tanda_tangan": stolen}),
        manifest.model_copy(update={"opd_kode": "DINKES"}),
        cancelled(Penanda(tmp_path / "lain"), manifest),
    ]
    buku.terima(map(record, [*wrong, *items], range(20)))
    assert await buku.bayarkan(Bank()) == 0
    causes = refused(buku)
    assert ["tidak bertanda tangan" in causes[0], "tidak dikenal" in causes[1]] == [True, True]
    assert all("tidak cocok" in cause for cause in causes[2:4])
    assert len(causes) == 5
    buku.terima([record(manifest)])
    assert await buku.bayarkan(Bank()) == 3


async def test_changed_extra_and_unreadable_messages_are_put_aside(buku: Buku, penanda: Penanda) -> None:
    manifest, items = batch(penanda, 10, 20, 30)
    changed = items[0].model_copy(update={"neto": Rupiah(999)})
    _, (foreign, *_) = batch(penanda, 5, 6)
    extra = foreign.model_copy(update={"batch_id": manifest.batch_id})
    nonsense = SimpleNamespace(
        topic="uji", partition=0, offset=3, headers=[("ce_type", items[0].TYPE.encode())], value=b"{"
    )
    bank = Bank()
    buku.terima(map(record, [items[0], changed, *items[1:], manifest], range(10, 16)))
    buku.terima([nonsense, record(extra, 4)])
    await buku.bayarkan(bank)
    assert sorted(bank.transaksi) == sorted((str(item.item_id), str(item.neto)) for item in items)
    causes = refused(buku)
    assert len(causes) == 3
    assert "tidak termasuk manifes" in causes[1]
    assert "isi lain" in causes[2]
    assert not buku.laporan()[1]


@pytest.mark.parametrize("putus_pada", [1, 2, 3])
async def test_a_line_that_breaks_after_the_money_is_gone_pays_nobody_twice(
    buku: Buku, penanda: Penanda, putus_pada: int
) -> None:
    manifest, items = batch(penanda, 10, 20, 30)
    bank = Bank(putus_pada=putus_pada)
    buku.terima(map(record, [manifest, *items]))
    with pytest.raises(Padam):
        await buku.bayarkan(bank)
    await buku.bayarkan(bank)
    assert sorted(item for item, _ in bank.transaksi) == ids(items)
    assert len(told(buku)) == 3


@pytest.mark.parametrize("late", [0, 1, 2])
async def test_a_cancelled_batch_is_not_paid_and_every_item_is_answered(
    buku: Buku, penanda: Penanda, late: int
) -> None:
    manifest, items = batch(penanda, 10, 20)
    messages: list[PayrollEvent] = [manifest, *items]
    messages.insert(late, cancelled(penanda, manifest))
    buku.terima(map(record, messages))
    bank = Bank()
    assert await buku.bayarkan(bank) == 0
    answers = told(buku)
    assert sorted(map(str, answers)) == ids(items)
    assert all(isinstance(answer, ItemFailed) and answer.dibatalkan for answer in answers.values())
    again, other = batch(penanda, 11, 21)
    buku.terima(map(record, [again, *other]))
    assert await buku.bayarkan(bank) == 2


async def test_what_was_paid_stays_paid_and_the_same_people_are_not_paid_again(
    buku: Buku, penanda: Penanda
) -> None:
    manifest, items = batch(penanda, 10, 20)
    bank = Bank()
    buku.terima(map(record, [manifest, *items]))
    await buku.bayarkan(bank)
    second, others = batch(penanda, 11, 21)
    buku.terima(map(record, [cancelled(penanda, manifest), second, *others]))
    assert await buku.bayarkan(bank) == 0
    assert len(bank.transaksi) == 2
    assert all(isinstance(answer, ItemPaid) for answer in told(buku).values())
    assert "2 orang sudah punya pembayaran bulan ini" in "\n".join(buku.laporan()[0])


async def test_a_thirteenth_month_is_paid_beside_the_month_and_once(buku: Buku, penanda: Penanda) -> None:
    def ke_13() -> tuple[BatchApproved, list[ItemPayable]]:
        manifest, items = batch(penanda, 30, 40)
        masa = {"periode": MasaBayar(2026, 13)}
        return signed(penanda, manifest.model_copy(update=masa)), [
            one.model_copy(update=masa) for one in items
        ]

    month, first = batch(penanda, 10, 20)
    extra, second = ke_13()
    again, third = ke_13()
    bank = Bank()
    buku.terima(map(record, [extra, *second, month, *first]))
    assert await buku.bayarkan(bank) == 4
    buku.terima(map(record, [again, *third]))
    assert await buku.bayarkan(bank) == 0
    assert sorted(item for item, _ in bank.transaksi) == ids([*first, *second])
    assert "2 orang sudah punya pembayaran bulan ini" in "\n".join(buku.laporan()[0])


async def test_a_refused_payment_can_be_tried_again_and_is_answered_again(
    buku: Buku, penanda: Penanda
) -> None:
    manifest, items = batch(penanda, 10, 20)
    bank = Bank(tolak=[items[0].nip])
    buku.terima(map(record, [manifest, *items]))
    await buku.bayarkan(bank)
    assert isinstance(told(buku)[items[0].item_id], ItemFailed)
    bank.tolak = frozenset()
    assert buku.ulangi_gagal() == 1
    await buku.bayarkan(bank)
    assert isinstance(told(buku)[items[0].item_id], ItemPaid)
    rows = buku.belum_terjawab()
    assert len({dict(jawaban(row)[1])["ce_id"] for row in rows}) == len(rows) == 3


async def test_an_item_that_comes_again_is_answered_again_under_the_same_id(
    buku: Buku, penanda: Penanda
) -> None:
    """e-Kinerja restored from a backup asks again, and may not know what was answered since."""
    manifest, items = batch(penanda, 10, 20)
    bank = Bank(tolak=[items[0].nip])
    buku.terima(map(record, [manifest, *items]))
    await buku.bayarkan(bank)
    bank.tolak = frozenset()
    buku.ulangi_gagal()
    await buku.bayarkan(bank)
    first = [jawaban(row) for row in buku.belum_terjawab()]
    assert len(first) == 3
    buku.terjawab(buku.belum_terjawab())
    assert buku.belum_terjawab() == []
    buku.terima(map(record, [manifest, *items]))
    assert await buku.bayarkan(bank) == 0
    assert [jawaban(row) for row in buku.belum_terjawab()] == first


def test_answers_are_what_the_contract_says(buku: Buku, penanda: Penanda) -> None:
    manifest, items = batch(penanda, 10, 20)
    buku.terima(map(record, [manifest, *items]))
    asyncio.run(buku.bayarkan(Bank(tolak=[items[0].nip])))
    kinds = {}
    for row in buku.belum_terjawab():
        payload, headers = jawaban(row)
        names = dict(headers)
        kind: type[ItemPaid] | type[ItemFailed] = (
            ItemPaid if names["ce_type"].decode() == ItemPaid.TYPE else ItemFailed
        )
        event = kind.model_validate_json(payload)
        assert names["ce_subject"].decode() == event.key == json.loads(payload)["batch_id"]
        required = {"ce_specversion", "ce_id", "ce_source", "ce_time", "ce_version", "content-type"}
        assert required <= names.keys()
        kinds[event.item_id] = kind
    assert kinds == {items[0].item_id: ItemFailed, items[1].item_id: ItemPaid}


def program(*arguments: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, CONTOH / "payroll.py", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
    )


def test_two_processes_never_share_the_books(buku: Buku, tmp_path: Path) -> None:
    buku.terima([])
    keys = tmp_path / "kunci" / "payroll.jwks.json"
    done = program("--data", tmp_path / "buku.sqlite", "--kunci", keys)
    assert done.returncode == 2
    assert "tidak dapat dibuka" in done.stderr


def test_without_our_public_key_it_does_not_begin(tmp_path: Path) -> None:
    absent: list[list[str | Path]] = [[], ["--kunci", tmp_path / "tidak-ada"]]
    for extra in absent:
        done = program("--data", tmp_path / "buku.sqlite", *extra)
        assert done.returncode == 2
        assert "kunci publik e-Kinerja tidak terbaca" in done.stderr


def test_it_imports_nothing_of_ours() -> None:
    for path in CONTOH.rglob("*.py"):
        for name in ("shared", "services", "deploy"):
            assert f"from {name}" not in path.read_text()
            assert f"import {name}" not in path.read_text()


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
        str(CONTOH / "payroll.py"),
        "--once",
        "--data",
        str(data),
        *extra,
        env={
            "EKINERJA_KAFKA": settings.kafka,
            "EKINERJA_KAFKA_USER_PAYROLL": "payroll",
            "EKINERJA_KAFKA_PASSWORD_PAYROLL": platform.secrets.kafka["payroll"],
            "EKINERJA_NAMESPACE": settings.namespace,
            "EKINERJA_PAYROLL_JWKS": str(settings.keys / "payroll.jwks.json"),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, err.decode() + out.decode()
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
    with sqlite3.connect(data.with_suffix(".bank.sqlite")) as bank:
        moved = bank.execute("SELECT count(*), sum(CAST(neto AS INTEGER)) FROM transaksi").fetchone()
    batches = await serving.tpp.keluar(BatchApproved)
    assert moved == (6, sum(int(str(one.total_neto)) for one in batches))
    assert await until(serving, 6) == total
    assert await serving.tpp.nilai("SELECT count(*) FROM jawaban_payroll") == 6
    assert await serving.tpp.nilai("SELECT count(*) FROM kernel.dead_letter") == 0


async def test_who_was_left_when_a_batch_was_taken_back_is_paid_once_in_a_new_one(
    serving: Dunia, platform: Platform, tmp_path: Path
) -> None:
    """Over the real topic: Ani is refused and the others are paid, BPKAD takes back, payroll gives Ani up."""
    data = tmp_path / "buku.sqlite"
    alasan = {"alasan": "Nama pemilik rekening keliru"}
    end = time.monotonic() + 60
    while (await payroll(serving, platform, data, "--tolak", NIP_DARI[ANI])).count("3 dari 3") < 2:
        assert time.monotonic() < end
    assert (await until(serving, 6))["gagal"] == 1
    told = await serving.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=alasan)
    assert told.status_code == 200, told.text
    while not (await _disdik(serving))["dapat_diserahkan"]:
        assert time.monotonic() < end
        await payroll(serving, platform, data)
    told = await serving.putuskan("DISDIK", "serahkan-sisa", BPKAD, "bpkad", json=alasan)
    assert (told.status_code, told.json()["jumlah_item"]) == (200, 1), told.text
    while (await serving.lihat(f"/rekonsiliasi/{BULAN}", BPKAD, "bpkad")).json()["cocok"] is False:
        assert time.monotonic() < end
        await payroll(serving, platform, data)
    found = (await serving.lihat(f"/rekonsiliasi/{BULAN}", BPKAD, "bpkad")).json()
    with sqlite3.connect(data.with_suffix(".bank.sqlite")) as bank:
        moved = bank.execute(
            "SELECT count(*), count(DISTINCT nip), sum(CAST(neto AS INTEGER)) FROM transaksi"
            " WHERE NOT ditolak"
        ).fetchone()
    figures = await serving.tpp.nilai("SELECT sum(neto)::bigint FROM tpp_bulan")
    assert moved == (6, 6, figures)
    assert (int(found["neto_payroll"]), found["temuan"]) == (figures, [])
    assert await serving.tpp.nilai("SELECT count(*) FROM kernel.dead_letter") == 0


async def _disdik(dunia: Dunia) -> Any:
    told = (await dunia.lihat(f"/penetapan/{BULAN}", BPKAD, "bpkad")).json()
    return next(row for row in told["opd"] if row["opd_kode"] == "DISDIK")
