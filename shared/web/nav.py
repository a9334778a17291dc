"""The menu and the home page's cards: addresses of pages, by role. One line for each; services add their own.

A test holds every address to a page route of its service and to that route's roles.
"""

from dataclasses import dataclass

from shared.auth.guard import Principal


@dataclass(frozen=True, slots=True)
class Item:
    """A menu entry; `roles` empty: everyone who is logged in. `also`: other places that belong to it."""

    label: str
    path: str
    icon: str
    roles: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def depth(self, path: str) -> int:
        """How closely a page belongs here: the length of the address it lies under; 0 when it does not."""
        above = [one for one in (self.path, *self.also) if f"{path}/".startswith(f"{one.rstrip('/')}/")]
        return max(map(len, above), default=0)

    def shown_to(self, who: Principal) -> bool:
        """Whether somebody with these roles gets to see it."""
        return not self.roles or any(who.holds(role) for role in self.roles)


@dataclass(frozen=True, slots=True)
class Section:
    """Entries that belong together; the first, without a title, is everybody's daily work."""

    title: str
    items: tuple[Item, ...]


SECTIONS = (
    Section(
        "",
        (
            Item("Beranda", "/", icon="home"),
            Item("SKP saya", "/skp/rencana", icon="target-arrow"),
            Item("Realisasi", "/skp/realisasi", icon="calendar-check"),
            Item("SKP bawahan", "/skp/bawahan", icon="users-group", roles=("atasan", "admin_bkd")),
            Item("Penilaian", "/penilaian", icon="star"),
            Item("TPP saya", "/tpp/saya", icon="cash", also=("/tpp/rekening/saya",)),
            Item("Kehadiran saya", "/tpp/kehadiran", icon="clock-check", also=("/tpp/surat/saya",)),
            Item(
                "Koreksi kehadiran",
                "/tpp/koreksi-kehadiran",
                icon="clock-edit",
                roles=("atasan", "admin_bkd", "auditor"),
            ),
            Item("Kotak masuk", "/notifikasi", icon="inbox"),
        ),
    ),
    Section(
        "Aturan",
        (
            Item(
                "Kalender kerja",
                "/tpp/kalender",
                icon="calendar-event",
                also=tuple(
                    f"/tpp/impor/{kind}"
                    for kind in ("hari-libur", "jam-kerja", "shift", "regu", "anggota-regu", "jadwal")
                ),
            ),
            Item("Kebijakan TPP", "/tpp/kebijakan", icon="scale"),
            Item("Periode", "/skp/periode", icon="calendar", roles=("admin_bkd",)),
        ),
    ),
    Section(
        "Kepegawaian",
        (
            Item(
                "Monitoring",
                "/penilaian/monev",
                icon="chart-bar",
                roles=("pengelola", "pimpinan", "admin_bkd", "auditor"),
            ),
            Item(
                "Pegawai",
                "/skp/pegawai",
                icon="users",
                roles=("pengelola", "pimpinan", "admin_bkd", "auditor"),
            ),
            Item("Akun dan peran", "/skp/akun", icon="user-cog", roles=("pengelola", "admin_bkd", "auditor")),
            Item("Impor kepegawaian", "/skp/impor", icon="file-import", roles=("admin_bkd",)),
            Item(
                "Surat kepegawaian",
                "/tpp/surat",
                icon="mail",
                roles=("pengelola", "keuangan_opd", "admin_bkd", "auditor"),
            ),
            Item(
                "Impor cuti dan dinas",
                "/tpp/impor/cuti",
                icon="file-import",
                roles=("pengelola", "admin_bkd"),
            ),
            Item("Impor hukuman disiplin", "/tpp/impor/sanksi", icon="file-import", roles=("admin_bkd",)),
            Item(
                "Impor peran tambahan",
                "/tpp/impor/peran",
                icon="file-import",
                roles=("keuangan_opd", "admin_bkd"),
            ),
        ),
    ),
    Section(
        "Kehadiran",
        (
            Item(
                "Kehadiran pegawai",
                "/tpp/kehadiran-pegawai",
                icon="clock-search",
                roles=("pengelola", "admin_bkd", "auditor"),
            ),
            Item("Impor kehadiran", "/tpp/impor/kehadiran", icon="clock", roles=("pengelola", "admin_bkd")),
            Item(
                "Profil berkas kehadiran",
                "/tpp/profil-kehadiran",
                icon="file-settings",
                roles=("pengelola", "admin_bkd"),
            ),
            Item(
                "Kehadiran tertahan",
                "/tpp/presensi-tertahan",
                icon="clock-exclamation",
                roles=("pengelola", "admin_bkd", "auditor"),
            ),
            Item(
                "Impor aktivitas",
                "/tpp/impor/aktivitas",
                icon="file-import",
                roles=("pengelola", "admin_bkd"),
            ),
        ),
    ),
    Section(
        "TPP",
        (
            Item(
                "Perhitungan TPP",
                "/tpp/perhitungan",
                icon="calculator",
                roles=("pengelola", "pimpinan", "keuangan_opd", "admin_bkd", "bpkad", "auditor"),
            ),
            Item(
                "Persetujuan TPP",
                "/tpp/persetujuan",
                icon="checks",
                roles=("pimpinan", "keuangan_opd", "admin_bkd", "bpkad", "auditor"),
            ),
            Item(
                "Rekap TPP",
                "/tpp/rekap",
                icon="report-money",
                roles=("keuangan_opd", "admin_bkd", "bpkad", "auditor"),
                also=("/tpp/daftar", "/tpp/slip"),
            ),
            Item(
                "Rekening pegawai",
                "/tpp/rekening",
                icon="credit-card",
                roles=("keuangan_opd", "bpkad", "auditor"),
                also=("/tpp/impor/rekening",),
            ),
            Item(
                "Rekonsiliasi pembayaran",
                "/tpp/rekonsiliasi",
                icon="arrows-exchange",
                roles=("keuangan_opd", "admin_bkd", "bpkad", "auditor"),
            ),
            Item(
                "Rapel",
                "/tpp/rapel",
                icon="history",
                roles=("keuangan_opd", "admin_bkd", "bpkad", "auditor"),
            ),
            Item(
                "Penyelesaian koreksi",
                "/tpp/penyelesaian",
                icon="receipt-refund",
                roles=("keuangan_opd", "admin_bkd", "bpkad", "auditor"),
            ),
            Item("Berkas pembayaran", "/tpp/berkas", icon="file-download", roles=("keuangan_opd", "bpkad")),
            Item(
                "Keberatan TPP",
                "/tpp/keberatan",
                icon="message-report",
                roles=("keuangan_opd", "admin_bkd", "bpkad", "auditor"),
            ),
            Item(
                "TPP perlu perhatian",
                "/tpp/rawan",
                icon="alert-triangle",
                roles=("pimpinan", "pengelola", "keuangan_opd", "admin_bkd"),
            ),
            Item(
                "Simulasi anggaran",
                "/tpp/andai",
                icon="chart-histogram",
                roles=("admin_bkd", "bpkad", "auditor"),
            ),
        ),
    ),
    Section(
        "Gaji dan pajak",
        (
            Item(
                "Fakta lain bagi TPP",
                "/tpp/fakta",
                icon="list-details",
                roles=("pengelola", "keuangan_opd", "admin_bkd", "bpkad", "auditor"),
                also=tuple(
                    f"/tpp/impor/{kind}" for kind in ("fakta-daerah", "eselon", "lokasi", "zakat", "potongan")
                ),
            ),
            Item("Impor gaji", "/tpp/impor/gaji", icon="cash", roles=("keuangan_opd", "admin_bkd", "bpkad")),
            Item(
                "Impor PTKP",
                "/tpp/impor/ptkp",
                icon="file-import",
                roles=("keuangan_opd", "admin_bkd", "bpkad"),
            ),
            Item(
                "Impor saldo pajak",
                "/tpp/impor/saldo-pajak",
                icon="file-import",
                roles=("keuangan_opd", "admin_bkd", "bpkad"),
            ),
            Item(
                "Impor PPh 21 dari luar",
                "/tpp/impor/pajak-luar",
                icon="file-import",
                roles=("keuangan_opd", "admin_bkd", "bpkad"),
            ),
        ),
    ),
    Section(
        "Sistem",
        (
            Item(
                "Surat mati",
                "/skp/surat-mati",
                icon="mail-off",
                roles=("sysadmin",),
                also=("/penilaian/surat-mati", "/tpp/surat-mati", "/notifikasi/surat-mati"),
            ),
        ),
    ),
)
MENU = tuple(item for section in SECTIONS for item in section.items)

OFFLINE = ("/skp/kiriman", "/skp/realisasi/baru")
"""Pages that open without signal: each person's device keeps its newest copy, fetched ahead, until logout.

Only what is needed to write down work. No page with pay or with other people's data.
"""


@dataclass(frozen=True, slots=True)
class Card:
    """A card of the home page, rendered by the service that owns it."""

    title: str
    path: str


CARDS = (
    Card("SKP dan realisasi", "/skp/fragmen/ringkasan"),
    Card("Penilaian", "/penilaian/fragmen/ringkasan"),
    Card("TPP", "/tpp/fragmen/ringkasan"),
    Card("Kotak masuk", "/notifikasi/fragmen/ringkasan"),
)
