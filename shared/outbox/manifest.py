"""Counting what a period holds, in the transaction that closes it."""

from collections.abc import Sequence

from shared.contracts.base import Manifest, Topic, TopicCount
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
WHERE periode = $1 AND aggregatetype = ANY ($2) AND type <> ALL ($3)
GROUP BY aggregatetype
"""


def as_hex(id_xor: int) -> str:
    """The XOR as manifests write it, from PostgreSQL's signed bigint."""
    return f"{id_xor & 0xFFFF_FFFF_FFFF_FFFF:016x}"


async def manifest(tx: Tx, periode: Period, topics: Sequence[Topic]) -> Manifest:
    """How many events of a month this service has recorded in each topic, and the XOR of their ids.

    Counts what this transaction has emitted so far too. The caller holds the period so locked that no other
    transaction can still commit an event of the month; a fact after the closing must therefore not carry
    the closed month in `periode` unless the month was reopened, or consumers would count one too many.
    """
    await tx.flush()
    names = [topic.name for topic in topics]
    rows = await tx.conn.fetch(_COUNT, str(periode), names, list(UNCOUNTED))
    found = {row["topic"]: row for row in rows}
    return Manifest(
        topics=tuple(
            TopicCount(topic=name, count=found[name]["count"], xor=as_hex(found[name]["id_xor"]))
            if name in found
            else TopicCount(topic=name, count=0, xor=as_hex(0))
            for name in names
        )
    )
