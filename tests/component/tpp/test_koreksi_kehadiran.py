"""A day is corrected on request: asked for by the employee, decided by somebody else, every version kept."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.contracts.colek import ColekSent
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BUDI,
    DEDI,
    KEPALA_HARIAN,
    NIP_DARI,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    pegawai,
    segmen,
)

URL = "/koreksi-kehadiran"


def _hari_kerja_lalu() -> date:
    """A working day of the recent past, in the region's zone."""
    day = datetime.now(ZoneInfo("Asia/Jakarta")).date() - timedelta(days=3)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


HARI = _hari_kerja_lalu()
BULAN = f"{HARI:%Y-%m}"
BODY = {
    "tanggal": str(HARI),
    "masuk": "07:25",
    "pulang": "16:02",
    "sebab": "mesin",
    "bukti": "Laporan kerusakan mesin 12/2026, disaksikan Budi",
}


@pytest.fixture
async def kantor(tpp: Layanan) -> Dunia:
    """Everyone known; Budi is Ani's atasan; Ani came late that day, as the machine says."""
    dunia = Dunia(tpp)
    people = [pegawai(who) for who in ORANG if who != ANI]
    ani = segmen(ANI).model_copy(update={"atasan_id": BUDI})
    await dunia.dengar(pegawai(ANI, ani), *people)
    await impor(dunia, "09:10", "16:02")
    return dunia


async def impor(dunia: Dunia, masuk: str, pulang: str) -> Any:
    isi = csv(KEPALA_HARIAN, (NIP_DARI[ANI], HARI, masuk, pulang, ""))
    return await dunia.kehadiran(isi, periode=BULAN)


async def ajukan(dunia: Dunia, who: Any = ANI, **isi: Any) -> Any:
    return await dunia.kirim(URL, who, json=BODY | isi)


async def test_strangers_ask_and_decide_nothing(kantor: Dunia) -> None:
    client, headers = kantor.tpp.client, {"Idempotency-Key": "12345678"}
    assert (await client.post(f"/api/tpp{URL}", json=BODY, headers=headers)).status_code == 401
    assert (await client.get(f"/api/tpp{URL}")).status_code == 401
    asked = (await ajukan(kantor)).json()["permohonan_id"]
    for tindakan in ("setujui", "tolak"):
        path = f"{URL}/{asked}/{tindakan}"
        body = {"alasan": "tidak ada buktinya"}
        assert (await client.post(f"/api/tpp{path}", json=body, headers=headers)).status_code == 401
        for who, peran, unit in (
            (ANI, (), None),  # one's own
            (ANI, ("pengelola",), "PEMDA/DISDIK"),  # one's own, although the officer
            (DEDI, (), None),  # nobody's atasan
            (DEDI, ("pengelola",), "PEMDA/DINKES"),
            (DEDI, ("admin_bkd",), None),
            (DEDI, ("bpkad",), None),
            (DEDI, ("keuangan_opd",), "PEMDA/DISDIK"),
        ):
            assert (await kantor.kirim(path, who, *peran, unit=unit, json=body)).status_code == 403
    assert (await kantor.kirim(f"{URL}/{asked}/tarik", BUDI)).status_code == 403
    assert (await kantor.lihat(f"{URL}/{asked}", DEDI)).status_code == 403
    assert (await kantor.lihat(URL, DEDI)).json()["data"] == []
    assert (await kantor.lihat(URL, PENGELOLA, "pengelola", unit="PEMDA/DINKES")).json()["data"] == []
    assert (await kantor.lihat(f"{URL}/saya", BUDI)).json()["data"] == []
    row = await kantor.tpp.baris("SELECT keadaan FROM permohonan_koreksi")
    assert row == [{"keadaan": "diajukan"}]


