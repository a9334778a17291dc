"""The month: its life, what its closing counts, and what may race it."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.base import Manifest
from shared.contracts.pegawai import PegawaiChanged
from shared.contracts.periode import (
    PERIODE,
    PeriodeClosed,
    PeriodeOpened,
    PeriodeReopened,
    PeriodeRoster,
    PeriodeSubmissionClosed,
)
from shared.contracts.skp import REALISASI, SKP, RealisasiSubmitted, SkpApproved, SkpSubmitted
from shared.ids import low64
from tests.component.helpers import NIP, PEGAWAI, PENEMPATAN, Pemda, organisasi, rencana


def hitungan(manifest: Manifest) -> dict[str, tuple[int, str]]:
    return {entry.topic: (entry.count, entry.xor) for entry in manifest.topics}


async def test_the_life_of_a_month_is_told_in_order(pemda: Pemda) -> None:
    bulan = await pemda.buka_bulan()
    address = f"/api/skp/periode/{bulan}"
    assert (
        await pemda.http.post(
            "/api/skp/periode", json={"periode": str(bulan)}, headers=pemda.sebagai("admin")
        )
    ).status_code == 409
    await pemda.tulis("admin", "POST", f"{address}/tutup-pengiriman")
    await pemda.tulis("admin", "POST", f"{address}/tutup")
    for wrong in ("tutup", "tutup-pengiriman"):
        response = await pemda.http.post(f"{address}/{wrong}", headers=pemda.sebagai("admin"))
        assert response.status_code == 409
    await pemda.tulis("admin", "POST", f"{address}/buka-kembali", json={"alasan": "ada kiriman tertinggal"})
    shown = await pemda.baca("staf1", address)
    assert (shown["keadaan"], shown["version"]) == ("dibuka", 4)
    versions = [
        (await pemda.layanan.keluar(event))[0].version
        for event in (PeriodeOpened, PeriodeSubmissionClosed, PeriodeClosed, PeriodeReopened)
    ]
    assert versions == [1, 2, 3, 4]
    unknown = await pemda.http.post("/api/skp/periode/2019-01/tutup", headers=pemda.sebagai("admin"))
    assert unknown.status_code == 404
    short = await pemda.http.post(
        f"{address}/buka-kembali", json={"alasan": "x"}, headers=pemda.sebagai("admin")
    )
    assert short.status_code == 422


async def test_the_manifest_counts_every_event_of_the_month_and_no_other(pemda: Pemda) -> None:
    bulan = await pemda.buka_bulan()
    plan = await pemda.skp_disetujui("staf1")
    for _ in range(3):
        await pemda.tulis("staf1", "POST", "/api/skp/realisasi", json=pemda.realisasi(plan))
    await pemda.tulis("admin", "POST", f"/api/skp/periode/{bulan}/tutup")
    [closed] = await pemda.layanan.keluar(PeriodeClosed)
    rows = await pemda.layanan.baris(
        "SELECT id, aggregatetype FROM kernel.outbox WHERE periode = $1 AND type <> $2",
        str(bulan),
        PeriodeClosed.TYPE,
    )
    for topic, expected in ((PERIODE, 2), (SKP, 2), (REALISASI, 3)):
        ids = [row["id"] for row in rows if row["aggregatetype"] == topic.name]
        xor = 0
        for one in ids:
            xor ^= low64(one)
        assert hitungan(closed.manifest)[topic.name] == (expected, f"{xor & 0xFFFF_FFFF_FFFF_FFFF:016x}")
        assert len(ids) == expected


async def test_a_second_closing_counts_everything_again(pemda: Pemda) -> None:
    bulan = await pemda.buka_bulan()
    plan = await pemda.skp_disetujui("staf1")
    address = f"/api/skp/periode/{bulan}"
    await pemda.tulis("staf1", "POST", "/api/skp/realisasi", json=pemda.realisasi(plan))
    await pemda.tulis("admin", "POST", f"{address}/tutup")
    await pemda.tulis("admin", "POST", f"{address}/buka-kembali", json={"alasan": "ada kiriman tertinggal"})
    await pemda.tulis("staf1", "POST", "/api/skp/realisasi", json=pemda.realisasi(plan))
    await pemda.tulis("admin", "POST", f"{address}/tutup")
    first, second = await pemda.layanan.keluar(PeriodeClosed)
    assert (hitungan(first.manifest)[REALISASI.name][0], hitungan(second.manifest)[REALISASI.name][0]) == (
        1,
        2,
    )
    rosters = await pemda.layanan.keluar(PeriodeRoster)
    assert [roster.version for roster in rosters] == [first.version, second.version]


async def test_the_roster_names_the_employees_of_the_month_at_their_version(pemda: Pemda) -> None:
    bulan = await pemda.buka_bulan()
    later = str(bulan.plus(1).first_day)
    await pemda.impor(
        organisasi(
            pegawai=[
                *PEGAWAI,
                ["199209092019011009", "Belum Mulai", "CPNS", "III/a", ""],
                ["199209092019011010", "Tanpa Jabatan", "CPNS", "III/a", ""],
            ],
            penempatan=[*PENEMPATAN, ["199209092019011009", "GURU", later, "definitif"]],
        )
    )
    await pemda.tulis("admin", "POST", f"/api/skp/periode/{bulan}/tutup")
    rows = await pemda.layanan.baris("SELECT nip, pegawai_id FROM pegawai")
    ids = {row["pegawai_id"]: row["nip"] for row in rows}
    newest = {event.pegawai_id: event.version for event in await pemda.layanan.keluar(PegawaiChanged)}
    [roster] = await pemda.layanan.keluar(PeriodeRoster)
    assert {ids[who] for who, _ in roster.pegawai} == {*NIP.values(), "199209092019011010"}
    assert all(newest[who] == version for who, version in roster.pegawai)
    assert (roster.bagian, roster.dari) == (1, 1)


async def test_a_decision_is_stamped_with_the_oldest_open_month_and_never_with_a_closed_one(
    pemda: Pemda,
) -> None:
    bulan = pemda.bulan
    tahun = bulan.year
    first = await pemda.tulis("staf1", "POST", "/api/skp/skp", json=rencana(tahun))
    await pemda.tulis("staf1", "POST", f"/api/skp/skp/{first['skp_id']}/ajukan")
    [submitted] = await pemda.layanan.keluar(SkpSubmitted)
    assert submitted.periode == bulan  # no month is open: the calendar decides
    awal, lalu = type(bulan)(tahun, 1), type(bulan)(tahun, 2)
    for month in (awal, lalu, bulan):
        if month not in (bulan,) or bulan.month > 2:
            await pemda.buka_bulan(month)
    await pemda.tulis("admin", "POST", f"/api/skp/periode/{awal}/tutup")
    await pemda.tulis("kabid", "POST", f"/api/skp/skp/{first['skp_id']}/setujui")
    [approved] = await pemda.layanan.keluar(SkpApproved)
    assert approved.periode == lalu
    for month in sorted({lalu, bulan} - {awal}):
        await pemda.tulis("admin", "POST", f"/api/skp/periode/{month}/tutup")
    other = await pemda.tulis("staf2", "POST", "/api/skp/skp", json=rencana(tahun))
    await pemda.tulis("staf2", "POST", f"/api/skp/skp/{other['skp_id']}/ajukan")
    late = (await pemda.layanan.keluar(SkpSubmitted))[-1]
    assert late.periode == bulan.plus(1)


async def test_months_close_in_order_and_reopen_in_reverse(pemda: Pemda) -> None:
    first, second, third = ("2026-01", "2026-02", "2026-03")

    async def minta(month: str, verb: str, **more: Any) -> Any:
        return await pemda.http.post(
            f"/api/skp/periode/{month}/{verb}", headers=pemda.sebagai("admin"), **more
        )

    reason = {"json": {"alasan": "ada kiriman tertinggal"}}
    for month in (first, second):
        await pemda.tulis("admin", "POST", "/api/skp/periode", json={"periode": month})
    early = await minta(second, "tutup")
    assert early.status_code == 409
    assert early.json()["detail"] == "Januari 2026 belum ditutup."
    for month in (first, second):
        assert (await minta(month, "tutup")).status_code == 200
    refused = await minta(first, "buka-kembali", **reason)
    assert refused.status_code == 409
    assert "Buka kembali Februari 2026" in refused.text
    old = await pemda.http.post(
        "/api/skp/periode", json={"periode": "2025-12"}, headers=pemda.sebagai("admin")
    )
    assert old.status_code == 409
    await pemda.tulis("admin", "POST", "/api/skp/periode", json={"periode": third})
    for month in (second, first):
        assert (await minta(month, "buka-kembali", **reason)).status_code == 200
    for month in (first, second, third):
        assert (await minta(month, "tutup")).status_code == 200
    told = [
        (
            str(one.periode),
            one.version,
            one.manifest.after and (str(one.manifest.after.periode), one.manifest.after.version),
        )
        for one in await pemda.layanan.keluar(PeriodeClosed)
    ]
    assert told == [
        (first, 2, None),
        (second, 2, (first, 2)),
        (first, 4, None),
        (second, 4, (first, 4)),
        (third, 2, (second, 4)),
    ]


async def test_a_plan_agreed_in_a_month_never_opened_is_counted_by_the_next_closing(pemda: Pemda) -> None:
    await pemda.skp_disetujui("staf1")
    next_month = pemda.bulan.plus(1)
    await pemda.buka_bulan(next_month)
    await pemda.tulis("admin", "POST", f"/api/skp/periode/{next_month}/tutup")
    [approved] = await pemda.layanan.keluar(SkpApproved)
    [closed] = await pemda.layanan.keluar(PeriodeClosed)
    assert approved.periode == pemda.bulan
    assert hitungan(closed.manifest)[SKP.name][0] == 2
    assert closed.manifest.since is not None
    assert closed.manifest.since <= approved.periode


@pytest.mark.parametrize("putaran", range(3))
async def test_submissions_racing_the_closing_are_counted_or_refused(pemda: Pemda, putaran: int) -> None:
    bulan = await pemda.buka_bulan()
    plans = {who: await pemda.skp_disetujui(who) for who in ("staf1", "staf2", "guru")}

    async def kirim(who: str) -> Any:
        return await pemda.http.post(
            "/api/skp/realisasi", json=pemda.realisasi(plans[who]), headers=pemda.sebagai(who)
        )

    async def tutup() -> None:
        await asyncio.sleep(0.005 * (putaran + 1))
        await pemda.tulis("admin", "POST", f"/api/skp/periode/{bulan}/tutup")

    answers, _ = await asyncio.gather(
        asyncio.gather(*(kirim(who) for _ in range(40) for who in plans)), tutup()
    )
    taken = [response for response in answers if response.status_code == 201]
    refused = [response for response in answers if response.status_code == 409]
    assert len(taken) + len(refused) == 120
    assert all("sudah ditutup" in response.json()["detail"] for response in refused)
    [closed] = await pemda.layanan.keluar(PeriodeClosed)
    events = await pemda.layanan.keluar(RealisasiSubmitted)
    assert {event.realisasi_id for event in events} == {UUID(r.json()["realisasi_id"]) for r in taken}
    assert hitungan(closed.manifest)[REALISASI.name][0] == len(taken)


async def test_decisions_racing_the_closing_are_stamped_with_an_open_month(pemda: Pemda) -> None:
    bulan = await pemda.buka_bulan()
    await pemda.buka_bulan(bulan.plus(1))
    people = ["staf1", "staf2", "guru", "kabid", "kadis", "kadik"]
    made = {who: await pemda.tulis(who, "POST", "/api/skp/skp", json=rencana(bulan.year)) for who in people}

    async def ajukan(who: str) -> None:
        await pemda.tulis(who, "POST", f"/api/skp/skp/{made[who]['skp_id']}/ajukan")

    await asyncio.gather(
        *(ajukan(who) for who in people[:3]),
        pemda.tulis("admin", "POST", f"/api/skp/periode/{bulan}/tutup"),
        *(ajukan(who) for who in people[3:]),
    )
    events = await pemda.layanan.keluar(SkpSubmitted)
    assert len(events) == len(people)
    [closed] = await pemda.layanan.keluar(PeriodeClosed)
    stamped = [event for event in events if event.periode == bulan]
    assert hitungan(closed.manifest)[SKP.name][0] == len(stamped)
    assert {event.periode for event in events} <= {bulan, bulan.plus(1)}


async def test_months_are_listed_in_pages(pemda: Pemda) -> None:
    for month in ("2025-12", "2026-01", "2026-02"):
        await pemda.tulis("admin", "POST", "/api/skp/periode", json={"periode": month})
    response = await pemda.http.get("/api/skp/periode?limit=2", headers=pemda.sebagai("guru"))
    first = response.json()
    assert [row["periode"] for row in first["data"]] == ["2026-02", "2026-01"]
    assert 'rel="next"' in response.headers["link"]
    second = await pemda.baca("guru", "/api/skp/periode", limit=2, cursor=first["berikutnya"])
    assert ([row["periode"] for row in second["data"]], second["berikutnya"]) == (["2025-12"], None)
