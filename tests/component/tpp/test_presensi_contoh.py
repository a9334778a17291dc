"""The example that sends attendance stands alone, sends once, and may write to its one topic only."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from datetime import date
from datetime import time as jam
from pathlib import Path
from typing import Any

import aiokafka.errors
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from deploy.embedded.platform import Platform
from deploy.examples.presensi.ekinerja_presensi import Buku, Hari, Tarik, pesan
from shared.bus.admin import Login
from shared.contracts.catalogue import TOPICS, topic_name
from shared.contracts.kehadiran import KEHADIRAN, KehadiranRecorded, KehadiranWithdrawn
from shared.runtime.health import Health
from shared.runtime.host import open_worker
from tests.component.embedded.test_access import consumer, producer
from tests.component.layanan import buka
from tests.component.tpp.dunia import ANI, BUDI, HARI, NIP_DARI, ORANG, Dunia, csv, pegawai
from tests.conftest import FreshDatabase

ROOT = Path(__file__).resolve().parents[3]
CONTOH = ROOT / "deploy" / "examples" / "presensi"
SENIN = date(2026, 10, 5)


def hari(**isi: Any) -> Hari:
    usual: dict[str, Any] = {
        "nip": NIP_DARI[ANI],
        "tanggal": SENIN,
        "masuk": jam(7, 25),
        "pulang": jam(16, 5),
    }
    return Hari(**usual | isi)


def test_it_imports_nothing_of_ours() -> None:
    for path in CONTOH.rglob("*.py"):
        for name in ("shared", "services", "deploy"):
            assert f"from {name}" not in path.read_text()
            assert f"import {name}" not in path.read_text()


def test_a_day_said_twice_is_sent_once_and_a_changed_one_as_the_next_version(tmp_path: Path) -> None:
    buku = Buku(tmp_path / "buku.sqlite")
    assert buku.catat([hari(), hari(tanggal=date(2026, 10, 6))]) == 2
    first = buku.belum_terkirim()
    assert [row["versi"] for row in first] == [1, 1]
    # A day that changes while it is on its way is sent again.
    assert buku.catat([hari(masuk=jam(8, 0)), hari(tanggal=date(2026, 10, 6))]) == 1
    buku.terkirim(first)
    (row,) = buku.belum_terkirim()
    assert row["versi"] == 2
    buku.terkirim([row])
    assert buku.catat([hari(masuk=jam(8, 0))]) == 0
    assert buku.belum_terkirim() == []
    assert buku.ulang() == 2
    again = {row["tanggal"]: dict(pesan(buku, row)[2])["ce_id"] for row in buku.belum_terkirim()}
    assert again["2026-10-05"] == dict(pesan(buku, row)[2])["ce_id"]


def test_messages_are_what_the_contract_says(tmp_path: Path) -> None:
    buku = Buku(tmp_path / "buku.sqlite")
    sick = hari(tanggal=date(2026, 10, 6), masuk=None, pulang=None, keterangan="S")
    apel = hari(tanggal=date(2026, 10, 7), masuk=None, pulang=None, tanpa_apel=1)
    buku.catat([hari(), sick, apel, Tarik(NIP_DARI[ANI], date(2026, 10, 8), "salah orang")])
    known = {one.TYPE: one for one in (KehadiranRecorded, KehadiranWithdrawn)}
    for row in buku.belum_terkirim():
        key, payload, headers = pesan(buku, row)
        names = dict(headers)
        kind = known[names["ce_type"].decode()]
        event = kind.model_validate_json(payload)
        assert (kind is KehadiranWithdrawn) == (row["tanggal"] == "2026-10-08")
        assert key.decode() == names["ce_subject"].decode() == event.key
        assert names["ce_type"].decode() == event.TYPE
        assert names["ce_version"].decode() == str(event.version)
        assert json.loads(payload).keys() <= kind.model_fields.keys()
        required = {"ce_specversion", "ce_id", "ce_source", "ce_time", "ce_version", "content-type"}
        assert required <= names.keys()


@pytest.mark.parametrize(
    "isi",
    [
        {"nip": "123"},
        {"keterangan": "LIBUR"},
        {"keterangan": "A"},
        {"masuk": None, "pulang": None},
        {"masuk": jam.fromisoformat("07:25+07:00")},
        {"tanpa_apel": 11},
    ],
    ids=str,
)
def test_what_is_no_day_is_refused_before_it_is_sent(isi: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"NIP|keterangan|zona|sehari"):
        hari(**isi)


def login(platform: Platform, user: str) -> Login:
    return Login(platform.kafka_admin.bootstrap, user, platform.secrets.kafka[user])


async def test_an_attendance_system_writes_to_its_topic_only_and_reads_nothing(
    platform: Platform, namespace: str
) -> None:
    machine = producer(login(platform, "presensi"))
    await machine.start()
    try:
        await machine.send_and_wait(topic_name(KEHADIRAN.name, namespace), b"isi", key=b"kunci")
        for topic in TOPICS:
            if topic is not KEHADIRAN:
                await _refused(machine, topic_name(topic.name, namespace))
    finally:
        await machine.stop()
    reading = consumer(login(platform, "presensi"), f"{namespace}.presensi")
    await reading.start()
    try:
        reading.assign([TopicPartition(topic_name(KEHADIRAN.name, namespace), 0)])
        await reading.seek_to_beginning()
        with pytest.raises(aiokafka.errors.TopicAuthorizationFailedError):
            await asyncio.wait_for(reading.getone(), 30)
    finally:
        await reading.stop()


@pytest.mark.parametrize("user", ["skp", "assessment", "notification", "payroll", "tpp"])
async def test_strangers_record_no_attendance(platform: Platform, namespace: str, user: str) -> None:
    stranger = producer(login(platform, user), idempotent=False)
    await stranger.start()
    try:
        await _refused(stranger, topic_name(KEHADIRAN.name, namespace))
    finally:
        await stranger.stop()


async def _refused(who: AIOKafkaProducer, topic: str) -> None:
    with pytest.raises(aiokafka.errors.TopicAuthorizationFailedError):
        await who.send_and_wait(topic, b"isi", key=b"kunci")


@pytest.fixture
async def serving(namespace: str, fresh_database: FreshDatabase) -> AsyncIterator[Dunia]:
    """Everyone known; the consumer at work on the real broker."""
    async with buka(fresh_database("tpp")) as layanan:
        dunia = Dunia(layanan)
        await dunia.dengar(*(pegawai(who) for who in ORANG))
        async with open_worker(layanan.service, ["consumer"], Health()):
            yield dunia


async def presensi(dunia: Dunia, platform: Platform, *arguments: str) -> tuple[int, str, str]:
    """Run the example; its exit status and what it says."""
    settings = dunia.tpp.running.settings
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(CONTOH / "presensi.py"),
        *arguments,
        env={
            "EKINERJA_KAFKA": settings.kafka,
            "EKINERJA_KAFKA_USER_PRESENSI": "presensi",
            "EKINERJA_KAFKA_PASSWORD_PRESENSI": platform.secrets.kafka["presensi"],
            "EKINERJA_NAMESPACE": settings.namespace,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def sampai(dunia: Dunia, expected: dict[Any, int]) -> None:
    """Until so many days are present of everyone named."""
    end = time.monotonic() + 60
    while True:
        rows = await dunia.tpp.baris("SELECT pegawai_id, hadir FROM kehadiran_bulan WHERE hadir > 0")
        found = {row["pegawai_id"]: row["hadir"] for row in rows}
        if found == expected:
            return
        assert time.monotonic() < end, found
        await asyncio.sleep(0.1)


async def test_a_file_reaches_the_month_once_however_often_it_is_sent(
    serving: Dunia, platform: Platform, tmp_path: Path
) -> None:
    head = ("nip", "tanggal", "masuk", "pulang", "keterangan")
    rows = [(NIP_DARI[who], day, "07:25", "16:05", "") for who in (ANI, BUDI) for day in HARI]
    berkas, data = tmp_path / "oktober.csv", str(tmp_path / "buku.sqlite")
    berkas.write_bytes(csv(head, *rows, ("123", HARI[0], "07:25", "", "")))
    status, out, err = await presensi(serving, platform, str(berkas), "--data", data)
    count = len(rows)
    assert (status, out.strip()) == (3, f"{count} hari baru atau berubah, {count} terkirim"), err
    assert "baris 46: NIP harus 18 angka" in err
    await sampai(serving, {ANI: len(HARI), BUDI: len(HARI)})
    version = await serving.tpp.nilai("SELECT sum(version) FROM kehadiran_harian")
    for arguments in ((str(berkas),), ("--ulang",)):
        await presensi(serving, platform, *arguments, "--data", data)
    # A day sent by mistake is taken back, and told again.
    berkas.write_bytes(csv((*head, "tarik"), (NIP_DARI[BUDI], HARI[0], "", "", "", "salah orang")))
    status, out, err = await presensi(serving, platform, str(berkas), "--data", data)
    assert (status, out.strip()) == (0, "1 hari baru atau berubah, 1 terkirim"), err
    await sampai(serving, {ANI: len(HARI), BUDI: len(HARI) - 1})
    assert await serving.tpp.nilai("SELECT sum(tanpa_keterangan) FROM kehadiran_bulan") == 0
    berkas.write_bytes(csv(head, (NIP_DARI[BUDI], HARI[0], "07:25", "16:05", "")))
    await presensi(serving, platform, str(berkas), "--data", data)
    await sampai(serving, {ANI: len(HARI), BUDI: len(HARI)})
    version += 2
    berkas.write_bytes(csv(head, (NIP_DARI[BUDI], HARI[0], "", "", "A")))
    status, out, err = await presensi(serving, platform, str(berkas), "--data", data)
    assert (status, out.strip()) == (0, "1 hari baru atau berubah, 1 terkirim"), err
    await sampai(serving, {ANI: len(HARI), BUDI: len(HARI) - 1})
    assert await serving.tpp.nilai("SELECT sum(version) FROM kehadiran_harian") == version + 1
    assert await serving.tpp.nilai("SELECT count(*) FROM kernel.dead_letter") == 0


async def test_without_its_settings_it_says_what_is_missing(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(CONTOH / "presensi.py"), env={}, stderr=asyncio.subprocess.PIPE, cwd=tmp_path
    )
    _, err = await process.communicate()
    assert (process.returncode, err.decode().strip()) == (2, "isi dahulu EKINERJA_KAFKA")
