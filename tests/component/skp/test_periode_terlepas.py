"""Before a month is closed its page names whom the closing leaves out, and who serves only a part of it."""

from datetime import date
from typing import Any

import pytest

from services.skp.pegawai.sel import TIDAK_BERTUGAS
from shared.contracts.periode import PeriodeRoster
from shared.period import Period
from tests.component.helpers import NIP, PEGAWAI, PENEMPATAN, Pemda, buku, organisasi

HTML = {"Accept": "text/html"}
PERINGATAN = "dinonaktifkan dan tidak ikut bulan ini"
SEBAGIAN = "berhenti bertugas di tengah bulan ini"


async def lihat(pemda: Pemda, bulan: Period, who: str = "admin", *peran: str) -> Any:
    return await pemda.http.get(f"/skp/periode/{bulan}", headers=pemda.sebagai(who, *peran) | HTML)


async def nonaktifkan(pemda: Pemda, *names: str, aktif: str = "tidak") -> None:
    rows = [[*row, aktif] for row in PEGAWAI if row[0] in {NIP[who] for who in names}]
    head = ["nip", "nama", "status", "golongan", "email", "aktif"]
    report = await pemda.impor(buku({"Pegawai": [head, *rows]}))
    assert report["diterapkan"], report


async def berhenti(pemda: Pemda, who: str, hari: date, status: str = "Berhenti") -> None:
    head = ["nip", "jabatan", "mulai", "sebagai", "status"]
    post = next(row[1] for row in PENEMPATAN if row[0] == NIP[who])
    row = [NIP[who], post, hari.isoformat(), "definitif", status]
    report = await pemda.impor(buku({"Penempatan": [head, row]}))
    assert report["diterapkan"], report


async def roster(pemda: Pemda) -> set[Any]:
    return {who for part in await pemda.layanan.keluar(PeriodeRoster) for who, _ in part.pegawai}


async def test_strangers_first(pemda: Pemda) -> None:
    bulan = await pemda.buka_bulan()
    await nonaktifkan(pemda, "staf2")
    anonymous = await pemda.http.get(f"/skp/periode/{bulan}", headers=HTML)
    assert anonymous.headers["Location"].startswith("/masuk")
    for who, *peran in (("guru",), ("kabid", "pengelola"), ("kadis", "auditor")):
        told = await lihat(pemda, bulan, who, *peran)
        assert (told.status_code, "Staf2" in told.text) == (403, False)


async def test_who_is_made_inactive_is_named_and_missing_after_the_closing(pemda: Pemda) -> None:
    bulan = await pemda.buka_bulan()
    before = (await lihat(pemda, bulan)).text
    assert PERINGATAN not in before
    assert SEBAGIAN not in before
    await nonaktifkan(pemda, "staf2", "guru")
    told = (await lihat(pemda, bulan)).text
    assert f"2 orang {PERINGATAN}" in told
    assert "2 orang yang dinonaktifkan tidak ikut." in told
    assert f'<a href="/skp/pegawai/{pemda.id["staf2"]}">Nama Staf2</a>' in told
    assert "Nama Guru" in told
    assert "Dinas Pendidikan" in told
    assert "Nama Staf1" not in told
    # Made active again: nothing to say, and the closing has them.
    await nonaktifkan(pemda, "guru", aktif="ya")
    told = (await lihat(pemda, bulan)).text
    assert f"1 orang {PERINGATAN}" in told
    assert "Nama Guru" not in told
    await pemda.tulis("admin", "POST", f"/api/skp/periode/{bulan}/tutup")
    assert await roster(pemda) == set(pemda.id.values()) - {pemda.id["staf2"]}
    assert PERINGATAN not in (await lihat(pemda, bulan)).text


@pytest.mark.parametrize("status", TIDAK_BERTUGAS)
async def test_who_left_before_the_month_is_not_named_again(pemda: Pemda, status: str) -> None:
    """Inactive before it began, or by a dated placement out of service from its first day on."""
    now = pemda.bulan
    await pemda.buka_bulan()
    later = now.plus(1)
    await pemda.buka_bulan(later)
    await nonaktifkan(pemda, "staf2", "guru")
    assert f"2 orang {PERINGATAN}" in (await lihat(pemda, now)).text
    assert PERINGATAN not in (await lihat(pemda, later)).text
    await berhenti(pemda, "guru", now.first_day, status)
    told = (await lihat(pemda, now)).text
    assert f"1 orang {PERINGATAN}" in told
    assert "Nama Guru" not in told


async def test_who_has_realisasi_of_the_month_is_named_whenever_they_were_made_inactive(pemda: Pemda) -> None:
    bulan = await pemda.buka_bulan()
    plan = await pemda.skp_disetujui("staf1")
    await pemda.tulis("staf1", "POST", "/api/skp/realisasi", json=pemda.realisasi(plan))
    await nonaktifkan(pemda, "staf1", "staf2")
    # Recorded long ago.
    async with pemda.layanan.database.pool.acquire() as conn:
        await conn.execute("UPDATE riwayat SET superseded_at = '2020-01-01' WHERE tabel = 'pegawai'")
    told = (await lihat(pemda, bulan)).text
    assert f"1 orang {PERINGATAN}" in told
    assert "Nama Staf1" in told


@pytest.mark.parametrize("status", TIDAK_BERTUGAS)
async def test_who_stops_within_the_month_is_counted_by_days_while_active(pemda: Pemda, status: str) -> None:
    bulan = await pemda.buka_bulan()
    tengah = date(bulan.year, bulan.month, 19)
    await berhenti(pemda, "guru", tengah, status)
    told = (await lihat(pemda, bulan)).text
    assert f"1 orang {SEBAGIAN}" in told
    assert "Nama Guru" in told
    assert "berhenti 19 " in told
    assert PERINGATAN not in told
    # Inactive as well: the days served are lost, too.
    await nonaktifkan(pemda, "guru")
    told = (await lihat(pemda, bulan)).text
    assert SEBAGIAN not in told
    assert f"1 orang {PERINGATAN}" in told
    assert "berhenti 19 " in told


async def test_many_are_counted_and_the_first_are_named(pemda: Pemda) -> None:
    bulan = await pemda.buka_bulan()
    many = [[f"198601012010011{n:03d}", f"Orang {n:03d}", "PNS", "III/a", ""] for n in range(1, 231)]
    posts = [[row[0], "STAF-1", "2026-01-01", "definitif"] for row in many]
    report = await pemda.impor(organisasi(pegawai=[*PEGAWAI, *many], penempatan=[*PENEMPATAN, *posts]))
    assert report["diterapkan"], report
    head = ["nip", "nama", "status", "golongan", "email", "aktif"]
    report = await pemda.impor(buku({"Pegawai": [head, *([*row, "tidak"] for row in many)]}))
    assert report["diterapkan"], report
    await berhenti(pemda, "guru", date(bulan.year, bulan.month, 19))
    told = (await lihat(pemda, bulan)).text
    assert f"230 orang {PERINGATAN}" in told
    assert "Tampilkan yang lain (220)" in told
    assert told.count(">Orang ") == 200
    assert "30 orang lagi" in told
    assert f"1 orang {SEBAGIAN}" in told
