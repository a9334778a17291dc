"""What tpp does by itself: parts of period runs, shared by all workers, and the events of locked batches."""

from services.tpp.andai.hitung import lanjutkan as andai
from services.tpp.kehadiran.impor import GAJI, KEHADIRAN
from services.tpp.penetapan.commands import kirim_item
from services.tpp.perhitungan.pekerja import lanjutkan
from shared.runtime import Job, Running
from shared.runtime.imports import import_job


async def _hitung(running: Running) -> bool:
    return await running.database.run(lanjutkan)


async def _andai(running: Running) -> bool:
    return await running.database.run(andai)


async def _kirim_item(running: Running) -> bool:
    return await running.database.run(kirim_item)


JOBS = (
    Job("hitung-tpp", 0.5, _hitung, shared=True),
    Job("hitung-andai", 1.0, _andai, shared=True),
    Job("kirim-item-pembayaran", 0.5, _kirim_item),
    import_job(KEHADIRAN, GAJI),
)
