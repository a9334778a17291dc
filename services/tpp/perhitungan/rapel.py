"""Arrears: differences of earlier months that a month's payment carries, each exactly once.

A correction (`koreksi`) belongs to the month whose run took it along, until that month is locked and for ever
after. It is carried as the difference of bruto where contributions and tax are still to be taken from it, and
of neto where the policy puts it after them.
"""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.perhitungan.engine import Hitung, penafsir
from services.tpp.perhitungan.rules import Hasil, Masukan
from services.tpp.perhitungan.tambahan import Tambahan
from shared.db import Tx, queries
from shared.period import Period

SQL = queries("services.tpp.perhitungan")

Dasar = Literal["bruto", "neto"]
MELEBIHI_HAK = "potongan_melebihi_hak"


def dasar(kebijakan: Kebijakan, periode: Period) -> Dasar | None:
    """Which difference a month of this policy carries; None when the policy has no place for it."""
    steps = penafsir(kebijakan, periode).program.langkah
    place = next((number for number, step in enumerate(steps) if step.blok == "koreksi"), None)
    if place is None:
        return None
    return "bruto" if any(step.sifat == "potongan" for step in steps[place:]) else "neto"


async def bawa(
    tx: Tx, kebijakan: Kebijakan, periode: Period, ids: Sequence[UUID], found: Tambahan
) -> frozenset[UUID]:
    """Take along what these people's payment of the month carries; returns whose it concerns."""
    kind = dasar(kebijakan, periode)
    if kind is None:
        return frozenset()
    oldest = periode.plus(-kebijakan.rapel.paling_lama_bulan)
    rows = [
        (row["pegawai_id"], row["periode"], row[f"selisih_{kind}"])
        async for row in SQL.bawa(tx.conn, ids=ids, periode=str(periode), sejak=str(oldest), dasar=kind)
    ]
    return _masukkan(rows, found)


async def seperti_dibawa(tx: Tx, periode: Period, ids: Sequence[UUID], found: Tambahan) -> None:
    """What the month's payment carries already, for computing it again."""
    rows = [
        (row["pegawai_id"], row["periode"], row["jumlah"])
        async for row in SQL.dibawa(tx.conn, ids=ids, periode=str(periode))
    ]
    _masukkan(rows, found)


def _masukkan(rows: Sequence[tuple[UUID, str, int]], found: Tambahan) -> frozenset[UUID]:
    sums: dict[UUID, dict[str, int]] = {}
    for who, month, amount in rows:
        months = sums.setdefault(who, {})
        months[month] = months.get(month, 0) + amount
    for who, months in sums.items():
        carried = tuple((Period.parse(month), months[month]) for month in sorted(months) if months[month])
        if carried:
            found.setdefault(who, {})["rapel"] = carried
    return frozenset(sums)


def yang_muat(masukan: Masukan, hitung: Hitung) -> tuple[Masukan, Hasil]:
    """The inputs with as much of the arrears as leaves nobody below zero, and the result.

    What is owed to the person is always carried; what the person owes month by month as long as it fits.
    """
    fits = tuple(one for one in masukan.rapel if one[1] > 0)
    for one in masukan.rapel:
        if one[1] < 0:
            trial = tuple(sorted((*fits, one)))
            if hitung(masukan._replace(rapel=trial)).status == "dihitung":
                fits = trial
    fitting = masukan._replace(rapel=fits)
    return fitting, hitung(fitting)


def terlalu_besar(hasil: Hasil, masukan: Masukan) -> bool:
    """Whether it may be the arrears that leave nothing to be paid."""
    return (
        hasil.status == "ditahan"
        and any(amount < 0 for _, amount in masukan.rapel)
        and any(reason.kode == MELEBIHI_HAK for reason in hasil.alasan)
    )


async def lepas_sisa(tx: Tx, periode: Period, angka: Sequence[Any], lain: Tambahan) -> None:
    """What these figures could not carry waits for a later month."""
    left = [
        (one.pegawai_id, str(month))
        for one in angka
        if one.masukan is not None and (asked := lain.get(one.pegawai_id, {}).get("rapel"))
        for month, _ in asked
        if month not in {month for month, _ in one.masukan.rapel}
    ]
    if left:
        await SQL.lepas_sebagian(
            tx.conn, ids=[who for who, _ in left], asal=[month for _, month in left], periode=str(periode)
        )
