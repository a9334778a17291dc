"""What stands where: outboxes, topics, inboxes and tallies, compared event by event."""

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from deploy.backends.principals import SERVICES
from services.installed import composed
from shared.contracts.catalogue import EVENTS
from shared.contracts.payroll import ItemFailed, ItemPaid
from shared.outbox.manifest import UNCOUNTED
from tests.compose.tumpukan import Tumpukan

_TOPIC_OF = {event.TYPE: event.TOPIC.name for event in EVENTS}
_FROM_OUTSIDE = {ItemPaid.TYPE, ItemFailed.TYPE}
"""Told by the payroll, hence in no outbox of ours."""


@dataclass(frozen=True, slots=True)
class Hitungan:
    """Everything that was told and heard in an installation."""

    outbox: dict[str, dict[str, str]]
    """Event id -> its row, of all services."""
    topics: list[dict[str, Any]]
    """One entry for each event id on a topic, with how often it stands there."""
    inbox: dict[str, set[str]]
    """Service -> ids of the events it has applied."""
    tally: dict[str, dict[str, int]]
    """Service -> topic -> how many events that belong to a month it has counted."""

    @classmethod
    def of(cls, stack: Tumpukan) -> "Hitungan":
        """Read it all, once nothing moves any more. A consumer that rejoins its group after a restart rests
        for many seconds with events before it: what seems lost is looked at again for two minutes."""
        deadline = time.monotonic() + 120
        while (found := cls._now(stack)).faults() and time.monotonic() < deadline:
            time.sleep(2)
        return found

    @classmethod
    def _now(cls, stack: Tumpukan) -> "Hitungan":
        stack.until_quiet()
        outbox: dict[str, dict[str, str]] = {}
        inbox: dict[str, set[str]] = {}
        tally: dict[str, dict[str, int]] = {}
        for service in SERVICES:
            rows = stack.query(service, "SELECT id, aggregatetype AS topic, type, periode FROM kernel.outbox")
            outbox |= {row["id"]: row for row in rows}
            rows = stack.query(service, "SELECT event_id FROM kernel.inbox")
            inbox[service] = {row["event_id"] for row in rows}
            rows = stack.query(
                service, "SELECT topic, sum(count)::bigint AS n FROM kernel.tally GROUP BY topic"
            )
            tally[service] = {row["topic"]: int(row["n"]) for row in rows}
        return cls(outbox, stack.on_topics(), inbox, tally)

    def faults(self) -> list[str]:
        """What was lost or counted twice, in sentences; empty when nothing was."""
        ours = {one["id"] for one in self.topics if one["type"] not in _FROM_OUTSIDE}
        found = [f"{one} tidak terbit" for one in self.outbox.keys() - ours]
        found += [f"{one} terbit tanpa outbox" for one in ours - self.outbox.keys()]
        for service in SERVICES:
            built = composed(service)
            handled = {part.event.TYPE for part in (*built.subscriptions, *built.barriers)}
            wanted = {one["id"] for one in self.topics if one["type"] in handled}
            found += [f"{service}: {one} tidak diterapkan" for one in wanted - self.inbox[service]]
            counted = Counter(
                row["topic"]
                for row in self.outbox.values()
                if row["topic"] in {_TOPIC_OF[kind] for kind in handled}
                and row["periode"]
                and row["type"] not in UNCOUNTED
            )
            for topic, count in counted.items():
                if (seen := self.tally[service].get(topic, 0)) != count:
                    found.append(f"{service}: {topic} dihitung {seen} kali, seharusnya {count}")
        return found

    def figures(self) -> dict[str, Any]:
        """The counts, for people."""
        told, delivered = Counter[str](), Counter[str]()
        for one in self.topics:
            told[one["topic"]] += 1
            delivered[one["topic"]] += one["kali"]
        return {
            "outbox": len(self.outbox),
            "di topik": dict(told),
            "terkirim ke topik": dict(delivered),
            "inbox": {service: len(ids) for service, ids in self.inbox.items()},
        }
