"""Messages as facts, written once for each event and addressee, together with their e-mail."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from shared.db.tx import Tx

_SPACE = UUID("5c0d5c0e-7f2e-5a53-9d0c-0e0f6f2b7a11")

# Mail follows its message: a message that was there already brings no second mail.
_STORE = """
INSERT INTO notifikasi (id, event_id, penerima_id, untuk_peran, jenis, tentang_id, data, waktu, untuk_unit)
SELECT id, event_id, penerima_id, untuk_peran, jenis, tentang_id, data::jsonb, waktu, untuk_unit
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::text[],
            $8::timestamptz[], $9::text[])
     AS baru(id, event_id, penerima_id, untuk_peran, jenis, tentang_id, data, waktu, untuk_unit)
ON CONFLICT DO NOTHING
"""
_MAIL = """
INSERT INTO surel (id, kunci, notifikasi_id, penerima_id, traceparent)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[])
     AS baru(id, kunci, notifikasi_id, penerima_id, traceparent)
ORDER BY kunci
ON CONFLICT DO NOTHING
"""

SEMUA = "pegawai"
"""The role everyone holds: a message to it is a broadcast."""


@dataclass(frozen=True, slots=True)
class Pesan:
    """One message to one person (`penerima_id`) or to a role (`untuk_peran`), for a unit where that matters.

    `kunci_surel` None: no e-mail. Messages with the same key share one e-mail. A message to a role is mailed
    to `surel_kepada`, each under the key with their id behind it. `data` holds what the
    words need (period, year, reasons) and never an amount of money.
    """

    event_id: UUID
    jenis: str
    waktu: datetime
    penerima_id: UUID | None = None
    untuk_peran: str | None = None
    untuk_unit: str | None = None
    tentang_id: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)
    kunci_surel: str | None = None
    surel_kepada: tuple[UUID, ...] = ()
    traceparent: str | None = None

    @property
    def surel(self) -> list[tuple[str, UUID]]:
        """Key and addressee of each e-mail."""
        if self.kunci_surel is None:
            return []
        if self.penerima_id is not None:
            return [(self.kunci_surel, self.penerima_id)]
        return [(f"{self.kunci_surel}:{one}", one) for one in self.surel_kepada]

    @property
    def id(self) -> UUID:
        """The same for the same event, kind and addressee, however often it is made."""
        return uuid5(_SPACE, f"{self.event_id}:{self.jenis}:{self.penerima_id or self.untuk_peran}")


async def kirim(tx: Tx, pesan: Sequence[Pesan]) -> None:
    """Put messages into the inbox and their e-mails into the queue, in the caller's transaction."""
    if not pesan:
        return
    await tx.conn.execute(
        _STORE,
        [each.id for each in pesan],
        [each.event_id for each in pesan],
        [each.penerima_id for each in pesan],
        [each.untuk_peran for each in pesan],
        [each.jenis for each in pesan],
        [each.tentang_id for each in pesan],
        [json.dumps(each.data) for each in pesan],
        [each.waktu for each in pesan],
        [each.untuk_unit for each in pesan],
    )
    mailed = [(each, kunci, penerima) for each in pesan for kunci, penerima in each.surel]
    if mailed:
        await tx.conn.execute(
            _MAIL,
            [uuid5(_SPACE, f"surel:{kunci}") for _, kunci, _ in mailed],
            [kunci for _, kunci, _ in mailed],
            [each.id for each, _, _ in mailed],
            [penerima for _, _, penerima in mailed],
            [each.traceparent for each, _, _ in mailed],
        )
