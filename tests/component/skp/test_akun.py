"""Accounts: codes, passwords, attempts, sessions, roles."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from services.skp.akun import rules
from services.skp.akun.commands import buat_admin
from services.skp.jobs import JOBS
from shared.contracts.pegawai import AkunChanged, KontakChanged, PegawaiChanged
from tests.component.helpers import NIP, PEGAWAI, Pemda, organisasi
from tests.component.layanan import Layanan

SANDI = "kuda-baterai-jepit"


async def kode(pemda: Pemda, *who: str) -> dict[str, str]:
    told = await pemda.tulis(
        "admin", "POST", "/api/skp/akun/kode-aktivasi", json={"pegawai": [NIP[one] for one in who]}
    )
    names = {nip: one for one, nip in NIP.items()}
    return {names[row["nip"]]: row["kode"] for row in told["kode"]}


async def aktifkan(http: httpx2.AsyncClient, nip: str, code: str, sandi: str = SANDI, key: str = "") -> Any:
    return await http.post(
        "/api/skp/aktivasi",
        json={"nip": nip, "kode": code, "kata_sandi": sandi},
        headers={"Idempotency-Key": key or str(uuid4())},
    )


async def masuk(http: httpx2.AsyncClient, nip: str, sandi: str = SANDI) -> Any:
    return await http.post("/api/skp/masuk", json={"nip": nip, "kata_sandi": sandi})


async def terdaftar(pemda: Pemda, who: str = "staf1") -> None:
    response = await aktifkan(pemda.http, NIP[who], (await kode(pemda, who))[who])
    assert response.status_code == 204, response.text


async def test_from_a_code_to_a_session(pemda: Pemda) -> None:
    await terdaftar(pemda)
    response = await masuk(pemda.http, NIP["staf1"])
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    session = response.json()
    assert (session["pegawai_id"], session["nama"]) == (str(pemda.id["staf1"]), "Nama Staf1")
    headers = {"Authorization": f"Bearer {session['token']}"}
    me = (await pemda.http.get("/api/skp/saya", headers=headers)).json()
    assert (me["nip"], me["jabatan"], me["atasan"]["nama"]) == (
        NIP["staf1"],
        "Perencana Ahli Pertama",
        "Nama Kabid",
    )
    assert me["atasan_id"] == str(pemda.id["kabid"])


async def test_secrets_are_nowhere(pemda: Pemda) -> None:
    codes = await kode(pemda, "staf1", "staf2")
    assert (await aktifkan(pemda.http, NIP["staf1"], codes["staf1"])).status_code == 204
    assert (await masuk(pemda.http, NIP["staf1"])).status_code == 200
    for table in ("akun", "kernel.idempotency", "kernel.audit", "kernel.outbox"):
        text = str(await pemda.layanan.baris(f"SELECT t::text, to_jsonb(t) AS isi FROM {table} t"))
        answers = await pemda.layanan.baris(
            "SELECT convert_from(answer, 'UTF8') AS a FROM kernel.idempotency"
        )
        for secret in (SANDI, codes["staf1"], codes["staf2"]):
            assert secret not in text
            assert secret not in str(answers)
    stored = await pemda.layanan.nilai("SELECT kata_sandi FROM akun WHERE kata_sandi IS NOT NULL")
    assert stored.startswith("$argon2id$")


async def test_a_code_is_used_once_and_only_by_its_person(pemda: Pemda) -> None:
    codes = await kode(pemda, "staf1", "staf2")
    assert (await aktifkan(pemda.http, NIP["staf2"], codes["staf1"])).status_code == 401
    typed = codes["staf1"].lower().replace("-", " ")
    assert (await aktifkan(pemda.http, NIP["staf1"], typed)).status_code == 204
    assert (await aktifkan(pemda.http, NIP["staf1"], codes["staf1"], "sandi-lain-sekali")).status_code == 401
    assert (await masuk(pemda.http, NIP["staf1"])).status_code == 200


async def test_two_using_one_code_at_once_set_one_password(pemda: Pemda) -> None:
    code = (await kode(pemda, "staf1"))["staf1"]
    sandi = [f"{SANDI}-{number}" for number in range(4)]
    responses = await asyncio.gather(*(aktifkan(pemda.http, NIP["staf1"], code, one) for one in sandi))
    assert sorted(response.status_code for response in responses) == [204, 401, 401, 401]


async def test_a_retried_activation_is_the_same_one_however_often(pemda: Pemda) -> None:
    code, key = (await kode(pemda, "staf1"))["staf1"], str(uuid4())
    for _ in range(rules.BATAS_NIP + 5):
        assert (await aktifkan(pemda.http, NIP["staf1"], code, key=key)).status_code == 204
    assert (await aktifkan(pemda.http, NIP["staf1"], code, "sandi-lain-sekali", key=key)).status_code == 422


async def test_a_retried_request_names_the_same_codes_and_a_new_one_others(pemda: Pemda) -> None:
    headers = pemda.sebagai("admin")
    body = {"pegawai": [NIP["staf1"]]}
    ask = "/api/skp/akun/kode-aktivasi"
    first = await pemda.http.post(ask, json=body, headers=headers)
    again = await pemda.http.post(ask, json=body, headers=headers)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    fresh = (await kode(pemda, "staf1"))["staf1"]
    old = first.json()["kode"][0]["kode"]
    assert fresh != old
    assert (await aktifkan(pemda.http, NIP["staf1"], old)).status_code == 401
    assert (await aktifkan(pemda.http, NIP["staf1"], fresh)).status_code == 204


async def test_a_code_expires_and_is_forgotten(pemda: Pemda) -> None:
    code = (await kode(pemda, "staf1"))["staf1"]
    async with pemda.layanan.database.pool.acquire() as conn:
        await conn.execute("UPDATE akun SET kode_berlaku_sampai = now() - interval '1 second'")
    assert (await aktifkan(pemda.http, NIP["staf1"], code)).status_code == 401
    for job in JOBS:
        await job.run(pemda.layanan.running)
    assert await pemda.layanan.nilai("SELECT count(*) FROM akun WHERE kode_hash IS NOT NULL") == 0


async def test_weak_passwords_and_forms_are_explained(pemda: Pemda) -> None:
    code = (await kode(pemda, "staf1"))["staf1"]
    for sandi in ("pendek", "x" * 201, "aaaaaaaaaaaaaa", f"abc{NIP['staf1']}"):
        response = await aktifkan(pemda.http, NIP["staf1"], code, sandi)
        assert response.status_code == 422
        assert response.json()["errors"][0]["pointer"] == "/kata_sandi"
    assert (await masuk(pemda.http, "123")).status_code == 422


async def test_an_unknown_nip_is_answered_like_a_wrong_password(pemda: Pemda) -> None:
    await terdaftar(pemda)
    wrong = await masuk(pemda.http, NIP["staf1"], "salah-sekali-ini")
    unknown = await masuk(pemda.http, "199212122019011999", "salah-sekali-ini")
    never = await masuk(pemda.http, NIP["staf2"], "salah-sekali-ini")
    bodies = [{k: v for k, v in r.json().items() if k != "trace_id"} for r in (wrong, unknown, never)]
    assert bodies[0] == bodies[1] == bodies[2]
    assert {wrong.status_code, unknown.status_code, never.status_code} == {401}


async def test_guessing_one_nip_ends_in_waiting_also_in_parallel(pemda: Pemda) -> None:
    await terdaftar(pemda)
    async with dari(pemda, "203.0.113.9") as stranger:
        responses = await asyncio.gather(
            *(masuk(stranger, NIP["staf1"], f"tebakan-{number:05d}") for number in range(rules.BATAS_NIP * 2))
        )
        statuses = [response.status_code for response in responses]
        assert statuses.count(401) == rules.BATAS_NIP
        limited = next(response for response in responses if response.status_code == 429)
        assert 1 <= int(limited.headers["retry-after"]) <= rules.JENDELA_DETIK
        assert (await masuk(stranger, NIP["staf1"])).status_code == 429
    # Whom the guesser is after still gets in from where they always do.
    assert (await masuk(pemda.http, NIP["staf1"])).status_code == 200


async def test_the_window_passes(pemda: Pemda) -> None:
    await terdaftar(pemda)
    async with dari(pemda, "203.0.113.9") as stranger:
        for _ in range(rules.BATAS_NIP):
            await masuk(stranger, NIP["staf1"], "salah-sekali-ini")
        assert (await masuk(stranger, NIP["staf1"])).status_code == 429
        async with pemda.layanan.database.pool.acquire() as conn:
            await conn.execute("UPDATE percobaan SET jendela_mulai = jendela_mulai - interval '16 minutes'")
        assert (await masuk(stranger, NIP["staf1"])).status_code == 200


async def test_an_office_behind_one_address_survives_a_guesser_in_it(
    pemda: Pemda, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "BATAS_ALAMAT", 5)
    codes = await kode(pemda, "staf1", "staf2")
    async with dari(pemda, "198.51.100.7") as office:
        assert (await aktifkan(office, NIP["staf1"], codes["staf1"])).status_code == 204
        for _ in range(20):
            assert (await masuk(office, NIP["staf1"])).status_code == 200
        for number in range(8):
            await masuk(office, f"19921212201901{1 + number % 2}{number:03d}", "salah-sekali-ini")
        assert (await masuk(office, "199212122019011777", "salah-sekali-ini")).status_code == 429
        assert (await masuk(office, NIP["staf1"])).status_code == 200
        # A newcomer there has to wait, or to begin elsewhere.
        assert (await aktifkan(office, NIP["staf2"], codes["staf2"])).status_code == 429
    assert (await aktifkan(pemda.http, NIP["staf2"], codes["staf2"])).status_code == 204


def dari(pemda: Pemda, address: str) -> httpx2.AsyncClient:
    """A client at another address."""
    app = pemda.http._transport.app  # type: ignore[attr-defined]
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app, client=(address, 1)), base_url="http://uji"
    )


async def test_a_new_password_ends_older_sessions(pemda: Pemda) -> None:
    await terdaftar(pemda)
    old = (await masuk(pemda.http, NIP["staf1"])).json()["token"]
    code = (await kode(pemda, "staf1"))["staf1"]
    assert (await aktifkan(pemda.http, NIP["staf1"], code, "sandi-baru-sekali")).status_code == 204
    await pemda.layanan.generations.refresh()
    headers = {"Authorization": f"Bearer {old}"}
    assert (await pemda.http.get("/api/skp/saya", headers=headers)).status_code == 401
    assert (await masuk(pemda.http, NIP["staf1"])).status_code == 401
    new = (await masuk(pemda.http, NIP["staf1"], "sandi-baru-sekali")).json()["token"]
    headers = {"Authorization": f"Bearer {new}"}
    assert (await pemda.http.get("/api/skp/saya", headers=headers)).status_code == 200


async def test_roles_change_what_a_session_may_do_and_are_told(pemda: Pemda) -> None:
    await buat_admin(pemda.layanan.database, NIP["sekda"], "Nama Sekda")
    address = f"/api/skp/akun/{pemda.id['staf2']}/peran"
    body = {"peran": [{"peran": "pengelola", "unit_path": "PEMDA/DINKES"}]}
    await pemda.tulis("admin", "PUT", address, json=body)
    await terdaftar(pemda, "staf2")
    session = (await masuk(pemda.http, NIP["staf2"])).json()
    assert session["peran"] == body["peran"]
    await pemda.tulis("admin", "PUT", address, json={"peran": []})
    await pemda.layanan.generations.refresh()
    headers = {"Authorization": f"Bearer {session['token']}"}
    assert (await pemda.http.get("/api/skp/saya", headers=headers)).status_code == 401
    news = [e for e in await pemda.layanan.keluar(AkunChanged) if e.pegawai_id == pemda.id["staf2"]]
    assert [event.generation for event in news] == [1, 2, 3]
    assert (news[-1].peran, news[-1].aktif, news[-1].version) == ((), True, news[-1].generation)


@pytest.mark.parametrize(
    ("peran", "pointer"),
    [
        ({"peran": "raja", "unit_path": None}, "/peran/0/peran"),
        ({"peran": "pengelola", "unit_path": None}, "/peran/0/unit_path"),
        ({"peran": "pengelola", "unit_path": "PEMDA/TIADA"}, "/peran/0/unit_path"),
        ({"peran": "auditor", "unit_path": "PEMDA"}, "/peran/0/unit_path"),
    ],
)
async def test_roles_that_cannot_be_given(pemda: Pemda, peran: dict[str, Any], pointer: str) -> None:
    response = await pemda.http.put(
        f"/api/skp/akun/{pemda.id['staf1']}/peran", json={"peran": [peran]}, headers=pemda.sebagai("admin")
    )
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == pointer


async def test_the_last_admin_stays(pemda: Pemda) -> None:
    await buat_admin(pemda.layanan.database, NIP["sekda"], "Nama Sekda")
    address = f"/api/skp/akun/{pemda.id['sekda']}/peran"
    response = await pemda.http.put(address, json={"peran": []}, headers=pemda.sebagai("admin"))
    assert response.status_code == 409
    nobody = f"/api/skp/akun/{uuid4()}/peran"
    assert (
        await pemda.http.put(nobody, json={"peran": []}, headers=pemda.sebagai("admin"))
    ).status_code == 404


async def test_who_may_hand_out_codes(pemda: Pemda) -> None:
    await buat_admin(pemda.layanan.database, NIP["kadis"], "Nama Kadis")
    ask = "/api/skp/akun/kode-aktivasi"

    async def status(who: str, target: str, *roles: str, unit: str | None = None) -> int:
        response = await pemda.http.post(
            ask, json={"pegawai": [target]}, headers=pemda.sebagai(who, *roles, unit=unit)
        )
        return int(response.status_code)

    assert await status("staf2", NIP["staf1"]) == 403
    assert await status("staf2", NIP["staf1"], "pengelola", unit="PEMDA/DINKES") == 200
    assert await status("staf2", NIP["guru"], "pengelola", unit="PEMDA/DINKES") == 403
    # A pengelola must not become an admin by setting his password.
    assert await status("staf2", NIP["kadis"], "pengelola", unit="PEMDA/DINKES") == 403
    assert await status("admin", NIP["kadis"]) == 200
    assert await status("admin", "199212122019011999") == 422


async def test_the_first_admin(skp: Layanan) -> None:
    nip = "197812122005011001"
    code = await buat_admin(skp.database, nip, "Admin Pertama")
    assert (await aktifkan(skp.client, nip, code)).status_code == 204
    session = (await masuk(skp.client, nip)).json()
    assert {held["peran"] for held in session["peran"]} == {"admin_bkd", "sysadmin"}
    # Somebody who only runs the system is no employee: nobody is told of a person to rate.
    assert await skp.keluar(PegawaiChanged) == []
    assert [event.nama for event in await skp.keluar(KontakChanged)] == ["Admin Pertama"]
    headers = {"Authorization": f"Bearer {session['token']}", "Idempotency-Key": str(uuid4())}
    report = await skp.client.post(
        "/api/skp/impor/organisasi",
        content=organisasi(pegawai=[*PEGAWAI, [nip, "Admin Pertama", "PNS", "III/d", ""]]),
        headers=headers,
    )
    assert report.json()["diterapkan"], report.text
    found = {event.nip: event for event in await skp.keluar(PegawaiChanged)}
    assert str(found[nip].pegawai_id) == session["pegawai_id"]
    with pytest.raises(ValueError, match="NIP"):
        await buat_admin(skp.database, "123", "Salah")
