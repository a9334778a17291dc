"""One's people and their plans: whom one sees, and agreeing to several at once."""

from typing import Any
from uuid import uuid4

from shared.contracts.skp import SkpApproved
from tests.component.helpers import NIP, Pemda, rencana


async def ajukan(pemda: Pemda, who: str) -> dict[str, Any]:
    made: dict[str, Any] = await pemda.tulis(who, "POST", "/api/skp/skp", json=rencana(pemda.hari_ini.year))
    told: dict[str, Any] = await pemda.tulis(who, "POST", f"/api/skp/skp/{made['skp_id']}/ajukan")
    return told


async def setujui(pemda: Pemda, who: str, *plans: dict[str, Any], **headers: str) -> Any:
    pilihan = [{"skp_id": plan["skp_id"], "versi": plan["versi"]} for plan in plans]
    return await pemda.http.post(
        "/api/skp/skp/setujui", json={"pilihan": pilihan}, headers=pemda.sebagai(who) | headers
    )


async def test_whom_one_sees_and_in_which_order(pemda: Pemda) -> None:
    await pemda.skp_disetujui("staf1")
    await ajukan(pemda, "staf2")
    await ajukan(pemda, "sekda")
    names = {str(pemda.id[name]): name for name in NIP}

    async def seen(who: str, **query: Any) -> list[tuple[str, str]]:
        rows = await pemda.baca(who, "/api/skp/bawahan", tahun=pemda.hari_ini.year, **query)
        return [(names[row["pegawai_id"]], row["keadaan"]) for row in rows["data"]]

    assert await seen("kabid") == [("staf2", "diajukan"), ("staf1", "disetujui")]
    assert await seen("kabid", keadaan="diajukan") == [("staf2", "diajukan")]
    assert await seen("kadik") == [("guru", "belum_ada")]
    assert await seen("staf1") == []
    # Who has no atasan is decided about by admin BKD.
    assert await seen("admin") == [("sekda", "diajukan")]
    assert await seen("sekda") == [("kadik", "belum_ada"), ("kadis", "belum_ada")]
    first = await pemda.baca("sekda", "/api/skp/bawahan", tahun=pemda.hari_ini.year, limit=1)
    rest = await pemda.baca(
        "sekda", "/api/skp/bawahan", tahun=pemda.hari_ini.year, limit=1, cursor=first["berikutnya"]
    )
    assert [row["pegawai_id"] for row in first["data"] + rest["data"]] == [
        str(pemda.id["kadik"]),
        str(pemda.id["kadis"]),
    ]
    assert rest["berikutnya"] is None


async def test_strangers_agree_to_nothing(pemda: Pemda) -> None:
    plan = await ajukan(pemda, "staf1")
    body = {"pilihan": [{"skp_id": plan["skp_id"], "versi": 1}]}
    assert (await pemda.http.post("/api/skp/skp/setujui", json=body)).status_code == 401
    for who in ("staf1", "staf2", "kadis", "admin"):
        told = (await setujui(pemda, who, plan)).json()["data"][0]
        assert told["disetujui"] is False, who
        assert told["alasan"], who
    assert await pemda.layanan.keluar(SkpApproved) == []


async def test_several_at_once_each_with_its_own_outcome(pemda: Pemda) -> None:
    first, second = await ajukan(pemda, "staf1"), await ajukan(pemda, "staf2")
    foreign = await ajukan(pemda, "guru")
    nothing = {"skp_id": str(uuid4()), "versi": 1}
    old = second | {"versi": 7}
    told = (await setujui(pemda, "kabid", first, foreign, nothing, old)).json()["data"]
    assert [one["disetujui"] for one in told] == [True, False, False, False]
    assert "sudah berubah" in told[3]["alasan"]
    [agreed] = await pemda.layanan.keluar(SkpApproved)
    assert str(agreed.skp_id) == first["skp_id"]
    key = {"Idempotency-Key": str(uuid4())}
    once = await setujui(pemda, "kabid", second, second, **key)
    again = await setujui(pemda, "kabid", second, second, **key)
    assert once.json() == again.json()
    assert [one["disetujui"] for one in once.json()["data"]] == [True, True]
    assert len(await pemda.layanan.keluar(SkpApproved)) == 2
    assert await pemda.layanan.nilai("SELECT count(*) FROM kernel.audit WHERE action = 'skp.disetujui'") == 2


async def test_nothing_chosen_or_too_much(pemda: Pemda) -> None:
    assert (await setujui(pemda, "kabid")).status_code == 422
    many = [{"skp_id": str(uuid4()), "versi": 1}] * 101
    assert (await setujui(pemda, "kabid", *many)).status_code == 422
