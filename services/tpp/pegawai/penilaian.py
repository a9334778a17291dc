"""Our copy of ratings: the running predikat, and the month's result with its reasons."""

import json
from collections.abc import Sequence
from uuid import UUID

from services.tpp.koreksi.tandai import tandai
from shared.contracts.penilaian import PenilaianFinalised, PredikatSet
from shared.db import Tx, queries
from shared.inbox import Received
from shared.period import Period

SQL = queries("services.tpp.pegawai")


async def catat_predikat(tx: Tx, batch: Sequence[Received[PredikatSet]]) -> None:
    """The atasan rated; the newest rating of each person and month counts."""
    events = [received.event for received in batch]
    await SQL.catat_predikat(
        tx.conn,
        pegawai=[event.pegawai_id for event in events],
        periode=[str(event.periode) for event in events],
        version=[event.version for event in events],
        predikat=[event.predikat for event in events],
    )


async def catat_final(tx: Tx, batch: Sequence[Received[PenilaianFinalised]]) -> None:
    """The month's result. A second closing speaks only of changed results, so an older one may stay valid."""
    events = [received.event for received in batch]
    await SQL.catat_final(
        tx.conn,
        pegawai=[event.pegawai_id for event in events],
        periode=[str(event.periode) for event in events],
        version=[event.version for event in events],
        predikat=[event.predikat for event in events],
        skp=[event.skp_disetujui for event in events],
        alasan=[json.dumps([reason.model_dump() for reason in event.alasan]) for event in events],
    )
    # A policy may pay later months by this one's predikat.
    since: dict[UUID, Period] = {}
    for event in events:
        since[event.pegawai_id] = min(event.periode, since.get(event.pegawai_id, event.periode))
    await tandai(tx, since)
