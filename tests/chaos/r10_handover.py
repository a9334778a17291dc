"""R10: payroll's consumer dies in the middle of paying, again and again, while each batch comes three times.

Locked OPDs go out through tpp's own relay; everything of the topic is then sent twice more, in another
order. The example consumer is killed while its bank pays. At the end the bank's ledger is the judge: each
person once, totals as the signed manifests say; and tpp knows every one as paid, with the bank's own number.
"""

import asyncio
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from deploy.embedded.platform import Platform
from shared.contracts.catalogue import topic_name
from shared.contracts.payroll import PAYROLL, BatchApproved
from shared.runtime.health import Health
from shared.runtime.host import open_worker
from tests.chaos.r09_rebuild import pemasangan
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import BPKAD, BULAN, id_of
from tests.measure import ROOT, Context

_PROGRAM = ROOT / "deploy" / "examples" / "payroll" / "payroll.py"
_OUR_TYPES = ("batch-approved", "item-payable")

_BULAN = """
INSERT INTO periode (periode, version, keadaan, lengkap_version, final_version)
VALUES ($1, 3, 'ditutup', 3, 3)
"""
_KEBIJAKAN = """
INSERT INTO kebijakan (kebijakan_id, sidik, kode, nama, daerah, dokumen, berlaku_mulai, diunggah_oleh)
VALUES ($1, 'x', 'x', 'x', 'x', '', '2026-01-01', $1)
"""
_HITUNGAN = """
INSERT INTO perhitungan (periode, nomor, untuk_version, kebijakan_id, keadaan, pegawai, selesai_pada)
VALUES ($1, 1, 3, $2, 'selesai', $3, now())
"""
_ORANG = """
INSERT INTO tpp_bulan (pegawai_id, periode, version, nomor, kebijakan_id, nip, opd_kode, unit_path, status,
                       bruto, potongan, neto, baris, alasan, masukan, v_pegawai, v_penilaian, v_kehadiran,
                       v_gaji, dihitung_pada)
SELECT gen_random_uuid(), $1, 1, 1, $2,
       '1985' || lpad((1 + n / 27 % 12)::text, 2, '0') || lpad((1 + n % 27)::text, 2, '0') || '2010011'
              || lpad((n % 1000)::text, 3, '0'),
       'OPD' || n % $3, 'PEMDA/OPD' || n % $3, 'dihitung', 1000000 + n * 37, n, 1000000 + n * 36, '[]', '[]',
       '{}', 1, 1, 1, 1, now()
FROM generate_series(1, $4) AS n
"""
_OPD = """
INSERT INTO penetapan (periode, opd_kode, opd_nama, opd_path, keadaan, diverifikasi_oleh, disetujui_oleh)
SELECT $1, 'OPD' || n, 'OPD ' || n, 'PEMDA/OPD' || n, 'disetujui', $2, $3 FROM generate_series(0, $4 - 1) AS n
"""


async def run(context: Context) -> list[dict[str, Any]]:
    """Small: 300 people, 5 kills; full: 6.000 people, 30 kills."""
    size = (
        {"orang": 300, "opd": 3, "kematian": 5}
        if context.small
        else {"orang": 6_000, "opd": 12, "kematian": 30}
    )
    return [await serah_terima(context.platform, seed=context.seed, **size)]


async def serah_terima(
    platform: Platform, *, orang: int, opd: int, kematian: int, seed: int
) -> dict[str, Any]:
    """One hand-over under kills, and what the bank's ledger says afterwards."""
    chance = random.Random(seed)
    began = time.monotonic()
    async with pemasangan(platform, 4) as layanan:
        await _siapkan(layanan, orang, opd)
        with tempfile.TemporaryDirectory(prefix="ekinerja-r10-") as folder:
            payroll = _Payroll(platform, layanan, Path(folder))
            async with open_worker(layanan.service, ["relay", "consumer", "jobs"], Health()):
                for number in range(opd):
                    path = f"/api/tpp/penetapan/{BULAN}/OPD{number}/kunci"
                    told = await layanan.client.post(path, headers=layanan.kepala(BPKAD, "bpkad"))
                    assert told.status_code == 200, told.text
                topic = topic_name(PAYROLL.name, layanan.running.settings.namespace)
                sent = await _dua_kali_lagi(platform, topic, orang + opd, chance)
                mid_batch = await payroll.di_bawah_kematian(orang, kematian, chance)
                await _sampai(lambda: _lunas(layanan, orang), 120)
            again = await payroll.dari_awal()
            return await _hasil(
                layanan, payroll, orang, again,
                {"opd": opd, "kematian": kematian, "mati_saat_membayar": mid_batch, "pesan": sent,
                 "detik_semua": round(time.monotonic() - began, 1)},
            )  # fmt: skip


async def _siapkan(layanan: Layanan, orang: int, opd: int) -> None:
    """A computed month with approved OPDs, ready to be locked."""
    kebijakan = id_of("kebijakan")
    async with layanan.database.pool.acquire() as conn, conn.transaction():
        await conn.execute(_BULAN, BULAN)
        await conn.execute(_KEBIJAKAN, kebijakan)
        await conn.execute(_HITUNGAN, BULAN, kebijakan, orang)
        await conn.execute(_ORANG, BULAN, kebijakan, opd, orang)
        await conn.execute(_OPD, BULAN, id_of("verifikator"), id_of("penyetuju"), opd)


