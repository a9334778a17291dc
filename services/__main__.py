"""The `ekinerja` command."""

import asyncio
import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from services.installed import build, composed, installed
from shared.settings import ServiceSettings, SettingsError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="e-Kinerja: kinerja dan TPP pemerintah daerah.",
)
dlq = typer.Typer(no_args_is_help=True, help="Surat mati: event yang tidak dapat diterapkan.")
audit = typer.Typer(no_args_is_help=True, help="Jejak audit.")
admin = typer.Typer(no_args_is_help=True, help="Akun pengelola.")
app.add_typer(dlq, name="dlq")
app.add_typer(audit, name="audit")
app.add_typer(admin, name="admin")

Proxies = Annotated[
    str,
    typer.Option(
        envvar="EKINERJA_PROXY",
        help="Alamat atau jaringan gerbang yang X-Forwarded-For-nya dipercaya, dipisah koma",
    ),
]
ServiceName = Annotated[str, typer.Argument(help="skp, assessment, tpp, atau notification")]


@app.command()
def host(
    kind: Annotated[str, typer.Argument(help="web atau worker")],
    only: Annotated[str, typer.Option(help="Hanya layanan ini")] = "",
    port: Annotated[int, typer.Option(envvar="EKINERJA_HTTP_PORT")] = 8000,
    bind: Annotated[str, typer.Option(envvar="EKINERJA_BIND")] = "127.0.0.1",
    proxies: Proxies = "",
) -> None:
    """Satu proses untuk semua layanan: `web` menjawab permintaan, `worker` mengerjakan event."""
    roles = {"web": ["api"], "worker": ["relay", "consumer", "jobs"]}.get(kind)
    if roles is None:
        raise typer.BadParameter("pilih web atau worker")
    _serve([only] if only else installed(), roles, bind, port, proxies)


@app.command()
def serve(
    service: ServiceName,
    roles: Annotated[
        str, typer.Option(help="Dipisah koma: api,relay,consumer,jobs")
    ] = "api,relay,consumer,jobs",
    port: Annotated[int, typer.Option(envvar="EKINERJA_HTTP_PORT")] = 8000,
    bind: Annotated[str, typer.Option(envvar="EKINERJA_BIND")] = "127.0.0.1",
    proxies: Proxies = "",
) -> None:
    """Satu layanan dalam peran yang dipilih, seperti pada compose dan Kubernetes."""
    _serve([service], roles.split(","), bind, port, proxies)


def _serve(names: list[str], roles: list[str], bind: str, port: int, proxies: str) -> None:
    import uvloop

    from shared.obs.setup import setup
    from shared.runtime import host as hosts

    unknown = set(roles) - set(hosts.ROLES)
    if unknown:
        raise typer.BadParameter(f"peran tidak dikenal: {', '.join(sorted(unknown))}")
    services = [build(name) for name in names]
    setup(services[0].settings, process="-".join([*names, *roles]) if len(names) == 1 else "-".join(roles))
    uvloop.run(hosts.serve(services, roles, host=bind, port=port, proxies=proxies))


@app.command()
def migrate(service: Annotated[str, typer.Argument(help="Layanan, atau kosong untuk semua")] = "") -> None:
    """Bawa basis data ke bentuk terbaru. Aman diulang dan dijalankan bersamaan."""
    from shared.auth.token import ensure_keys
    from shared.runtime.migrations import migrate_service

    for name in [service] if service else installed():
        found = build(name)
        ensure_keys(found.settings.keys)
        applied = asyncio.run(migrate_service(found))
        Console().print(f"{name}: {applied} berkas diterapkan" if applied else f"{name}: sudah terbaru")


