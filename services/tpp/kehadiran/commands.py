"""Importing attendance and salaries: all good or nothing, unless the sender asks to leave out wrong rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.tpp.kehadiran.berkas import (
    Dibaca,
    Dikenal,
    LaporanImpor,
    LembarDibaca,
    baca_gaji,
    baca_harian,
    nip_disebut,
)
from services.tpp.kehadiran.rules import Hari
from services.tpp.koreksi.tandai import tandai
from shared.auth.guard import within
from shared.db import Tx, queries
from shared.errors import Forbidden
from shared.period import Period
from shared.tabular import Findings, Sheet

SQL = queries("services.tpp.kehadiran")

_AWAL = Period(2000, 1)


async def impor_kehadiran(
    tx: Tx,
    periode: Period,
    sheets: Sequence[Sheet],
    berkas: str,
    uji: bool,
    lewati_salah: bool,
    alasan: str = "",
) -> LaporanImpor:
    """Store days of attendance and count the month of everyone touched anew.

    With `alasan` also of people whose OPD is locked: what they were paid stays, and the difference becomes
    rapel. Raises Forbidden for that unless admin BKD does it.
    """
    findings = Findings()
    people = await orang_disebut(tx, sheets, periode)
    if alasan:
        _pastikan_bkd(tx)
        people = {nip: replace(person, terkunci=False) for nip, person in people.items()}
    read = baca_harian(sheets, periode, people, findings)
    report = laporan([await _compare_days(tx, sheet) for sheet in read], findings, uji, lewati_salah)
    if report.diterapkan:
        touched = set()
        for sheet in read:
            await SQL.simpan_harian(tx.conn, **_days(sheet))
            touched |= {row.pegawai_id for row in sheet.isi}
        await SQL.hitung_bulan(
            tx.conn,
            ids=list(touched),
            periode=str(periode),
            awal=periode.first_day,
            akhir=periode.last_day,
        )
        await tandai(tx, dict.fromkeys(touched, periode))
        tx.audit(
            "kehadiran.diimpor",
            f"periode:{periode}",
            alasan=alasan,
            berkas=berkas,
            baris=sum(sheet.baris for sheet in read),
            dilewati=report.salah_jumlah,
        )
    return report


def _pastikan_bkd(tx: Tx) -> None:
    who = tx.guard.principal
    if who is not None and not who.holds("admin_bkd"):
        raise Forbidden(
            "Kehadiran bulan yang sudah dikunci hanya dapat dikoreksi admin BKD.",
            remedy="Sampaikan berkas dan alasannya kepada admin BKD.",
        )


async def impor_gaji(
    tx: Tx, sheets: Sequence[Sheet], berkas: str, uji: bool, lewati_salah: bool
) -> LaporanImpor:
    """Store each person's newest salary, the base that BPJS counts from."""
    findings = Findings()
    people = await orang_disebut(tx, sheets, None)
    read = baca_gaji(sheets, people, findings)
    report = laporan([await _compare_salaries(tx, sheet) for sheet in read], findings, uji, lewati_salah)
    if report.diterapkan:
        for sheet in read:
            await SQL.simpan_gaji(tx.conn, **_salaries(sheet))
            # A month that has been computed keeps its salary; one that waited for it need not wait any more.
            await tandai(tx, dict.fromkeys((row.pegawai_id for row in sheet.isi), _AWAL), ditahan=True)
        tx.audit(
            "gaji.diimpor",
            "gaji",
            berkas=berkas,
            baris=sum(sheet.baris for sheet in read),
            dilewati=report.salah_jumlah,
        )
    return report


async def orang_disebut(tx: Tx, sheets: Sequence[Sheet], periode: Period | None) -> dict[str, Dikenal]:
    """The people named whom the caller may send data about, by NIP."""
    scope = tx.guard.scope()
    rows = [
        row
        async for row in SQL.orang(
            tx.conn,
            nip=nip_disebut(sheets),
            periode=str(periode),
            hari=periode.last_day if periode else tx.now.date(),
        )
    ]
    return {
        row["nip"]: Dikenal(row["pegawai_id"], row["terkunci"])
        for row in rows
        if scope.all or within(row["unit_path"], scope.unit_paths)
    }


def laporan(lembar: list[LembarDibaca], findings: Findings, uji: bool, lewati_salah: bool) -> LaporanImpor:
    """The outcome: stored when nothing is wrong, or when wrong rows may be left out, and it is no trial."""
    good = findings.jumlah == 0 or (lewati_salah and not findings.whole_sheets)
    return LaporanImpor(
        uji=uji,
        diterapkan=good and not uji,
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
    }


def _salaries(sheet: Dibaca[int]) -> dict[str, list[Any]]:
    return {"pegawai": [row.pegawai_id for row in sheet.isi], "gaji": [row.nilai for row in sheet.isi]}


async def _compare_days(tx: Tx, sheet: Dibaca[Hari]) -> LembarDibaca:
    counts = await SQL.bandingkan_harian(tx.conn, **_days(sheet))
    return LembarDibaca(nama=sheet.nama, baris=sheet.baris, **counts)


async def _compare_salaries(tx: Tx, sheet: Dibaca[int]) -> LembarDibaca:
    counts = await SQL.bandingkan_gaji(tx.conn, **_salaries(sheet))
    return LembarDibaca(nama=sheet.nama, baris=sheet.baris, **counts)
