"""When people work: holidays, hours, shifts and teams are data, and the month is counted by them."""

import asyncio
from datetime import date
from typing import Any

import pytest

from services.tpp.kalender.nasional import muat
from services.tpp.kehadiran.ulang import lanjutkan
from shared.db import Tx
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    KEPALA_HARIAN,
    NIP_DARI,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    dibuka,
    hadir_semua,
    pegawai,
)

LIBUR = ("tanggal", "jenis", "nama", "dasar")
JAM = ("mulai", "sampai", "hari", "masuk", "pulang", "istirahat", "dasar")
SHIFT = ("kode", "nama", "masuk", "pulang", "istirahat", "mulai", "sampai", "dasar")
REGU = ("kode", "nama", "mulai", "siklus", "ikut libur", "dasar")
ANGGOTA = ("nip", "regu", "mulai", "sampai")
JADWAL = ("nip", "tanggal", "sif")
SIF = csv(
    SHIFT,
    ("P", "Pagi", "07:00", "14:00", 0, "2026-01-01", "", "SK Direktur 1/2026"),
    ("M", "Malam", "21:00", "07:00", 60, "2026-01-01", "", "SK Direktur 1/2026"),
)
HARI_KERJA_OKTOBER = 22


@pytest.fixture
async def kantor(tpp: Layanan) -> Dunia:
    """Everyone known, October open, nothing else."""
    dunia = Dunia(tpp)
    await dunia.dengar(*(pegawai(who) for who in ORANG), dibuka())
    return dunia


async def impor(
    dunia: Dunia,
    jenis: str,
    isi: bytes,
    *,
    who: Any = ADMIN,
    peran: str = "admin_bkd",
    unit: str = "",
    **query: str,
) -> Any:
    told = await dunia.kirim(
        f"/impor/{jenis}", who, peran, unit=unit or None, content=isi, params={"berkas": "uji.csv", **query}
    )
    assert told.status_code == (202 if told.json()["hitung_ulang"] else 200), told.text
    await dunia.hitung_ulang()
    return told.json()


async def bulan(dunia: Dunia, who: Any = ANI) -> dict[str, Any]:
    (row,) = await dunia.tpp.baris("SELECT * FROM kehadiran_bulan WHERE pegawai_id = $1", who)
    return row


async def test_strangers_and_other_roles_change_no_calendar(kantor: Dunia) -> None:
    client, headers = kantor.tpp.client, {"Idempotency-Key": "12345678"}
    for jenis in ("hari-libur", "jam-kerja", "shift", "regu", "anggota-regu", "jadwal"):
        url = f"/api/tpp/impor/{jenis}"
        assert (await client.post(url, params={"berkas": "x"}, headers=headers)).status_code == 401
        for peran in ("keuangan_opd", "bpkad", "auditor", "pimpinan", "sysadmin"):
            told = await kantor.kirim(
                f"/impor/{jenis}", ADMIN, peran, unit="PEMDA", params={"berkas": "x"}, content=SIF
            )
            assert told.status_code == 403, (jenis, peran)
    for jenis in ("hari-libur", "jam-kerja", "shift", "regu"):
        told = await kantor.kirim(
            f"/impor/{jenis}",
            PENGELOLA,
            "pengelola",
            unit="PEMDA/DISDIK",
            params={"berkas": "x"},
            content=SIF,
        )
        assert told.status_code == 403, jenis
    cabut = "/kalender/hari-libur/2026-10-28/cabut"
    told = await kantor.kirim(cabut, PENGELOLA, "pengelola", unit="PEMDA", json={"alasan": "tidak jadi"})
    assert told.status_code == 403
    assert (await client.get("/api/tpp/kalender/2026")).status_code == 401
    # One's own month; that of others for atasan, the unit's officer, BKD, auditors.
    path = f"/kehadiran/{BULAN}/{ANI}"
    assert (await kantor.lihat(path, BUDI)).status_code == 403
    assert (await kantor.lihat(path, BUDI, "pengelola", unit="PEMDA/DINKES")).status_code == 403
    assert (await kantor.lihat(path, BUDI, "keuangan_opd", unit="PEMDA/DISDIK")).status_code == 403
    reaching: tuple[tuple[Any, tuple[str, ...], str | None], ...] = (
        (ANI, (), None),
        (BUDI, ("pengelola",), "PEMDA/DISDIK"),
        (BUDI, ("auditor",), None),
    )
    for who, roles, unit in reaching:
        assert (await kantor.lihat(path, who, *roles, unit=unit)).status_code == 200
    assert await kantor.tpp.nilai("SELECT count(*) FROM shift") == 0


