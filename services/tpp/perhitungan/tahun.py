"""Earlier months of a year, for the tax of its last one: which are needed, what they come to. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from services.tpp.perhitungan.rules import Setahun
from shared.period import MasaBayar, Period


class Masa(NamedTuple):
    """A stretch of somebody's placement; `sampai` is the first day after it."""

    mulai: date
    sampai: date | None
    bertugas: bool


class Sumbangan(NamedTuple):
    """What one locked month or extra payment adds, and the run (`nomor`) whose figure says so."""

    bruto: int
    pengurang: int
    pajak: int
    nomor: int


class Saldo(NamedTuple):
    """What is told from outside for January to `sampai`."""

    sampai: Period
    bruto: int
    pengurang: int
    pajak: int
    version: int


def bulan_perlu(nip: str, masa: Sequence[Masa], periode: Period) -> list[Period]:
    """The months of the year before this one in which somebody may have had income.

    Not known is not without: months before the first placement that we know count as well, unless the NIP
    says that the person was appointed in this very year. Months without a day of service do not count.
    """
    earlier = [Period(periode.year, month) for month in range(1, periode.month)]
    if not masa:
        return earlier
    first = min(one.mulai for one in masa)
    new = nip[8:12] == str(periode.year) and first.year == periode.year
    return [month for month in earlier if (month.last_day < first and not new) or _bertugas(masa, month)]


def _bertugas(masa: Iterable[Masa], month: Period) -> bool:
    return any(
        one.bertugas and one.mulai <= month.last_day and (one.sampai is None or one.sampai > month.first_day)
        for one in masa
    )


def setahun(
    perlu: Sequence[Period],
    saldo: Saldo | None,
    bulan: Mapping[MasaBayar, Sumbangan] | Mapping[Period, Sumbangan],
    periode: Period,
    dibayar: Mapping[MasaBayar, Period] = MappingProxyType({}),
) -> Setahun | list[Period]:
    """Sums over the months before this one, or the months of which nothing is known.

    `saldo` stands for all months up to its own; later ones are what was locked. An extra payment counts with
    the month that it is paid in (`dibayar`), which may be this one; one that was not locked is no month that
    is missing.
    """
    if saldo is not None and not (saldo.sampai.year == periode.year and saldo.sampai < periode):
        raise ValueError(
            f"saldo sampai {saldo.sampai} bukan untuk bulan sesudahnya pada tahun {periode.year}"
        )
    rest = {
        masa: one
        for masa, one in sorted(bulan.items())
        if (month := dibayar.get(masa, masa)).year == periode.year
        and (month < periode or (masa in dibayar and month == periode))
        and (saldo is None or month > saldo.sampai)
    }
    missing = [month for month in perlu if month not in rest and (saldo is None or month > saldo.sampai)]
    if missing:
        return missing
    parts = [*([saldo[1:4]] if saldo else []), *(one[:3] for one in rest.values())]
    bruto, pengurang, pajak = (sum(part[place] for part in parts) for place in range(3))
    asal = [(f"saldo:{saldo.sampai}", saldo.version)] if saldo else []
    asal += [(str(masa), one.nomor) for masa, one in rest.items()]
    return Setahun(bruto, pengurang, pajak, tuple(asal))


def sebut(bulan: Sequence[Period]) -> str:
    """Months in words: `Januari sampai September dan November 2026`; years one after the other, by commas."""
    years = sorted({month.year for month in bulan})
    return ", ".join(_setahun([month for month in bulan if month.year == year]) for year in years)


def _setahun(bulan: Sequence[Period]) -> str:
    spans: list[list[Period]] = []
    for month in sorted(bulan):
        if spans and spans[-1][-1].plus(1) == month:
            spans[-1].append(month)
        else:
            spans.append([month])
    words = [
        f"{_nama(span[0])} sampai {_nama(span[-1])}" if len(span) > 1 else _nama(span[0]) for span in spans
    ]
    *before, last = words
    return f"{', '.join(before)} dan {last} {bulan[0].year}" if before else f"{last} {bulan[0].year}"


def _nama(month: Period) -> str:
    return month.tampil().partition(" ")[0]
