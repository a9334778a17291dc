"""Whom a closing leaves out, on the page of the month; given back so that other journeys do not meet them."""

from deploy.demo.perintah import ADMIN_NIP
from tests.browser import november
from tests.browser.conftest import Visit
from tests.component.helpers import buku
from tests.dunia import Dunia

NIP = "198011112005011371"
NAMA = "Raden Mas Hadikusumo Wiryawan Prasetyo Adiwinata, S.Sos., M.A.P."


def impor(dunia: Dunia, maksud: str, aktif: str, *tempat: list[str]) -> None:
    """The person as the personnel office sends them, with placements."""
    told = dunia.jalankan(
        dunia.klien.kirim(
            ADMIN_NIP,
            f"terlepas-{maksud}",
            "POST",
            "/api/skp/impor/organisasi",
            isi=buku(
                {
                    "Pegawai": [
                        ["nip", "nama", "status", "golongan", "email", "aktif"],
                        [NIP, NAMA, "PNS", "III/d", "", aktif],
                    ],
                    "Penempatan": [["nip", "jabatan", "mulai", "sebagai", "status"], *tempat],
                }
            ),
            berkas="terlepas.xlsx",
        )
    )
    assert told["diterapkan"], told


def test_a_month_names_whom_its_closing_leaves_out(visit: Visit, dunia: Dunia) -> None:
    november.buka(dunia)
    staff = next(o for o in dunia.pemda.orang if dunia.pemda.jabatan[o.jabatan].jenis == "Pelaksana")
    place = [NIP, staff.jabatan, "2026-01-01", "definitif", ""]
    impor(dunia, "masuk", "ya", place)
    with visit("admin") as who:
        impor(dunia, "tengah", "ya", place, [NIP, staff.jabatan, "2026-11-19", "definitif", "Berhenti"])
        who.open(f"/skp/periode/{november.BULAN}")
        who.sees("orang berhenti bertugas di tengah bulan ini.")
        who.sees(NAMA)
        impor(dunia, "keluar", "tidak", place)
        who.page.reload()
        who.sees("orang dinonaktifkan dan tidak ikut bulan ini.")
        who.page.locator("summary", has_text="Tutup bulan").click()
        who.sees("orang yang dinonaktifkan tidak ikut.")
        who.check("periode-terlepas")
        who.page.get_by_role("link", name=NAMA).click()
        who.sees("Riwayat penempatan")
        # Out of service before the month: nothing is lost, and nothing said.
        impor(dunia, "pensiun", "tidak", place, [NIP, staff.jabatan, "2026-11-01", "definitif", "Berhenti"])
        who.open(f"/skp/periode/{november.BULAN}")
        assert NAMA not in who.page.inner_text("main")
