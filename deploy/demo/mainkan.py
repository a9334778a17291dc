"""A made-up pemda plays one month on the real platform, and every rupiah is checked."""

import asyncio
import json
import os
import secrets
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.demo import pemda as contoh
from deploy.demo.bulan import Bulan
from deploy.demo.hasil import kumpulkan, tampilkan
from deploy.demo.klien import Ditolak, Klien
from deploy.demo.perintah import ADMIN_NAMA, ADMIN_NIP, Operator, di_sini, di_tempat_lain
from deploy.embedded.cli import refuse, say
from deploy.embedded.files import write_private
from deploy.embedded.platform import NAMESPACE, Platform
from deploy.embedded.problems import PlatformError
from deploy.embedded.supervisor import AlreadyRunning, Supervisor
from shared.web.contoh import FILE, OrangContoh, isi_contoh


def mainkan(
    *,
    pegawai: int,
    opd: int,
    seed: int,
    periode: str,
    kebijakan: str,
    keluar: bool,
    berkas: Path | None,
    home: Path,
    url: str,
    kode_admin: str,
    ca: Path | None,
) -> None:
    """What `ekinerja demo` does with its options. Raises typer.Exit when it fails."""
    try:
        data = contoh.bangun(pegawai=pegawai, opd=opd, seed=seed, periode=periode)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    platform = Platform(home, say=say)
    parameters = f"{seed}/{pegawai}/{opd}/{periode}/{kebijakan}"
    if url:
        ok = _di_tempat_lain(platform, data, url, parameters, kebijakan, kode_admin or None, ca, berkas)
        raise typer.Exit(0 if ok else 1)
    supervisor: Supervisor | None = Supervisor(platform)
    assert supervisor is not None
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.default_int_handler)
    try:
        secret = _run(platform, parameters)
        say(f"Menyalakan e-Kinerja di {platform.home} …")
        try:
            url = supervisor.start(say)
        except AlreadyRunning as running:
            supervisor, url = None, running.url
        os.environ.update(platform.environment())
        try:
            hasil = asyncio.run(
                _mainkan(
                    data,
                    Klien(url, _nama(parameters), secret),
                    url,
                    kebijakan,
                    di_sini(),
                    platform,
                )
            )
        except _PENYEBAB as error:
            raise terhenti(error, f"lihat {platform.logs}") from error
        ok = _tulis(berkas, hasil)
        if not keluar and supervisor is not None:
            say(f"Tetap melayani di {url}. Ctrl-C untuk berhenti.")
            supervisor.wait()
    except PlatformError as error:
        raise refuse(error) from None
    except KeyboardInterrupt:
        ok = True
    finally:
        if supervisor is not None:
            # A second Ctrl-C must not leave half of it running.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            say("Berhenti …")
            supervisor.stop()
            say("Sudah berhenti; data tersimpan. Jalankan lagi untuk melanjutkan.")
    if not ok:
        raise typer.Exit(1)


def _di_tempat_lain(
    platform: Platform,
    data: contoh.Pemda,
    url: str,
    parameters: str,
    kebijakan: str,
    kode: str | None,
    ca: Path | None,
    berkas: Path | None,
) -> bool:
    """The month on an installation that runs elsewhere: through its gateway alone, as people would."""
    try:
        klien = Klien(url, _nama(parameters), _run(platform, parameters), ca=ca)
        try:
            hasil = asyncio.run(_mainkan(data, klien, url, kebijakan, di_tempat_lain(kode), None))
        except _PENYEBAB as error:
            raise terhenti(error, f"periksa {url} dan catatan di sana") from error
    except PlatformError as error:
        raise refuse(error) from None
    return _tulis(berkas, hasil)


def _nama(parameters: str) -> str:
    """What the keys of this run are derived from."""
    return f"ekinerja-demo/{parameters}"


def _tulis(berkas: Path | None, hasil: tuple[bool, dict[str, Any]]) -> bool:
    ok, angka = hasil
    if berkas is not None:
        berkas.write_text(json.dumps(angka, indent=1, ensure_ascii=False) + "\n")
    return ok


