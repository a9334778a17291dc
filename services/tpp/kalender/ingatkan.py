"""A nudge about a year whose holidays are not all there."""

from services.tpp.kalender import queries
from shared import colek
from shared.clock import local_date
from shared.db import Tx
from shared.errors import Conflict


async def kalender(tx: Tx, tahun: int, zone: str) -> colek.Terkirim:
    """Remind admin BKD of this year's or next year's holidays; one a day for everybody.

    Raises Conflict when they are there, or the year is another.
    """
    if not await perlu(tx, tahun, zone) or (await queries.kalender(tx, tahun)).lengkap:
        raise Conflict(f"Kalender {tahun} tidak sedang menunggu siapa pun.", remedy="Muat ulang halaman ini.")
    return await colek.ingatkan(
        tx,
        zone,
        colek.Tujuan.kepada_peran("admin_bkd"),
        hal="kalender",
        subjek=_subjek(tahun),
        tahun=tahun,
        kalimat=f"Kalender kerja {tahun} belum lengkap.",
        bersama=True,
    )


async def perlu(tx: Tx, tahun: int, zone: str) -> bool:
    """Whether somebody has to see to a year's holidays by now: they are decreed in the year before."""
    tx.guard.scope()
    return tahun - local_date(tx.now, zone).year in (0, 1)


async def sudah(tx: Tx, tahun: int, zone: str) -> bool:
    """Whether somebody has done so today."""
    tx.guard.scope()
    return bool(await colek.sudah_hari_ini(tx, zone, [_subjek(tahun)]))


def _subjek(tahun: int) -> str:
    return f"kalender:{tahun}"
