"""What skp does by itself."""

from services.skp.bukti.unggahan import buang_yang_lewat
from services.skp.pegawai.impor import ORGANISASI
from shared.db import queries
from shared.runtime.imports import import_job
from shared.runtime.service import Job, Running

SQL = queries("services.skp.akun")


async def _buang_yang_lewat(running: Running) -> None:
    """Codes that nobody used in time, and attempts nobody needs to remember."""
    async with running.database.pool.acquire() as conn:
        await SQL.buang_kode_kedaluwarsa(conn)
        await SQL.buang_percobaan_lama(conn)
        await SQL.buang_alamat_lama(conn)


async def _buang_unggahan(running: Running) -> None:
    """Parts of uploads that are finished with."""
    await buang_yang_lewat(running.database, running.resources["gudang"])


JOBS = (
    Job("akun-yang-lewat", 600.0, _buang_yang_lewat),
    Job("unggahan-yang-lewat", 60.0, _buang_unggahan),
    import_job(ORGANISASI),
)
