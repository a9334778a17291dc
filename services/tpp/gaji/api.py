"""HTTP of the imports of salaries and PTKP."""

from services.tpp.fakta.api import rute_cabut, rute_impor
from services.tpp.gaji.jenis import CABUT_GAJI, JENIS_GAJI
from shared.http import router

impor = router("/api/tpp/impor", "impor")

for _jenis in JENIS_GAJI:
    rute_impor(impor, _jenis)

for _cara in CABUT_GAJI:
    rute_cabut(impor, _cara)