@app.command()
def docs(check: Annotated[bool, typer.Option("--check", help="Hanya bandingkan")] = False) -> None:
    """Tulis ulang skema event, AsyncAPI, OpenAPI, dan dasbor; dengan --check hanya membandingkan."""
    from deploy.grafana import dasbor
    from shared.contracts import export

    root = Path(__file__).resolve().parent.parent
    documents = {root / "docs" / "api" / f"{name}.json": _openapi(name) for name in installed()}
    documents[root / dasbor.FILE] = dasbor.dashboard()
    stale = [str(path) for path, text in documents.items() if not path.exists() or path.read_text() != text]
    if check:
        stale += export.check(root)
        for name in stale:
            Console(stderr=True).print(f"tidak sesuai: {name}")
        if stale:
            Console(stderr=True).print("Jalankan `make docs`, lihat perubahannya, lalu simpan.")
            raise typer.Exit(1)
        return
    export.write_all(root)
    for path, text in documents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _openapi(name: str) -> str:
    service = composed(name)
    return json.dumps(service.web().openapi(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


async def _with_database(name: str, work: Any) -> Any:
    from shared.db import Database

    database = Database(ServiceSettings.load(name).database, size=2)
    await database.open()
    try:
        return await work(database)
    finally:
        await database.close()


@dlq.command("list")
def dlq_list(service: ServiceName) -> None:
    """Tampilkan surat mati yang belum diselesaikan."""
    from shared.inbox import dead_letters

    letters = asyncio.run(_with_database(service, dead_letters.list_open))
    table = Table("id", "diterima", "jenis", "tipe", "sebab", title=f"Surat mati {service}")
    for letter in letters:
        table.add_row(
            str(letter.id), f"{letter.received_at:%Y-%m-%d %H:%M}", letter.kind, letter.type, letter.cause
        )
    Console().print(table if letters else "Tidak ada surat mati.")


@dlq.command("show")
def dlq_show(service: ServiceName, letter: int) -> None:
    """Tampilkan satu surat mati lengkap dengan isinya."""
    from shared.inbox import dead_letters

    found = asyncio.run(_with_database(service, lambda database: dead_letters.show(database, letter)))
    Console().print(found)


@dlq.command("replay")
def dlq_replay(
    service: ServiceName,
    letter: Annotated[int | None, typer.Argument(help="Nomor surat; kosong bila --semua")] = None,
    semua: Annotated[bool, typer.Option("--semua", help="Semua surat mati, dari yang terlama")] = False,
) -> None:
    """Terapkan ulang surat mati, lalu event yang menunggu di belakangnya. Boleh diputus dan diulang."""
    if (letter is None) != semua:
        raise typer.BadParameter("sebutkan satu nomor surat, atau --semua")
    found = build(service)
    told = asyncio.run(_with_database(service, lambda database: _replay(database, found, letter)))
    failed = [one for one in told if isinstance(one, str)]
    for one in told:
        Console(stderr=isinstance(one, str)).print(str(one), markup=False, highlight=False)
    if semua:
        Console().print(f"{len(told) - len(failed)} surat diterapkan, {len(failed)} masih gagal.")
    raise typer.Exit(1 if failed else 0)


async def _replay(database: Any, service: Any, letter: int | None) -> list[Any]:
    """Outcomes of one letter or of all; a sentence for each that still fails."""
    from shared.bilah import bilah
    from shared.errors import Problem
    from shared.inbox import dead_letters

    letters = (
        [await dead_letters.show(database, letter)] if letter else await dead_letters.list_open(database)
    )
    told: list[Any] = []
    with bilah() as bar:
        total = sum((one.state == "dead") + one.parked for one in letters)
        task = bar.add_task(f"Surat mati {service.name}", total=total)
        for one in letters:
            try:
                told.append(
                    await dead_letters.replay(
                        database,
                        service.subscriptions,
                        service.barriers,
                        one.id,
                        lambda done: bar.advance(task, done),
                    )
                )
            except Problem as problem:
                told.append(f"{problem.detail} {problem.remedy}".strip())
    return told


@dlq.command("drop")
def dlq_drop(service: ServiceName, letter: int) -> None:
    """Nyatakan satu surat mati tidak akan diterapkan."""
    from shared.inbox import dead_letters

    found = build(service)
    done = asyncio.run(
        _with_database(
            service,
            lambda database: dead_letters.drop(database, found.subscriptions, found.barriers, letter),
        )
    )
    Console().print(done)


@audit.command("verify")
def audit_verify(
    service: Annotated[str, typer.Argument(help="Layanan, atau kosong untuk semua")] = "",
) -> None:
    """Periksa rantai jejak audit: baris yang diubah, dihapus, ditukar, atau dipotong ditemukan."""
    from shared.audit import verify

    broken = False
    for name in [service] if service else installed():
        settings = ServiceSettings.load(name)
        report = asyncio.run(
            _with_database(name, lambda database, s=settings: verify(database, s.keys, s.service))
        )
        Console().print(f"{name}: {report}")
        broken = broken or not report.ok
    raise typer.Exit(1 if broken else 0)


@app.command()
def jejak(
    berkas: Annotated[Path, typer.Option(envvar="EKINERJA_TRACE_FILE", help="Berkas jejak")],
    trace_id: Annotated[str, typer.Argument(help="Nomor jejak, dari pesan galat, log, atau jejak audit")],
) -> None:
    """Tampilkan satu permintaan dan semua yang mengikutinya, di semua layanan."""
    from shared.obs import jejak as reading

    tree = reading.pohon(reading.baca(berkas), trace_id)
    if tree is None:
        Console(stderr=True).print(f"Jejak {trace_id} tidak ada dalam {berkas}.")
        raise typer.Exit(1)
    Console(width=200).print(tree)


@admin.command("buat")
def admin_create(nip: str, nama: str) -> None:
    """Buat pengelola pertama; mencetak kode aktivasi sekali saja."""
    from services.skp.akun.commands import buat_admin

    code = asyncio.run(_with_database("skp", lambda database: buat_admin(database, nip, nama)))
    Console().print(f"Kode aktivasi (sekali pakai): [bold]{code}[/]")


@admin.command("reset-faktor")
def admin_reset_factor(
    nip: str, alasan: Annotated[str, typer.Option(help="Mengapa; tercatat dalam jejak audit")]
) -> None:
    """Lepaskan faktor kedua seseorang, bila tidak ada admin BKD lain yang dapat melakukannya."""
    from services.skp.faktor.commands import reset_dari_mesin
    from shared.errors import Problem

    try:
        asyncio.run(_with_database("skp", lambda database: reset_dari_mesin(database, nip, alasan)))
    except (Problem, ValueError) as problem:
        Console(stderr=True).print(str(problem))
        raise typer.Exit(1) from None
    Console().print("Faktor kedua direset. Orangnya diberi tahu, dan masuk lagi dengan kata sandi saja.")


def main() -> None:
    """Entry point of the console script."""
    operating = [dlq, audit, admin]
    if "tpp" in installed():
        operating.append(importlib.import_module("services.tpp.cli").tpp)
        app.add_typer(operating[-1], name="tpp")
    if importlib.util.find_spec("deploy.embedded.cli") is not None:
        from deploy.embedded import cli

        cli.mount(app, *operating)
    if importlib.util.find_spec("deploy.compose.cli") is not None:
        from deploy.compose import cli as compose

        compose.mount(app)
    if importlib.util.find_spec("deploy.demo.cli") is not None:
        from deploy.demo.cli import demo

        app.command()(demo)
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    try:
        app()
    except SettingsError as incomplete:
        Console(stderr=True, soft_wrap=True).print(str(incomplete), markup=False, highlight=False)
        sys.exit(2)


if __name__ == "__main__":
    main()
