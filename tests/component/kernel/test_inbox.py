"""The inbox on a real database: once in effect, three kinds of failure, parking, replay."""

import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from shared.contracts.pegawai import KONTAK, KontakChanged
from shared.contracts.periode import PERIODE, PeriodeOpened
from shared.contracts.skp import RealisasiSubmitted, SkpApproved
from shared.db.database import Database
from shared.db.tx import Tx
from shared.errors import Conflict, NotFound
from shared.ids import low64, uuid7
from shared.inbox import Received, Unacceptable, dead_letters, on
from shared.inbox import inbox as inbox_module
from shared.inbox.faults import passes
from shared.inbox.inbox import Halted
from shared.inbox.reading import Record
from shared.testing import Feed, Recorded
from tests.component.kernel.world import NOVEMBER, Sink, effects, fetch, kontak, realisasi, value

SARI, BUDI = uuid7(), uuid7()


def broken_record(feed: Feed, **headers: bytes | None) -> Record:
    """A message whose headers were replaced; None removes one."""
    good = feed.record(Recorded.of(kontak(SARI, 1)))
    changed = {**good.headers, **headers}
    return Record(
        good.topic,
        good.partition,
        good.offset,
        good.key,
        good.value,
        {name: found for name, found in changed.items() if found is not None},
    )


class Fragile(Sink):
    """Refuses the versions it is told to."""

    def __init__(self, *refused: int) -> None:
        super().__init__()
        self.refused = set(refused)

    async def handle(self, tx: Tx, events: Sequence[Received[Any]]) -> None:
        """Fail as a bug does: every time, and only for some events."""
        for one in events:
            if one.event.version in self.refused:
                raise KeyError(f"versi {one.event.version}")
        await super().handle(tx, events)


async def test_an_event_is_applied_once_however_often_it_comes(reading: Database) -> None:
    feed = Feed("assessment", reading, [on(KontakChanged, Sink().handle)])
    events = [Recorded.of(kontak(SARI, version)) for version in range(1, 6)]
    await feed.deliver([*events, *events[:3]])
    await feed.deliver(random.Random(1).sample(events * 3, 15), batch=2)
    assert await effects(reading) == [(str(SARI), version) for version in range(1, 6)]


async def test_what_a_handler_finds_unacceptable_holds_up_nothing_of_its_key(reading: Database) -> None:
    class Choosy(Sink):
        async def handle(self, tx: Tx, events: Sequence[Received[Any]]) -> None:
            await super().handle(tx, events)
            if wrong := {one.id: "tidak mungkin" for one in events if one.event.version == 2}:
                raise Unacceptable(wrong)

    feed = Feed("assessment", reading, [on(KontakChanged, Choosy().handle)])
    await feed.deliver([kontak(SARI, version) for version in (1, 2)], strict=False)
    await feed.deliver([kontak(SARI, 3)], strict=False)
    assert await effects(reading) == [(str(SARI), 1), (str(SARI), 3)]
    (letter,) = await dead_letters.list_open(reading)
    assert (letter.kind, letter.cause, letter.parked) == ("invalid", "tidak mungkin", 0)


async def test_effect_and_memory_commit_together(reading: Database) -> None:
    sink = Fragile(2)
    feed = Feed("assessment", reading, [on(KontakChanged, sink.handle)])
    with pytest.raises(KeyError):
        await feed.deliver([kontak(SARI, 1), kontak(SARI, 2)])
    assert await effects(reading) == []
    assert await value(reading, "SELECT count(*) FROM kernel.inbox") == 0


