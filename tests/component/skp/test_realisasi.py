"""Realisasi and evidence: what is taken, once; what is refused, and why."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.skp import RealisasiSubmitted
from tests.component.helpers import Pemda, pdf

ALAMAT = "/api/skp/realisasi"


@pytest.fixture
async def plan(pemda: Pemda) -> dict[str, Any]:
    """staf1's agreed plan, with this month open."""
    await pemda.buka_bulan()
    return await pemda.skp_disetujui("staf1")


async def kirim(pemda: Pemda, body: Any, who: str = "staf1", **headers: str) -> Any:
    return await pemda.http.post(ALAMAT, json=body, headers=pemda.sebagai(who) | headers)


async def test_a_retry_is_the_same_realisasi(pemda: Pemda, plan: dict[str, Any]) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    body = pemda.realisasi(plan)
    answers = await asyncio.gather(*(kirim(pemda, body, **key) for _ in range(5)))
    answers.append(await kirim(pemda, body, **key))
    assert {response.status_code for response in answers} == {201}
    assert len({response.text for response in answers}) == 1
    assert sum("idempotency-replayed" in response.headers for response in answers) == 5
    assert await pemda.layanan.nilai("SELECT count(*) FROM realisasi") == 1
    assert len(await pemda.layanan.keluar(RealisasiSubmitted)) == 1
    assert (
        await pemda.layanan.nilai("SELECT count(*) FROM kernel.audit WHERE action = 'realisasi.kirim'") == 1
    )
    other = await kirim(pemda, body | {"jumlah": "4"}, **key)
    assert other.status_code == 422


async def test_a_refused_one_may_be_mended_under_the_same_key(pemda: Pemda, plan: dict[str, Any]) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    bulan = pemda.bulan.plus(-1)
    body = pemda.realisasi(plan, periode=str(bulan), tanggal=str(bulan.first_day))
    if bulan.year != pemda.bulan.year:
        pytest.fail("uji ini memerlukan bulan lalu dalam tahun yang sama")
    assert (await kirim(pemda, body, **key)).status_code == 409
    await pemda.buka_bulan(bulan)
    assert (await kirim(pemda, body, **key)).status_code == 201


async def test_a_crowd_each_gets_his_own_answer(pemda: Pemda, plan: dict[str, Any]) -> None:
    other = await pemda.skp_disetujui("guru")
    bodies = []
    for number in range(60):
        body = pemda.realisasi(plan, uraian=f"Pekerjaan ke-{number}")
        if number % 3 == 1:
            body |= {"tanggal": str(pemda.hari_ini + timedelta(days=1))}
        if number % 3 == 2:
            body |= {"rhk_id": other["rhk"][0]["rhk_id"]}
        bodies.append(body)
    answers = await asyncio.gather(*(kirim(pemda, body) for body in bodies))
    assert [response.status_code for response in answers] == [201, 422, 409] * 20
    rows = await pemda.layanan.baris("SELECT realisasi_id, uraian FROM realisasi")
    stored = {str(row["realisasi_id"]): row["uraian"] for row in rows}
    for body, response in zip(bodies, answers, strict=True):
        if response.status_code == 201:
            assert stored.pop(response.json()["realisasi_id"]) == body["uraian"]
    assert stored == {}


async def test_one_unstorable_letter_spoils_only_its_own(pemda: Pemda, plan: dict[str, Any]) -> None:
    bad = pemda.realisasi(plan, uraian="huruf \u0000 kosong")
    answers = await asyncio.gather(
        *(kirim(pemda, bad if number == 3 else pemda.realisasi(plan)) for number in range(8))
    )
    assert [response.status_code for response in answers] == [201] * 3 + [422] + [201] * 4


@pytest.mark.parametrize(
    ("changes", "status", "kata"),
    [
        ({"periode": "2020-01", "tanggal": "2020-01-05"}, 409, "belum dibuka"),
        ({"rhk_id": "00000000-0000-7000-8000-000000000000"}, 409, "tidak ada dalam SKP"),
        ({"skp_id": "00000000-0000-7000-8000-000000000000"}, 409, "tidak ada dalam SKP"),
        ({"tanggal": "2020-01-05"}, 422, "di luar"),
        ({"bukti": ["a" * 64]}, 422, "belum Anda unggah"),
        ({"bukti": ["A" * 64]}, 422, "/bukti/0"),
        ({"bukti": ["a" * 64] * 11}, 422, "/bukti"),
        ({"jumlah": "-1"}, 422, "/jumlah"),
        ({"jumlah": "NaN"}, 422, "/jumlah"),
        ({"jumlah": "1.00001"}, 422, "/jumlah"),
        ({"jumlah": "1e30"}, 422, "/jumlah"),
        ({"uraian": "    "}, 422, "/uraian"),
        ({"uraian": "x" * 4001}, 422, "/uraian"),
        ({"tanggal": "kemarin"}, 422, "/tanggal"),
        ({"periode": "2026-13"}, 422, "/periode"),
    ],
)
async def test_what_is_refused_and_why(
    pemda: Pemda, plan: dict[str, Any], changes: dict[str, Any], status: int, kata: str
) -> None:
    response = await kirim(pemda, pemda.realisasi(plan) | changes)
    assert response.status_code == status
    assert kata in response.text
    assert await pemda.layanan.nilai("SELECT count(*) FROM realisasi") == 0


