"""The inbox: each hears what concerns them, once, and nobody reads another's."""

import random
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shared.contracts.periode import PeriodeSubmissionClosed
from shared.testing.feed import Recorded
from tests.component.layanan import Layanan
from tests.component.notification.fakta import (
    KADIS,
    SEKDA,
    STAF,
    STAF_LAIN,
    bulan,
    dibuka_kembali,
    dinilai,
    orang,
    skp,
    tertahan,
    tpp,
)

ADMIN = uuid4()


async def kotak(notification: Layanan, who: UUID, *peran: str) -> list[dict[str, Any]]:
    answer = await notification.client.get("/api/notifikasi/kotak", headers=notification.kepala(who, *peran))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


async def jenis(notification: Layanan, who: UUID, *peran: str) -> list[str]:
    return [row["jenis"] for row in await kotak(notification, who, *peran)]


async def test_strangers_read_nothing(notification: Layanan) -> None:
    await notification.dengar(skp("disetujui"))
    for url in ("kotak", "jumlah"):
        assert (await notification.client.get(f"/api/notifikasi/{url}")).status_code == 401
    (message,) = await kotak(notification, STAF)
    url = f"/api/notifikasi/{message['id']}/dibaca"
    anonymous = await notification.client.post(url, headers={"Idempotency-Key": "tanpa-nama-1"})
    assert anonymous.status_code == 401
    for who, peran in ((STAF_LAIN, ()), (KADIS, ()), (ADMIN, ("admin_bkd", "auditor", "sysadmin"))):
        answer = await notification.client.post(url, headers=notification.kepala(who, *peran))
        assert answer.status_code == 403
        assert await kotak(notification, who, *peran) == []
    assert await notification.nilai("SELECT count(*) FROM dibaca") == 0


async def test_plans_are_told_to_whom_they_concern(notification: Layanan) -> None:
    await notification.dengar(*orang(STAF), skp("diajukan"))
    (asked,) = await kotak(notification, KADIS)
    assert asked["isi"].startswith("Slamet Riyadi (NIP 19850101 201001 1 002) mengajukan SKP tahun 2026.")
    assert await kotak(notification, STAF) == []
    await notification.dengar(skp("dikembalikan", version=2), skp("disetujui", version=4))
    assert set(await jenis(notification, STAF)) == {"skp_dikembalikan", "skp_disetujui"}
    returned = next(row for row in await kotak(notification, STAF) if row["jenis"] == "skp_dikembalikan")
    assert "Target indikator kedua belum terukur." in returned["isi"]


async def test_the_top_officials_plan_goes_to_admin_bkd(notification: Layanan) -> None:
    await notification.dengar(*orang(SEKDA), skp("diajukan", SEKDA, None))
    assert await jenis(notification, ADMIN, "admin_bkd") == ["skp_diajukan"]
    assert await jenis(notification, ADMIN, "pengelola") == []


async def test_a_month_is_one_row_for_everyone(notification: Layanan) -> None:
    await notification.dengar(bulan(), bulan(PeriodeSubmissionClosed), dibuka_kembali())
    assert await notification.nilai("SELECT count(*) FROM notifikasi") == 3
    assert await notification.nilai("SELECT count(*) FROM surel") == 0
    for who in (STAF, KADIS, uuid4()):
        assert len(await kotak(notification, who)) == 3
    first = (await kotak(notification, STAF))[0]
    headers = notification.kepala(STAF)
    for _ in range(2):
        answer = await notification.client.post(f"/api/notifikasi/{first['id']}/dibaca", headers=headers)
        assert answer.json() == {"id": first["id"], "dibaca": True}
    counts = {}
    for who in (STAF, KADIS):
        answer = await notification.client.get("/api/notifikasi/jumlah", headers=notification.kepala(who))
        counts[who] = answer.json()["belum_dibaca"]
    assert counts == {STAF: 2, KADIS: 3}


async def test_a_held_result_is_told_to_the_person_and_to_the_owner(notification: Layanan) -> None:
    await notification.dengar(
        tertahan(STAF, "belum_dinilai", "atasan"),
        tertahan(STAF_LAIN, "skp_belum_ada", "pegawai"),
        tertahan(SEKDA, "belum_dinilai", "admin_bkd", penilai=None),
        dinilai(KADIS),
    )
    assert await jenis(notification, STAF) == ["penilaian_ditahan"]
    assert await jenis(notification, STAF_LAIN) == ["penilaian_ditahan"]
    assert await jenis(notification, KADIS) == ["penilaian_menunggu_anda"]
    assert await jenis(notification, ADMIN, "admin_bkd") == ["penilaian_menunggu_anda"]


