"""Facts of a month from files: activity and outside tax, read, waited for, never taken as zero."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.tpp.andai.hitung import lanjutkan
from services.tpp.kehadiran.profil import bawaan
from services.tpp.perhitungan.rules import baca_alasan, baca_masukan
from shared.period import Period
from shared.web.routes import KEY
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    KEUANGAN,
    NIP_DARI,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    dinilai,
    kebijakan,
    kontak,
    predikat_sementara,
)

SEPTEMBER = Period(2026, 9)


async def kirim(
    dunia: Dunia, jenis: str, isi: bytes, who: UUID = ADMIN, peran: str = "admin_bkd", **query: Any
) -> Any:
    unit = None if peran == "admin_bkd" else "PEMDA/DISDIK"
    params = {"periode": BULAN, "berkas": "x.csv", **query}
    return await dunia.kirim(f"/impor/{jenis}", who, peran, unit=unit, params=params, content=isi)


async def impor(dunia: Dunia, jenis: str, *rows: tuple[object, ...], **query: Any) -> Any:
    told = await kirim(dunia, jenis, csv(*rows), **query)
    assert told.status_code == 200, told.text
    return told.json()


async def baris(dunia: Dunia, who: UUID, bulan: str = BULAN) -> Any:
    rows = await dunia.tpp.baris(
        "SELECT * FROM tpp_bulan WHERE pegawai_id = $1 AND periode = $2",
        who,
        bulan,
    )
    return rows[0]


def sebab(row: Any) -> list[str]:
    return [one.kode for one in baca_alasan(row["alasan"])]


@pytest.fixture
async def banjarmasin(tpp: Layanan) -> Dunia:
    """A policy that pays 40% from 6.750 minutes of activity on, and the predikat of the quarter before."""
    dunia = Dunia(tpp)
    await dunia.kebijakan(kebijakan("banjarmasin"))
    await dunia.dengar(*(dinilai(who, bulan=SEPTEMBER) for who in ORANG))
    await dunia.siapkan_tanpa_kebijakan()
    return dunia


@pytest.mark.parametrize(
    ("jenis", "kolom", "luar"),
    [
        ("aktivitas", "menit", ("keuangan_opd", "bpkad", "auditor", "pimpinan", "sysadmin")),
        ("pajak-luar", "pajak", ("pengelola", "auditor", "pimpinan", "sysadmin")),
    ],
)
async def test_strangers_send_nothing(dunia: Dunia, jenis: str, kolom: str, luar: tuple[str, ...]) -> None:
    isi = csv(("nip", kolom), (NIP_DARI[ANI], 100))
    url, headers = f"/api/tpp/impor/{jenis}", {"Idempotency-Key": "12345678"}
    params = {"periode": BULAN, "berkas": "x.csv"}
    told = await dunia.tpp.client.post(url, params=params, content=isi, headers=headers)
    assert told.status_code == 401
    for peran in luar:
        assert (await kirim(dunia, jenis, isi, PENGELOLA, peran)).status_code == 403, peran
    # The right office of another OPD finds nobody there.
    peran = "pengelola" if jenis == "aktivitas" else "keuangan_opd"
    told = await kirim(dunia, jenis, csv(("nip", kolom), (NIP_DARI[DEDI], 100)), PENGELOLA, peran)
    assert not told.json()["diterapkan"]
    assert "tidak ditemukan dalam wewenang Anda" in told.json()["salah"][0]["alasan"]
    assert await dunia.tpp.nilai("SELECT count(*) FROM fakta_bulanan") == 0
    assert (await kirim(dunia, jenis, isi, PENGELOLA, peran)).json()["diterapkan"]
    assert await dunia.tpp.nilai("SELECT count(*) FROM fakta_bulanan") == 1


@pytest.mark.parametrize(
    ("jenis", "kepala", "isi", "kolom", "alasan"),
    [
        ("aktivitas", ("nip", "menit"), (NIP_DARI[ANI], "-1"), "menit aktivitas", "negatif"),
        ("aktivitas", ("nip", "menit"), (NIP_DARI[ANI], "44641"), "menit aktivitas", "seluruh menit Oktober"),
        ("aktivitas", ("nip", "menit"), (NIP_DARI[ANI], "12,5"), "menit aktivitas", "bukan bilangan bulat"),
        ("aktivitas", ("nip", "menit"), (NIP_DARI[ANI], ""), "menit aktivitas", "kosong"),
        ("aktivitas", ("nip", "hari laporan"), (NIP_DARI[ANI], "32"), "hari laporan", "seluruh Oktober"),
        ("aktivitas", ("nip", "ada hasil"), (NIP_DARI[ANI], "mungkin"), "ada hasil", "bukan ya"),
        ("aktivitas", ("nip", "menit"), ("198501012010011999", "1"), "nip", "tidak ditemukan"),
        ("aktivitas", ("nip", "menit", "bulan"), (NIP_DARI[ANI], "1", "2026-09"), "bulan", "bukan Oktober"),
        ("aktivitas", ("nip", "menit", "bulan"), (NIP_DARI[ANI], "1", "kemarin"), "bulan", "bukan bulan"),
        ("pajak-luar", ("nip", "pajak"), (NIP_DARI[ANI], "-5000"), "pajak", "negatif"),
        ("pajak-luar", ("nip", "pajak"), (NIP_DARI[ANI], "5000,5"), "pajak", "bukan rupiah bulat"),
        ("pajak-luar", ("nip", "pajak"), (NIP_DARI[ANI], ""), "pajak", "kosong"),
    ],
)
async def test_a_wrong_row_is_named_and_the_rest_may_be_kept(
    dunia: Dunia, jenis: str, kepala: tuple[str, ...], isi: tuple[str, ...], kolom: str, alasan: str
) -> None:
    good = (NIP_DARI[BUDI], *("1" for _ in kepala[1:2]), *(BULAN for _ in kepala[2:]))
    report = await impor(dunia, jenis, kepala, isi, good)
    assert not report["diterapkan"]
    (wrong,) = report["salah"]
    assert (wrong["kolom"], alasan in wrong["alasan"]) == (kolom, True), wrong
    assert wrong["perbaikan"]
    assert await dunia.tpp.nilai("SELECT count(*) FROM fakta_bulanan") == 0
    assert (await impor(dunia, jenis, kepala, isi, good, lewati_salah="true"))["diterapkan"]
    (kept,) = await dunia.tpp.baris("SELECT pegawai_id, nilai FROM fakta_bulanan")
    assert kept == {"pegawai_id": BUDI, "nilai": 1}


async def test_the_same_person_twice_and_a_trial(dunia: Dunia) -> None:
    kepala = ("nip", "menit")
    report = await impor(dunia, "aktivitas", kepala, (NIP_DARI[ANI], 1), (NIP_DARI[ANI], 2))
    assert "orang yang sama sudah ada pada baris 2" in report["salah"][0]["alasan"]
    report = await impor(dunia, "aktivitas", kepala, (NIP_DARI[ANI], "6.750"), uji="true")
    assert (report["diterapkan"], report["lembar"][0]["baru"]) == (False, 1)
    assert await dunia.tpp.nilai("SELECT count(*) FROM fakta_bulanan") == 0
    report = await impor(dunia, "aktivitas", ("nip", "kelas"), (NIP_DARI[ANI], 1))
    assert not report["diterapkan"]


async def test_an_empty_cell_leaves_what_is_stored_and_the_old_value_stays_in_the_history(
    dunia: Dunia,
) -> None:
    kepala = ("nip", "menit", "hari laporan")
    await impor(dunia, "aktivitas", kepala, (NIP_DARI[ANI], 6000, 20))
    report = await impor(dunia, "aktivitas", kepala, (NIP_DARI[ANI], "", 21))
    assert report["lembar"][0]["berubah"] == 1
    rows = await dunia.tpp.baris("SELECT nama, nilai, version FROM fakta_bulanan ORDER BY nama")
    assert rows == [
        {"nama": "hari_laporan", "nilai": 21, "version": 2},
        {"nama": "menit_aktivitas", "nilai": 6000, "version": 1},
    ]
    old = await dunia.tpp.nilai("SELECT isi ->> 'nilai' FROM riwayat_fakta WHERE tabel = 'fakta_bulanan'")
    assert old == "20"


async def test_a_profile_reads_hours_and_only_for_what_it_is_made(dunia: Dunia) -> None:
    kepala = ("NIP", "Total Jam", "Hari Lapor")
    rows = ((NIP_DARI[ANI], "112:30", "20"), (NIP_DARI[BUDI], "112,5", "-"), (NIP_DARI[CICI], "112,51", "1"))
    report = await impor(dunia, "aktivitas", kepala, *rows, profil="aktivitas-jam", lewati_salah="true")
    (wrong,) = report["salah"]
    assert "bukan menit yang bulat" in wrong["alasan"]
    stored = await dunia.tpp.baris(
        "SELECT pegawai_id, nama, nilai FROM fakta_bulanan ORDER BY nilai DESC, pegawai_id = $1 DESC", ANI
    )
    assert [tuple(row.values()) for row in stored] == [
        (ANI, "menit_aktivitas", 6750),
        (BUDI, "menit_aktivitas", 6750),
        (ANI, "hari_laporan", 20),
    ]
    for jenis, profil, status in (
        ("pajak-luar", "aktivitas-jam", 422),
        ("aktivitas", "rekap-harian", 404),
        ("kehadiran", "aktivitas-jam", 404),
    ):
        told = await kirim(dunia, jenis, csv(kepala, rows[0]), profil=profil)
        assert told.status_code == status, told.text


@pytest.mark.parametrize(
    ("teks", "alasan"),
    [
        (
            bawaan()["aktivitas-jam"]
            .replace("  menit_aktivitas: [Total Jam, Jumlah Jam]\n", "")
            .replace("  hari_laporan: [Hari Lapor]\n", ""),
            "sedikitnya satu dari",
        ),
        (
            bawaan()["aktivitas-jam"].replace("kolom:", "kolom:\n  masuk: [Masuk]"),
            "bukan untuk susunan bulanan",
        ),
        (
            bawaan()["daftar-apel"].replace("kolom:", "kolom:\n  pajak_luar: [PPh]"),
            "hanya untuk susunan bulanan",
        ),
    ],
)
async def test_a_profile_that_mixes_days_and_months_is_refused(dunia: Dunia, teks: str, alasan: str) -> None:
    told = await dunia.kirim("/profil-kehadiran", ADMIN, "admin_bkd", content=teks.encode())
    assert told.status_code == 422
    assert alasan in told.text


async def test_minutes_of_activity_pay_from_the_threshold_on_and_nothing_known_waits(
    banjarmasin: Dunia,
) -> None:
    await impor(banjarmasin, "aktivitas", ("nip", "menit"), (NIP_DARI[ANI], 6750), (NIP_DARI[BUDI], 6749))
    await banjarmasin.jalankan()
    # Kelas 7, all of it: 3.900.000 x 80%. Kelas 8 a minute short: 4.450.000 x 80% x 60%.
    assert (await baris(banjarmasin, ANI))["bruto"] == 3_120_000
    assert (await baris(banjarmasin, BUDI))["bruto"] == 2_136_000
    waits = await baris(banjarmasin, CICI)
    assert (waits["status"], sebab(waits)) == ("ditahan", ["menit_aktivitas_belum_ada"])
    assert baca_masukan(waits["masukan"]).menit_aktivitas is None
    slip = await banjarmasin.lihat(f"/slip/{BULAN}/saya", ANI)
    assert slip.json()["masukan"]["menit_aktivitas"] == 6750
    line = next(one for one in slip.json()["baris"] if one["kode"] == "aktivitas_beban_kerja")
    assert (line["sumber"], line["jumlah"]) == ("aktivitas", "780000")


async def test_after_the_lock_it_is_a_late_fact_of_admin_bkd(banjarmasin: Dunia) -> None:
    kepala = ("nip", "menit")
    await impor(banjarmasin, "aktivitas", kepala, (NIP_DARI[ANI], 6750), (NIP_DARI[BUDI], 6749))
    await banjarmasin.jalankan()
    await banjarmasin.kunci("DISDIK")
    late = ((NIP_DARI[BUDI], 6750), (NIP_DARI[CICI], 7000))
    report = await impor(banjarmasin, "aktivitas", kepala, *late)
    assert {one["alasan"] for one in report["salah"]} == {"TPP orang ini pada periode ini sudah dikunci"}
    told = await kirim(
        banjarmasin, "aktivitas", csv(kepala, *late), PENGELOLA, "pengelola", alasan="mesin rusak"
    )
    assert told.status_code == 403
    assert (await impor(banjarmasin, "aktivitas", kepala, *late, alasan="mesin rusak"))["diterapkan"]
    await banjarmasin.koreksi()
    rows = await banjarmasin.tpp.baris("SELECT pegawai_id, selisih_bruto, sebab FROM koreksi")
    found = {row["pegawai_id"]: row for row in rows}
    assert set(found) == {BUDI, CICI}
    assert found[BUDI]["selisih_bruto"] == 1_424_000  # 40% of 3.560.000
    assert found[BUDI]["sebab"] == ["Aktivitas 6749 menit menjadi 6750 menit"]
    assert found[CICI]["selisih_bruto"] == 4_400_000  # kelas 9, all of what was held: 5.500.000 x 80%
    await banjarmasin.koreksi()
    assert len(await banjarmasin.tpp.baris("SELECT FROM koreksi")) == 2


async def test_what_came_between_the_run_and_the_lock_is_not_lost(banjarmasin: Dunia) -> None:
    kepala = ("nip", "menit")
    await impor(banjarmasin, "aktivitas", kepala, (NIP_DARI[ANI], 6750), (NIP_DARI[BUDI], 6749))
    await banjarmasin.jalankan()
    assert (await baris(banjarmasin, BUDI))["v_lain"] == 1
    await impor(banjarmasin, "aktivitas", kepala, (NIP_DARI[BUDI], 6750), (NIP_DARI[CICI], 7000))
    await banjarmasin.kunci("DISDIK")
    await banjarmasin.koreksi()
    rows = await banjarmasin.tpp.baris("SELECT pegawai_id FROM koreksi")
    assert {row["pegawai_id"] for row in rows} == {BUDI, CICI}


async def test_a_second_run_takes_up_what_came_meanwhile(banjarmasin: Dunia) -> None:
    await banjarmasin.jalankan()
    await impor(banjarmasin, "aktivitas", ("nip", "menit"), (NIP_DARI[ANI], 6750))
    before = await banjarmasin.angka()
    await banjarmasin.jalankan()
    after = await banjarmasin.angka()
    assert {who for who in ORANG if before[who] != after[who]} == {ANI}
    assert after[ANI][0] == "dihitung"


async def test_the_provisional_figure_follows_at_once(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(kebijakan("kepahiang"))
    await dunia.siapkan_tanpa_kebijakan(skip=frozenset({"tutup"}))
    await dunia.dengar(predikat_sementara(ANI, 2))
    ask = "SELECT bruto, andaian::text LIKE '%ada_hasil%' AS andai FROM tpp_sementara WHERE pegawai_id = $1"
    before = {who: (await tpp.baris(ask, who))[0] for who in (ANI, BUDI, CICI)}
    assert all(one["andai"] for one in before.values())
    await impor(dunia, "aktivitas", ("nip", "ada hasil"), (NIP_DARI[ANI], "ya"), (NIP_DARI[BUDI], "tidak"))
    after = {who: (await tpp.baris(ask, who))[0] for who in (ANI, BUDI, CICI)}
    assert [after[who]["andai"] for who in (ANI, BUDI, CICI)] == [False, False, True]
    assert after[ANI]["bruto"] == before[ANI]["bruto"]
    assert after[BUDI]["bruto"] < before[BUDI]["bruto"]
    mine = await dunia.lihat(f"/andai-saya/{BULAN}", ANI)
    assert mine.status_code in (200, 409), mine.text


async def test_days_with_a_report_pay_their_share(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(kebijakan("bengkulu"))
    await dunia.siapkan_tanpa_kebijakan()
    days = await tpp.nilai("SELECT hari_kerja FROM kehadiran_bulan WHERE pegawai_id = $1", ANI)
    await impor(
        dunia, "aktivitas", ("nip", "hari laporan"), (NIP_DARI[ANI], days), (NIP_DARI[BUDI], days - 11)
    )
    await dunia.jalankan()
    ani, budi = [await baris(dunia, who) for who in (ANI, BUDI)]
    assert (ani["status"], budi["status"]) == ("dihitung", "dihitung")
    assert sebab(await baris(dunia, CICI)) == ["hari_laporan_belum_ada"]


async def test_outside_tax_is_taken_as_it_came_and_waited_for(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(kebijakan("dki"))
    await dunia.dengar(*(dinilai(who, bulan=SEPTEMBER) for who in ORANG))
    await dunia.siapkan_tanpa_kebijakan()
    isi = csv(
        ("nip", "PPh 21", "masa pajak"),
        (NIP_DARI[ANI], "Rp 195.000", "Oktober 2026"),
        (NIP_DARI[BUDI], 0, ""),
    )
    assert (await kirim(dunia, "pajak-luar", isi, KEUANGAN, "keuangan_opd")).json()["diterapkan"]
    await dunia.jalankan()
    # 3.900.000 less BPJS 1% and the tax; zero is a tax of nothing, nothing said is no tax.
    ani, budi, cici = [await baris(dunia, who) for who in (ANI, BUDI, CICI)]
    assert (ani["bruto"], ani["neto"]) == (3_900_000, 3_900_000 - 39_000 - 195_000)
    assert (budi["bruto"], budi["neto"]) == (4_450_000, 4_450_000 - 44_500)
    assert (cici["status"], sebab(cici)) == ("ditahan", ["pajak_luar_belum_ada"])
    await dunia.kunci("DISDIK")
    late = csv(("nip", "pajak"), (NIP_DARI[ANI], 200_000), (NIP_DARI[CICI], 300_000))
    told = await kirim(dunia, "pajak-luar", late, BPKAD, "bpkad", alasan="kesalahan rekap")
    assert told.status_code == 403
    assert (await kirim(dunia, "pajak-luar", late, alasan="kesalahan rekap")).json()["diterapkan"]
    await dunia.koreksi()
    rows = await tpp.baris("SELECT pegawai_id, selisih_bruto, selisih_neto, sebab FROM koreksi")
    found = {row["pegawai_id"]: row for row in rows}
    assert (found[ANI]["selisih_bruto"], found[ANI]["selisih_neto"]) == (0, -5_000)
    assert found[ANI]["sebab"] == ["PPh 21 dari luar berubah"]
    assert found[CICI]["selisih_neto"] == 5_500_000 - 55_000 - 300_000


async def test_a_what_if_takes_what_the_policy_that_paid_did_not_ask_for(dunia: Dunia) -> None:
    await dunia.dengar(*(dinilai(who, bulan=SEPTEMBER) for who in ORANG))
    await impor(dunia, "aktivitas", ("nip", "menit"), (NIP_DARI[ANI], 6750), (NIP_DARI[BUDI], 6749))
    await dunia.jalankan()
    assert baca_masukan((await baris(dunia, ANI))["masukan"]).menit_aktivitas is None
    told = await dunia.kirim("/andai", BPKAD, "bpkad", content=kebijakan("banjarmasin"))
    assert told.status_code == 201, told.text
    while await dunia.tpp.database.run(lanjutkan):
        pass
    found = (await dunia.lihat(f"/andai/{told.json()['andai_id']}/hasil", BPKAD, "bpkad")).json()
    total = found["jumlah"]
    assert (total["dihitung_baru"], total["jadi_ditahan"]) == (2, 4)
    assert int(float(total["bruto_baru"])) == 3_120_000 + 2_136_000


async def test_a_monthly_profile_is_tried_on_its_page(dunia: Dunia) -> None:
    url = "/tpp/profil-kehadiran/aktivitas-jam"
    headers = dunia.tpp.kepala(ADMIN, "admin_bkd") | {"Accept": "text/html"}
    seen = await dunia.tpp.client.get(url, headers=headers)
    assert (seen.status_code, "Satu baris setiap orang dan bulan" in seen.text) == (200, True)
    isi = csv(
        ("NIP", "Total Jam", "Hari Lapor"), (NIP_DARI[ANI], "112:30", 20), (NIP_DARI[BUDI], "112,51", "-")
    )
    await dunia.dengar(kontak(ANI, "Ani Lestari"))
    told = await dunia.tpp.client.post(
        url,
        data={KEY: str(uuid4()), "periode": BULAN},
        files={"contoh": ("a.csv", isi)},
        headers=headers,
    )
    assert told.status_code == 200, told.text
    for text in (
        "Ani Lestari",
        "1 orang pertama yang terbaca",
        "6.750",
        "1 kesalahan ditemukan",
        "bukan menit yang bulat",
    ):
        assert text in told.text, text
    assert await dunia.tpp.nilai("SELECT count(*) FROM fakta_bulanan") == 0
