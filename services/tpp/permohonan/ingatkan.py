"""Nudges about attendance: a month nobody has handed in yet, and a request that waits for its decision."""

from typing import Any
from uuid import UUID

from services.tpp.kalender import queries as kalender
from services.tpp.kalender.jenis import SQL as KALENDER
from services.tpp.permohonan.commands import SQL, pemutus, subjek
from shared import colek
from shared.auth.guard import Subject
from shared.clock import local_date
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.period import Period


async def rekap(tx: Tx, periode: Period, zone: str) -> colek.Terkirim:
    """Remind whoever hands in my unit's attendance that mine of a month is missing; one a day for all of it.

    Raises Conflict when it is there, or the month has not begun.
    """
    month = await kalender.bulan_saya(tx, periode)
    if month.jumlah is not None or periode.first_day > local_date(tx.now, zone):
        raise Conflict(
            f"Kehadiran {periode.tampil()} sudah dihitung."
            if month.jumlah
            else f"{periode.tampil()} belum mulai.",
            remedy="Muat ulang halaman ini.",
        )
    unit = await _unit(tx, periode)
    return await colek.ingatkan(
        tx,
        zone,
        _pengirim(unit),
        hal="rekap",
        subjek=_rekap(periode, unit),
        bulan=periode,
        kalimat=f"Kehadiran {periode.tampil()} belum diimpor.",
        bersama=True,
    )


async def rekap_diingatkan(tx: Tx, periode: Period, zone: str) -> bool:
    """Whether somebody of my unit has done so today."""
    subject = _rekap(periode, await _unit(tx, periode))
    return bool(await colek.sudah_hari_ini(tx, zone, [subject]))


async def putusan(tx: Tx, permohonan_id: UUID, zone: str) -> colek.Terkirim:
    """Remind whoever decides about my request. Raises NotFound, Forbidden, Conflict once it is decided."""
    row = await _permohonan(tx, permohonan_id, zone)
    return await pemutus(tx, zone, row, permohonan_id, row["pegawai_id"], row["tanggal"])


async def putusan_diingatkan(tx: Tx, permohonan_id: UUID, zone: str) -> bool:
    """Whether they have been told today; asking for the correction tells them, too."""
    tx.guard.scope()
    return bool(await colek.sudah_hari_ini(tx, zone, [subjek(permohonan_id)]))


async def _permohonan(tx: Tx, permohonan_id: UUID, zone: str) -> Any:
    row = await SQL.satu(tx.conn, permohonan_id=permohonan_id, hari=local_date(tx.now, zone))
    tx.guard.admit(Subject(row["pegawai_id"] if row else None))
    if row is None:
        raise NotFound("Permohonan ini tidak ada.", remedy="Muat ulang daftarnya.")
    if row["keadaan"] != "diajukan":
        raise Conflict(f"Permohonan ini sudah {row['keadaan']}.", remedy="Muat ulang halaman ini.")
    return row


async def _unit(tx: Tx, periode: Period) -> str | None:
    assert tx.guard.principal is not None
    who = tx.guard.principal.pegawai_id
    tx.guard.admit(Subject(who))
    row = await KALENDER.orang(tx.conn, pegawai_id=who, hari=periode.last_day)
    return row["unit_path"] if row else None


def _pengirim(unit: str | None) -> colek.Tujuan:
    return colek.Tujuan.kepada_peran("pengelola", unit) if unit else colek.Tujuan.kepada_peran("admin_bkd")


def _rekap(periode: Period, unit: str | None) -> str:
    return f"rekap:{periode}:{unit}"
