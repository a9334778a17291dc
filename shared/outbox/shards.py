"""Which relay serves which shards: session locks, spread evenly over the relays that live."""

import math
import random
from typing import Any

from shared.db.tx import SHARDS

_MEMBER = 0x6F6D
_SHARD = 0x6F73

_WHO_HOLDS_WHAT = """
SELECT count(DISTINCT pid) FILTER (WHERE classid::bigint = $1) AS members,
       coalesce(array_agg(objid::bigint) FILTER (WHERE classid::bigint = $2), '{}') AS shards
FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 2
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


async def join(conn: Any) -> None:
    """Be counted among the relays for as long as this connection lives."""
    await conn.execute("SELECT pg_advisory_lock_shared($1, 0)", _MEMBER)


async def share(conn: Any, held: set[int]) -> None:
    """Hold our even part of the shards: let go of more, reach for less. `held` is changed in place."""
    row = await conn.fetchrow(_WHO_HOLDS_WHAT, _MEMBER, _SHARD)
    part = math.ceil(SHARDS / max(1, row["members"]))
    for shard in sorted(held)[part:]:
        await conn.execute("SELECT pg_advisory_unlock($1, $2)", _SHARD, shard)
        held.discard(shard)
    taken = set(row["shards"])
    free = [shard for shard in range(SHARDS) if shard not in taken]
    random.shuffle(free)
    for shard in free:
        if len(held) >= part:
            return
        if await conn.fetchval("SELECT pg_try_advisory_lock($1, $2)", _SHARD, shard):
            held.add(shard)
