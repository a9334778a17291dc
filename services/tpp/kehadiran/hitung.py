"""Storing days of attendance, and counting months anew after a fact that they follow from has changed."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from services.tpp.kehadiran.rules import KALI, Hari
from services.tpp.koreksi.tandai import tandai
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


async def hitung_bulan(tx: Tx, periode: Period, ids: Sequence[UUID]) -> None:
    """Count this month of these people from days, letters and calendar; a changed count is a new version.

    Where the month is locked, a changed count is a late fact, to be looked at again.
    """
    await SQL.hitung_bulan(
        tx.conn, ids=list(ids), periode=str(periode), awal=periode.first_day, akhir=periode.last_day
    )
    await tandai(tx, dict.fromkeys(ids, periode))


async def hitung_ulang(tx: Tx, ids: Sequence[UUID] | None, dari: date, sampai: date | None) -> None:
    """Count every known month between two days anew, of these people or of everybody.

    Also a month that is locked: its count is a late fact then, and the figure paid stays as it was.
    """
    latest = tx.now.date() + _KE_DEPAN
    until = latest if sampai is None or sampai > latest else sampai
    rows = SQL.bulan_tersentuh(tx.conn, dari=Period.of(dari).first_day, sampai=until)
    for text in [row["periode"] async for row in rows]:
        periode = Period.parse(text)
        people = ids
        if people is None:
            found = SQL.orang_sebulan(tx.conn, periode=text, awal=periode.first_day, akhir=periode.last_day)
            people = [row["pegawai_id"] async for row in found]
        await hitung_bulan(tx, periode, people)
