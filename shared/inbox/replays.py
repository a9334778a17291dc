"""Rounds of replay: who asked for one, how far it is; and open letters as the page of them shows them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from shared.db.tx import Tx
from shared.errors import Conflict
from shared.ids import uuid7

_SHOWN = 50
_OPEN = """
FROM kernel.dead_letter d
WHERE d.state = 'dead' OR EXISTS (SELECT FROM kernel.parked_key k WHERE k.dead_letter_id = d.id)
"""
_PARKED = """
(SELECT count(*) FROM kernel.parked_key k
 JOIN kernel.parked_event e ON (e.consumer, e.topic, e.key) = (k.consumer, k.topic, k.key)
 WHERE k.dead_letter_id = d.id)
"""
_LETTERS = f"""
SELECT d.id, coalesce(d.type, '') AS type, d.kind, split_part(d.cause, ':', 1) AS sebab, d.attempts,
       d.received_at, {_PARKED}::integer AS parked
{_OPEN} ORDER BY d.id LIMIT $1
"""
_COUNT = f"SELECT coalesce(sum((d.state = 'dead')::integer + {_PARKED}), 0)::integer {_OPEN}"
_NEWEST = """
SELECT replay_id, nama, keadaan, jumlah, selesai, gagal, dibuat_pada, diubah_pada
FROM kernel.replay ORDER BY dibuat_pada DESC LIMIT 1
"""
_ASK = """
INSERT INTO kernel.replay (replay_id, pegawai_id, nama, jumlah) VALUES ($1, $2, $3, $4)
ON CONFLICT (keadaan) WHERE keadaan = 'menunggu' DO NOTHING
"""
_CLAIM = f"""
UPDATE kernel.replay
SET dipegang_sampai = now() + make_interval(secs => $1), jumlah = selesai + ({_COUNT})
WHERE keadaan = 'menunggu' AND coalesce(dipegang_sampai, '-infinity') < now()
RETURNING replay_id, selesai
"""
_TELL = """
UPDATE kernel.replay SET selesai = $2, dipegang_sampai = now() + make_interval(secs => $3)
WHERE replay_id = $1 AND keadaan = 'menunggu'
"""
_DONE = """
UPDATE kernel.replay
SET keadaan = 'selesai', selesai = $2, gagal = $3, dipegang_sampai = NULL, diubah_pada = now()
WHERE replay_id = $1 AND keadaan = 'menunggu'
"""


class Surat(BaseModel):
    """An open letter: what kind of event, why it is here, how many wait behind it. Nothing of its content."""

    id: int
    type: str
    kind: str = Field(description="invalid: tidak dapat dibaca; bug: gagal diterapkan")
    sebab: str
    attempts: int
    received_at: datetime
    parked: int


class Putaran(BaseModel):
    """A round of replay; counts are of events."""

    replay_id: UUID
    nama: str
    keadaan: str
    jumlah: int
    selesai: int
    gagal: int
    dibuat_pada: datetime
    diubah_pada: datetime

    @property
    def menunggu(self) -> bool:
        """Whether a worker still has to act."""
        return self.keadaan == "menunggu"


class Keadaan(BaseModel):
    """Open letters, the first of them, and the newest round."""

    terbuka: int
    surat: list[Surat]
    putaran: Putaran | None


async def keadaan(tx: Tx) -> Keadaan:
    """How it stands."""
    tx.guard.scope()
    return Keadaan(
        terbuka=await tx.conn.fetchval(_COUNT),
        surat=[Surat(**row) for row in await tx.conn.fetch(_LETTERS, _SHOWN)],
        putaran=await terakhir(tx),
    )


async def terakhir(tx: Tx) -> Putaran | None:
    """The newest round."""
    tx.guard.scope()
    row = await tx.conn.fetchrow(_NEWEST)
    return Putaran(**row) if row else None


async def minta(tx: Tx) -> None:
    """Have every open letter applied again; one round at a time. Raises Conflict when none is open."""
    tx.guard.scope()
    who = tx.guard.principal
    assert who is not None
    total = await tx.conn.fetchval(_COUNT)
    if not total:
        raise Conflict("Tidak ada surat mati yang terbuka.", remedy="Tidak perlu berbuat apa-apa.")
    await tx.conn.execute(_ASK, uuid7(), who.pegawai_id, who.nama or who.nip, total)
    tx.audit("surat-mati.diminta-ulang", "surat-mati", jumlah=total)


async def ambil(tx: Tx, seconds: int) -> Any:
    """The round that waits and that nobody works on, now held; None when there is none."""
    return await tx.conn.fetchrow(_CLAIM, seconds)


async def catat(tx: Tx, replay_id: UUID, done: int, seconds: int) -> None:
    """Write down how far a round is, and hold it on."""
    await tx.conn.execute(_TELL, replay_id, done, seconds)


async def tutup(tx: Tx, replay_id: UUID, done: int, failed: int) -> None:
    """A round has been through every letter; `failed` of them stay."""
    await tx.conn.execute(_DONE, replay_id, done, failed)