async def test_one_mail_for_an_atasan_however_many_wait(notification: Layanan) -> None:
    await notification.dengar(*(tertahan(who, "belum_dinilai", "atasan") for who in (STAF, STAF_LAIN)))
    assert len(await kotak(notification, KADIS)) == 2
    mails = await notification.baris("SELECT penerima_id FROM surel ORDER BY kunci")
    assert sorted(row["penerima_id"] for row in mails) == sorted([STAF, STAF_LAIN, KADIS])


async def test_tpp_is_told_to_its_owner_and_never_how_much(notification: Layanan) -> None:
    await notification.dengar(*(tpp(kind) for kind in ("dihitung", "ditahan", "dibayar", "gagal")))
    rows = await kotak(notification, STAF)
    assert sorted(row["jenis"] for row in rows) == [
        "tpp_dibayar",
        "tpp_dihitung",
        "tpp_ditahan",
        "tpp_gagal_dibayar",
    ]
    stored = str(await notification.baris("SELECT * FROM notifikasi"))
    for digits in ("876543", "8.876.543", "9876543"):
        assert digits not in stored + str(rows)


async def test_pages_follow_each_other_without_gap_or_repeat(notification: Layanan) -> None:
    await notification.dengar(*(skp("disetujui", version=n) for n in range(1, 8)), bulan())
    seen: list[str] = []
    url: str | None = "/api/notifikasi/kotak?limit=3"
    while url:
        answer = await notification.client.get(url, headers=notification.kepala(STAF))
        seen += [row["id"] for row in answer.json()["data"]]
        url = answer.headers["link"].split(">")[0].lstrip("<") if "link" in answer.headers else None
    assert len(seen) == len(set(seen)) == 8
    for cursor in ("WyJ4IiwgInkiXQ", "WyIyMDI2LTExLTIwIiwgIngiXQ", "x"):
        answer = await notification.client.get(
            f"/api/notifikasi/kotak?cursor={cursor}", headers=notification.kepala(STAF)
        )
        assert answer.status_code == 422


async def test_a_message_that_is_none(notification: Layanan) -> None:
    answer = await notification.client.post(
        f"/api/notifikasi/{uuid4()}/dibaca", headers=notification.kepala(STAF)
    )
    assert answer.status_code == 404
    answer = await notification.client.post("/api/notifikasi/x/dibaca", headers=notification.kepala(STAF))
    assert answer.status_code == 422


FACTS: list[Recorded] = [
    *orang(KADIS),
    *orang(STAF),
    *orang(STAF, email="baru@contoh.go.id", version=2),
    *orang(STAF_LAIN, email=None),
    bulan(),
    dibuka_kembali(),
    skp("diajukan"),
    skp("dikembalikan", version=2),
    skp("disetujui", version=4),
    tertahan(STAF, "belum_dinilai", "atasan"),
    tertahan(STAF_LAIN, "belum_dinilai", "atasan"),
    tpp("dihitung"),
    tpp("ditahan", version=2),
    tpp("dibayar", version=3),
]
_STATE = {
    "kontak": "SELECT * FROM kontak ORDER BY pegawai_id",
    "pegawai": "SELECT * FROM pegawai ORDER BY pegawai_id",
    "notifikasi": "SELECT * FROM notifikasi ORDER BY id",
    # Which of two messages with one mail brought it is chance; that there is one mail is not.
    "surel": "SELECT id, kunci, penerima_id, keadaan FROM surel ORDER BY id",
}


async def _state(notification: Layanan, owner: Any) -> dict[str, Any]:
    found = {name: await notification.baris(sql) for name, sql in _STATE.items()}
    await owner.execute("TRUNCATE kontak, pegawai, notifikasi, dibaca, surel, kernel.inbox, kernel.tally")
    return found


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
async def test_order_and_repetition_do_not_matter(notification: Layanan, owner: Any, seed: int) -> None:
    await notification.dengar(*FACTS)
    expected = await _state(notification, owner)
    assert len(expected["notifikasi"]) == 12
    shuffle = random.Random(seed)
    bag = [fact for fact in FACTS for _ in range(shuffle.randint(1, 3))]
    shuffle.shuffle(bag)
    while bag:
        size = shuffle.randint(1, len(bag))
        await notification.dengar(*bag[:size])
        bag = bag[size:]
    assert await _state(notification, owner) == expected
