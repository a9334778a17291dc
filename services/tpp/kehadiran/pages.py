"""Pages of the attendance and salary imports."""

from services.tpp.kehadiran.impor import GAJI, KEHADIRAN
from shared.web.imports import import_pages

halaman_kehadiran = import_pages("/tpp/impor/kehadiran", "impor", KEHADIRAN)
halaman_gaji = import_pages("/tpp/impor/gaji", "impor", GAJI)
