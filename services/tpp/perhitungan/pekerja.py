"""A worker's share of period runs: take the next part nobody works on, or bring a run to its end."""

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
from shared.db import Tx
from shared.obs.metrics import TPP_RUN_PROGRESS
from shared.period import Period


async def lanjutkan(tx: Tx) -> bool:
    """Do one part of some run; True when there may be more to do. Several workers may call this at once."""
    part = await SQL.ambil_bagian(tx.conn)
    if part is None:
        return await _selesaikan(tx)
    text, nomor = part["periode"], part["nomor"]
    month = await SQL.tahan_periode(tx.conn, periode=text)
    if month["keadaan"] != "ditutup" or month["version"] != part["untuk_version"]:
        await SQL.batalkan(tx.conn, periode=text, nomor=nomor)
        tx.audit("tpp.perhitungan-dibatalkan", f"periode:{text}", nomor=nomor)
        return True
    periode = Period.parse(text)
    changed = await hitung_bagian(tx, periode, nomor, part["kebijakan_id"], part["pegawai_ids"])
    umumkan(tx, periode, changed)
    await SQL.tandai_bagian(tx.conn, periode=text, nomor=nomor, bagian=part["bagian"])
    progress = await SQL.kemajuan(tx.conn, periode=text, nomor=nomor)
    TPP_RUN_PROGRESS.labels(service="tpp").set(progress)
    return True


async def _selesaikan(tx: Tx) -> bool:
    """The end of a run: people who left are held, OPDs with changed figures go back to the first decision."""
    run = await SQL.selesai_dibagi(tx.conn)
    if run is None:
        return False
    text, nomor = run["periode"], run["nomor"]
    periode = Period.parse(text)
    gone = [
        _tidak_lagi(row)
        async for row in SQL.tidak_lagi(tx.conn, periode=text, nomor=nomor)
        if "tidak_dalam_daftar" not in row["alasan"]
    ]
    await simpan(tx, periode, nomor, run["kebijakan_id"], gone)
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
        (row["v_pegawai"], row["v_penilaian"], row["v_kehadiran"], row["v_gaji"]),
        row["version"],
    )
