"""Counting what a period holds, in the transaction that closes it."""

from collections.abc import Sequence

from shared.contracts.base import Closing, Manifest, Topic, TopicCount
from shared.contracts.catalogue import EVENTS
from shared.db.tx import Tx
from shared.period import Period

UNCOUNTED = frozenset(event.TYPE for event in EVENTS if "manifest" in event.model_fields)
"""Events that carry a manifest cannot count themselves; neither manifest nor tally counts them."""

# The low 64 bits of a UUID are its last 16 hexadecimal digits.
_COUNT = """
SELECT aggregatetype AS topic, count(*) AS count,
       bit_xor(('x' || right(replace(id::text, '-', ''), 16))::bit(64)::bigint) AS id_xor
FROM kernel.outbox
WHERE periode BETWEEN $1 AND $2 AND aggregatetype = ANY ($3) AND type <> ALL ($4)
GROUP BY aggregatetype
"""


def as_hex(id_xor: int) -> str:
    """The XOR as manifests write it, from PostgreSQL's signed bigint."""
    return f"{id_xor & 0xFFFF_FFFF_FFFF_FFFF:016x}"


async def manifest(
    tx: Tx,
    periode: Period,
    topics: Sequence[Topic],
    *,
    since: Period | None = None,
    after: Closing | None = None,
) -> Manifest:
    """How many events of a month this service has recorded in each topic, and the XOR of their ids.

    With `since` the months from there on are counted too; `after` is what consumers must finish first.

    Counts what this transaction has emitted so far too. The caller holds the period so locked that no other
    transaction can still commit an event of the months counted; a fact after the closing must therefore not
    carry a closed month in `periode` unless it was reopened, or consumers would count one too many.
    """
    await tx.flush()
    names = [topic.name for topic in topics]
    rows = await tx.conn.fetch(_COUNT, str(since or periode), str(periode), names, list(UNCOUNTED))
    found = {row["topic"]: row for row in rows}
    return Manifest(
        topics=tuple(
            TopicCount(topic=name, count=found[name]["count"], xor=as_hex(found[name]["id_xor"]))
            if name in found
            else TopicCount(topic=name, count=0, xor=as_hex(0))
            for name in names
        ),
        since=since,
        after=after,
    )