async def test_every_event_of_a_heard_topic_is_counted_handled_or_not(reading: Database) -> None:
    feed = Feed("assessment", reading, [on(RealisasiSubmitted, Sink().handle)])
    counted = [Recorded.of(realisasi(SARI, 1)), Recorded.of(realisasi(BUDI, 2))]
    await feed.deliver([*counted, counted[0]])
    row = (await fetch(reading, "SELECT sum(count) AS n, bit_xor(id_xor) AS x FROM kernel.tally"))[0]
    assert (row["n"], row["x"]) == (2, low64(counted[0].id) ^ low64(counted[1].id))

    unhandled = Feed("notification", reading, [on(PeriodeOpened, Sink().handle)])
    await unhandled.deliver([PeriodeOpened(version=1, periode=NOVEMBER)])
    other = Recorded.of(PeriodeOpened(version=2, periode=NOVEMBER))
    closing = Recorded(**{name: getattr(other, name) for name in Recorded.__slots__} | {"type": CLOSED})
    submission = Recorded(
        **{name: getattr(other, name) for name in Recorded.__slots__} | {"type": SUBMISSION}
    )
    await unhandled.deliver([closing, submission])
    # The manifest's own carrier is not counted; the type that nothing here handles is.
    assert await value(reading, "SELECT sum(count) FROM kernel.tally WHERE topic = $1", PERIODE.name) == 2


CLOSED = "id.ekinerja.periode.closed"
SUBMISSION = "id.ekinerja.periode.submission-closed"


@pytest.mark.parametrize(
    ("headers", "value_bytes", "cause"),
    [
        ({"ce_type": None}, b"{}", "tanpa kepala ce_type"),
        ({"ce_type": b"id.ekinerja.masa.depan"}, b"{}", "tidak dikenal"),
        ({"ce_type": b"\xff\xfe"}, b"{}", "bukan UTF-8"),
        ({"ce_type": b"nul\x00di-tengah"}, b"{}", "tidak dikenal"),
        ({"ce_type": SkpApproved.TYPE.encode()}, b"{}", "bukan milik topik"),
        ({"ce_specversion": b"9.9"}, b"{}", "CloudEvents"),
        ({"ce_id": b"bukan-uuid"}, b"{}", "ce_id"),
        ({"ce_time": b"kemarin"}, None, "ce_time"),
        ({"ce_time": b"2026-11-01T00:00:00"}, None, "tanpa zona"),
        ({"ce_periode": b"2026-13"}, None, "ce_periode"),
        ({"traceparent": b"\x00\xff"}, b"\x00\xffbukan json", "tidak sesuai kontrak"),
        ({}, b'{"version": 0}', "version"),
        ({}, b"[" * 100_000, "tidak sesuai kontrak"),
        ({}, b"x" * 2_000_000, "tidak sesuai kontrak"),
    ],
)
async def test_unreadable_goes_to_the_dead_letters_and_the_rest_goes_on(
    reading: Database, headers: dict[str, bytes | None], value_bytes: bytes | None, cause: str
) -> None:
    feed = Feed("assessment", reading, [on(KontakChanged, Sink().handle)])
    bad = broken_record(feed, **headers)
    if value_bytes is not None:
        bad = Record(bad.topic, bad.partition, bad.offset, bad.key, value_bytes, bad.headers)
    before, after = (feed.record(Recorded.of(kontak(SARI, version))) for version in (1, 2))
    await feed.inbox.take([before, bad, after])
    await feed.inbox.take([bad])

    assert await effects(reading) == [(str(SARI), 1), (str(SARI), 2)]
    (letter,) = await dead_letters.list_open(reading)
    assert letter.kind == "invalid"
    assert cause in letter.cause
    assert (letter.topic, letter.partition, letter.offset) == (bad.topic, bad.partition, bad.offset)
    assert letter.attempts == 2
    shown = await dead_letters.show(reading, letter.id)
    assert shown.record.value == bad.value
    assert shown.record.headers == bad.headers
    assert "headers:" in str(shown)


