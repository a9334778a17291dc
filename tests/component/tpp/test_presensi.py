"""Attendance by event: every order ends the same, nobody is zeroed, and what cannot be taken says why."""

import json
import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.clock import local_date
from shared.contracts.kehadiran import KehadiranRecorded
from shared.inbox.inbox import DEAD_IN_A_ROW
from shared.nip import Nip
from shared.testing.feed import Feed, Recorded, feed
from shared.web.routes import KEY
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BUDI,
    DEDI,
    FIRDAUS,
    HARI,
    KEPALA_HARIAN,
    NIP_DARI,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    hadir_semua,
    pegawai,
)

URL = "/presensi-tertahan"
SENIN = date(2026, 10, 5)


def hari(
    who: UUID,
    tanggal: date = SENIN,
    masuk: time | None = time(7, 25),
    pulang: time | None = time(16, 5),
    keterangan: Any = "",
    *,
    version: int = 1,
    nip: str = "",
) -> Recorded:
    """One day as a machine says it."""
    return Recorded.of(
        KehadiranRecorded(
            version=version,
            nip=Nip(nip or NIP_DARI[who]),
            tanggal=tanggal,
            masuk=masuk,
            pulang=pulang,
            keterangan=keterangan,
        )
    )


def sebulan(*people: UUID) -> list[Recorded]:
    """A month of punctual days."""
    return [hari(who, day) for who in people for day in HARI]


@pytest.fixture
async def kantor(tpp: Layanan) -> Dunia:
    """Everyone known, nothing else."""
    dunia = Dunia(tpp)
    await dunia.dengar(*(pegawai(who) for who in ORANG))
    return dunia


async def kirim(dunia: Dunia, *facts: Recorded) -> None:
    await feed(dunia.tpp.service, dunia.tpp.database, facts)


async def tercatat(dunia: Dunia) -> list[dict[str, Any]]:
    """What stands of every day and month, without saying how often it changed."""
    days = await dunia.tpp.baris(
        "SELECT pegawai_id, tanggal, masuk, pulang, keterangan FROM kehadiran_harian ORDER BY 1, 2"
    )
    months = await dunia.tpp.baris(
        "SELECT pegawai_id, periode, hadir, cuti, tanpa_keterangan, terlambat, pulang_cepat, tanpa_masuk,"
        " tanpa_pulang, hari_kerja, tanpa_data, ada FROM kehadiran_bulan ORDER BY 1, 2"
    )
    return [*days, *months]


async def tertahan(dunia: Dunia) -> list[tuple[Any, ...]]:
    rows = await dunia.tpp.baris("SELECT nip, tanggal, version, kode FROM presensi_tertahan ORDER BY 1, 2, 3")
    return [tuple(row.values()) for row in rows]


async def test_events_and_a_file_of_the_same_month_count_the_same(kantor: Dunia) -> None:
    late = hari(ANI, HARI[3], time(8, 1, 30), time(15, 0))
    absent = hari(BUDI, HARI[4], None, None, "A")
    facts = [one for one in sebulan(ANI, BUDI) if one.payload not in (late.payload, absent.payload)]
    await kirim(kantor, *facts)
    later = [hari(ANI, HARI[3], time(8, 1, 30), time(15, 0), version=2)]
    later += [hari(BUDI, HARI[4], None, None, "A", version=2)]
    await kirim(kantor, *later)
    by_events = await tercatat(kantor)
    assert len(by_events) == 2 * len(HARI) + 2
    for table in ("kehadiran_harian", "kehadiran_bulan", "presensi", "riwayat_fakta"):
        await kantor.tpp.baris(f"DELETE FROM {table}")
    rows = [
        (NIP_DARI[ANI], HARI[3], "08:01:30", "15:00", ""),
        (NIP_DARI[BUDI], HARI[4], "", "", "A"),
    ]
    assert (await kantor.kehadiran(hadir_semua(ANI, BUDI)))["diterapkan"]
    assert (await kantor.kehadiran(csv(KEPALA_HARIAN, *rows)))["diterapkan"]
    assert await tercatat(kantor) == by_events
    assert await kantor.tpp.nilai("SELECT terlambat FROM kehadiran_bulan WHERE pegawai_id = $1", ANI) == [31]


