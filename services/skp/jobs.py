"""What skp does by itself."""

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


JOBS = (Job("akun-yang-lewat", 600.0, _buang_yang_lewat), import_job(ORGANISASI))
