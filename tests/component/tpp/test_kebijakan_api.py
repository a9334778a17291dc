"""A policy comes in whole or not at all, and two people put it into force."""

from uuid import UUID, uuid4

from services.tpp.kebijakan.queries import berlaku, perubahan
from shared.period import Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import ADMIN, ADMIN_LAIN, ANI, BPKAD, Dunia, kebijakan


async def test_strangers_and_employees_change_no_policy_but_everyone_may_read_it(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    headers = {"Idempotency-Key": "12345678"}
    assert (
        await tpp.client.post("/api/tpp/kebijakan", content=kebijakan(), headers=headers)
    ).status_code == 401
    assert (await tpp.client.get("/api/tpp/kebijakan")).status_code == 401
    for peran in ("keuangan_opd", "pengelola", "auditor", "sysadmin"):
        told = await dunia.kirim("/kebijakan", ANI, peran, unit="PEMDA", content=kebijakan())
        assert told.status_code == 403, peran
    assert (await dunia.kirim(f"/kebijakan/{uuid4()}/aktifkan", ANI)).status_code == 403
    policy = await dunia.kebijakan()
    (row,) = (await dunia.lihat("/kebijakan", ANI)).json()["data"]
    assert (row["kebijakan_id"], row["keadaan"], row["kode"]) == (policy, "aktif", "umum-60-40")
    text = (await dunia.lihat(f"/kebijakan/{policy}", ANI)).json()["dokumen"]
    assert text.encode() == kebijakan()


async def test_the_one_who_uploads_does_not_activate(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    told = await dunia.kirim("/kebijakan", ADMIN, "admin_bkd", content=kebijakan())
    url = f"/kebijakan/{told.json()['kebijakan_id']}/aktifkan"
    assert told.json()["keadaan"] == "menunggu_aktivasi"
    async with tpp.database.transaction() as tx:
        assert await berlaku(tx, Period(2026, 10)) is None
    assert (await dunia.kirim(url, ADMIN, "admin_bkd", "bpkad")).status_code == 403
    assert (await dunia.kirim(url, ADMIN_LAIN, "admin_bkd")).status_code == 200
    assert (await dunia.kirim(url, BPKAD, "bpkad")).status_code == 409
    assert (await dunia.kirim(f"/kebijakan/{uuid4()}/aktifkan", BPKAD, "bpkad")).status_code == 404
    actions = [row["action"] for row in await tpp.baris("SELECT action FROM kernel.audit ORDER BY seq")]
    assert actions == ["kebijakan.diunggah", "kebijakan.diaktifkan"]


async def test_the_same_content_again_is_the_same_version(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    first = await dunia.kirim("/kebijakan", ADMIN, "admin_bkd", content=kebijakan())
    with_bom = b"\xef\xbb\xbf" + kebijakan() + b"\n# catatan\n"
    again = await dunia.kirim("/kebijakan", ADMIN_LAIN, "admin_bkd", content=with_bom)
    assert again.json() == first.json()
    assert await tpp.nilai("SELECT count(*) FROM kebijakan") == 1


async def test_mistakes_are_named_with_their_line(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    broken = kebijakan().replace(b"bentuk: 2", b"bentuk: 2\nbentuk: 2")
    told = await dunia.kirim("/kebijakan", ADMIN, "admin_bkd", content=broken)
    assert told.status_code == 422
    assert "ditulis dua kali" in told.json()["detail"]
    for nonsense in (b"", b"\xff\xfe", b"[1, 2", b"a" * 300_000):
        told = await dunia.kirim("/kebijakan", ADMIN, "admin_bkd", content=nonsense)
        assert told.status_code == 422
    assert await tpp.nilai("SELECT count(*) FROM kebijakan") == 0


async def test_the_newest_policy_that_has_begun_holds(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    first = await dunia.kebijakan()
    july = kebijakan().replace(b"berlaku_mulai: 2026-01-01", b"berlaku_mulai: 2026-07-01")
    second = await dunia.kebijakan(july)
    held = []
    for month in (Period(2025, 12), Period(2026, 6), Period(2026, 7), Period(2027, 1)):
        async with tpp.database.transaction() as tx:
            found = await berlaku(tx, month)
        held.append(str(found.kebijakan_id) if found else None)
    assert held == [None, first, second, second]
    listed = (await dunia.lihat("/kebijakan", ANI, limit=1)).json()
    assert listed["data"][0]["kebijakan_id"] == second
    rest = (await dunia.lihat("/kebijakan", ANI, cursor=listed["berikutnya"])).json()
    assert [row["kebijakan_id"] for row in rest["data"]] == [first]


async def test_a_policy_that_fails_its_own_examples_is_not_activated(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    for change, reason in (
        (
            (b"neto: Rp 5.300.794", b"neto: Rp 5.300.795"),
            "neto seharusnya Rp 5.300.795, ternyata Rp 5.300.794",
        ),
        ((kebijakan()[kebijakan().index(b"uji:") :], b"uji: []\n"), "sedikitnya satu kasus"),
    ):
        told = await dunia.kirim("/kebijakan", ADMIN, "admin_bkd", content=kebijakan().replace(*change))
        assert told.status_code == 201
        url = f"/kebijakan/{told.json()['kebijakan_id']}/aktifkan"
        refused = await dunia.kirim(url, ADMIN_LAIN, "admin_bkd")
        assert refused.status_code == 409
        assert reason in refused.json()["detail"]
        assert refused.json()["beda"]
    async with tpp.database.transaction() as tx:
        assert await berlaku(tx, Period(2026, 10)) is None


async def test_what_changed_between_two_versions_is_told_in_words(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    assert (await tpp.client.get(f"/api/tpp/kebijakan/{uuid4()}/beda/{uuid4()}")).status_code == 401
    first = await dunia.kebijakan()
    changed = kebijakan().replace(b"berlaku_mulai: 2026-01-01", b"berlaku_mulai: 2026-07-01")
    second = (await dunia.kirim("/kebijakan", ADMIN, "admin_bkd", content=changed)).json()["kebijakan_id"]
    told = (await dunia.lihat(f"/kebijakan/{second}/beda/{first}", ANI)).json()
    assert told == {"kalimat": ["Berlaku mulai: dari 1 Januari 2026 menjadi 1 Juli 2026."]}
    assert (await dunia.lihat(f"/kebijakan/{second}/beda/{uuid4()}", ANI)).status_code == 404
    # Whoever is to put it in force reads the same on the version's page; the first version changes nothing.
    async with tpp.database.transaction() as tx:
        change = await perubahan(tx, UUID(second))
        assert await perubahan(tx, UUID(first)) is None
    assert change is not None
    assert (str(change.lama.kebijakan_id), change.kalimat) == (first, told["kalimat"])
