"""Extra payments (TPP 13, THR) within a what-if: which there are, and what each person is paid from.

A year's budget is its months and these. They are taken with the months that they are based on: as they were
paid, or as the policy in force would pay them if they have no figures yet, beside what the draft makes of
them. A payment that only one of the two names is nothing under the other, which is no payment that waits.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.tpp.andai.orang import SQL, Orang, orang_bulan
from services.tpp.andai.rules import Angka
from services.tpp.kebijakan import queries as kebijakan
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.perhitungan.engine import Hitung, compiled
from services.tpp.perhitungan.masa import khusus, menurut
from services.tpp.perhitungan.rules import Alasan
from services.tpp.perhitungan.setahun import sebelumnya
from services.tpp.perhitungan.tambahan import minta_setahun
from shared.db import Tx
from shared.obs.logging import log
from shared.period import MasaBayar, Period

_TIDAK_ADA = Angka(0, 0)


class KhususAndai(BaseModel):
    """An extra payment in a what-if."""

    periode: MasaBayar
    nama: str = Field(description="Menurut rancangan; bila ia tidak menyebutnya, menurut yang dahulu")
    dasar_lama: Period | None = Field(
        description="Bulan dasarnya dahulu; kosong bila kebijakan yang berlaku tidak menyebutnya"
    )
    dasar_baru: Period | None = Field(
        description="Bulan dasarnya menurut rancangan; kosong bila tidak menyebutnya"
    )
    dibayar: Period | None = Field(description="Bulan pembayarannya menurut rancangan")
    dihitung: bool = Field(
        description="Sudah dihitung; bila belum, yang dahulu menurut kebijakan yang berlaku di bulan dasarnya"
    )
    siap: bool = Field(description="Bulan dasarnya menurut rancangan sudah dihitung")

    @property
    def sebutan(self) -> str:
        """As people call it."""
        return f"{self.nama} {self.periode.year}"

    @property
    def catatan(self) -> list[str]:
        """What its figures stand for, where that is not plain."""
        found: list[str] = []
        if self.dasar_lama is None:
            found.append(f"{self.sebutan} tidak disebut kebijakan yang berlaku; dahulu dihitung nol.")
        elif not self.dihitung:
            found.append(
                f"{self.sebutan} belum dihitung; yang dahulu adalah menurut kebijakan yang berlaku pada "
                f"{self.dasar_lama.tampil()}."
            )
        if self.dasar_baru is None:
            found.append(f"{self.sebutan} tidak disebut rancangan ini; dengan rancangan ini nol.")
        elif self.dasar_lama is not None and self.dasar_lama != self.dasar_baru:
            before, after = self.dasar_lama.tampil(), self.dasar_baru.tampil()
            found.append(f"{self.sebutan} dahulu berdasar {before}, menurut rancangan ini {after}.")
        return found

    @property
    def sumber(self) -> list[str]:
        """Whose figures its people are those of."""
        before = self.periode if self.dihitung else self.dasar_lama
        after = self.dasar_baru if self.siap else None
        return [str(one) for one in (before, after) if one is not None]


async def khusus_andai(
    tx: Tx, rancangan: Kebijakan, bulan: Collection[Period], terhitung: Collection[Period]
) -> list[KhususAndai]:
    """The extra payments that are based on one of these months, as they were paid or under the draft.

    `terhitung`: all months that have figures.
    """
    years = sorted({one.year for one in bulan})
    paid = {
        MasaBayar.parse(row["periode"]): row
        async for row in SQL.khusus_selesai(tx.conn, tahun=[str(year) for year in years])
    }
    named = {one.masa: one for one in await khusus(tx, years) if one.dasar in terhitung}
    drafted = {one.masa: one for year in years for one in menurut(rancangan, year)}
    found: list[KhususAndai] = []
    for masa in sorted({*paid, *named, *drafted}):
        before, after = named.get(masa), drafted.get(masa)
        base = Period.parse(paid[masa]["dasar"]) if masa in paid else before.dasar if before else None
        if {base, after.dasar if after else None}.isdisjoint(bulan):
            continue
        name = after.nama if after else paid[masa]["nama"] if masa in paid else before.nama if before else ""
        found.append(
            KhususAndai(
                periode=masa,
                nama=name,
                dasar_lama=base,
                dasar_baru=after.dasar if after else None,
                dibayar=after.dibayar if after else None,
                dihitung=masa in paid,
                siap=after is not None and after.dasar in terhitung,
            )
        )
    return found


async def orang_khusus(
    tx: Tx, rancangan: Kebijakan, satu: KhususAndai, dari: UUID, sampai: UUID
) -> list[Orang]:
    """Everyone of this stretch who is paid it, under either policy."""
    before = await _dahulu(tx, rancangan, satu, dari, sampai)
    if satu.dasar_baru is None:
        return [one._replace(nol=True) for one in before.values()]
    if not satu.siap:
        waits = _belum_siap(satu.sebutan, satu.dasar_baru)
        return [one._replace(tahan=waits) for one in before.values()]
    if satu.dihitung and satu.dasar_baru == satu.dasar_lama:
        return list(before.values())
    people = await _dari_bulan(tx, rancangan, satu.periode, satu.dasar_baru, dari, sampai)
    after = {
        one.pegawai_id: one._replace(
            lama=before[one.pegawai_id].lama if one.pegawai_id in before else _TIDAK_ADA
        )
        for one in people
    }
    return [*after.values(), *(one._replace(nol=True) for who, one in before.items() if who not in after)]


async def _dahulu(
    tx: Tx, rancangan: Kebijakan, satu: KhususAndai, dari: UUID, sampai: UUID
) -> Mapping[UUID, Orang]:
    """Who was paid it or would be, with how much; a figure's own inputs as the draft takes them."""
    if satu.dasar_lama is None:
        return {}
    if satu.dihitung:
        people = await orang_bulan(tx, rancangan, satu.dasar_lama, dari, sampai, satu.periode)
        return {one.pegawai_id: one for one in people}
    policy = await kebijakan.berlaku(tx, satu.dasar_lama)
    assert policy is not None
    k, kode = policy.kebijakan, satu.periode.kode
    people = await _dari_bulan(tx, k, satu.periode, satu.dasar_lama, dari, sampai)
    if minta_setahun(k, satu.dasar_lama, kode):
        known, _ = await sebelumnya(tx, k, satu.dasar_lama, kode, [one.pegawai_id for one in people])
        people = [
            one._replace(masukan=one.masukan and one.masukan._replace(setahun=known.get(one.pegawai_id)))
            for one in people
        ]
    return await asyncio.to_thread(_dibayar, people, compiled(k))


