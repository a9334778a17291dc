"""Our copy of ratings: the running predikat, and the month's result with its reasons."""

import json
from collections.abc import Sequence
from uuid import UUID

from services.tpp.koreksi.tandai import tandai
from shared.contracts.penilaian import PenilaianFinalised, PredikatSet
from shared.db import Tx
from shared.inbox import Copy, Received
from shared.period import Period

SEMENTARA = Copy(
    "penilaian",
    ["periode text", "pegawai_id uuid"],
    "version_sementara bigint",
    "predikat_sementara smallint",
    "pada_sementara timestamptz",
)
HASIL = Copy(
    "penilaian",
    ["periode text", "pegawai_id uuid"],
    "version bigint",
    "predikat smallint",
    "skp_disetujui boolean",
    "alasan jsonb",
    "pada timestamptz",
)


async def catat_predikat(tx: Tx, batch: Sequence[Received[PredikatSet]]) -> None:
    """The atasan rated; the newest rating of each person and month counts."""
    await SEMENTARA.keep(
        tx,
        [
            (str(event.periode), event.pegawai_id, event.version, event.predikat, pada)
            for event, _, pada, _ in batch
        ],
    )


async def catat_final(tx: Tx, batch: Sequence[Received[PenilaianFinalised]]) -> dict[UUID, Period]:
    """The month's result. A second closing speaks only of changed results, so an older one may stay valid.

    Returns from which month on it is news for each person.
    """
    events = [received.event for received in batch]
    await HASIL.keep(
        tx,
        [
            (
                str(event.periode),
                event.pegawai_id,
                event.version,
                event.predikat,
                event.skp_disetujui,
                json.dumps([reason.model_dump() for reason in event.alasan]),
                pada,
            )
            for event, _, pada, _ in batch
        ],
    )
    # A policy may pay later months by this one's predikat.
    since: dict[UUID, Period] = {}
    for event in events:
        since[event.pegawai_id] = min(event.periode, since.get(event.pegawai_id, event.periode))
    await tandai(tx, since)
    return since
