"""Attendance and salaries from spreadsheets: wrong rows are explained, and nothing is half stored."""

from datetime import date

import pytest

from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BUDI,
    BULAN,
    DEDI,
    HARI,
    KEPALA_HARIAN,
    NIP_DARI,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    hadir_semua,
    pegawai,
)


@pytest.fixture
async def kantor(tpp: Layanan) -> Dunia:
    """Everyone known, nothing else."""
    dunia = Dunia(tpp)
    await dunia.dengar(*(pegawai(who) for who in ORANG))
    return dunia


async def stored(dunia: Dunia) -> int:
    return int(await dunia.tpp.nilai("SELECT count(*) FROM kehadiran_harian"))


async def test_strangers_and_other_roles_import_nothing(kantor: Dunia) -> None:
    params = {"periode": BULAN, "berkas": "x.csv"}
    isi = hadir_semua(ANI)
    url = "/api/tpp/impor/kehadiran"
    headers = {"Idempotency-Key": "12345678"}
    told = await kantor.tpp.client.post(url, params=params, content=isi, headers=headers)
    assert told.status_code == 401
    for peran in ("keuangan_opd", "bpkad", "auditor", "pimpinan", "sysadmin"):
        told = await kantor.kirim("/impor/kehadiran", ADMIN, peran, unit="PEMDA", params=params, content=isi)
        assert told.status_code == 403, peran
    for peran in ("pengelola", "auditor", "pimpinan", "sysadmin"):
        gaji = csv(("nip", "gaji"), (NIP_DARI[ANI], 1))
        told = await kantor.kirim(
            "/impor/gaji", ADMIN, peran, unit="PEMDA", params={"berkas": "x"}, content=gaji
        )
        assert told.status_code == 403, peran
    assert await stored(kantor) == 0


async def test_a_pengelola_imports_for_the_own_unit_only(kantor: Dunia) -> None:
    params = {"periode": BULAN, "berkas": "x.csv"}
    told = await kantor.kirim(
        "/impor/kehadiran", PENGELOLA, "pengelola", unit="PEMDA/DISDIK", params=params,
        content=hadir_semua(ANI, DEDI),
    )  # fmt: skip
    report = told.json()
    assert not report["diterapkan"]
    assert {row["alasan"] for row in report["salah"]} == {"pegawai tidak ditemukan dalam wewenang Anda"}
    assert report["salah_jumlah"] == len(HARI)
    told = await kantor.kirim(
        "/impor/kehadiran",
        PENGELOLA,
        "pengelola",
        unit="PEMDA/DISDIK",
        params=params,
        content=hadir_semua(ANI),
    )
    assert told.json()["diterapkan"]
    assert await stored(kantor) == len(HARI)


async def test_a_trial_stores_nothing_and_says_what_would_happen(kantor: Dunia) -> None:
    report = await kantor.kehadiran(hadir_semua(ANI, BUDI), uji="true")
    assert (report["uji"], report["diterapkan"], report["salah_jumlah"]) == (True, False, 0)
    assert report["lembar"] == [
        {
            "nama": "CSV",
            "baris": 2 * len(HARI),
            "baru": 2 * len(HARI),
            "berubah": 0,
            "sama": 0,
            "dikoreksi": 0,
        }
    ]
    assert await stored(kantor) == 0
    assert (await kantor.kehadiran(hadir_semua(ANI, BUDI)))["diterapkan"]
    changed = csv(
        KEPALA_HARIAN,
        (NIP_DARI[ANI], HARI[0], "07:25", "16:05", ""),
        (NIP_DARI[ANI], HARI[1], "08:25", "16:05", ""),
    )
    assert (await kantor.kehadiran(changed))["lembar"][0] == {
        "nama": "CSV", "baris": 2, "baru": 0, "berubah": 1, "sama": 1, "dikoreksi": 0,
    }  # fmt: skip


SALAH = [
    (("199912312024011999", HARI[0], "07:30", "16:00", ""), "tidak ditemukan"),
    (("19850101", HARI[0], "07:30", "16:00", ""), "18 angka"),
    ((NIP_DARI[ANI], "2026-09-30", "07:30", "16:00", ""), "di luar periode Oktober 2026"),
    ((NIP_DARI[ANI], "kemarin", "07:30", "16:00", ""), "bukan tanggal"),
    ((NIP_DARI[ANI], "", "07:30", "16:00", ""), "bukan tanggal"),
    ((NIP_DARI[ANI], HARI[0], "-07:30", "16:00", ""), "bukan jam"),
    ((NIP_DARI[ANI], HARI[0], "07:30", "25:00", ""), "jam ini tidak ada"),
    ((NIP_DARI[ANI], HARI[0], "16:00", "07:30", ""), "pulang tidak sesudah masuk"),
    ((NIP_DARI[ANI], HARI[0], "07:30", "07:30", ""), "pulang tidak sesudah masuk"),
    ((NIP_DARI[ANI], HARI[0], "", "", ""), "tidak ada jam maupun keterangan"),
    ((NIP_DARI[ANI], HARI[0], "", "", "LIBUR"), "keterangan tidak dikenal"),
    ((NIP_DARI[ANI], HARI[0], "07:30", "16:00", "A"), "tetapi ada jam"),
    ((NIP_DARI[BUDI], HARI[0], "07:30", "16:00", ""), "sudah ada pada baris 2"),
]


