"""Who may do what in tpp. Pay data is for the person, the OPD's finance, BKD, BPKAD and auditors only."""

from shared.auth.guard import (
    ADMIN_BKD,
    AUDITOR,
    BPKAD,
    DIRI,
    KEUANGAN_OPD,
    PENGELOLA,
    PIMPINAN,
    SIAPA_SAJA,
    AuthzTable,
    allow,
)

AUTHZ: AuthzTable = {
    # The policy is regional law: everyone may read what their pay follows from.
    ("GET", "/api/tpp/kebijakan"): allow(SIAPA_SAJA),
    ("GET", "/api/tpp/kebijakan/{kebijakan_id}"): allow(SIAPA_SAJA),
    ("GET", "/api/tpp/kebijakan/{kebijakan_id}/beda/{lama_id}"): allow(SIAPA_SAJA),
    ("POST", "/api/tpp/kebijakan"): allow(ADMIN_BKD, BPKAD),
    ("POST", "/api/tpp/kebijakan/{kebijakan_id}/aktifkan"): allow(ADMIN_BKD, BPKAD),
    ("POST", "/api/tpp/impor/kehadiran"): allow(PENGELOLA, ADMIN_BKD),
    ("POST", "/api/tpp/impor/gaji"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD),
    # Counts and progress only, no figure of anybody.
    ("GET", "/api/tpp/perhitungan/{periode}"): allow(
        PENGELOLA, PIMPINAN, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR
    ),
    ("POST", "/api/tpp/perhitungan/{periode}/jalankan"): allow(ADMIN_BKD),
    ("GET", "/api/tpp/slip/{periode}/saya"): allow(DIRI),
    ("GET", "/api/tpp/slip/{periode}/{pegawai_id}"): allow(DIRI, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/daftar/{periode}"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/rekap/{periode}"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("GET", "/api/tpp/penetapan/{periode}"): allow(PIMPINAN, KEUANGAN_OPD, ADMIN_BKD, BPKAD, AUDITOR),
    ("POST", "/api/tpp/penetapan/{periode}/{opd_kode}/verifikasi"): allow(KEUANGAN_OPD),
    ("POST", "/api/tpp/penetapan/{periode}/{opd_kode}/setujui"): allow(ADMIN_BKD),
    ("POST", "/api/tpp/penetapan/{periode}/{opd_kode}/kunci"): allow(BPKAD),
    ("POST", "/api/tpp/penetapan/{periode}/{opd_kode}/kembalikan"): allow(KEUANGAN_OPD, ADMIN_BKD, BPKAD),
}