def _run(platform: Platform, parameters: str) -> bytes:
    """The secret of this home's demo, from which its passwords come; a home holds one demo only."""
    platform.prepare()
    path = platform.home / "demo.json"
    if not path.exists():
        draft = path.with_suffix(".tmp")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({"rahasia": secrets.token_hex(32), "parameter": parameters}))
        draft.replace(path)
    kept = json.loads(path.read_text())
    if kept["parameter"] != parameters:
        raise PlatformError(
            f"Folder {platform.home} sudah berisi pemda contoh lain ({kept['parameter']}).",
            "pakai pilihan yang sama, folder lain (--home), atau hapus dahulu dengan `ekinerja reset --yes`.",
        )
    return bytes.fromhex(kept["rahasia"])


_PENYEBAB = (Ditolak, TimeoutError, RuntimeError, httpx2.TransportError, BaseExceptionGroup)


def terhenti(error: BaseException, where: str) -> PlatformError:
    """What stopped the month, in one sentence; the first cause of several."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, Ditolak) and error.berbeda:
        return PlatformError(
            "Bulan contoh di sini dimainkan oleh versi e-Kinerja yang lain, dengan isi yang lain.",
            "`ekinerja up` melayani data itu apa adanya; `ekinerja reset` menghapusnya, lalu "
            "`ekinerja demo` memainkan bulannya dari awal.",
        )
    return PlatformError(
        f"Bulan contoh terhenti: {error}", f"{where}; menjalankan lagi meneruskan dari sini."
    )


async def _mainkan(
    data: contoh.Pemda,
    klien: Klien,
    url: str,
    kebijakan: str,
    operator: Operator,
    platform: Platform | None,
) -> tuple[bool, dict[str, Any]]:
    """Play, gather, show; whether all figures are as calculated apart, and what `--json` tells.

    `platform` is the one that we started ourselves: its topics are counted, its login page offers the people.
    """
    console = Console()
    columns = (
        TextColumn("{task.description:<22}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    try:
        with Progress(*columns, console=console) as progress:
            bulan = Bulan(data, klien, progress, operator, kebijakan=kebijakan)
            people = _orang_contoh(bulan)
            if platform is not None:
                write_private(platform.home / FILE, isi_contoh(platform.home / "keys", people))
            await bulan.mainkan()
        hasil = await kumpulkan(bulan, platform.kafka_admin if platform else None, NAMESPACE)
        tampilkan(console, hasil, bulan)
        _salah_impor(console, bulan)
        _masuk(console, people, url)
        return not hasil.selisih, hasil.json(bulan.detik)
    finally:
        with suppress(Exception):
            await klien.close()


def _salah_impor(console: Console, bulan: Bulan) -> None:
    table = Table("lembar", "baris", "kolom", "alasan", "perbaikan", title="Baris yang dilewati saat impor")
    for row in bulan.laporan_impor["salah"]:
        table.add_row(row["lembar"], str(row["baris"]), row["kolom"], row["alasan"], row["perbaikan"])
    console.print(table)


def _masuk(console: Console, people: list[OrangContoh], url: str) -> None:
    """Who may log in as what; the same people in every run with this seed."""
    table = Table("peran", "NIP", "kata sandi", title=f"Masuk di {url} (data contoh)")
    for one in people:
        table.add_row(one.peran, one.nip, one.kata_sandi)
    console.print(table)


def _orang_contoh(bulan: Bulan) -> list[OrangContoh]:
    """People to log in as, by role."""
    pejabat, pemda = bulan.pejabat, bulan.pemda
    opd = next(iter(pejabat.keuangan))
    nama = {orang.nip: orang.nama for orang in pemda.orang} | {ADMIN_NIP: ADMIN_NAMA}
    busy = {pejabat.admin_bkd, pejabat.bpkad, *pejabat.keuangan.values(), *pejabat.pengelola.values()}

    def first(*kinds: str) -> str:
        return next(
            o.nip for o in pemda.orang if pemda.jabatan[o.jabatan].jenis in kinds and o.nip not in busy
        )

    people = (
        ("Pegawai", first("JF", "Pelaksana")),
        ("Atasan (kepala bidang)", first("Administrator")),
        (f"Pengelola kinerja {opd}", pejabat.pengelola[opd]),
        (f"Keuangan {opd}", pejabat.keuangan[opd]),
        ("Admin BKD pertama", ADMIN_NIP),
        ("Admin BKD kedua", pejabat.admin_bkd),
        ("BPKAD", pejabat.bpkad),
        ("Auditor", pejabat.auditor),
    )
    return [OrangContoh(peran, nip, nama[nip], bulan.klien.kata_sandi(nip)) for peran, nip in people]
