"""Letters looked through and taken back; an attendance profile tried with a sample, its faults at lines."""

from importlib.resources import files
from uuid import uuid4

from deploy.demo.perintah import ADMIN_NIP
from tests.browser.conftest import Visit, person
from tests.dunia import Dunia

_CUTI = "nip;jenis;mulai;sampai;nomor surat;keterangan\n"


def _opd_orang(dunia: Dunia) -> list[str]:
    """NIP of the people of the pengelola's OPD."""
    opd = next(iter(dunia.bulan.pejabat.pengelola))
    return [one.nip for one in dunia.pemda.orang if one.opd == opd]


def test_letters_are_found_and_taken_back_with_a_reason(visit: Visit, dunia: Dunia) -> None:
    people = _opd_orang(dunia)
    long = "Mendampingi tim evaluasi penyelenggaraan pemerintahan daerah tingkat provinsi"
    rows = "".join(
        f"{nip};{jenis};2027-03-{day:02};2027-03-{day:02};800/{day}/BKPSDM-PENILAIAN/III/2027;{long}\n"
        for nip in people[:3]
        for day, jenis in ((1, "tahunan"), (2, "dinas luar"))
    )
    dunia.jalankan(
        dunia.klien.kirim(
            ADMIN_NIP,
            str(uuid4()),
            "POST",
            "/api/tpp/impor/cuti",
            isi=(_CUTI + rows).encode(),
            berkas="cuti.csv",
        )
    )
    with visit("pegawai", allow=("403",)) as who:
        who.open("/tpp/surat", 403)
    with visit("pengelola", allow=("422",)) as who:
        who.open("/tpp/surat")
        who.sees("800/1/BKPSDM-PENILAIAN/III/2027")
        who.check("surat-daftar")
        who.fill("Cari", people[0])
        who.press("Tampilkan")
        assert who.page.locator("tbody tr").count() == 2
        who.page.get_by_role("link", name="Tahunan").click()
        who.press("Cabut surat")
        who.check("surat-cabut-salah")
        who.fill("Alasan", "Pegawai tidak jadi cuti")
        who.press("Cabut surat")
        who.sees("Surat dicabut.")
        who.open("/tpp/surat/cuti?cari=999")
        who.check("surat-kosong")
    with visit(people[0]) as who:
        who.open("/tpp/surat/saya")
        who.sees("800/2/BKPSDM-PENILAIAN/III/2027")
        who.check("surat-saya")


def test_a_profile_is_tried_before_it_is_used(visit: Visit, dunia: Dunia) -> None:
    nip = person(dunia, "pegawai")
    sample = (
        "Employee ID;Date;Clock In;Clock Out;Status\n"
        f"{nip};10/05/2026;07:25 AM;04:05 PM;Present\n"
        f"{nip};10/06/2026;07:25 AM;04:05 PM;Masuk sebagian hari\n"
    ).encode()
    berkas = {"name": "contoh.csv", "mimeType": "text/csv", "buffer": sample}
    with visit("admin", allow=("422",)) as who:
        who.open("/tpp/profil-kehadiran")
        who.check("profil-daftar")
        who.press("Aplikasi presensi berbahasa Inggris, satu baris setiap hari")
        who.page.get_by_label("Berkas contoh").set_input_files(files=[berkas])
        who.page.get_by_label("Bulan pada berkas").select_option("2026-10")
        who.press("Coba")
        who.sees("1 kesalahan ditemukan.")
        who.sees("Masuk sebagian hari")
        who.press("Ubah atau salin")
        text = (files("services.tpp.kehadiran") / "profil" / "mesin-ketukan.yaml").read_text(encoding="utf-8")
        mine = text.replace("kode: mesin-ketukan", "kode: mesin-lantai-2")
        who.fill("Naskah profil (YAML)", mine.replace("jarak_menit: 10", "jarak_menit: banyak"))
        who.press("Periksa dan simpan")
        who.sees("1 hal pada profil ini perlu diperbaiki.")
        assert "jarak_menit: banyak" in who.page.locator(".naskah-baris .baris-salah").inner_text()
        who.check("profil-salah")
        who.fill("Naskah profil (YAML)", mine)
        who.press("Periksa dan simpan")
        who.sees("disimpan dan dapat dipakai.")
        who.check("profil-satu")
