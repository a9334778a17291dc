"""What a service hears, as data: which event goes to which handler, and what waits for a full count."""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from shared.contracts.base import Event
from shared.db.tx import Tx

E = TypeVar("E", bound=Event)


class Received(NamedTuple, Generic[E]):
    """An event that has not been applied before, with what came in its headers."""

    event: E
    id: UUID
    time: datetime
    traceparent: str | None


class Unacceptable(Exception):
    """Raised by a handler for events that are readable but can never be true here, whoever tries again.

    `causes` names each by its id, with why. They go to the dead letters; the rest of the batch is applied,
    and later events of the same key do not wait for them.
    """

    def __init__(self, causes: Mapping[UUID, str]) -> None:
        super().__init__("; ".join(causes.values()))
        self.causes = causes


def newest(batch: Iterable[Received[E]], key: Callable[[E], Hashable]) -> list[Received[E]]:
    """The highest version of each key, in the order in which the keys first came."""
    found: dict[Hashable, Received[E]] = {}
    for received in batch:
        name = key(received.event)
        known = found.get(name)
        if known is None or known.event.version < received.event.version:
            found[name] = received
    return list(found.values())


Handler = Callable[[Tx, Sequence[Received[E]]], Awaitable[None]]
"""Applies all new events of one type in a batch, set-based, inside the inbox's transaction.

Events of one key come in order within one type; between types and topics there is no order, and the same
person may occur several times in one batch. A handler therefore compares `version` and never lets an older
state overwrite a newer one. Before it emits for an event it sets `tx.origin`, so that the trace goes on.
"""


@dataclass(frozen=True, slots=True)
class Subscription(Generic[E]):
    """One event type and its handler. `alone`: each event in a transaction of its own, after the others of
    its batch. For work of many milliseconds, which should neither hold back facts nor be undone with them."""

    event: type[E]
    handle: Handler[E]
    alone: bool = False


def on(event: type[E], handle: Handler[E], *, alone: bool = False) -> Subscription[E]:
    """A row of a service's SUBSCRIPTIONS. Events handled `alone` belong on a topic of their own, because
    they do not keep their place among others of the same key."""
    return Subscription(event, handle, alone)


@dataclass(frozen=True, slots=True)
class Barrier(Generic[E]):
    """Work that may begin only when everything a period's manifest counts has been applied here.

    `event` carries `periode`, `version` and `manifest`. Topics that this service does not hear are left
    out of the comparison. `missing` adds what counts cannot say (a person of the roster not yet known) and
    returns how many facts still lack. `finalise` runs in its own transaction and is called again while it
    returns True, so that long work goes in resumable chunks. `voided_by` names the event of the same key
    that withdraws the barrier when its version is higher.
    """

    event: type[E]
    finalise: Callable[[Tx, E], Awaitable[bool]]
    missing: Callable[[Tx, E], Awaitable[int]] | None = None
    voided_by: type[Event] | None = None
