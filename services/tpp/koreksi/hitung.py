"""Computing marked person-months again, by the policy they were computed with, and recording what differs.

The figure that was locked and paid stays as it is. Each difference is one row, numbered within its person and
month, and waits to be carried by the next payable month; the same facts never make a second one.
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from services.tpp.gaji.rules import AWAL
from services.tpp.kebijakan.queries import kebijakan_dari
from services.tpp.koreksi import rules
from services.tpp.koreksi.tandai import SQL
from services.tpp.perhitungan import rapel
from services.tpp.perhitungan.engine import compiled
from services.tpp.perhitungan.masa import bulan_dasar
from services.tpp.perhitungan.rules import (
    Baris,
    Hasil,
    Masukan,
    Segmen,
    baca_baris,
    baca_masukan,
    tulis_alasan,
    tulis_baris,
    tulis_masukan,
)
from services.tpp.perhitungan.run import Angka, fakta, hitung_orang
from services.tpp.perhitungan.tambahan import tambahan
from shared.contracts.tpp import TppCorrected
from shared.db import Tx
from shared.money import Rupiah
from shared.period import MasaBayar

_SEKALIGUS = 500
_KOLOM = (
    "periode", "pegawai_id", "urutan", "nip", "opd_kode", "unit_path", "kebijakan_id", "bruto", "potongan",
    "neto", "baris", "masukan", "selisih_bruto", "selisih_neto", "sebab", "iuran", "selisih_iuran",
)  # fmt: skip


class _Beda(NamedTuple):
    angka: Angka
    lama: Any
    bruto: int
    neto: int
    iuran: dict[str, int]
    """Signed differences to what is known so far; of the employer's contributions each by its code."""
    sebab: list[str]


async def koreksi(tx: Tx) -> bool:
    """Look at the next marked person-months; True when there may be more. Several workers may share them."""
    rows = [row async for row in SQL.ambil(tx.conn, limit=_SEKALIGUS)]
    months: dict[str, list[UUID]] = {}
    for row in rows:
        months.setdefault(row["periode"], []).append(row["pegawai_id"])
    for month in sorted(months):
        await _sebulan(tx, MasaBayar.parse(month), months[month])
    return len(rows) == _SEKALIGUS


async def _sebulan(tx: Tx, periode: MasaBayar, ids: Sequence[UUID]) -> None:
    by_policy: dict[UUID, list[Any]] = {}
    async for row in SQL.lama(tx.conn, periode=str(periode), ids=ids):
        by_policy.setdefault(row["kebijakan_id"], []).append(row)
    for kebijakan_id, rows in by_policy.items():
        found, stuck = await _beda(tx, periode, kebijakan_id, {row["pegawai_id"]: row for row in rows})
        if found:
            await _catat(tx, periode, found)
        await _catat_tertahan(tx, periode, [row["pegawai_id"] for row in rows], stuck)


async def _beda(
    tx: Tx, periode: MasaBayar, kebijakan_id: UUID, lama: dict[UUID, Any]
) -> tuple[list[_Beda], list[Angka]]:
    """Who would be paid something else than what is locked; and of whom that cannot be said any more."""
    kebijakan = await kebijakan_dari(tx, kebijakan_id)
    ids = list(lama)
    base = await bulan_dasar(tx, periode)
    rows = await fakta(tx, periode, base, ids)
    lain = await tambahan(tx, kebijakan, base, ids, pembayaran=periode.kode)
    if base == periode:
        await rapel.seperti_dibawa(tx, base, ids, lain)
    carried = {who: _jumlah(more.get("rapel", ())) for who, more in lain.items()}
    tanggal = {
        row["pegawai_id"]: _Bertanggal(
            _sejak(row), row["status_bertanggal"], tuple(row["gaji_dicabut"] or ())
        )
        for row in rows
    }
    before = {
        who: None if row["masukan"] == "null" else baca_masukan(row["masukan"]) for who, row in lama.items()
    }
    for who, inputs in before.items():
        if inputs is not None:
            more = lain.setdefault(who, {})
            more.update(_tanpa_tanggal(inputs, more.get("segmen", ()), tanggal[who]))
            # Contributions as the month worked them out then: without its arrears, or with them.
            more["rapel_iuran"] = inputs.rapel_iuran
    found, stuck = list[_Beda](), list[Angka]()
    for one in hitung_orang(rows, base, compiled(kebijakan), lain=lain):
        old, inputs = lama[one.pegawai_id], before[one.pegawai_id]
        held = old["status"] == "ditahan" and old["urutan"] is None
        if one.masukan is None or (one.hasil.status != "dihitung" and not one.hasil.tanpa_hak):
            # What is paid stays paid until everything that the month needs is known again.
            if not held:
                stuck.append(one)
            continue
        # The month carries its arrears in any case. Where one of the two figures could not bear all of them,
        # what it leaves out is no difference between the two.
        left_out = carried.get(one.pegawai_id, 0) - _jumlah(one.masukan.rapel)
        if inputs is not None and not held:
            left_out -= carried.get(one.pegawai_id, 0) - _jumlah(inputs.rapel)
        bruto, neto = one.hasil.bruto - old["bruto"] + left_out, one.hasil.neto - old["neto"] + left_out
        iuran = _selisih_iuran(one.hasil, baca_baris(old["iuran"]))
        if bruto or neto or iuran:
            found.append(_Beda(one, old, bruto, neto, iuran, rules.sebab(inputs, one.masukan, ditahan=held)))
    return found, stuck


