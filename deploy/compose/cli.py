"""`ekinerja secrets init`, `ekinerja prepare`: what an installation in containers needs at first start."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from deploy.embedded.cli import refuse, say
from deploy.embedded.problems import PlatformError

secrets_app = typer.Typer(no_args_is_help=True, help="Berkas rahasia pemasangan dengan kontainer.")


@secrets_app.command("init")
def secrets_init(
    folder: Annotated[Path, typer.Argument(help="Folder berkas rahasia")],
    host: Annotated[
        list[str] | None,
        typer.Option(help="Nama atau alamat gerbang untuk sertifikat sementara; boleh berulang"),
    ] = None,
    smtp: Annotated[str, typer.Option(help="Alamat peladen surel; kosong berarti tanpa surel")] = "",
) -> None:
    """Buat berkas rahasia yang belum ada; yang sudah ada tidak disentuh."""
    from deploy.compose.secrets import init

    try:
        made = init(folder, [*(host or []), "localhost", "127.0.0.1"], smtp=smtp)
    except PlatformError as error:
        raise refuse(error) from None
    say(f"Dibuat: {', '.join(made)}" if made else "Semua berkas rahasia sudah ada.")


@secrets_app.callback()
def _secrets() -> None:
    """Keeps `init` a word of its own."""


def prepare(
    keys: Annotated[Path, typer.Option(help="Folder yang berisi folder kunci setiap layanan")] = Path(
        "/keys"
    ),
) -> None:
    """Siapkan peran, basis data, topik, hak akses, kunci, dan tabel. Aman diulang."""
    from deploy.compose.prepare import prepare as bring_up
    from services.installed import build, installed

    try:
        asyncio.run(bring_up([build(name) for name in installed()], keys, say))
    except PlatformError as error:
        raise refuse(error) from None


def mount(app: typer.Typer) -> None:
    """Add these commands to the `ekinerja` command."""
    app.add_typer(secrets_app, name="secrets")
    app.command()(prepare)
