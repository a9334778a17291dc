"""Nudges about ratings: to the atasan, to the person, to admin BKD; and names on the list."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.assessment.penilaian import rules
from shared.contracts.colek import ColekSent
from shared.contracts.pegawai import KontakChanged
from shared.contracts.skp import SkpApproved
from shared.period import Period
from shared.testing.feed import Recorded
from tests.component.assessment.fakta import (
    KADIS,
    SEKDA,
    STAF,
    STAF_LAIN,
    bagan,
    dibuka,
    id_of,
    realisasi,
)
from tests.component.layanan import Layanan

BULAN = Period(2025, 11)
"""Long past: its ratings are late."""


def nama(who: UUID, text: str, version: int = 1) -> Recorded:
    return Recorded.of(
        KontakChanged(version=version, pegawai_id=who, nama=text, email="jangan.disimpan@contoh.go.id")
    )


def disetujui(who: UUID, atasan: UUID) -> Recorded:
    """A plan of that year, agreed."""
    return Recorded.of(
        SkpApproved(
            version=2,
            skp_id=id_of("skp", who),
            pegawai_id=who,
            atasan_id=atasan,
            tahun=BULAN.year,
            periode=BULAN,
            rhk=(),
        )
    )


async def ingatkan(
    assessment: Layanan, who: UUID, tentang: UUID, *peran: str, unit: str | None = None
) -> Any:
    return await assessment.client.post(
        f"/api/penilaian/{BULAN}/pegawai/{tentang}/ingatkan",
        headers=assessment.kepala(who, *peran, unit=unit),
    )


@pytest.fixture
async def siap(assessment: Layanan) -> Layanan:
    """Known people; 2025 has no SKP of anybody, its month is open."""
    await assessment.dengar(*bagan(), dibuka(BULAN), nama(STAF, "Siti"), nama(KADIS, "Kartika"))
    return assessment


async def test_strangers_remind_nobody(siap: Layanan) -> None:
    path = f"/api/penilaian/{BULAN}/pegawai/{STAF}/ingatkan"
    assert (await siap.client.post(path, headers={"Idempotency-Key": "tanpa-nama-1"})).status_code == 401
    for who, peran in ((STAF_LAIN, ()), (SEKDA, ()), (uuid4(), ("admin_bkd", "auditor"))):
        assert (await ingatkan(siap, who, STAF, *peran)).status_code == 403
    answer = await ingatkan(siap, uuid4(), STAF, "pengelola", unit="PEMDA/DISDIK")
    assert answer.status_code == 403
    assert await siap.keluar(ColekSent) == []


async def test_whoever_has_to_act_is_reminded_and_nobody_reminds_themselves(siap: Layanan) -> None:
    # Nothing submitted: the person acts, so only the atasan can remind.
    assert (await ingatkan(siap, STAF, STAF)).json()["detail"] == "Anda sendiri yang perlu bertindak."
    assert (await ingatkan(siap, KADIS, STAF)).json()["kepada"] == "Siti"
    # Everything there but the rating: the atasan acts, so only the person can remind.
    await siap.dengar(disetujui(STAF, KADIS), realisasi(STAF, periode=BULAN))
    assert (await ingatkan(siap, KADIS, STAF)).status_code == 409
    answers = await asyncio.gather(*(ingatkan(siap, STAF, STAF) for _ in range(8)))
    assert sorted(one.status_code for one in answers) == [200] + [429] * 7
    # The top has no atasan.
    assert (await ingatkan(siap, SEKDA, SEKDA)).status_code == 409
    first, second = await siap.keluar(ColekSent)
    assert (first.dari_id, first.kepada_id, first.bulan) == (KADIS, STAF, BULAN)
    assert (second.dari_id, second.kepada_id, second.tentang_id) == (STAF, KADIS, STAF)
    body = {"hasil_kerja": 2, "perilaku": 2}
    path = f"/api/penilaian/{BULAN}/pegawai/{STAF}"
    rated = await siap.client.post(path, headers=siap.kepala(KADIS), json=body)
    assert rated.status_code == 200, rated.text
    assert (await ingatkan(siap, STAF, STAF)).status_code == 409


async def test_the_list_knows_names_counts_and_keeps_no_address(siap: Layanan) -> None:
    await siap.dengar(nama(STAF, "Siti Lama", 1), nama(STAF, "Siti Baru", 2), realisasi(STAF, periode=BULAN))
    answer = await siap.client.get(f"/api/penilaian/{BULAN}/bawahan", headers=siap.kepala(KADIS))
    rows = {row["pegawai_id"]: row for row in answer.json()["data"]}
    row = rows[str(STAF)]
    assert (row["nama"], row["realisasi"], row["bukti"], row["skp"]) == ("Siti Baru", 1, 0, "belum_ada")
    assert rows[str(STAF_LAIN)]["nama"] is None
    assert "jangan.disimpan" not in str(await siap.baris("SELECT * FROM nama"))


async def test_my_months_say_why_they_wait_and_for_whom(siap: Layanan) -> None:
    answer = await siap.client.get("/api/penilaian/saya", headers=siap.kepala(STAF))
    [month] = answer.json()["data"]
    assert month["periode"] == str(BULAN)
    assert month["menunggu"]["alasan"]["kode"] == "skp_belum_ada"
    assert month["menunggu"]["anda"] is True
    assert (await siap.client.get("/api/penilaian/saya")).status_code == 401
    await siap.dengar(disetujui(STAF, KADIS))
    path = f"/api/penilaian/{BULAN}/pegawai/{STAF}"
    body = {"hasil_kerja": 1, "perilaku": 1}
    assert (await siap.client.post(path, headers=siap.kepala(KADIS), json=body)).status_code == 200
    [month] = (await siap.client.get("/api/penilaian/saya", headers=siap.kepala(STAF))).json()["data"]
    assert (month["penilaian"]["predikat_nama"], month["menunggu"]) == ("Sangat Baik", None)


async def test_who_rates_asks_for_a_closed_month_to_be_opened(siap: Layanan) -> None:
    path = f"/api/penilaian/{BULAN}/bawahan/ingatkan"
    assert (await siap.client.post(path, headers={"Idempotency-Key": "tanpa-nama-5"})).status_code == 401
    assert (await siap.client.post(path, headers=siap.kepala(KADIS))).status_code == 409
    await siap.baris("UPDATE periode SET keadaan = 'ditutup'")
    # Who rates nobody has nothing to change.
    assert (await siap.client.post(path, headers=siap.kepala(STAF))).status_code == 409
    html = {"Accept": "text/html"}
    sheet = f"/penilaian/bawahan/{BULAN}"
    seen = await siap.client.get(sheet, headers=siap.kepala(KADIS) | html)
    assert f'action="{sheet}/ingatkan"' in seen.text
    told = await siap.client.post(path, headers=siap.kepala(KADIS))
    assert (told.status_code, told.json()["kepada"]) == (200, "Admin BKD")
    assert (await siap.client.post(path, headers=siap.kepala(KADIS))).status_code == 429
    [sent] = await siap.keluar(ColekSent)
    assert (sent.hal, sent.kepada_peran, sent.bulan) == ("buka_kembali", "admin_bkd", BULAN)
    seen = await siap.client.get(sheet, headers=siap.kepala(KADIS) | html)
    assert "Sudah Anda ingatkan hari ini" in seen.text


def test_a_rating_is_not_late_while_its_month_runs() -> None:
    last = date(2026, 11, 30)
    assert rules.belum_waktunya("belum_dinilai", "dibuka", last, last)
    assert not rules.belum_waktunya("belum_dinilai", "dibuka", date(2026, 12, 1), last)
    assert not rules.belum_waktunya("belum_dinilai", "pengiriman_ditutup", last, last)
    assert not rules.belum_waktunya("skp_belum_ada", "dibuka", last, last)
