"""From raw records to events: which a service hears, and what makes one unreadable."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as FastUUID  # noqa: N811 - a UUID, read ten times as fast
from pydantic import ValidationError

from shared.contracts.base import Event
from shared.contracts.catalogue import BY_TYPE, OUTSIDE
from shared.inbox.subscription import Barrier, Received, Subscription
from shared.outbox.manifest import UNCOUNTED
from shared.period import Period

_MAX_CAUSE = 2000


class Unreadable(ValueError):
    """An event that this version cannot read; the text says why."""


class Record(NamedTuple):
    """One message as it came: `topic` is the catalogue's name, whatever the namespace on the broker."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes | None]


class Arrived(NamedTuple):
    """An event known by its headers. `periode` is set when manifests count it; `handled` when we do more."""

    record: Record
    id: UUID
    type: str
    periode: str | None
    traceparent: str | None
    handled: bool


class _Kind(NamedTuple):
    name: str
    event: type[Event]
    topic: str
    handled: bool
    counted: bool


class Hearing:
    """What one service listens to, from its SUBSCRIPTIONS and BARRIERS.

    Raises ValueError when two barriers wait for the same event: a barrier is known by it.
    """

    def __init__(
        self, subscriptions: Sequence[Subscription[Any]], barriers: Sequence[Barrier[Any]] = ()
    ) -> None:
        self.subscriptions = tuple(subscriptions)
        self.barriers: dict[str, Barrier[Any]] = {barrier.event.TYPE: barrier for barrier in barriers}
        if len(self.barriers) != len(barriers):
            raise ValueError("satu event hanya boleh ditunggu satu barrier")
        self.voids: dict[str, list[str]] = {}
        """Type of a withdrawing event -> names of the barriers it withdraws."""
        for barrier in barriers:
            if barrier.voided_by is not None:
                self.voids.setdefault(barrier.voided_by.TYPE, []).append(barrier.event.TYPE)
        handled: list[type[Event]] = [subscription.event for subscription in subscriptions]
        handled += [barrier.event for barrier in barriers]
        handled += [barrier.voided_by for barrier in barriers if barrier.voided_by is not None]
        here = {event.TYPE: event for event in handled}
        self.topics = frozenset(event.TOPIC.name for event in handled)
        """Every event of these topics is counted, also of types that nothing here handles."""
        self.outside = frozenset(
            event.TOPIC.name for event in handled if event.TOPIC.producers <= frozenset(OUTSIDE)
        )
        """Topics that only systems write to which are not ours."""
        self.alone = frozenset(
            subscription.event.TYPE for subscription in subscriptions if subscription.alone
        )
        """Types of which each event has its own transaction."""
        self._events = here
        self._kinds: dict[bytes | None, _Kind] = {
            name.encode(): _Kind(name, event, event.TOPIC.name, name in here, name not in UNCOUNTED)
            for name, event in {**BY_TYPE, **here}.items()
        }

    def read(self, record: Record) -> Arrived | None:
        """The event by its headers, or None when nothing here handles it and no manifest counts it.

        Raises Unreadable for a missing or wrong header and for a type that this version does not know.
        """
        headers = record.headers
        kind = self._kinds.get(headers.get("ce_type"))
        if kind is None:
            raise Unreadable(f"tipe {_text(headers, 'ce_type')[:200]!r} tidak dikenal versi ini")
        if kind.topic != record.topic:
            raise Unreadable(f"tipe {kind.name} bukan milik topik {record.topic}")
        if headers.get("ce_specversion") != b"1.0":
            raise Unreadable(f"CloudEvents versi {_text(headers, 'ce_specversion')[:20]!r} tidak dikenal")
        stamped = headers.get("ce_periode")
        periode = _period(stamped) if kind.counted and stamped is not None else None
        if not kind.handled and periode is None:
            return None
        try:
            identifier = FastUUID(_text(headers, "ce_id"))
        except ValueError as error:
            raise Unreadable(f"ce_id: {error}") from None
        parent = headers.get("traceparent")
        traceparent = parent.decode("ascii", "replace") if parent else None
        return Arrived(record, identifier, kind.name, periode, traceparent, kind.handled)

    def open(self, arrived: Arrived) -> Received[Any]:
        """A handled event with its payload. Raises Unreadable when that is not what the contract says."""
        event = _payload(self._events[arrived.type], arrived.record.value)
        return Received(event, arrived.id, _time(arrived.record.headers), arrived.traceparent)


def _text(headers: Mapping[str, bytes | None], name: str) -> str:
    value = headers.get(name)
    if value is None:
        raise Unreadable(f"tanpa kepala {name}")
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise Unreadable(f"kepala {name} bukan UTF-8") from None


def _time(headers: Mapping[str, bytes | None]) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(headers, "ce_time"))
    except ValueError as error:
        raise Unreadable(f"ce_time: {error}") from None
    if moment.tzinfo is None:
        raise Unreadable("ce_time: waktu tanpa zona")
    return moment


@lru_cache(maxsize=1024)
def _period(stamped: bytes) -> str:
    try:
        return str(Period.parse(stamped.decode()))
    except ValueError:
        raise Unreadable(f"ce_periode {stamped[:20]!r} bukan TTTT-BB") from None


def _payload(event: type[Event], value: bytes | None) -> Event:
    if value is None:
        raise Unreadable("tanpa isi")
    try:
        return event.model_validate_json(value)
    except ValidationError as error:
        # Where and why, never the values: a payload may hold what logs must not.
        faults = "; ".join(
            f"{'/'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_context=False, include_input=False)
        )
        raise Unreadable(f"isi tidak sesuai kontrak: {faults}"[:_MAX_CAUSE]) from None
