"""The organisation file as an import behind a page; the API takes the same file at once."""

from typing import Any

from services.skp.authz import AUTHZ
from services.skp.pegawai import commands
from services.skp.pegawai.berkas import KOLOM
from shared.db import Tx
from shared.imports import Choice, Isi, Kind, Progress

LEMBAR = [(nama, nama) for nama in ("Pegawai", "Penempatan", "Jabatan", "Unit Kerja")]


async def _choices(tx: Tx) -> list[Choice]:
    return [
        Choice("lembar", "Isi berkas CSV", LEMBAR, "Hanya dipakai untuk CSV; XLSX memakai nama lembarnya.")
    ]


async def _read(isi: Isi, progress: Progress) -> commands.Kiriman:
    lembar = isi.pilihan.get("lembar", "Pegawai")
    return await commands.baca_kiriman(isi.berkas, isi.data, lembar, progress.count)


async def _take(tx: Tx, content: Any, isi: Isi, uji: bool, lewati_salah: bool) -> commands.LaporanImpor:
    return await commands.impor(tx, content, uji, lewati_salah)


ORGANISASI = Kind(
    name="organisasi",
    title="Impor data kepegawaian",
    lead="Unit kerja, jabatan, pegawai, dan penempatan. Berkas diperiksa dahulu, lalu Anda memutuskan.",
    rule=AUTHZ["POST", "/api/skp/impor/organisasi"],
    columns=[(nama, [column.title for column in columns]) for nama, columns in KOLOM.items()],
    read=_read,
    take=_take,
    choices=_choices,
)