async def test_a_local_holiday_leaves_fewer_working_days_and_frees_who_came_late(kantor: Dunia) -> None:
    await kantor.kehadiran(hadir_semua(ANI))
    await kantor.kehadiran(csv(KEPALA_HARIAN, (NIP_DARI[ANI], "2026-10-28", "09:00", "16:00", "")))
    month = await bulan(kantor)
    assert (month["hari_kerja"], month["menit_kerja"]) == (HARI_KERJA_OKTOBER, HARI_KERJA_OKTOBER * 450)
    assert (month["hadir"], month["terlambat"], month["tanpa_data"]) == (22, [90], 0)
    isi = csv(LIBUR, ("2026-10-28", "Libur Daerah", "Hari jadi kabupaten", "Keputusan Bupati 7/2026"))
    assert not (await impor(kantor, "hari-libur", isi, uji="true"))["diterapkan"]
    assert (await impor(kantor, "hari-libur", isi))["lembar"][0]["baru"] == 1
    month = await bulan(kantor)
    assert (month["hari_kerja"], month["hadir"], month["terlambat"], month["version"]) == (21, 21, [], 3)
    assert (await impor(kantor, "hari-libur", isi))["lembar"][0]["sama"] == 1
    assert (await bulan(kantor))["version"] == 3
    seen = (await kantor.lihat("/kalender/2026", ANI)).json()
    assert [one["nama"] for one in seen["libur"]] == ["Hari jadi kabupaten"]
    told = await kantor.kirim(
        "/kalender/hari-libur/2026-10-28/cabut", ADMIN, "admin_bkd", json={"alasan": "Dipindah ke November"}
    )
    assert told.status_code == 202, told.text
    await kantor.hitung_ulang()
    assert (await bulan(kantor))["hari_kerja"] == HARI_KERJA_OKTOBER
    again = await kantor.kirim(
        "/kalender/hari-libur/2026-10-28/cabut", ADMIN, "admin_bkd", json={"alasan": "Dipindah ke November"}
    )
    assert again.status_code == 404
    (lama,) = await kantor.tpp.baris("SELECT version, isi FROM riwayat_fakta WHERE tabel = 'hari_libur'")
    assert (lama["version"], lama["isi"]["dasar"]) == (1, "Keputusan Bupati 7/2026")
    actions = await kantor.tpp.baris(
        "SELECT action FROM kernel.audit WHERE action LIKE 'hari-libur%' ORDER BY seq"
    )
    assert [row["action"] for row in actions] == ["hari-libur.diimpor"] * 2 + ["hari-libur.dicabut"]


