"""Accounts as an import behind a page; the API takes the same files at once."""

from typing import Any

from services.tpp.authz import AUTHZ
from services.tpp.kehadiran.berkas import LaporanImpor
from services.tpp.rekening.berkas import KOLOM
from services.tpp.rekening.commands import impor_rekening
from shared.db import Tx
from shared.imports import Isi, Kind, Progress, no_choices
from shared.tabular import Sheet, read_sheets


async def _read(isi: Isi, progress: Progress) -> list[Sheet]:
    return await read_sheets(isi.data, count=progress.count)


async def _take(tx: Tx, sheets: Any, isi: Isi, uji: bool, lewati_salah: bool) -> LaporanImpor:
    assert isi.brankas is not None
    return await impor_rekening(tx, sheets, isi.berkas, uji, lewati_salah, isi.brankas)


REKENING = Kind(
    name="rekening",
    title="Impor rekening",
    lead="Tujuan pembayaran TPP dan data pajak tiap pegawai. Isi kolom nomor sebagai teks. "
    "Kode bank, NPWP, NIK, status PTKP, dan alamat boleh kosong.",
    rule=AUTHZ["POST", "/api/tpp/impor/rekening"],
    columns=[("", [column.title for column in KOLOM])],
    read=_read,
    take=_take,
    choices=no_choices,
    brankas="brankas",
)