def _selisih_iuran(baru: Hasil, lama: tuple[Baris, ...]) -> dict[str, int]:
    """What the employer owes more, or less, for the month itself; what it puts right of others stays."""
    before = baru._replace(iuran=lama).iuran_sendiri
    after = baru.iuran_sendiri
    differences = {kode: after.get(kode, 0) - before.get(kode, 0) for kode in sorted({*before, *after})}
    return {kode: amount for kode, amount in differences.items() if amount}


def _jumlah(arrears: rapel.Rapel) -> int:
    return sum(amount for _, amount in arrears)


class _Bertanggal(NamedTuple):
    """Whether a person's salary and status say since when they hold."""

    gaji: bool
    status: bool
    dicabut: tuple[int, ...] = ()
    """Salaries that had a day and were taken back: none of them is kept."""


def _sejak(row: Any) -> bool:
    return bool(row["gaji_mulai"] and row["gaji_mulai"] > AWAL)


def _tanpa_tanggal(lama: Masukan, segmen: tuple[Segmen, ...], tanggal: _Bertanggal) -> dict[str, Any]:
    """What does not say since when it holds, as the month was computed with."""
    found: dict[str, Any] = {}
    if lama.gaji is not None and not tanggal.gaji and lama.gaji not in tanggal.dicabut:
        found["gaji"] = lama.gaji
    if not tanggal.status:
        found["status"] = lama.status
        if segmen:
            found["segmen"] = tuple(part._replace(status=lama.status) for part in segmen)
    return found


async def _catat_tertahan(tx: Tx, periode: MasaBayar, ids: Sequence[UUID], stuck: Sequence[Angka]) -> None:
    """Of these people, remember exactly those whose locked month can no longer be worked out."""
    await SQL.tertahan(
        tx.conn,
        periode=str(periode),
        ids=list(ids),
        tetap=[one.pegawai_id for one in stuck],
        alasan=[tulis_alasan(one.hasil.alasan) for one in stuck],
    )


async def _catat(tx: Tx, periode: MasaBayar, found: Sequence[_Beda]) -> None:
    text = str(periode)
    await tx.conn.copy_records_to_table(
        "koreksi",
        columns=_KOLOM,
        records=[
            (
                text, angka.pegawai_id, lama["terakhir"] + 1, lama["nip"], lama["opd_kode"],
                lama["unit_path"], lama["kebijakan_id"], angka.hasil.bruto, angka.hasil.potongan,
                angka.hasil.neto,
                tulis_baris(angka.hasil.baris), tulis_masukan(angka.masukan),
                bruto, neto, sebab, tulis_baris(angka.hasil.iuran), json.dumps([*iuran.items()]),
            )
            for angka, lama, bruto, neto, iuran, sebab in found
            if angka.masukan is not None
        ],
    )  # fmt: skip
    # Nobody is told of what the employer alone owes: what they are paid stays as it was.
    news = [one.angka.pegawai_id for one in found if one.bruto or one.neto]
    rows = SQL.naikkan(tx.conn, periode=text, ids=news)
    versions = {row["pegawai_id"]: row["version"] async for row in rows}
    for angka, lama, _, neto, _, sebab in found:
        tx.audit("tpp.dikoreksi", f"pegawai:{angka.pegawai_id}", periode=text, urutan=lama["terakhir"] + 1)
        if angka.pegawai_id not in versions:
            continue
        tx.emit(
            TppCorrected(
                version=versions[angka.pegawai_id],
                pegawai_id=angka.pegawai_id,
                periode=periode,
                bruto=Rupiah(angka.hasil.bruto),
                potongan=Rupiah(angka.hasil.potongan),
                neto=Rupiah(angka.hasil.neto),
                selisih=Rupiah(neto),
                sebab=tuple(sebab),
            )
        )
