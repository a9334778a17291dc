"""What was paid before in a year, from what was locked, each worked out again by the policy that paid it.

What a locked month adds follows from its stored inputs and its policy version alone, so the sums can be made
again at any time from what `Setahun.asal` names. Arrears count in the month that paid them, extra payments in
the year that they are paid in.
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.program import disebut
from services.tpp.kebijakan.queries import kebijakan_dari
from services.tpp.kebijakan.setahun import BAGIAN, dengan_setahun, kode_baris
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.engine import Hitung
from services.tpp.perhitungan.masa import NOMOR
from services.tpp.perhitungan.rules import Alasan, Masukan, Setahun, baca_masukan
from services.tpp.perhitungan.tahun import Masa, Saldo, Sumbangan, bulan_perlu, sebut, setahun
from shared.db import Tx, queries
from shared.period import MasaBayar, Period

SQL = queries("services.tpp.perhitungan")

_TERSUSUN: dict[str, Hitung] = {}


class Pengganti(NamedTuple):
    """What counts as another policy makes it, locked or not: what it gives of each person.

    `dibayar`: when the extra payments among them are paid.
    """

    bulan: Collection[MasaBayar] = ()
    oleh: Mapping[UUID, Mapping[MasaBayar, Sumbangan]] = MappingProxyType({})
    dibayar: Mapping[MasaBayar, Period] = MappingProxyType({})


_TANPA_GANTI = Pengganti()


def sumbangan(kebijakan: Kebijakan, m: Masukan, nomor: int) -> Sumbangan | None:
    """What a month with these inputs adds to its year; None if the policy does not say, or it waits."""
    if kebijakan.setahun is None:
        return None
    hitung = _TERSUSUN.get(kebijakan.sidik)
    if hitung is None:
        hitung = _TERSUSUN[kebijakan.sidik] = engine.compile(dengan_setahun(kebijakan))
    hasil = hitung(m)
    if hasil.status == "ditahan":
        return None
    lines = {line.kode: line.jumlah for line in hasil.baris}
    bruto, pengurang, pajak = (lines.get(kode_baris(part), 0) for part in BAGIAN)
    return Sumbangan(bruto, pengurang, pajak, nomor)


Sebelumnya = tuple[dict[UUID, Setahun], dict[UUID, Alasan]]
"""Sums of everyone of whom they are known; of the others why they are not."""


async def sebelumnya(
    tx: Tx, kebijakan: Kebijakan, periode: Period, pembayaran: str, ids: Sequence[UUID]
) -> Sebelumnya:
    """What was paid in the year before a month, or before an extra payment that is based on it.

    An extra payment comes right after its month, then those of a lower number. What that month counted stands
    as it was locked with it: whatever came later is the month's own to correct, and is not taxed twice. One
    that is paid in the year after comes before that year's month of payment.
    """
    if pembayaran == "bulanan":
        return await bulan_sebelumnya(tx, kebijakan, periode, ids)
    masa = MasaBayar(periode.year, NOMOR[pembayaran])
    paid = next(
        (one.dibayar(periode.year) for one in kebijakan.pembayaran if one.kode == pembayaran), periode
    )
    if paid.year != periode.year:
        return await bulan_sebelumnya(tx, kebijakan, paid, ids, selain=[masa])
    before = [MasaBayar(periode.year, number) for number in NOMOR.values() if number < masa.month]
    rows = await _terkunci(tx, [periode, *await _berdasar(tx, periode, before)], ids)
    adds = await _sumbangan(tx, rows)
    months = {row["pegawai_id"]: row for row in rows if row["periode"] == str(periode)}
    own = {who: baca_masukan(months[who]["masukan"]).setahun for who, one in adds.items() if periode in one}
    first, missing = await bulan_sebelumnya(
        tx, kebijakan, periode, [who for who, sums in own.items() if sums is None]
    )
    first |= {who: sums for who, sums in own.items() if sums is not None}
    missing |= {who: belum_diketahui(kebijakan, periode, [periode]) for who in ids if who not in own}
    return {who: tambah(sums, adds[who]) for who, sums in first.items()}, missing


def tambah(sums: Setahun, adds: Mapping[MasaBayar, Sumbangan]) -> Setahun:
    """Sums with what came after them."""
    parts = [sums[:3], *(one[:3] for one in adds.values())]
    bruto, pengurang, pajak = (sum(part[place] for part in parts) for place in range(3))
    asal = [(str(masa), one.nomor) for masa, one in sorted(adds.items())]
    return Setahun(bruto, pengurang, pajak, (*sums.asal, *asal))


async def bulan_sebelumnya(
    tx: Tx,
    kebijakan: Kebijakan,
    periode: Period,
    ids: Sequence[UUID],
    ganti: Pengganti = _TANPA_GANTI,
    selain: Collection[MasaBayar] = (),
) -> Sebelumnya:
    """What was paid in the year before a month. `selain`: what is not to be counted.

    A balance stands for its months also where they are replaced (`ganti`).
    """
    balances = await _saldo(tx, periode, ids)
    earlier = [Period(periode.year, month) for month in range(1, periode.month)]
    extra = {
        MasaBayar.parse(row["periode"]): Period.parse(row["dibayar"])
        async for row in SQL.khusus_setahun(tx.conn, awal=f"{periode.year}-01", bulan=str(periode))
    }
    counted = [one for one in (*earlier, *extra) if one not in ganti.bulan and one not in selain]
    paid = await _sumbangan(tx, await _terkunci(tx, counted, ids))
    known: dict[UUID, Setahun] = {}
    missing: dict[UUID, Alasan] = {}
    for who, months in (await _perlu(tx, periode, ids)).items():
        adds = paid.get(who, {}) | dict(ganti.oleh.get(who, {}))
        found = setahun(months, balances.get(who), adds, periode, extra | dict(ganti.dibayar))
        if isinstance(found, Setahun):
            known[who] = found
        else:
            held = any(month in ganti.bulan for month in found)
            missing[who] = belum_diketahui(kebijakan, periode, found, ditahan=held)
    return known, missing


def belum_diketahui(
    kebijakan: Kebijakan, periode: Period, bulan: Sequence[Period], *, ditahan: bool = False
) -> Alasan:
    """The policy's own hold for the year, said with the months that are missing."""
    holds = engine.penafsir(kebijakan, periode).program.penahanan
    hold = next((one for one in holds if "setahun" in disebut(one.bila)), None)
    kode, pemilik, pasal = (
        (hold.kode, hold.pemilik, hold.pasal)
        if hold
        else ("setahun_belum_ada", "keuangan_opd", "pajak setahun")
    )
    sebab = "ditahan dengan kebijakan ini atau belum dikunci" if ditahan else "belum dikunci"
    kalimat = (
        f"Penghasilan dan pajak {sebut(bulan)} belum diketahui: "
        f"bulannya {sebab}, atau saldo pajaknya belum diimpor"
    )
    return Alasan(kode, kalimat, pemilik, pasal)


