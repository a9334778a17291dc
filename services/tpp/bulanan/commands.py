"""Taking in a file of monthly facts: all good or nothing, unless the sender asks to leave out wrong rows.

An empty cell says nothing and leaves what is stored. A month that is locked takes nothing without the reason
of admin BKD; what then changes is a late fact, and the difference becomes rapel.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from services.tpp.bulanan.jenis import FAKTA_BULANAN, PERBAIKAN, Hal, pembaca
from services.tpp.fakta.berkas import catat_berkas
from services.tpp.kehadiran.berkas import (
    CONTOH_TERBACA,
    BulanTerbaca,
    Dikenal,
    LaporanImpor,
    LembarDibaca,
    Percobaan,
    Terbaca,
    baca_baris,
    siapa,
)
from services.tpp.kehadiran.commands import diterapkan, laporan, orang_disebut, pastikan_bkd
from services.tpp.kehadiran.profil import Profil
from services.tpp.kehadiran.profil_tersimpan import satu as satu_profil
from services.tpp.koreksi.tandai import tandai
from services.tpp.pegawai.nama import nama_dari
from services.tpp.perhitungan.sementara import ikuti
from shared.db import Tx
from shared.errors import InvalidInput
from shared.period import Period
from shared.tabular import Findings, Record, Sheet, parse_period


class Isian(NamedTuple):
    """What a row says of one person's month: facts by name, those that are not empty."""

    pegawai_id: UUID
    nilai: dict[str, int]


async def impor_bulanan(
    tx: Tx,
    hal: Hal,
    periode: Period,
    sheets: Sequence[Sheet],
    berkas: str,
    uji: bool,
    lewati_salah: bool,
    profil: str = "",
    alasan: str = "",
) -> LaporanImpor:
    """Store facts of a month, read by a profile; counts of the report are single values, not rows.

    Raises Forbidden for `alasan` unless admin BKD gives it, NotFound for an unknown profile, InvalidInput for
    one without a column of this kind.
    """
    findings = Findings()
    cara = await satu_profil(tx, profil, bulanan=True)
    if alasan:
        pastikan_bkd(tx)
    read = await _baca(tx, hal.fakta, periode, sheets, cara, findings, terkunci_juga=bool(alasan))
    bulan = str(periode)
    rows = [
        [(one.pegawai_id, bulan, *pair) for one in sheet.isi for pair in one.nilai.items()] for sheet in read
    ]
    applied = diterapkan(findings, uji, lewati_salah)
    taken = [await FAKTA_BULANAN.terima(tx, told, simpan=applied) for told in rows]
    counts = [
        LembarDibaca(nama=sheet.nama, baris=sheet.baris, **found.banding._asdict())
        for sheet, found in zip(read, taken, strict=True)
    ]
    report = laporan(counts, findings, uji, lewati_salah)
    if applied:
        changed = [row for found in taken for row in found.baris]
        await catat_berkas(tx, FAKTA_BULANAN.nama, berkas)
        await beritakan(tx, periode, sorted({row[0] for row in changed}))
        tx.audit(
            f"{hal.nama}.diimpor",
            f"periode:{periode}",
            alasan=alasan,
            berkas=berkas,
            profil=cara.kode,
            baris=sum(sheet.baris for sheet in read),
            berubah=len(changed),
            dilewati=report.salah_jumlah,
        )
    return report


async def beritakan(tx: Tx, periode: Period, ids: Sequence[UUID]) -> None:
    """Locked months are looked at again, provisional figures follow at once, computed ones with a run."""
    await tandai(tx, dict.fromkeys(ids, periode))
    await ikuti(tx, dict.fromkeys(ids, periode))


