"""Attendance as an import behind a page; the API takes the same files at once."""

from typing import Any

from services.tpp.authz import AUTHZ
from services.tpp.kehadiran import commands
from services.tpp.kehadiran.berkas import LaporanImpor
from services.tpp.kehadiran.hitung import bulan_dikenal
from services.tpp.kehadiran.profil import BAKU
from services.tpp.kehadiran.profil_tersimpan import semua
from shared.db import Tx
from shared.imports import Choice, Isi, Kind, Progress
from shared.period import Period
from shared.tabular import Sheet, read_sheets

_ALASAN = ("izin, cuti, atau tugas menyusul", "mesin presensi bermasalah", "kesalahan rekap")


async def pilihan_bulan(tx: Tx, help: str) -> Choice:
    """The month a file is for."""
    options = [(month, Period.parse(month).tampil()) for month in await bulan_dikenal(tx)]
    return Choice("periode", "Bulan", options, help)


def pilihan_alasan() -> Choice:
    """Why a locked month is corrected; nothing chosen says that it is not."""
    return Choice(
        "alasan",
        "Bulan yang sudah dikunci",
        [("", "Tidak dikoreksi"), *((alasan, f"Koreksi: {alasan}") for alasan in _ALASAN)],
        "Koreksi sesudah dikunci hanya oleh admin BKD; selisihnya menjadi rapel bulan berikutnya.",
    )


async def _months(tx: Tx) -> list[Choice]:
    profil = [(one.kode, one.nama) for one in (await semua(tx)).data if one.susunan != "bulanan"]
    return [
        await pilihan_bulan(tx, "Setiap tanggal pada berkas harus di dalam bulan ini."),
        Choice(
            "profil",
            "Bentuk berkas",
            [("", BAKU.nama), *profil],
            "Bentuk baku memakai judul kolom di bawah; yang lain untuk berkas mesin atau aplikasi.",
        ),
        pilihan_alasan(),
    ]


async def _read(isi: Isi, progress: Progress) -> list[Sheet]:
    return await read_sheets(isi.data, count=progress.count)


async def _kehadiran(tx: Tx, sheets: Any, isi: Isi, uji: bool, lewati_salah: bool) -> LaporanImpor:
    periode = Period.parse(isi.pilihan["periode"])
    profil, alasan = (isi.pilihan.get(name, "") for name in ("profil", "alasan"))
    return await commands.impor_kehadiran(tx, periode, sheets, isi.berkas, uji, lewati_salah, profil, alasan)


KEHADIRAN = Kind(
    name="kehadiran",
    title="Impor kehadiran",
    lead="Jam masuk dan pulang setiap hari. Bulan setiap orang dihitung ulang dari harinya.",
    rule=AUTHZ["POST", "/api/tpp/impor/kehadiran"],
    columns=[("", [column.title for column in BAKU.judul])],
    read=_read,
    take=_kehadiran,
    choices=_months,
)
