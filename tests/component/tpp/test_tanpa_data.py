"""A working day of which nothing is known is neither absence nor presence: held, unless policy counts it."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.tpp.perhitungan.rules import baca_alasan, baca_masukan
from shared.period import Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    HARI,
    KEPALA_HARIAN,
    NIP_DARI,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    dibuka,
    dinilai,
    hadir_semua,
    hari_kerja,
    kebijakan,
    pegawai,
    predikat_sementara,
    segmen,
)

SEPTEMBER, NOVEMBER = Period(2026, 9), Period(2026, 11)
_BIASA, _, _UJI = kebijakan().decode().partition("  - nama: Hari kerja tanpa data kehadiran menahan\n")
_TANPA_CONTOHNYA = f"{_BIASA}  - nama{_UJI.partition('  - nama')[2]}"
DIHITUNG = _TANPA_CONTOHNYA.replace("kali: tanpa_keterangan\n", "kali: tanpa_keterangan + hari_tanpa_data\n")
"""The common policy, with working days without a record counted as absences."""


def hadir(who: UUID, *days: date) -> bytes:
    return csv(KEPALA_HARIAN, *((NIP_DARI[who], day, "07:25", "16:05", "") for day in days))


async def disiapkan(dunia: Dunia, isi: bytes | str, days: int = 5) -> None:
    """Under a policy everyone is punctual, but of Ani only the first days are recorded."""
    await dunia.kebijakan(isi.encode() if isinstance(isi, str) else isi)
    await dunia.dengar(*(dinilai(who, bulan=SEPTEMBER) for who in ORANG))
    await dunia.siapkan_tanpa_kebijakan(skip=frozenset({"kehadiran"}))
    for body in (hadir_semua(*ORANG[1:]), hadir(ANI, *HARI[:days])):
        assert (await dunia.kehadiran(body))["diterapkan"]


async def orang(dunia: Dunia, who: UUID = ANI) -> Any:
    (row,) = await dunia.tpp.baris("SELECT * FROM tpp_bulan WHERE pegawai_id = $1", who)
    return row


async def halaman(dunia: Dunia, path: str, who: UUID, *peran: str, unit: str | None = None) -> str:
    headers = dunia.tpp.kepala(who, *peran, unit=unit) | {"Accept": "text/html"}
    told = await dunia.tpp.client.get(path, headers=headers)
    assert told.status_code == 200, path
    return str(told.text)


async def test_a_month_known_in_part_waits_and_says_who_has_to_complete_it(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await disiapkan(dunia, kebijakan("kepahiang"))
    rows = csv(("nip", "ada hasil"), *((NIP_DARI[who], "ya") for who in ORANG))
    params = {"periode": BULAN, "berkas": "x.csv"}
    told = await dunia.kirim("/impor/aktivitas", ADMIN, "admin_bkd", params=params, content=rows)
    assert told.json()["diterapkan"]
    await dunia.jalankan()
    row = await orang(dunia)
    (reason,) = baca_alasan(row["alasan"])
    missing = len(HARI) - 5
    assert (row["status"], row["neto"]) == ("ditahan", 0)
    assert (reason.kode, reason.pemilik) == ("hari_tanpa_data", "pengelola_kinerja")
    assert f"{missing} hari kerja Oktober 2026 belum tercatat" in reason.kalimat
    assert [(await orang(dunia, who))["status"] for who in ORANG[1:]] == ["dihitung"] * 5
    found = await dunia.periksa("DISDIK")
    assert [(one["pegawai_id"], one["jenis"]) for one in found["orang"]] == [(str(ANI), "ditahan")]
    slip = await halaman(dunia, f"/tpp/slip/{BULAN}/{ANI}", BPKAD, "bpkad")
    assert "Hari kerja tanpa data" in slip
    assert "atau surat cuti atau dinasnya" in slip
    seen = await halaman(
        dunia, f"/tpp/kehadiran-pegawai/{BULAN}/{ANI}", PENGELOLA, "pengelola", unit="PEMDA/DISDIK"
    )
    assert "tidak dianggap hadir" in seen
    # A letter explains three days; the rest is recorded, one of them as an absence without reason.
    letter = csv(
        ("nip", "jenis", "mulai", "sampai", "nomor surat"),
        (NIP_DARI[ANI], "tahunan", HARI[5], HARI[7], "1/2026"),
    )
    told = await dunia.kirim("/impor/cuti", ADMIN, "admin_bkd", params={"berkas": "c.csv"}, content=letter)
    assert told.json()["diterapkan"], told.text
    await dunia.hitung_ulang()
    await dunia.jalankan()
    (reason,) = baca_alasan((await orang(dunia))["alasan"])
    assert f"{missing - 3} hari" in reason.kalimat
    rest = csv(
        KEPALA_HARIAN,
        (NIP_DARI[ANI], HARI[8], "", "", "A"),
        *((NIP_DARI[ANI], day, "07:25", "16:05", "") for day in HARI[9:]),
    )
    assert (await dunia.kehadiran(rest))["diterapkan"]
    await dunia.jalankan()
    row = await orang(dunia)
    h = baca_masukan(row["masukan"]).kehadiran
    assert h is not None
    assert (row["status"], h.cuti, h.tanpa_keterangan, h.hari_tanpa_data) == ("dihitung", 3, 1, 0)


async def test_a_policy_that_says_how_such_days_count_pays_and_somebody_answers_for_it(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await disiapkan(dunia, DIHITUNG, days=len(HARI) - 2)
    await dunia.jalankan()
    row = await orang(dunia)
    assert row["status"] == "dihitung"
    assert '"tidak_hadir"' in row["baris"]
    found = await dunia.periksa("DISDIK")
    (one,) = found["orang"]
    assert (one["pegawai_id"], one["jenis"]) == (str(ANI), "tanpa_data")
    assert one["alasan"][0]["kalimat"].startswith("2 hari kerja tanpa data kehadiran")
    for tindakan, who, peran in (("verifikasi", PENGELOLA, "keuangan_opd"), ("setujui", ADMIN, "admin_bkd")):
        assert (await dunia.putuskan("DISDIK", tindakan, who, peran)).status_code == 200
    refused = await dunia.putuskan("DISDIK", "kunci", BPKAD, "bpkad")
    assert (refused.status_code, "hari kerja tanpa data" in refused.json()["detail"]) == (409, True)
    assert "Dibayar dengan hari kerja tanpa data" in await halaman(
        dunia, f"/tpp/persetujuan/{BULAN}/DISDIK", BPKAD, "bpkad"
    )
    await dunia.tanggapi("DISDIK")
    assert (await dunia.putuskan("DISDIK", "kunci", BPKAD, "bpkad")).status_code == 200


@pytest.mark.parametrize("mulai", [True, False])
async def test_nobody_is_asked_for_days_out_of_service(tpp: Layanan, mulai: bool) -> None:
    dunia = Dunia(tpp)
    day = date(2026, 10, 12)
    parts = [segmen(ANI, mulai=day)]
    if not mulai:
        parts = [segmen(ANI), segmen(ANI, mulai=day).model_copy(update={"bertugas": False})]
    await dunia.kebijakan()
    await dunia.dengar(pegawai(ANI, *parts), dibuka(), dinilai(ANI))
    served = [one for one in HARI if (one >= day) == mulai]
    assert (await dunia.kehadiran(hadir(ANI, *served[1:])))["diterapkan"]
    await dunia.gaji((NIP_DARI[ANI], 4_500_000))
    assert await dunia.tutup(people=[ANI]) == 0
    await dunia.jalankan()
    (reason,) = baca_alasan((await orang(dunia))["alasan"])
    assert "Kehadiran 1 hari kerja" in reason.kalimat
    assert (await dunia.kehadiran(hadir(ANI, served[0])))["diterapkan"]
    await dunia.jalankan()
    assert (await orang(dunia))["status"] == "dihitung"


async def test_of_a_running_month_only_days_between_recorded_ones_are_missing(tpp: Layanan) -> None:
    """Days to come, and days that have not been sent yet, are not."""
    dunia = Dunia(tpp)
    bulan = Period(2099, 3)  # not over
    await dunia.kebijakan()
    await dunia.dengar(*(pegawai(who) for who in (ANI, BUDI)), dibuka(bulan=bulan))
    await dunia.gaji(*((NIP_DARI[who], 4_500_000) for who in (ANI, BUDI)))
    days = hari_kerja(bulan)
    query = {"periode": str(bulan)}
    assert (await dunia.kehadiran(hadir(ANI, *days[:6]), **query))["diterapkan"]
    assert (await dunia.kehadiran(hadir(BUDI, *days[:3], *days[4:6]), **query))["diterapkan"]
    await dunia.dengar(*(predikat_sementara(who, 2, bulan=bulan) for who in (ANI, BUDI)))
    # The estimate takes all of these days for present, and says which hold the payment itself.
    rows = await dunia.tpp.baris("SELECT pegawai_id, status, andaian, data_kurang FROM tpp_sementara")
    told = {row["pegawai_id"]: row for row in rows}
    assert [told[who]["status"] for who in (ANI, BUDI)] == ["dihitung"] * 2
    assert [told[who]["data_kurang"] for who in (ANI, BUDI)] == [False, True]
    lewat = "Kehadiran 1 hari kerja Maret 2099 yang sudah lewat belum tercatat"
    said = {who: [one["kurang"] for one in told[who]["andaian"]] for who in (ANI, BUDI)}
    assert [lewat in said[who] for who in (ANI, BUDI)] == [False, True]
    seen = (await dunia.lihat(f"/kehadiran/{bulan}", ADMIN, "admin_bkd")).json()["data"]
    assert {one["pegawai_id"]: one["tanpa_data"] for one in seen} == {str(ANI): 0, str(BUDI): 1}
    assert (await dunia.kehadiran(hadir(BUDI, days[3]), **query))["diterapkan"]
    lacks = "SELECT data_kurang FROM tpp_sementara WHERE pegawai_id = $1"
    assert await dunia.tpp.nilai(lacks, BUDI) is False


@pytest.mark.parametrize("dihitung", [True, False])
async def test_a_day_taken_back_after_the_lock_is_rapel_or_waits_for_the_day(
    tpp: Layanan, dihitung: bool
) -> None:
    """Where the policy counts such days the difference is known; else what is paid stays until the day is."""
    dunia = Dunia(tpp)
    await disiapkan(dunia, DIHITUNG if dihitung else kebijakan(), days=len(HARI))
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    url = f"/kehadiran/{ANI}/{HARI[3]}/cabut"
    told = await dunia.kirim(url, ADMIN, "admin_bkd", json={"alasan": "Salah orang di mesin"})
    assert told.json()["sesudah_dikunci"] is True
    await dunia.koreksi()
    found = await dunia.tpp.baris("SELECT selisih_neto, sebab FROM koreksi")
    waits = await dunia.tpp.baris("SELECT pegawai_id, alasan FROM koreksi_tertahan")
    if dihitung:
        assert found[0]["selisih_neto"] < 0
        assert "hari kerja tanpa data 0 hari menjadi 1 hari" in found[0]["sebab"][0]
        assert waits == []
        return
    assert (found, [row["pegawai_id"] for row in waits]) == ([], [ANI])
    assert [one.kode for one in baca_alasan(waits[0]["alasan"])] == ["hari_tanpa_data"]
    late = csv(KEPALA_HARIAN, (NIP_DARI[ANI], HARI[3], "", "", "A"))
    assert (await dunia.kehadiran(late, alasan="kesalahan rekap"))["diterapkan"]
    await dunia.koreksi()
    assert await dunia.tpp.nilai("SELECT count(*) FROM koreksi_tertahan") == 0
    assert await dunia.tpp.nilai("SELECT selisih_neto FROM koreksi") < 0
