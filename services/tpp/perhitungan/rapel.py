"""Arrears: differences of earlier months that a month's payment carries, every rupiah of them exactly once.

What of a correction (`koreksi`) a month's run took along belongs to that month, until it is locked and for
ever after; the rest waits. It is carried as the difference of bruto where contributions and tax are still to
be taken from it, and of neto where the policy puts it after them. What is owed back may go in instalments.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Literal, NamedTuple
from uuid import UUID

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.program import IURAN
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
RapelIuran = tuple[tuple[Period, str, int], ...]
"""The same of employer contributions, each by its code."""


class Bagian(NamedTuple):
    """What of one correction waits, or is carried."""

    asal: str
    urutan: int
    dasar: Dasar
    jumlah: int


class BagianIuran(NamedTuple):
    """What of an employer contribution that one correction puts right waits, or is carried."""

    asal: str
    urutan: int
    kode: str
    jumlah: int


class Menunggu(dict[UUID, list[Bagian]]):
    """What waits of each person's corrections; `iuran`: of the employer contributions in them."""

    def __init__(self) -> None:
        super().__init__()
        self.iuran: dict[UUID, list[BagianIuran]] = {}


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
        return Menunggu()
    oldest = str(periode.plus(-kebijakan.rapel.paling_lama_bulan))
    waiting = Menunggu()
    async for row in SQL.menunggu(tx.conn, ids=ids, periode=str(periode), sejak=oldest, dasar=kind):
        part = Bagian(row["periode"], row["urutan"], row["dasar"], row["sisa"])
        waiting.setdefault(row["pegawai_id"], []).append(part)
    _masukkan({who: [(one.asal, one.jumlah) for one in parts] for who, parts in waiting.items()}, found)
    async for row in SQL.menunggu_iuran(tx.conn, ids=ids, periode=str(periode), sejak=oldest):
        share = BagianIuran(row["periode"], row["urutan"], row["kode"], row["sisa"])
        waiting.iuran.setdefault(row["pegawai_id"], []).append(share)
    if any(step.sifat == IURAN for step in penafsir(kebijakan, periode).program.langkah):
        for who in waiting:
            if found.get(who, {}).get("rapel"):
                found[who]["rapel_iuran"] = ()
    for who, shares in waiting.iuran.items():
        months: dict[tuple[str, str], int] = {}
        for one in shares:
            months[one.asal, one.kode] = months.get((one.asal, one.kode), 0) + one.jumlah
        found.setdefault(who, {})["rapel_iuran"] = tuple(
            (Period.parse(month), kode, amount) for (month, kode), amount in sorted(months.items()) if amount
        )
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
    """The inputs with as much of what earlier months leave to put right as this month can and may bear, and
    the result: first the person's arrears, then the employer's contributions beside them."""
    masukan, hasil = _rapel_yang_muat(masukan, hasil, hitung, aturan)
    if masukan.rapel_iuran is None:
        return masukan, hasil
    if hasil.status == "ditahan":
        return masukan._replace(rapel_iuran=None), hasil
    fits = iuran_yang_muat(masukan.rapel_iuran, hasil.iuran_sendiri)
    if fits == masukan.rapel_iuran and (fits or masukan.rapel):
        return masukan, hasil
    masukan = masukan._replace(rapel_iuran=fits if fits or masukan.rapel else None)
    return masukan, hitung(masukan)


def iuran_yang_muat(rapel: RapelIuran, sendiri: Mapping[str, int]) -> RapelIuran:
    """What of these contributions a month puts right: what is owed always; what was paid too much is set off
    against that and against what the month itself owes of the same one, the oldest month first.

    No contribution of a month falls below zero; nobody's pay bears any of it, so the rest waits.
    """
    left = dict(sendiri)
    for _, kode, amount in rapel:
        left[kode] = left.get(kode, 0) + max(amount, 0)
    found: list[tuple[Period, str, int]] = []
    for month, kode, amount in rapel:
        part = max(amount, -left[kode]) if amount < 0 else amount
        left[kode] += min(part, 0)
        if part:
            found.append((month, kode, part))
    return tuple(found)


def _rapel_yang_muat(
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


async def catat(tx: Tx, periode: Period, dibawa: Mapping[UUID, Masukan], menunggu: Menunggu) -> None:
    """Write down what each person's payment carries, of what waited; the rest waits for a later month."""
    rows = [
        (part.asal, who, part.urutan, part.dasar, part.jumlah)
        for who, m in dibawa.items()
        for part in pembagian(menunggu.get(who, []), m.rapel)
    ]
    shares = [
        (part.asal, who, part.urutan, part.kode, part.jumlah)
        for who, waiting in menunggu.iuran.items()
        if who in dibawa
        for part in pembagian_iuran(waiting, dibawa[who].rapel_iuran or ())
    ]
    if shares:
        asal, ids, urutan, kode, amounts = (list(column) for column in zip(*shares, strict=True))
        await SQL.bawa_iuran(
            tx.conn, asal=asal, ids=ids, urutan=urutan, kode=kode, jumlah=amounts, periode=str(periode)
        )
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


def pembagian_iuran(menunggu: Sequence[BagianIuran], rapel: RapelIuran) -> list[BagianIuran]:
    """Which corrections make up what is carried of each contribution of a month: what is owed whole, of the
    rest the oldest first. Corrections that cancel each other out are carried although no line shows them."""
    carried = {(str(month), kode): amount for month, kode, amount in rapel}
    groups: dict[tuple[str, str], list[BagianIuran]] = {}
    for one in menunggu:
        groups.setdefault((one.asal, one.kode), []).append(one)
    found: list[BagianIuran] = []
    for key, parts in groups.items():
        total, left = sum(one.jumlah for one in parts), carried.get(key, 0)
        if left == total:
            found += parts
            continue
        if not left:
            continue
        owed = [one for one in parts if one.jumlah > 0]
        found += owed
        left -= sum(one.jumlah for one in owed)
        for one in parts:
            if one.jumlah < 0 and left < 0:
                part = max(one.jumlah, left)
                found.append(one._replace(jumlah=part))
                left -= part
    return found
