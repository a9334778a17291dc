"""Apel, ceremonies and missed clock-ins: from files and events, counted only where somebody said so."""

from datetime import date, time
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.tpp.perhitungan.rules import baca_alasan
from shared.contracts.kehadiran import KehadiranRecorded
from shared.nip import Nip
from shared.testing.feed import Recorded
from shared.web.routes import KEY
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BUDI,
    BULAN,
    HARI,
    KEPALA_HARIAN,
    NIP_DARI,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    hadir_semua,
    kebijakan,
    pegawai,
)

SENIN, SABTU = date(2026, 10, 5), date(2026, 10, 10)
APEL = (*KEPALA_HARIAN, "tanpa apel", "tanpa upacara", "absen terlewat")
KALI = ("absen_terlewat", "tanpa_apel", "tanpa_upacara")


@pytest.fixture
async def kantor(tpp: Layanan) -> Dunia:
    """Everyone known, nothing else."""
    dunia = Dunia(tpp)
    await dunia.dengar(*(pegawai(who) for who in ORANG))
    return dunia


async def bulan(dunia: Dunia, who: UUID = ANI) -> tuple[Any, ...]:
    """Missed clock-ins, apel, ceremonies, days present."""
    (row,) = await dunia.tpp.baris("SELECT * FROM kehadiran_bulan WHERE pegawai_id = $1", who)
    return tuple(row[name] for name in (*KALI, "hadir"))


def event(version: int = 1, **isi: Any) -> Recorded:
    usual: dict[str, Any] = {"version": version, "nip": Nip(NIP_DARI[ANI]), "tanggal": SENIN}
    return Recorded.of(KehadiranRecorded(**usual | isi))


async def test_a_file_says_them_beside_the_clock_times_or_alone(kantor: Dunia) -> None:
    await kantor.kehadiran(hadir_semua(ANI))
    assert await bulan(kantor) == (None, None, None, len(HARI))
    report = await kantor.kehadiran(
        csv(
            APEL,
            (NIP_DARI[ANI], SENIN, "07:25", "16:05", "", 1, 0, 2),
            (NIP_DARI[ANI], HARI[5], "", "", "", "ya", "", ""),
            (NIP_DARI[ANI], SABTU, "", "", "", "", "ya", ""),  # a ceremony on a day off
        )
    )
    assert report["diterapkan"], report
    assert (report["lembar"][0]["baru"], report["lembar"][0]["berubah"]) == (1, 2)
    assert await bulan(kantor) == (2, 2, 1, len(HARI))
    # Neither a file of the machine nor an event that says nothing of them takes them away.
    await kantor.kehadiran(hadir_semua(ANI))
    await kantor.dengar(event(masuk=time(7, 20), pulang=time(16, 0)))
    assert await bulan(kantor) == (2, 2, 1, len(HARI))
    (day,) = await kantor.tpp.baris(
        "SELECT masuk::text, tanpa_apel FROM kehadiran_harian WHERE tanggal = $1", SENIN
    )
    assert day == {"masuk": "07:20:00", "tanpa_apel": 1}


async def test_a_list_of_apel_alone_makes_nobody_present_or_absent(kantor: Dunia) -> None:
    isi = csv(
        ("NIP", "Tanggal", "Apel"), (NIP_DARI[ANI], SENIN, "Tidak hadir"), (NIP_DARI[BUDI], SENIN, "hadir")
    )
    report = await kantor.kehadiran(isi, profil="daftar-apel")
    assert report["diterapkan"], report
    assert await kantor.tpp.nilai("SELECT count(*) FROM kehadiran_bulan") == 0
    await kantor.kehadiran(
        csv(KEPALA_HARIAN, *((NIP_DARI[who], HARI[1], "07:25", "16:05", "") for who in (ANI, BUDI)))
    )
    assert await bulan(kantor) == (None, 1, None, 1)
    assert await bulan(kantor, BUDI) == (None, 0, None, 1)


async def test_who_is_excused_missed_nothing(kantor: Dunia) -> None:
    await kantor.kehadiran(
        csv(
            APEL,
            (NIP_DARI[ANI], SENIN, "", "", "S", 1, 1, 2),
            (NIP_DARI[ANI], HARI[5], "", "", "A", 1, "", ""),
            (NIP_DARI[ANI], SABTU, "", "", "", 3, "", 3),  # no apel on a day off
        )
    )
    assert await bulan(kantor) == (0, 1, 0, 0)
    surat = ("nip", "jenis", "mulai", "sampai", "nomor surat")
    isi = csv(surat, (NIP_DARI[ANI], "tahunan", HARI[5], HARI[5], "C/1"))
    told = await kantor.kirim("/impor/cuti", ADMIN, "admin_bkd", content=isi, params={"berkas": "x"})
    assert told.json()["diterapkan"], told.text
    assert await bulan(kantor) == (0, 0, 0, 0)


@pytest.mark.parametrize("text", ["-1", "11", "1,5", "sering"])
async def test_what_is_no_count_is_a_row_error(kantor: Dunia, text: str) -> None:
    report = await kantor.kehadiran(csv(APEL, (NIP_DARI[ANI], SENIN, "07:25", "16:05", "", text, "", "")))
    assert (report["diterapkan"], report["salah_jumlah"]) == (False, 1)
    assert report["salah"][0]["kolom"] == "tanpa apel"


