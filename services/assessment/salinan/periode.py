"""The month as skp tells it, and the people of its closing."""

from collections.abc import Sequence

from shared.contracts.periode import (
    PeriodeClosed,
    PeriodeEvent,
    PeriodeOpened,
    PeriodeReopened,
    PeriodeRoster,
    PeriodeSubmissionClosed,
)
from shared.db.tx import Tx
from shared.inbox import Copy, Received

BULAN = Copy("periode", ["periode text"], "version bigint", "keadaan text")
_ROSTER = """
INSERT INTO roster (periode, version, bagian, dari, pegawai_ids, pegawai_versions)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING
"""


async def catat_dibuka(tx: Tx, batch: Sequence[Received[PeriodeOpened]]) -> None:
    """Work and ratings of the month may be recorded."""
    await _record(tx, "dibuka", [received.event for received in batch])


async def catat_pengiriman_ditutup(tx: Tx, batch: Sequence[Received[PeriodeSubmissionClosed]]) -> None:
    """Employees can no longer submit; the atasan still rates."""
    await _record(tx, "pengiriman_ditutup", [received.event for received in batch])


async def catat_ditutup(tx: Tx, batch: Sequence[Received[PeriodeClosed]]) -> None:
    """No rating is taken any more; finalising waits for the barrier."""
    await _record(tx, "ditutup", [received.event for received in batch])


async def catat_dibuka_kembali(tx: Tx, batch: Sequence[Received[PeriodeReopened]]) -> None:
    """The month takes ratings again, until a newer closing."""
    await _record(tx, "dibuka", [received.event for received in batch])


async def _record(tx: Tx, keadaan: str, events: Sequence[PeriodeEvent]) -> None:
    # Waits for ratings in progress, which hold the row FOR SHARE: none commits behind the closing.
    await BULAN.keep(tx, [(str(event.periode), event.version, keadaan) for event in events])


async def catat_roster(tx: Tx, batch: Sequence[Received[PeriodeRoster]]) -> None:
    """A part of the people of a closing."""
    await tx.conn.executemany(
        _ROSTER,
        [
            (
                str(event.periode),
                event.version,
                event.bagian,
                event.dari,
                [pegawai_id for pegawai_id, _ in event.pegawai],
                [version for _, version in event.pegawai],
            )
            for event in (received.event for received in batch)
        ],
    )
