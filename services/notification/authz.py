"""Who may do what in notification: everyone with their own inbox, nobody with another's."""

from shared.auth.guard import DIRI, AuthzTable, allow
from shared.web.letters import letter_rows

AUTHZ: AuthzTable = {
    ("GET", "/api/notifikasi/kotak"): allow(DIRI),
    ("GET", "/api/notifikasi/jumlah"): allow(DIRI),
    ("POST", "/api/notifikasi/{id}/dibaca"): allow(DIRI),
    ("POST", "/api/notifikasi/dibaca-semua"): allow(DIRI),
    # Pages.
    ("GET", "/notifikasi"): allow(DIRI),
    ("GET", "/notifikasi/fragmen/lencana"): allow(DIRI),
    ("POST", "/notifikasi/dibaca-semua"): allow(DIRI),
    ("POST", "/notifikasi/{id}/dibaca"): allow(DIRI),
    ("GET", "/notifikasi/fragmen/ringkasan"): allow(DIRI),
}
AUTHZ |= letter_rows("/notifikasi/surat-mati")
