"""A nudge becomes a message to whoever has to act: one person, or everyone who holds a role for a unit."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.notification.kotak_masuk.pesan import Pesan, kirim
from services.notification.kotak_masuk.queries import SQL
from services.notification.templat.kata import TEMPAT
from shared.contracts.colek import ColekSent
from shared.db.tx import Tx
from shared.inbox import Received

_SURAT_PALING_BANYAK = 20
"""A role many people hold is reminded in the inbox of all, by e-mail only up to here."""


async def colek(tx: Tx, batch: Sequence[Received[ColekSent]]) -> None:
    """Put each nudge into an inbox. However many arrive, a person gets one e-mail a day for each matter."""
    holders: dict[tuple[str, str | None], tuple[UUID, ...]] = {}
    for received in batch:
        event = received.event
        if event.kepada_id is None and event.kepada_peran is not None:
            key = (event.kepada_peran, event.kepada_unit)
            if key not in holders:
                holders[key] = await _pemegang(tx, *key)
    await kirim(
        tx,
        [
            _pesan(received, holders.get((received.event.kepada_peran or "", received.event.kepada_unit), ()))
            for received in batch
            if received.event.kepada_id or received.event.kepada_peran
        ],
    )


async def _pemegang(tx: Tx, peran: str, unit: str | None) -> tuple[UUID, ...]:
    return tuple(
        [
            row["pegawai_id"]
            async for row in SQL.pemegang(tx.conn, peran=peran, unit=unit, limit=_SURAT_PALING_BANYAK)
        ]
    )


def _pesan(received: Received[ColekSent], holders: tuple[UUID, ...]) -> Pesan:
    event = received.event
    jenis = f"colek_{event.hal}"
    if jenis not in TEMPAT:
        jenis = "colek_lain"
    data: dict[str, Any] = {"kalimat": event.kalimat, "tahun": event.tahun}
    if event.bulan is not None:
        data["periode"] = str(event.bulan)
    whom = event.kepada_id or event.kepada_peran
    return Pesan(
        event_id=received.id,
        jenis=jenis,
        waktu=received.time,
        penerima_id=event.kepada_id,
        untuk_peran=None if event.kepada_id else event.kepada_peran,
        untuk_unit=None if event.kepada_id else event.kepada_unit,
        # Who asks is whom the message names.
        tentang_id=event.dari_id,
        data=data,
        kunci_surel=f"{jenis}:{whom}:{event.kepada_unit or ''}:{received.time.date()}",
        surel_kepada=holders,
        traceparent=received.traceparent,
    )
