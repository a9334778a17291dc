"""Files with dated facts as imports behind a page."""

from typing import Any

from services.tpp.authz import AUTHZ
from services.tpp.fakta.cabut import Pencabutan, cabut_fakta
from services.tpp.fakta.commands import impor_fakta
from services.tpp.fakta.jenis import Jenis
from services.tpp.kehadiran.berkas import LaporanImpor
from services.tpp.kehadiran.impor import pilihan_bulan
from shared.db import Tx
from shared.imports import Choice, Isi, Kind, Progress, no_choices
from shared.period import Period
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


def halaman_cabut(cara: Pencabutan) -> Kind:
    """The same behind a page."""

    async def choices(tx: Tx) -> list[Choice]:
        if not cara.sebulan:
            return await no_choices(tx)
        return [await pilihan_bulan(tx, "Bulan yang isiannya dicabut.")]

    async def read(isi: Isi, progress: Progress) -> list[Sheet]:
        return await read_sheets(isi.data, count=progress.count)

    async def take(tx: Tx, sheets: Any, isi: Isi, uji: bool, lewati_salah: bool) -> LaporanImpor:
        periode = Period.parse(isi.pilihan["periode"]) if cara.sebulan else None
        return await cabut_fakta(tx, cara, periode, sheets, isi.berkas, uji, lewati_salah)

    return Kind(
        name=cara.nama,
        title=f"Cabut {cara.hal}",
        lead=cara.lead,
        rule=AUTHZ["POST", f"/api/tpp/impor/{cara.nama}"],
        columns=[("", [column.title for column in cara.judul])],
        dihitung="Berubah menghitung isian yang dicabut; sesudahnya isian itu tidak diketahui, bukan nol.",
        read=read,
        take=take,
        choices=choices,
    )
