"""Objections to a slip: made line by line, answered by somebody else, told of; no answer changes money."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.colek import ColekSent
from shared.contracts.tpp import TppKeberatanDecided
from shared.web.routes import KEY
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ADMIN_LAIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    KEPALA_HARIAN,
    KEUANGAN,
    KEUANGAN_DINKES,
    NIP_DARI,
    PENGELOLA,
    Dunia,
    csv,
    dinilai,
    predikat_sementara,
)

URL = "/keberatan"
DISDIK, DINKES = "PEMDA/DISDIK", "PEMDA/DINKES"
ALASAN = "Saya bertugas di tempat lain hari itu, ada surat tugasnya"
TERIMA = {"putusan": "diterima", "jawaban": "Kehadirannya dikoreksi pengelola", "perbaikan": "kehadiran"}
TOLAK = {"putusan": "ditolak", "jawaban": "Potongannya sesuai jam absen", "pasal": "Perkada ps. 12"}


@pytest.fixture
async def bulan(dunia: Dunia) -> Dunia:
    """The month computed; Ani came late once, as the machine says."""
    isi = csv(KEPALA_HARIAN, (NIP_DARI[ANI], f"{BULAN}-05", "09:10", "16:02", ""))
    await dunia.kehadiran(isi)
    assert (await dunia.jalankan())["keadaan"] == "selesai"
    return dunia


async def slip(dunia: Dunia, who: UUID = ANI) -> Any:
    told = await dunia.lihat(f"/slip/{BULAN}/saya", who)
    assert told.status_code == 200, told.text
    return told.json()


async def ajukan(dunia: Dunia, who: UUID = ANI, *peran: str, unit: str | None = None, **isi: Any) -> Any:
    body = {"periode": BULAN, "alasan": ALASAN} | isi
    return await dunia.kirim(URL, who, *peran, unit=unit, json=body)


async def potongan_hadir(dunia: Dunia) -> Any:
    """The line that takes off for coming late."""
    lines = (await slip(dunia))["baris"]
    return next(one for one in lines if one["sumber"] == "kehadiran" and one["jumlah"].startswith("-"))


async def satu(dunia: Dunia, who: UUID = ANI, **isi: Any) -> str:
    told = await ajukan(dunia, who, **isi)
    assert told.status_code == 201, told.text
    return str(told.json()["keberatan_id"])


async def jawab(dunia: Dunia, keberatan_id: str, who: UUID, peran: str, unit: str | None, body: Any) -> Any:
    return await dunia.kirim(f"{URL}/{keberatan_id}/jawab", who, peran, unit=unit, json=body)


async def test_strangers_object_read_answer_and_remind_nothing(bulan: Dunia) -> None:
    client, headers = bulan.tpp.client, {"Idempotency-Key": "12345678"}
    asked = await satu(bulan)
    one = f"{URL}/{asked}"
    for path in (URL, f"{URL}/saya", one):
        assert (await client.get(f"/api/tpp{path}")).status_code == 401
    for path in (URL, f"{one}/jawab", f"{one}/tarik", f"{one}/ingatkan"):
        assert (await client.post(f"/api/tpp{path}", json={}, headers=headers)).status_code == 401
    for who, peran, unit, baca in (
        (ANI, (), None, 200),  # one's own: reads, never answers
        (ANI, ("keuangan_opd",), DISDIK, 200),
        (ANI, ("admin_bkd",), None, 200),
        (BUDI, (), None, 403),
        (PENGELOLA, ("pengelola",), DISDIK, 403),
        (PENGELOLA, ("pimpinan",), "PEMDA", 403),
        (KEUANGAN_DINKES, ("keuangan_opd",), DINKES, 403),
        (BPKAD, ("bpkad",), None, 200),
        (BPKAD, ("auditor",), None, 200),
    ):
        assert (await bulan.lihat(one, who, *peran, unit=unit)).status_code == baca, (peran, unit)
        for body in (TERIMA, TOLAK):
            told = await bulan.kirim(f"{one}/jawab", who, *peran, unit=unit, json=body)
            assert told.status_code == 403, (peran, unit, told.text)
    for who, peran in ((BUDI, ()), (KEUANGAN, ("keuangan_opd",)), (ADMIN, ("admin_bkd",))):
        assert (await bulan.kirim(f"{one}/tarik", who, *peran, unit=DISDIK)).status_code == 403
        reminded = await bulan.kirim(f"{one}/ingatkan", who, *peran, unit=DISDIK)
        # The OPD's keuangan may remind, but not while it can answer itself.
        assert reminded.status_code == (409 if who == KEUANGAN else 403)
    assert (await bulan.lihat(URL, BUDI)).status_code == 403
    elsewhere = await bulan.lihat(URL, KEUANGAN_DINKES, "keuangan_opd", unit=DINKES)
    assert elsewhere.json()["data"] == []
    assert (await bulan.lihat(f"{URL}/saya", BUDI)).json()["data"] == []
    assert (await bulan.lihat(f"{URL}/{uuid4()}", ADMIN, "admin_bkd")).status_code == 404
    assert await bulan.tpp.baris("SELECT keadaan FROM keberatan") == [{"keadaan": "diajukan"}]


async def test_a_line_is_objected_to_accepted_and_only_the_calculation_changes_it(bulan: Dunia) -> None:
    before = (await bulan.angka())[ANI]
    line = await potongan_hadir(bulan)
    asked = await satu(bulan, baris=line["baris"], bukti="ST 12/2026")
    [told] = await bulan.tpp.keluar(ColekSent)
    assert (told.hal, told.kepada_peran, told.tentang_id) == ("keberatan", "keuangan_opd", ANI)
    assert told.kepada_unit == "PEMDA/DISDIK/DISDIK-1"
    (waiting,) = (await bulan.lihat(URL, KEUANGAN, "keuangan_opd", unit=DISDIK)).json()["data"]
    for name in ("nama", "jumlah", "kalimat", "pasal", "sumber", "baris"):
        assert waiting[name] == line[name]
    assert (waiting["alasan"], waiting["penjawab"]) == (ALASAN, "keuangan OPD atau admin BKD")
    told = await jawab(bulan, asked, KEUANGAN, "keuangan_opd", DISDIK, TERIMA)
    assert (told.status_code, told.json()["keadaan"]) == (200, "diterima")
    [event] = await bulan.tpp.keluar(TppKeberatanDecided)
    assert (event.pegawai_id, str(event.keberatan_id), event.diterima) == (ANI, asked, True)
    assert not {"jawaban", "jumlah", "neto"} & set(json.loads(event.model_dump_json()))
    # Beside the line the answer stands; the money is as it was.
    (mark,) = (await slip(bulan))["keberatan"]
    assert (mark["baris"], mark["keadaan"], mark["jawaban"]) == (line["baris"], "diterima", TERIMA["jawaban"])
    assert (await bulan.angka())[ANI] == before
    assert (await jawab(bulan, asked, ADMIN, "admin_bkd", None, TOLAK)).status_code == 409
    # The way that was named: the day is corrected, the month computed again.
    await bulan.kehadiran(csv(KEPALA_HARIAN, (NIP_DARI[ANI], f"{BULAN}-05", "07:25", "16:02", "")))
    await bulan.jalankan()
    assert (await bulan.angka())[ANI][1] > before[1]
    seen = (await bulan.lihat(f"{URL}/{asked}", ANI)).json()
    assert seen["jumlah"] == line["jumlah"] != seen["jumlah_kini"]
    assert (seen["perbaikan"], seen["diperbaiki_oleh"]) == ("kehadiran", "pengelola kinerja OPD")
    actions = await bulan.tpp.baris(
        "SELECT action, subject FROM kernel.audit WHERE action LIKE 'keberatan.%' ORDER BY seq"
    )
    assert [row["action"] for row in actions] == [
        "keberatan.diajukan", "keberatan.dibaca", "keberatan.diterima",
    ]  # fmt: skip
    assert {row["subject"] for row in actions} == {f"pegawai:{ANI}"}


async def test_one_open_objection_for_a_line_however_often_it_is_sent(bulan: Dunia) -> None:
    lines = (await slip(bulan))["baris"]
    many = await asyncio.gather(*(ajukan(bulan, baris=lines[0]["baris"]) for _ in range(6)))
    assert sorted(one.status_code for one in many) == [201] + [409] * 5
    headers = bulan.tpp.kepala(ANI)
    body = {"periode": BULAN, "alasan": ALASAN, "baris": lines[1]["baris"]}
    first, again = [
        await bulan.tpp.client.post(f"/api/tpp{URL}", headers=headers, json=body) for _ in range(2)
    ]
    assert (first.status_code, again.json()) == (201, first.json())
    # Another line, the whole slip, another person: each its own.
    assert (await ajukan(bulan)).status_code == 201
    assert (await ajukan(bulan, BUDI, baris=lines[0]["baris"])).status_code == 201
    assert await bulan.tpp.nilai("SELECT count(*) FROM keberatan") == 4
    asked = first.json()["keberatan_id"]
    for expected in (200, 409):
        assert (await bulan.kirim(f"{URL}/{asked}/tarik", ANI)).status_code == expected
    assert (await jawab(bulan, asked, ADMIN, "admin_bkd", None, TERIMA)).status_code == 409
    assert (await ajukan(bulan, baris=lines[1]["baris"])).status_code == 201


async def test_a_refusal_names_reason_and_article(bulan: Dunia) -> None:
    asked = await satu(bulan)
    for body, kolom in (
        (TOLAK | {"pasal": " "}, "/pasal"),
        (TOLAK | {"jawaban": "tidak"}, "/jawaban"),
        (TERIMA | {"perbaikan": None}, "/perbaikan"),
        (TERIMA | {"perbaikan": "transfer"}, "/perbaikan"),
        ({}, "/putusan"),
    ):
        told = await jawab(bulan, asked, ADMIN, "admin_bkd", None, body)
        assert told.status_code == 422, told.text
        assert kolom in {error["pointer"] for error in told.json()["errors"]}
    assert (await jawab(bulan, asked, ADMIN, "admin_bkd", None, TOLAK)).status_code == 200
    (mine,) = (await bulan.lihat(f"{URL}/saya", ANI)).json()["data"]
    assert (mine["keadaan"], mine["jawaban"], mine["pasal_jawaban"], mine["penjawab"]) == (
        "ditolak", TOLAK["jawaban"], TOLAK["pasal"], "",
    )  # fmt: skip
    [event] = await bulan.tpp.keluar(TppKeberatanDecided)
    assert not event.diterima


async def test_what_cannot_be_objected_to_says_why(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.siapkan(skip=frozenset({"tutup"}))
    assert (await ajukan(dunia, periode="2026-11")).status_code == 404
    # Rated or not, a month that runs has an estimate only.
    for _ in range(2):
        told = await ajukan(dunia)
        assert (told.status_code, "masih perkiraan" in told.json()["detail"]) == (409, True)
        await dunia.dengar(predikat_sementara(ANI, 2, version=2))
    await dunia.tutup()
    await dunia.jalankan()
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"baris": "bukan-baris"}, "/baris"),
        ({"alasan": "         "}, "/alasan"),
        ({"alasan": "pendek"}, "/alasan"),
        ({"periode": "2026-15"}, "/periode"),
        ({"bukti": "x" * 501}, "/bukti"),
    )
    for isi, kolom in wrong:
        told = await ajukan(dunia, **isi)
        assert (told.status_code, told.json()["errors"][0]["pointer"]) == (422, kolom), told.text
    assert await tpp.nilai("SELECT count(*) FROM keberatan") == 0


async def test_a_held_payment_can_be_objected_to(dunia: Dunia) -> None:
    await dunia.dengar(dinilai(CICI, None, version=2))
    await dunia.tpp.baris("UPDATE periode SET final_version = version")
    await dunia.jalankan()
    told = await ajukan(dunia, CICI)
    assert told.status_code == 201
    (waiting,) = (await dunia.lihat(URL, ADMIN, "admin_bkd")).json()["data"]
    assert waiting["nama"] == "TPP yang tertahan"
    assert "Atasan belum menilai." in waiting["kalimat"]


async def test_an_open_objection_is_a_finding_that_needs_an_answer_and_holds_up_nobody(bulan: Dunia) -> None:
    assert (await bulan.periksa())["total"] == 0
    asked = await satu(bulan)
    found = await bulan.periksa()
    assert [(one["jenis"], one["jumlah"]) for one in found["jumlah"]] == [("keberatan", 1)]
    assert found["orang"][0]["alasan"][0]["kode"] == asked
    for tindakan, who, peran in (("verifikasi", KEUANGAN, "keuangan_opd"), ("setujui", ADMIN, "admin_bkd")):
        assert (await bulan.putuskan("DISDIK", tindakan, who, peran)).status_code == 200
    told = await bulan.putuskan("DISDIK", "kunci", BPKAD, "bpkad")
    assert (told.status_code, "1 keberatan yang belum dijawab" in told.json()["detail"]) == (409, True)
    assert (await bulan.kirim(f"{URL}/{asked}/ingatkan", BPKAD, "bpkad")).status_code == 200
    await bulan.tanggapi()
    # Another objection is another finding.
    again = await satu(bulan, baris=(await slip(bulan))["baris"][0]["baris"])
    assert not (await bulan.periksa())["selesai"]
    assert (await jawab(bulan, again, KEUANGAN, "keuangan_opd", DISDIK, TOLAK)).status_code == 200
    assert (await bulan.periksa())["selesai"]
    assert (await bulan.putuskan("DISDIK", "kunci", BPKAD, "bpkad")).status_code == 200
    # The other office's month was never held up.
    assert (await bulan.periksa("DINKES"))["total"] == 0


async def test_after_the_lock_bkd_answers_and_a_correction_is_rapel(bulan: Dunia) -> None:
    await bulan.kunci()
    asked = await satu(bulan)
    [told] = await bulan.tpp.keluar(ColekSent)
    assert (told.kepada_peran, told.kepada_unit) == ("admin_bkd", None)
    told = await jawab(bulan, asked, KEUANGAN, "keuangan_opd", DISDIK, TERIMA)
    assert (told.status_code, "sudah dikunci" in told.json()["detail"]) == (403, True)
    seen = (await bulan.lihat(f"{URL}/{asked}", KEUANGAN, "keuangan_opd", unit=DISDIK)).json()
    assert "admin BKD" in seen["halangan"]
    reminded = await bulan.kirim(f"{URL}/{asked}/ingatkan", KEUANGAN, "keuangan_opd", unit=DISDIK)
    assert (reminded.status_code, reminded.json()["kepada"]) == (200, "Admin BKD")
    assert (await bulan.lihat(f"{URL}/{asked}", ADMIN_LAIN, "admin_bkd")).json()["halangan"] == ""
    paid = (await bulan.angka())[ANI]
    assert (await jawab(bulan, asked, ADMIN_LAIN, "admin_bkd", None, TERIMA)).status_code == 200
    await bulan.kehadiran(
        csv(KEPALA_HARIAN, (NIP_DARI[ANI], f"{BULAN}-05", "07:25", "16:02", "")), alasan="Keberatan diterima"
    )
    await bulan.koreksi()
    (late,) = (await slip(bulan))["koreksi"]
    assert late["selisih"][0] != "-"
    assert (await bulan.angka())[ANI][1] == paid[1]


async def test_the_objection_of_an_officer_goes_to_others_and_is_reminded_once_a_day(bulan: Dunia) -> None:
    told = await ajukan(bulan, ANI, "keuangan_opd", unit=DISDIK)
    asked = told.json()["keberatan_id"]
    [sent] = await bulan.tpp.keluar(ColekSent)
    assert sent.kepada_peran == "admin_bkd"
    # Filing has told them today.
    again = await bulan.kirim(f"{URL}/{asked}/ingatkan", ANI, "keuangan_opd", unit=DISDIK)
    assert again.status_code == 429
    assert (await bulan.kirim(f"{URL}/{asked}/ingatkan", BPKAD, "bpkad")).status_code == 200
    await bulan.kirim(f"{URL}/{asked}/tarik", ANI)
    assert (await bulan.kirim(f"{URL}/{asked}/ingatkan", BPKAD, "bpkad")).status_code == 409


async def test_lists_come_in_pages_and_by_office(bulan: Dunia) -> None:
    asked = [await satu(bulan, who=who) for who in (ANI, BUDI, CICI, DEDI)]
    seen: list[str] = []
    cursor = None
    while True:
        query: dict[str, Any] = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await bulan.lihat(URL, ADMIN, "admin_bkd", **query)).json()
        seen += [one["keberatan_id"] for one in page["data"]]
        cursor = page["berikutnya"]
        if cursor is None:
            break
    assert seen == asked  # those that wait: the oldest first
    dinkes = (await bulan.lihat(URL, ADMIN, "admin_bkd", opd="DINKES")).json()["data"]
    assert [one["nip"] for one in dinkes] == [NIP_DARI[DEDI]]
    for one in asked[:2]:
        await jawab(bulan, one, ADMIN, "admin_bkd", None, TOLAK)
    refused = (await bulan.lihat(URL, ADMIN, "admin_bkd", keadaan="ditolak")).json()["data"]
    assert [one["keberatan_id"] for one in refused] == [asked[1], asked[0]]
    assert (await bulan.lihat(URL, ADMIN, "admin_bkd", keadaan="lain")).status_code == 422
    assert (await bulan.lihat(URL, ADMIN, "admin_bkd", cursor="x")).status_code == 422


async def test_a_lock_and_an_objection_at_once_leave_it_answered_for_or_to_bkd(bulan: Dunia) -> None:
    for tindakan, who, peran in (("verifikasi", KEUANGAN, "keuangan_opd"), ("setujui", ADMIN, "admin_bkd")):
        assert (await bulan.putuskan("DISDIK", tindakan, who, peran)).status_code == 200
    locked, asked = await asyncio.gather(bulan.putuskan("DISDIK", "kunci", BPKAD, "bpkad"), ajukan(bulan))
    assert asked.status_code == 201
    [told] = await bulan.tpp.keluar(ColekSent)
    assert (locked.status_code, told.kepada_peran) in ((200, "admin_bkd"), (409, "keuangan_opd"))


async def test_pages_object_and_answer(bulan: Dunia) -> None:
    async def page(path: str, who: UUID, *peran: str, unit: str | None = None, **form: str) -> Any:
        headers = bulan.tpp.kepala(who, *peran, unit=unit) | {"Accept": "text/html"}
        if form:
            return await bulan.tpp.client.post(path, data={KEY: str(uuid4())} | form, headers=headers)
        return await bulan.tpp.client.get(path, headers=headers)

    line = await potongan_hadir(bulan)
    form = f"/tpp/saya/{BULAN}/keberatan"
    path = f"{form}?baris={line['baris']}"
    assert path in (await page(f"/tpp/saya/{BULAN}", ANI)).text
    shown = (await page(path, ANI)).text
    assert line["kalimat"].split(":")[0] in shown
    # The day is known: its correction is offered.
    assert f"/tpp/kehadiran/koreksi/{BULAN}-05" in shown
    assert (await page(f"{form}?baris=tidak-ada", ANI)).status_code == 404
    wrong = await page(form, ANI, baris=line["baris"], alasan="x")
    assert (wrong.status_code, line["nama"] in wrong.text) == (422, True)
    sent = await page(form, ANI, baris=line["baris"], alasan=ALASAN)
    one = sent.headers["location"]
    assert (sent.status_code, one.startswith("/tpp/keberatan/")) == (303, True)
    assert (await page(path, ANI)).headers["location"] == one
    seen = (await page(one, ANI)).text
    assert "Nomor tanda terima" in seen
    assert "Ya, tarik" in seen
    assert "Simpan jawaban" not in seen
    assert one in (await page(f"/tpp/saya/{BULAN}", ANI)).text
    assert one in (await page("/tpp/saya", ANI)).text
    assert (await page(one, BUDI)).status_code == 403
    assert one in (await page("/tpp/keberatan", KEUANGAN, "keuangan_opd", unit=DISDIK)).text
    assert one in (await page(f"/tpp/persetujuan/{BULAN}/DISDIK", KEUANGAN, "keuangan_opd", unit=DISDIK)).text
    assert "Simpan jawaban" in (await page(one, KEUANGAN, "keuangan_opd", unit=DISDIK)).text
    assert "Ingatkan" in (await page(one, BPKAD, "bpkad")).text
    assert "Simpan jawaban" not in (await page(one, BPKAD, "bpkad")).text
    refused = await page(f"{one}/jawab", KEUANGAN, "keuangan_opd", unit=DISDIK, putusan="diterima")
    assert (refused.status_code, "Penjelasan" in refused.text) == (422, True)
    told = await page(f"{one}/jawab", KEUANGAN, "keuangan_opd", unit=DISDIK, **TERIMA)
    assert told.status_code == 303
    assert TERIMA["jawaban"] in (await page(f"/tpp/saya/{BULAN}", ANI)).text
    answered = (await page(one, ADMIN, "admin_bkd")).text
    assert "/tpp/impor/kehadiran" in answered
    assert "/tpp/impor/kehadiran" not in (await page(one, ANI)).text
