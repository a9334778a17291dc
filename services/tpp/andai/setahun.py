"""The year of a what-if: where a draft's month counts the months before it (December's tax), those of the
what-if count as the draft makes them.

They are worked out again within the month that asks, for the same people: a part needs no other part, so any
worker may take any of them in any order.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from services.tpp.andai.orang import Orang, orang_bulan
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.perhitungan.rules import Masukan
from services.tpp.perhitungan.setahun import Pengganti, bulan_sebelumnya, sumbangan
from services.tpp.perhitungan.tahun import Sumbangan
from services.tpp.perhitungan.tambahan import minta_setahun
from shared.db import Tx
from shared.obs.logging import log
from shared.period import MasaBayar, Period

_TANPA_RUN = 0
"""In place of the run that a locked figure is of: no run paid this one."""


async def dengan_setahun(
    tx: Tx,
    rancangan: Kebijakan,
    periode: Period,
    bulan: Sequence[Period],
    dari: UUID,
    sampai: UUID,
    orang: list[Orang],
) -> list[Orang]:
    """People with their year so far, where the draft asks for it. `bulan`: the months of the what-if."""
    if not minta_setahun(rancangan, periode):
        return orang
    adds: dict[UUID, dict[MasaBayar, Sumbangan]] = {}
    before: list[Period] = []
    for month in sorted(one for one in bulan if one.year == periode.year and one < periode):
        people = await orang_bulan(tx, rancangan, month, dari, sampai)
        if minta_setahun(rancangan, month):
            people = await _isi(tx, rancangan, month, Pengganti(before, adds), people)
        for who, one in (await asyncio.to_thread(_sebulan, rancangan, people)).items():
            adds.setdefault(who, {})[month] = one
        before.append(month)
    return await _isi(tx, rancangan, periode, Pengganti(before, adds), orang)


async def _isi(
    tx: Tx, rancangan: Kebijakan, periode: Period, ganti: Pengganti, orang: Sequence[Orang]
) -> list[Orang]:
    """With the sums over the months before this one. Sums that a figure was paid with stay, as long as the
    what-if has none of the year's earlier months."""

    def baru(m: Masukan | None) -> bool:
        return m is not None and (bool(ganti.bulan) or m.setahun is None)

    ids = [one.pegawai_id for one in orang if baru(one.dihitung)]
    known, missing = await bulan_sebelumnya(tx, rancangan, periode, ids, ganti)
    return [
        one._replace(
            masukan=one.masukan._replace(setahun=known.get(one.pegawai_id)),
            kurang=missing.get(one.pegawai_id),
        )
        if one.masukan is not None and baru(one.dihitung)
        else one
        for one in orang
    ]


def _sebulan(rancangan: Kebijakan, orang: Sequence[Orang]) -> dict[UUID, Sumbangan]:
    found: dict[UUID, Sumbangan] = {}
    for one in orang:
        if (m := one.dihitung) is None:
            continue
        try:
            adds = sumbangan(rancangan, m, _TANPA_RUN)
        except Exception as error:
            # Said to people where the month itself is computed; here it is a month of which nothing is known.
            log.error("andai: setahun satu orang gagal", exc_info=error)
            continue
        if adds is not None:
            found[one.pegawai_id] = adds
    return found
