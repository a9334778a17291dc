"""Rating: strangers first, then the rightful, then what state forbids."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from shared.contracts.penilaian import PredikatSet
from tests.component.assessment.fakta import (
    KADIS,
    SEKDA,
    STAF,
    STAF_LAIN,
    bagan,
    dibuka,
    dikembalikan,
    disetujui,
    pegawai,
    penutupan,
    realisasi,
    segmen,
)
from tests.component.layanan import Layanan

URL = "/api/penilaian/2026-11"
BAIK = {"hasil_kerja": 2, "perilaku": 2, "catatan": "Terima kasih."}
ADMIN = uuid4()


async def siap(assessment: Layanan) -> None:
    """A month that may be rated."""
    await assessment.dengar(
        *bagan(), dibuka(), disetujui(SEKDA, None), disetujui(STAF, KADIS), realisasi(STAF)
    )


async def nilai(assessment: Layanan, oleh: UUID, siapa: UUID, *peran: str, **isi: object) -> tuple[int, dict]:  # type: ignore[type-arg]
    answer = await assessment.client.post(
        f"{URL}/pegawai/{siapa}", json=BAIK | isi, headers=assessment.kepala(oleh, *peran)
    )
    return answer.status_code, answer.json()


async def test_strangers_rate_nobody(assessment: Layanan) -> None:
    await siap(assessment)
    anonymous = await assessment.client.post(
        f"{URL}/pegawai/{STAF}", json=BAIK, headers={"Idempotency-Key": "kunci-tanpa-nama"}
    )
    assert anonymous.status_code == 401
    for oleh, peran in (
        (STAF_LAIN, ()),
        (SEKDA, ()),  # the atasan's atasan is not the penilai
        (STAF, ()),
        (STAF, ("admin_bkd",)),  # nobody rates themselves, whatever their role
        (ADMIN, ("admin_bkd",)),  # this person has an atasan
        (ADMIN, ("pengelola", "pimpinan", "keuangan_opd", "bpkad", "auditor", "sysadmin")),
    ):
        status, body = await nilai(assessment, oleh, STAF, *peran)
        assert (status, bool(body["remedy"])) == (403, True), (oleh, peran, body)
    assert await assessment.nilai("SELECT count(*) FROM penilaian") == 0
    assert await assessment.keluar(PredikatSet) == []


async def test_atasan_rates_and_the_world_hears(assessment: Layanan) -> None:
    await siap(assessment)
    status, body = await nilai(assessment, KADIS, STAF)
    assert (status, body["predikat"], body["predikat_nama"], body["peringatan"]) == (200, 2, "Baik", [])
    (event,) = await assessment.keluar(PredikatSet)
    assert (event.pegawai_id, event.penilai_id, event.predikat, event.version) == (STAF, KADIS, 2, 1)
    trail = await assessment.baris("SELECT action, subject, actor FROM kernel.audit")
    assert trail == [
        {"action": "penilaian.dinilai", "subject": f"pegawai:{STAF}", "actor": f"pegawai:{KADIS}"}
    ]


async def test_a_changed_mind_is_a_newer_version_and_the_same_mind_is_nothing(assessment: Layanan) -> None:
    await siap(assessment)
    for perilaku in (2, 2, 1):
        assert (await nilai(assessment, KADIS, STAF, perilaku=perilaku))[0] == 200
    assert [(e.version, e.perilaku) for e in await assessment.keluar(PredikatSet)] == [(1, 2), (2, 1)]


async def test_a_retry_with_the_same_key_is_answered_alike(assessment: Layanan) -> None:
    await siap(assessment)
    headers = assessment.kepala(KADIS)
    first, again = [
        await assessment.client.post(f"{URL}/pegawai/{STAF}", json=BAIK, headers=headers) for _ in range(2)
    ]
    assert (first.json(), again.headers["idempotency-replayed"]) == (again.json(), "true")
    assert len(await assessment.keluar(PredikatSet)) == 1


async def test_the_top_official_is_rated_through_admin_bkd(assessment: Layanan) -> None:
    await siap(assessment)
    assert (await nilai(assessment, KADIS, SEKDA))[0] == 403
    assert (await nilai(assessment, SEKDA, SEKDA, "admin_bkd"))[0] == 403
    status, body = await nilai(assessment, ADMIN, SEKDA, "admin_bkd")
    assert (status, body["peringatan"]) == (200, ["Belum ada realisasi bulan ini yang tercatat."])


async def test_the_penilai_is_the_atasan_of_the_last_day(assessment: Layanan) -> None:
    await siap(assessment)
    moved = pegawai(
        STAF, 2, segmen(date(2025, 1, 1), KADIS), segmen(date(2026, 11, 30), SEKDA, "SETDA"), version=2
    )
    await assessment.dengar(moved)
    assert (await nilai(assessment, KADIS, STAF))[0] == 403
    assert (await nilai(assessment, SEKDA, STAF))[0] == 200


async def test_state_forbids_with_a_way_out(assessment: Layanan) -> None:
    people = bagan()
    await assessment.dengar(*people, disetujui(STAF, KADIS))
    status, body = await nilai(assessment, KADIS, STAF)
    assert (status, body["detail"]) == (409, "Periode November 2026 belum dibuka.")
    await assessment.dengar(dibuka(), dikembalikan(STAF_LAIN, KADIS))
    status, body = await nilai(assessment, KADIS, STAF_LAIN)
    assert (status, body["detail"]) == (409, "SKP tahun 2026 pegawai ini belum disetujui.")
    assert (await nilai(assessment, ADMIN, uuid4(), "admin_bkd"))[0] == 404
    await assessment.dengar(*penutupan([], [(STAF, 1)]))
    status, body = await nilai(assessment, KADIS, STAF)
    assert status == 409
    assert "membuka kembali" in body["remedy"]


@pytest.mark.parametrize(
    ("isi", "pointer"),
    [
        ({"hasil_kerja": 0}, "/hasil_kerja"),
        ({"perilaku": 4}, "/perilaku"),
        ({"perilaku": "2"}, "/perilaku"),
        ({"predikat": 1}, "/predikat"),
        ({"catatan": "x" * 2001}, "/catatan"),
    ],
)
async def test_wrong_input_names_its_field(assessment: Layanan, isi: dict[str, object], pointer: str) -> None:
    status, body = await nilai(assessment, KADIS, STAF, **isi)
    assert (status, body["errors"][0]["pointer"]) == (422, pointer)


async def test_many_at_once_each_with_an_outcome(assessment: Layanan) -> None:
    await siap(assessment)
    body = {
        "penilaian": [
            {"pegawai_id": str(who), "hasil_kerja": 1, "perilaku": 1}
            for who in (STAF, STAF_LAIN, SEKDA, KADIS)
        ]
    }
    url = f"{URL}/banyak"
    refused = await assessment.client.post(url, json=body, headers=assessment.kepala(STAF_LAIN))
    assert (refused.json()["tercatat"], refused.json()["ditolak"]) == (0, 4)
    answer = (await assessment.client.post(url, json=body, headers=assessment.kepala(KADIS))).json()
    assert [(row["tercatat"], row["masalah"]) for row in answer["hasil"]] == [
        (True, None),
        (False, "SKP tahun 2026 pegawai ini belum disetujui."),
        (False, "Anda bukan pejabat penilai pegawai ini pada akhir bulan tersebut."),
        (False, "Anda tidak dapat menilai diri sendiri."),
    ]
    assert all(row["jalan_keluar"] for row in answer["hasil"][1:])
    assert [event.pegawai_id for event in await assessment.keluar(PredikatSet)] == [STAF]
    twice = await assessment.client.post(
        url, json={"penilaian": body["penilaian"][:1] * 2}, headers=assessment.kepala(KADIS)
    )
    assert (twice.status_code, twice.json()["errors"][0]["pointer"]) == (422, "/penilaian/1/pegawai_id")


async def test_bawahan_shows_whom_i_rate_and_only_them(assessment: Layanan) -> None:
    await siap(assessment)
    await nilai(assessment, KADIS, STAF)
    url = f"{URL}/bawahan"
    assert (await assessment.client.get(url)).status_code == 401
    seen = {}
    for who, peran in (
        (KADIS, ()),
        (SEKDA, ()),
        (STAF, ()),
        (ADMIN, ("admin_bkd",)),
        (SEKDA, ("admin_bkd",)),
    ):
        rows = (await assessment.client.get(url, headers=assessment.kepala(who, *peran))).json()["data"]
        seen[who, peran] = [(UUID(row["pegawai_id"]), row["skp"], row["realisasi"]) for row in rows]
    assert seen == {
        (KADIS, ()): [(STAF, "disetujui", 1), (STAF_LAIN, "belum_ada", 0)],
        (SEKDA, ()): [(KADIS, "belum_ada", 0)],
        (STAF, ()): [],
        (ADMIN, ("admin_bkd",)): [(SEKDA, "disetujui", 0)],
        (SEKDA, ("admin_bkd",)): [(KADIS, "belum_ada", 0)],
    }
    first = await assessment.client.get(f"{url}?limit=1", headers=assessment.kepala(KADIS))
    assert first.json()["data"][0]["penilaian"]["predikat_nama"] == "Baik"
    second = await assessment.client.get(
        first.headers["link"].split(">")[0].lstrip("<"), headers=assessment.kepala(KADIS)
    )
    assert [row["pegawai_id"] for row in second.json()["data"]] == [str(STAF_LAIN)]
    assert second.json()["berikutnya"] is None
    for cursor in ("x", "WyJhIiwgImIiXQ", "bm90anNvbg"):
        answer = await assessment.client.get(f"{url}?cursor={cursor}", headers=assessment.kepala(KADIS))
        assert answer.status_code == 422


async def test_status_counts_what_the_caller_may_see(assessment: Layanan) -> None:
    await siap(assessment)
    await nilai(assessment, KADIS, STAF)
    url = f"{URL}/status"
    assert (await assessment.client.get(url)).status_code == 401
    assert (await assessment.client.get(url, headers=assessment.kepala(KADIS))).status_code == 403
    disdik = {
        "opd_kode": "DISDIK",
        "opd_nama": "OPD DISDIK",
        "pegawai": 3,
        "skp_disetujui": 1,
        "dinilai": 1,
        "belum_dinilai": 2,
    }
    for headers, codes in (
        (assessment.kepala(ADMIN, "admin_bkd"), ["DISDIK", "SETDA"]),
        (assessment.kepala(ADMIN, "pengelola", unit="PEMDA/DISDIK"), ["DISDIK"]),
        (assessment.kepala(ADMIN, "pengelola", unit="PEMDA/DIS"), []),
    ):
        body = (await assessment.client.get(url, headers=headers)).json()
        assert [row["opd_kode"] for row in body["opd"]] == codes
        assert body["keadaan"] == "dibuka"
        assert disdik in body["opd"] or not codes


async def test_one_person_is_seen_by_those_concerned(assessment: Layanan) -> None:
    await siap(assessment)
    await nilai(assessment, KADIS, STAF)
    url = f"{URL}/pegawai/{STAF}"
    assert (await assessment.client.get(url)).status_code == 401
    for headers in (
        assessment.kepala(STAF_LAIN),
        assessment.kepala(SEKDA),
        assessment.kepala(ADMIN, "pengelola", unit="PEMDA/SETDA"),
        assessment.kepala(ADMIN, "sysadmin", "bpkad", "keuangan_opd", unit="PEMDA/DISDIK"),
    ):
        assert (await assessment.client.get(url, headers=headers)).status_code == 403
    for headers in (
        assessment.kepala(STAF),
        assessment.kepala(KADIS),
        assessment.kepala(ADMIN, "pengelola", unit="PEMDA/DISDIK"),
        assessment.kepala(ADMIN, "auditor"),
    ):
        body = (await assessment.client.get(url, headers=headers)).json()
        assert body["penilaian"]["predikat_nama"] == "Baik"
        assert [plan["keadaan"] for plan in body["skp"]] == ["disetujui"]
        assert [done["jumlah"] for done in body["realisasi"]] == ["1"]
        assert body["final"] is None
    unknown = f"{URL}/pegawai/{uuid4()}"
    assert (await assessment.client.get(unknown, headers=assessment.kepala(STAF))).status_code == 403
    answer = await assessment.client.get(unknown, headers=assessment.kepala(ADMIN, "auditor"))
    assert answer.status_code == 404


@pytest.mark.parametrize("periode", ["2026-13", "1026-01", "2026", "0000-00", "2026-1"])
async def test_a_month_that_is_none(assessment: Layanan, periode: str) -> None:
    answer = await assessment.client.get(
        f"/api/penilaian/{periode}/status", headers=assessment.kepala(ADMIN, "admin_bkd")
    )
    assert answer.status_code == 422