async def test_an_approved_correction_is_a_new_version_that_files_leave_alone(kantor: Dunia) -> None:
    asked = await ajukan(kantor)
    assert asked.status_code == 201, asked.text
    [told] = await kantor.tpp.keluar(ColekSent)
    assert (told.hal, told.kepada_id, told.tentang_id) == ("koreksi", BUDI, ANI)
    (waiting,) = (await kantor.lihat(URL, BUDI)).json()["data"]
    assert (waiting["masuk"], waiting["tercatat_masuk"]) == ("07:25:00", "09:10:00")
    assert waiting["bukti"] == BODY["bukti"]
    path = f"{URL}/{waiting['permohonan_id']}/setujui"
    made = await kantor.kirim(path, BUDI, json={})
    assert (made.status_code, made.json()["keadaan"]) == (200, "disetujui")
    assert not made.json()["sesudah_dikunci"]
    (day,) = await kantor.tpp.baris("SELECT masuk::text, version, permohonan_id FROM kehadiran_harian")
    assert (day["masuk"], day["version"]) == ("07:25:00", 2)
    (lama,) = await kantor.tpp.baris(
        "SELECT version, isi FROM riwayat_fakta WHERE tabel = 'kehadiran_harian'"
    )
    assert (lama["version"], lama["isi"]["masuk"]) == (1, "09:10:00")
    (month,) = await kantor.tpp.baris("SELECT terlambat, version FROM kehadiran_bulan")
    assert (month["terlambat"], month["version"]) == ([], 2)
    assert (await kantor.kirim(path, BUDI, json={})).status_code == 409
    # The machine's file comes again: told of, and without effect.
    report = await impor(kantor, "09:10", "16:02")
    assert (report["diterapkan"], report["lembar"][0]["dikoreksi"], report["lembar"][0]["berubah"]) == (
        True,
        1,
        0,
    )
    assert await kantor.tpp.nilai("SELECT version FROM kehadiran_harian") == 2
    _, answer = await kantor.tpp.keluar(ColekSent)
    assert (answer.hal, answer.kepada_id) == ("koreksi_putusan", ANI)
    assert "disetujui" in answer.kalimat
    actions = await kantor.tpp.baris(
        "SELECT action, subject FROM kernel.audit WHERE action LIKE 'koreksi-%' ORDER BY seq"
    )
    assert [row["action"] for row in actions] == ["koreksi-kehadiran.diajukan", "koreksi-kehadiran.disetujui"]
    assert {row["subject"] for row in actions} == {f"pegawai:{ANI}"}
    # A second correction of the same day is possible, and is version 3.
    again = (await ajukan(kantor, masuk="07:20")).json()["permohonan_id"]
    told = await kantor.kirim(f"{URL}/{again}/setujui", PENGELOLA, "pengelola", unit="PEMDA/DISDIK", json={})
    assert told.status_code == 200
    assert await kantor.tpp.nilai("SELECT version FROM kehadiran_harian") == 3


async def test_a_refusal_says_why_and_changes_nothing(kantor: Dunia) -> None:
    asked = (await ajukan(kantor)).json()["permohonan_id"]
    assert (await ajukan(kantor, masuk="07:00")).status_code == 409  # one at a time
    path = f"{URL}/{asked}/tolak"
    told = await kantor.kirim(path, BUDI, json={"alasan": " "})
    assert (told.status_code, told.json()["errors"][0]["pointer"]) == (422, "/alasan")
    told = await kantor.kirim(path, BUDI, json={"alasan": "Rekaman kamera menunjukkan 09.10"})
    assert (told.status_code, told.json()["keadaan"]) == (200, "ditolak")
    (mine,) = (await kantor.lihat(f"{URL}/saya", ANI)).json()["data"]
    assert (mine["keadaan"], mine["alasan"]) == ("ditolak", "Rekaman kamera menunjukkan 09.10")
    assert await kantor.tpp.nilai("SELECT version FROM kehadiran_harian") == 1
    # Asked again, and taken back.
    again = (await ajukan(kantor)).json()["permohonan_id"]
    for expected in (200, 409):
        assert (await kantor.kirim(f"{URL}/{again}/tarik", ANI)).status_code == expected
    assert (await kantor.kirim(f"{URL}/{again}/setujui", BUDI, json={})).status_code == 409


SALAH = [
    ({"tanggal": str(HARI + timedelta(days=30))}, "/tanggal", "belum terjadi"),
    ({"tanggal": str(HARI - timedelta(days=400))}, "/tanggal", "setahun"),
    ({"masuk": "09:10"}, "/masuk", "persis seperti ini"),
    ({"masuk": "17:00"}, "/pulang", "tidak sesudah masuk"),
    ({"masuk": None, "pulang": None}, "/masuk", "tidak ada jam"),
    ({"keterangan": "S"}, "/keterangan", "tetapi ada jam"),
    ({"keterangan": "A"}, "/keterangan", ""),
    ({"bukti": "lupa"}, "/bukti", ""),
    ({"sebab": "malas"}, "/sebab", ""),
    ({"masuk": "-07:30"}, "/masuk", ""),
]


@pytest.mark.parametrize(("isi", "kolom", "alasan"), SALAH, ids=[f"{s[1]}-{n}" for n, s in enumerate(SALAH)])
async def test_what_cannot_be_is_refused_with_its_field(
    kantor: Dunia, isi: dict[str, Any], kolom: str, alasan: str
) -> None:
    told = await ajukan(kantor, **isi)
    assert told.status_code == 422, told.text
    found = {error["pointer"]: error["reason"] for error in told.json()["errors"]}
    assert alasan in found[kolom]
    assert await kantor.tpp.nilai("SELECT count(*) FROM permohonan_koreksi") == 0


