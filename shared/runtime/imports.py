"""The worker of imports: one file at a time, with its sender's rights, its progress written down."""

from typing import Any

from shared.auth.guard import Guard
from shared.db import Tx
from shared.db.database import Database
from shared.db.tx import Actor
from shared.errors import Conflict, Problem, Unavailable
from shared.imports.model import DIPERIKSA, DIUNGGAH, SELESAI, Isi, Kind, Progress
from shared.imports.store import SQL, unpack
from shared.runtime.service import Job, Running
from shared.runtime.telling import HELD_SECONDS, telling


def import_job(*kinds: Kind) -> Job:
    """The job of a service that takes in these kinds of files."""
    known = {kind.name: kind for kind in kinds}

    async def run(running: Running) -> bool:
        return await work(running.database, known)

    return Job("impor-berkas", 0.5, run, shared=True)


async def work(database: Database, kinds: dict[str, Kind]) -> bool:
    """Check or take in the next file; True when there may be more.

    What its sender has to know ends in `galat`. Anything else is tried again once nobody holds the file.
    """

    async def claim(tx: Tx) -> Any:
        return await SQL.ambil(tx.conn, detik=HELD_SECONDS)

    row = await database.run(claim)
    if row is None:
        await database.run(_forget)
        return False
    progress = Progress()

    async def tell(tx: Tx) -> None:
        await SQL.kemajuan(
            tx.conn,
            import_id=row["import_id"],
            tahap=progress.tahap,
            baris=progress.baris,
            detik=HELD_SECONDS,
        )

    try:
        async with telling(database, tell):
            await _one(database, kinds[row["jenis"]], row, progress)
    except Unavailable:
        raise
    except Problem as problem:
        await database.run(_failure(row, problem))
    return True


async def _one(database: Database, kind: Kind, row: Any, progress: Progress) -> None:
    who = unpack(row["pegawai_id"], row["pengirim"])
    isi = Isi(row["berkas"], row["isi"], row["pilihan"])
    content = await kind.read(isi, progress)
    checking = row["keadaan"] == DIUNGGAH
    progress.tahap = "dibandingkan" if checking else "disimpan"

    async def take(tx: Tx) -> None:
        tx.guard.open_to()
        now = await SQL.generasi(tx.conn, pegawai_id=who.pegawai_id)
        if now is not None and now != who.generation:
            raise Conflict(
                "Peran Anda berubah sesudah berkas ini diunggah.", remedy="Masuk lagi, lalu unggah ulang."
            )
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


def _failure(row: Any, problem: Problem) -> Any:
    told = {"detail": problem.detail, "remedy": problem.remedy}

    async def note(tx: Tx) -> None:
        await SQL.gagal(tx.conn, import_id=row["import_id"], galat=told)
        tx.audit("impor.gagal", f"impor:{row['import_id']}", sebab=problem.slug)

    return note


async def _forget(tx: Tx) -> None:
    await SQL.buang_isi_lama(tx.conn)
    await SQL.buang_lama(tx.conn)
