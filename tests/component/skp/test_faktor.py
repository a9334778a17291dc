"""The second factor: set up, asked for, used once, renewed, taken away; and logging out."""

import asyncio
import base64
import re
import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from pydantic import SecretStr

from services.skp.akun import rules
from services.skp.akun.commands import buat_admin
from services.skp.faktor.commands import reset_dari_mesin
from shared.contracts.keamanan import FaktorChanged, SesiEnded
from shared.errors import NotFound
from shared.http.session import SESSION
from shared.settings import ServiceSettings, SettingsError
from tests.component.helpers import NIP, Pemda, dirikan
from tests.component.layanan import buka
from tests.conftest import FreshDatabase

SANDI = "kuda-baterai-jepit"
FAKTOR = "/api/skp/akun/faktor"


class Orang:
    """Somebody with an account, logged in, and with an authenticator once they have one."""

    def __init__(self, pemda: Pemda, who: str) -> None:
        self.pemda, self.who, self.nip = pemda, who, NIP[who]
        self.rahasia, self.awal = b"", 0
        self.token = ""

    async def daftar(self) -> "Orang":
        told = await self.pemda.tulis(
            "admin", "POST", "/api/skp/akun/kode-aktivasi", json={"pegawai": [self.nip]}
        )
        body = {"nip": self.nip, "kode": told["kode"][0]["kode"], "kata_sandi": SANDI}
        made = await self.pemda.http.post("/api/skp/aktivasi", json=body, headers=kunci())
        assert made.status_code == 204
        return await self.masuk()

    async def masuk(self, kode: str = "") -> "Orang":
        self.token = (await self.coba_masuk(kode)).json()["token"]
        return self

    async def coba_masuk(self, kode: str = "", sandi: str = SANDI) -> Any:
        body = {"nip": self.nip, "kata_sandi": sandi, "kode": kode}
        return await self.pemda.http.post("/api/skp/masuk", json=body)

    def kode(self, langkah: int = 0) -> str:
        """What the app shows so many steps after it was set up.

        0 and 1 fit, also when a step passes meanwhile.
        """
        return TOTP(self.rahasia, 6, SHA1(), 30).generate(self.awal + 30 * langkah).decode()  # noqa: S303

    async def minta(self, method: str, path: str, body: Any = None, key: str = "") -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} | kunci(key)
        return await self.pemda.http.request(method, path, json=body, headers=headers)

    async def usulan(self) -> dict[str, str]:
        answer = await self.minta("POST", f"{FAKTOR}/usulan")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        found: dict[str, str] = answer.json()
        self.awal = int(time.time())
        self.rahasia = base64.b32decode(found["rahasia"].replace(" ", ""))
        return found

    async def pasang(self) -> list[str]:
        """Set it up; the recovery codes."""
        body = {"segel": (await self.usulan())["segel"], "kode": self.kode(), "kata_sandi": SANDI}
        answer = await self.minta("POST", FAKTOR, body)
        assert answer.status_code == 200, answer.text
        codes: list[str] = answer.json()["kode"]
        return codes


def kunci(key: str = "") -> dict[str, str]:
    return {"Idempotency-Key": key or str(uuid4())}


def slug(answer: Any) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


async def jejak(pemda: Pemda, action: str) -> list[dict[str, Any]]:
    return await pemda.layanan.baris("SELECT * FROM kernel.audit WHERE action = $1 ORDER BY seq", action)


@pytest.fixture
async def staf(pemda: Pemda) -> Orang:
    return await Orang(pemda, "staf1").daftar()


async def test_strangers_have_no_second_factor(pemda: Pemda, staf: Orang) -> None:
    for method, path in (
        ("GET", FAKTOR),
        ("POST", FAKTOR),
        ("POST", f"{FAKTOR}/usulan"),
        ("POST", f"{FAKTOR}/pemulihan"),
        ("POST", f"{FAKTOR}/lepas"),
        ("POST", f"/api/skp/akun/{pemda.id['staf1']}/faktor/reset"),
        ("POST", "/api/skp/keluar"),
        ("POST", "/api/skp/keluar/semua"),
    ):
        assert (await pemda.http.request(method, path, json={}, headers=kunci())).status_code == 401
    reset = f"/api/skp/akun/{pemda.id['kabid']}/faktor/reset"
    assert (await staf.minta("POST", reset, {"alasan": "iseng saja"})).status_code == 403
    unit = pemda.sebagai("staf2", "pengelola", unit="PEMDA")
    assert (await pemda.http.post(reset, json={"alasan": "iseng saja"}, headers=unit)).status_code == 403


