"""What skp answers over HTTP. A process that answers nobody leaves it unread (`app`)."""

from fastapi import APIRouter

from services.skp.akun.api import api as akun
from services.skp.akun.api import keys
from services.skp.akun.kelola import halaman as halaman_kelola
from services.skp.akun.pages import halaman as halaman_akun
from services.skp.aplikasi.pages import halaman as halaman_aplikasi
from services.skp.bantuan.api import api as bantuan
from services.skp.bantuan.pages import halaman as halaman_bantuan
from services.skp.bawahan.api import api as bawahan
from services.skp.bawahan.pages import halaman as halaman_bawahan
from services.skp.beranda.pages import halaman as halaman_beranda
from services.skp.bukti.api import api as bukti
from services.skp.faktor.api import api as faktor
from services.skp.faktor.pages import halaman as halaman_faktor
from services.skp.kiriman.pages import halaman as halaman_kiriman
from services.skp.pegawai.api import api as pegawai
from services.skp.pegawai.pages import halaman as halaman_pegawai
from services.skp.pegawai.pages import halaman_impor
from services.skp.periode.api import api as periode
from services.skp.periode.pages import halaman as halaman_periode
from services.skp.realisasi.api import api as realisasi
from services.skp.realisasi.pages import halaman as halaman_realisasi
from services.skp.rencana.api import api as rencana
from services.skp.rencana.pages import halaman as halaman_rencana
from shared.web.letters import letter_pages

ROUTERS: tuple[APIRouter, ...] = (
    letter_pages("/skp/surat-mati", "surat mati"),
    *(keys, akun, faktor, pegawai, periode, rencana, bawahan, realisasi, bukti),
    *(halaman_akun, halaman_beranda, halaman_rencana, halaman_realisasi, halaman_bawahan),
    *(halaman_faktor, halaman_kelola, halaman_pegawai, halaman_impor, halaman_periode),
    *(halaman_aplikasi, halaman_kiriman),
    *(bantuan, halaman_bantuan),
)
"""In the order in which a path is looked for."""
