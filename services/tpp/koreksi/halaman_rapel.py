"""Pages of corrections after the lock: which months, whose, how much, and which month carries it."""

from fastapi import Response

from services.tpp.koreksi import queries, ringkasan
from services.tpp.perhitungan import queries as angka
from shared.http import Read
from shared.http.params import MasaPath
from shared.money import Rupiah
from shared.period import MasaBayar
from shared.web import page, pages
from shared.web.imports import csv_file

halaman = pages("/tpp/rapel", "rapel")

_BANYAK = 50
_ANTRE = 20
_SEMUA = 1_000_000


@halaman.get("")
async def daftar_bulan(r: Read) -> Response:
    """Bulan-bulan yang dikoreksi."""
    return page(r, "koreksi/rapel_bulan.html", bulan=(await r.fetch(ringkasan.bulan)).data)


@halaman.get("/{periode}")
async def rapel(
    r: Read, periode: MasaPath, opd: str = "", tampil: str = "", cursor: str | None = None
) -> Response:
    """Koreksi satu bulan: siapa, berapa, sebabnya, dan bulan yang membawanya."""
    month = MasaBayar.parse(periode)
    return page(
        r,
        "koreksi/rapel.html",
        periode=month,
        jumlah=next(iter((await r.fetch(ringkasan.bulan, month)).data), None),
        bulan=[(str(one), one.tampil()) for one in await r.fetch(ringkasan.nama_bulan)],
        isi=await r.fetch(queries.daftar, month, opd[:64] or None, tampil == "menunggu", cursor, _BANYAK),
        antre=await r.fetch(ringkasan.antrean, month, None, _ANTRE),
        opd=await r.fetch(angka.opd, month),
    )


@halaman.get("/{periode}/rapel.csv")
async def rapel_csv(r: Read, periode: MasaPath) -> Response:
    """Semua koreksi satu bulan sebagai lembar kerja."""
    found = await r.fetch(queries.daftar, MasaBayar.parse(periode), None, False, None, _SEMUA)
    header = [
        "NIP", "OPD", "Koreksi ke", "Semula", "Menjadi", "Selisih bruto", "Selisih bersih", "Sebab",
        "Keadaan", "Dibawa bulan", "Sisa", "Selisih iuran pemberi kerja", "Iuran menunggu",
    ]  # fmt: skip
    rows: list[list[object]] = [
        [
            one.nip, one.opd_kode, one.urutan, _utuh(one.neto_semula), _utuh(one.neto),
            _utuh(one.selisih_bruto), _utuh(one.selisih_neto), ". ".join(one.sebab), one.keadaan,
            ", ".join(f"{part.periode}: {part.jumlah}" for part in one.bagian), _utuh(one.sisa),
            _utuh(one.selisih_iuran), _utuh(one.iuran_menunggu),
        ]
        for one in found.data
    ]  # fmt: skip
    return csv_file(f"rapel-{periode}.csv", header, rows)


def _utuh(amount: Rupiah | None) -> object:
    """A number that spreadsheets add up; the figures of a month are whole rupiah."""
    return "" if amount is None else int(amount.decimal)