async def test_from_a_picture_to_a_second_step(pemda: Pemda, staf: Orang) -> None:
    codes = await staf.pasang()
    assert len(set(codes)) == 10
    state = (await staf.minta("GET", FAKTOR)).json()
    assert (state["aktif"], state["sisa_pemulihan"]) == (True, 10)
    without = await staf.coba_masuk()
    assert (without.status_code, slug(without)) == (401, "perlu-faktor-kedua")
    assert without.json()["errors"][0]["pointer"] == "/kode"
    far = await staf.coba_masuk(staf.kode(9))
    assert (far.status_code, slug(far)) == (401, "faktor-kedua-salah")
    fresh = staf.kode(1)
    # The code it was set up with is used up too.
    for code, first in ((staf.kode(), 401), (f" {fresh[:3]} {fresh[3:]}", 200), (fresh, 401)):
        answer = await staf.coba_masuk(code)
        assert answer.status_code == first
        if first == 401:
            assert "sudah dipakai" in answer.json()["errors"][0]["reason"]
    told = await pemda.layanan.keluar(FaktorChanged)
    assert [(one.pegawai_id, one.kejadian, one.sisa_pemulihan) for one in told] == [
        (pemda.id["staf1"], "dipasang", 10)
    ]
    assert len(await jejak(pemda, "faktor.dipasang")) == 1
    assert len(await jejak(pemda, "masuk.faktor-gagal")) == 3


async def test_one_code_at_once_opens_one_session(staf: Orang) -> None:
    await staf.pasang()
    answers = await asyncio.gather(*(staf.coba_masuk(staf.kode(1)) for _ in range(5)))
    assert sorted(one.status_code for one in answers) == [200, 401, 401, 401, 401]