@pytest.mark.parametrize("seed", range(12))
async def test_any_order_and_repetition_ends_the_same(kantor: Dunia, seed: int) -> None:
    """Versions of one day, equal versions told at other times, people known late, and days that cannot be."""
    same = [hari(BUDI, SENIN, time(7, minute), version=3) for minute in (5, 6)]
    facts = [
        *(hari(ANI, SENIN, time(7, version), version=version) for version in range(1, 6)),
        hari(ANI, SENIN, time(16, 0), time(7, 0), version=9),  # nobody goes before coming
        *same,
        hari(BUDI, SENIN, None, None, "S", version=2),
        hari(DEDI, SENIN, None, None, "C"),
        hari(FIRDAUS, SENIN, time(9, 0), None),
        hari(FIRDAUS, SENIN, time(8, 0), time(16, 0), version=2),
        hari(ANI, local_date(datetime.now(UTC)) + timedelta(days=3)),
    ]
    people = [pegawai(who) for who in ORANG]
    chance = random.Random(seed)
    bag = [fact for fact in [*facts, *people] for _ in range(chance.randint(1, 4))]
    chance.shuffle(bag)
    for table in ("pegawai", "penempatan"):
        await kantor.tpp.baris(f"DELETE FROM {table}")
    feeding = Feed("tpp", kantor.tpp.database, kantor.tpp.service.subscriptions, kantor.tpp.service.barriers)
    while bag:
        size = chance.randint(1, 12)
        await feeding.deliver(bag[:size])
        bag = bag[size:]
    days = await kantor.tpp.baris(
        "SELECT pegawai_id, masuk::text, pulang::text, keterangan FROM kehadiran_harian"
    )
    assert {row["pegawai_id"]: tuple(row.values())[1:] for row in days} == {
        ANI: ("07:05:00", "16:05:00", ""),
        BUDI: ("07:06:00", "16:05:00", ""),
        DEDI: (None, None, "C"),
        FIRDAUS: ("08:00:00", "16:00:00", ""),
    }
    assert [(version, kode) for _, _, version, kode in await tertahan(kantor)] == [
        (9, "tidak_mungkin"),
        (1, "tidak_mungkin"),
    ]
    months = await kantor.tpp.baris("SELECT terlambat FROM kehadiran_bulan WHERE pegawai_id = $1", FIRDAUS)
    assert months == [{"terlambat": [30]}]


