"""Sessions that no longer count: a changed role or a closed account ends older ones, logging out ends one."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.auth.guard import Principal
from shared.contracts.keamanan import SesiEnded
from shared.contracts.pegawai import AkunChanged
from shared.db.database import Database
from shared.db.tx import Tx
from shared.errors import Unauthenticated
from shared.inbox.subscription import Received

# Rows are stamped at the start of their transaction and seen at its end: look back further than one takes.
_OVERLAP = timedelta(seconds=90)
_GENERATIONS = "SELECT pegawai_id, generation, aktif, changed_at FROM kernel.token_generation"
_ENDED = "SELECT sesi, berlaku_sampai, changed_at FROM kernel.ended_session"
_SINCE = " WHERE changed_at >= $1"


class Generations:
    """What this process knows of every person's newest generation, and of sessions that were ended.

    `refresh()` every second or two.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._newest: dict[UUID, tuple[int, bool]] = {}
        self._ended: dict[UUID, float] = {}
        self._until: datetime | None = None

    async def refresh(self) -> None:
        """Read what changed since the last look."""
        since = () if self._until is None else (self._until - _OVERLAP,)
        only = _SINCE if since else ""
        async with self._database.pool.acquire() as conn:
            changed = await conn.fetch(_GENERATIONS + only, *since)
            ended = await conn.fetch(_ENDED + only, *since)
        for row in changed:
            self._newest[row["pegawai_id"]] = (row["generation"], row["aktif"])
        for row in ended:
            self._ended[row["sesi"]] = row["berlaku_sampai"].timestamp()
        self._until = max((row["changed_at"] for row in (*changed, *ended)), default=self._until)
        if ended:
            now = time.time()
            self._ended = {sesi: until for sesi, until in self._ended.items() if until > now}

    def check(self, principal: Principal) -> None:
        """Raises Unauthenticated for a session that ended: by logging out, a newer generation, or closing."""
        if principal.sesi in self._ended:
            raise Unauthenticated(
                "Anda sudah keluar dari sesi ini.",
                remedy="Silakan masuk lagi dengan NIP dan kata sandi Anda.",
            )
        newest = self._newest.get(principal.pegawai_id)
        if newest is None:
            return
        generation, active = newest
        if principal.generation < generation or not active:
            raise Unauthenticated(
                "Wewenang akun Anda berubah sejak Anda masuk.",
                remedy="Silakan masuk lagi; bila tidak bisa, hubungi pengelola kinerja OPD.",
            )


_NEWEST = """
INSERT INTO kernel.token_generation AS known (pegawai_id, generation, aktif)
SELECT DISTINCT ON (pegawai_id) pegawai_id, generation, aktif
FROM unnest($1::uuid[], $2::bigint[], $3::boolean[]) AS news(pegawai_id, generation, aktif)
ORDER BY pegawai_id, generation DESC
ON CONFLICT (pegawai_id) DO UPDATE
SET generation = excluded.generation, aktif = excluded.aktif, changed_at = now()
WHERE known.generation < excluded.generation
"""
_END = """
INSERT INTO kernel.ended_session (sesi, berlaku_sampai)
SELECT DISTINCT ON (sesi) sesi, berlaku_sampai
FROM unnest($1::uuid[], $2::timestamptz[]) AS news(sesi, berlaku_sampai) ORDER BY sesi
ON CONFLICT DO NOTHING RETURNING true
"""


async def catat_akun(tx: Tx, batch: Sequence[Received[AkunChanged]]) -> None:
    """Inbox handler of every service but skp: keep each person's newest generation.

    Every change of roles and every closing of an account raises the generation, so that it alone decides
    which of two events is the newer one.
    """
    await tx.conn.execute(
        _NEWEST,
        [received.event.pegawai_id for received in batch],
        [received.event.generation for received in batch],
        [received.event.aktif for received in batch],
    )


async def catat_sesi(tx: Tx, batch: Sequence[Received[SesiEnded]]) -> None:
    """Inbox handler of every service but skp: sessions that somebody logged out of."""
    await akhiri(tx, [received.event for received in batch])


async def akhiri(tx: Tx, events: Sequence[SesiEnded]) -> int:
    """Refuse these sessions from now on; returns how many were not ended before."""
    rows = await tx.conn.fetch(
        _END, [event.sesi for event in events], [event.berlaku_sampai for event in events]
    )
    return len(rows)
