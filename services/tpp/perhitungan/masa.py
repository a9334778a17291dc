"""Extra payments beside the months: which ones policies name, and the month each is paid by.

A policy that is in force in a month says which payments of the year are based on that month (`pembayaran`
with its `dasar_bulan`). Such a payment has its own row, figures, decisions and batches, as a month has; its
inputs, its people and its state are those of the month it is based on.
"""

from collections.abc import Sequence
from typing import NamedTuple

from services.tpp.kebijakan import queries as kebijakan
from services.tpp.kebijakan.model import Kebijakan
from shared.db import Tx, queries
from shared.errors import NotFound
from shared.period import MasaBayar, Period

SQL = queries("services.tpp.perhitungan")


class Khusus(NamedTuple):
    """An extra payment of a year as a policy names it; `dibayar`: the month whose tax it belongs to."""

    masa: MasaBayar
    dasar: Period
    nama: str
    dibayar: Period


def menurut(policy: Kebijakan, tahun: int) -> list[Khusus]:
    """The extra payments of a year that one policy names, by number."""
    found = [
        Khusus(
            MasaBayar(tahun, NOMOR[one.kode]), Period(tahun, one.dasar_bulan), one.nama, one.dibayar(tahun)
        )
        for one in policy.pembayaran
    ]
    return sorted(found)


async def khusus(tx: Tx, tahun: Sequence[int]) -> list[Khusus]:
    """The extra payments of these years, by number.

    Where two policies of a year both name one, each for a month in which it is in force, the later month
    counts: that is the newer regulation.
    """
    months = [Period(year, month) for year in sorted(set(tahun)) for month in range(1, 13)]
    found: dict[MasaBayar, Khusus] = {}
    for month, policy in (await kebijakan.berlaku_tiap(tx, months)).items():
        for one in menurut(policy.kebijakan, month.year):
            if one.dasar == month:
                found[one.masa] = one
    return [found[masa] for masa in sorted(found)]


NOMOR = {"ke_13": 13, "ke_14": 14}
"""The number of an extra payment by its code in policies."""


async def disebut(tx: Tx, masa: MasaBayar) -> Khusus | None:
    """An extra payment as it was locked, else as the policies in force name it; None when none does."""
    if await SQL.ada_terkunci(tx.conn, periode=str(masa)):
        row = await SQL.periode(tx.conn, periode=str(masa))
        return Khusus(
            masa, Period.parse(row["dasar"]), row["nama"], Period.parse(row["dibayar"] or row["dasar"])
        )
    return next((one for one in await khusus(tx, [masa.year]) if one.masa == masa), None)


async def buka(tx: Tx, satu: Khusus) -> None:
    """Give the payment its row, in the state of the month it is based on, both held."""
    await SQL.kunci_periode(tx.conn, periode=str(satu.dasar))
    await SQL.buka_khusus(
        tx.conn, periode=str(satu.masa), dasar=str(satu.dasar), nama=satu.nama, dibayar=str(satu.dibayar)
    )


async def bulan_dasar(tx: Tx, masa: MasaBayar) -> Period:
    """The month whose inputs pay this: a month is its own. Raises NotFound for what was never computed."""
    if isinstance(masa, Period):
        return masa
    row = await SQL.periode(tx.conn, periode=str(masa))
    if row is None:
        raise NotFound(
            f"TPP {masa.tampil()} belum dihitung.",
            remedy="Admin BKD menghitungnya pada halaman Perhitungan TPP, bila kebijakan menyebutnya.",
        )
    return Period.parse(row["dasar"])
