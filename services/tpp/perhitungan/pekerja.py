"""A worker's share of period runs: the parts that Kafka brings it, and bringing a run to its end.

A part is one transaction, together with the inbox row of its event: a killed worker leaves nothing half
done, and whoever holds its partition next gets the event again. A part handed out twice is done once.
"""

from collections.abc import Sequence
from os import getpid
from socket import gethostname
from typing import Any

from services.tpp.perhitungan.run import (
    PENETAPAN,
    SQL,
    TIDAK_DALAM_DAFTAR,
    Angka,
    ditahan,
    hitung_bagian,
    simpan,
    umumkan,
)
from shared.contracts.tpp import TppRunPart
from shared.db import Tx
from shared.db.tx import Origin
from shared.inbox import Received
from shared.obs.metrics import TPP_RUN_PROGRESS
from shared.period import MasaBayar

_PEKERJA = f"{gethostname()}/{getpid()}"


async def kerjakan(tx: Tx, batch: Sequence[Received[TppRunPart]]) -> None:
    """Do these parts, unless they are done, paused or over."""
    for received in batch:
        tx.origin = Origin(str(tx.actor), received.traceparent)
        await _satu(tx, received.event.periode, received.event.nomor, received.event.bagian)


async def _satu(tx: Tx, periode: MasaBayar, nomor: int, bagian: int) -> None:
    text = str(periode)
    month = await SQL.tahan_periode(tx.conn, periode=text)
    part = await SQL.ambil_bagian(tx.conn, periode=text, nomor=nomor, bagian=bagian)
    if part is None:
        return
    if month["keadaan"] != "ditutup" or month["version"] != part["untuk_version"]:
        await SQL.batalkan(tx.conn, periode=text, nomor=nomor)
        tx.audit("tpp.perhitungan-dibatalkan", f"periode:{text}", nomor=nomor)
        return
    changed = await hitung_bagian(tx, periode, nomor, part["kebijakan_id"], part["pegawai_ids"])
    umumkan(tx, periode, changed)
    await SQL.tandai_bagian(tx.conn, periode=text, nomor=nomor, bagian=bagian, pekerja=_PEKERJA)
    progress = await SQL.kemajuan(tx.conn, periode=text, nomor=nomor)
    TPP_RUN_PROGRESS.labels(service="tpp").set(progress)
    if progress == 1.0:
        # The last part: no need for the job that looks for runs whose last parts were done at one moment.
        await akhiri(tx)


async def akhiri(tx: Tx) -> bool:
    """Bring a run whose parts are all done to its end; True when there may be another.

    People who left are held, OPDs with changed figures go back to the first decision.
    """
    run = await SQL.selesai_dibagi(tx.conn)
    if run is None:
        return False
    text, nomor = run["periode"], run["nomor"]
    periode = MasaBayar.parse(text)
    gone = [
        _tidak_lagi(row)
        async for row in SQL.tidak_lagi(tx.conn, periode=text, nomor=nomor)
        if "tidak_dalam_daftar" not in row["alasan"]
    ]
    await simpan(tx, periode, nomor, run["kebijakan_id"], gone)
    await SQL.lepas(tx.conn, ids=[one.pegawai_id for one in gone], periode=text)
    umumkan(tx, periode, gone)
    await SQL.buka_penetapan(tx.conn, periode=text)
    changed = [row["opd_kode"] async for row in SQL.opd_berubah(tx.conn, periode=text, nomor=nomor)]
    await PENETAPAN.kembali_ke_draf(
        tx.conn,
        periode=text,
        opd=changed,
        oleh=str(tx.actor),
        alasan=f"Angka berubah pada perhitungan ke-{nomor}",
    )
    await SQL.selesaikan(tx.conn, periode=text, nomor=nomor)
    counts = await SQL.jumlah(tx.conn, periode=text)
    tx.audit("tpp.dihitung", f"periode:{text}", nomor=nomor, **counts)
    return True


def _tidak_lagi(row: Any) -> Angka:
    return Angka(
        row["pegawai_id"],
        row["nip"],
        row["opd_kode"],
        row["unit_path"],
        ditahan(TIDAK_DALAM_DAFTAR),
        None,
        (row["v_pegawai"], row["v_penilaian"], row["v_kehadiran"], row["v_gaji"], row["v_lain"]),
        row["version"],
    )
