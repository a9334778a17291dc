"""Handing evidence out."""

from collections.abc import Sequence
from uuid import UUID

from services.skp.bukti.commands import BuktiTersimpan
from shared.auth.guard import Subject
from shared.clock import local_date
from shared.db import Tx, queries
from shared.errors import NotFound

SQL = queries("services.skp.bukti")


async def boleh_diambil(tx: Tx, sha256: str, zone: str) -> BuktiTersimpan:
    """The file's record, if the caller may see that of any person who has sent it.

    Raises NotFound also when it is nobody's that concerns the caller: a hash is no secret worth confirming.
    """
    mine = None
    async for row in SQL.pemilik(tx.conn, sha256=sha256, hari=local_date(tx.now, zone)):
        subject = Subject(row["pegawai_id"], row["unit_path"], row["atasan_id"])
        if tx.guard.reaches(subject):
            tx.guard.admit(subject)
            mine = row
            break
    if mine is None:
        raise NotFound("Berkas ini tidak ada, atau bukan dalam wewenang Anda.")
    who = tx.guard.principal
    if who is not None and mine["pegawai_id"] != who.pegawai_id:
        tx.audit("bukti.lihat", f"pegawai:{mine['pegawai_id']}", sha256=sha256[:16])
    return BuktiTersimpan(sha256=sha256, nama=mine["nama"], ukuran=mine["ukuran"], jenis=mine["jenis"])


async def sebut(tx: Tx, pegawai_id: UUID, sha256: Sequence[str]) -> list[BuktiTersimpan]:
    """The records of somebody's files, in this order; for who was let see what they belong to."""
    rows = SQL.sebut(tx.conn, pegawai_id=pegawai_id, sha256=list(sha256))
    return [BuktiTersimpan(**row) async for row in rows]
