"""`ekinerja tpp`: proving a policy, calculating from plain CSV, a draft's budget, and one slip's derivation.

Commands import what they need themselves: every `ekinerja` command loads this file.
"""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from shared.errors import Conflict, InvalidInput, NotFound
from shared.period import MasaBayar, Period

if TYPE_CHECKING:
    from services.tpp.andai.queries import HasilAndai
    from services.tpp.ekspor.profil import Profil
    from services.tpp.kebijakan.model import Kebijakan
    from services.tpp.perhitungan.queries import Slip

tpp = typer.Typer(
    no_args_is_help=True, help="TPP: uji kebijakan, hitung dari CSV, andaikan, jelaskan satu slip."
)

Berkas = Annotated[Path, typer.Argument(help="Berkas kebijakan (YAML)", exists=True, dir_okay=False)]


def _keluar(*kalimat: str, kode: int = 1) -> NoReturn:
    console = Console(stderr=True)
    for one in kalimat:
        console.print(one, markup=False, highlight=False)
    raise typer.Exit(kode)


def _kebijakan(berkas: Path) -> "Kebijakan":
    from services.tpp.kebijakan.reader import KebijakanTidakSah, baca

    try:
        return baca(berkas.read_bytes())
    except KebijakanTidakSah as refused:
        total = f"{berkas}: {len(refused.masalah)} masalah."
        _keluar(*map(str, refused.masalah), total, kode=2)


@tpp.command("contoh")
def contoh_kebijakan(
    kode: Annotated[str | None, typer.Argument(help="Kode contoh; tanpa ini daftarnya ditampilkan")] = None,
    keluaran: Annotated[Path, typer.Option(help="Folder tempat menulisnya", file_okay=False)] = Path(),
) -> None:
    """Tulis contoh kebijakan dan skemanya sebagai awal berkas daerah sendiri."""
    from services.tpp.kebijakan import berkas_contoh
    from services.tpp.kebijakan.skema import BERKAS

    console = Console()
    if kode is None:
        table = Table("kode", "daerah", "bentuknya")
        for one in berkas_contoh.semua().data:
            table.add_row(one.kode, one.daerah, one.keterangan)
        console.print(table)
        return
    try:
        text = berkas_contoh.satu(kode)
    except NotFound as missing:
        _keluar(missing.detail, missing.remedy or "", kode=2)
    target = keluaran / f"{kode}.yaml"
    if target.exists():
        _keluar(f"{target} sudah ada dan tidak ditimpa.", "Sebut folder lain dengan --keluaran.")
    keluaran.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    (keluaran / BERKAS.name).write_text(berkas_contoh.skema(), encoding="utf-8")
    console.print(f"{target} dan {BERKAS.name} ditulis.", markup=False, highlight=False)
    console.print(f"Ubah isinya, lalu periksa: ekinerja tpp uji {target}", markup=False, highlight=False)


@tpp.command("uji")
def uji_kebijakan(berkas: Berkas) -> None:
    """Jalankan contoh hitungan di dalam kebijakan dan tampilkan perbedaannya."""
    from services.tpp.perhitungan.uji import uji

    policy = _kebijakan(berkas)
    found = uji(policy)
    if found:
        failed = len({one.kasus for one in found})
        _keluar(*map(str, found), f"{failed} dari {len(policy.uji)} contoh berbeda.")
    Console().print(f"{policy.nama}: {len(policy.uji)} contoh, semuanya sesuai.", highlight=False)


@tpp.command("beda")
def beda_kebijakan(
    lama: Berkas,
    baru: Annotated[Path, typer.Argument(help="Versi barunya", exists=True, dir_okay=False)],
) -> None:
    """Apa yang berubah dari satu versi kebijakan ke versi lain, dan akibatnya pada contoh hitungan."""
    from services.tpp.perhitungan.beda import beda

    found = beda(_kebijakan(lama), _kebijakan(baru))
    for sentence in found or ["Tidak ada yang berubah."]:
        Console().print(sentence, markup=False, highlight=False)


@tpp.command("hitung")
def hitung(
    kebijakan: Annotated[Path, typer.Option(help="Berkas kebijakan (YAML)", exists=True, dir_okay=False)],
    data: Annotated[Path, typer.Option(help="Folder CSV dengan pegawai.csv", exists=True, file_okay=False)],
    keluaran: Annotated[Path, typer.Option(help="Folder hasil", file_okay=False)],
    periode: Annotated[str, typer.Option(help="Bulan bagi baris tanpa kolom periode, misalnya 2026-10")] = "",
) -> None:
    """Hitung TPP dari CSV tanpa server; hasil.csv, baris.csv, dan masalah.csv di folder keluaran."""
    from services.tpp.kebijakan.tampil import tampil
    from services.tpp.perhitungan.luring import hitung_folder

    policy = _kebijakan(kebijakan)
    try:
        done = hitung_folder(policy, data, keluaran, periode)
    except FileNotFoundError as missing:
        _keluar(str(missing), kode=2)
    console = Console(highlight=False)
    console.print(f"{done.orang} orang: {done.dihitung} dihitung, {done.ditahan} ditahan.")
    console.print(f"Bruto {tampil(done.bruto, 'rupiah')}, potongan {tampil(done.potongan, 'rupiah')}.")
    console.print(f"Diterima {tampil(done.neto, 'rupiah')}. Hasil di {keluaran}.")
    if done.iuran:
        console.print(f"Iuran pemberi kerja di sampingnya {tampil(done.iuran, 'rupiah')}.")
    if done.masalah:
        _keluar(f"{done.masalah} masalah data; lihat {keluaran / 'masalah.csv'}.")