async def test_nobody_known_is_held_until_they_are(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await kirim(dunia, hari(ANI), hari(BUDI), hari(BUDI, version=2, masuk=time(7, 0)))
    assert {kode for *_, kode in await tertahan(dunia)} == {"tidak_dikenal"}
    assert await tercatat(dunia) == []
    await dunia.dengar(pegawai(BUDI))
    assert [nip for nip, *_ in await tertahan(dunia)] == [NIP_DARI[ANI]]
    (day, month) = await tercatat(dunia)
    assert (day["masuk"], month["hadir"]) == (time(7, 0), 1)


async def test_a_day_corrected_on_request_stays_as_corrected(kantor: Dunia) -> None:
    await kirim(kantor, hari(ANI, masuk=time(9, 0)))
    body = {
        "tanggal": str(SENIN), "masuk": "07:20", "pulang": "16:00", "sebab": "mesin",
        "bukti": "Laporan kerusakan mesin 3/2026",
    }  # fmt: skip
    asked = await kantor.kirim("/koreksi-kehadiran", ANI, json=body)
    path = f"/koreksi-kehadiran/{asked.json()['permohonan_id']}/setujui"
    told = await kantor.kirim(path, PENGELOLA, "pengelola", unit="PEMDA/DISDIK", json={})
    assert told.status_code == 200, told.text
    await kirim(kantor, hari(ANI, masuk=time(10, 0), version=2))
    await kirim(kantor, hari(ANI, SENIN, None, None, "A", version=3))
    (day, month) = await tercatat(kantor)
    assert (day["masuk"], day["pulang"], month["terlambat"]) == (time(7, 20), time(16, 0), [])
    assert await tertahan(kantor) == []


async def test_history_names_the_machine_and_each_batch_leaves_one_audit_row(kantor: Dunia) -> None:
    await kirim(kantor, hari(ANI, masuk=time(9, 0)), hari(BUDI))
    await kirim(kantor, hari(ANI, version=2))
    rows = await kantor.tpp.baris("SELECT diganti_oleh, isi ->> 'masuk' AS masuk FROM riwayat_fakta")
    assert rows == [{"diganti_oleh": "mesin:presensi", "masuk": "09:00:00"}]
    assert await kantor.tpp.nilai("SELECT DISTINCT diubah_oleh FROM kehadiran_harian") == "mesin:presensi"
    trail = await kantor.tpp.baris(
        "SELECT detail FROM kernel.audit WHERE action = 'kehadiran.dicatat' ORDER BY seq"
    )
    assert [row["detail"] for row in trail] == [
        {"oleh": "mesin:presensi", "hari": 2},
        {"oleh": "mesin:presensi", "hari": 1},
    ]


async def test_a_file_and_a_machine_may_speak_of_the_same_day(kantor: Dunia) -> None:
    """The later word counts; news older than what was taken stays unheard also after a file."""
    await kirim(kantor, hari(ANI, masuk=time(9, 0), version=5))
    await kantor.kehadiran(csv(KEPALA_HARIAN, (NIP_DARI[ANI], SENIN, "07:20", "16:00", "")))
    await kirim(kantor, hari(ANI, masuk=time(8, 0), version=4))
    assert (await tercatat(kantor))[0]["masuk"] == time(7, 20)
    await kirim(kantor, hari(ANI, masuk=time(7, 10), version=6))
    assert (await tercatat(kantor))[0]["masuk"] == time(7, 10)


async def test_a_night_shift_waits_for_its_schedule(kantor: Dunia) -> None:
    await kirim(kantor, hari(BUDI, SENIN, time(20, 55), time(7, 5)))
    assert [kode for *_, kode in await tertahan(kantor)] == ["tidak_mungkin"]
    shift = ("kode", "nama", "masuk", "pulang", "istirahat", "mulai", "sampai", "dasar")
    for jenis, isi in (
        ("shift", csv(shift, ("M", "Malam", "21:00", "07:00", 60, "2026-01-01", "", "SK 1"))),
        ("jadwal", csv(("nip", "tanggal", "sif"), (NIP_DARI[BUDI], SENIN, "M"))),
    ):
        told = await kantor.kirim(f"/impor/{jenis}", ADMIN, "admin_bkd", content=isi, params={"berkas": "x"})
        assert told.json()["diterapkan"], told.text
    told = await kantor.kirim(f"{URL}/terapkan", PENGELOLA, "pengelola", unit="PEMDA/DINKES", json={})
    assert told.json() == {"diperiksa": 0, "hari": 0, "tertahan": 0}
    told = await kantor.kirim(f"{URL}/terapkan", PENGELOLA, "pengelola", unit="PEMDA/DISDIK", json={})
    assert told.json() == {"diperiksa": 1, "hari": 1, "tertahan": 0}
    (row,) = await kantor.tpp.baris("SELECT hadir, terlambat, pulang_cepat FROM kehadiran_bulan")
    assert row == {"hadir": 1, "terlambat": [], "pulang_cepat": []}
    assert await tertahan(kantor) == []


@pytest.mark.parametrize("tanggal", [date(1, 1, 1), date(1999, 12, 31), date(9999, 12, 31)])
async def test_a_day_of_another_age_is_held_at_once(kantor: Dunia, tanggal: date) -> None:
    """Also one that would have to be a night shift, beside a day of today's."""
    await kirim(kantor, hari(ANI, tanggal, time(16, 0), time(7, 0)), hari(BUDI))
    assert [kode for *_, kode in await tertahan(kantor)] == ["tidak_mungkin"]
    assert len(await tercatat(kantor)) == 2


async def test_a_locked_month_is_corrected_by_bkd_with_a_reason_only(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.siapkan()
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    before = await dunia.angka()
    await kirim(dunia, hari(ANI, SENIN, time(9, 30)), hari(DEDI, SENIN, time(9, 30)))
    assert [(nip, kode) for nip, *_, kode in await tertahan(dunia)] == [(NIP_DARI[ANI], "terkunci")]
    assert await tpp.nilai("SELECT version FROM kehadiran_bulan WHERE pegawai_id = $1", ANI) == 1
    alasan = {"alasan": "Mesin baru tersambung"}
    told = await dunia.kirim(f"{URL}/terapkan", PENGELOLA, "pengelola", unit="PEMDA/DISDIK", json=alasan)
    assert told.status_code == 403
    told = await dunia.kirim(f"{URL}/terapkan", ADMIN, "admin_bkd", json={})
    assert told.json() == {"diperiksa": 1, "hari": 0, "tertahan": 1}
    told = await dunia.kirim(f"{URL}/terapkan", ADMIN, "admin_bkd", json=alasan)
    assert told.json() == {"diperiksa": 1, "hari": 1, "tertahan": 0}
    await dunia.koreksi()
    (found,) = await tpp.baris("SELECT selisih_neto, sebab FROM koreksi")
    assert found["selisih_neto"] < 0
    assert "terlambat" in found["sebab"][0]
    assert await dunia.angka() == {who: (s, n, v + (who == ANI)) for who, (s, n, v) in before.items()}


async def test_a_month_by_events_is_paid_like_one_by_file(dunia: Dunia, tpp: Layanan) -> None:
    await dunia.jalankan()
    by_file = await dunia.angka()
    await kirim(dunia, *sebulan(*ORANG))
    await dunia.jalankan()
    assert await dunia.angka() == by_file
    await kirim(dunia, hari(ANI, HARI[0], None, None, "A", version=2))
    await dunia.jalankan()
    assert (await dunia.angka())[ANI][1] < by_file[ANI][1]


ALIEN = [
    ("version", 0),
    ("version", -1),
    ("nip", "19850101"),
    ("tanggal", "2026-13-01"),
    ("tanggal", 20261005),
    ("masuk", 730),
    ("masuk", "07:30Z"),
    ("masuk", "25:00"),
    ("masuk", "-07:30"),
    ("keterangan", "LIBUR"),
]


@pytest.mark.parametrize(("field", "value"), ALIEN, ids=[f"{name}={value}" for name, value in ALIEN])
async def test_what_breaks_the_contract_is_a_dead_letter_and_the_rest_goes_on(
    kantor: Dunia, field: str, value: Any
) -> None:
    good = hari(ANI)
    payload = json.dumps(json.loads(good.payload) | {field: value})
    bad = Recorded(
        **{name: getattr(good, name) for name in good.__slots__} | {"id": uuid4(), "payload": payload}
    )
    await feed(kantor.tpp.service, kantor.tpp.database, [bad, hari(BUDI)], strict=False)
    (letter,) = await kantor.tpp.baris("SELECT kind, cause FROM kernel.dead_letter")
    assert letter["kind"] == "invalid"
    assert field in letter["cause"]
    assert [row["pegawai_id"] for row in await tercatat(kantor)] == [BUDI, BUDI]


async def test_an_outside_system_gone_mad_stops_nobody_else(kantor: Dunia) -> None:
    """However many letters nobody can read: the next fact of ours is taken."""
    feeding = Feed("tpp", kantor.tpp.database, kantor.tpp.service.subscriptions, kantor.tpp.service.barriers)
    nonsense = [feeding.record(hari(ANI))._replace(value=b"{") for _ in range(DEAD_IN_A_ROW + 10)]
    for one in nonsense:
        await feeding.inbox.take([one])
    assert not feeding.inbox.halted
    assert await kantor.tpp.nilai("SELECT count(*) FROM kernel.dead_letter") == len(nonsense)
    await feeding.deliver([hari(BUDI)], strict=False)
    assert len(await tercatat(kantor)) == 2


async def test_strangers_see_and_apply_nothing(kantor: Dunia) -> None:
    await kirim(kantor, hari(ANI, SENIN, time(16, 0), time(7, 0)), hari(ANI, nip="199912312024011999"))
    client, headers = kantor.tpp.client, {"Idempotency-Key": "12345678"}
    assert (await client.get(f"/api/tpp{URL}")).status_code == 401
    assert (await client.post(f"/api/tpp{URL}/terapkan", json={}, headers=headers)).status_code == 401
    for peran in ("keuangan_opd", "bpkad", "pimpinan", "sysadmin"):
        assert (await kantor.lihat(URL, ADMIN, peran, unit="PEMDA")).status_code == 403, peran
        told = await kantor.kirim(f"{URL}/terapkan", ADMIN, peran, unit="PEMDA", json={})
        assert told.status_code == 403, peran
    assert (await kantor.kirim(f"{URL}/terapkan", ADMIN, "auditor", json={})).status_code == 403
    for unit, count in (("PEMDA/DINKES", 0), ("PEMDA/DISDIK", 1)):
        seen = await kantor.lihat(URL, PENGELOLA, "pengelola", unit=unit)
        assert len(seen.json()["data"]) == count, unit
    seen = (await kantor.lihat(URL, ADMIN, "admin_bkd")).json()["data"]
    assert {row["kode"] for row in seen} == {"tidak_mungkin", "tidak_dikenal"}
    assert all(row["alasan"] and row["perbaikan"] for row in seen)
    (first,) = (await kantor.lihat(URL, ADMIN, "admin_bkd", limit=1)).json()["data"]
    assert first in seen


async def test_the_page_shows_what_is_held_and_tries_again(kantor: Dunia) -> None:
    await kirim(kantor, hari(ANI, SENIN, time(16, 0), time(7, 0)))
    headers = kantor.tpp.kepala(PENGELOLA, "pengelola", unit="PEMDA/DISDIK") | {"Accept": "text/html"}
    seen = await kantor.tpp.client.get("/tpp/presensi-tertahan", headers=headers)
    assert "Pulang tidak sesudah masuk" in seen.text
    form = {KEY: str(uuid4())}
    told = await kantor.tpp.client.post("/tpp/presensi-tertahan/terapkan", data=form, headers=headers)
    assert told.status_code == 303
    other = kantor.tpp.kepala(DEDI, "keuangan_opd", unit="PEMDA/DISDIK") | {"Accept": "text/html"}
    assert (await kantor.tpp.client.get("/tpp/presensi-tertahan", headers=other)).status_code == 403
