"""Who may do what in tpp. Pay data is for the person, the OPD's finance, BKD, BPKAD and auditors only."""

from shared.auth.guard import (
    ADMIN_BKD,
    ATASAN,
    AUDITOR,
    BPKAD,
    DIRI,
    KEUANGAN_OPD,
    PENGELOLA,
    PIMPINAN,
    SIAPA_SAJA,
    AuthzTable,
    allow,
    public,
)
from shared.web.imports import import_rows
from shared.web.letters import letter_rows

AUTHZ: AuthzTable = {
    # The policy is regional law: everyone may read what their pay follows from.
    ("GET", "/api/tpp/kebijakan"): allow(SIAPA_SAJA),
    ("GET", "/api/tpp/kebijakan/skema"): allow(SIAPA_SAJA),
    ("GET", "/api/tpp/kebijakan/contoh"): allow(SIAPA_SAJA),
    ("GET", "/api/tpp/kebijakan/contoh/semua"): allow(SIAPA_SAJA),
    ("GET", "/api/tpp/kebijakan/contoh/{kode}"): allow(SIAPA_SAJA),
    ("GET", "/api/tpp/kebijakan/{kebijakan_id}"): allow(SIAPA_SAJA),
    ("GET", "/api/tpp/kebijakan/{kebijakan_id}/beda/{lama_id}"): allow(SIAPA_SAJA),
    ("POST", "/api/tpp/kebijakan"): allow(ADMIN_BKD, BPKAD),
    ("POST", "/api/tpp/kebijakan/{kebijakan_id}/aktifkan"): allow(ADMIN_BKD, BPKAD),
    ("POST", "/api/tpp/kebijakan/{kebijakan_id}/ingatkan"): allow(ADMIN_BKD, BPKAD),
    ("POST", "/api/tpp/impor/kehadiran"): allow(PENGELOLA, ADMIN_BKD),
    ("POST", "/api/tpp/impor/rekening"): allow(KEUANGAN_OPD, BPKAD),
    ("GET", "/api/tpp/profil-kehadiran"): allow(PENGELOLA, ADMIN_BKD),
    ("POST", "/api/tpp/profil-kehadiran"): allow(ADMIN_BKD),
    # What an attendance system sent and could not be taken.
    ("GET", "/api/tpp/presensi-tertahan"): allow(PENGELOLA, ADMIN_BKD, AUDITOR),
    ("POST", "/api/tpp/presensi-tertahan/terapkan"): allow(PENGELOLA, ADMIN_BKD),
    # When people work is for everyone to see; what is recorded of somebody is not.
    ("GET", "/api/tpp/kalender/{tahun}"): allow(SIAPA_SAJA),
    ("POST", "/api/tpp/kalender/{tahun}/ingatkan"): allow(SIAPA_SAJA),
    ("POST", "/api/tpp/kalender/hari-libur/{tanggal}/cabut"): allow(ADMIN_BKD),
    # Counts only, nobody's attendance.
    ("GET", "/api/tpp/kalender/hitung-ulang/{hitung_ulang_id}"): allow(SIAPA_SAJA),
    ("GET", "/api/tpp/kehadiran/{periode}/saya"): allow(DIRI),
    ("POST", "/api/tpp/kehadiran/{periode}/saya/ingatkan"): allow(DIRI),
    ("GET", "/api/tpp/kehadiran/{periode}/{pegawai_id}"): allow(DIRI, ATASAN, PENGELOLA, ADMIN_BKD, AUDITOR),
    ("GET", "/api/tpp/kehadiran/{periode}"): allow(ATASAN, PENGELOLA, ADMIN_BKD, AUDITOR),
    ("GET", "/api/tpp/kehadiran/{pegawai_id}/{tanggal}/riwayat"): allow(
        DIRI, ATASAN, PENGELOLA, ADMIN_BKD, AUDITOR
    ),
    ("POST", "/api/tpp/kehadiran/{pegawai_id}/{tanggal}/cabut"): allow(PENGELOLA, ADMIN_BKD),
    ("POST", "/api/tpp/koreksi-kehadiran"): allow(DIRI),
    ("GET", "/api/tpp/koreksi-kehadiran"): allow(ATASAN, PENGELOLA, ADMIN_BKD, AUDITOR),
    ("GET", "/api/tpp/koreksi-kehadiran/saya"): allow(DIRI),
    ("GET", "/api/tpp/koreksi-kehadiran/{permohonan_id}"): allow(DIRI, ATASAN, PENGELOLA, ADMIN_BKD, AUDITOR),
    ("POST", "/api/tpp/koreksi-kehadiran/{permohonan_id}/setujui"): allow(ATASAN, PENGELOLA),
    ("POST", "/api/tpp/koreksi-kehadiran/{permohonan_id}/tolak"): allow(ATASAN, PENGELOLA),
    ("POST", "/api/tpp/koreksi-kehadiran/{permohonan_id}/tarik"): allow(DIRI),
    ("POST", "/api/tpp/koreksi-kehadiran/{permohonan_id}/ingatkan"): allow(DIRI),
    ("GET", "/api/tpp/cuti"): allow(PENGELOLA, ADMIN_BKD, AUDITOR),
    ("GET", "/api/tpp/cuti/saya"): allow(DIRI),
    ("POST", "/api/tpp/cuti/{surat_id}/cabut"): allow(PENGELOLA, ADMIN_BKD),
    ("GET", "/api/tpp/sanksi"): allow(ADMIN_BKD, AUDITOR),
    ("GET", "/api/tpp/sanksi/saya"): allow(DIRI),
    ("POST", "/api/tpp/sanksi/{surat_id}/cabut"): allow(ADMIN_BKD),
    ("GET", "/api/tpp/peran"): allow(KEUANGAN_OPD, ADMIN_BKD, AUDITOR),
    ("GET", "/api/tpp/peran/saya"): allow(DIRI),
    ("POST", "/api/tpp/peran/{surat_id}/cabut"): allow(KEUANGAN_OPD, ADMIN_BKD),
    ("GET", "/api/tpp/rekening"): allow(KEUANGAN_OPD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/rekening/saya"): allow(DIRI),
    ("GET", "/api/tpp/rekening/{pegawai_id}"): allow(DIRI, KEUANGAN_OPD, BPKAD),
    ("GET", "/api/tpp/berkas"): allow(KEUANGAN_OPD, BPKAD),
    # Whole account numbers stand in these files.
    ("GET", "/api/tpp/berkas/{periode}/{kode}"): allow(KEUANGAN_OPD, BPKAD),
    # Whoever asked for a large file follows it and fetches it; nobody else sees it.
    ("GET", "/tpp/berkas"): allow(KEUANGAN_OPD, BPKAD),
    ("GET", "/tpp/berkas/baru"): allow(KEUANGAN_OPD, BPKAD),
    ("POST", "/tpp/berkas/baru"): allow(KEUANGAN_OPD, BPKAD),
    ("GET", "/tpp/berkas/{ekspor_id}"): allow(KEUANGAN_OPD, BPKAD),
    ("GET", "/tpp/berkas/{ekspor_id}/kemajuan"): allow(KEUANGAN_OPD, BPKAD),
    ("GET", "/tpp/berkas/{ekspor_id}/unduh"): allow(KEUANGAN_OPD, BPKAD),
    # Counts and progress only, no figure of anybody.
    ("GET", "/api/tpp/perhitungan/{periode}"): allow(
        PENGELOLA, PIMPINAN, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR
    ),
    ("POST", "/api/tpp/perhitungan/{periode}/jalankan"): allow(ADMIN_BKD),
    ("POST", "/api/tpp/perhitungan/{periode}/jeda"): allow(ADMIN_BKD),
    ("POST", "/api/tpp/perhitungan/{periode}/lanjutkan"): allow(ADMIN_BKD),
    ("POST", "/api/tpp/perhitungan/{periode}/ingatkan"): allow(
        PENGELOLA, PIMPINAN, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR
    ),
    ("GET", "/api/tpp/slip/{periode}/saya"): allow(DIRI),
    ("GET", "/api/tpp/slip/{periode}/{pegawai_id}"): allow(DIRI, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/slip-pdf/{periode}/saya"): allow(DIRI),
    ("GET", "/api/tpp/slip-pdf/{periode}/{pegawai_id}"): allow(DIRI, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    # Whoever holds the paper may ask whether it is genuine; the sealed token is what they must have.
    ("GET", "/api/tpp/daftar/{periode}"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/rekap/{periode}"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/rekonsiliasi/{periode}"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/rekonsiliasi/{periode}/xlsx"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/rekonsiliasi/{periode}/temuan"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("POST", "/api/tpp/rekonsiliasi/{periode}/banding"): allow(KEUANGAN_OPD, BPKAD),
    ("POST", "/api/tpp/rekonsiliasi/{periode}/banding/xlsx"): allow(KEUANGAN_OPD, BPKAD),
    ("GET", "/api/tpp/penetapan/{periode}"): allow(PIMPINAN, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("POST", "/api/tpp/penetapan/{periode}/{opd_kode}/verifikasi"): allow(KEUANGAN_OPD),
    ("POST", "/api/tpp/penetapan/{periode}/{opd_kode}/setujui"): allow(ADMIN_BKD),
    ("POST", "/api/tpp/penetapan/{periode}/{opd_kode}/kunci"): allow(BPKAD),
    ("POST", "/api/tpp/penetapan/{periode}/{opd_kode}/kembalikan"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD),
    ("GET", "/api/tpp/penetapan/{periode}/{opd_kode}/pemeriksaan"): allow(
        KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR
    ),
    ("POST", "/api/tpp/penetapan/{periode}/{opd_kode}/tanggapi"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD),
    ("GET", "/api/tpp/koreksi"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/koreksi/{periode}/antrean"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/koreksi/{periode}"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    # What no monthly payment settles: claimed and paid by the OPD's finance, noted by BPKAD.
    ("GET", "/api/tpp/penyelesaian"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/penyelesaian/{periode}/{pegawai_id}/{urutan}"): allow(
        KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR
    ),
    ("POST", "/api/tpp/penyelesaian/{periode}/{pegawai_id}/{urutan}"): allow(BPKAD),
    ("GET", "/tpp/penyelesaian"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/tpp/penyelesaian/{periode}/{pegawai_id}/{urutan}"): allow(
        KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR
    ),
    ("POST", "/tpp/penyelesaian/{periode}/{pegawai_id}/{urutan}"): allow(BPKAD),
    ("GET", "/api/tpp/slip"): allow(DIRI),
    ("POST", "/api/tpp/slip/{periode}/saya/ingatkan"): allow(DIRI),
    ("POST", "/api/tpp/penetapan/{periode}/{opd_kode}/ingatkan"): allow(
        PIMPINAN, KEUANGAN_OPD, ADMIN_BKD, BPKAD
    ),
    # Objections show a line of somebody's slip: for those who may see slips. Who cannot answer may remind.
    ("POST", "/api/tpp/keberatan"): allow(DIRI),
    ("GET", "/api/tpp/keberatan"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/keberatan/saya"): allow(DIRI),
    ("GET", "/api/tpp/keberatan/{keberatan_id}"): allow(DIRI, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("POST", "/api/tpp/keberatan/{keberatan_id}/jawab"): allow(KEUANGAN_OPD, ADMIN_BKD),
    ("POST", "/api/tpp/keberatan/{keberatan_id}/tarik"): allow(DIRI),
    ("POST", "/api/tpp/keberatan/{keberatan_id}/ingatkan"): allow(DIRI, KEUANGAN_OPD, BPKAD),
    # Pages.
    ("GET", "/tpp/saya/{periode}/keberatan"): allow(DIRI),
    ("POST", "/tpp/saya/{periode}/keberatan"): allow(DIRI),
    ("GET", "/tpp/keberatan"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/tpp/keberatan/{keberatan_id}"): allow(DIRI, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("POST", "/tpp/keberatan/{keberatan_id}/jawab"): allow(KEUANGAN_OPD, ADMIN_BKD),
    ("POST", "/tpp/keberatan/{keberatan_id}/tarik"): allow(DIRI),
    ("POST", "/tpp/keberatan/{keberatan_id}/ingatkan"): allow(DIRI, KEUANGAN_OPD, BPKAD),
    ("GET", "/tpp/saya"): allow(DIRI),
    ("GET", "/tpp/saya/{periode}"): allow(DIRI),
    ("POST", "/tpp/saya/{periode}/ingatkan/{kode}"): allow(DIRI),
    ("POST", "/tpp/saya/{periode}/andai/ingatkan/{kode}"): allow(DIRI),
    ("GET", "/tpp/slip/{periode}/{pegawai_id}"): allow(DIRI, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("POST", "/tpp/persetujuan/{periode}/{opd_kode}/ingatkan"): allow(
        PIMPINAN, KEUANGAN_OPD, ADMIN_BKD, BPKAD
    ),
    ("GET", "/tpp/fragmen/ringkasan"): allow(DIRI),
    # What a policy would change: sums down to a unit and a kelas, which may be one person.
    ("GET", "/api/tpp/andai"): allow(ADMIN_BKD, BPKAD, AUDITOR),
    ("POST", "/api/tpp/andai"): allow(ADMIN_BKD, BPKAD),
    ("POST", "/api/tpp/andai/kebijakan/{kebijakan_id}"): allow(ADMIN_BKD, BPKAD),
    ("GET", "/api/tpp/andai/{andai_id}"): allow(ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/andai/{andai_id}/hasil"): allow(ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/andai/{andai_id}/xlsx"): allow(ADMIN_BKD, BPKAD, AUDITOR),
    ("POST", "/api/tpp/andai/{andai_id}/hapus"): allow(ADMIN_BKD, BPKAD),
    ("GET", "/tpp/andai"): allow(ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/tpp/andai/baru"): allow(ADMIN_BKD, BPKAD),
    ("POST", "/tpp/andai/baru"): allow(ADMIN_BKD, BPKAD),
    ("GET", "/tpp/andai/{andai_id}"): allow(ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/tpp/andai/{andai_id}/kemajuan"): allow(ADMIN_BKD, BPKAD, AUDITOR),
    ("POST", "/tpp/andai/{andai_id}/hapus"): allow(ADMIN_BKD, BPKAD),
    ("GET", "/api/tpp/andai-saya"): allow(DIRI),
    ("GET", "/api/tpp/andai-saya/{periode}"): allow(DIRI),
    ("POST", "/api/tpp/andai-saya/{periode}/ingatkan"): allow(DIRI),
    ("GET", "/tpp/saya/{periode}/andai"): allow(DIRI),
    # Who may lose out this month and why: shares and reasons, no rupiah.
    ("GET", "/api/tpp/rawan/{periode}"): allow(PIMPINAN, PENGELOLA, KEUANGAN_OPD, ADMIN_BKD),
    ("POST", "/api/tpp/rawan/{periode}/{pegawai_id}/ingatkan"): allow(
        PIMPINAN, PENGELOLA, KEUANGAN_OPD, ADMIN_BKD
    ),
    ("GET", "/tpp/rawan"): allow(PIMPINAN, PENGELOLA, KEUANGAN_OPD, ADMIN_BKD),
    ("GET", "/tpp/rawan/{periode}"): allow(PIMPINAN, PENGELOLA, KEUANGAN_OPD, ADMIN_BKD),
    ("POST", "/tpp/rawan/{periode}/{pegawai_id}/ingatkan/{kode}"): allow(
        PIMPINAN, PENGELOLA, KEUANGAN_OPD, ADMIN_BKD
    ),
    # Administration.
    # One's own attendance, and corrections of it.
    ("GET", "/tpp/kehadiran"): allow(DIRI),
    ("GET", "/tpp/kehadiran/{periode}"): allow(DIRI),
    ("POST", "/tpp/kehadiran/{periode}/ingatkan"): allow(DIRI),
    ("GET", "/tpp/kehadiran/koreksi/{tanggal}"): allow(DIRI),
    ("POST", "/tpp/kehadiran/koreksi/{tanggal}"): allow(DIRI),
    ("POST", "/tpp/kehadiran/tarik/{permohonan_id}"): allow(DIRI),
    # Days of others, and one that is taken back.
    ("GET", "/tpp/kehadiran-pegawai"): allow(ATASAN, PENGELOLA, ADMIN_BKD, AUDITOR),
    ("GET", "/tpp/kehadiran-pegawai/{periode}"): allow(ATASAN, PENGELOLA, ADMIN_BKD, AUDITOR),
    ("GET", "/tpp/kehadiran-pegawai/{periode}/{pegawai_id}"): allow(ATASAN, PENGELOLA, ADMIN_BKD, AUDITOR),
    ("GET", "/tpp/kehadiran-pegawai/hari/{pegawai_id}/{tanggal}"): allow(
        ATASAN, PENGELOLA, ADMIN_BKD, AUDITOR
    ),
    ("POST", "/tpp/kehadiran-pegawai/hari/{pegawai_id}/{tanggal}/cabut"): allow(PENGELOLA, ADMIN_BKD),
    ("GET", "/tpp/koreksi-kehadiran"): allow(ATASAN, PENGELOLA, ADMIN_BKD, AUDITOR),
    ("GET", "/tpp/koreksi-kehadiran/{permohonan_id}"): allow(DIRI, ATASAN, PENGELOLA, ADMIN_BKD, AUDITOR),
    ("POST", "/tpp/koreksi-kehadiran/{permohonan_id}/ingatkan"): allow(DIRI),
    ("POST", "/tpp/koreksi-kehadiran/{permohonan_id}/setujui"): allow(ATASAN, PENGELOLA),
    ("POST", "/tpp/koreksi-kehadiran/{permohonan_id}/tolak"): allow(ATASAN, PENGELOLA),
    ("GET", "/tpp/presensi-tertahan"): allow(PENGELOLA, ADMIN_BKD, AUDITOR),
    ("POST", "/tpp/presensi-tertahan/terapkan"): allow(PENGELOLA, ADMIN_BKD),
    ("GET", "/tpp/kalender"): allow(SIAPA_SAJA),
    ("GET", "/tpp/kalender/{tahun}"): allow(SIAPA_SAJA),
    ("POST", "/tpp/kalender/{tahun}/ingatkan"): allow(SIAPA_SAJA),
    ("GET", "/tpp/kalender/hitung-ulang/kemajuan"): allow(SIAPA_SAJA),
    ("GET", "/tpp/kalender/hari-libur/{tanggal}"): allow(ADMIN_BKD),
    ("POST", "/tpp/kalender/hari-libur/{tanggal}/cabut"): allow(ADMIN_BKD),
    ("GET", "/tpp/kebijakan"): allow(SIAPA_SAJA),
    ("GET", "/tpp/kebijakan/contoh"): allow(SIAPA_SAJA),
    ("GET", "/tpp/kebijakan/unggah"): allow(ADMIN_BKD, BPKAD),
    ("POST", "/tpp/kebijakan/unggah"): allow(ADMIN_BKD, BPKAD),
    ("GET", "/tpp/kebijakan/{kebijakan_id}"): allow(SIAPA_SAJA),
    ("POST", "/tpp/kebijakan/{kebijakan_id}/aktifkan"): allow(ADMIN_BKD, BPKAD),
    ("POST", "/tpp/kebijakan/{kebijakan_id}/ingatkan"): allow(ADMIN_BKD, BPKAD),
    ("GET", "/tpp/perhitungan"): allow(PENGELOLA, PIMPINAN, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/tpp/perhitungan/{periode}"): allow(
        PENGELOLA, PIMPINAN, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR
    ),
    ("GET", "/tpp/perhitungan/{periode}/kemajuan"): allow(
        PENGELOLA, PIMPINAN, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR
    ),
    ("GET", "/tpp/perhitungan/{periode}/menunggu"): allow(
        PENGELOLA, PIMPINAN, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR
    ),
    ("POST", "/tpp/perhitungan/{periode}/jalankan"): allow(ADMIN_BKD),
    ("POST", "/tpp/perhitungan/{periode}/jeda"): allow(ADMIN_BKD),
    ("POST", "/tpp/perhitungan/{periode}/lanjutkan"): allow(ADMIN_BKD),
    ("POST", "/tpp/perhitungan/{periode}/ingatkan"): allow(
        PENGELOLA, PIMPINAN, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR
    ),
    ("GET", "/tpp/rekap"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/tpp/rekap/{periode}"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/tpp/rekap/{periode}/rekap.csv"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/tpp/daftar/{periode}"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/tpp/persetujuan"): allow(PIMPINAN, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/tpp/persetujuan/{periode}"): allow(PIMPINAN, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/tpp/persetujuan/{periode}/{opd_kode}"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("POST", "/tpp/persetujuan/{periode}/{opd_kode}/verifikasi"): allow(KEUANGAN_OPD),
    ("POST", "/tpp/persetujuan/{periode}/{opd_kode}/setujui"): allow(ADMIN_BKD),
    ("POST", "/tpp/persetujuan/{periode}/{opd_kode}/kunci"): allow(BPKAD),
    ("POST", "/tpp/persetujuan/{periode}/{opd_kode}/kembalikan"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD),
    ("POST", "/tpp/persetujuan/{periode}/{opd_kode}/tanggapi"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD),
    ("POST", "/tpp/persetujuan/{periode}/{opd_kode}/batalkan"): allow(BPKAD),
    ("POST", "/tpp/persetujuan/{periode}/{opd_kode}/serahkan-sisa"): allow(BPKAD),
    # Whoever holds a document may ask whether it is ours; the page tells nothing about the person.
    ("POST", "/api/tpp/slip/{periode}/kode"): allow(DIRI),
    ("GET", "/tpp/verifikasi/{token}"): public(),
    ("POST", "/api/tpp/penetapan/{periode}/{opd_kode}/batalkan"): allow(BPKAD),
    ("POST", "/api/tpp/penetapan/{periode}/{opd_kode}/serahkan-sisa"): allow(BPKAD),
    ("GET", "/api/tpp/.well-known/jwks.json"): public(),
}
_IMPOR = {
    "hari-libur": allow(ADMIN_BKD),
    "jam-kerja": allow(ADMIN_BKD),
    "shift": allow(ADMIN_BKD),
    "regu": allow(ADMIN_BKD),
    "anggota-regu": allow(PENGELOLA, ADMIN_BKD),
    "jadwal": allow(PENGELOLA, ADMIN_BKD),
    "cuti": allow(PENGELOLA, ADMIN_BKD),
    "sanksi": allow(ADMIN_BKD),
    "peran": allow(KEUANGAN_OPD, ADMIN_BKD),
    "gaji": allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD),
    "ptkp": allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD),
    "saldo-pajak": allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD),
    "aktivitas": allow(PENGELOLA, ADMIN_BKD),
    "pajak-luar": allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD),
    "fakta-daerah": allow(PENGELOLA, ADMIN_BKD),
    "eselon": allow(ADMIN_BKD),
    "lokasi": allow(PENGELOLA, ADMIN_BKD),
    "zakat": allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD),
    "potongan": allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD),
}
# What came by mistake is taken back by whoever may send it.
_IMPOR |= {
    f"cabut-{_nama}": _IMPOR[_nama] for _nama in ("gaji", "ptkp", "saldo-pajak", "aktivitas", "pajak-luar")
}
# Pages of what payroll answered and of corrections after the lock: each as its API.
AUTHZ["GET", "/tpp/rekonsiliasi"] = AUTHZ["GET", "/api/tpp/rekonsiliasi/{periode}"]
AUTHZ["GET", "/tpp/rekonsiliasi/{periode}"] = AUTHZ["GET", "/api/tpp/rekonsiliasi/{periode}"]
for _cara in ("GET", "POST"):
    AUTHZ[_cara, "/tpp/rekonsiliasi/{periode}/banding"] = AUTHZ[
        "POST", "/api/tpp/rekonsiliasi/{periode}/banding"
    ]
for _halaman in ("/tpp/rapel", "/tpp/rapel/{periode}", "/tpp/rapel/{periode}/rapel.csv"):
    AUTHZ["GET", _halaman] = AUTHZ["GET", "/api/tpp/koreksi/{periode}"]
# Pages of mapping profiles: read and tried by who imports attendance, written by admin BKD.
AUTHZ["GET", "/tpp/profil-kehadiran"] = allow(PENGELOLA, ADMIN_BKD)
AUTHZ["GET", "/tpp/profil-kehadiran/tulis"] = allow(ADMIN_BKD)
AUTHZ["POST", "/tpp/profil-kehadiran/tulis"] = allow(ADMIN_BKD)
AUTHZ["GET", "/tpp/profil-kehadiran/{kode}"] = allow(PENGELOLA, ADMIN_BKD)
AUTHZ["POST", "/tpp/profil-kehadiran/{kode}"] = allow(PENGELOLA, ADMIN_BKD)
# Pages of letters: each kind as its list and its withdrawal in the API.
AUTHZ["GET", "/tpp/surat"] = allow(PENGELOLA, KEUANGAN_OPD, ADMIN_BKD, AUDITOR)
AUTHZ["GET", "/tpp/surat/saya"] = allow(DIRI)
for _jenis in ("cuti", "sanksi", "peran"):
    AUTHZ["GET", f"/tpp/surat/{_jenis}"] = AUTHZ["GET", f"/api/tpp/{_jenis}"]
    AUTHZ["GET", f"/tpp/surat/{_jenis}/{{surat_id}}"] = AUTHZ["GET", f"/api/tpp/{_jenis}"]
    AUTHZ["POST", f"/tpp/surat/{_jenis}/{{surat_id}}/cabut"] = AUTHZ[
        "POST", f"/api/tpp/{_jenis}/{{surat_id}}/cabut"
    ]
# Facts that policies ask for: written and taken back by who imports them, read by auditors as well.
AUTHZ["GET", "/api/tpp/fakta/saya"] = allow(DIRI)
AUTHZ["GET", "/tpp/fakta/saya"] = allow(DIRI)
AUTHZ["GET", "/tpp/fakta"] = allow(PENGELOLA, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR)
for _jenis in ("fakta-daerah", "eselon", "lokasi", "zakat", "potongan"):
    for _depan in ("/api/tpp/fakta", "/tpp/fakta"):
        AUTHZ["GET", f"{_depan}/{_jenis}"] = allow(*_IMPOR[_jenis].grants, AUDITOR)
        AUTHZ["POST", f"{_depan}/{_jenis}/{{fakta_id}}/cabut"] = _IMPOR[_jenis]
    AUTHZ["GET", f"/tpp/fakta/{_jenis}/{{fakta_id}}/cabut"] = _IMPOR[_jenis]
# Accounts: lists are masked; whole ones are for who pays, and one's own.
AUTHZ["POST", "/api/tpp/rekening/saya/ingatkan"] = allow(DIRI)
AUTHZ["POST", "/api/tpp/rekening/ingatkan/{opd_kode}"] = allow(BPKAD)
AUTHZ["GET", "/tpp/rekening"] = AUTHZ["GET", "/api/tpp/rekening"]
AUTHZ["POST", "/tpp/rekening/ingatkan/{opd_kode}"] = allow(BPKAD)
AUTHZ["GET", "/tpp/rekening/saya"] = allow(DIRI)
AUTHZ["POST", "/tpp/rekening/saya/ingatkan"] = allow(DIRI)
AUTHZ["GET", "/tpp/rekening/{pegawai_id}"] = allow(KEUANGAN_OPD, BPKAD)
AUTHZ["GET", "/tpp/rekening/{pegawai_id}/lengkap"] = allow(KEUANGAN_OPD, BPKAD)
AUTHZ |= import_rows("/tpp/impor/rekening", AUTHZ["POST", "/api/tpp/impor/rekening"])
for _nama, _rule in _IMPOR.items():
    AUTHZ["POST", f"/api/tpp/impor/{_nama}"] = _rule
    AUTHZ |= import_rows(f"/tpp/impor/{_nama}", _rule)
AUTHZ |= import_rows("/tpp/impor/kehadiran", AUTHZ["POST", "/api/tpp/impor/kehadiran"])
AUTHZ |= letter_rows("/tpp/surat-mati")