async def test_a_lost_connection_is_waited_out(reading: Database) -> None:
    times = 0

    async def cut(_: Any) -> None:
        nonlocal times
        times += 1
        if times <= 2:
            async with reading.pool.acquire() as other:
                await other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND state = 'idle in transaction'"
                )

    feed = Feed("assessment", reading, [on(KontakChanged, Sink(before=cut).handle)])
    await feed.deliver([kontak(SARI, 1), kontak(BUDI, 1)], strict=False)
    assert times == 3
    assert await effects(reading) == [(str(SARI), 1), (str(BUDI), 1)]
    assert await dead_letters.list_open(reading) == []


async def test_a_fault_that_does_not_pass_gives_the_batch_back(
    reading: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "PATIENCE", 0.2)

    async def away(_: Any) -> None:
        raise ConnectionRefusedError("PostgreSQL tidak ada")

    feed = Feed("assessment", reading, [on(KontakChanged, Sink(before=away).handle)])
    with pytest.raises(ConnectionRefusedError):
        await feed.deliver([kontak(SARI, 1)], strict=False)
    assert feed.inbox.held_since is not None
    assert await value(reading, "SELECT count(*) FROM kernel.inbox") == 0
    assert await dead_letters.list_open(reading) == []


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (asyncpg.DeadlockDetectedError(""), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.InterfaceError("the server expects 1 argument for this query, 2 was passed"), False),
        (FileNotFoundError("templat.txt"), False),
        (asyncpg.UniqueViolationError(""), False),
        (KeyError("x"), False),
    ],
)
def test_a_bug_is_not_taken_for_a_passing_fault(error: Exception, expected: bool) -> None:
    assert passes(error) is expected


async def test_a_wrong_argument_is_a_bug(reading: Database) -> None:
    async with reading.pool.acquire() as conn:
        for sql, argument in (("SELECT $1::int", "bukan angka"), ("SELECT 1", 2)):
            with pytest.raises((asyncpg.InterfaceError, asyncpg.DataError)) as caught:
                await conn.fetch(sql, argument)
            assert not passes(caught.value)


async def test_a_bug_is_narrowed_down_and_its_key_waits(reading: Database) -> None:
    sink = Fragile(7)
    feed = Feed("assessment", reading, [on(KontakChanged, sink.handle)])
    events = [kontak(SARI if version % 2 else BUDI, version) for version in range(1, 13)]
    await feed.deliver(events, strict=False)

    applied = await effects(reading)
    assert [version for key, version in applied if key == str(BUDI)] == [2, 4, 6, 8, 10, 12]
    assert [version for key, version in applied if key == str(SARI)] == [1, 3, 5]
    (letter,) = await dead_letters.list_open(reading)
    assert (letter.kind, letter.attempts, letter.parked) == ("bug", inbox_module.ATTEMPTS, 2)
    assert "KeyError: 'versi 7'" in letter.cause
    assert "test_inbox.py" in letter.cause

    # Later ones of that key wait too, whichever batch they come in; others pass.
    await feed.deliver([kontak(SARI, 13), kontak(BUDI, 14)], strict=False)
    assert (await effects(reading))[-1] == (str(BUDI), 14)
    assert await value(reading, "SELECT count(*) FROM kernel.parked_event") == 3

    with pytest.raises(Conflict, match="masih gagal"):
        await dead_letters.replay(reading, [on(KontakChanged, sink.handle)], [], letter.id)
    assert (await dead_letters.show(reading, letter.id)).attempts == inbox_module.ATTEMPTS + 1

    sink.refused.clear()
    outcome = await dead_letters.replay(reading, [on(KontakChanged, sink.handle)], [], letter.id)
    assert (outcome.state, outcome.behind, outcome.stuck) == ("replayed", 3, None)
    applied = await effects(reading)
    assert [version for key, version in applied if key == str(SARI)] == [1, 3, 5, 7, 9, 11, 13]
    assert await dead_letters.list_open(reading) == []
    await feed.deliver([kontak(SARI, 15)], strict=False)
    assert (await effects(reading))[-1] == (str(SARI), 15)