async def test_a_changed_calendar_is_counted_in_parts_by_any_worker_also_after_a_death(kantor: Dunia) -> None:
    tpp = kantor.tpp
    await kantor.kehadiran(hadir_semua(ANI))
    await tpp.baris(
        "WITH siapa AS (INSERT INTO pegawai (pegawai_id, version, nip, status, aktif)"
        " SELECT gen_random_uuid(), 1, lpad(n::text, 18, '9'), 'PNS', true FROM generate_series(1, 1200) AS n"
        " RETURNING pegawai_id), bulan AS (INSERT INTO kehadiran_bulan (pegawai_id, periode, hadir, cuti,"
        " tanpa_keterangan, terlambat, pulang_cepat, tanpa_masuk, tanpa_pulang, hari_kerja)"
        " SELECT pegawai_id, $1, 0, 0, 0, '{}', '{}', 0, 0, 22 FROM siapa)"
        " INSERT INTO kehadiran_harian (pegawai_id, tanggal, keterangan, diubah_oleh)"
        " SELECT pegawai_id, '2026-10-01', 'A', 'uji' FROM siapa",
        BULAN,
    )
    isi = csv(LIBUR, ("2026-10-28", "libur_daerah", "Hari jadi kabupaten", "Keputusan Bupati 7/2026"))
    params = {"berkas": "libur.csv"}
    headers = tpp.kepala(ADMIN, "admin_bkd")
    url = "/api/tpp/impor/hari-libur"
    told = await tpp.client.post(url, headers=headers, content=isi, params=params)
    assert told.status_code == 202, told.text
    again = await tpp.client.post(url, headers=headers, content=isi, params=params)
    assert (again.status_code, again.json()) == (202, told.json())
    asked = told.json()["hitung_ulang"]
    where = asked["kemajuan"]
    assert (asked["keadaan"], asked["selesai"], asked["sebab"]) == ("menunggu", 0, "hari libur")
    assert (await tpp.client.get(where)).status_code == 401
    assert (await bulan(kantor))["hari_kerja"] == HARI_KERJA_OKTOBER

    async def kurang() -> list[str]:
        seen = (await kantor.lihat(f"/perhitungan/{BULAN}", ADMIN, "admin_bkd")).json()
        return [one["kode"] for one in seen["kurang"]]

    assert "kehadiran_dihitung_ulang" in await kurang()
    # Divided; then one worker does a part, and another dies in the middle of its own.
    assert await tpp.database.run(lanjutkan)
    assert await tpp.database.run(lanjutkan)

    async def mati(tx: Tx) -> None:
        assert await lanjutkan(tx)
        raise RuntimeError("mati")

    with pytest.raises(RuntimeError):
        await tpp.database.run(mati)
    seen = (await kantor.lihat(where.removeprefix("/api/tpp"), ANI)).json()
    assert (seen["keadaan"], seen["selesai"], seen["orang_bulan"]) == ("berjalan", 500, 1201)
    for path in ("/tpp/kalender/2026", "/tpp/kalender/hitung-ulang/kemajuan"):
        shown = await tpp.client.get(path, headers=tpp.kepala(ANI))
        assert shown.status_code == 200
        assert "Kehadiran Oktober 2026 sedang dihitung ulang" in shown.text
        assert "500 dari 1.201" in shown.text
    await asyncio.gather(*(kantor.hitung_ulang() for _ in range(3)))
    (row,) = await tpp.baris("SELECT hari_kerja, version, count(*) FROM kehadiran_bulan GROUP BY 1, 2")
    assert (row["hari_kerja"], row["version"], row["count"]) == (21, 2, 1201)
    seen = (await kantor.lihat(where.removeprefix("/api/tpp"), ANI)).json()
    assert (seen["keadaan"], seen["selesai"]) == ("selesai", 1201)
    assert "kehadiran_dihitung_ulang" not in await kurang()
    assert await tpp.nilai("SELECT count(*) FROM hitung_ulang_bagian") == 0
    done = "SELECT count(*) FROM kernel.audit WHERE action = 'kehadiran.dihitung-ulang'"
    assert await tpp.nilai(done) == 1
    shown = await tpp.client.get("/tpp/kalender/2026", headers=tpp.kepala(ANI))
    assert "dihitung ulang" not in shown.text
    unknown = await kantor.lihat(f"/kalender/hitung-ulang/{ANI}", ANI)
    assert unknown.status_code == 404


