"""Menguji konsumen payroll ANDA terhadap kontrak e-Kinerja. / Tests YOUR payroll consumer.

It plays the vectors into a Kafka topic, lets your consumer work, reads your answers on the same topic, and
says for each vector whether exactly the right items were paid. Needs aiokafka only. See README.md.
"""

import argparse
import asyncio
import json
import os
import shlex
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

DIBAYAR = "id.ekinerja.payroll.item-paid"
GAGAL = "id.ekinerja.payroll.item-failed"
KEPALA = ("ce_specversion", "ce_id", "ce_source", "ce_time", "ce_subject", "ce_version")


@dataclass
class Jawaban:
    """What the consumer said so far."""

    dibayar: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    gagal: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    cacat: dict[str, list[str]] = field(default_factory=dict)

    def dengar(self, record: Any) -> None:
        """Take one record of the topic, if it is an answer."""
        headers = {name: (value or b"").decode(errors="replace") for name, value in record.headers}
        tipe = headers.get("ce_type")
        if tipe not in (DIBAYAR, GAGAL):
            return
        try:
            data = json.loads(record.value)
            item_id = str(data["item_id"])
        except (ValueError, KeyError, TypeError):
            self.cacat.setdefault("", []).append("jawaban tidak terbaca")
            return
        faults = self.cacat.setdefault(item_id, [])
        if absent := [name for name in KEPALA if not headers.get(name)]:
            faults.append(f"jawaban tanpa kepala {', '.join(absent)}")
        if (record.key or b"").decode(errors="replace") != data.get("batch_id"):
            faults.append("kunci pesan jawaban bukan batch_id")
        needed = ("referensi", "dibayar_pada") if tipe == DIBAYAR else ("alasan",)
        if absent := [name for name in ("version", "batch_id", "periode", *needed) if not data.get(name)]:
            faults.append(f"jawaban tanpa {', '.join(absent)}")
        group = self.dibayar if tipe == DIBAYAR else self.gagal
        group.setdefault(item_id, []).append(data)


def periksa(harapan: dict[str, Any], jawaban: Jawaban) -> list[str]:
    """Why a vector is not passed; empty when it is."""
    faults = []
    for item_id, neto in harapan["dibayar"].items():
        said = jawaban.dibayar.get(item_id, [])
        if not said:
            faults.append(f"{item_id} seharusnya dibayar, tidak ada item-paid")
        if len({one.get("referensi") for one in said}) > 1:
            faults.append(f"{item_id} dibayar lebih dari satu kali: nomor bukti berbeda")
        for amount in (one["neto"] for one in said if one.get("neto") is not None):
            try:
                same = isinstance(amount, str) and Decimal(amount) == Decimal(neto)
            except InvalidOperation:
                same = False
            if not same:
                faults.append(f"{item_id} dibayar {amount}, seharusnya {neto} (sebagai teks)")
    faults += [
        f"{item_id} dibayar, padahal tidak boleh"
        for item_id in harapan["tidak_dibayar"]
        if item_id in jawaban.dibayar
    ]
    faults += [
        f"{item_id} belum dijawab item-failed dengan dibatalkan=true"
        for item_id in harapan["dijawab_batal"]
        if not any(one.get("dibatalkan") is True for one in jawaban.gagal.get(item_id, []))
    ]
    for item_id in {*harapan["dibayar"], *harapan["dijawab_batal"]}:
        faults += [f"{item_id}: {fault}" for fault in sorted(set(jawaban.cacat.get(item_id, [])))]
    return faults


