"""The month as skp tells it, the people of its closing, and when all of its facts are here."""

from collections.abc import Sequence
from uuid import UUID

from services.tpp.kebijakan.queries import kebijakan_dari
from services.tpp.koreksi.tandai import tandai
from services.tpp.perhitungan.tambahan import plt_sejak_awal
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
from shared.period import Period

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
    await _plt_berlanjut(tx, closed.periode)
    return False


async def _plt_berlanjut(tx: Tx, periode: Period) -> None:
    """Acting duties have lasted to the end of one more month: earlier months may be paid by that length.

    No fact of these people comes with it, so their locked months are marked here, where the policy they were
    computed with pays a duty from its first day.
    """
    days = {"awal": periode.first_day, "akhir": periode.last_day}
    rows = [row async for row in SQL.plt_berlanjut(tx.conn, periode=str(periode), **days)]
    policies = {row["kebijakan_id"] for row in rows}
    whole = {one for one in policies if plt_sejak_awal(await kebijakan_dari(tx, one))}
    since: dict[UUID, Period] = {}
    for row in rows:
        if row["kebijakan_id"] in whole:
            month = Period.parse(row["sejak"])
            since[row["pegawai_id"]] = min(month, since.get(row["pegawai_id"], month))
    await tandai(tx, since)


async def penilaian_final(tx: Tx, final: PenilaianPeriodFinalised) -> bool:
    """Every result of the ratings is here. Its version is that of the closing it belongs to."""
    await SQL.tandai_final(tx.conn, periode=str(final.periode), version=final.version)
    await SQL.ikutkan(tx.conn, bulan=[str(final.periode)])
    return False
