"""Provisional figures: what the month would pay if it ended now, renewed with every rating
and with facts that come after it: attendance, activity, salary, jabatan.

Never published, never paid, and replaced by the run. They need no closing, only an active policy.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.tpp.kebijakan import queries as kebijakan
from services.tpp.pegawai import penilaian
from services.tpp.perhitungan.kendali import kode_kendali, terpotong
from services.tpp.perhitungan.rules import tulis_alasan, tulis_baris, tulis_masukan
from services.tpp.perhitungan.run import SQL, compiled, hitung_orang
from services.tpp.perhitungan.tambahan import tambahan
from shared.contracts.penilaian import PredikatSet
from shared.db import Tx
from shared.inbox import Received
from shared.period import Period


async def catat_predikat(tx: Tx, batch: Sequence[Received[PredikatSet]]) -> None:
    """Keep the ratings, then renew the figures of everyone rated."""
    await penilaian.catat_predikat(tx, batch)
    months: dict[Period, set[UUID]] = {}
    for received in batch:
        months.setdefault(received.event.periode, set()).add(received.event.pegawai_id)
    for periode, ids in months.items():
        await perbarui(tx, periode, sorted(ids))


async def ikuti(tx: Tx, sejak: Mapping[UUID, Period]) -> None:
    """A fact changed for these people, each from a month on: the figures of those who have one follow."""
    if sejak:
        months = [str(month) for month in sejak.values()]
        rows = [row async for row in SQL.berperkiraan(tx.conn, ids=list(sejak), sejak=months)]
        for row in rows:
            await perbarui(tx, Period.parse(row["periode"]), row["ids"])


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
