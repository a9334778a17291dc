"""Attendance files of machines and vendors are read by a named profile, kept as versioned data."""

import re
from datetime import time
from importlib.resources import files
from typing import Any

import pytest

from services.tpp.kehadiran.profil import ProfilTidakSah, baca, bawaan
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BUDI,
    DEDI,
    NIP_DARI,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    dibuka,
    kontak,
    pegawai,
)

HARIAN = ("Employee ID", "Date", "Clock In", "Clock Out", "Status")
KETUKAN = ("User ID", "Date/Time")
URL = "/profil-kehadiran"


@pytest.fixture
async def kantor(tpp: Layanan) -> Dunia:
    """Everyone known, nothing else."""
    dunia = Dunia(tpp)
    await dunia.dengar(*(pegawai(who) for who in ORANG))
    return dunia


async def hari(dunia: Dunia, who: Any) -> list[tuple[Any, ...]]:
    rows = await dunia.tpp.baris(
        "SELECT tanggal::text, masuk::text, pulang::text, keterangan FROM kehadiran_harian"
        " WHERE pegawai_id = $1 ORDER BY tanggal", who,
    )  # fmt: skip
    return [tuple(row.values()) for row in rows]


async def test_strangers_store_no_profile(kantor: Dunia) -> None:
    text = bawaan()["rekap-harian"]
    headers = {"Idempotency-Key": "12345678"}
    assert (await kantor.tpp.client.post(f"/api/tpp{URL}", content=text, headers=headers)).status_code == 401
    assert (await kantor.tpp.client.get(f"/api/tpp{URL}")).status_code == 401
    for peran in ("pengelola", "keuangan_opd", "bpkad", "auditor", "pimpinan", "sysadmin"):
        assert (await kantor.kirim(URL, ADMIN, peran, unit="PEMDA", content=text)).status_code == 403, peran
    assert (await kantor.lihat(URL, ADMIN, "bpkad")).status_code == 403
    assert (await kantor.lihat(URL, PENGELOLA, "pengelola", unit="PEMDA/DISDIK")).status_code == 200


async def test_a_vendors_daily_file_is_read_by_name(kantor: Dunia) -> None:
    isi = csv(
        HARIAN,
        (NIP_DARI[ANI], "10/05/2026", "07:25 AM", "04:05 PM", "Present"),
        (NIP_DARI[ANI], "10/06/2026", "--:--", "-", "sick leave"),
        (NIP_DARI[ANI], "10/07/2026", "", "", "Business Trip"),
        (NIP_DARI[ANI], "10/10/2026", "", "", "Weekend"),
    )
    report = await kantor.kehadiran(isi, profil="rekap-harian")
    assert report["diterapkan"], report
    assert await hari(kantor, ANI) == [
        ("2026-10-05", "07:25:00", "16:05:00", ""),
        ("2026-10-06", None, None, "S"),
        ("2026-10-07", None, None, "DL"),
    ]
    # Without the profile the same file has no column we know.
    report = await kantor.kehadiran(isi)
    assert not report["diterapkan"]
    assert {row["kolom"] for row in report["salah"]} == {"nip", "tanggal", "masuk", "pulang"}


async def test_touches_of_a_machine_become_days_also_through_the_night(kantor: Dunia) -> None:
    shift = ("kode", "nama", "masuk", "pulang", "istirahat", "mulai", "sampai", "dasar")
    for jenis, isi in (
        ("shift", csv(shift, ("M", "Malam", "21:00", "07:00", 60, "2026-01-01", "", "SK 1"))),
        ("jadwal", csv(("nip", "tanggal", "sif"), (NIP_DARI[BUDI], "2026-10-05", "M"))),
    ):
        told = await kantor.kirim(f"/impor/{jenis}", ADMIN, "admin_bkd", content=isi, params={"berkas": "x"})
        assert told.json()["diterapkan"], told.text
    touches = [
        (ANI, "05/10/2026 16:03:10"), (ANI, "05/10/2026 07:24:01"), (ANI, "05/10/2026 07:24:30"),
        (ANI, "05/10/2026 12:01:00"), (ANI, "06/10/2026 07:40:00"), (ANI, "07/10/2026 16:10:00"),
        (BUDI, "05/10/2026 20:55:00"), (BUDI, "06/10/2026 07:02:00"),
    ]  # fmt: skip
    isi = csv(KETUKAN, *((NIP_DARI[who], at) for who, at in touches))
    report = await kantor.kehadiran(isi, profil="mesin-ketukan")
    assert (report["diterapkan"], report["lembar"][0]["baris"], report["lembar"][0]["baru"]) == (True, 8, 4)
    assert await hari(kantor, ANI) == [
        ("2026-10-05", "07:24:01", "16:03:10", ""),
        ("2026-10-06", "07:40:00", None, ""),
        ("2026-10-07", None, "16:10:00", ""),
    ]
    assert await hari(kantor, BUDI) == [("2026-10-05", "20:55:00", "07:02:00", "")]


