"""Nudges about planning: strangers first, only while something waits, and one a day however many clicks."""

import asyncio
from typing import Any

from shared.contracts.colek import ColekSent
from shared.web.routes import KEY
from tests.component.helpers import Pemda, rencana


async def diajukan(pemda: Pemda, who: str) -> str:
    made = await pemda.tulis(who, "POST", "/api/skp/skp", json=rencana(pemda.hari_ini.year))
    address = f"/api/skp/skp/{made['skp_id']}"
    await pemda.tulis(who, "POST", f"{address}/ajukan")
    return address


async def ingatkan(pemda: Pemda, who: str, path: str, *peran: str, **rest: Any) -> Any:
    return await pemda.http.post(path, headers=pemda.sebagai(who, *peran), **rest)


async def test_only_the_owner_reminds_and_only_while_it_waits(pemda: Pemda) -> None:
    address = await diajukan(pemda, "staf1")
    anonymous = await pemda.http.post(f"{address}/ingatkan", headers={"Idempotency-Key": "tanpa-nama-1"})
    assert anonymous.status_code == 401
    for who, peran in (("staf2", ()), ("kabid", ()), ("guru", ("pengelola", "auditor")), ("admin", ())):
        assert (await ingatkan(pemda, who, f"{address}/ingatkan", *peran)).status_code == 403, who
    assert await pemda.layanan.keluar(ColekSent) == []
    told = await ingatkan(pemda, "staf1", f"{address}/ingatkan")
    assert told.status_code == 200
    assert told.json()["kepada"] == "Nama Kabid"
    [sent] = await pemda.layanan.keluar(ColekSent)
    assert (sent.hal, sent.dari_id, sent.kepada_id, sent.kepada_peran) == (
        "skp",
        pemda.id["staf1"],
        pemda.id["kabid"],
        None,
    )
    await pemda.tulis("kabid", "POST", f"{address}/setujui")
    assert (await ingatkan(pemda, "staf1", f"{address}/ingatkan")).status_code == 409


async def test_an_atasan_reminds_the_owner_until_the_plan_is_submitted(pemda: Pemda) -> None:
    made = await pemda.tulis("staf1", "POST", "/api/skp/skp", json=rencana(pemda.hari_ini.year))
    plan = f"/api/skp/skp/{made['skp_id']}"
    path = f"{plan}/ingatkan-lanjutan"
    anonymous = await pemda.http.post(path, headers={"Idempotency-Key": "tanpa-nama-4"})
    assert anonymous.status_code == 401
    for who, peran in (("staf1", ()), ("staf2", ()), ("sekda", ()), ("guru", ("pengelola", "auditor"))):
        assert (await ingatkan(pemda, who, path, *peran)).status_code == 403, who
    page = f"/skp/bawahan/{made['skp_id']}/kembalikan"
    html = {"Accept": "text/html"}
    seen = await pemda.http.get(page, headers=pemda.sebagai("kabid") | html)
    assert "masih draf dan belum diajukan" in seen.text
    action = f"/skp/bawahan/{made['skp_id']}/ingatkan"
    assert f'action="{action}"' in seen.text
    told = await pemda.http.post(action, data={KEY: "kunci-lanjutan"}, headers=pemda.sebagai("kabid") | html)
    assert (told.status_code, told.headers["location"]) == (303, page)
    assert (await ingatkan(pemda, "kabid", path)).status_code == 429
    [sent] = await pemda.layanan.keluar(ColekSent)
    assert (sent.hal, sent.dari_id, sent.kepada_id) == ("pengajuan", pemda.id["kabid"], pemda.id["staf1"])
    # Submitted: now it is the atasan's own turn, and for admin BKD the atasan's.
    await pemda.tulis("staf1", "POST", f"{plan}/ajukan")
    assert (await ingatkan(pemda, "kabid", path)).status_code == 409
    assert (await ingatkan(pemda, "admin", path, "admin_bkd")).json()["kepada"] == "Nama Kabid"


async def test_many_clicks_at_once_send_one(pemda: Pemda) -> None:
    address = await diajukan(pemda, "staf1")
    answers = await asyncio.gather(*(ingatkan(pemda, "staf1", f"{address}/ingatkan") for _ in range(12)))
    assert sorted(one.status_code for one in answers) == [200] + [429] * 11
    refused = next(one for one in answers if one.status_code == 429)
    assert refused.json()["detail"] == "Nama Kabid sudah Anda ingatkan hari ini."
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400
    assert len(await pemda.layanan.keluar(ColekSent)) == 1
    # The day is the key: yesterday's does not count, another person's does not either.
    await pemda.layanan.baris("UPDATE kernel.colek SET hari = hari - 1")
    assert (await ingatkan(pemda, "staf1", f"{address}/ingatkan")).status_code == 200
    other = await diajukan(pemda, "staf2")
    assert (await ingatkan(pemda, "staf2", f"{other}/ingatkan")).status_code == 200
    assert len(await pemda.layanan.keluar(ColekSent)) == 3


