"""Taking back facts of a month that came by mistake."""

from collections.abc import Iterable, Sequence
from typing import Any

from services.tpp.bulanan.commands import beritakan
from services.tpp.bulanan.jenis import FAKTA_BULANAN, HAL, Hal
from services.tpp.fakta.cabut import Pencabutan
from services.tpp.fakta.jenis import Baris, Sel
from services.tpp.fakta.jenis import kode as sebagai_kode
from shared.db import Tx
from shared.period import Period
from shared.tabular import Column

_ISIAN = Column("isian", "isian", ("nama isian",), required=False)


def _cabut(hal: Hal) -> Pencabutan:
    def baca(
        sel: Sel, periode: Period | None, tercatat: frozenset[tuple[Any, ...]]
    ) -> Iterable[tuple[Any, ...]]:
        # Nothing named: all that the file brings of the person's month.
        named: Sequence[str] = hal.fakta
        if sebagai_kode(sel.record.text("isian")):
            named = [sel.pilihan("isian", hal.fakta)]
        return [key for key in ((str(periode), name) for name in named) if key in tercatat]

    about = hal.judul.removeprefix("Impor ")
    lead = f"{about[0].upper()}{about[1:]} yang keliru menjadi tidak diketahui, bukan nol."
    if len(hal.fakta) > 1:
        named = ", ".join(name.replace("_", " ") for name in hal.fakta)
        lead += f" Kolom isian menyebut salah satu dari {named}; kosong berarti semuanya."
    return Pencabutan(
        jenis=hal.nama,
        hal=about,
        lead=lead,
        kolom=(_ISIAN,) if len(hal.fakta) > 1 else (),
        tabel=FAKTA_BULANAN,
        baca=baca,
        sesudah=_sesudah,
        sebulan=True,
    )


async def _sesudah(tx: Tx, rows: Sequence[Baris]) -> None:
    months: dict[str, set[Any]] = {}
    for who, month, *_ in rows:
        months.setdefault(month, set()).add(who)
    for month, people in months.items():
        await beritakan(tx, Period.parse(month), sorted(people))


CABUT_BULANAN = tuple(_cabut(hal) for hal in HAL)
