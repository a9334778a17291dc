"""The worker of imports: one file at a time, with its sender's rights, its progress written down."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from shared.auth.guard import Guard, Principal
from shared.db import Tx
from shared.db.database import Database
from shared.db.tx import Actor
from shared.errors import Conflict
from shared.imports.model import DIPERIKSA, DIUNGGAH, SELESAI, Isi, Kind, Progress
from shared.imports.store import SQL, buka
from shared.runtime.service import Job, Running
from shared.runtime.telling import Asked


def import_job(*kinds: Kind) -> Job:
    """The job of a service that takes in these kinds of files."""
    known = {kind.name: kind for kind in kinds}

    async def run(running: Running) -> bool:
        return await work(running.database, known, running.resources)

    return Job("impor-berkas", 0.5, run, shared=True)


_ASKED = Asked(SQL, "import", "impor.gagal", "diunggah")


async def work(
    database: Database, kinds: dict[str, Kind], resources: Mapping[str, Any] = MappingProxyType({})
) -> bool:
    """Check or take in the next file; True when there may be more.

    `resources` hold what seals the bytes of a kind that says so.
    """

    async def one(row: Any, who: Principal, progress: Progress) -> None:
        await _one(database, kinds[row["jenis"]], resources, row, who, progress)

    return await _ASKED.next(database, one)


async def _one(
    database: Database,
    kind: Kind,
    resources: Mapping[str, Any],
    row: Any,
    who: Principal,
    progress: Progress,
) -> None:
    brankas = resources[kind.brankas] if kind.brankas else None
    data = await asyncio.to_thread(buka, row["import_id"], row["isi"], row["kunci"], brankas)
    isi = Isi(row["berkas"], data, row["pilihan"], brankas)
    content = await kind.read(isi, progress)
    checking = row["keadaan"] == DIUNGGAH
    progress.tahap = "dibandingkan" if checking else "disimpan"

    async def take(tx: Tx) -> None:
        tx.guard.open_to()
        await _ASKED.same_rights(tx, who)
        report = await kind.take(tx, content, isi, checking, row["lewati_salah"])
        done = await SQL.selesai(
            tx.conn,
            import_id=row["import_id"],
            dari=row["keadaan"],
            keadaan=DIPERIKSA if checking else SELESAI,
            laporan=report.model_dump(mode="json"),
        )
        if done is None:
            raise Conflict("Berkas ini sudah dikerjakan pekerja lain.")

    # A guard of its own for each attempt would be the same: the rule and the sender do not change.
    await database.run(take, actor=Actor("pegawai", str(who.pegawai_id)), guard=Guard(kind.rule, who))