async def _perlu(tx: Tx, periode: Period, ids: Sequence[UUID]) -> dict[UUID, list[Period]]:
    people: dict[UUID, tuple[str, list[Masa]]] = {}
    async for row in SQL.masa_kerja(tx.conn, ids=list(ids)):
        span = Masa(row["berlaku_mulai"], row["berlaku_sampai"], row["bertugas"])
        people.setdefault(row["pegawai_id"], (row["nip"], []))[1].append(span)
    return {who: bulan_perlu(nip, spans, periode) for who, (nip, spans) in people.items()}


async def _saldo(tx: Tx, periode: Period, ids: Sequence[UUID]) -> dict[UUID, Saldo]:
    rows = SQL.saldo(tx.conn, ids=list(ids), awal=f"{periode.year}-01", sebelum=str(periode))
    return {
        row["pegawai_id"]: Saldo(
            Period.parse(row["sampai"]), row["bruto"], row["pengurang"], row["pajak"], row["version"]
        )
        async for row in rows
    }


async def _berdasar(tx: Tx, dasar: Period, masa: Sequence[MasaBayar]) -> list[MasaBayar]:
    """Of these extra payments, those based on this month and paid in its year."""
    rows = {row["periode"]: row async for row in SQL.khusus_berdasar(tx.conn, dasar=str(dasar))}
    return [one for one in masa if str(one) in rows and rows[str(one)]["dibayar"][:4] == str(dasar)[:4]]


async def _terkunci(tx: Tx, masa: Sequence[MasaBayar], ids: Sequence[UUID]) -> list[Any]:
    return [row async for row in SQL.terkunci(tx.conn, ids=list(ids), masa=[str(one) for one in masa])]


async def _sumbangan(tx: Tx, rows: Sequence[Any]) -> dict[UUID, dict[MasaBayar, Sumbangan]]:
    """What each locked figure adds."""
    policies = {one: await kebijakan_dari(tx, one) for one in {row["kebijakan_id"] for row in rows}}
    found: dict[UUID, dict[MasaBayar, Sumbangan]] = {}
    for row in rows:
        adds = _satu(row, policies[row["kebijakan_id"]])
        if adds is not None:
            found.setdefault(row["pegawai_id"], {})[MasaBayar.parse(row["periode"])] = adds
    return found


def _satu(row: Any, kebijakan: Kebijakan) -> Sumbangan | None:
    if row["status"] == "ditahan":
        # Locked as held: what was paid of it later counts where it was paid, its salary is not known.
        return None
    return sumbangan(kebijakan, baca_masukan(row["masukan"]), row["nomor"])
