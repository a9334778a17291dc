"""Who may do what in skp."""

from shared.auth.guard import (
    ADMIN_BKD,
    ATASAN,
    AUDITOR,
    DIRI,
    PENGELOLA,
    PIMPINAN,
    SIAPA_SAJA,
    AuthzTable,
    allow,
    public,
)

AUTHZ: AuthzTable = {
    ("POST", "/api/skp/masuk"): public(),
    ("POST", "/api/skp/aktivasi"): public(),
    ("GET", "/.well-known/jwks.json"): public(),
    ("POST", "/api/skp/akun/kode-aktivasi"): allow(ADMIN_BKD, PENGELOLA),
    ("PUT", "/api/skp/akun/{pegawai_id}/peran"): allow(ADMIN_BKD),
    ("GET", "/api/skp/saya"): allow(SIAPA_SAJA),
    ("POST", "/api/skp/impor/organisasi"): allow(ADMIN_BKD),
    ("GET", "/api/skp/periode"): allow(SIAPA_SAJA),
    ("POST", "/api/skp/periode"): allow(ADMIN_BKD),
    ("GET", "/api/skp/periode/{periode}"): allow(SIAPA_SAJA),
    ("POST", "/api/skp/periode/{periode}/tutup-pengiriman"): allow(ADMIN_BKD),
    ("POST", "/api/skp/periode/{periode}/tutup"): allow(ADMIN_BKD),
    ("POST", "/api/skp/periode/{periode}/buka-kembali"): allow(ADMIN_BKD),
    ("GET", "/api/skp/skp"): allow(DIRI, ATASAN, PENGELOLA, PIMPINAN, ADMIN_BKD, AUDITOR),
    ("POST", "/api/skp/skp"): allow(DIRI),
    ("GET", "/api/skp/skp/{skp_id}"): allow(DIRI, ATASAN, PENGELOLA, PIMPINAN, ADMIN_BKD, AUDITOR),
    ("PUT", "/api/skp/skp/{skp_id}"): allow(DIRI),
    ("POST", "/api/skp/skp/{skp_id}/ajukan"): allow(DIRI),
    # Admin BKD only for people without atasan; the command holds to that.
    ("POST", "/api/skp/skp/{skp_id}/setujui"): allow(ATASAN, ADMIN_BKD),
    ("POST", "/api/skp/skp/{skp_id}/kembalikan"): allow(ATASAN, ADMIN_BKD),
    ("GET", "/api/skp/rhk-atasan"): allow(DIRI),
    ("PUT", "/api/skp/bukti/{sha256}"): allow(DIRI),
    ("GET", "/api/skp/bukti/{sha256}"): allow(DIRI, ATASAN, PENGELOLA, PIMPINAN, ADMIN_BKD, AUDITOR),
    ("GET", "/api/skp/realisasi"): allow(DIRI, ATASAN, PENGELOLA, PIMPINAN, ADMIN_BKD, AUDITOR),
    ("POST", "/api/skp/realisasi"): allow(DIRI),
}
