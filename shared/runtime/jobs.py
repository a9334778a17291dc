"""Jobs: what a service does by itself, in one worker at a time."""

import asyncio
import time
import zlib
from collections.abc import Sequence

from shared.obs.logging import log
from shared.obs.metrics import JOB_FAILURES, JOB_SECONDS
from shared.runtime.service import Job, Running

_LOCK_SPACE = 0x6A6F
_LONGEST_PAUSE = 60.0


async def run_jobs(jobs: Sequence[Job], running: Running) -> None:
    """Run every job in its rhythm until cancelled."""
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(_repeat(job, running))


async def _repeat(job: Job, running: Running) -> None:
    service = running.settings.service
    failures = 0
    while True:
        more = False
        started = time.perf_counter()
        try:
            more = await (job.run(running) if job.shared else _alone(job, running)) or False
            JOB_SECONDS.labels(service=service, job=job.name).observe(time.perf_counter() - started)
            failures = 0
        except Exception as error:
            failures += 1
            JOB_FAILURES.labels(service=service, job=job.name).inc()
            log.warning("pekerjaan gagal, akan diulang", layanan=service, pekerjaan=job.name, exc_info=error)
        pause = 0.0 if more else job.every
        await asyncio.sleep(max(pause, min(_LONGEST_PAUSE, 0.5 * 2**failures)) if failures else pause)


async def _alone(job: Job, running: Running) -> bool | None:
    """Run unless another worker holds this job; the lock falls when its connection does."""
    key = zlib.crc32(job.name.encode()) & 0x7FFF_FFFF
    async with running.database.pool.acquire() as conn:
        if not await conn.fetchval("SELECT pg_try_advisory_lock($1, $2)", _LOCK_SPACE, key):
            return False
        try:
            return await job.run(running)
        finally:
            await conn.fetchval("SELECT pg_advisory_unlock($1, $2)", _LOCK_SPACE, key)
