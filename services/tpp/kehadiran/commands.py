"""Importing attendance: all good or nothing, unless the sender asks to leave out wrong rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.tpp.fakta.berkas import catat_berkas
from services.tpp.kehadiran.berkas import (
    CONTOH_TERBACA,
    NIP,
    Dibaca,
    Dikenal,
    HariTerbaca,
    LaporanImpor,
    LembarDibaca,
    Percobaan,
    baca_harian,
    nip_disebut,
)
from services.tpp.kehadiran.hitung import SQL, hitung_bulan, simpan_harian
from services.tpp.kehadiran.ketukan import baca_ketukan
from services.tpp.kehadiran.profil import Profil
from services.tpp.kehadiran.profil_tersimpan import satu as satu_profil
from services.tpp.kehadiran.rules import KALI, Hari
from services.tpp.pegawai.nama import nama_dari
from shared.auth.guard import within
from shared.db import Tx
from shared.errors import Forbidden
from shared.period import Period
from shared.tabular import Column, Findings, Sheet


async def impor_kehadiran(
    tx: Tx,
    periode: Period,
    sheets: Sequence[Sheet],
    berkas: str,
    uji: bool,
    lewati_salah: bool,
    profil: str = "",
    alasan: str = "",
) -> LaporanImpor:
    """Store days of attendance, read by a profile, and count the month of everyone touched anew.

    With `alasan` also of people whose OPD is locked: what they were paid stays, and the difference becomes
    rapel. Raises Forbidden for that unless admin BKD does it, NotFound for a profile that is not there.
    """
    findings = Findings()
    cara = await satu_profil(tx, profil)
    if alasan:
        pastikan_bkd(tx)
    read, _ = await _baca(tx, periode, sheets, cara, findings, terkunci_juga=bool(alasan))
    report = laporan([await _compare_days(tx, sheet) for sheet in read], findings, uji, lewati_salah)
    if report.diterapkan:
        touched = set()
        for sheet in read:
            await simpan_harian(tx, [row.pegawai_id for row in sheet.isi], [row.nilai for row in sheet.isi])
            touched |= {row.pegawai_id for row in sheet.isi}
        await catat_berkas(tx, "kehadiran_harian", berkas)
        await hitung_bulan(tx, periode, sorted(touched))
        tx.audit(
            "kehadiran.diimpor",
            f"periode:{periode}",
            alasan=alasan,
            berkas=berkas,
            profil=cara.kode,
            baris=sum(sheet.baris for sheet in read),
            dilewati=report.salah_jumlah,
        )
    return report


async def _baca(
    tx: Tx, periode: Period, sheets: Sequence[Sheet], cara: Profil, findings: Findings, *, terkunci_juga: bool
) -> tuple[list[Dibaca[Hari]], dict[str, Dikenal]]:
    """The days of a file by a profile, and the people it names; `terkunci_juga`: of locked months as well."""
    people = await orang_disebut(tx, sheets, periode, cara.judul[0])
    if terkunci_juga:
        people = {nip: replace(person, terkunci=False) for nip, person in people.items()}
    ids = [one.pegawai_id for one in people.values()]
    rows = SQL.sif_malam(tx.conn, ids=ids, awal=periode.first_day, akhir=periode.last_day)
    malam = {(row["pegawai_id"], row["tanggal"]) async for row in rows}
    read = baca_ketukan if cara.susunan == "ketukan" else baca_harian
    return read(sheets, periode, people, malam, findings, cara), people


async def coba_profil(tx: Tx, periode: Period, sheets: Sequence[Sheet], cara: Profil) -> Percobaan:
    """What a profile makes of a sample file: counts, faults, the first days as read. Nothing is stored."""
    findings = Findings()
    read, people = await _baca(tx, periode, sheets, cara, findings, terkunci_juga=True)
    nip = {person.pegawai_id: one for one, person in people.items()}
    days = [row for sheet in read for row in sheet.isi]
    shown = days[:CONTOH_TERBACA]
    nama = await nama_dari(tx, (row.pegawai_id for row in shown))
    return Percobaan(
        baris=sum(sheet.baris for sheet in read),
        terbaca=len(days),
        contoh=[
            HariTerbaca(nip=nip[row.pegawai_id], nama_pegawai=nama.get(row.pegawai_id), **row.nilai._asdict())
            for row in shown
        ],
        salah=findings.listed,
        salah_jumlah=findings.jumlah,
    )


def pastikan_bkd(tx: Tx) -> None:
    """Raises Forbidden unless admin BKD, or nobody in particular, corrects a locked month."""
    who = tx.guard.principal
    if who is not None and not who.holds("admin_bkd"):
        raise Forbidden(
            "Bulan yang sudah dikunci hanya dapat dikoreksi admin BKD.",
            remedy="Sampaikan data dan alasannya kepada admin BKD.",
        )


async def orang_disebut(
    tx: Tx, sheets: Sequence[Sheet], periode: Period | None, kolom: Column = NIP
) -> dict[str, Dikenal]:
    """The people named in a column whom the caller may send data about, by NIP."""
    scope = tx.guard.scope()
    rows = SQL.orang(
        tx.conn,
        nip=nip_disebut(sheets, kolom),
        periode=str(periode),
        hari=periode.last_day if periode else tx.now.date(),
    )
    return {
        row["nip"]: Dikenal(row["pegawai_id"], row["terkunci"])
        async for row in rows
        if scope.all or within(row["unit_path"], scope.unit_paths)
    }


def diterapkan(findings: Findings, uji: bool, lewati_salah: bool) -> bool:
    """Stored when nothing is wrong, or when wrong rows may be left out, and it is no trial."""
    return not uji and (findings.jumlah == 0 or (lewati_salah and not findings.whole_sheets))


def laporan(lembar: list[LembarDibaca], findings: Findings, uji: bool, lewati_salah: bool) -> LaporanImpor:
    """The outcome of a file."""
    return LaporanImpor(
        uji=uji,
        diterapkan=diterapkan(findings, uji, lewati_salah),
        lembar=lembar,
        salah=findings.listed,
        salah_jumlah=findings.jumlah,
    )


def _days(sheet: Dibaca[Hari]) -> dict[str, list[Any]]:
    days = [row.nilai for row in sheet.isi]
    return {
        "pegawai": [row.pegawai_id for row in sheet.isi],
        "tanggal": [day.tanggal for day in days],
        "masuk": [day.masuk for day in days],
        "pulang": [day.pulang for day in days],
        "keterangan": [day.keterangan for day in days],
        **{name: [getattr(day, name) for day in days] for name in KALI},
    }


async def _compare_days(tx: Tx, sheet: Dibaca[Hari]) -> LembarDibaca:
    counts = await SQL.bandingkan_harian(tx.conn, **_days(sheet))
    return LembarDibaca(nama=sheet.nama, baris=sheet.baris, **counts)
