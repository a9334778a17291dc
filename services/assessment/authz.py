"""Who may do what in assessment."""

from shared.auth.guard import (
    ADMIN_BKD,
    ATASAN,
    AUDITOR,
    DIRI,
    PENGELOLA,
    PIMPINAN,
    AuthzTable,
    allow,
)
from shared.web.letters import letter_rows

AUTHZ: AuthzTable = {
    ("GET", "/api/penilaian/{periode}/bawahan"): allow(ATASAN, ADMIN_BKD),
    ("GET", "/api/penilaian/{periode}/status"): allow(PENGELOLA, PIMPINAN, ADMIN_BKD, AUDITOR),
    ("GET", "/api/penilaian/{periode}/pegawai/{pegawai_id}"): allow(
        DIRI, ATASAN, PENGELOLA, PIMPINAN, ADMIN_BKD, AUDITOR
    ),
    # Admin BKD only for people without atasan; the command holds to that.
    ("POST", "/api/penilaian/{periode}/pegawai/{pegawai_id}"): allow(ATASAN, ADMIN_BKD),
    ("POST", "/api/penilaian/{periode}/banyak"): allow(ATASAN, ADMIN_BKD),
    ("GET", "/api/penilaian/saya"): allow(DIRI),
    ("POST", "/api/penilaian/{periode}/pegawai/{pegawai_id}/ingatkan"): allow(DIRI, ATASAN),
    # Pages.
    ("GET", "/penilaian/fragmen/ringkasan"): allow(DIRI),
    ("GET", "/penilaian"): allow(DIRI),
    ("GET", "/penilaian/bawahan"): allow(ATASAN, ADMIN_BKD),
    ("GET", "/penilaian/bawahan/{periode}"): allow(ATASAN, ADMIN_BKD),
    ("POST", "/penilaian/bawahan/{periode}"): allow(ATASAN, ADMIN_BKD),
    ("POST", "/penilaian/bawahan/{periode}/ingatkan"): allow(ATASAN),
    ("POST", "/api/penilaian/{periode}/bawahan/ingatkan"): allow(ATASAN),
    ("GET", "/penilaian/pegawai/{periode}/{pegawai_id}"): allow(
        DIRI, ATASAN, PENGELOLA, PIMPINAN, ADMIN_BKD, AUDITOR
    ),
    ("POST", "/penilaian/pegawai/{periode}/{pegawai_id}/ingatkan"): allow(DIRI, ATASAN),
    # Monitoring.
    ("GET", "/penilaian/monev"): allow(PENGELOLA, PIMPINAN, ADMIN_BKD, AUDITOR),
    ("GET", "/penilaian/monev/{periode}"): allow(PENGELOLA, PIMPINAN, ADMIN_BKD, AUDITOR),
    ("GET", "/penilaian/monev/{periode}/opd.csv"): allow(PENGELOLA, PIMPINAN, ADMIN_BKD, AUDITOR),
    ("GET", "/penilaian/monev/{periode}/{opd_kode}"): allow(PENGELOLA, PIMPINAN, ADMIN_BKD, AUDITOR),
    ("GET", "/penilaian/monev/{periode}/{opd_kode}/orang.csv"): allow(
        PENGELOLA, PIMPINAN, ADMIN_BKD, AUDITOR
    ),
}
AUTHZ |= letter_rows("/penilaian/surat-mati")