async def _dua_kali_lagi(platform: Platform, topic: str, count: int, chance: random.Random) -> int:
    """Wait until tpp's relay has published everything, then send all of it twice more, shuffled."""
    login: dict[str, Any] = {
        "bootstrap_servers": platform.kafka_admin.bootstrap,
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": platform.kafka_admin.user,
        "sasl_plain_password": platform.kafka_admin.password,
    }
    consumer, producer = AIOKafkaConsumer(auto_offset_reset="earliest", **login), AIOKafkaProducer(**login)
    await consumer.start()
    await producer.start()
    try:
        partitions = [TopicPartition(topic, number) for number in await producer.partitions_for(topic)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        seen: list[Any] = []
        end = time.monotonic() + 60
        while len(seen) < count:
            assert time.monotonic() < end, f"{len(seen)} dari {count} pesan terbit"
            for records in (await consumer.getmany(timeout_ms=200)).values():
                seen += [
                    record
                    for record in records
                    if dict(record.headers)["ce_type"].decode().endswith(_OUR_TYPES)
                ]
        more = seen * 2
        chance.shuffle(more)
        for record in more:
            await producer.send(topic, record.value, key=record.key, headers=list(record.headers))
        await producer.flush()
        return count + len(more)
    finally:
        await consumer.stop()
        await producer.stop()


class _Payroll:
    """The example consumer as a process, and its bank's ledger."""

    def __init__(self, platform: Platform, layanan: Layanan, folder: Path) -> None:
        settings = layanan.running.settings
        self._bank = folder / "buku.bank.sqlite"
        self._command = [
            sys.executable, str(_PROGRAM), "--data", str(folder / "buku.sqlite"), "--bank", str(self._bank),
            "--kunci", str(settings.keys / "payroll.jwks.json"),
        ]  # fmt: skip
        self._environment = {
            "PATH": os.environ["PATH"],
            "EKINERJA_KAFKA": settings.kafka,
            "EKINERJA_KAFKA_USER_PAYROLL": "payroll",
            "EKINERJA_KAFKA_PASSWORD_PAYROLL": platform.secrets.kafka["payroll"],
            "EKINERJA_NAMESPACE": settings.namespace,
        }

    async def di_bawah_kematian(self, people: int, times: int, chance: random.Random) -> int:
        """Kill it so many times while it pays, then let it finish; how often it died after a payment."""
        share = max(1, people // (times + 1))
        paying = 0
        for _ in range(times):
            process = self._start("--jeda", "0.005")
            before = self.baris()
            wanted = before + chance.randint(1, share)
            end = time.monotonic() + 30
            while self.baris() < wanted and time.monotonic() < end and process.poll() is None:
                await asyncio.sleep(0.005)
            process.kill()
            process.wait()
            paying += self.baris() > before
        await asyncio.to_thread(self._finish, "--once")
        return paying

    async def dari_awal(self) -> int:
        """Read everything from the beginning once more; how many lines the ledger gained."""
        before = self.baris()
        await asyncio.to_thread(self._finish, "--once", "--from-start")
        return self.baris() - before

    def baris(self) -> int:
        """How many payments the bank has made."""
        return int(self.tanya("SELECT count(*) FROM transaksi")[0][0])

    def tanya(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a question to the bank's ledger; one zero while there is none."""
        try:
            with sqlite3.connect(f"file:{self._bank}?mode=ro", uri=True, timeout=5) as bank:
                return bank.execute(sql).fetchall()
        except sqlite3.OperationalError:
            return [(0,)]

    def _start(self, *extra: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([*self._command, *extra], env=self._environment)

    def _finish(self, *extra: str) -> None:
        done = subprocess.run(
            [*self._command, *extra], env=self._environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr


async def _lunas(layanan: Layanan, orang: int) -> bool:
    paid = await layanan.nilai("SELECT count(*) FROM pembayaran WHERE keadaan = 'dibayar'")
    return bool(paid == orang)


async def _sampai(condition: Callable[[], Awaitable[bool]], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not await condition() and time.monotonic() < end:
        await asyncio.sleep(0.2)


async def _hasil(
    layanan: Layanan, payroll: _Payroll, orang: int, again: int, detail: dict[str, Any]
) -> dict[str, Any]:
    moved = {
        item: (times, total, number)
        for item, times, total, number in payroll.tanya(
            "SELECT item_id, count(*), sum(CAST(neto AS INTEGER)), max(nomor) FROM transaksi GROUP BY item_id"
        )
    }
    rows = await layanan.baris("SELECT item_id, neto, keadaan, referensi FROM pembayaran")
    wrong = [
        row["item_id"]
        for row in rows
        if moved.get(str(row["item_id"]), (0, 0, 0))[:2] != (1, row["neto"])
        or row["referensi"] != f"CONTOH-{moved[str(row['item_id'])][2]:08d}"
    ]
    manifests = await layanan.keluar(BatchApproved)
    promised = sum(int(str(one.total_neto)) for one in manifests)
    paid = sum(total for _, total, _ in moved.values())
    dead = await layanan.nilai("SELECT count(*) FROM kernel.dead_letter")
    return {
        "id": f"R10 serah terima {orang} orang",
        "value": len(wrong),
        "unit": "orang dibayar bukan tepat sekali",
        "goal": "0, dan jumlah sama dengan manifes",
        "holds": not wrong
        and len(rows) == len(moved) == orang
        and paid == promised
        and again == 0
        and dead == 0
        and detail["mati_saat_membayar"] > 0,
        "detail": {
            **detail,
            "rupiah_manifes": promised,
            "rupiah_bank": paid,
            "dibayar_lagi_dari_awal": again,
            "surat_mati": dead,
        },
    }