SALAH = [
    ("rekap-harian", HARIAN, (NIP_DARI[ANI], "25/10/2026", "07:25 AM", "04:05 PM", ""), "Date", "10/31"),
    ("rekap-harian", HARIAN, (NIP_DARI[ANI], "10/05/2026", "pagi", "04:05 PM", ""), "Clock In", "04:05 PM"),
    ("rekap-harian", HARIAN, (NIP_DARI[ANI], "10/05/2026", "", "", "Vacation"), "Status", "Sick Leave"),
    ("rekap-harian", HARIAN, ("1999", "10/05/2026", "07:25 AM", "04:05 PM", ""), "Employee ID", "18 angka"),
    ("mesin-ketukan", KETUKAN, (NIP_DARI[ANI], "2026/10/05 07.25"), "Waktu", "31/10/2026 16:05"),
    ("mesin-ketukan", KETUKAN, (NIP_DARI[ANI], "05/11/2026 07:25:00"), "No. ID", "di luar periode"),
    ("mesin-ketukan", KETUKAN, (NIP_DARI[DEDI][:17] + "9", "05/10/2026 07:25"), "No. ID", "tidak ditemukan"),
]  # fmt: skip


@pytest.mark.parametrize(("profil", "kepala", "row", "kolom", "alasan"), SALAH, ids=range(len(SALAH)))
async def test_a_wrong_row_is_told_in_the_files_own_words(
    kantor: Dunia, profil: str, kepala: tuple[str, ...], row: tuple[str, ...], kolom: str, alasan: str
) -> None:
    good = {
        "rekap-harian": (NIP_DARI[BUDI], "10/05/2026", "07:25 AM", "04:05 PM", "Present"),
        "mesin-ketukan": (NIP_DARI[BUDI], "05/10/2026 07:25:00"),
    }[profil]
    isi = csv(kepala, good, row)
    report = await kantor.kehadiran(isi, profil=profil)
    assert (report["diterapkan"], report["salah_jumlah"]) == (False, 1), report
    (wrong,) = report["salah"]
    assert (wrong["kolom"], wrong["baris"]) == (kolom, 3)
    assert alasan in wrong["alasan"]
    assert wrong["perbaikan"]
    assert (await kantor.kehadiran(isi, profil=profil, lewati_salah="true"))["diterapkan"]
    assert len(await hari(kantor, BUDI)) == 1
    assert await hari(kantor, ANI) == []


async def test_a_regions_own_profile_is_versioned_and_chosen_by_name(kantor: Dunia) -> None:
    text = (
        bawaan()["rekap-harian"]
        .replace("kode: rekap-harian", "kode: hadirku")
        .replace("Employee ID", "Nomor")
    )
    made = await kantor.kirim(URL, ADMIN, "admin_bkd", content=text)
    assert (made.status_code, made.json()["version"]) == (200, 1), made.text
    isi = csv(("Nomor", *HARIAN[1:]), (NIP_DARI[ANI], "10/05/2026", "07:25 AM", "04:05 PM", "Present"))
    assert (await kantor.kehadiran(isi, profil="hadirku"))["diterapkan"]
    changed = await kantor.kirim(URL, ADMIN, "admin_bkd", content=text.replace("Nomor", "No Pegawai"))
    assert changed.json()["version"] == 2
    report = await kantor.kehadiran(isi, profil="hadirku")
    assert [row["kolom"] for row in report["salah"]] == ["No Pegawai"]
    (lama,) = await kantor.tpp.baris(
        "SELECT version, isi FROM riwayat_fakta WHERE tabel = 'profil_kehadiran'"
    )
    assert (lama["version"], "Nomor" in lama["isi"]["dokumen"]) == (1, True)
    seen = (await kantor.lihat(URL, ADMIN, "admin_bkd")).json()["data"]
    assert [(one["kode"], one["version"]) for one in seen] == [
        ("aktivitas-jam", 0),
        ("daftar-apel", 0),
        ("hadirku", 2),
        ("mesin-ketukan", 0),
        ("rekap-harian", 0),
    ]
    params = {"periode": "2026-10", "berkas": "x", "profil": "tidak-ada"}
    told = await kantor.kirim("/impor/kehadiran", ADMIN, "admin_bkd", content=isi, params=params)
    assert (told.status_code, "hadirku, mesin-ketukan" in told.json()["remedy"]) == (404, True)


