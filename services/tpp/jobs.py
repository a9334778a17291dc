"""What tpp does by itself: parts of period runs, shared by all workers, and the events of locked batches."""

from services.tpp.fakta.halaman import IMPOR_FAKTA
from services.tpp.kalender.nasional import muat
from services.tpp.kehadiran.impor import GAJI, KEHADIRAN
from services.tpp.penetapan.commands import kirim_item
from services.tpp.perhitungan.pekerja import lanjutkan
from shared.runtime import Job, Running
from shared.runtime.imports import import_job


async def _hitung(running: Running) -> bool:
    return await running.database.run(lanjutkan)


async def _kirim_item(running: Running) -> bool:
    return await running.database.run(kirim_item)


async def _kalender(running: Running) -> None:
    await running.database.run(muat)


JOBS = (
    Job("kalender-nasional", 3600, _kalender),
    Job("hitung-tpp", 0.5, _hitung, shared=True),
    Job("kirim-item-pembayaran", 0.5, _kirim_item),
    import_job(KEHADIRAN, GAJI, *IMPOR_FAKTA),
)
