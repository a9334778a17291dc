"""Nudges about one's TPP and about an OPD's decisions."""

import asyncio

from shared.contracts.colek import ColekSent
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    DEDI,
    KEUANGAN,
    KEUANGAN_DINKES,
    OKTOBER,
    ORANG,
    Dunia,
    dibuka_kembali,
    hadir_semua,
    kebijakan,
)

SAYA = f"/slip/{BULAN}/saya/ingatkan"
OPD = f"/penetapan/{BULAN}/DISDIK/ingatkan"


async def test_strangers_remind_nobody(dunia: Dunia) -> None:
    await dunia.jalankan()
    for path in (SAYA, OPD):
        answer = await dunia.tpp.client.post(f"/api/tpp{path}", headers={"Idempotency-Key": "tanpa-nama-1"})
        assert answer.status_code == 401
    for who, peran, unit in (
        (BUDI, (), None),
        (BUDI, ("auditor",), None),
        (KEUANGAN_DINKES, ("keuangan_opd",), "PEMDA/DINKES"),
    ):
        assert (await dunia.kirim(OPD, who, *peran, unit=unit)).status_code == 403
    assert await dunia.tpp.keluar(ColekSent) == []


async def test_my_computed_tpp_reminds_the_next_office_once_a_day(dunia: Dunia) -> None:
    await dunia.jalankan()
    body = {"kode": "penetapan"}
    answers = await asyncio.gather(*(dunia.kirim(SAYA, ANI, json=body) for _ in range(8)))
    assert sorted(one.status_code for one in answers) == [200] + [429] * 7
    assert (await dunia.kirim(SAYA, ANI, json={"kode": "kehadiran_belum_ada"})).status_code == 409
    [sent] = await dunia.tpp.keluar(ColekSent)
    assert (sent.hal, sent.kepada_peran, sent.kepada_unit) == ("penetapan", "keuangan_opd", "PEMDA/DISDIK")
    # The next step is another subject, and another office.
    await dunia.putuskan("DISDIK", "verifikasi", KEUANGAN, "keuangan_opd")
    assert (await dunia.kirim(SAYA, ANI, json=body)).json()["kepada"] == "Admin BKD"
    assert (await dunia.kirim(OPD, ADMIN, "admin_bkd")).status_code == 200
    await dunia.putuskan("DISDIK", "setujui", ADMIN, "admin_bkd")
    assert (await dunia.kirim(OPD, KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")).json()["kepada"] == "BPKAD"
    await dunia.putuskan("DISDIK", "kunci", BPKAD, "bpkad")
    for path, who, peran in ((SAYA, ANI, ()), (OPD, ADMIN, ("admin_bkd",))):
        assert (await dunia.kirim(path, who, *peran, json=body)).status_code == 409
    assert [one.kepada_peran for one in await dunia.tpp.keluar(ColekSent)] == [
        "keuangan_opd",
        "admin_bkd",
        "admin_bkd",
        "bpkad",
    ]


async def test_a_held_tpp_reminds_the_owner_of_each_reason(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.siapkan(skip=frozenset({"kehadiran", "gaji"}))
    await dunia.jalankan()
    assert (await dunia.kirim(SAYA, ANI, json={"kode": "penetapan"})).status_code == 409
    for kode, siapa in (
        ("kehadiran_belum_ada", "Pengelola kinerja OPD"),
        ("gaji_belum_ada", "Keuangan OPD"),
    ):
        told = await dunia.kirim(SAYA, ANI, json={"kode": kode})
        assert told.json()["kepada"] == siapa, told.text
        assert (await dunia.kirim(SAYA, ANI, json={"kode": kode})).status_code == 429
    # Budi's own month is another matter.
    assert (await dunia.kirim(SAYA, BUDI, json={"kode": "gaji_belum_ada"})).status_code == 200
    first, second, _ = await tpp.keluar(ColekSent)
    assert (first.hal, first.kepada_peran, first.kepada_unit) == ("tpp", "pengelola", "PEMDA/DISDIK/DISDIK-1")
    assert (second.kepada_peran, second.tentang_id) == ("keuangan_opd", ANI)
    assert "kehadiran" in first.kalimat


async def test_my_months_are_mine(dunia: Dunia) -> None:
    await dunia.jalankan()
    assert (await dunia.tpp.client.get("/api/tpp/slip")).status_code == 401
    [month] = (await dunia.lihat("/slip", ANI)).json()["data"]
    slip = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
    assert (month["periode"], month["neto"], month["sementara"]) == (BULAN, slip["neto"], False)
    assert await dunia.tpp.baris("SELECT * FROM kernel.audit WHERE action LIKE '%dibaca'") == []


async def test_figures_that_wait_remind_whoever_has_to_act(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    path = f"/perhitungan/{BULAN}/ingatkan"
    assert (await tpp.client.post(f"/api/tpp{path}", headers={"Idempotency-Key": "x" * 9})).status_code == 401
    assert (await dunia.kirim(path, BUDI)).status_code == 403
    await dunia.siapkan(skip=frozenset({"tutup"}))
    assert (await dunia.kirim(path, ADMIN, "admin_bkd")).status_code == 409
    assert (await dunia.kirim(path, BPKAD, "bpkad")).json()["kepada"] == "Admin BKD"
    assert (await dunia.kirim(path, BPKAD, "bpkad")).status_code == 429
    await dunia.tutup()
    # Closed, and nobody has started the run: the next decision waits for the same person.
    assert (await dunia.kirim(path, KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")).status_code == 200
    await dunia.jalankan()
    assert (await dunia.kirim(path, KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")).status_code == 409
    first, second = await tpp.keluar(ColekSent)
    assert {(one.hal, one.kepada_peran, one.bulan) for one in (first, second)} == {
        ("perhitungan", "admin_bkd", OKTOBER)
    }
    assert "belum ditutup" in first.kalimat
    assert "belum dijalankan" in second.kalimat


async def test_a_decision_before_the_figures_reminds_of_the_run(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.dengar(dibuka_kembali(4))
    told = await dunia.kirim(OPD, KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")
    assert told.json()["kepada"] == "Admin BKD"
    [sent] = await dunia.tpp.keluar(ColekSent)
    assert sent.hal == "perhitungan"


async def test_a_policy_waits_for_the_other_office(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    made = await dunia.kirim("/kebijakan", ADMIN, "admin_bkd", content=kebijakan())
    path = f"/kebijakan/{made.json()['kebijakan_id']}/ingatkan"
    assert (await dunia.kirim(path, KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")).status_code == 403
    assert (await dunia.kirim(path, BPKAD, "bpkad")).status_code == 409
    assert (await dunia.kirim(path, ADMIN, "admin_bkd")).json()["kepada"] == "BPKAD"
    assert (await dunia.kirim(path, ADMIN, "admin_bkd")).status_code == 429
    await dunia.kirim(path.replace("ingatkan", "aktifkan"), BPKAD, "bpkad")
    assert (await dunia.kirim(path, ADMIN, "admin_bkd")).status_code == 409
    [sent] = await tpp.keluar(ColekSent)
    assert (sent.hal, sent.kepada_peran) == ("kebijakan", "bpkad")


async def test_attendance_nobody_handed_in_reminds_the_unit_once(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    path = f"/kehadiran/{BULAN}/saya/ingatkan"
    assert (await tpp.client.post(f"/api/tpp{path}", headers={"Idempotency-Key": "x" * 9})).status_code == 401
    await dunia.siapkan(skip=frozenset({"kehadiran", "tutup"}))
    assert (await dunia.kirim("/kehadiran/2099-01/saya/ingatkan", ANI)).status_code == 409
    assert (await dunia.kirim(path, ANI)).json()["kepada"] == "Pengelola kinerja OPD"
    # Budi waits for the same person, Dedi for another.
    assert [(await dunia.kirim(path, who)).status_code for who in (ANI, BUDI, DEDI)] == [429, 429, 200]
    seen = await tpp.client.get(f"/tpp/kehadiran/{BULAN}", headers=tpp.kepala(BUDI))
    assert "Sudah diingatkan hari ini." in seen.text
    first, second = await tpp.keluar(ColekSent)
    assert (first.hal, first.kepada_peran, first.kepada_unit) == (
        "rekap", "pengelola", "PEMDA/DISDIK/DISDIK-1",
    )  # fmt: skip
    assert str(second.kepada_unit).startswith("PEMDA/DINKES")
    assert (await dunia.kehadiran(hadir_semua(*ORANG)))["diterapkan"]
    assert (await dunia.kirim(path, ANI)).status_code == 409


async def test_what_my_estimate_waits_for_is_one_click_away(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.siapkan(skip=frozenset({"gaji", "tutup"}))
    path = f"/andai-saya/{BULAN}"
    reasons = (await dunia.lihat(path, ANI)).json()["alasan"]
    assert [one["kode"] for one in reasons] == ["gaji_belum_ada"]
    assert (await dunia.kirim(f"{path}/ingatkan", ANI, json={"kode": "lain"})).status_code == 409
    page = await tpp.client.get(f"/tpp/saya/{BULAN}/andai", headers=tpp.kepala(ANI))
    assert f"/tpp/saya/{BULAN}/andai/ingatkan/gaji_belum_ada" in page.text
    body = {"kode": "gaji_belum_ada"}
    assert (await dunia.kirim(f"{path}/ingatkan", ANI, json=body)).json()["kepada"] == "Keuangan OPD"
    assert (await dunia.kirim(f"{path}/ingatkan", ANI, json=body)).status_code == 429
    [sent] = await tpp.keluar(ColekSent)
    assert (sent.hal, sent.kepada_peran, sent.tentang_id) == ("tpp", "keuangan_opd", ANI)


async def test_holidays_that_are_missing_remind_the_office_that_decrees_them(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    year = await tpp.nilai("SELECT extract(year FROM now())::integer") + 1
    path = f"/kalender/{year}/ingatkan"
    assert (await tpp.client.post(f"/api/tpp{path}", headers={"Idempotency-Key": "x" * 9})).status_code == 401
    assert (await dunia.kirim(path.replace(str(year), str(year + 5)), ANI)).status_code == 409
    for who, peran, button in ((ANI, (), True), (ADMIN, ("admin_bkd",), False)):
        page = await tpp.client.get(f"/tpp/kalender/{year}", headers=tpp.kepala(who, *peran))
        assert page.status_code == 200
        assert (f"/tpp{path}" in page.text) == button
        assert ("/tpp/impor/hari-libur" in page.text) != button
    assert [(await dunia.kirim(path, who)).status_code for who in (ANI, BUDI)] == [200, 429]
    [sent] = await tpp.keluar(ColekSent)
    assert (sent.hal, sent.kepada_peran, sent.tahun) == ("kalender", "admin_bkd", year)
