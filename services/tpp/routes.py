"""What tpp answers over HTTP. A process that answers nobody leaves it unread (`app`)."""

from fastapi import APIRouter

from services.tpp.andai.api import api as andai
from services.tpp.andai.pages import halaman as halaman_andai
from services.tpp.bulanan.api import impor as impor_bulanan
from services.tpp.bulanan.pages import halaman_bulanan
from services.tpp.daerah.api import api as fakta
from services.tpp.daerah.api import impor as impor_daerah
from services.tpp.daerah.pages import halaman as halaman_fakta
from services.tpp.ekspor.api import api as ekspor
from services.tpp.ekspor.pages import halaman as halaman_ekspor
from services.tpp.fakta.halaman import halaman_impor
from services.tpp.gaji.api import impor as impor_gaji
from services.tpp.kalender.api import api as kalender
from services.tpp.kalender.api import impor as impor_kalender
from services.tpp.kalender.pages import halaman as halaman_kalender
from services.tpp.keberatan.api import api as keberatan
from services.tpp.keberatan.pages import halaman_keberatan, halaman_pengajuan
from services.tpp.kebijakan.api import api as kebijakan
from services.tpp.kebijakan.pages import halaman as halaman_kebijakan
from services.tpp.kehadiran.api import api as kehadiran
from services.tpp.kehadiran.api import hari as hari_kehadiran
from services.tpp.kehadiran.api import presensi as presensi_tertahan
from services.tpp.kehadiran.api import profil as profil_kehadiran
from services.tpp.kehadiran.halaman_pegawai import halaman as halaman_kehadiran_pegawai
from services.tpp.kehadiran.halaman_profil import halaman as halaman_profil
from services.tpp.kehadiran.pages import halaman_kehadiran, halaman_presensi
from services.tpp.koreksi.api import api as koreksi
from services.tpp.koreksi.api import luar as penyelesaian
from services.tpp.koreksi.halaman_rapel import halaman as halaman_rapel
from services.tpp.koreksi.pages import halaman as halaman_penyelesaian
from services.tpp.pembayaran.api import api as pembayaran
from services.tpp.pembayaran.pages import halaman as halaman_rekonsiliasi
from services.tpp.penetapan.api import api as penetapan
from services.tpp.penetapan.api import kunci_publik
from services.tpp.penetapan.colek import halaman as halaman_colek
from services.tpp.penetapan.pages import halaman as halaman_penetapan
from services.tpp.perhitungan.api import api as perhitungan
from services.tpp.perhitungan.pages import halaman as halaman_perhitungan
from services.tpp.permohonan.api import api as permohonan
from services.tpp.permohonan.api import rekap as rekap_kehadiran
from services.tpp.permohonan.pages import halaman_koreksi, halaman_saya
from services.tpp.rekening.api import api as rekening
from services.tpp.rekening.pages import halaman as halaman_rekening
from services.tpp.rekening.pages import halaman_impor_rekening
from services.tpp.slip.api import api as slip
from services.tpp.slip.pages import halaman as halaman_slip
from services.tpp.surat.api import api as surat
from services.tpp.surat.api import impor as impor_surat
from services.tpp.surat.pages import halaman as halaman_surat
from services.tpp.verifikasi.api import api as verifikasi
from services.tpp.verifikasi.pages import halaman as halaman_verifikasi
from shared.web.letters import letter_pages

ROUTERS: tuple[APIRouter, ...] = (
    letter_pages("/tpp/surat-mati", "surat mati"),
    *(kunci_publik, kebijakan, kehadiran, perhitungan, penetapan, koreksi, pembayaran, rekening),
    *(
        ekspor,
        slip,
        verifikasi,
        kalender,
        impor_kalender,
        surat,
        impor_surat,
        impor_gaji,
        impor_bulanan,
        andai,
    ),
    *(halaman_surat, halaman_profil),
    *(fakta, impor_daerah, halaman_fakta),
    *(halaman_rekening, halaman_impor_rekening),
    *(halaman_rekonsiliasi, halaman_rapel),
    *(profil_kehadiran, presensi_tertahan, halaman_presensi, hari_kehadiran),
    halaman_kehadiran_pegawai,
    *(permohonan, rekap_kehadiran, halaman_saya, halaman_koreksi),
    *(keberatan, halaman_pengajuan, halaman_keberatan),
    *(penyelesaian, halaman_penyelesaian),
    *(halaman_perhitungan, halaman_slip, halaman_colek, halaman_kebijakan, halaman_kehadiran),
    *(
        halaman_penetapan,
        halaman_verifikasi,
        halaman_kalender,
        halaman_andai,
        halaman_ekspor,
        *halaman_impor,
        *halaman_bulanan,
    ),
)
"""In the order in which a path is looked for."""