async def test_a_recovery_code_opens_once_and_is_told(pemda: Pemda, staf: Orang) -> None:
    codes = await staf.pasang()
    answers = await asyncio.gather(*(staf.coba_masuk(codes[3].lower().replace("-", " ")) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [200, 401, 401, 401]
    other = await Orang(pemda, "staf2").daftar()
    await other.pasang()
    assert slug(await other.coba_masuk(codes[0])) == "faktor-kedua-salah"
    told = [one for one in await pemda.layanan.keluar(FaktorChanged) if one.kejadian == "pemulihan-dipakai"]
    assert [(one.pegawai_id, one.sisa_pemulihan) for one in told] == [(pemda.id["staf1"], 9)]
    await staf.masuk(codes[4])
    body = {"kata_sandi": SANDI, "kode": staf.kode(1)}
    key = str(uuid4())
    fresh = (await staf.minta("POST", f"{FAKTOR}/pemulihan", body, key)).json()["kode"]
    assert (await staf.minta("POST", f"{FAKTOR}/pemulihan", body, key)).json()["kode"] == fresh
    assert not set(fresh) & set(codes)
    assert slug(await staf.coba_masuk(codes[5])) == "faktor-kedua-salah"
    assert (await staf.coba_masuk(fresh[0])).status_code == 200


async def test_guessing_codes_counts_with_passwords(staf: Orang) -> None:
    await staf.pasang()
    wrong = [f"{number:06d}" for number in range(100) if f"{number:06d}" not in map(staf.kode, range(-2, 5))]
    statuses = [(await staf.coba_masuk(code)).status_code for code in wrong[: rules.BATAS_NIP - 3]]
    statuses += [(await staf.coba_masuk("", "salah-sekali-ini")).status_code for _ in range(3)]
    assert set(statuses) == {401}
    assert (await staf.coba_masuk(staf.kode(1))).status_code == 429


async def test_a_right_password_alone_does_not_begin_the_count_anew(staf: Orang) -> None:
    await staf.pasang()
    for _ in range(rules.BATAS_NIP):
        assert slug(await staf.coba_masuk()) == "perlu-faktor-kedua"
    assert (await staf.coba_masuk()).status_code == 429


async def test_secrets_are_nowhere(pemda: Pemda, staf: Orang) -> None:
    offer = await staf.usulan()
    body = {"segel": offer["segel"], "kode": staf.kode(), "kata_sandi": SANDI}
    key = str(uuid4())
    codes = (await staf.minta("POST", FAKTOR, body, key)).json()["kode"]
    assert (await staf.minta("POST", FAKTOR, body, key)).json()["kode"] == codes
    secrets = [*codes, *(one.replace("-", "") for one in codes), offer["rahasia"].replace(" ", "")]
    for table in ("akun", "faktor", "kode_pemulihan", "kernel.idempotency", "kernel.audit", "kernel.outbox"):
        rows = await pemda.layanan.baris(f"SELECT t::text, to_jsonb(t)::text AS isi FROM {table} t")
        text = str(rows) + str(
            await pemda.layanan.baris("SELECT convert_from(answer, 'UTF8') AS a FROM kernel.idempotency")
        )
        for secret in secrets:
            assert secret not in text, table
        assert staf.rahasia.hex() not in text


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kata_sandi": "salah-sekali-ini"}, "/kata_sandi"),
        ({"kode": "12345"}, "/kode"),
        ({"segel": "bukan segel"}, "/segel"),
        ({"segel": "aaaa.bbbb"}, "/segel"),
        ({"segel": "ä.ö"}, "/segel"),
        ({"kata_sandi": ""}, "/kata_sandi"),
    ],
)
async def test_what_is_wrong_when_setting_up(
    pemda: Pemda, staf: Orang, change: dict[str, str], pointer: str
) -> None:
    body = {"segel": (await staf.usulan())["segel"], "kode": staf.kode(), "kata_sandi": SANDI} | change
    answer = await staf.minta("POST", FAKTOR, body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await pemda.layanan.nilai("SELECT count(*) FROM faktor") == 0


async def test_a_proposal_is_its_persons_alone(pemda: Pemda, staf: Orang) -> None:
    other = await Orang(pemda, "staf2").daftar()
    offer = await other.usulan()
    staf.rahasia = other.rahasia
    body = {"segel": offer["segel"], "kode": staf.kode(), "kata_sandi": SANDI}
    answer = await staf.minta("POST", FAKTOR, body)
    assert answer.json()["errors"][0]["pointer"] == "/segel"


async def test_a_second_one_is_refused(staf: Orang) -> None:
    await staf.pasang()
    body = {"segel": (await staf.usulan())["segel"], "kode": staf.kode(), "kata_sandi": SANDI}
    assert (await staf.minta("POST", FAKTOR, body)).status_code == 409


async def test_taking_it_away_needs_both_and_ends_sessions(pemda: Pemda, staf: Orang) -> None:
    codes = await staf.pasang()
    lepas = f"{FAKTOR}/lepas"
    for body in (
        {"kata_sandi": "salah-sekali-ini", "kode": staf.kode()},
        {"kata_sandi": SANDI, "kode": "ABCD-EFGH-JKLM"},
        {"kata_sandi": SANDI},
    ):
        assert (await staf.minta("POST", lepas, body)).status_code == 422
    key, body = str(uuid4()), {"kata_sandi": SANDI, "kode": codes[0]}
    assert (await staf.minta("POST", lepas, body, key)).status_code == 204
    assert (await staf.minta("POST", lepas, body, key)).status_code == 204
    await pemda.layanan.generations.refresh()
    assert (await staf.minta("GET", FAKTOR)).status_code == 401
    await staf.masuk()
    assert (await staf.minta("GET", FAKTOR)).json()["aktif"] is False
    assert (await staf.minta("POST", lepas, body)).status_code == 404
    assert await pemda.layanan.nilai("SELECT count(*) FROM kode_pemulihan") == 0
    told = [one.kejadian for one in await pemda.layanan.keluar(FaktorChanged)]
    assert told == ["dipasang", "pemulihan-dipakai", "dilepas"]


async def test_an_administrator_resets_anothers(pemda: Pemda, staf: Orang) -> None:
    await staf.pasang()
    address = f"/api/skp/akun/{pemda.id['staf1']}/faktor/reset"
    short = await pemda.http.post(address, json={"alasan": "x"}, headers=pemda.sebagai("admin"))
    assert short.json()["errors"][0]["pointer"] == "/alasan"
    await pemda.tulis("admin", "POST", address, json={"alasan": "Ponsel hilang, datang sendiri."})
    await pemda.layanan.generations.refresh()
    assert (await staf.minta("GET", FAKTOR)).status_code == 401
    assert (await staf.coba_masuk()).status_code == 200
    trail = (await jejak(pemda, "faktor.direset"))[0]
    assert (trail["actor"], trail["subject"]) == (f"pegawai:{pemda.admin}", f"pegawai:{pemda.id['staf1']}")
    assert "Ponsel hilang" in str(trail["detail"])
    assert [one.kejadian for one in await pemda.layanan.keluar(FaktorChanged)] == ["dipasang", "direset"]
    gone = await pemda.http.post(address, json={"alasan": "sekali lagi"}, headers=pemda.sebagai("admin"))
    assert gone.status_code == 404
    own = f"/api/skp/akun/{pemda.admin}/faktor/reset"
    refused = await pemda.http.post(own, json={"alasan": "milik sendiri"}, headers=pemda.sebagai("admin"))
    assert refused.status_code == 409


async def test_the_machine_resets_the_last_administrators(pemda: Pemda, staf: Orang) -> None:
    await staf.pasang()
    with pytest.raises(NotFound):
        await reset_dari_mesin(pemda.layanan.database, "199212122019011999", "Ponsel hilang")
    with pytest.raises(ValueError, match="NIP"):
        await reset_dari_mesin(pemda.layanan.database, "1", "Ponsel hilang")
    await reset_dari_mesin(pemda.layanan.database, staf.nip, "Ponsel hilang")
    assert (await staf.coba_masuk()).status_code == 200
    assert (await jejak(pemda, "faktor.direset"))[0]["actor"] == "sistem:ekinerja"


async def test_roles_wait_for_a_factor_where_the_installation_says_so(fresh_database: FreshDatabase) -> None:
    settings = fresh_database("skp")
    settings = settings.model_copy(update={"factor_roles": "admin_bkd, bpkad"})
    async with buka(settings) as layanan:
        pemda = await dirikan(layanan)
        staf = await Orang(pemda, "staf1").daftar()
        await buat_admin(layanan.database, staf.nip, "Nama Staf1")
        await staf.masuk()
        session = (await staf.coba_masuk()).json()
        assert [one["peran"] for one in session["peran"]] == ["sysadmin"]
        assert [one["peran"] for one in session["peran_tertahan"]] == ["admin_bkd"]
        assert (await staf.minta("GET", "/api/skp/pegawai")).status_code == 403
        state = (await staf.minta("GET", FAKTOR)).json()
        assert (state["dianjurkan"], state["peran_tertahan"]) == (True, ["admin_bkd"])
        codes = await staf.pasang()
        session = (await staf.coba_masuk(staf.kode(1))).json()
        assert [one["peran"] for one in session["peran"]] == ["admin_bkd", "sysadmin"]
        staf.token = session["token"]
        assert (await staf.minta("GET", "/api/skp/pegawai")).status_code == 200
        body = {"kata_sandi": SANDI, "kode": codes[0]}
        assert (await staf.minta("POST", f"{FAKTOR}/lepas", body)).status_code == 204
        await layanan.generations.refresh()
        assert (await staf.minta("GET", "/api/skp/pegawai")).status_code == 401


def test_roles_that_need_a_factor_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "EKINERJA_DB_SKP_APP": "postgresql://x/y",
        "EKINERJA_KAFKA": "127.0.0.1:9",
        "EKINERJA_KAFKA_USER_SKP": "skp",
        "EKINERJA_KAFKA_PASSWORD_SKP": "x",
        "EKINERJA_FAKTOR_WAJIB": "admin_bkd,raja",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match="EKINERJA_FAKTOR_WAJIB"):
        ServiceSettings.load("skp")
    monkeypatch.setenv("EKINERJA_FAKTOR_WAJIB", " admin_bkd , bpkad ")
    found = ServiceSettings.load("skp")
    assert found.peran_berfaktor == {"admin_bkd", "bpkad"}
    assert found.db_app == SecretStr("postgresql://x/y")