async def test_after_the_lock_it_is_a_late_fact(tpp: Layanan) -> None:
    from tests.component.tpp.dunia import BULAN as OKTOBER

    dunia = Dunia(tpp)
    await dunia.siapkan()
    await dunia.jalankan()
    await dunia.kunci()
    before = (await dunia.angka())[ANI]
    body = BODY | {"tanggal": "2026-10-05", "masuk": "08:30", "pulang": "16:00"}
    asked = await dunia.kirim(URL, ANI, json=body)
    assert asked.status_code == 201, asked.text
    [told] = await tpp.keluar(ColekSent)
    assert (told.kepada_peran, told.kepada_unit) == ("pengelola", "PEMDA/DISDIK/DISDIK-1")
    path = f"{URL}/{asked.json()['permohonan_id']}/setujui"
    made = await dunia.kirim(path, PENGELOLA, "pengelola", unit="PEMDA/DISDIK", json={})
    assert made.json()["sesudah_dikunci"]
    (row,) = await tpp.baris(
        "SELECT b.version, t.v_kehadiran FROM kehadiran_bulan b JOIN tpp_bulan t USING (periode, pegawai_id)"
        " WHERE b.pegawai_id = $1 AND b.periode = $2", ANI, OKTOBER,
    )  # fmt: skip
    assert (row["version"], row["v_kehadiran"]) == (2, 1)
    assert (await dunia.angka())[ANI] == before


async def test_pages_ask_and_decide(kantor: Dunia) -> None:
    from uuid import uuid4

    from shared.web.routes import KEY

    async def page(path: str, who: Any, *peran: str, unit: str | None = None, **form: str) -> Any:
        headers = kantor.tpp.kepala(who, *peran, unit=unit) | {"Accept": "text/html"}
        if form:
            return await kantor.tpp.client.post(path, data={KEY: str(uuid4())} | form, headers=headers)
        return await kantor.tpp.client.get(path, headers=headers)

    assert (await page("/tpp/kehadiran", ANI)).status_code == 303
    seen = (await page(f"/tpp/kehadiran/{BULAN}", ANI)).text
    assert f"/tpp/kehadiran/koreksi/{HARI}" in seen
    assert "Terlambat" in seen
    form = f"/tpp/kehadiran/koreksi/{HARI}"
    assert "Minta koreksi" in (await page(form, ANI)).text
    wrong = await page(form, ANI, masuk="07:25", pulang="16:02", sebab="mesin", bukti="lupa")
    assert (wrong.status_code, "Bukti" in wrong.text) == (422, True)
    sent = await page(form, ANI, masuk="07:25", pulang="16:02", sebab="mesin", bukti=BODY["bukti"])
    assert sent.status_code == 303
    assert "Menunggu keputusan" in (await page(f"/tpp/kehadiran/{BULAN}", ANI)).text
    seen = (await page("/tpp/koreksi-kehadiran", BUDI)).text
    asked = await kantor.tpp.nilai("SELECT permohonan_id::text FROM permohonan_koreksi")
    assert f"/tpp/koreksi-kehadiran/{asked}" in seen
    one = f"/tpp/koreksi-kehadiran/{asked}"
    assert "Ya, setujui" in (await page(one, BUDI)).text
    assert "Ini permohonan Anda sendiri." in (await page(one, ANI)).text
    assert (await page(one, DEDI)).status_code == 403
    for peran in ("auditor", "admin_bkd"):
        looked = (await page(one, DEDI, peran)).text
        assert ("Ya, setujui" in looked, "menunggu keputusan" in looked) == (False, True)
    refused = await page(f"{one}/tolak", BUDI, alasan="x")
    assert (refused.status_code, "Alasan penolakan" in refused.text) == (422, True)
    assert (await page(f"{one}/setujui", BUDI, ok="ya")).status_code == 303
    assert "Disetujui" in (await page(f"/tpp/kehadiran/{BULAN}", ANI)).text
    assert ADMIN


async def test_one_who_waits_reminds_whoever_decides_about_it(kantor: Dunia) -> None:
    asked = (await ajukan(kantor)).json()["permohonan_id"]
    path = f"{URL}/{asked}/ingatkan"
    headers = {"Idempotency-Key": "12345678"}
    assert (await kantor.tpp.client.post(f"/api/tpp{path}", headers=headers)).status_code == 401
    assert (await kantor.kirim(path, BUDI)).status_code == 403
    # Asking told them today; the next day it may be said again.
    assert (await kantor.kirim(path, ANI)).status_code == 429
    await kantor.tpp.baris("UPDATE kernel.colek SET hari = hari - 1")
    seen = await kantor.tpp.client.get(f"/tpp/koreksi-kehadiran/{asked}", headers=kantor.tpp.kepala(ANI))
    assert f"/tpp/koreksi-kehadiran/{asked}/ingatkan" in seen.text
    assert (await kantor.kirim(path, ANI)).json()["kepada"] == "Atasan"
    assert [one.kepada_id for one in await kantor.tpp.keluar(ColekSent)] == [BUDI, BUDI]
    assert (await kantor.kirim(f"{URL}/{asked}/setujui", BUDI, json={"alasan": ""})).status_code == 200
    assert (await kantor.kirim(path, ANI)).status_code == 409
