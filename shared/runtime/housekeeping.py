"""What every service's worker does for its own database, besides the service's own jobs."""

import time

from shared.audit import seal
from shared.runtime.service import Job, Running

_SWEEP_SECONDS = 3600
_swept: dict[str, float] = {}


async def _seal(running: Running) -> bool:
    name = running.settings.service
    sweep = time.monotonic() - _swept.get(name, float("-inf")) > _SWEEP_SECONDS
    more = await seal(running.database, running.settings.keys, name, sweep=sweep)
    if sweep and not more:
        _swept[name] = time.monotonic()
    return more


async def _outbox_partitions(running: Running) -> None:
    async with running.database.pool.acquire() as conn:
        await conn.execute("SELECT kernel.ensure_outbox_partitions(3)")


async def _forget_old_answers(running: Running) -> bool:
    """Idempotency keys outlive an offline month (35 days), then go in small steps."""
    async with running.database.pool.acquire() as conn:
        done = await conn.execute(
            "DELETE FROM kernel.idempotency WHERE ctid = ANY (ARRAY("
            " SELECT ctid FROM kernel.idempotency WHERE created_at < now() - interval '35 days' LIMIT 5000))"
        )
    return bool(done == "DELETE 5000")


async def _forget_old_nudges(running: Running) -> bool:
    """Nudges count for their day only; a quarter is kept to answer questions about them."""
    async with running.database.pool.acquire() as conn:
        done = await conn.execute(
            "DELETE FROM kernel.colek WHERE ctid = ANY (ARRAY("
            " SELECT ctid FROM kernel.colek WHERE hari < current_date - 92 LIMIT 5000))"
        )
    return bool(done == "DELETE 5000")


async def _forget_ended_sessions(running: Running) -> bool:
    """A session that has ended need not be remembered once its token is past its time anyway."""
    async with running.database.pool.acquire() as conn:
        done = await conn.execute(
            "DELETE FROM kernel.ended_session WHERE ctid = ANY (ARRAY("
            " SELECT ctid FROM kernel.ended_session"
            " WHERE berlaku_sampai < now() - interval '1 hour' LIMIT 5000))"
        )
    return bool(done == "DELETE 5000")


HOUSEKEEPING = (
    Job("segel-audit", 1.0, _seal),
    Job("partisi-outbox", 3600.0, _outbox_partitions),
    Job("jawaban-lama", 600.0, _forget_old_answers),
    Job("colek-lama", 3600.0, _forget_old_nudges),
    Job("sesi-lama", 600.0, _forget_ended_sessions),
)
