"""Taking in a file of dated facts: all good or nothing, unless the sender asks to leave out wrong rows."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any

from services.tpp.fakta.berkas import catat_berkas
from services.tpp.fakta.jenis import Baris, Jenis, Sel
from services.tpp.kehadiran.berkas import (
    Dikenal,
    LaporanImpor,
    LembarDibaca,
    Terbaca,
    baca_baris,
    siapa,
)
from services.tpp.kehadiran.commands import diterapkan, laporan, orang_disebut
from services.tpp.kehadiran.ulang import HitungUlang, hitung_ulang
from shared.db import Tx
from shared.tabular import Findings, Record, Sheet


async def impor_fakta(
    tx: Tx, jenis: Jenis, sheets: Sequence[Sheet], berkas: str, uji: bool, lewati_salah: bool
) -> LaporanImpor:
    """Store the facts of a file and have the months they touch counted anew."""
    findings = Findings()
    people = await orang_disebut(tx, sheets, None) if jenis.orang else {}
    known = await jenis.kenali(tx, [one.pegawai_id for one in people.values()])
    read = _baca(jenis, sheets, people, known, findings)
    applied = diterapkan(findings, uji, lewati_salah)
    taken = [await jenis.tabel.terima(tx, one.isi, simpan=applied) for one in read]
    counts = [
        LembarDibaca(nama=one.nama, baris=one.baris, **found.banding._asdict())
        for one, found in zip(read, taken, strict=True)
    ]
    report = laporan(counts, findings, uji, lewati_salah)
    if applied:
        changed = [row for found in taken for row in found.baris]
        await catat_berkas(tx, jenis.tabel.nama, berkas)
        report.hitung_ulang = await hitung_bulannya(tx, jenis, changed)
        if jenis.sesudah is not None:
            await jenis.sesudah(tx, changed)
        tx.audit(
            f"{jenis.nama}.diimpor",
            jenis.nama,
            berkas=berkas,
            baris=sum(one.baris for one in read),
            berubah=len(changed),
            dilewati=report.salah_jumlah,
        )
    return report


async def hitung_bulannya(tx: Tx, jenis: Jenis, rows: Sequence[Baris]) -> HitungUlang | None:
    """Have every month counted anew that these rows speak of, of these people or of everybody."""
    if jenis.rentang is None or not rows:
        return None
    spans = [jenis.rentang(row) for row in rows]
    start = min(span.mulai for span in spans)
    ends = [span.sampai for span in spans]
    until: date | None = None if None in ends else max(end for end in ends if end is not None)
    people = sorted({row[0] for row in rows}) if jenis.orang else None
    return await hitung_ulang(tx, jenis.nama.replace("-", " "), people, start, until)


def _baca(
    jenis: Jenis, sheets: Sequence[Sheet], people: dict[str, Dikenal], known: Any, findings: Findings
) -> list[Terbaca[Baris]]:
    width = len(jenis.tabel.kunci)

    def read(record: Record) -> Baris | None:
        person = siapa(record, people, findings) if jenis.orang else None
        row = jenis.baca(Sel(record, findings, person.pegawai_id if person else None), known)
        return None if jenis.orang and person is None else row

    def key(row: Baris) -> Hashable:
        return row[:width]

    first = jenis.kolom[0].key
    return baca_baris(sheets, jenis.kolom, findings, read, key, first, "hal yang sama")