@tpp.command("andai")
def andai(
    berkas: Berkas,
    bulan: Annotated[
        list[str] | None, typer.Option(help="Bulan yang sudah dihitung; boleh berulang. Baku: 12 terbaru")
    ] = None,
    khusus: Annotated[
        bool, typer.Option("--khusus/--tanpa-khusus", help="TPP ke-13 dan THR yang berdasar bulan-bulan itu")
    ] = True,
    keluaran: Annotated[Path | None, typer.Option(help="Berkas XLSX hasilnya", dir_okay=False)] = None,
) -> None:
    """Anggaran kebijakan ini pada bulan yang sudah lewat; hasilnya juga tersimpan di halaman simulasi."""
    from services.tpp.andai.lembar import sebagai_xlsx

    _kebijakan(berkas)
    try:
        months = [Period.parse(one) for one in bulan or ()]
    except ValueError as wrong:
        _keluar(str(wrong), kode=2)
    try:
        found = asyncio.run(_andaikan(berkas.read_text(encoding="utf-8-sig"), months, khusus))
    except (Conflict, InvalidInput) as refused:
        _keluar(refused.detail, *(str(one.reason) for one in refused.fields), refused.remedy or "")
    cetak_andai(Console(), found)
    if keluaran is not None:
        keluaran.write_bytes(sebagai_xlsx(found))
        Console().print(f"Lembar kerja: {keluaran}", highlight=False)


async def _andaikan(dokumen: str, bulan: list[Period], khusus: bool) -> "HasilAndai":
    from services.tpp.andai import commands, queries
    from services.tpp.andai.hitung import lanjutkan
    from shared.bilah import bilah
    from shared.db import Database
    from shared.settings import ServiceSettings

    database = Database(ServiceSettings.load("tpp").database, size=1)
    await database.open()
    try:
        now = await database.run(lambda tx: commands.mulai(tx, dokumen, bulan, khusus))
        andai_id = now.andai_id
        with bilah() as bar:
            task = bar.add_task("Orang-bulan", total=now.orang)
            # Workers take parts of it too; the last of them may still be busy when none is left for us.
            while now.keadaan != "selesai":
                if not await database.run(lambda tx: lanjutkan(tx, andai_id)):
                    await asyncio.sleep(0.2)
                now = await database.run(lambda tx: queries.satu(tx, andai_id))
                bar.update(task, completed=now.orang_selesai)
        return await database.run(lambda tx: queries.hasil(tx, andai_id))
    finally:
        await database.close()


def cetak_andai(console: Console, found: "HasilAndai") -> None:
    """A what-if as a table for the terminal."""
    total = found.jumlah
    console.print(f"Simulasi {found.andai.nama}; tidak ada yang dibayarkan.", highlight=False)
    table = Table("bulan", "bruto dahulu", "dengan kebijakan ini", "selisih", "naik", "turun", "jadi ditahan")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, one in [*((one.sebutan, one) for one in found.bulan), ("Jumlah", total)]:
        if one is total:
            table.add_section()
        table.add_row(
            name, one.bruto_lama.tampil(), one.bruto_baru.tampil(), one.selisih.tampil(),
            str(one.naik), str(one.turun), str(one.jadi_ditahan),
        )  # fmt: skip
    console.print(table)
    if total.iuran_lama.decimal or total.iuran_baru.decimal:
        before, after = total.iuran_lama.tampil(), total.iuran_baru.tampil()
        console.print(
            f"Iuran pemberi kerja di sampingnya: dahulu {before}, dengan ini {after}.", highlight=False
        )
    for cause in found.sebab:
        console.print(f"Belum dapat dihitung: {cause.orang} orang-bulan, {cause.kalimat}.", highlight=False)


@tpp.command("berkas")
def berkas(
    bulan: Annotated[str, typer.Argument(help="Misalnya 2026-10; 2026-13 dan 2026-14: TPP ke-13 dan THR")],
    kode: Annotated[str, typer.Argument(help="Kode profil: nominatif, bank, sipd-tpp, …")],
    opd: Annotated[str | None, typer.Option(help="Kode OPD; tanpa ini semua OPD")] = None,
    isian: Annotated[list[str] | None, typer.Option(help="nama=nilai, boleh berulang")] = None,
    keluaran: Annotated[Path | None, typer.Option(help="Berkas hasilnya", dir_okay=False)] = None,
) -> None:
    """Buat berkas pembayaran sebulan; setiap orang di dalamnya tercatat dibaca."""
    from services.tpp.ekspor.commands import nama_berkas
    from services.tpp.ekspor.profil import satu
    from shared.settings import ServiceSettings

    given = dict(one.partition("=")[::2] for one in isian or ())
    try:
        month = MasaBayar.parse(bulan)
    except ValueError as wrong:
        _keluar(str(wrong), kode=2)
    try:
        profil = satu(ServiceSettings.load("tpp").home / "profil", kode)
        target = keluaran or Path(nama_berkas(profil.kode, bulan, opd, profil.jenis))
        people = asyncio.run(_berkas(month, profil, opd, given, target))
    except (Conflict, InvalidInput, NotFound) as refused:
        _keluar(refused.detail, refused.remedy or "")
    Console().print(f"{people} orang. Berkas: {target}", highlight=False)