async def test_the_national_calendar_is_taken_in_once_and_never_over_local_changes(kantor: Dunia) -> None:
    assert await kantor.tpp.database.run(muat) == 58
    assert await kantor.tpp.database.run(muat) == 0
    for year, lengkap, libur, bersama in ((2025, True, 17, 11), (2026, True, 17, 8), (2027, False, 5, 0)):
        seen = (await kantor.lihat(f"/kalender/{year}", ANI)).json()
        kinds = [one["jenis"] for one in seen["libur"]]
        assert (seen["lengkap"], kinds.count("libur_nasional"), kinds.count("cuti_bersama")) == (
            lengkap,
            libur,
            bersama,
        )
        assert all(one["dasar"] for one in seen["libur"])
    told = await kantor.kirim(
        "/kalender/hari-libur/2026-12-24/cabut", ADMIN, "admin_bkd", json={"alasan": "Layanan tetap buka"}
    )
    assert told.status_code == 200
    assert await kantor.tpp.database.run(muat) == 0
    days = [one["tanggal"] for one in (await kantor.lihat("/kalender/2026", ANI)).json()["libur"]]
    assert "2026-12-25" in days
    assert "2026-12-24" not in days


async def test_hours_that_end_give_way_to_those_before(kantor: Dunia) -> None:
    await kantor.kehadiran(hadir_semua(ANI))
    # As Ramadan hours are: from a day to a day, another start, a shorter week.
    rows = [("2026-10-12", "2026-10-16", hari, "08:00", "15:00", 30, "SE Sekda 3/2026")
            for hari in ("senin", "selasa", "rabu", "kamis", "jumat")]  # fmt: skip
    assert (await impor(kantor, "jam-kerja", csv(JAM, *rows)))["diterapkan"]
    month = await bulan(kantor)
    assert month["menit_kerja"] == 17 * 450 + 5 * 390
    assert (month["hari_kerja"], month["terlambat"], month["pulang_cepat"]) == (HARI_KERJA_OKTOBER, [], [])
    await kantor.kehadiran(csv(KEPALA_HARIAN, (NIP_DARI[ANI], "2026-10-13", "08:10", "14:00", ""),
                               (NIP_DARI[ANI], "2026-10-19", "08:10", "16:00", "")))  # fmt: skip
    month = await bulan(kantor)
    assert (month["terlambat"], month["pulang_cepat"]) == ([10, 40], [60])
    seen = (await kantor.lihat("/kalender/2026", ANI)).json()["jam_kerja"]
    assert [one["menit_seminggu"] for one in seen] == [5 * 390, 37 * 60 + 30]


async def test_a_team_works_by_turns_through_the_night_and_on_holidays(kantor: Dunia) -> None:
    await impor(kantor, "shift", SIF)
    await impor(
        kantor, "regu", csv(REGU, ("A", "IGD", "2026-10-01", "P M L L", "tidak", "SK Direktur 1/2026"))
    )
    anggota = csv(ANGGOTA, (NIP_DARI[ANI], "a", "2026-10-01", ""))
    report = await impor(
        kantor, "anggota-regu", anggota, who=PENGELOLA, peran="pengelola", unit="PEMDA/DISDIK"
    )
    assert report["diterapkan"]
    await impor(kantor, "hari-libur", csv(LIBUR, ("2026-10-01", "libur_daerah", "Hari jadi", "Perbup 1")))
    days = [
        (date(2026, 10, 1), "06:55", "14:00", ""),  # a holiday, but the team works
        (date(2026, 10, 2), "21:20", "06:30", ""),  # into the next day: 20 late, 30 early
        (date(2026, 10, 5), "07:00", "14:00", ""),
        (date(2026, 10, 6), "00:30", "07:05", ""),  # came after midnight: 210 late
    ]
    report = await kantor.kehadiran(csv(KEPALA_HARIAN, *((NIP_DARI[ANI], *row) for row in days)))
    assert report["diterapkan"], report
    month = await bulan(kantor)
    # 31 days by turns of four: 8 mornings (1, 5, … 29), 8 nights (2, 6, … 30).
    assert (month["hari_kerja"], month["menit_kerja"]) == (16, 8 * 420 + 8 * 540)
    assert (month["hadir"], month["terlambat"], month["pulang_cepat"]) == (4, [20, 210], [30])
    assert month["tanpa_data"] == 12
    # Who follows the week may not leave before coming.
    wrong = await kantor.kehadiran(csv(KEPALA_HARIAN, (NIP_DARI[BUDI], "2026-10-02", "21:00", "07:00", "")))
    assert "pulang tidak sesudah masuk" in wrong["salah"][0]["alasan"]
    seen = (await kantor.lihat(f"/kehadiran/{BULAN}/saya", ANI)).json()["hari"]
    assert [(day["masuk_jadwal"], day["lewat_tengah_malam"]) for day in seen[:4]] == [
        ("07:00:00", False), ("21:00:00", True), (None, None), (None, None),
    ]  # fmt: skip


