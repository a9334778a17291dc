"""The worker of large files: one at a time, with its asker's rights, its progress written down."""

import asyncio
from pathlib import Path
from typing import Any

from services.tpp.ekspor import queries
from services.tpp.ekspor.profil import Profil, satu
from services.tpp.ekspor.queries import SQL
from shared.auth.guard import Guard, Principal, Rule
from shared.brankas import Brankas
from shared.db import Tx
from shared.db.database import Database
from shared.db.tx import Actor
from shared.errors import Conflict, Problem, Unavailable
from shared.imports.model import Progress
from shared.imports.store import unpack
from shared.period import Period
from shared.runtime.telling import HELD_SECONDS, telling


async def kerjakan(database: Database, folder: Path, brankas: Brankas, rule: Rule) -> bool:
    """Make the next file that was asked for; True when there may be more.

    What its asker has to know ends in `galat`. Anything else is tried again once nobody holds the file.
    """

    async def claim(tx: Tx) -> Any:
        return await SQL.ambil(tx.conn, detik=HELD_SECONDS)

    row = await database.run(claim)
    if row is None:
        await database.run(_forget)
        return False
    progress = Progress("ditulis")

    async def tell(tx: Tx) -> None:
        await SQL.kemajuan(
            tx.conn,
            ekspor_id=row["ekspor_id"],
            tahap=progress.tahap,
            baris=progress.baris,
            detik=HELD_SECONDS,
        )

    who = unpack(row["pegawai_id"], row["pengirim"])

    async def make(tx: Tx) -> None:
        progress.tahap, progress.baris = "ditulis", 0
        await _buat(tx, row, who, satu(folder, row["profil"]), brankas, progress)

    try:
        async with telling(database, tell):
            actor = Actor("pegawai", str(who.pegawai_id))
            await database.run(make, actor=actor, guard=Guard(rule, who))
    except Unavailable:
        raise
    except Problem as problem:
        await database.run(_failure(row, problem))
    return True


async def _buat(
    tx: Tx, row: Any, who: Principal, profil: Profil, brankas: Brankas, progress: Progress
) -> None:
    tx.guard.open_to()
    now = await SQL.generasi(tx.conn, pegawai_id=who.pegawai_id)
    if now is not None and now != who.generation:
        raise Conflict(
            "Peran Anda berubah sesudah berkas ini diminta.", remedy="Masuk lagi, lalu buat ulang."
        )
    made = await queries.buat(
        tx, Period.parse(row["periode"]), profil, row["opd_kode"], row["isian"], brankas, progress.count
    )
    progress.tahap = "disimpan"
    try:
        data = await asyncio.to_thread(made.path.read_bytes)
    finally:
        made.path.unlink(missing_ok=True)
    sealed = await asyncio.to_thread(brankas.segel, row["ekspor_id"].bytes, data)
    done = await SQL.selesai(
        tx.conn,
        ekspor_id=row["ekspor_id"],
        baris=made.baris,
        ukuran=len(data),
        kunci=sealed.kunci,
        isi=sealed.isi,
    )
    if done is None:
        raise Conflict("Berkas ini sudah dibuat pekerja lain.")


def _failure(row: Any, problem: Problem) -> Any:
    told = {"detail": problem.detail, "remedy": problem.remedy}

    async def note(tx: Tx) -> None:
        await SQL.gagal(tx.conn, ekspor_id=row["ekspor_id"], galat=told)
        tx.audit("tpp.berkas-gagal", f"ekspor:{row['ekspor_id']}", sebab=problem.slug)

    return note


async def _forget(tx: Tx) -> None:
    await SQL.buang_isi_lama(tx.conn)
    await SQL.buang_lama(tx.conn)
