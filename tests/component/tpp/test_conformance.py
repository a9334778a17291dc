"""The conformance suite: its files are current, our example passes, a careless consumer does not."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded.platform import Platform
from deploy.examples.payroll.conformance import buat_vektor
from shared.contracts.payroll import BatchApproved, BatchCancelled, ItemPayable
from shared.nip import Nip

ROOT = Path(__file__).resolve().parents[3]
CONTOH = ROOT / "deploy" / "examples" / "payroll"
SUITE = CONTOH / "conformance"

CEROBOH = '''
"""Pays whatever it reads, and reads everything again each time."""
import asyncio, json, os, uuid
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

async def main():
    login = dict(bootstrap_servers=os.environ["EKINERJA_KAFKA"], security_protocol="SASL_PLAINTEXT",
                 sasl_mechanism="SCRAM-SHA-512",
                 sasl_plain_username=os.environ["EKINERJA_KAFKA_USER_PAYROLL"],
                 sasl_plain_password=os.environ["EKINERJA_KAFKA_PASSWORD_PAYROLL"])
    topic = os.environ["EKINERJA_NAMESPACE"] + ".payroll.v1"
    consumer, producer = AIOKafkaConsumer(auto_offset_reset="earliest", **login), AIOKafkaProducer(**login)
    await consumer.start()
    await producer.start()
    parts = [TopicPartition(topic, n) for n in await producer.partitions_for(topic)]
    consumer.assign(parts)
    await consumer.seek_to_beginning(*parts)
    while arrived := await consumer.getmany(timeout_ms=1500):
        for records in arrived.values():
            for record in records:
                headers = {k: v.decode() for k, v in record.headers}
                try:
                    data = json.loads(record.value)
                except ValueError:
                    continue
                if not headers.get("ce_type", "").endswith("item-payable"):
                    continue
                answer = {k: data[k] for k in ("batch_id", "periode", "item_id")} | {
                    "version": 1, "referensi": str(uuid.uuid4()), "dibayar_pada": "2026-11-02T03:00:00Z"}
                names = {**headers, "ce_type": "id.ekinerja.payroll.item-paid", "ce_id": str(uuid.uuid4())}
                await producer.send_and_wait(topic, json.dumps(answer).encode(), key=record.key,
                                             headers=[(k, v.encode()) for k, v in names.items()])
    await consumer.stop()
    await producer.stop()

asyncio.run(main())
'''


def test_the_files_are_what_the_program_writes(tmp_path: Path) -> None:
    buat_vektor.tulis(tmp_path)
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.json*")}
    committed = {path.relative_to(SUITE): path.read_bytes() for path in SUITE.rglob("*.json*")}
    assert written == committed
    assert len(written) == 19


def test_the_vectors_are_events_of_the_published_contract() -> None:
    kinds = {one.TYPE: one for one in (BatchApproved, BatchCancelled, ItemPayable)}
    for line in buat_vektor.vektor()["07-dikoreksi"]["baris"]:
        event = kinds[line["headers"]["ce_type"]].model_validate_json(line["value"])
        assert event.key == line["key"]
        if isinstance(event, ItemPayable):
            assert Nip(event.nip)
    manifest, _ = buat_vektor.batch("biasa", 1, "3920964", "5532975.50")
    event = BatchApproved.model_validate_json(manifest["value"])
    assert event.tanda_tangan is not None
    signed = buat_vektor.tanda(event.naskah())
    assert signed == event.tanda_tangan.model_dump()


async def run(platform: Platform, namespace: str, command: str, *options: str) -> tuple[int, str]:
    """The suite against a consumer started by `command`."""
    environment = platform.environment()
    admin = platform.kafka_admin
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(SUITE / "uji.py"),
        "--bootstrap",
        environment["EKINERJA_KAFKA"],
        "--pengguna",
        admin.user,
        "--topik",
        f"{namespace}.payroll.v1",
        "--perintah",
        command,
        "--tenang",
        "1",
        "--batas",
        "20",
        *options,
        env={
            "PATH": os.environ["PATH"],
            "KAFKA_SANDI": admin.password,
            "EKINERJA_KAFKA": environment["EKINERJA_KAFKA"],
            "EKINERJA_KAFKA_USER_PAYROLL": "payroll",
            "EKINERJA_KAFKA_PASSWORD_PAYROLL": platform.secrets.kafka["payroll"],
            "EKINERJA_NAMESPACE": namespace,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    out, _ = await asyncio.wait_for(process.communicate(), 240)
    assert process.returncode is not None
    return process.returncode, out.decode()


async def test_our_example_passes_every_vector(platform: Platform, namespace: str, tmp_path: Path) -> None:
    command = (
        f"{sys.executable} {CONTOH / 'payroll.py'} --once --kunci {SUITE / 'kunci-uji.jwks.json'}"
        f" --data {tmp_path / 'uji.sqlite'}"
    )
    status, out = await run(platform, namespace, command)
    assert status == 0, out
    assert "18 dari 18 vektor lulus" in out


@pytest.mark.timeout(400)
async def test_a_careless_consumer_is_found_out(platform: Platform, namespace: str, tmp_path: Path) -> None:
    program = tmp_path / "ceroboh.py"
    program.write_text(CEROBOH)
    status, out = await run(platform, namespace, f"{sys.executable} {program}")
    assert status == 1
    failed = {line.split()[1].rstrip(":") for line in out.splitlines() if line.startswith("GAGAL")}
    assert failed >= {
        "02-ganda",
        "04-sebagian",
        "06-dibatalkan",
        "07-dikoreksi",
        "08-dibuka-kembali",
        "09-item-asing",
        "10-tanda-tangan-palsu",
        "11-manifes-diubah",
        "12-item-diubah",
        "14-tanpa-tanda-tangan",
    }, out


KELIRU = {
    "pembatalan diabaikan": (
        "if tipe not in (MANIFES, PEMBATALAN, ITEM):",
        "if tipe not in (MANIFES, ITEM):",
        "06",
        "belum dijawab item-failed dengan dibatalkan=true",
    ),
    "jumlah tidak dicocokkan": ("if found != wanted:", "if False:", "12", "dibayar, padahal tidak boleh"),
    "sen dibulatkan": (
        '"neto": row["neto"]',
        '"neto": str(round(float(row["neto"])))',
        "16",
        "seharusnya",
    ),
}
"""Our own kit with one thing wrong: what is changed, the vector that finds it, what it says."""


@pytest.mark.parametrize(("benar", "keliru", "vektor", "kalimat"), KELIRU.values(), ids=KELIRU)
async def test_one_mistake_is_told_in_one_sentence(
    platform: Platform, namespace: str, tmp_path: Path, benar: str, keliru: str, vektor: str, kalimat: str
) -> None:
    kit = (CONTOH / "ekinerja_payroll.py").read_text(encoding="utf-8")
    assert kit.count(benar) == 1
    (tmp_path / "ekinerja_payroll.py").write_text(kit.replace(benar, keliru), encoding="utf-8")
    (tmp_path / "payroll.py").write_text((CONTOH / "payroll.py").read_text(encoding="utf-8"))
    command = (
        f"{sys.executable} {tmp_path / 'payroll.py'} --once --kunci {SUITE / 'kunci-uji.jwks.json'}"
        f" --data {tmp_path / 'uji.sqlite'}"
    )
    status, out = await run(platform, namespace, command, "--hanya", "01", "--hanya", vektor)
    assert status == 1, out
    assert "lulus  01-" in out
    assert f"GAGAL  {vektor}-" in out
    assert kalimat in out
