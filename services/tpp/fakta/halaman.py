"""Every kind of file with dated facts, as the pages and the job of imports know it."""

from services.tpp.daerah.jenis import JENIS_DAERAH
from services.tpp.fakta.impor import halaman_cabut, impor_halaman
from services.tpp.gaji.jenis import CABUT_GAJI, JENIS_GAJI
from services.tpp.kalender.jenis import KALENDER
from services.tpp.surat.jenis import JENIS_SURAT
from shared.web.imports import import_pages

IMPOR_FAKTA = (
    *(impor_halaman(jenis) for jenis in (*KALENDER, *JENIS_SURAT.values(), *JENIS_DAERAH.values())),
    *(impor_halaman(jenis, f"/tpp/impor/cabut-{jenis.nama}") for jenis in JENIS_GAJI),
    *(halaman_cabut(cara) for cara in CABUT_GAJI),
)

halaman_impor = tuple(import_pages(f"/tpp/impor/{kind.name}", "impor", kind) for kind in IMPOR_FAKTA)