@pytest.mark.parametrize(("row", "reason"), SALAH, ids=[reason for _, reason in SALAH])
async def test_a_wrong_row_is_named_and_the_rest_waits_or_is_kept(
    kantor: Dunia, row: tuple[object, ...], reason: str
) -> None:
    isi = csv(KEPALA_HARIAN, (NIP_DARI[BUDI], HARI[0], "07:30", "16:00", ""), row)
    report = await kantor.kehadiran(isi)
    assert not report["diterapkan"]
    assert report["salah_jumlah"] == 1
    assert reason in report["salah"][0]["alasan"]
    assert report["salah"][0]["baris"] == 3
    assert report["salah"][0]["perbaikan"]
    assert await stored(kantor) == 0
    report = await kantor.kehadiran(isi, lewati_salah="true")
    assert report["diterapkan"]
    assert await stored(kantor) == 1


async def test_a_sheet_without_its_columns_is_never_taken(kantor: Dunia) -> None:
    report = await kantor.kehadiran(csv(("nama", "umur"), ("Ani", 30)), lewati_salah="true")
    assert not report["diterapkan"]
    assert {row["kolom"] for row in report["salah"]} == {"nip", "tanggal", "masuk", "pulang"}
    told = await kantor.kirim(
        "/impor/kehadiran",
        ADMIN,
        "admin_bkd",
        params={"periode": BULAN, "berkas": "x"},
        content=b"%PDF-1.4 \x00",
    )
    assert told.status_code == 422


async def test_the_month_is_counted_by_the_working_hours_of_each_day(kantor: Dunia) -> None:
    senin, selasa, rabu, kamis, jumat = (date(2026, 10, day) for day in (5, 6, 7, 8, 9))
    sabtu = date(2026, 10, 10)
    days = [
        (senin, "07:30:59", "16:00", ""),
        (selasa, "07:31", "15:00", ""),
        (rabu, "09:30", "", ""),
        (kamis, "", "16:10", ""),
        (jumat, "", "", "A"),
        (sabtu, "10:00", "11:00", ""),
        (date(2026, 10, 12), "", "", "S"),
        (date(2026, 10, 13), "", "", "C"),
        (date(2026, 10, 14), "10:00", "11:00", "DL"),
    ]
    await kantor.kehadiran(csv(KEPALA_HARIAN, *((NIP_DARI[ANI], *row) for row in days)))
    (month,) = await kantor.tpp.baris("SELECT * FROM kehadiran_bulan")
    assert (month["hadir"], month["cuti"], month["tanpa_keterangan"]) == (4, 3, 1)
    assert (month["terlambat"], month["pulang_cepat"]) == ([1, 120], [60])
    assert (month["tanpa_masuk"], month["tanpa_pulang"], month["version"]) == (1, 1, 1)
    await kantor.tpp.baris(
        "INSERT INTO jam_kerja VALUES ('2026-10-07', 3, '09:00', '15:00', 'uji'),"
        " ('2026-10-07', 4, '08:00', '16:30', 'uji')"
    )
    await kantor.kehadiran(csv(KEPALA_HARIAN, (NIP_DARI[ANI], senin, "07:00", "16:00", "")))
    (month,) = await kantor.tpp.baris("SELECT * FROM kehadiran_bulan")
    assert (month["hadir"], month["cuti"], month["tanpa_keterangan"]) == (4, 1, 0)
    assert (month["terlambat"], month["pulang_cepat"], month["version"]) == ([1, 30], [60, 20], 2)


async def test_somebody_with_only_days_off_has_no_month(kantor: Dunia) -> None:
    await kantor.kehadiran(csv(KEPALA_HARIAN, (NIP_DARI[ANI], "2026-10-10", "10:00", "11:00", "")))
    assert await stored(kantor) == 1
    assert await kantor.tpp.nilai("SELECT count(*) FROM kehadiran_bulan") == 0


async def test_salaries_are_whole_rupiah_in_the_ways_people_write_them(kantor: Dunia) -> None:
    people = dict(zip(ORANG, ("4500000", "4.500.000", "Rp 4.500.000", "4500000,00"), strict=False))
    await kantor.gaji(*((NIP_DARI[who], text) for who, text in people.items()))
    rows = await kantor.tpp.baris("SELECT gaji, version FROM gaji")
    assert rows == [{"gaji": 4_500_000, "version": 1}] * 4
    report = await kantor.gaji((NIP_DARI[ANI], 4_600_000), (NIP_DARI[BUDI], 4_500_000))
    assert (report["lembar"][0]["berubah"], report["lembar"][0]["sama"]) == (1, 1)
    assert await kantor.tpp.nilai("SELECT version FROM gaji WHERE pegawai_id = $1", ANI) == 2
    for wrong in ("4500000.5", "4,5 juta", "-1", "0", "", "=1+1", "99999999999"):
        report = await kantor.gaji((NIP_DARI[ANI], wrong))
        assert (report["diterapkan"], report["salah_jumlah"]) == (False, 1), wrong


async def test_an_import_leaves_one_audit_row_without_figures(kantor: Dunia) -> None:
    await kantor.gaji((NIP_DARI[ANI], 4_600_000))
    (row,) = await kantor.tpp.baris(
        "SELECT actor, action, detail FROM kernel.audit WHERE action LIKE 'gaji%'"
    )
    assert row["action"] == "gaji.diimpor"
    assert row["detail"] == {"berkas": "gaji.csv", "baris": 1, "berubah": 1, "dilewati": 0}
    assert row["actor"] == f"pegawai:{ADMIN}"