async def coba_bulanan(tx: Tx, periode: Period, sheets: Sequence[Sheet], cara: Profil) -> Percobaan:
    """What a profile makes of a sample file: counts, faults, the first rows as read. Nothing is stored."""
    findings = Findings()
    people = await orang_disebut(tx, sheets, periode, cara.judul[0])
    nip = {one.pegawai_id: text for text, one in people.items()}
    read = await _baca(tx, cara.bulanan, periode, sheets, cara, findings, terkunci_juga=True)
    good = [one for sheet in read for one in sheet.isi]
    shown = good[:CONTOH_TERBACA]
    nama = await nama_dari(tx, (one.pegawai_id for one in shown))
    return Percobaan(
        baris=sum(sheet.baris for sheet in read),
        terbaca=len(good),
        contoh=[],
        contoh_bulanan=[
            BulanTerbaca(nip=nip[one.pegawai_id], nama_pegawai=nama.get(one.pegawai_id), isi=one.nilai)
            for one in shown
        ],
        salah=findings.listed,
        salah_jumlah=findings.jumlah,
    )


async def _baca(
    tx: Tx,
    fakta: Sequence[str],
    periode: Period,
    sheets: Sequence[Sheet],
    cara: Profil,
    findings: Findings,
    *,
    terkunci_juga: bool,
) -> list[Terbaca[Isian]]:
    names = [name for name in fakta if name in cara.bulanan]
    if not names:
        raise InvalidInput(
            f"Profil {cara.kode} tidak menyebut kolom untuk impor ini.",
            remedy=f"Pilih profil yang menyebut salah satu dari {', '.join(fakta)}.",
        )
    people = await orang_disebut(tx, sheets, periode, cara.judul[0])
    if terkunci_juga:
        people = {nip: replace(person, terkunci=False) for nip, person in people.items()}
    return baca_bulanan(sheets, names, periode, people, findings, cara)


def baca_bulanan(
    sheets: Sequence[Sheet],
    names: Sequence[str],
    periode: Period,
    people: dict[str, Dikenal],
    findings: Findings,
    cara: Profil,
) -> list[Terbaca[Isian]]:
    """The good rows of all sheets, one for each person; what cannot be believed goes to `findings`."""
    # Of a hundred thousand rows most say what another has said.
    readers = {name: lru_cache(8192)(pembaca(name, periode, cara)) for name in names}
    bulan_dari = lru_cache(64)(parse_period)
    columns = [column for column in cara.judul if column.key in ("nip", "bulan", *names)]
    # Of several facts a file may lack some; where there is one, its column must be there.
    columns = [
        replace(one, required=one.key in ("nip", *(names if len(names) == 1 else ()))) for one in columns
    ]

    def read(record: Record) -> Isian | None:
        person = siapa(record, people, findings)
        _bulan(record, periode, cara, bulan_dari, findings)
        told = {}
        for name, reader in readers.items():
            text = cara.isi(record.text(name))
            if not text:
                continue
            try:
                told[name] = reader(text)
            except ValueError as error:
                record.wrong(findings, name, str(error), PERBAIKAN[name])
        if not told and not record.is_bad(findings):
            here = next((name for name in names if name in record.table.positions), None)
            if here is None:
                titles = ", ".join(one.title for one in columns if one.key in names)
                record.wrong(findings, "nip", f"tidak ada kolom {titles}", "Tulis salah satu judul itu.")
            else:
                record.wrong(findings, here, "kosong", PERBAIKAN[here])
        return None if person is None else Isian(person.pegawai_id, told)

    return baca_baris(sheets, columns, findings, read, lambda one: one.pegawai_id, "nip", "orang yang sama")


def _bulan(
    record: Record, periode: Period, cara: Profil, baca: Callable[[str], Period], findings: Findings
) -> None:
    """A row that names a month names the one that was chosen."""
    text = cara.isi(record.text("bulan"))
    if not text:
        return
    try:
        if baca(text) != periode:
            raise ValueError(f"bukan {periode.tampil()}")
    except ValueError as error:
        record.wrong(
            findings, "bulan", str(error), "Hapus baris bulan lain, atau pilih bulannya saat mengimpor."
        )