async def _berkas(
    bulan: MasaBayar, profil: "Profil", opd: str | None, isian: dict[str, str], target: Path
) -> int:
    import os
    import shutil

    from services.tpp.ekspor import queries
    from shared.bilah import bilah
    from shared.brankas import Brankas
    from shared.db import Database
    from shared.settings import ServiceSettings

    settings = ServiceSettings.load("tpp")
    brankas = Brankas(settings.keys / "rekening.key.json")
    database = Database(settings.database, size=1)
    await database.open()
    try:
        counts = await database.run(lambda tx: queries.jumlah(tx, bulan))
        total = sum(one.hanya(profil.hanya) for one in counts if opd in (None, one.opd_kode))
        with bilah() as bar:
            task = bar.add_task(profil.nama, total=total)

            def maju(rows: int) -> None:
                bar.advance(task, rows)

            made = await database.run(lambda tx: queries.buat(tx, bulan, profil, opd, isian, brankas, maju))
        # Account numbers stand in it: for whoever made it alone.
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with made.path.open("rb") as source, os.fdopen(descriptor, "wb") as out:
            shutil.copyfileobj(source, out)
        made.path.unlink()
        return made.baris
    finally:
        await database.close()


@tpp.command("jelaskan")
def jelaskan(
    nip: Annotated[str, typer.Argument(help="NIP 18 angka")],
    bulan: Annotated[str, typer.Argument(help="Misalnya 2026-10; 2026-13 dan 2026-14: TPP ke-13 dan THR")],
) -> None:
    """Tampilkan asal setiap rupiah satu slip, dari basis data layanan; pembacaannya tercatat."""
    try:
        periode = MasaBayar.parse(bulan)
    except ValueError as wrong:
        _keluar(str(wrong), kode=2)
    try:
        found = asyncio.run(_baca(nip.replace(" ", ""), periode))
    except NotFound as missing:
        _keluar(missing.detail, missing.remedy or "")
    cetak(Console(), found)


async def _baca(nip: str, periode: MasaBayar) -> "Slip":
    from services.tpp.perhitungan.queries import slip_menurut_nip
    from shared.db import Database
    from shared.settings import ServiceSettings

    database = Database(ServiceSettings.load("tpp").database, size=1)
    await database.open()
    try:
        return await database.run(lambda tx: slip_menurut_nip(tx, nip, periode))
    finally:
        await database.close()


def cetak(console: Console, slip: "Slip") -> None:
    """A slip as a table for the terminal."""
    siapa = f"{slip.nama_pegawai} · NIP {slip.nip}" if slip.nama_pegawai else f"NIP {slip.nip}"
    kind = "perkiraan sementara" if slip.sementara else f"versi {slip.version}"
    apa = slip.sebutan if slip.nama_masa else f"TPP {slip.sebutan}"
    console.print(f"{apa} · {siapa} · {kind}", highlight=False)
    console.print(f"Kebijakan: {slip.kebijakan.nama} ({slip.kebijakan.sidik[:12]})", highlight=False)
    for andaian in slip.andaian:
        console.print(f"Andaian: {andaian}", highlight=False)
    if slip.status == "ditahan":
        for reason in slip.alasan:
            console.print(
                f"Ditahan: {reason.kalimat}. Yang bertindak: {reason.pemilik} ({reason.pasal}).",
                highlight=False,
            )
        return
    table = Table("baris", "rupiah", "asal", "pasal")
    table.columns[1].justify = "right"
    for line in slip.baris:
        table.add_row(line.nama, line.jumlah.tampil(), line.kalimat, line.pasal)
    table.add_section()
    table.add_row(
        "Diterima", slip.neto.tampil(), f"bruto {slip.bruto.tampil()} - potongan {slip.potongan.tampil()}", ""
    )
    console.print(table)
    if slip.iuran:
        beside = Table("iuran pemberi kerja, di samping TPP", "rupiah", "asal", "pasal")
        beside.columns[1].justify = "right"
        for line in slip.iuran:
            beside.add_row(line.nama, line.jumlah.tampil(), line.kalimat, line.pasal)
        console.print(beside)
    data = Table("data", "isi", "asal")
    for group in slip.dasar:
        for one in group.data:
            sources = (
                f"{source.kalimat} ({source.peristiwa})" if source.peristiwa else source.kalimat
                for source in (one.asal or group.asal)
            )
            data.add_row(one.judul, one.isi, "; ".join(sources))
    console.print(data)
