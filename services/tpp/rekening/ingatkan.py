"""Nudges about accounts: people who have none keep files for the bank from being made."""

from collections.abc import Sequence
from typing import NamedTuple

from services.tpp.rekening.queries import SQL
from shared import colek
from shared.auth.guard import Subject, within
from shared.db import Tx
from shared.errors import Conflict, NotFound


class Pengurus(NamedTuple):
    """Who keeps my account: told about it or not today, and whether that is me."""

    sebutan: str
    anda: bool
    sudah_diingatkan: bool


async def saya(tx: Tx, zone: str) -> colek.Terkirim:
    """Remind whoever keeps my account that it is missing or wrong. Raises Conflict when that is me."""
    target, subjek, ada = await _milik_saya(tx)
    if _anda(tx, target):
        raise Conflict(
            "Anda sendiri yang mengurus rekening.", remedy="Impor rekening Anda pada Impor rekening."
        )
    assert tx.guard.principal is not None
    return await colek.ingatkan(
        tx,
        zone,
        target,
        hal="rekening",
        subjek=subjek,
        tentang_id=tx.guard.principal.pegawai_id,
        kalimat="Rekening saya yang tercatat keliru." if ada else "Rekening saya belum tercatat.",
    )


async def pengurus(tx: Tx, zone: str) -> Pengurus:
    """Who keeps my account."""
    target, subjek, _ = await _milik_saya(tx)
    told = await colek.sudah_hari_ini(tx, zone, [subjek])
    return Pengurus(target.sebutan, _anda(tx, target), bool(told))


async def opd(tx: Tx, opd_kode: str, zone: str) -> colek.Terkirim:
    """Remind an OPD's finance that people of it have no account; one a day for all of them.

    Raises NotFound when nobody of that OPD lacks one.
    """
    scope = tx.guard.scope()
    rows = [row async for row in SQL.belum(tx.conn, hari=tx.now.date(), **scope.where)]
    row = next((one for one in rows if one["opd_kode"] == opd_kode), None)
    if row is None:
        raise NotFound("Semua pegawai OPD ini sudah punya rekening.", remedy="Muat ulang daftarnya.")
    return await colek.ingatkan(
        tx,
        zone,
        colek.Tujuan.kepada_peran("keuangan_opd", row["opd_path"]),
        hal="rekening",
        subjek=_subjek_opd(opd_kode),
        kalimat=f"{row['orang']} pegawai {row['opd_nama']} belum punya rekening.",
        bersama=True,
    )


async def opd_diingatkan(tx: Tx, opd_kode: Sequence[str], zone: str) -> set[str]:
    """Of these OPDs, those whose finance was reminded today."""
    tx.guard.scope()
    about = {_subjek_opd(one): one for one in opd_kode}
    return {about[one] for one in await colek.sudah_hari_ini(tx, zone, list(about))}


def _subjek_opd(opd_kode: str) -> str:
    return f"rekening-belum:{opd_kode}"


async def _milik_saya(tx: Tx) -> tuple[colek.Tujuan, str, bool]:
    assert tx.guard.principal is not None
    who = tx.guard.principal.pegawai_id
    tx.guard.admit(Subject(who))
    row = await SQL.satu(tx.conn, pegawai_id=who, hari=tx.now.date())
    ada = row is not None and row["isi"] is not None
    unit = row["unit_path"] if row else None
    # Somebody who works nowhere today has no OPD's finance.
    target = colek.Tujuan.kepada_peran("keuangan_opd", unit) if unit else colek.Tujuan.kepada_peran("bpkad")
    return target, f"rekening:{who}:{'keliru' if ada else 'belum'}", ada


def _anda(tx: Tx, target: colek.Tujuan) -> bool:
    who = tx.guard.principal
    if who is None or target.peran is None:
        return False
    return within(target.unit, who.units(target.peran)) if target.unit else who.holds(target.peran)