async def test_logging_out_ends_this_session_and_no_other(pemda: Pemda, staf: Orang) -> None:
    phone = staf.token
    desk = (await staf.masuk()).token
    assert phone != desk
    assert (await staf.minta("POST", "/api/skp/keluar")).status_code == 204
    assert (await staf.minta("GET", FAKTOR)).status_code == 401
    assert (await staf.minta("POST", "/api/skp/keluar")).status_code == 401
    # A signature can be written in several ways; what is signed decides.
    staf.token = desk[:-1] + next(one for one in "AQgw" if one != desk[-1])
    assert (await staf.minta("GET", FAKTOR)).status_code == 401
    staf.token = phone
    assert (await staf.minta("GET", FAKTOR)).status_code == 200
    ended = await pemda.layanan.keluar(SesiEnded)
    assert [one.pegawai_id for one in ended] == [pemda.id["staf1"]]
    assert str(UUID(int=0)) != str(ended[0].sesi)


async def test_logging_out_everywhere(pemda: Pemda, staf: Orang) -> None:
    phone = staf.token
    await staf.masuk()
    assert (await staf.minta("POST", "/api/skp/keluar/semua")).status_code == 204
    assert (await staf.minta("GET", FAKTOR)).status_code == 401
    staf.token = phone
    assert (await staf.minta("GET", FAKTOR)).status_code == 401
    await staf.masuk()
    assert (await staf.minta("GET", FAKTOR)).status_code == 200
    nobody = pemda.layanan.kepala(uuid4())
    assert (await pemda.http.post("/api/skp/keluar/semua", headers=nobody)).status_code == 404