async def test_delivered_again_after_the_letter_nothing_waits_twice(reading: Database) -> None:
    sink = Fragile(2)
    subscriptions = [on(KontakChanged, sink.handle)]
    feed = Feed("assessment", reading, subscriptions)
    records = [feed.record(Recorded.of(kontak(SARI, version))) for version in (1, 2, 3)]
    await feed.inbox.take(records)
    await feed.inbox.take(records)
    (letter,) = await dead_letters.list_open(reading)
    sink.refused.clear()
    await dead_letters.replay(reading, subscriptions, [], letter.id)
    assert await effects(reading) == [(str(SARI), version) for version in (1, 2, 3)]
    await feed.inbox.take(records)
    assert len(await effects(reading)) == 3


async def test_replay_stops_at_the_next_letter_of_the_key(reading: Database) -> None:
    sink = Fragile(1, 3)
    subscriptions = [on(KontakChanged, sink.handle)]
    feed = Feed("assessment", reading, subscriptions)
    await feed.deliver([kontak(SARI, version) for version in range(1, 6)], strict=False)
    (first,) = await dead_letters.list_open(reading)
    sink.refused = {3}
    outcome = await dead_letters.replay(reading, subscriptions, [], first.id)
    assert outcome.behind == 1
    assert outcome.stuck is not None
    (second,) = await dead_letters.list_open(reading)
    assert second.parked == 2
    sink.refused.clear()
    await dead_letters.replay(reading, subscriptions, [], second.id)
    assert [version for _, version in await effects(reading)] == [1, 2, 3, 4, 5]
    with pytest.raises(Conflict, match="sudah diselesaikan"):
        await dead_letters.replay(reading, subscriptions, [], second.id)
    with pytest.raises(NotFound):
        await dead_letters.replay(reading, subscriptions, [], 999_999)


async def test_a_replay_that_was_stopped_half_way_goes_on(
    reading: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_letters, "_CHUNK", 2)
    sink = Fragile(1)
    subscriptions = [on(KontakChanged, sink.handle)]
    feed = Feed("assessment", reading, subscriptions)
    await feed.deliver([kontak(SARI, version) for version in range(1, 8)], strict=False)
    (letter,) = await dead_letters.list_open(reading)
    sink.refused.clear()
    told: list[int] = []

    def stopped(done: int) -> None:
        told.append(done)
        if len(told) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await dead_letters.replay(reading, subscriptions, [], letter.id, stopped)
    assert told == [1, 2, 2]
    (half,) = await dead_letters.list_open(reading)
    assert (half.state, half.parked) == ("replayed", 2)
    rest: list[int] = []
    outcome = await dead_letters.replay(reading, subscriptions, [], letter.id, rest.append)
    assert (outcome.behind, sum(rest)) == (2, 2)
    assert [version for _, version in await effects(reading)] == [1, 2, 3, 4, 5, 6, 7]
    assert await dead_letters.list_open(reading) == []
    with pytest.raises(Conflict, match="sudah diselesaikan"):
        await dead_letters.replay(reading, subscriptions, [], letter.id)


async def test_a_dropped_letter_counts_and_lets_the_others_go(reading: Database) -> None:
    sink = Fragile(1)
    subscriptions = [on(RealisasiSubmitted, sink.handle)]
    feed = Feed("assessment", reading, subscriptions)
    events = [Recorded.of(realisasi(SARI, version)) for version in (1, 2)]
    await feed.deliver(events, strict=False)
    assert await value(reading, "SELECT coalesce(sum(count), 0) FROM kernel.tally") == 0
    (letter,) = await dead_letters.list_open(reading)
    outcome = await dead_letters.drop(reading, subscriptions, [], letter.id)
    assert (outcome.state, outcome.behind) == ("dropped", 1)
    assert await effects(reading) == [(str(SARI), 2)]
    await feed.deliver(events, strict=False)
    assert await effects(reading) == [(str(SARI), 2)]
    assert await value(reading, "SELECT sum(count) FROM kernel.tally") == 2
    assert await value(reading, "SELECT count(*) FROM kernel.audit WHERE action = 'surat-mati.dropped'") == 1


