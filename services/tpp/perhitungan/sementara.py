"""Provisional figures: what the month would pay, renewed with every rating and whatever else it follows from:
people, attendance, letters, the calendar, salaries, facts of the month. What is not known yet is assumed, and
said to be (`perkiraan`): also who is not rated sees what attendance does to the month.

Never published, never paid, and replaced by the run. They need no closing, only an active policy. What
concerns few people is followed at once, in the transaction of the fact (`ikuti`). What concerns many (a file
of attendance, a policy put into force, an OPD that is locked) workers follow in parts (`lanjutkan`), parts of
the same people together.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from services.tpp.kebijakan import queries as kebijakan
from services.tpp.kebijakan.model import Kebijakan
from services.tpp.pegawai import penilaian
from services.tpp.perhitungan.kendali import kode_kendali, terpotong
from services.tpp.perhitungan.perkiraan import KELENGKAPAN, Andaian, Diketahui, Pengandai, Perkiraan
from services.tpp.perhitungan.rules import Masukan, tulis_alasan, tulis_baris, tulis_masukan
from services.tpp.perhitungan.run import SQL, hitung_orang
from services.tpp.perhitungan.tambahan import Tambahan, tambahan
from shared.contracts.penilaian import PenilaianFinalised, PredikatSet
from shared.db import Tx
from shared.inbox import Received
from shared.period import MasaBayar, Period

_ORANG_SEBAGIAN = 500
_SEKETIKA = 100
"""So many people of a month are followed within the fact itself."""


async def catat_predikat(tx: Tx, batch: Sequence[Received[PredikatSet]]) -> None:
    """Keep the ratings, then renew the figures of everyone rated."""
    await penilaian.catat_predikat(tx, batch)
    months: dict[Period, set[UUID]] = {}
    for received in batch:
        months.setdefault(received.event.periode, set()).add(received.event.pegawai_id)
    for periode, ids in months.items():
        await perbarui(tx, periode, sorted(ids))
        await _dibayar_kelak(tx, periode, sorted(ids))


async def _dibayar_kelak(tx: Tx, periode: Period, ids: Sequence[UUID]) -> None:
    """A policy may pay running months after this one by its predikat."""
    later = str(periode.plus(1))
    for row in [row async for row in SQL.berperkiraan(tx.conn, ids=ids, sejak=[later] * len(ids))]:
        month = Period.parse(row["periode"])
        policy = await kebijakan.berlaku(tx, month)
        if policy is not None and policy.kebijakan.sumber_predikat.periode(month) == periode:
            await perbarui(tx, month, row["ids"])


async def catat_final(tx: Tx, batch: Sequence[Received[PenilaianFinalised]]) -> None:
    """Keep the results. The month itself is about to be run; later ones may be paid by this predikat."""
    await ikuti(tx, {who: month.plus(1) for who, month in (await penilaian.catat_final(tx, batch)).items()})


async def ikuti(tx: Tx, sejak: Mapping[UUID, Period]) -> None:
    """A fact changed for these people, each from a month on: their figures follow where the month still runs,
    or they are rated and no run has computed it. Called in the transaction that stores the fact, after it."""
    if not sejak:
        return
    months = [str(month) for month in sejak.values()]
    for row in [row async for row in SQL.berperkiraan(tx.conn, ids=list(sejak), sejak=months)]:
        periode, ids = Period.parse(row["periode"]), row["ids"]
        if len(ids) <= _SEKETIKA:
            await perbarui(tx, periode, ids)
        elif await kebijakan.berlaku(tx, periode) is not None:
            await SQL.antrekan(tx.conn, periode=str(periode), ids=ids, ukuran=_ORANG_SEBAGIAN)


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


class Bahan(NamedTuple):
    """What is known of some people's running month: rows, what some inputs say beyond them, and what is
    known beside the inputs."""

    rows: list[Any]
    lain: Tambahan
    tahu: Mapping[UUID, Diketahui]

    def diandaikan(self, andai: Pengandai, row: Any, m: Masukan) -> Perkiraan:
        """The inputs with what is open assumed. The rating is the row's: it may still change."""
        rated = m._replace(predikat=row["predikat"], skp_disetujui=row["skp_disetujui"])
        return andai(rated, self.tahu[row["pegawai_id"]])


async def bahan(
    tx: Tx, k: Kebijakan, periode: Period, ids: Sequence[UUID], pembayaran: str = "bulanan"
) -> Bahan:
    """What an estimate of these people's month, or of an extra payment based on it, follows from."""
    rows = [
        row
        async for row in SQL.fakta_sementara(
            tx.conn,
            ids=ids,
            periode=str(periode),
            hari=periode.last_day,
            sumber=str(k.sumber_predikat.periode(periode)),
        )
    ]
    bare = [row["pegawai_id"] for row in rows if row["hadir"] is None]
    kerja = {}
    if bare:
        days = SQL.kerja(tx.conn, ids=bare, awal=periode.first_day, akhir=periode.last_day)
        kerja = {row["pegawai_id"]: row async for row in days}
    tahu = {row["pegawai_id"]: _diketahui(row, kerja.get(row["pegawai_id"])) for row in rows}
    return Bahan(rows, await tambahan(tx, k, periode, ids, pembayaran), tahu)


def _diketahui(row: Any, kerja: Any) -> Diketahui:
    skp = row["skp_disetujui"] or not row["menyusul"]
    if kerja is None:
        return Diketahui(row["menyusul"], skp, row["tanpa_data"] or 0)
    cuti = tuple(zip(kerja["cuti_kode"], kerja["cuti_hari"], strict=True))
    return Diketahui(row["menyusul"], skp, kerja=kerja["hari"], cuti=cuti)


async def perbarui(tx: Tx, periode: Period, ids: Sequence[UUID]) -> None:
    """Work out anew what the month would pay these people."""
    if not ids:
        return
    policy = await kebijakan.berlaku(tx, periode)
    if policy is None:
        return
    known = await bahan(tx, policy.kebijakan, periode, ids)
    andai = Pengandai(policy.kebijakan, periode)
    said: dict[UUID, tuple[Andaian, ...]] = {}

    def andaikan(row: Any, m: Masukan) -> Masukan:
        found = known.diandaikan(andai, row, m)
        said[row["pegawai_id"]] = found.andaian
        return found.masukan

    kendali = kode_kendali(policy.kebijakan, periode)
    angka = hitung_orang(known.rows, periode, andai.hitung, lain=known.lain, andaikan=andaikan)
    assumed = [said.get(one.pegawai_id, ()) for one in angka]
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
        iuran=[tulis_baris(one.hasil.iuran) for one in angka],
        alasan=[tulis_alasan(one.hasil.alasan) for one in angka],
        masukan=["null" if one.masukan is None else tulis_masukan(one.masukan) for one in angka],
        terpotong=[terpotong(one.hasil, kendali) for one in angka],
        andaian=[json.dumps([each._asdict() for each in one]) if one else "[]" for one in assumed],
        data_kurang=[any(each.kode in KELENGKAPAN for each in one) for one in assumed],
    )