@pytest.mark.parametrize("order", list(permutations(range(4))))
async def test_events_say_them_in_any_order(kantor: Dunia, order: tuple[int, ...]) -> None:
    """Of each thing the highest version counts that speaks of it."""
    facts = [
        event(1, tanpa_apel=1, tanpa_upacara=1),
        event(2, masuk=time(7, 25), pulang=time(16, 0)),
        event(3, tanpa_apel=0),
        event(4, masuk=time(8, 0), pulang=time(16, 0), absen_terlewat=3),
    ]
    for number in order:
        await kantor.dengar(facts[number])
    assert await bulan(kantor) == (3, 0, 1, 1)
    assert await kantor.tpp.nilai("SELECT terlambat FROM kehadiran_bulan") == [30]


async def test_a_correction_asks_for_them_and_stays(kantor: Dunia) -> None:
    isi = csv(APEL, (NIP_DARI[ANI], SENIN, "07:25", "16:05", "", 1, 1, 1))
    await kantor.kehadiran(isi)
    body = {
        "tanggal": str(SENIN), "tanpa_apel": 0, "absen_terlewat": 0, "sebab": "lupa",
        "bukti": "Daftar hadir apel ditandatangani Kepala Bidang",
    }  # fmt: skip
    asked = await kantor.kirim("/koreksi-kehadiran", ANI, json=body)
    assert asked.status_code == 201, asked.text
    (seen,) = (await kantor.lihat("/koreksi-kehadiran/saya", ANI)).json()["data"]
    assert (seen["keterangan"], seen["tanpa_apel"], seen["tercatat_tanpa_apel"]) == (None, 0, 1)
    path = f"/koreksi-kehadiran/{seen['permohonan_id']}/setujui"
    told = await kantor.kirim(path, PENGELOLA, "pengelola", unit="PEMDA/DISDIK", json={})
    assert told.status_code == 200, told.text
    assert await bulan(kantor) == (0, 0, 1, 1)
    for again in (1, 2):
        await kantor.kehadiran(isi)
        await kantor.dengar(event(again, masuk=time(9, 0), tanpa_apel=1, tanpa_upacara=0))
    assert await bulan(kantor) == (0, 0, 1, 1)
    (day,) = await kantor.tpp.baris("SELECT masuk::text, version FROM kehadiran_harian")
    assert day == {"masuk": "07:25:00", "version": 2}
    same = await kantor.kirim("/koreksi-kehadiran", ANI, json=body)
    assert "persis seperti ini" in same.text


async def test_a_correction_of_something_else_lets_the_list_of_apel_be_filled_in(kantor: Dunia) -> None:
    await kantor.kehadiran(csv(KEPALA_HARIAN, (NIP_DARI[ANI], SENIN, "09:25", "16:05", "")))
    body = {
        "tanggal": str(SENIN), "masuk": "07:25", "pulang": "16:05", "sebab": "mesin",
        "bukti": "Laporan kerusakan mesin 3/2026",
    }  # fmt: skip
    asked = (await kantor.kirim("/koreksi-kehadiran", ANI, json=body)).json()["permohonan_id"]
    path = f"/koreksi-kehadiran/{asked}/setujui"
    await kantor.kirim(path, PENGELOLA, "pengelola", unit="PEMDA/DISDIK", json={})
    await kantor.kehadiran(csv(APEL, (NIP_DARI[ANI], SENIN, "10:00", "11:00", "", 1, "", "")))
    assert await bulan(kantor) == (None, 1, None, 1)
    (day,) = await kantor.tpp.baris("SELECT masuk::text, tanpa_apel FROM kehadiran_harian")
    assert day == {"masuk": "07:25:00", "tanpa_apel": 1}


async def test_a_policy_that_cuts_by_them_pays_once_they_are_known(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(kebijakan("kaltim"))
    await dunia.siapkan_tanpa_kebijakan()
    await dunia.jalankan()
    (held,) = await tpp.baris("SELECT alasan FROM tpp_bulan WHERE pegawai_id = $1", ANI)
    assert "tanpa_apel_belum_ada" in {one.kode for one in baca_alasan(held["alasan"])}
    rows = [(NIP_DARI[who], SENIN, "hadir" if who == BUDI else "alpa") for who in ORANG]
    report = await dunia.kehadiran(csv(("NIP", "Tanggal", "Apel"), *rows), profil="daftar-apel")
    assert report["diterapkan"], report
    await dunia.jalankan()
    assert {who: status for who, (status, _, _) in (await dunia.angka()).items() if who in (ANI, BUDI)} == {
        ANI: "dihitung",
        BUDI: "dihitung",
    }
    slip = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
    assert any("apel" in line["kalimat"].lower() and line["jumlah"].startswith("-") for line in slip["baris"])


async def test_the_pages_show_them_and_ask_for_them(kantor: Dunia) -> None:
    await kantor.kehadiran(csv(APEL, (NIP_DARI[ANI], SENIN, "07:25", "16:05", "", 1, 0, 2)))
    headers = kantor.tpp.kepala(ANI) | {"Accept": "text/html"}
    seen = (await kantor.tpp.client.get(f"/tpp/kehadiran/{BULAN}", headers=headers)).text
    for text in ("Tidak mengikuti apel", "Mengikuti upacara", "2 absen terlewat"):
        assert text in seen, text
    url = f"/tpp/kehadiran/koreksi/{SENIN}"
    seen = (await kantor.tpp.client.get(url, headers=headers)).text
    assert "Saya mengikuti apel" in seen
    assert "Saya mengikuti upacara" not in seen
    form = {KEY: str(uuid4()), "sebab": "lupa", "bukti": "Daftar hadir apel", "tanpa_apel": "0"}
    sent = await kantor.tpp.client.post(url, data=form, headers=headers)
    assert sent.status_code == 303, sent.text
    (row,) = await kantor.tpp.baris("SELECT keterangan, tanpa_apel, tanpa_upacara FROM permohonan_koreksi")
    assert row == {"keterangan": None, "tanpa_apel": 0, "tanpa_upacara": None}