async def test_too_many_in_a_row_halt(reading: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "DEAD_IN_A_ROW", 3)
    monkeypatch.setattr(inbox_module, "ATTEMPTS", 1)
    feed = Feed("assessment", reading, [on(KontakChanged, Fragile(*range(1, 100)).handle)])
    records = [feed.record(Recorded.of(kontak(uuid7(), version))) for version in range(1, 8)]
    with pytest.raises(Halted):
        await feed.inbox.take(records)
    assert len(await dead_letters.list_open(reading)) == 3
    with pytest.raises(Halted):
        await feed.inbox.take([])

    # After a restart the same batch comes again: what is known already is passed, so each restart gets on.
    again = Feed("assessment", reading, [on(KontakChanged, Fragile(*range(1, 100)).handle)])
    with pytest.raises(Halted):
        await again.inbox.take(records)
    assert len(await dead_letters.list_open(reading)) == 6


async def test_a_success_between_dead_letters_starts_the_count_anew(
    reading: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "DEAD_IN_A_ROW", 2)
    feed = Feed("assessment", reading, [on(KontakChanged, Sink().handle)])
    for version in range(1, 6):
        bad = broken_record(feed, ce_id=b"x")
        await feed.inbox.take([bad])
        await feed.inbox.take([feed.record(Recorded.of(kontak(SARI, version)))])
    assert not feed.inbox.halted
    assert len(await dead_letters.list_open(reading)) == 5


async def test_a_topic_that_is_not_heard_is_left_alone(reading: Database) -> None:
    feed = Feed("assessment", reading, [on(KontakChanged, Sink().handle)])
    assert feed.inbox.hearing.topics == {KONTAK.name}
    await feed.deliver([realisasi(SARI, 1)])
    assert await value(reading, "SELECT count(*) FROM kernel.inbox") == 0


async def test_a_handlers_own_event_carries_the_trace_on(reading: Database) -> None:
    trace = "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"

    async def answer(tx: Tx, events: Sequence[Received[KontakChanged]]) -> None:
        for one in events:
            tx.emit(kontak(UUID(int=one.event.version), 1))

    feed = Feed("assessment", reading, [on(KontakChanged, answer)])
    await feed.deliver([Recorded.of(kontak(SARI, 1), traceparent=trace)])
    found = await value(reading, "SELECT headers ->> 'traceparent' FROM kernel.outbox")
    assert found[3:35] == "ab" * 16


async def test_a_strict_feed_names_what_it_cannot_read(reading: Database) -> None:
    feed = Feed("assessment", reading, [on(KontakChanged, Sink().handle)])
    good = Recorded.of(kontak(SARI, 1))
    bad = Recorded(**{name: getattr(good, name) for name in Recorded.__slots__} | {"payload": "{}"})
    with pytest.raises(ValueError, match="event ditolak: isi tidak sesuai kontrak"):
        await feed.deliver([bad])


async def test_an_unreadable_payload_is_replayed_once_it_can_be_read(reading: Database) -> None:
    class Stricter(KontakChanged):
        """What an older version wanted of the payload."""

        kota: str

    feed = Feed("assessment", reading, [on(Stricter, Sink().handle)])
    await feed.deliver([kontak(SARI, 1)], strict=False)
    (letter,) = await dead_letters.list_open(reading)
    with pytest.raises(Conflict, match="kota: Field required"):
        await dead_letters.replay(reading, [on(Stricter, Sink().handle)], [], letter.id)
    await dead_letters.replay(reading, [on(KontakChanged, Sink().handle)], [], letter.id)
    assert await effects(reading) == [(str(SARI), 1)]
