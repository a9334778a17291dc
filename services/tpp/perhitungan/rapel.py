"""Arrears: differences of earlier months that a month's payment carries, every rupiah of them exactly once.

What of a correction (`koreksi`) a month's run took along belongs to that month, until it is locked and for
ever after; the rest waits. It is carried as the difference of bruto where contributions and tax are still to
be taken from it, and of neto where the policy puts it after them. What is owed back may go in instalments.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import Literal, NamedTuple
from uuid import UUID

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.tipe import Lingkungan, terbaca
from services.tpp.perhitungan.engine import Hitung, penafsir
from services.tpp.perhitungan.rules import Hasil, Masukan
from services.tpp.perhitungan.tambahan import Tambahan
from shared.db import Tx, queries
from shared.period import Period

SQL = queries("services.tpp.perhitungan")

Dasar = Literal["bruto", "neto"]
MELEBIHI_HAK = "potongan_melebihi_hak"

Rapel = tuple[tuple[Period, int], ...]
"""The month that is corrected, and signed rupiah, as `Masukan` has them."""


class Bagian(NamedTuple):
    """What of one correction waits, or is carried."""

    asal: str
    urutan: int
    dasar: Dasar
    jumlah: int


Menunggu = dict[UUID, list[Bagian]]


class Angsuran(NamedTuple):
    """At most this part of what the month itself comes to is taken back at once."""

    dasar: Dasar
    bagian: Fraction


def dasar(kebijakan: Kebijakan, periode: Period) -> Dasar | None:
    """Which difference a month of this policy carries; None when the policy has no place for it."""
    steps = penafsir(kebijakan, periode).program.langkah
    place = next((number for number, step in enumerate(steps) if step.blok == "koreksi"), None)
    if place is None:
        return None
    return "bruto" if any(step.sifat == "potongan" for step in steps[place:]) else "neto"


def angsuran(kebijakan: Kebijakan, periode: Period) -> Angsuran | None:
    """How much at most a month of this policy takes back; None when it takes whole corrections only."""
    kind, written = dasar(kebijakan, periode), kebijakan.rapel.angsuran
    if kind is None or written is None:
        return None
    share = terbaca(written, Lingkungan({}, {})).lo
    assert share is not None
    return Angsuran(kind, share)


async def bawa(
    tx: Tx, kebijakan: Kebijakan, periode: Period, ids: Sequence[UUID], found: Tambahan
) -> Menunggu:
    """All that these people's payment of the month may carry, put among its inputs.

    What an earlier run of the month carried is taken up anew. `catat` writes what was carried in the end.
    """
    held = [row async for row in SQL.tahan_koreksi(tx.conn, ids=ids, periode=str(periode))]
    kind = dasar(kebijakan, periode)
    if kind is None or not held:
        return {}
    oldest = periode.plus(-kebijakan.rapel.paling_lama_bulan)
    waiting: Menunggu = {}
    async for row in SQL.menunggu(tx.conn, ids=ids, periode=str(periode), sejak=str(oldest), dasar=kind):
        part = Bagian(row["periode"], row["urutan"], row["dasar"], row["sisa"])
        waiting.setdefault(row["pegawai_id"], []).append(part)
    _masukkan({who: [(one.asal, one.jumlah) for one in parts] for who, parts in waiting.items()}, found)
    return waiting


async def seperti_dibawa(tx: Tx, periode: Period, ids: Sequence[UUID], found: Tambahan) -> None:
    """What the month's payment carries already, for computing it again."""
    carried: dict[UUID, list[tuple[str, int]]] = {}
    async for row in SQL.dibawa(tx.conn, ids=ids, periode=str(periode)):
        carried.setdefault(row["pegawai_id"], []).append((row["periode"], row["jumlah"]))
    _masukkan(carried, found)


def _masukkan(parts: dict[UUID, list[tuple[str, int]]], found: Tambahan) -> None:
    for who, rows in parts.items():
        months: dict[str, int] = {}
        for month, amount in rows:
            months[month] = months.get(month, 0) + amount
        carried = tuple((Period.parse(month), months[month]) for month in sorted(months) if months[month])
        if carried:
            found.setdefault(who, {})["rapel"] = carried


