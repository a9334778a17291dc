"""The year of a what-if: where the draft counts what was paid before (December's tax), what the what-if has
of it counts as the draft makes it, months and extra payments alike.

It is worked out again within the part that asks, for the same people: a part needs no other part, so any
worker may take any of them in any order.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from services.tpp.andai.khusus import KhususAndai, orang_khusus
from services.tpp.andai.orang import Orang, orang_bulan
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.perhitungan.rules import Masukan, Setahun
from services.tpp.perhitungan.setahun import (
    Pengganti,
    Sebelumnya,
    belum_diketahui,
    bulan_sebelumnya,
    sebelumnya,
    sumbangan,
    tambah,
)
from services.tpp.perhitungan.tahun import Sumbangan
from services.tpp.perhitungan.tambahan import minta_setahun
from shared.db import Tx
from shared.obs.logging import log
from shared.period import MasaBayar, Period

_TANPA_RUN = 0
"""In place of the run that a locked figure is of: no run paid this one."""


class Bagiannya(NamedTuple):
    """A month or an extra payment of a what-if as the draft has it: from which month, and when it is paid."""

    masa: MasaBayar
    dasar: Period
    dibayar: Period
    khusus: KhususAndai | None = None

    @property
    def urutan(self) -> tuple[Period, MasaBayar]:
        """What comes before what in a year: an extra payment after its month."""
        return self.dasar, self.masa


def bagian(bulan: Sequence[Period], khusus: Sequence[KhususAndai]) -> list[Bagiannya]:
    """What the draft pays in a what-if, in order; an extra payment that it does not name is not paid."""
    found = [Bagiannya(month, month, month) for month in bulan]
    for one in khusus:
        if one.dasar_baru is not None and one.dibayar is not None and one.siap:
            found.append(Bagiannya(one.periode, one.dasar_baru, one.dibayar, one))
    return sorted(found, key=lambda one: one.urutan)


async def orang_bagian(
    tx: Tx, rancangan: Kebijakan, satu: Bagiannya, dari: UUID, sampai: UUID
) -> list[Orang]:
    """The people of one of them, without their year."""
    if satu.khusus is None:
        return await orang_bulan(tx, rancangan, satu.dasar, dari, sampai)
    return await orang_khusus(tx, rancangan, satu.khusus, dari, sampai)


async def dengan_setahun(
    tx: Tx,
    rancangan: Kebijakan,
    satu: Bagiannya,
    bulan: Sequence[Period],
    khusus: Sequence[KhususAndai],
    dari: UUID,
    sampai: UUID,
    orang: list[Orang],
) -> list[Orang]:
    """People with their year so far, where the draft asks for it. `bulan`, `khusus`: what the what-if has."""
    if not _meminta(rancangan, satu):
        return orang
    year = _Tahun(tx, rancangan, satu, khusus)
    for piece in bagian(bulan, khusus):
        if piece.dibayar.year == satu.dibayar.year and piece.urutan < satu.urutan:
            people = await orang_bagian(tx, rancangan, piece, dari, sampai)
            if _meminta(rancangan, piece):
                people = await year.isi(piece, people)
            await year.tambah(piece, people)
    return await year.isi(satu, orang)


def _meminta(rancangan: Kebijakan, satu: Bagiannya) -> bool:
    return minta_setahun(rancangan, satu.dasar, satu.masa.kode)


class _Tahun:
    """What the draft pays in a year, one after the other."""

    def __init__(
        self, tx: Tx, rancangan: Kebijakan, tujuan: Bagiannya, khusus: Sequence[KhususAndai]
    ) -> None:
        self._tx, self._k = tx, rancangan
        self._adds: dict[UUID, dict[MasaBayar, Sumbangan]] = {}
        self._dibayar: dict[MasaBayar, Period] = {}
        self._dasar: dict[MasaBayar, Period] = {}
        self._bulan: dict[Period, dict[UUID, Setahun | None]] = {}
        """Of the months done the sums that they counted themselves."""
        # What was paid extra and the draft pays otherwise, or not at all, does not count as it was paid.
        self._diganti: list[MasaBayar] = [
            one.periode
            for one in khusus
            if one.dasar_lama is not None
            and one.dasar_lama.year >= tujuan.dibayar.year - 1
            and (one.dasar_lama, one.periode) < tujuan.urutan
        ]

    async def tambah(self, satu: Bagiannya, orang: Sequence[Orang]) -> None:
        """Count one of them."""
        for who, one in (await asyncio.to_thread(_sebulan, self._k, orang)).items():
            self._adds.setdefault(who, {})[satu.masa] = one
        if satu.khusus is None:
            self._bulan[satu.dasar] = {
                one.pegawai_id: one.masukan.setahun if one.masukan else None for one in orang
            }
        else:
            self._dibayar[satu.masa], self._dasar[satu.masa] = satu.dibayar, satu.dasar
        self._diganti.append(satu.masa)

    async def isi(self, satu: Bagiannya, orang: Sequence[Orang]) -> list[Orang]:
        """With the sums of what came before. Sums that a figure was paid with stay, as long as the what-if
        has nothing that was paid earlier in the year."""

        def baru(m: Masukan | None) -> bool:
            return m is not None and (bool(self._diganti) or m.setahun is None)

        ids = [one.pegawai_id for one in orang if baru(one.dihitung)]
        known, missing = await self._sebelum(satu, ids)
        return [
            one._replace(
                masukan=one.masukan._replace(setahun=known.get(one.pegawai_id)),
                kurang=missing.get(one.pegawai_id),
            )
            if one.masukan is not None and baru(one.dihitung)
            else one
            for one in orang
        ]

    async def _sebelum(self, satu: Bagiannya, ids: Sequence[UUID]) -> Sebelumnya:
        ganti = Pengganti(self._diganti, self._adds, self._dibayar)
        if satu.khusus is None:
            return await bulan_sebelumnya(self._tx, self._k, satu.dasar, ids, ganti)
        if satu.dibayar.year != satu.dasar.year:
            return await bulan_sebelumnya(self._tx, self._k, satu.dibayar, ids, ganti, [satu.masa])
        if satu.dasar not in self._bulan:
            return await sebelumnya(self._tx, self._k, satu.dasar, satu.masa.kode, ids)
        sums, known = self._bulan[satu.dasar], dict[UUID, Setahun]()
        # Those of a lower number with the same month come before it.
        since = [satu.dasar, *(masa for masa, base in self._dasar.items() if base == satu.dasar)]
        for who in ids:
            adds = {masa: one for masa, one in self._adds.get(who, {}).items() if masa in since}
            if (first := sums.get(who)) is not None and satu.dasar in adds:
                known[who] = tambah(first, adds)
        waits = belum_diketahui(self._k, satu.dasar, [satu.dasar], ditahan=True)
        return known, {who: waits for who in ids if who not in known}


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
