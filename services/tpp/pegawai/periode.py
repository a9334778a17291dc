"""The month as skp tells it, the people of its closing, and when all of its facts are here."""

from collections.abc import Sequence

from shared.contracts.penilaian import PenilaianPeriodFinalised
from shared.contracts.periode import (
    PeriodeClosed,
    PeriodeEvent,
    PeriodeOpened,
    PeriodeReopened,
    PeriodeRoster,
    PeriodeSubmissionClosed,
)
from shared.db import Tx, queries
from shared.inbox import Copy, Received

SQL = queries("services.tpp.pegawai")
BULAN = Copy("periode", ["periode text"], "version bigint", "keadaan text")


async def catat_dibuka(tx: Tx, batch: Sequence[Received[PeriodeOpened]]) -> None:
    """Work of the month is recorded."""
    await _record(tx, "dibuka", [received.event for received in batch])


async def catat_pengiriman_ditutup(tx: Tx, batch: Sequence[Received[PeriodeSubmissionClosed]]) -> None:
    """Employees can no longer submit."""
    await _record(tx, "pengiriman_ditutup", [received.event for received in batch])


async def catat_ditutup(tx: Tx, batch: Sequence[Received[PeriodeClosed]]) -> None:
    """The month is closed; a calculation still waits for its barriers."""
    await _record(tx, "ditutup", [received.event for received in batch])


async def catat_dibuka_kembali(tx: Tx, batch: Sequence[Received[PeriodeReopened]]) -> None:
    """What was complete is so no more, until a newer closing."""
    await _record(tx, "dibuka", [received.event for received in batch])


async def _record(tx: Tx, keadaan: str, events: Sequence[PeriodeEvent]) -> None:
    # Waits for a calculation's part in progress, which holds the row FOR SHARE.
    await BULAN.keep(tx, [(str(event.periode), event.version, keadaan) for event in events])
    await SQL.ikutkan(tx.conn, bulan=[str(event.periode) for event in events])


async def catat_roster(tx: Tx, batch: Sequence[Received[PeriodeRoster]]) -> None:
    """A part of the people of a closing."""
    for received in batch:
        event = received.event
        await SQL.catat_roster(
            tx.conn,
            periode=str(event.periode),
            version=event.version,
            bagian=event.bagian,
            dari=event.dari,
            ids=[pegawai_id for pegawai_id, _ in event.pegawai],
            versions=[version for _, version in event.pegawai],
        )


async def kurang_pegawai(tx: Tx, closed: PeriodeClosed) -> int:
    """How many people of the closing are not named here yet, or known only at an older version."""
    return int(
        await SQL.kurang_pegawai(
            tx.conn, periode=str(closed.periode), version=closed.version, jumlah=closed.jumlah_pegawai
        )
    )


async def lengkap(tx: Tx, closed: PeriodeClosed) -> bool:
    """Every fact of the closing is here."""
    await SQL.tandai_lengkap(tx.conn, periode=str(closed.periode), version=closed.version)
    await SQL.ikutkan(tx.conn, bulan=[str(closed.periode)])
    return False


async def penilaian_final(tx: Tx, final: PenilaianPeriodFinalised) -> bool:
    """Every result of the ratings is here. Its version is that of the closing it belongs to."""
    await SQL.tandai_final(tx.conn, periode=str(final.periode), version=final.version)
    await SQL.ikutkan(tx.conn, bulan=[str(final.periode)])
    return False
