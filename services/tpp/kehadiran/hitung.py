"""Storing days of attendance, and counting months anew after a fact that they follow from has changed."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from services.tpp.kehadiran.rules import KALI, Hari
from services.tpp.koreksi.tandai import tandai
from services.tpp.perhitungan.sementara import ikuti
from shared.db import Tx, queries
from shared.period import Period

SQL = queries("services.tpp.kehadiran")

_KE_DEPAN = timedelta(days=62)
"""No month further ahead than this is counted yet."""


async def simpan_harian(
    tx: Tx,
    pegawai: Sequence[UUID],
    hari: Sequence[Hari],
    *,
    permohonan_id: UUID | None = None,
    oleh: str | None = None,
) -> None:
    """Store days, from a file, a machine or an approved correction; what they replace moves to the history.

    `oleh` names who said so where it is not the one who acts.
    """
    tanggal = [one.tanggal for one in hari]
    await SQL.tahan_harian(tx.conn, pegawai=list(pegawai), tanggal=tanggal)
    await SQL.simpan_harian(
        tx.conn,
        pegawai=list(pegawai),
        tanggal=tanggal,
        masuk=[one.masuk for one in hari],
        pulang=[one.pulang for one in hari],
        keterangan=[one.keterangan for one in hari],
        **{name: [getattr(one, name) for one in hari] for name in KALI},
        permohonan_id=permohonan_id,
        oleh=oleh or str(tx.actor),
    )


async def cabut_harian(
    tx: Tx, hilang: Sequence[tuple[UUID, date, str, str]], *, oleh: str | None = None
) -> dict[tuple[UUID, date], int]:
    """Make things unknown again that were said of days: (whose, which day, what of `HAL`, why).

    What they said moves to the history with the reason. What an approved correction set stays. Returns the
    days that changed, with their new version. `oleh` as in `simpan_harian`.
    """
    if not hilang:
        return {}
    pegawai, tanggal, hal, alasan = (list(column) for column in zip(*hilang, strict=True))
    await SQL.tahan_harian(tx.conn, pegawai=pegawai, tanggal=tanggal)
    rows = SQL.cabut_harian(
        tx.conn, pegawai=pegawai, tanggal=tanggal, hal=hal, alasan=alasan, oleh=oleh or str(tx.actor)
    )
    return {(row["pegawai_id"], row["tanggal"]): row["version"] async for row in rows}


async def hitung_bulan(tx: Tx, periode: Period, ids: Sequence[UUID]) -> None:
    """Count this month of these people from days, letters and calendar; a changed count is a new version.

    Where the month is locked, a changed count is a late fact, to be looked at again; a provisional figure
    follows at once.
    """
    await SQL.hitung_bulan(
        tx.conn, ids=list(ids), periode=str(periode), awal=periode.first_day, akhir=periode.last_day
    )
    since = dict.fromkeys(ids, periode)
    await tandai(tx, since)
    await ikuti(tx, since)


def sampai_hari(tx: Tx, sampai: date | None) -> date:
    """The last day that is looked at; without an end, as far ahead as months are counted."""
    latest = tx.now.date() + _KE_DEPAN
    return latest if sampai is None or sampai > latest else sampai


async def bulan_tersentuh(tx: Tx, dari: date, sampai: date) -> list[Period]:
    """Months between two days that were opened, or of which some attendance is known."""
    rows = SQL.bulan_tersentuh(tx.conn, dari=Period.of(dari).first_day, sampai=sampai)
    return [Period.parse(row["periode"]) async for row in rows]


async def orang_sebulan(tx: Tx, periode: Period) -> list[UUID]:
    """Everybody of whom a month is counted, or could be."""
    rows = SQL.orang_sebulan(tx.conn, periode=str(periode), awal=periode.first_day, akhir=periode.last_day)
    return [row["pegawai_id"] async for row in rows]


async def bulan_dikenal(tx: Tx) -> list[str]:
    """Months that attendance may be sent for, the newest first."""
    tx.guard.scope()
    return [row["periode"] async for row in SQL.bulan(tx.conn)]