CACAT = [
    ("bentuk: 1", "kode"),
    ("bentuk: [", "bukan YAML"),
    ("a: &x 1\nb: *x", "alias"),
    ("kode: baku", "baku"),
    ("susunan: mingguan", "susunan"),
    ("  pulang: [Clock Out]\n", "tanggal, masuk, dan pulang"),
    ("  Absent: X", "keterangan"),
    ('tanggal: ["%q"]', "bentuk"),
    ("lain: 1", "lain"),
]


@pytest.mark.parametrize(("isi", "alasan"), CACAT, ids=range(len(CACAT)))
async def test_a_faulty_profile_is_refused_with_the_reason(kantor: Dunia, isi: str, alasan: str) -> None:
    good = bawaan()["rekap-harian"]
    text = {
        "kode: baku": good.replace("kode: rekap-harian", isi),
        "susunan: mingguan": good.replace("susunan: harian", isi),
        "  pulang: [Clock Out]\n": good.replace("  pulang: [Clock Out, Check Out]\n", ""),
        "  Absent: X": good.replace("  Absent: A", isi),
        'tanggal: ["%q"]': good.replace('tanggal: ["%m/%d/%Y"]', isi),
        "lain: 1": good + "\nlain: 1\n",
    }.get(isi, isi)
    told = await kantor.kirim(URL, ADMIN, "admin_bkd", content=text)
    assert told.status_code == 422, told.text
    assert alasan in told.json()["detail"]
    assert told.json()["remedy"]
    assert (await kantor.kirim(URL, ADMIN, "admin_bkd", content=b"\xff\xfe")).status_code == 422


def test_shipped_profiles_say_what_is_practice_and_what_is_assumed() -> None:
    folder = files("services.tpp.kehadiran") / "profil"
    assert len([one for one in folder.iterdir() if one.name.endswith(".yaml")]) == len(bawaan()) == 4
    for text in bawaan().values():
        assert "praktik:" in text
        assert "asumsi:" in text


async def halaman(dunia: Dunia, method: str, path: str, who: Any, *peran: str, **rest: Any) -> Any:
    kepala = dunia.tpp.kepala(who, *peran, unit="PEMDA/DISDIK") | {"Accept": "text/html"}
    return await dunia.tpp.client.request(method, f"/tpp{URL}{path}", headers=kepala, **rest)


