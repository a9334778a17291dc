"""Earlier months of the year from what was locked, each worked out again by the policy that paid it.

What a locked month adds follows from its stored inputs and its policy version alone, so the sums can be made
again at any time from what `Setahun.asal` names. Arrears count in the month that paid them.
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
from services.tpp.perhitungan.rules import Alasan, Masukan, Setahun, baca_masukan
from services.tpp.perhitungan.tahun import Masa, Saldo, Sumbangan, bulan_perlu, sebut, setahun
from shared.db import Tx, queries
from shared.period import MasaBayar, Period

SQL = queries("services.tpp.perhitungan")

_TERSUSUN: dict[str, Hitung] = {}


class Pengganti(NamedTuple):
    """Months that count as another policy makes them, locked or not: what it gives of each person."""

    bulan: Collection[Period] = ()
    oleh: Mapping[UUID, Mapping[Period, Sumbangan]] = MappingProxyType({})


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


async def bulan_sebelumnya(
    tx: Tx, kebijakan: Kebijakan, periode: Period, ids: Sequence[UUID], ganti: Pengganti = _TANPA_GANTI
) -> tuple[dict[UUID, Setahun], dict[UUID, Alasan]]:
    """Sums of everyone of whom they are known; of the others why they are not.

    A balance stands for its months also where they are replaced (`ganti`).
    """
    # The policy's own hold, said with the months that are missing.
    holds = engine.penafsir(kebijakan, periode).program.penahanan
    hold = next((one for one in holds if "setahun" in disebut(one.bila)), None)
    kode, pemilik, pasal = (
        (hold.kode, hold.pemilik, hold.pasal)
        if hold
        else ("setahun_belum_ada", "keuangan_opd", "pajak setahun")
    )
    balances = await _saldo(tx, periode, ids)
    paid, bases = await _terkunci(tx, periode, ids, ganti.bulan)
    known: dict[UUID, Setahun] = {}
    missing: dict[UUID, Alasan] = {}
    for who, months in (await _perlu(tx, periode, ids)).items():
        adds = paid.get(who, {}) | dict[MasaBayar, Sumbangan](ganti.oleh.get(who, {}).items())
        found = setahun(months, balances.get(who), adds, periode, bases)
        if isinstance(found, Setahun):
            known[who] = found
        else:
            held = any(month in ganti.bulan for month in found)
            sebab = "ditahan dengan kebijakan ini atau belum dikunci" if held else "belum dikunci"
            kalimat = (
                f"Penghasilan dan pajak {sebut(found)} belum diketahui: "
                f"bulannya {sebab}, atau saldo pajaknya belum diimpor"
            )
            missing[who] = Alasan(kode, kalimat, pemilik, pasal)
    return known, missing


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


async def _terkunci(
    tx: Tx, periode: Period, ids: Sequence[UUID], kecuali: Collection[Period]
) -> tuple[dict[UUID, dict[MasaBayar, Sumbangan]], dict[MasaBayar, Period]]:
    """What is locked adds, and the month that each payment is based on."""
    earlier = [Period(periode.year, month) for month in range(1, periode.month)]
    months = [str(month) for month in earlier if month not in kecuali]
    extra = [str(month) for month in earlier]
    rows = [row async for row in SQL.bulan_terkunci(tx.conn, ids=list(ids), bulan=months, dasar=extra)]
    bases: dict[MasaBayar, Period] = {}
    policies = {one: await kebijakan_dari(tx, one) for one in {row["kebijakan_id"] for row in rows}}
    found: dict[UUID, dict[MasaBayar, Sumbangan]] = {}
    for row in rows:
        adds = _satu(row, policies[row["kebijakan_id"]])
        if adds is not None:
            masa = MasaBayar.parse(row["periode"])
            bases[masa] = Period.parse(row["dasar"])
            found.setdefault(row["pegawai_id"], {})[masa] = adds
    return found, bases


def _satu(row: Any, kebijakan: Kebijakan) -> Sumbangan | None:
    if row["status"] == "ditahan":
        # Locked as held: what was paid of it later counts where it was paid, its salary is not known.
        return None
    return sumbangan(kebijakan, baca_masukan(row["masukan"]), row["nomor"])
