"""Provisional figures: what the month would pay if it ended now, renewed with every rating and with
whatever else they follow from: people, attendance, letters, the calendar, salaries, facts of the month.

Never published, never paid, and replaced by the run. They need no closing, only an active policy. What
concerns some people is followed at once, in the transaction of the fact (`ikuti`); a policy that is put into
force and an OPD that is locked concern many, whose figures workers renew in parts (`lanjutkan`).
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.tpp.kebijakan import queries as kebijakan
from services.tpp.pegawai import penilaian
from services.tpp.perhitungan.kendali import kode_kendali, terpotong
from services.tpp.perhitungan.rules import tulis_alasan, tulis_baris, tulis_masukan
from services.tpp.perhitungan.run import SQL, compiled, hitung_orang
from services.tpp.perhitungan.tambahan import tambahan
from shared.contracts.penilaian import PenilaianFinalised, PredikatSet
from shared.db import Tx
from shared.inbox import Received
from shared.period import MasaBayar, Period

_ORANG_SEBAGIAN = 500


async def catat_predikat(tx: Tx, batch: Sequence[Received[PredikatSet]]) -> None:
    """Keep the ratings, then renew the figures of everyone rated."""
    await penilaian.catat_predikat(tx, batch)
    months: dict[Period, set[UUID]] = {}
    for received in batch:
        months.setdefault(received.event.periode, set()).add(received.event.pegawai_id)
    for periode, ids in months.items():
        await perbarui(tx, periode, sorted(ids))


async def catat_final(tx: Tx, batch: Sequence[Received[PenilaianFinalised]]) -> None:
    """Keep the results. The month itself is about to be run; later ones may be paid by this predikat."""
    await ikuti(tx, {who: month.plus(1) for who, month in (await penilaian.catat_final(tx, batch)).items()})


async def ikuti(tx: Tx, sejak: Mapping[UUID, Period]) -> None:
    """A fact changed for these people, each from a month on: their figures follow, where they are rated and
    no run has replaced them yet. Called in the transaction that stores the fact, after it."""
    if sejak:
        months = [str(month) for month in sejak.values()]
        rows = [row async for row in SQL.berperkiraan(tx.conn, ids=list(sejak), sejak=months)]
        for row in rows:
            await perbarui(tx, Period.parse(row["periode"]), row["ids"])


async def kebijakan_berganti(tx: Tx, sejak: Period) -> None:
    """A policy was put into force from a month on: workers renew everybody's figures."""
    await SQL.antrekan_semua(tx.conn, sejak=str(sejak), ukuran=_ORANG_SEBAGIAN)


async def penetapan_berganti(tx: Tx, periode: MasaBayar, opd: str) -> None:
    """An OPD was locked or opened again: workers renew what counts its month among earlier ones of a year."""
    await SQL.antrekan_setahun(tx.conn, periode=str(periode), opd=opd, ukuran=_ORANG_SEBAGIAN)


async def lanjutkan(tx: Tx) -> bool:
    """Renew one part of what waits; True when there may be more. A worker that dies leaves its part."""
    part = await SQL.ambil_antrean(tx.conn)
    if part is not None:
        await perbarui(tx, Period.parse(part["periode"]), part["pegawai_ids"])
    return part is not None


async def perbarui(tx: Tx, periode: Period, ids: Sequence[UUID]) -> None:
    """Work out anew what the month would pay these people, as far as they are rated."""
    if not ids:
        return
    policy = await kebijakan.berlaku(tx, periode)
    if policy is None:
        return
    rows = [
        row
        async for row in SQL.fakta_sementara(tx.conn, ids=ids, periode=str(periode), hari=periode.last_day)
    ]
    lain = await tambahan(tx, policy.kebijakan, periode, ids)
    kendali = kode_kendali(policy.kebijakan, periode)
    angka = hitung_orang(rows, periode, compiled(policy.kebijakan), lain=lain)
    await SQL.simpan_sementara(
        tx.conn,
        periode=str(periode),
        kebijakan_id=policy.kebijakan_id,
        pada=tx.now,
        ids=[one.pegawai_id for one in angka],
        versions=[one.versi[1] for one in angka],
        nip=[one.nip for one in angka],
        opd=[one.opd_kode for one in angka],
        unit=[one.unit_path for one in angka],
        status=[one.hasil.status for one in angka],
        bruto=[one.hasil.bruto for one in angka],
        potongan=[one.hasil.potongan for one in angka],
        neto=[one.hasil.neto for one in angka],
        baris=[tulis_baris(one.hasil.baris) for one in angka],
        alasan=[tulis_alasan(one.hasil.alasan) for one in angka],
        masukan=["null" if one.masukan is None else tulis_masukan(one.masukan) for one in angka],
        terpotong=[terpotong(one.hasil, kendali) for one in angka],
    )