async def test_one_day_outweighs_the_team_and_an_end_of_membership_the_turns(kantor: Dunia) -> None:
    await impor(kantor, "shift", SIF)
    await impor(kantor, "regu", csv(REGU, ("S", "Sekolah", "2026-10-05", "P P P P P P L", "ya", "SK 2")))
    await impor(kantor, "anggota-regu", csv(ANGGOTA, (NIP_DARI[BUDI], "S", "2026-10-05", "2026-10-11")))
    await impor(kantor, "hari-libur", csv(LIBUR, ("2026-10-06", "libur_daerah", "Libur", "Perbup 1")))
    await kantor.kehadiran(hadir_semua(BUDI))
    # 1 and 2 by the week; 5 to 10 six days by the team less the holiday; from 12 on by the week.
    assert (await bulan(kantor, BUDI))["hari_kerja"] == 2 + 5 + 15
    jadwal = csv(JADWAL, (NIP_DARI[BUDI], "2026-10-06", "M"), (NIP_DARI[BUDI], "2026-10-07", "L"),
                 (NIP_DARI[BUDI], "2026-10-18", "P"))  # fmt: skip
    assert (await impor(kantor, "jadwal", jadwal))["lembar"][0]["baru"] == 3
    assert (await bulan(kantor, BUDI))["hari_kerja"] == 2 + 5 + 15 + 1


def jam(row: tuple[object, ...]) -> bytes:
    return csv(JAM, row)


