"""What tpp does by itself: bringing period runs to their end, counting attendance anew, renewing provisional
figures, correcting locked months, the events of locked batches."""

from services.tpp.andai.hitung import lanjutkan as andai
from services.tpp.authz import AUTHZ
from services.tpp.bulanan.pages import IMPOR_BULANAN
from services.tpp.ekspor.kerja import kerjakan
from services.tpp.fakta.halaman import IMPOR_FAKTA
from services.tpp.kalender.nasional import muat
from services.tpp.kehadiran.impor import KEHADIRAN
from services.tpp.kehadiran.tertahan import buang_lama
from services.tpp.kehadiran.ulang import lanjutkan as hitung_ulang
from services.tpp.koreksi.hitung import koreksi
from services.tpp.penetapan.commands import kirim_item
from services.tpp.perhitungan.pekerja import akhiri
from services.tpp.perhitungan.sementara import lanjutkan as perkiraan
from services.tpp.rekening.impor import REKENING
from shared.runtime import Job, Running
from shared.runtime.imports import import_job


async def _akhiri(running: Running) -> bool:
    return await running.database.run(akhiri)


async def _koreksi(running: Running) -> bool:
    return await running.database.run(koreksi)


async def _hitung_ulang(running: Running) -> bool:
    return await running.database.run(hitung_ulang)


async def _perkiraan(running: Running) -> bool:
    return await running.database.run(perkiraan)


async def _andai(running: Running) -> bool:
    return await running.database.run(andai)


async def _berkas(running: Running) -> bool:
    folder, brankas = running.settings.home / "profil", running.resources["brankas"]
    return await kerjakan(running.database, folder, brankas, AUTHZ["POST", "/tpp/berkas/baru"])


async def _kirim_item(running: Running) -> bool:
    return await running.database.run(kirim_item)


async def _kalender(running: Running) -> None:
    await running.database.run(muat)


async def _presensi_lama(running: Running) -> None:
    await running.database.run(buang_lama)


JOBS = (
    Job("kalender-nasional", 3600, _kalender),
    Job("presensi-lama", 86_400, _presensi_lama),
    Job("akhiri-perhitungan", 0.5, _akhiri, shared=True),
    Job("hitung-ulang-kehadiran", 0.5, _hitung_ulang, shared=True),
    Job("perkiraan", 0.5, _perkiraan, shared=True),
    Job("koreksi", 1, _koreksi, shared=True),
    Job("hitung-andai", 1.0, _andai, shared=True),
    Job("kirim-item-pembayaran", 0.5, _kirim_item),
    Job("buat-berkas", 0.5, _berkas, shared=True),
    import_job(KEHADIRAN, REKENING, *IMPOR_FAKTA, *IMPOR_BULANAN),
)
