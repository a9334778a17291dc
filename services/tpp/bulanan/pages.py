"""Monthly facts as imports behind a page; the API takes the same files at once."""

from typing import Any

from services.tpp.authz import AUTHZ
from services.tpp.bulanan.cabut import CABUT_BULANAN
from services.tpp.bulanan.commands import impor_bulanan
from services.tpp.bulanan.jenis import HAL, Hal
from services.tpp.fakta.impor import halaman_cabut
from services.tpp.kehadiran.berkas import LaporanImpor
from services.tpp.kehadiran.impor import pilihan_alasan, pilihan_bulan
from services.tpp.kehadiran.profil import BAKU_BULANAN, baca
from services.tpp.kehadiran.profil_tersimpan import semua
from shared.db import Tx
from shared.imports import Choice, Isi, Kind, Progress
from shared.period import Period
from shared.tabular import Sheet, read_sheets
from shared.web.imports import import_pages


def _impor(hal: Hal) -> Kind:
    async def choices(tx: Tx) -> list[Choice]:
        known = [(one.kode, one.nama, baca(one.dokumen).bulanan) for one in (await semua(tx)).data]
        fitting = [(kode, nama) for kode, nama, names in known if set(names) & set(hal.fakta)]
        return [
            await pilihan_bulan(tx, "Baris yang menyebut bulan harus menyebut bulan ini."),
            Choice(
                "profil",
                "Bentuk berkas",
                [("", BAKU_BULANAN.nama), *fitting],
                "Bentuk baku memakai judul kolom di bawah; yang lain untuk berkas aplikasi lain.",
            ),
            pilihan_alasan(),
        ]

    async def read(isi: Isi, progress: Progress) -> list[Sheet]:
        return await read_sheets(isi.data, count=progress.count)

    async def take(tx: Tx, sheets: Any, isi: Isi, uji: bool, lewati_salah: bool) -> LaporanImpor:
        periode = Period.parse(isi.pilihan["periode"])
        profil, alasan = (isi.pilihan.get(name, "") for name in ("profil", "alasan"))
        return await impor_bulanan(tx, hal, periode, sheets, isi.berkas, uji, lewati_salah, profil, alasan)

    columns = [one.title for one in BAKU_BULANAN.judul if one.key in ("nip", "bulan", *hal.fakta)]
    return Kind(
        name=hal.nama,
        title=hal.judul,
        lead=hal.lead,
        rule=AUTHZ["POST", f"/api/tpp/impor/{hal.nama}"],
        columns=[("", columns)],
        dihitung="Baru, berubah, dan sama menghitung isian yang tidak kosong, bukan baris.",
        read=read,
        take=take,
        choices=choices,
        brankas=hal.brankas,
        lain=[(f"/tpp/impor/cabut-{hal.nama}", "Cabut isian yang keliru")],
    )


IMPOR_BULANAN = (*(_impor(hal) for hal in HAL), *(halaman_cabut(cara) for cara in CABUT_BULANAN))
halaman_bulanan = tuple(import_pages(f"/tpp/impor/{kind.name}", "impor", kind) for kind in IMPOR_BULANAN)