def yang_muat(
    masukan: Masukan, hasil: Hasil, hitung: Hitung, aturan: Angsuran | None
) -> tuple[Masukan, Hasil]:
    """The inputs with as much of the arrears as this month can and may bear, and the result.

    What is owed to the person is always carried. What the person owes is set off against that first, then
    taken from the month: with instalments at most their share of it, the oldest month first; without them
    whole months, as long as each fits. A month that waits for another reason carries nothing.
    """
    if hasil.status == "ditahan" and not _terlalu_besar(hasil):
        # Who knows whether this month is ever paid: what it carried would be lost with it.
        return masukan._replace(rapel=()), hasil
    if all(amount > 0 for _, amount in masukan.rapel):
        return masukan, hasil
    if aturan is None:
        return _bulan_utuh(masukan, hitung) if _terlalu_besar(hasil) else (masukan, hasil)
    most = _paling_banyak(masukan, hitung, aturan)
    owed = sum(-amount for _, amount in masukan.rapel if amount < 0)
    fits, result = _diangsur(masukan, hitung, min(owed, most))
    if not _terlalu_besar(result):
        return fits, result
    # What is fixed (a cooperative's instalment) leaves less than the share: the most that still fits.
    low, high = 0, min(owed, most)
    while high - low > 1:
        middle = (low + high) // 2
        if _diangsur(masukan, hitung, middle)[1].status == "dihitung":
            low = middle
        else:
            high = middle
    return _diangsur(masukan, hitung, low)


def _paling_banyak(masukan: Masukan, hitung: Hitung, aturan: Angsuran) -> int:
    own = hitung(masukan._replace(rapel=()))
    amount = own.bruto if aturan.dasar == "bruto" else own.neto
    return sum(amount for _, amount in masukan.rapel if amount > 0) + floor(amount * aturan.bagian)


def _diangsur(masukan: Masukan, hitung: Hitung, most: int) -> tuple[Masukan, Hasil]:
    """With at most so much of what is owed back, the oldest month first."""
    carried: list[tuple[Period, int]] = []
    for month, amount in masukan.rapel:
        part = amount if amount > 0 else -min(-amount, most)
        most += min(part, 0)
        if part:
            carried.append((month, part))
    fitting = masukan._replace(rapel=tuple(carried))
    return fitting, hitung(fitting)


def _bulan_utuh(masukan: Masukan, hitung: Hitung) -> tuple[Masukan, Hasil]:
    fits = tuple(one for one in masukan.rapel if one[1] > 0)
    for one in masukan.rapel:
        if one[1] < 0:
            trial = tuple(sorted((*fits, one)))
            if hitung(masukan._replace(rapel=trial)).status == "dihitung":
                fits = trial
    fitting = masukan._replace(rapel=fits)
    return fitting, hitung(fitting)


def _terlalu_besar(hasil: Hasil) -> bool:
    """Whether it may be the arrears that leave nothing to be paid."""
    return hasil.status == "ditahan" and any(reason.kode == MELEBIHI_HAK for reason in hasil.alasan)


async def catat(tx: Tx, periode: Period, dibawa: dict[UUID, Rapel], menunggu: Menunggu) -> None:
    """Write down what each person's payment carries, of what waited; the rest waits for a later month."""
    rows = [
        (part.asal, who, part.urutan, part.dasar, part.jumlah)
        for who, rapel in dibawa.items()
        for part in pembagian(menunggu.get(who, []), rapel)
    ]
    if rows:
        asal, ids, urutan, bases, amounts = (list(column) for column in zip(*rows, strict=True))
        await SQL.bawa(
            tx.conn, asal=asal, ids=ids, urutan=urutan, dasar=bases, jumlah=amounts, periode=str(periode)
        )


def pembagian(menunggu: Sequence[Bagian], rapel: Rapel) -> list[Bagian]:
    """Which corrections make up what is carried of each month, and how much of each.

    Of a month that is carried in part, what is owed to the person is whole and the rest goes to the oldest
    corrections. Corrections that cancel each other out are carried although no line shows them.
    """
    carried = {str(month): amount for month, amount in rapel}
    months: dict[str, list[Bagian]] = {}
    for one in menunggu:
        months.setdefault(one.asal, []).append(one)
    found: list[Bagian] = []
    for month, parts in months.items():
        total, taken = sum(one.jumlah for one in parts), carried.get(month, 0)
        if taken == total:
            found += parts
        elif taken:
            left = taken
            for one in parts:
                if one.jumlah > 0:
                    found.append(one)
                    left -= one.jumlah
            for one in parts:
                if one.jumlah < 0 and left < 0:
                    part = max(one.jumlah, left)
                    found.append(one._replace(jumlah=part))
                    left -= part
    return found