async def test_a_retry_with_the_same_key_gets_the_first_answer(pemda: Pemda) -> None:
    address = await diajukan(pemda, "staf1")
    headers = pemda.sebagai("staf1")
    first, again = [await pemda.http.post(f"{address}/ingatkan", headers=headers) for _ in range(2)]
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert len(await pemda.layanan.keluar(ColekSent)) == 1


async def test_the_top_reminds_admin_bkd(pemda: Pemda) -> None:
    address = await diajukan(pemda, "sekda")
    assert (await ingatkan(pemda, "sekda", f"{address}/ingatkan")).json()["kepada"] == "Admin BKD"
    [sent] = await pemda.layanan.keluar(ColekSent)
    assert (sent.kepada_id, sent.kepada_peran, sent.kepada_unit) == (None, "admin_bkd", None)


async def test_an_atasan_without_rhk_is_reminded_until_he_plans(pemda: Pemda) -> None:
    year = pemda.hari_ini.year
    path = f"/api/skp/rhk-atasan/ingatkan?tahun={year}"
    assert (await pemda.http.post(path, headers={"Idempotency-Key": "tanpa-nama-2"})).status_code == 401
    told = await ingatkan(pemda, "staf1", path)
    assert told.json()["kepada"] == "Nama Kabid"
    [sent] = await pemda.layanan.keluar(ColekSent)
    assert (sent.hal, sent.kepada_id, sent.tahun) == ("rencana", pemda.id["kabid"], year)
    assert (await ingatkan(pemda, "staf1", path)).status_code == 429
    await pemda.tulis("kabid", "POST", "/api/skp/skp", json=rencana(year))
    assert (await ingatkan(pemda, "staf2", path)).status_code == 409
    assert (await ingatkan(pemda, "sekda", path)).status_code == 409


async def test_one_reminder_about_a_month_is_enough_for_everyone(pemda: Pemda) -> None:
    path = f"/api/skp/periode/{pemda.bulan}/ingatkan"
    assert (await pemda.http.post(path, headers={"Idempotency-Key": "tanpa-nama-3"})).status_code == 401
    answers = await asyncio.gather(*(ingatkan(pemda, who, path) for who in ("staf1", "staf2", "guru")))
    assert sorted(one.status_code for one in answers) == [200, 429, 429]
    refused = next(one for one in answers if one.status_code == 429)
    assert refused.json()["detail"] == "Admin BKD sudah diingatkan hari ini."
    [sent] = await pemda.layanan.keluar(ColekSent)
    assert (sent.hal, sent.kepada_peran, sent.bulan) == ("periode", "admin_bkd", pemda.bulan)
    later = f"/api/skp/periode/{pemda.bulan.plus(1)}/ingatkan"
    assert (await ingatkan(pemda, "staf1", later)).status_code == 409
    await pemda.buka_bulan()
    assert (await ingatkan(pemda, "staf1", path)).status_code == 409


async def test_work_left_behind_reminds_each_units_pengelola(pemda: Pemda) -> None:
    await pemda.buka_bulan()
    await pemda.tulis("admin", "POST", f"/api/skp/periode/{pemda.bulan}/tutup-pengiriman")
    path = f"/api/skp/periode/{pemda.bulan}/ingatkan"
    statuses = [(await ingatkan(pemda, who, path)).status_code for who in ("staf1", "staf2", "guru")]
    assert statuses == [200, 429, 200]
    sent = await pemda.layanan.keluar(ColekSent)
    assert [(one.hal, one.kepada_peran, one.kepada_unit) for one in sent] == [
        ("realisasi", "pengelola", "PEMDA/DINKES/DINKES-1"),
        ("realisasi", "pengelola", "PEMDA/DIKBUD"),
    ]


async def test_the_page_of_a_month_offers_the_reminder_until_it_is_sent(pemda: Pemda) -> None:
    html = {"Accept": "text/html"}
    page = f"/skp/realisasi?periode={pemda.bulan}"
    path = f"/skp/realisasi/bulan/{pemda.bulan}/ingatkan"
    seen = await pemda.http.get(page, headers=pemda.sebagai("staf1") | html)
    assert f'action="{path}"' in seen.text
    sent = await pemda.http.post(path, data={KEY: "kunci-pengingat"}, headers=pemda.sebagai("staf1") | html)
    assert (sent.status_code, sent.headers["location"]) == (303, page)
    for who in ("staf1", "guru"):
        seen = await pemda.http.get(page, headers=pemda.sebagai(who) | html)
        assert "Sudah Anda ingatkan" not in seen.text
        assert "Sudah diingatkan hari ini" in seen.text
    await pemda.buka_bulan()
    address = await diajukan(pemda, "staf1")
    seen = await pemda.http.get(page, headers=pemda.sebagai("staf1") | html)
    plan = address.replace("/api/skp/skp/", "/skp/rencana/")
    assert f'action="{plan}/ingatkan"' in seen.text
