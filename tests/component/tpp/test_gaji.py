"""Salaries and PTKP hold from a day on: each month is paid by the one that holds on its last day."""

from datetime import date
from typing import Any

import pytest

from services.tpp.perhitungan.rules import baca_alasan, baca_masukan
from shared.period import Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BUDI,
    BULAN,
    NIP_DARI,
    ORANG,
    Dunia,
    csv,
    kebijakan,
    pegawai,
)

NOVEMBER = Period(2026, 11)


async def impor(dunia: Dunia, jenis: str, *rows: tuple[object, ...]) -> Any:
    kepala = ("nip", jenis, "mulai")
    told = await dunia.kirim(
        f"/impor/{jenis}", ADMIN, "admin_bkd", content=csv(kepala, *rows), params={"berkas": "x.csv"}
    )
    assert told.status_code == 200, told.text
    return told.json()


async def masukan(dunia: Dunia, bulan: str = BULAN) -> Any:
    text = await dunia.tpp.nilai(
        "SELECT masukan FROM tpp_bulan WHERE pegawai_id = $1 AND periode = $2", ANI, bulan
    )
    return baca_masukan(text)


async def test_each_month_has_the_salary_of_its_last_day(dunia: Dunia) -> None:
    report = await impor(
        dunia, "gaji", (NIP_DARI[ANI], 5_000_000, "2026-11-01"), (NIP_DARI[ANI], 4_700_000, "2026-10-31")
    )
    assert report["lembar"][0]["baru"] == 2
    await dunia.jalankan()
    assert (await masukan(dunia)).gaji == 4_700_000
    await dunia.bulan(NOVEMBER)
    assert (await masukan(dunia, "2026-11")).gaji == 5_000_000


async def test_a_salary_without_a_date_gives_way_to_dates(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.dengar(*(pegawai(who) for who in ORANG))
    await dunia.gaji((NIP_DARI[ANI], 4_000_000), (NIP_DARI[BUDI], 4_000_000))
    await impor(dunia, "gaji", (NIP_DARI[ANI], 4_700_000, "2026-10-01"))
    report = await dunia.gaji((NIP_DARI[ANI], 4_800_000), (NIP_DARI[BUDI], 4_100_000))
    assert not report["diterapkan"]
    (wrong,) = report["salah"]
    assert "sudah tercatat mulai 01-10-2026" in wrong["alasan"]
    rows = await tpp.baris("SELECT mulai, gaji FROM gaji WHERE pegawai_id = $1 ORDER BY mulai", ANI)
    assert rows == [
        {"mulai": date(2000, 1, 1), "gaji": 4_000_000},
        {"mulai": date(2026, 10, 1), "gaji": 4_700_000},
    ]


@pytest.mark.parametrize(
    ("row", "kolom"),
    [((1, "1", "kemarin"), "mulai"), ((1, "0", "2026-10-01"), "gaji"), ((1, "1", "1999-01-01"), "mulai")],
)
async def test_a_wrong_row_is_named(dunia: Dunia, row: tuple[object, ...], kolom: str) -> None:
    report = await impor(dunia, "gaji", (NIP_DARI[ANI], *row[1:]))
    assert not report["diterapkan"]
    assert {one["kolom"] for one in report["salah"]} == {kolom}


async def test_a_dated_salary_after_the_lock_is_a_late_fact(dunia: Dunia) -> None:
    """One without a date stays as the month was computed with."""
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    await dunia.gaji((NIP_DARI[BUDI], 11_500_000))
    await dunia.koreksi()
    assert await dunia.tpp.baris("SELECT FROM koreksi") == []
    await impor(dunia, "gaji", (NIP_DARI[ANI], 11_500_000, "2026-10-01"))
    await dunia.koreksi()
    (found,) = await dunia.tpp.baris("SELECT pegawai_id, sebab, selisih_bruto, selisih_neto FROM koreksi")
    assert found["pegawai_id"] == ANI
    assert "Gaji dasar iuran berubah" in found["sebab"]
    assert found["selisih_bruto"] == 0
    assert found["selisih_neto"] > 0  # the ceiling of BPJS leaves less of the TPP to be charged
    await dunia.koreksi()
    assert len(await dunia.tpp.baris("SELECT FROM koreksi")) == 1


async def test_strangers_import_no_ptkp(dunia: Dunia) -> None:
    isi = csv(("nip", "ptkp", "mulai"), (NIP_DARI[ANI], "K/1", "2026-01-01"))
    params = {"berkas": "x.csv"}
    headers = {"Idempotency-Key": "12345678"}
    url = "/api/tpp/impor/ptkp"
    told = await dunia.tpp.client.post(url, params=params, content=isi, headers=headers)
    assert told.status_code == 401
    for peran in ("pengelola", "auditor", "pimpinan", "sysadmin"):
        told = await dunia.kirim("/impor/ptkp", ADMIN, peran, unit="PEMDA", params=params, content=isi)
        assert told.status_code == 403, peran
    assert await dunia.tpp.nilai("SELECT count(*) FROM ptkp") == 0


async def test_ptkp_is_read_as_people_write_it_and_waited_for_where_the_policy_asks(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(kebijakan("jawa-barat"))
    await dunia.siapkan_tanpa_kebijakan()
    report = await impor(
        dunia,
        "ptkp",
        (NIP_DARI[ANI], "tk0", "2026-01-01"),
        (NIP_DARI[BUDI], "K 2", "2026-01-01"),
        (NIP_DARI[ANI], "K/1", "2026-11-01"),
    )
    assert report["diterapkan"], report
    await dunia.jalankan()
    assert (await masukan(dunia)).ptkp == "TK/0"
    held = await tpp.baris("SELECT pegawai_id, alasan FROM tpp_bulan WHERE status = 'ditahan'")
    waiting = {
        row["pegawai_id"] for row in held if any("ptkp" in one.kode for one in baca_alasan(row["alasan"]))
    }
    assert waiting == set(ORANG) - {ANI, BUDI}
    report = await impor(dunia, "ptkp", (NIP_DARI[ANI], "K/9", "2026-01-01"), (NIP_DARI[BUDI], "K/1", ""))
    assert [one["kolom"] for one in report["salah"]] == ["ptkp", "mulai"]
