"""Nudges about a month in which nothing can be recorded: not opened yet, or closed with work left behind.

A whole instansi may wait for the same: one reminder a day is sent for all of them.
"""

from services.skp.pegawai.queries import posisi
from services.skp.periode.commands import SQL
from shared import colek
from shared.auth.guard import Subject
from shared.clock import local_date
from shared.db import Tx
from shared.errors import Conflict
from shared.period import Period


async def bulan(tx: Tx, periode: Period, zone: str) -> colek.Terkirim:
    """Remind admin BKD to open a month, or one's pengelola that something was left behind after the closing.

    Raises Conflict for a month that is open or has not begun.
    """
    subjek, tujuan, hal, kalimat = await _tujuan(tx, periode, zone)
    return await colek.ingatkan(
        tx, zone, tujuan, hal=hal, subjek=subjek, bulan=periode, kalimat=kalimat, bersama=True
    )


async def sudah(tx: Tx, periode: Period, zone: str) -> bool:
    """Whether somebody has done so today."""
    try:
        subjek, *_ = await _tujuan(tx, periode, zone)
    except Conflict:
        return False
    return bool(await colek.sudah_hari_ini(tx, zone, [subjek]))


async def _tujuan(tx: Tx, periode: Period, zone: str) -> tuple[str, colek.Tujuan, str, str]:
    who = tx.guard.principal
    assert who is not None
    tx.guard.admit(Subject(who.pegawai_id))
    today = local_date(tx.now, zone)
    state = await SQL.keadaan(tx.conn, periode=str(periode))
    if state == "dibuka" or periode.first_day > today:
        raise Conflict(
            f"{periode.tampil()} sudah dibuka." if state else f"{periode.tampil()} belum mulai.",
            remedy="Muat ulang halaman ini.",
        )
    if state is None:
        kalimat = f"{periode.tampil()} belum dibuka, sehingga realisasi belum dapat dicatat."
        return f"periode:{periode}", colek.Tujuan.kepada_peran("admin_bkd"), "periode", kalimat
    where = await posisi(tx, who.pegawai_id, today)
    unit = where.unit_path if where else None
    tujuan = colek.Tujuan.kepada_peran("pengelola", unit) if unit else colek.Tujuan.kepada_peran("admin_bkd")
    kalimat = f"Pengiriman realisasi {periode.tampil()} sudah ditutup, dan masih ada yang tertinggal."
    return f"tertinggal:{periode}:{unit}", tujuan, "realisasi", kalimat