class Penguji:
    """Plays vectors into a topic and listens to it."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self._chosen = chosen
        login: dict[str, Any] = {"bootstrap_servers": chosen.bootstrap, "security_protocol": chosen.protokol}
        if chosen.pengguna:
            login |= {
                "sasl_mechanism": "SCRAM-SHA-512",
                "sasl_plain_username": chosen.pengguna,
                "sasl_plain_password": os.environ.get("KAFKA_SANDI", ""),
            }
        self._producer = AIOKafkaProducer(acks="all", enable_idempotence=True, **login)
        self._consumer = AIOKafkaConsumer(enable_auto_commit=False, **login)
        self.jawaban = Jawaban()

    async def __aenter__(self) -> "Penguji":
        await self._producer.start()
        await self._consumer.start()
        numbers = await self._producer.partitions_for(self._chosen.topik)
        partitions = [TopicPartition(self._chosen.topik, number) for number in sorted(numbers)]
        self._consumer.assign(partitions)
        await self._consumer.seek_to_end(*partitions)
        for partition in partitions:
            await self._consumer.position(partition)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()
        await self._producer.stop()

    async def mainkan(self, lines: Sequence[dict[str, Any]]) -> None:
        """Send the records of a vector, waiting where it says so."""
        for line in lines:
            if "tunggu_dibayar" in line:
                await self.kerjakan()
                await self._sampai(
                    lambda wanted=line["tunggu_dibayar"]: all(i in self.jawaban.dibayar for i in wanted)
                )
                continue
            await self._producer.send_and_wait(
                self._chosen.topik,
                line["value"].encode(),
                key=line["key"].encode(),
                headers=[(name, value.encode()) for name, value in line["headers"].items()],
            )

    async def kerjakan(self) -> None:
        """Run your consumer once over what is there, if it does not run by itself."""
        if not self._chosen.perintah:
            return
        process = await asyncio.create_subprocess_exec(*shlex.split(self._chosen.perintah))
        await process.wait()

    async def tunggu(self, harapan: Sequence[dict[str, Any]]) -> None:
        """Until everything expected was said, and then until it has been quiet for a while."""
        await self._sampai(
            lambda: (
                all(item_id in self.jawaban.dibayar for one in harapan for item_id in one["dibayar"])
                and all(item_id in self.jawaban.gagal for one in harapan for item_id in one["dijawab_batal"])
            )
        )
        await self._dengar_selama(self._chosen.tenang)

    async def _sampai(self, done: Any) -> None:
        end = time.monotonic() + self._chosen.batas
        while not done() and time.monotonic() < end:
            await self._dengar(200)

    async def _dengar_selama(self, seconds: float) -> None:
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < seconds:
            if await self._dengar(200):
                quiet_since = time.monotonic()

    async def _dengar(self, milliseconds: int) -> int:
        arrived = await self._consumer.getmany(timeout_ms=milliseconds)
        records = [record for group in arrived.values() for record in group]
        for record in records:
            self.jawaban.dengar(record)
        return len(records)


async def jalankan(chosen: argparse.Namespace) -> int:
    """Play everything; the number of vectors that are not passed."""
    files = sorted(chosen.vektor.glob("*.jsonl"))
    if chosen.hanya:
        files = [path for path in files if any(path.name.startswith(name) for name in chosen.hanya)]
    if not files:
        print(f"tidak ada vektor di {chosen.vektor}", file=sys.stderr)
        return 1
    vectors = {}
    for path in files:
        first, *lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        vectors[path.stem] = (first, lines)
    async with Penguji(chosen) as penguji:
        for _, lines in vectors.values():
            await penguji.mainkan(lines)
        await penguji.kerjakan()
        await penguji.tunggu([harapan for harapan, _ in vectors.values()])
        failed = 0
        for name, (harapan, _) in vectors.items():
            faults = periksa(harapan, penguji.jawaban)
            failed += bool(faults)
            print(f"{'GAGAL' if faults else 'lulus'}  {name}: {harapan['keterangan']}")
            for fault in faults:
                print(f"       - {fault}")
        faults = penguji.jawaban.cacat.get("", [])
        if faults:
            failed += 1
            print(f"GAGAL  {len(faults)} jawaban tidak terbaca")
    print(f"{len(vectors) - failed} dari {len(vectors)} vektor lulus")
    return failed


def main() -> int:
    """Command line; exit status 0 when every vector is passed."""
    parser = argparse.ArgumentParser(description="Uji kesesuaian konsumen payroll e-Kinerja")
    parser.add_argument("--bootstrap", required=True, help="alamat broker Kafka uji")
    parser.add_argument("--topik", default="ekinerja.payroll.v1")
    parser.add_argument("--pengguna", help="pengguna SCRAM-SHA-512; sandinya di KAFKA_SANDI")
    parser.add_argument("--protokol", default="SASL_PLAINTEXT")
    parser.add_argument(
        "--perintah", help="menjalankan konsumen Anda sampai habis; kosong bila ia berjalan terus"
    )
    parser.add_argument("--vektor", type=Path, default=Path(__file__).resolve().parent / "vektor")
    parser.add_argument("--hanya", action="append", default=[], help="hanya vektor yang diawali ini")
    parser.add_argument("--batas", type=float, default=60.0, help="detik menunggu jawaban")
    parser.add_argument("--tenang", type=float, default=5.0, help="detik tanpa jawaban sebelum selesai")
    return 1 if asyncio.run(jalankan(parser.parse_args())) else 0


if __name__ == "__main__":
    sys.exit(main())