async def test_the_database_clock_in_the_regions_zone_decides_what_is_tomorrow(
    pemda: Pemda, plan: dict[str, Any]
) -> None:
    tomorrow = pemda.hari_ini + timedelta(days=1)
    body = pemda.realisasi(plan, tanggal=str(tomorrow))
    response = await kirim(pemda, body)
    assert response.status_code == 422
    assert (await kirim(pemda, pemda.realisasi(plan, tanggal=str(pemda.bulan.first_day)))).status_code == 201


async def test_without_a_key_or_with_a_broken_body(pemda: Pemda) -> None:
    headers = pemda.sebagai("staf1")
    response = await pemda.http.post(ALAMAT, content=b"{", headers=headers)
    assert response.status_code == 422
    del headers["Idempotency-Key"]
    response = await pemda.http.post(ALAMAT, json={}, headers=headers)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/Idempotency-Key"


async def test_submissions_end_before_the_month_does(pemda: Pemda, plan: dict[str, Any]) -> None:
    await pemda.tulis("admin", "POST", f"/api/skp/periode/{pemda.bulan}/tutup-pengiriman")
    response = await kirim(pemda, pemda.realisasi(plan))
    assert response.status_code == 409
    assert "sudah ditutup" in response.json()["detail"]


async def test_evidence_is_taken_checked_and_handed_out_as_attachment(pemda: Pemda) -> None:
    data = pdf("isi laporan")
    sha256 = await pemda.unggah("staf1", data, "../Laporan Akhir.pdf.exe")
    assert sha256 == await pemda.unggah("staf1", data, "nama lain.pdf")
    response = await pemda.http.get(f"/api/skp/bukti/{sha256}", headers=pemda.sebagai("staf1"))
    assert response.content == data
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"] == "attachment; filename*=UTF-8''Laporan%20Akhir_pdf.pdf"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"]
    viewed = await pemda.http.get(f"/api/skp/bukti/{sha256}", headers=pemda.sebagai("kabid"))
    assert viewed.status_code == 200
    assert await pemda.layanan.nilai("SELECT count(*) FROM kernel.audit WHERE action = 'bukti.lihat'") == 1


async def test_the_same_evidence_of_two_people_is_each_ones_own(pemda: Pemda) -> None:
    data = pdf("foto bersama")
    sha256 = await pemda.unggah("staf1", data)
    address = f"/api/skp/bukti/{sha256}"
    assert (await pemda.http.get(address, headers=pemda.sebagai("guru"))).status_code == 404
    await pemda.unggah("guru", data)
    for who, status in (("guru", 200), ("kadik", 200), ("kabid", 200), ("staf2", 404)):
        assert (await pemda.http.get(address, headers=pemda.sebagai(who))).status_code == status, who


async def test_evidence_that_is_not_what_it_says(pemda: Pemda) -> None:
    async def put(data: bytes, sha256: str) -> Any:
        return await pemda.http.put(f"/api/skp/bukti/{sha256}", content=data, headers=pemda.sebagai("staf1"))

    data = pdf()
    assert (await put(data, "0" * 64)).status_code == 422
    script = b"<svg onload=alert(1)>"
    assert (await put(script, hashlib.sha256(script).hexdigest())).status_code == 422
    large = data + b" " * (5 * 1024 * 1024)
    assert (await put(large, hashlib.sha256(large).hexdigest())).status_code == 413
    assert await pemda.layanan.nilai("SELECT count(*) FROM bukti") == 0
    store = pemda.layanan.running.settings.home / "store"
    assert [path for path in store.rglob("*") if path.is_file()] == []


async def test_evidence_of_nobody_is_not_kept(pemda: Pemda) -> None:
    data = pdf()
    response = await pemda.http.put(
        f"/api/skp/bukti/{hashlib.sha256(data).hexdigest()}",
        content=data,
        headers=pemda.layanan.kepala(uuid4()),
    )
    assert response.status_code == 409


async def test_evidence_of_somebody_else_cannot_be_claimed(pemda: Pemda, plan: dict[str, Any]) -> None:
    sha256 = await pemda.unggah("guru", pdf("milik guru"))
    response = await kirim(pemda, pemda.realisasi(plan, bukti=[sha256]))
    assert response.status_code == 422
    await pemda.unggah("staf1", pdf("milik guru"))
    assert (await kirim(pemda, pemda.realisasi(plan, bukti=[sha256, sha256]))).status_code == 201
    [told] = await pemda.layanan.keluar(RealisasiSubmitted)
    assert [one.sha256 for one in told.bukti] == [sha256]


