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
from shared.errors import Conflict
from shared.imports.model import Progress
from shared.period import MasaBayar
from shared.runtime.telling import Asked

_DIMINTA = Asked(SQL, "ekspor", "tpp.berkas-gagal", "diminta")


async def kerjakan(database: Database, folder: Path, brankas: Brankas, rule: Rule) -> bool:
    """Make the next file that was asked for; True when there may be more."""

    async def one(row: Any, who: Principal, progress: Progress) -> None:
        progress.tahap = "ditulis"

        async def make(tx: Tx) -> None:
            progress.tahap, progress.baris = "ditulis", 0
            await _buat(tx, row, who, satu(folder, row["profil"]), brankas, progress)

        await database.run(make, actor=Actor("pegawai", str(who.pegawai_id)), guard=Guard(rule, who))

    return await _DIMINTA.next(database, one)


async def _buat(
    tx: Tx, row: Any, who: Principal, profil: Profil, brankas: Brankas, progress: Progress
) -> None:
    tx.guard.open_to()
    await _DIMINTA.same_rights(tx, who)
    made = await queries.buat(
        tx, MasaBayar.parse(row["periode"]), profil, row["opd_kode"], row["isian"], brankas, progress.count
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