async def test_a_profile_is_tried_with_a_sample_and_its_faults_stand_at_their_lines(kantor: Dunia) -> None:
    await kantor.dengar(dibuka(), kontak(ANI, "Ani <i>Lestari</i>"), kontak(DEDI, "Dedi Kurniawan"))
    anonymous = await kantor.tpp.client.get(f"/tpp{URL}", headers={"Accept": "text/html"})
    assert anonymous.status_code == 303
    assert (await halaman(kantor, "GET", "", ADMIN, "keuangan_opd")).status_code == 403
    assert (await halaman(kantor, "GET", "/tulis", PENGELOLA, "pengelola")).status_code == 403
    listed = await halaman(kantor, "GET", "", PENGELOLA, "pengelola")
    assert f"/tpp{URL}/rekap-harian" in listed.text
    assert (await halaman(kantor, "GET", "/tidak-ada", PENGELOLA, "pengelola")).status_code == 404
    isi = csv(
        HARIAN,
        (NIP_DARI[ANI], "10/05/2026", "07:25 AM", "04:05 PM", "Present"),
        (NIP_DARI[ANI], "10/06/2026", "", "", "Vacation"),
        (NIP_DARI[DEDI], "10/05/2026", "07:25 AM", "04:05 PM", "Present"),
    )
    sample = {"files": {"contoh": ("contoh.csv", isi, "text/csv")}, "data": {"periode": "2026-10"}}
    tried = await halaman(kantor, "POST", "/rekap-harian", PENGELOLA, "pengelola", **sample)
    assert tried.status_code == 200, tried.text
    assert "2 kesalahan ditemukan." in tried.text
    assert "Vacation" in tried.text
    assert "pegawai tidak ditemukan dalam wewenang Anda" in tried.text  # another office's
    assert "07.25" in tried.text
    assert "Ani &lt;i&gt;Lestari&lt;/i&gt;<br>" in tried.text
    assert "Kurniawan" not in tried.text
    assert await hari(kantor, ANI) == []
    apel = csv(
        ("NIP", "Tanggal", "Apel", "Upacara"),
        (NIP_DARI[ANI], "2026-10-05", "Tidak hadir", "Hadir"),
        (NIP_DARI[BUDI], "2026-10-05", "Sering", ""),
    )
    tried = await halaman(
        kantor,
        "POST",
        "/daftar-apel",
        PENGELOLA,
        "pengelola",
        files={"contoh": ("apel.csv", apel, "text/csv")},
        data={"periode": "2026-10"},
    )
    assert tried.status_code == 200, tried.text
    for said in (
        "1 kesalahan ditemukan.",
        "profil ini membaca Hadir, Tidak hadir, Alpa",
        "Tidak mengikuti apel",
        "Mengikuti upacara",
    ):
        assert said in tried.text, said
    empty = await halaman(
        kantor, "POST", "/rekap-harian", PENGELOLA, "pengelola", data={"periode": "2026-10"}
    )
    assert empty.status_code == 422
    # Writing one: faults beside their lines, then tried, then stored.
    text = bawaan()["rekap-harian"].replace("kode: rekap-harian", "kode: hadirku")
    faulty = text.replace("Absent: A", "Absent: X").replace("susunan: harian", "susunan: mingguan")
    told = await halaman(kantor, "POST", "/tulis", ADMIN, "admin_bkd", data={"dokumen": faulty})
    assert told.status_code == 422
    lines = [place for place, line in enumerate(faulty.splitlines(), 1) if "mingguan" in line]
    assert f"baris {lines[0]}: susunan" in told.text
    assert '<li class="baris-salah">' in told.text
    trial = sample | {"data": {"periode": "2026-10", "dokumen": text, "_aksi": "tinjau"}}
    tried = await halaman(kantor, "POST", "/tulis", ADMIN, "admin_bkd", **trial)
    assert "1 kesalahan ditemukan." in tried.text
    assert await kantor.tpp.baris("SELECT kode FROM profil_kehadiran") == []
    made = await halaman(kantor, "POST", "/tulis", ADMIN, "admin_bkd", data={"dokumen": text})
    assert (made.status_code, made.headers["location"]) == (303, f"/tpp{URL}/hadirku")
    assert "Milik daerah, versi 1" in (await halaman(kantor, "GET", "", ADMIN, "admin_bkd")).text


def test_a_faults_line_is_that_of_its_part() -> None:
    good = bawaan()["mesin-ketukan"]
    text = good.replace("jarak_menit: 10", "jarak_menit: banyak") + "lain: 1\n"
    with pytest.raises(ProfilTidakSah) as told:
        baca(text)
    lines = text.splitlines()
    assert [lines[line - 1] for line, _ in told.value.masalah] == ["jarak_menit: banyak", "lain: 1"]
    assert not re.search(r"\b(?:input|valid|permitted|should)\b", told.value.detail, re.IGNORECASE)


@pytest.mark.parametrize(
    ("lama", "baru", "alasan"),
    [
        ('tanggal: ["%m/%d/%Y"]', 'tanggal: ["%q"]', "bentuk '%q' tidak dikenal"),
        ('tanggal: ["%m/%d/%Y"]', 'tanggal: "%d"', "harus berupa daftar"),
        ("Absent: A", "Absent: X", "keterangan 'X' tidak dikenal; ada A, S, C, DL"),
    ],
)
def test_a_form_or_word_that_nobody_knows_is_told_at_its_line(lama: str, baru: str, alasan: str) -> None:
    text = bawaan()["rekap-harian"].replace(lama, baru)
    with pytest.raises(ProfilTidakSah, match=alasan) as told:
        baca(text)
    ((line, _),) = told.value.masalah
    assert baru in text.splitlines()[line - 1]


def test_half_past_seven_is_not_taken_for_five_past() -> None:
    profil = baca(bawaan()["rekap-harian"].replace('"%I:%M %p"', '"%H.%M"'))
    assert profil.baca_jam("7.05") == time(7, 5)
    for text in ("7.5", "7,5"):
        with pytest.raises(ValueError, match="menit ditulis dua angka"):
            profil.baca_jam(text)