SALAH = [
    ("hari-libur", csv(LIBUR, ("besok", "libur_daerah", "Nama", "Dasar")), "tanggal", "bukan tanggal"),
    ("hari-libur", csv(LIBUR, ("0001-01-01", "libur_daerah", "Nama", "Dasar")), "tanggal", "di luar 2000"),
    ("hari-libur", csv(LIBUR, ("2026-10-28", "pesta", "Nama", "Dasar")), "jenis", "tidak dikenal"),
    ("hari-libur", csv(LIBUR, ("2026-10-28", "libur_daerah", "Nama", "")), "dasar", "kosong"),
    ("hari-libur", csv(LIBUR, ("2026-10-28", "libur_daerah", "=1+1", "Dasar")), "nama", "rumus"),
    ("jam-kerja", jam(("2026-10-01", "2026-09-01", "senin", "08:00", "15:00", 30, "SE")), "sampai", "awal"),
    ("jam-kerja", jam(("2026-10-01", "", "senen", "08:00", "15:00", 30, "SE")), "hari", "tidak dikenal"),
    ("jam-kerja", jam(("2026-10-01", "", "senin", "15:00", "08:00", 30, "SE")), "pulang", "tidak sesudah"),
    ("jam-kerja", jam(("2026-10-01", "", "senin", "08:00", "09:00", 60, "SE")), "istirahat", "singkat"),
    ("jam-kerja", jam(("2026-10-01", "", "senin", "08:00", "15:00", -5, "SE")), "istirahat", "bukan menit"),
    ("shift", csv(SHIFT, ("L", "Libur", "07:00", "14:00", 0, "2026-01-01", "", "SK")), "kode", "hari libur"),
    ("shift", csv(SHIFT, ("P!", "Pagi", "07:00", "14:00", 0, "2026-01-01", "", "SK")), "kode", "bukan kode"),
    ("regu", csv(REGU, ("A", "Regu", "2026-10-01", "P X", "ya", "SK")), "siklus", "sif P, X belum ada"),
    ("regu", csv(REGU, ("A", "Regu", "2026-10-01", "L L", "ya", "SK")), "siklus", "tidak semuanya libur"),
    ("anggota-regu", csv(ANGGOTA, (NIP_DARI[CICI], "ZZ", "2026-10-01", "")), "regu", "regu belum ada"),
    ("anggota-regu", csv(ANGGOTA, ("199912312024011999", "ZZ", "2026-10-01", "")), "nip", "tidak ditemukan"),
    ("jadwal", csv(JADWAL, (NIP_DARI[CICI], "2026-10-01", "P")), "sif", "sif belum ada"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("jenis", "isi", "kolom", "alasan"), SALAH, ids=[f"{s[0]}-{s[2]}-{s[3]}" for s in SALAH]
)
async def test_a_wrong_row_names_its_column_and_the_way_out(
    kantor: Dunia, jenis: str, isi: bytes, kolom: str, alasan: str
) -> None:
    report = await impor(kantor, jenis, isi)
    assert not report["diterapkan"]
    found = [row for row in report["salah"] if row["kolom"] == kolom]
    assert alasan in found[0]["alasan"]
    assert found[0]["perbaikan"]
    assert (found[0]["baris"], report["lembar"][0]["baru"]) == (2, 0)


async def test_an_officer_schedules_the_own_unit_only_and_wrong_rows_may_be_left_out(kantor: Dunia) -> None:
    await impor(kantor, "shift", SIF)
    isi = csv(
        JADWAL,
        (NIP_DARI[ANI], "2026-10-03", "P"),
        (NIP_DARI[DEDI], "2026-10-03", "P"),
        (NIP_DARI[ANI], "2026-10-03", "M"),
    )
    as_officer: dict[str, Any] = {"who": PENGELOLA, "peran": "pengelola", "unit": "PEMDA/DISDIK"}
    report = await impor(kantor, "jadwal", isi, **as_officer)
    assert (report["diterapkan"], report["salah_jumlah"]) == (False, 2)
    assert {row["alasan"] for row in report["salah"]} == {
        "pegawai tidak ditemukan dalam wewenang Anda",
        "hal yang sama sudah ada pada baris 2",
    }
    assert (await impor(kantor, "jadwal", isi, lewati_salah="true", **as_officer))["diterapkan"]
    rows = await kantor.tpp.baris("SELECT pegawai_id, shift FROM jadwal_harian")
    assert rows == [{"pegawai_id": ANI, "shift": "P"}]


async def test_pages_of_the_calendar(kantor: Dunia) -> None:
    await kantor.tpp.database.run(muat)

    async def page(path: str, *peran: str) -> Any:
        headers = kantor.tpp.kepala(ADMIN, *peran, unit="PEMDA") | {"Accept": "text/html"}
        return await kantor.tpp.client.get(path, headers=headers)

    seen = (await page("/tpp/kalender/2027", "admin_bkd")).text
    assert "Kalender 2027 belum lengkap." in seen
    assert "/tpp/impor/hari-libur" in seen
    seen = (await page("/tpp/kalender/2026")).text
    assert "Hari Suci Nyepi" in seen
    assert "/tpp/impor/" not in seen
    assert "Cabut" not in seen
    assert (await page("/tpp/kalender")).status_code == 303
    assert (await page("/tpp/impor/regu", "admin_bkd")).status_code == 200
    assert (await page("/tpp/impor/regu", "pengelola")).status_code == 403