def _dibayar(orang: Sequence[Orang], hitung: Hitung) -> dict[UUID, Orang]:
    return {one.pegawai_id: one._replace(lama=_angka(one, hitung), tahan=None) for one in orang}


def _angka(one: Orang, hitung: Hitung) -> Angka | None:
    if (m := one.dihitung) is None:
        return None
    try:
        hasil = hitung(m)
    except Exception as error:
        log.error("andai: pembayaran khusus satu orang gagal", exc_info=error)
        return None
    return Angka(hasil.bruto, hasil.neto, hasil.jumlah_iuran) if hasil.status == "dihitung" else None


async def _dari_bulan(
    tx: Tx, k: Kebijakan, masa: MasaBayar, dasar: Period, dari: UUID, sampai: UUID
) -> list[Orang]:
    """People of a month with its inputs as those of the payment: no arrears, no sums of the year."""
    people = await orang_bulan(tx, k, dasar, dari, sampai, pembayaran=masa.kode)
    other: dict[str, Any] = {"pembayaran": masa.kode, "rapel": (), "setahun": None}
    return [one._replace(masukan=one.masukan and one.masukan._replace(**other)) for one in people]


def _belum_siap(sebutan: str, dasar: Period) -> Alasan:
    kalimat = f"{sebutan} berdasar {dasar.tampil()} menurut rancangan ini, dan bulan itu belum dihitung"
    return Alasan("bulan_dasar_belum_dihitung", kalimat, "admin_bkd", "pembayaran khusus")
