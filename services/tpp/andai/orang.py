"""The people of a stretch, with the inputs of their month as a draft takes them.

The inputs are those kept with each figure, so nothing that changed since plays a part. Only what the draft
asks for and the policy that paid did not is read anew, as it is known now.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from services.tpp.andai.rules import Angka
from services.tpp.kebijakan.fakta import LAMA_PLT
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.queries import kebijakan_dari
from services.tpp.perhitungan.engine import penafsir
from services.tpp.perhitungan.rules import Alasan, Masukan, baca_alasan, baca_baris, baca_masukan
from services.tpp.perhitungan.run import DI_LUAR_KEBIJAKAN, TANPA_PENEMPATAN
from services.tpp.perhitungan.tambahan import (
    BELUM_TERCATAT,
    LamaPlt,
    belum_tercatat,
    diminta,
    menurut_fakta,
    pembagian,
    plt_sejak_awal,
    segmen,
)
from shared.db import Tx, queries
from shared.period import MasaBayar, Period

SQL = queries("services.tpp.andai")


_TETAP = DI_LUAR_KEBIJAKAN | BELUM_TERCATAT
"""Reasons that hold under the draft as well: what was not known when the month was computed."""


class Orang(NamedTuple):
    """One person's month: as it was paid, and what the draft computes it from.

    `masukan`: None when no jabatan was known. `tahan`: why no policy at all pays it. `kurang`: which earlier
    months of the year are not known, to be said if the draft waits for them. `nol`: the draft has no such
    payment for this person, which is no payment that waits.
    """

    pegawai_id: UUID
    opd_kode: str
    unit_path: str
    lama: Angka | None
    masukan: Masukan | None
    tahan: Alasan | None = None
    kurang: Alasan | None = None
    nol: bool = False

    @property
    def dihitung(self) -> Masukan | None:
        """The inputs, unless nothing is to be computed."""
        return None if self.tahan or self.nol else self.masukan


async def orang_bulan(
    tx: Tx,
    rancangan: Kebijakan,
    periode: Period,
    dari: UUID,
    sampai: UUID,
    masa: MasaBayar | None = None,
    pembayaran: str = "bulanan",
) -> list[Orang]:
    """Everyone of this stretch with a figure in this month, or of the extra payment `masa` based on it.

    `pembayaran`: what the draft is to make of the figures of a month.
    """
    source = rancangan.sumber_predikat.periode(periode)
    # Fetched whole: aiosql would hand over the rows one at a time. Parameters in order of appearance.
    rows = await tx.conn.fetch(SQL.orang.sql, str(source), dari, sampai, str(masa or periode))
    kode = masa.kode if masa else "bulanan"
    lain, belum = await _yang_lain(tx, rancangan, periode, rows, kode, masa.kode if masa else pembayaran)
    # Beside the event loop: the process has other work, and PostgreSQL can answer it meanwhile.
    return await asyncio.to_thread(susun, rows, source, lain, belum)


async def _yang_lain(
    tx: Tx, rancangan: Kebijakan, periode: Period, rows: Sequence[Any], kode: str, pembayaran: str
) -> tuple[Mapping[UUID, Mapping[str, Any]], Mapping[UUID, tuple[Alasan, ...]]]:
    """What the draft asks for beyond the policy that paid, as it is known now; and of whom it is not.

    `kode`: what was paid; `pembayaran`: what the draft pays.
    """
    paid: dict[UUID, list[UUID]] = {}
    for row in rows:
        paid.setdefault(row["kebijakan_id"], []).append(row["pegawai_id"])
    found: dict[UUID, dict[str, Any]] = {}
    belum: dict[UUID, tuple[Alasan, ...]] = {}
    asked, cara = diminta(rancangan, periode, pembayaran), pembagian(rancangan, periode)
    fakta, lama = penafsir(rancangan, periode).program.fakta, LamaPlt(rancangan, periode)
    for kebijakan_id, ids in paid.items():
        before = await kebijakan_dari(tx, kebijakan_id)
        paid_by = penafsir(before, periode).program.fakta
        kept = {
            name
            for name in diminta(before, periode, kode)
            if (one := fakta.get(name)) and one.tipe == paid_by[name].tipe
        }
        # The same days count differently where one of the two pays a duty from its first day.
        other_days = plt_sejak_awal(before) != plt_sejak_awal(rancangan)
        kept -= {LAMA_PLT} if other_days else set()
        found.update(await menurut_fakta(tx, fakta, asked - kept, lama, periode, ids))
        belum.update(await belum_tercatat(tx, found, asked - kept, periode, ids))
        if other_days or cara != pembagian(before, periode):
            parts, lacking = await segmen(tx, cara, lama, periode, ids)
            belum.update(lacking)
            for who in ids:
                found.setdefault(who, {}).update({"segmen": (), **parts.get(who, {})})
    return found, belum


def susun(
    rows: Iterable[Any],
    sumber: Period,
    lain: Mapping[UUID, Mapping[str, Any]],
    belum: Mapping[UUID, tuple[Alasan, ...]] | None = None,
) -> list[Orang]:
    """Rows as people. `sumber`: the month whose predikat the draft takes, which the row has beside it;
    `belum`: who lacks something that the draft pays by."""
    found: list[Orang] = []
    for row in rows:
        lama = None
        if row["status"] == "dihitung":
            lama = Angka(row["bruto"], row["neto"], sum(one.jumlah for one in baca_baris(row["iuran"])))
        m = None if row["masukan"] == "null" else baca_masukan(row["masukan"])
        tahan = TANPA_PENEMPATAN if m is None else next(iter((belum or {}).get(row["pegawai_id"], ())), None)
        if lama is None:
            tahan = next((one for one in baca_alasan(row["alasan"]) if one.kode in _TETAP), tahan)
        if m is not None and (m.predikat_dari or m.periode) != sumber:
            m = m._replace(
                predikat=row["predikat_sumber"],
                skp_disetujui=row["skp_sumber"],
                predikat_dari=None if sumber == m.periode else sumber,
            )
        if m is not None and (more := lain.get(row["pegawai_id"])):
            own = dict(m.tambahan) | dict(more.get("tambahan", ()))
            m = m._replace(**{**more, "tambahan": tuple(sorted(own.items()))})
            if not m.hari_masuk_akal:
                # The days as they are known now belong to other events than this month was paid by.
                m = m._replace(hari_kejadian=None)
        found.append(Orang(row["pegawai_id"], row["opd_kode"], row["unit_path"], lama, m, tahan))
    return found