async def test_the_second_step_of_the_page_is_short_lived_and_its_own(pemda: Pemda, staf: Orang) -> None:
    codes = await staf.pasang()
    html = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}

    async def langkah(tiket: str, **form: str) -> Any:
        body = {"tiket": tiket, "kembali": "/skp/rencana", "_isian": '[["a", "b"]]'} | form
        return await pemda.http.post("/masuk/faktor", data=body, headers=html)

    async def tiket() -> str:
        body = {"nip": staf.nip, "kata_sandi": SANDI}
        shown = await pemda.http.post("/masuk", data=body, headers=html)
        assert (shown.status_code, SESSION in shown.cookies) == (200, False)
        found = re.search(r'name="tiket" value="([^"]+)"', shown.text)
        assert found
        return found[1]

    mine = await tiket()
    assert "belum diisi" in (await langkah(mine)).text
    wrong = await langkah(mine, pemulihan="ABCD-EFGH-JKLM")
    assert (wrong.status_code, "f-pemulihan-salah" in wrong.text) == (401, True)
    assert "<details" in wrong.text
    assert " open" in wrong.text.partition("<details")[2].partition(">")[0]
    assert (await langkah("", kode=staf.kode(1))).status_code == 422
    for nonsense in ("x", "x.y", mine[:-4] + "AAAA", f"{mine.partition('.')[0]}.AAAA"):
        late = await langkah(nonsense, kode=staf.kode(1))
        assert late.status_code == 401
        assert "Waktu untuk memasukkan kode sudah habis." in late.text
        # What was on its way when the session ended goes along to the beginning.
        assert "&#34;a&#34;" in late.text
    done = await langkah(mine, pemulihan=codes[0])
    assert (done.status_code, SESSION in done.cookies) == (200, True)
    assert 'action="/skp/rencana"' in done.text
    # The password changes: what was proved before counts no more.
    again = await tiket()
    told = await pemda.tulis("admin", "POST", "/api/skp/akun/kode-aktivasi", json={"pegawai": [staf.nip]})
    new = {"nip": staf.nip, "kode": told["kode"][0]["kode"], "kata_sandi": "sandi-baru-sekali"}
    assert (await pemda.http.post("/api/skp/aktivasi", json=new, headers=kunci())).status_code == 204
    changed = await langkah(again, pemulihan=codes[1])
    assert "Akun ini baru saja berubah." in changed.text
