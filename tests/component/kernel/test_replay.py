"""Having dead letters applied again: asked for on a page, done by a worker, followed, survived."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from shared.auth.guard import SYSADMIN, Guard, Peranan, Principal, allow
from shared.contracts.pegawai import KontakChanged
from shared.db.database import Database
from shared.errors import Conflict
from shared.ids import uuid7
from shared.inbox import dead_letters, on, replays
from shared.runtime.replay import work
from shared.testing import Feed
from tests.component.kernel.test_inbox import BUDI, SARI, Fragile
from tests.component.kernel.world import effects, kontak
from tests.component.layanan import Layanan, buka
from tests.conftest import FreshDatabase

PENJAGA = Principal(uuid7(), "198501012010011001", (Peranan("sysadmin"),), 1, "Penjaga Sistem")


async def ask(database: Database) -> None:
    """Ask for a round, as the page does."""
    guard = Guard(allow(SYSADMIN), PENJAGA)
    await database.run(replays.minta, guard=guard)


async def round_of(database: Database) -> replays.Putaran:
    """The newest round."""
    found = await database.run(replays.terakhir)
    assert found is not None
    return found


async def test_a_round_applies_what_it_can_and_says_what_stays(reading: Database) -> None:
    sink = Fragile(1, 11)
    subscriptions = [on(KontakChanged, sink.handle)]
    with pytest.raises(Conflict, match="Tidak ada surat mati"):
        await ask(reading)
    feed = Feed("assessment", reading, subscriptions)
    await feed.deliver([kontak(SARI, version) for version in (1, 2, 3)], strict=False)
    await feed.deliver([kontak(BUDI, version) for version in (11, 12)], strict=False)
    sink.refused = {11}
    await work(reading, subscriptions, [])
    assert await effects(reading) == [], "belum ada yang meminta"

    await ask(reading)
    await ask(reading)  # a second click finds the round that waits
    assert (await round_of(reading)).jumlah == 5
    await work(reading, subscriptions, [])
    told = await round_of(reading)
    assert (told.keadaan, told.selesai, told.gagal) == ("selesai", 3, 1)
    assert await effects(reading) == [(str(SARI), 1), (str(SARI), 2), (str(SARI), 3)]
    (left,) = (await reading.run(replays.keadaan)).surat
    assert (left.kind, left.sebab, left.parked) == ("bug", "KeyError", 1)

    sink.refused.clear()
    await ask(reading)
    await work(reading, subscriptions, [])
    told = await round_of(reading)
    assert (told.jumlah, told.selesai, told.gagal) == (2, 2, 0)
    assert await dead_letters.list_open(reading) == []


async def test_a_worker_that_died_leaves_the_round_to_the_next(
    reading: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = Fragile(1, 11)
    subscriptions = [on(KontakChanged, sink.handle)]
    feed = Feed("assessment", reading, subscriptions)
    await feed.deliver([kontak(SARI, version) for version in (1, 2, 3)], strict=False)
    await feed.deliver([kontak(BUDI, version) for version in (11, 12)], strict=False)
    sink.refused.clear()
    await ask(reading)
    real = dead_letters.replay
    calls = 0

    async def dies(*args: object) -> dead_letters.Outcome:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return await real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(dead_letters, "replay", dies)
    with pytest.raises(KeyboardInterrupt):
        await work(reading, subscriptions, [])
    monkeypatch.setattr(dead_letters, "replay", real)
    await work(reading, subscriptions, [])
    assert (await round_of(reading)).menunggu, "masih dipegang yang mati"
    async with reading.pool.acquire() as conn:
        await conn.execute("UPDATE kernel.replay SET dipegang_sampai = now() - interval '1 second'")
    await work(reading, subscriptions, [])
    told = await round_of(reading)
    assert (told.keadaan, told.gagal) == ("selesai", 0)
    assert sorted(await effects(reading)) == sorted(
        [(str(SARI), 1), (str(SARI), 2), (str(SARI), 3), (str(BUDI), 11), (str(BUDI), 12)]
    )


@pytest.fixture
async def notification(fresh_database: FreshDatabase) -> AsyncIterator[Layanan]:
    """A whole service with its pages."""
    async with buka(fresh_database("notification")) as layanan:
        yield layanan


async def test_its_page_is_for_who_runs_the_system_and_tells_nothing_of_the_content(
    notification: Layanan,
) -> None:
    client, path = notification.client, "/notifikasi/surat-mati"

    async def get(peran: str, more: str = "") -> httpx2.Response:
        headers = notification.kepala(PENJAGA.pegawai_id, peran, unit="PEMDA") | {"Accept": "text/html"}
        return await client.get(path + more, headers=headers)

    assert (await client.get(path)).status_code == 401
    for peran in ("pengelola", "admin_bkd", "bpkad", "auditor"):
        assert (await get(peran)).status_code == 403, peran
        headers = notification.kepala(PENJAGA.pegawai_id, peran, unit="PEMDA")
        assert (await client.post(f"{path}/terapkan", headers=headers)).status_code == 403
    assert "Tidak ada surat mati." in (await get("sysadmin")).text
    async with notification.database.pool.acquire() as conn:
        await conn.execute(
            'INSERT INTO kernel.dead_letter (consumer, topic, partition, "offset", value, headers, kind,'
            " cause, attempts) VALUES ('notification', 'ekinerja.skp.v1', 0, 1, '{\"rahasia\": 1}', '{}',"
            " 'invalid', 'Unreadable: rahasia 17', 1)"
        )
    shown = (await get("sysadmin")).text
    assert "Tidak dapat dibaca" in shown
    assert "rahasia" not in shown
    headers = notification.kepala(PENJAGA.pegawai_id, "sysadmin")
    assert (await client.post(f"{path}/terapkan", headers=headers)).status_code == 303
    assert "sedang diterapkan ulang" in (await get("sysadmin")).text
    await work(notification.database, notification.service.subscriptions, notification.service.barriers)
    told = await get("sysadmin", "/kemajuan")
    assert told.headers["Langsung-Selesai"] == "1"
    assert "1 surat masih gagal" in (await get("sysadmin")).text