async def test_a_store_that_is_away_is_said_and_leaves_no_record(pemda: Pemda) -> None:
    store = pemda.layanan.running.settings.home / "store"
    before = pdf("sebelum")
    sha256 = await pemda.unggah("staf1", before)
    for path in sorted(store.rglob("*"), reverse=True):
        if path.is_file():
            path.unlink()
    response = await pemda.http.get(f"/api/skp/bukti/{sha256}", headers=pemda.sebagai("staf1"))
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0


async def test_realisasi_are_listed_in_pages(pemda: Pemda, plan: dict[str, Any]) -> None:
    sent = [(await kirim(pemda, pemda.realisasi(plan))).json()["realisasi_id"] for _ in range(5)]
    seen: list[str] = []
    query: dict[str, Any] = {"periode": str(pemda.bulan), "limit": 2, "pegawai_id": str(pemda.id["staf1"])}
    while True:
        found = await pemda.baca("kabid", ALAMAT, **query)
        seen += [row["realisasi_id"] for row in found["data"]]
        if found["berikutnya"] is None:
            break
        query["cursor"] = found["berikutnya"]
    assert seen == sorted(sent)


async def test_several_at_once_are_all_recorded_or_none(pemda: Pemda, plan: dict[str, Any]) -> None:
    address = f"{ALAMAT}/sekaligus"
    good = [pemda.realisasi(plan, uraian=f"Pekerjaan ke-{number}") for number in range(3)]
    bad = pemda.realisasi(plan, tanggal=str(pemda.hari_ini + timedelta(days=1)))
    foreign = pemda.realisasi(plan, rhk_id=str(uuid4()))
    for isi, status, pointer in (
        ([*good, bad], 422, "/isi/3/tanggal"),
        ([foreign, *good], 409, "/isi/0"),
        ([], 422, "/isi"),
    ):
        response = await pemda.http.post(address, json={"isi": isi}, headers=pemda.sebagai("staf1"))
        assert response.status_code == status
        assert pointer in [error["pointer"] for error in response.json()["errors"]]
    assert await pemda.layanan.nilai("SELECT count(*) FROM realisasi") == 0
    headers = pemda.sebagai("staf1")
    answers = [await pemda.http.post(address, json={"isi": good}, headers=headers) for _ in range(2)]
    assert [response.status_code for response in answers] == [201, 201]
    receipts = [one["realisasi_id"] for one in answers[0].json()["data"]]
    assert answers[1].json() == answers[0].json()
    rows = await pemda.layanan.baris("SELECT realisasi_id, uraian FROM realisasi")
    assert {str(row["realisasi_id"]): row["uraian"] for row in rows} == {
        receipt: one["uraian"] for receipt, one in zip(receipts, good, strict=True)
    }
    assert len(await pemda.layanan.keluar(RealisasiSubmitted)) == 3


async def test_a_month_at_a_glance(pemda: Pemda, plan: dict[str, Any]) -> None:
    address = f"{ALAMAT}/bulan/{pemda.bulan}"
    empty = await pemda.baca("staf1", address)
    assert (empty["keadaan"], empty["catatan"], empty["hari"]) == ("dibuka", 0, [])
    assert [(rhk["satuan"], rhk["catatan"], rhk["terakhir"]) for rhk in empty["rhk"]] == [
        ("laporan", 0, None)
    ]
    sha256 = await pemda.unggah("staf1", pdf("bukti bulan"), "Laporan.pdf")
    for body in (
        pemda.realisasi(plan, bukti=[sha256]),
        pemda.realisasi(plan, jumlah="1.5"),
        pemda.realisasi(plan, satuan="berkas", tanggal=str(pemda.bulan.first_day)),
    ):
        assert (await kirim(pemda, body)).status_code == 201
    full = await pemda.baca("staf1", address)
    [rhk] = full["rhk"]
    assert {one["satuan"]: float(one["jumlah"]) for one in rhk["jumlah"]} == {"dokumen": 4.5, "berkas": 3}
    assert (rhk["catatan"], rhk["terakhir"], full["catatan"]) == (3, str(pemda.hari_ini), 3)
    listed = (await pemda.baca("staf1", ALAMAT, periode=str(pemda.bulan)))["data"]
    first = await pemda.baca("kabid", f"{ALAMAT}/{listed[0]['realisasi_id']}")
    assert (first["rencana"], first["berkas"][0]["nama"]) == (plan["rhk"][0]["rencana"], "Laporan.pdf")
    missing = await pemda.http.get(f"{ALAMAT}/{uuid4()}", headers=pemda.sebagai("staf1"))
    assert missing.status_code == 404


async def test_a_month_says_what_is_missing(pemda: Pemda) -> None:
    address = f"{ALAMAT}/bulan/{pemda.bulan}"
    before = await pemda.baca("staf1", address)
    assert (before["keadaan"], before["skp_keadaan"], before["rhk"]) == ("belum_dibuka", "belum_ada", [])
    assert before["atasan_nama"] == "Nama Kabid"
    stranger = await pemda.http.get(address, headers=pemda.layanan.kepala(uuid4()))
    assert stranger.status_code == 404
