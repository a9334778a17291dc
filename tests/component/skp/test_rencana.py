"""Planning: who decides, what is told, versions, and the RHK of the atasan."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.skp import SkpApproved, SkpReturned, SkpSubmitted
from tests.component.helpers import NIP, PEGAWAI, PENEMPATAN, Pemda, organisasi, rencana


def rhk(**changes: Any) -> dict[str, Any]:
    one: dict[str, Any] = {
        "rencana": "Tersusunnya laporan bulanan",
        "indikator": [{"aspek": "kuantitas", "iki": "Jumlah laporan", "target": "12 laporan"}],
    }
    return one | changes


async def buat(pemda: Pemda, who: str, *rows: dict[str, Any]) -> str:
    made = await pemda.tulis(who, "POST", "/api/skp/skp", json=rencana(pemda.hari_ini.year, *rows))
    assert made["keadaan"] == "draf"
    return f"/api/skp/skp/{made['skp_id']}"


async def status(pemda: Pemda, who: str, method: str, path: str, **rest: Any) -> int:
    response = await pemda.http.request(method, path, headers=pemda.sebagai(who), **rest)
    return int(response.status_code)


async def test_only_todays_penilai_decides(pemda: Pemda) -> None:
    address = await buat(pemda, "staf1")
    assert await status(pemda, "kabid", "POST", f"{address}/setujui") == 409
    told = await pemda.tulis("staf1", "POST", f"{address}/ajukan")
    assert (told["keadaan"], told["atasan_id"]) == ("diajukan", str(pemda.id["kabid"]))
    for who in ("staf1", "staf2", "kadis", "kadik", "admin"):
        assert await status(pemda, who, "POST", f"{address}/setujui") == 403, who
        note = {"catatan": "perbaiki targetnya"}
        assert await status(pemda, who, "POST", f"{address}/kembalikan", json=note) == 403, who
    await pemda.tulis("kabid", "POST", f"{address}/setujui")
    assert await status(pemda, "kabid", "POST", f"{address}/setujui") == 409


async def test_the_penilai_of_the_day_is_the_new_one_after_a_mutasi(pemda: Pemda) -> None:
    address = await buat(pemda, "staf1")
    await pemda.tulis("staf1", "POST", f"{address}/ajukan")
    moved = [NIP["staf1"], "GURU", pemda.hari_ini.isoformat(), "definitif"]
    assert (await pemda.impor(organisasi(penempatan=[*PENEMPATAN, moved])))["diterapkan"]
    assert await status(pemda, "kabid", "POST", f"{address}/setujui") == 403
    await pemda.tulis("kadik", "POST", f"{address}/setujui")
    [approved] = await pemda.layanan.keluar(SkpApproved)
    assert approved.atasan_id == pemda.id["kadik"]


async def test_the_top_is_decided_by_an_admin_and_never_by_himself(pemda: Pemda) -> None:
    address = await buat(pemda, "sekda")
    told = await pemda.tulis("sekda", "POST", f"{address}/ajukan")
    assert told["atasan_id"] is None
    for who, roles in (("kadis", ()), ("sekda", ("admin_bkd",)), ("guru", ("pengelola",))):
        headers = pemda.sebagai(who, *roles, unit="PEMDA" if "pengelola" in roles else None)
        response = await pemda.http.post(f"{address}/setujui", headers=headers)
        assert response.status_code == 403, who
    await pemda.tulis("admin", "POST", f"{address}/setujui")
    [approved] = await pemda.layanan.keluar(SkpApproved)
    assert approved.atasan_id is None


async def test_returned_mended_and_agreed_leaves_every_version(pemda: Pemda) -> None:
    address = await buat(pemda, "staf1")
    await pemda.tulis("staf1", "POST", f"{address}/ajukan")
    body = rencana(pemda.hari_ini.year, rhk(rencana="Tersusunnya laporan triwulan"))
    assert await status(pemda, "staf1", "PUT", address, json=body) == 409
    await pemda.tulis("kabid", "POST", f"{address}/kembalikan", json={"catatan": "targetnya kurang"})
    assert await status(pemda, "staf1", "POST", f"{address}/ajukan") == 409
    changed = await pemda.tulis("staf1", "PUT", address, json=body)
    assert (changed["versi"], changed["keadaan"]) == (2, "draf")
    await pemda.tulis("staf1", "POST", f"{address}/ajukan")
    await pemda.tulis("kabid", "POST", f"{address}/setujui")
    plan = await pemda.baca("staf1", address)
    assert [(row["versi"], row["keadaan"], row["catatan"]) for row in plan["riwayat"]] == [
        (2, "disetujui", None),
        (1, "dikembalikan", "targetnya kurang"),
    ]
    assert [row["rencana"] for row in plan["rhk"]] == ["Tersusunnya laporan triwulan"]
    versions = [
        event.version
        for kind in (SkpSubmitted, SkpReturned, SkpApproved)
        for event in await pemda.layanan.keluar(kind)
    ]
    assert sorted(versions) == [1, 2, 3, 4]
    [returned] = await pemda.layanan.keluar(SkpReturned)
    assert returned.catatan == "targetnya kurang"


async def test_a_revision_keeps_rhk_and_the_old_version_in_force_until_agreed(pemda: Pemda) -> None:
    await pemda.buka_bulan()
    plan = await pemda.skp_disetujui("staf1")
    address, old = f"/api/skp/skp/{plan['skp_id']}", plan["rhk"][0]
    body = rencana(
        pemda.hari_ini.year, rhk(rhk_id=old["rhk_id"], rencana="Tersusunnya laporan mingguan"), rhk()
    )
    await pemda.tulis("staf1", "PUT", address, json=body)
    draft = await pemda.baca("staf1", address)
    assert (draft["versi"], draft["versi_berlaku"], draft["keadaan"]) == (2, 1, "draf")
    new = draft["rhk"][1]["rhk_id"]
    assert draft["rhk"][0]["rhk_id"] == old["rhk_id"]
    pending = pemda.realisasi(plan | {"rhk": [{"rhk_id": new}]})
    assert await status(pemda, "staf1", "POST", "/api/skp/realisasi", json=pending) == 409
    await pemda.tulis("staf1", "POST", "/api/skp/realisasi", json=pemda.realisasi(plan))
    await pemda.tulis("staf1", "POST", f"{address}/ajukan")
    await pemda.tulis("kabid", "POST", f"{address}/setujui")
    await pemda.tulis("staf1", "POST", "/api/skp/realisasi", json=pending)
    approved = (await pemda.layanan.keluar(SkpApproved))[-1]
    assert [str(one.rhk_id) for one in approved.rhk] == [old["rhk_id"], new]


async def test_an_rhk_intervenes_only_the_own_atasans(pemda: Pemda) -> None:
    tahun = pemda.hari_ini.year
    before = await pemda.baca("staf1", "/api/skp/rhk-atasan", tahun=tahun)
    assert (before["keadaan"], before["data"]) == ("belum_ada", [])
    assert "Nama Kabid" in before["kalimat"]
    await buat(pemda, "kabid", rhk(rencana="Meningkatnya mutu layanan"))
    above = await pemda.baca("staf1", "/api/skp/rhk-atasan", tahun=tahun)
    [offered] = above["data"]
    assert (above["keadaan"], offered["berlaku"]) == ("draf", False)
    address = await buat(pemda, "staf1", rhk(rhk_atasan_id=offered["rhk_id"]))
    assert (await pemda.baca("staf1", address))["rhk"][0]["rhk_atasan_id"] == offered["rhk_id"]
    foreign = rencana(tahun, rhk(), rhk(rhk_atasan_id=offered["rhk_id"]))
    response = await pemda.http.post("/api/skp/skp", json=foreign, headers=pemda.sebagai("guru"))
    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == ["/rhk/1/rhk_atasan_id"]
    top = await pemda.baca("sekda", "/api/skp/rhk-atasan", tahun=tahun)
    assert (top["keadaan"], top["atasan_id"]) == ("tidak_ada_atasan", None)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"rhk": []}, "/rhk"),
        ({"rhk": [rhk()] * 26}, "/rhk"),
        ({"tahun": 1999}, "/tahun"),
        ({"rhk": [rhk(rencana="   ")]}, "/rhk/0/rencana"),
        ({"rhk": [rhk(indikator=[])]}, "/rhk/0/indikator"),
        (
            {"rhk": [rhk(indikator=[{"aspek": "cinta", "iki": "x", "target": "y"}])]},
            "/rhk/0/indikator/0/aspek",
        ),
        ({"rhk": [rhk(rhk_id=str(uuid4()))]}, "/rhk/0/rhk_id"),
    ],
)
async def test_what_a_plan_must_hold(pemda: Pemda, changes: dict[str, Any], pointer: str) -> None:
    body = rencana(pemda.hari_ini.year) | changes
    response = await pemda.http.post("/api/skp/skp", json=body, headers=pemda.sebagai("staf1"))
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == pointer


async def test_one_plan_a_year_whoever_is_faster(pemda: Pemda) -> None:
    body = rencana(pemda.hari_ini.year)

    async def ask() -> Any:
        return await pemda.http.post("/api/skp/skp", json=body, headers=pemda.sebagai("staf1"))

    answers = await asyncio.gather(*(ask() for _ in range(4)))
    assert sorted(response.status_code for response in answers) == [201, 409, 409, 409]
    made = next(response for response in answers if response.status_code == 201).json()
    refused = next(response for response in answers if response.status_code == 409).json()
    assert refused["skp_id"] == made["skp_id"]
    other = await pemda.tulis("staf1", "POST", "/api/skp/skp", json=rencana(pemda.hari_ini.year + 1))
    changed = await status(pemda, "staf1", "PUT", f"/api/skp/skp/{other['skp_id']}", json=body)
    assert changed == 422


async def test_who_has_no_post_yet_cannot_submit_and_is_told_who_acts(pemda: Pemda) -> None:
    nip = "199209092019011009"
    await pemda.impor(organisasi(pegawai=[*PEGAWAI, [nip, "Orang Baru", "CPNS", "III/a", ""]]))
    pemda.id["baru"] = await pemda.layanan.nilai("SELECT pegawai_id FROM pegawai WHERE nip = $1", nip)
    address = await buat(pemda, "baru")
    response = await pemda.http.post(f"{address}/ajukan", headers=pemda.sebagai("baru"))
    assert response.status_code == 409
    assert "admin BKD" in response.json()["remedy"]
    stranger = await pemda.http.post(
        "/api/skp/skp", json=rencana(2026), headers=pemda.layanan.kepala(uuid4())
    )
    assert stranger.status_code == 409


async def test_plans_are_listed_mine_first_in_pages(pemda: Pemda) -> None:
    for who in ("guru", "staf2", "staf1", "kabid"):
        await buat(pemda, who)
    seen: list[str] = []
    cursor = None
    while True:
        query: dict[str, Any] = {"tahun": pemda.hari_ini.year, "limit": 1}
        found = await pemda.baca("kabid", "/api/skp/skp", **query, **({"cursor": cursor} if cursor else {}))
        seen += [row["nip"] for row in found["data"]]
        cursor = found["berikutnya"]
        if cursor is None:
            break
    assert seen == [NIP["kabid"], NIP["staf2"], NIP["staf1"]]
    missing = await status(pemda, "kabid", "GET", f"/api/skp/skp/{uuid4()}")
    assert missing == 404
