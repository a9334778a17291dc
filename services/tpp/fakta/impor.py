"""Files with dated facts as imports behind a page."""

from typing import Any

from services.tpp.authz import AUTHZ
from services.tpp.fakta.commands import impor_fakta
from services.tpp.fakta.jenis import Jenis
from services.tpp.kehadiran.berkas import LaporanImpor
from shared.db import Tx
from shared.imports import Isi, Kind, Progress, no_choices
from shared.tabular import Sheet, read_sheets


def impor_halaman(jenis: Jenis, cabut: str = "") -> Kind:
    """The same kind behind a page; `cabut` is the page that takes back what it brings."""

    async def read(isi: Isi, progress: Progress) -> list[Sheet]:
        return await read_sheets(isi.data, count=progress.count)

    async def take(tx: Tx, sheets: Any, isi: Isi, uji: bool, lewati_salah: bool) -> LaporanImpor:
        return await impor_fakta(tx, jenis, sheets, isi.berkas, uji, lewati_salah)

    return Kind(
        name=jenis.nama,
        title=jenis.judul,
        lead=jenis.lead,
        rule=AUTHZ["POST", f"/api/tpp/impor/{jenis.nama}"],
        columns=[("", [column.title for column in jenis.kolom])],
        read=read,
        take=take,
        choices=no_choices,
        brankas=jenis.brankas,
        lain=[(cabut, "Cabut isian yang keliru")] if cabut else (),
    )
