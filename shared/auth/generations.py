"""Token generations: a changed role or a locked account ends older sessions within seconds."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.auth.guard import Principal
from shared.contracts.pegawai import AkunChanged
from shared.db.database import Database
from shared.db.tx import Tx
from shared.errors import Unauthenticated
from shared.inbox.subscription import Received

# Rows are stamped at the start of their transaction and seen at its end: look back further than one takes.
_OVERLAP = timedelta(seconds=90)


class Generations:
    """What this process knows of every person's newest generation; `refresh()` every second or two."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._newest: dict[UUID, tuple[int, bool]] = {}
        self._until: datetime | None = None

    async def refresh(self) -> None:
        """Read what changed since the last look."""
        query = "SELECT pegawai_id, generation, aktif, changed_at FROM kernel.token_generation"
        async with self._database.pool.acquire() as conn:
            if self._until is None:
                rows = await conn.fetch(query)
            else:
                rows = await conn.fetch(query + " WHERE changed_at >= $1", self._until - _OVERLAP)
        for row in rows:
            self._newest[row["pegawai_id"]] = (row["generation"], row["aktif"])
            if self._until is None or row["changed_at"] > self._until:
                self._until = row["changed_at"]

    def check(self, principal: Principal) -> None:
        """Raises Unauthenticated for a token of an older generation or a closed account."""
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
