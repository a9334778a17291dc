"""`ekinerja demo`. What it does is imported when it does it: every `ekinerja` command loads this file."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.demo.perintah import ADMIN_NAMA, ADMIN_NIP
from deploy.embedded.cli import DEFAULT_HOME, Home


def demo(
    pegawai: Annotated[int, typer.Option(help="Banyaknya pegawai")] = 60,
    opd: Annotated[int, typer.Option(help="Banyaknya OPD, 1 sampai 16")] = 3,
    seed: Annotated[int, typer.Option(help="Benih data contoh; benih sama, data sama")] = 7,
    periode: Annotated[str, typer.Option(help="Bulan yang dimainkan")] = "2026-10",
    kebijakan: Annotated[str, typer.Option(help="Kebijakan TPP contoh")] = "umum-60-40",
    keluar: Annotated[bool, typer.Option("--exit", help="Hentikan semuanya setelah selesai")] = False,
    berkas: Annotated[Path | None, typer.Option("--json", help="Tulis hasil ke berkas ini")] = None,
    home: Home = DEFAULT_HOME,
    url: Annotated[
        str,
        typer.Option(
            help="Mainkan pada pemasangan yang sudah berjalan di alamat ini; tidak menyalakan apa pun"
        ),
    ] = "",
    kode_admin: Annotated[
        str,
        typer.Option(
            help=f"Dengan --url: kode dari `ekinerja admin buat {ADMIN_NIP} '{ADMIN_NAMA}'` di sana"
        ),
    ] = "",
    ca: Annotated[
        Path | None,
        typer.Option(help="Dengan --url: sertifikat yang dipercaya, misalnya tls.crt", exists=True),
    ] = None,
) -> None:
    """Mainkan satu bulan pada pemda contoh, dari lembar kerja sampai pembayaran."""
    from deploy.demo.mainkan import mainkan

    mainkan(
        pegawai=pegawai,
        opd=opd,
        seed=seed,
        periode=periode,
        kebijakan=kebijakan,
        keluar=keluar,
        berkas=berkas,
        home=home,
        url=url,
        kode_admin=kode_admin,
        ca=ca,
    )
