"""Importing accounts: all good or nothing, unless the sender asks to leave out wrong rows."""

import json
from collections.abc import Sequence

from services.tpp.kehadiran.berkas import Dibaca, LaporanImpor, LembarDibaca
from services.tpp.kehadiran.commands import laporan, orang_disebut
from services.tpp.rekening.berkas import baca_rekening
from services.tpp.rekening.queries import SQL, buka
from services.tpp.rekening.rules import DataBayar
from shared.brankas import Brankas
from shared.db import Tx
from shared.tabular import Findings, Sheet


async def impor_rekening(
    tx: Tx, sheets: Sequence[Sheet], berkas: str, uji: bool, lewati_salah: bool, brankas: Brankas
) -> LaporanImpor:
    """Store each person's newest account, sealed. The audit trail names whose was changed, no number."""
    findings = Findings()
    people = await orang_disebut(tx, sheets, None)
    read = baca_rekening(sheets, people, findings)
    compared = [await _bandingkan(tx, sheet, brankas) for sheet in read]
    report = laporan([counts for counts, _ in compared], findings, uji, lewati_salah)
    if report.diterapkan:
        for _, changed in compared:
            await _simpan(tx, changed, brankas)
        tx.audit(
            "rekening.diimpor",
            "rekening",
            berkas=berkas,
            baris=sum(sheet.baris for sheet in read),
            dilewati=report.salah_jumlah,
        )
    return report


async def _bandingkan(
    tx: Tx, sheet: Dibaca[DataBayar], brankas: Brankas
) -> tuple[LembarDibaca, Dibaca[DataBayar]]:
    """How the rows compare with what is stored, and those that say something new."""
    ids = [row.pegawai_id for row in sheet.isi]
    stored = {
        row["pegawai_id"]: buka(brankas, row["pegawai_id"], row["kunci"], row["isi"])
        async for row in SQL.tersimpan(tx.conn, ids=ids)
    }
    changed = [row for row in sheet.isi if stored.get(row.pegawai_id) != row.nilai]
    counts = LembarDibaca(
        nama=sheet.nama,
        baris=sheet.baris,
        baru=sum(row.pegawai_id not in stored for row in changed),
        berubah=sum(row.pegawai_id in stored for row in changed),
        sama=len(sheet.isi) - len(changed),
    )
    return counts, Dibaca(sheet.nama, sheet.baris, changed)


async def _simpan(tx: Tx, sheet: Dibaca[DataBayar], brankas: Brankas) -> None:
    sealed = [
        brankas.segel(row.pegawai_id.bytes, json.dumps(row.nilai._asdict(), ensure_ascii=False).encode())
        for row in sheet.isi
    ]
    await SQL.simpan(
        tx.conn,
        ids=[row.pegawai_id for row in sheet.isi],
        kunci=[one.kunci for one in sealed],
        isi=[one.isi for one in sealed],
        oleh=str(tx.actor),
    )
    for row in sheet.isi:
        tx.audit("rekening.diubah", f"pegawai:{row.pegawai_id}")
