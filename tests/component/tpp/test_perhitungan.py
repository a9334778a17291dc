"""A period run: when it may begin, what it stores, what it tells, and what a second one changes."""

import asyncio
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.pekerja import kerjakan
from services.tpp.perhitungan.rules import Kehadiran, Masukan, baca_baris, baca_masukan
from shared.contracts.tpp import TppCalculated, TppHeld, TppRunPart
from shared.inbox import Received
from shared.testing.feed import Recorded
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    HARI,
    KEPALA_HARIAN,
    KEUANGAN,
    NIP_DARI,
    OKTOBER,
    ORANG,
    Dunia,
    csv,
    dibuka_kembali,
    dinilai,
    final,
    kebijakan,
    pegawai,
    penutupan,
    segmen,
)

JALANKAN = f"/perhitungan/{BULAN}/jalankan"


async def test_only_bkd_starts_a_run_and_strangers_see_nothing(dunia: Dunia) -> None:
    client = dunia.tpp.client
    assert (
        await client.post(f"/api/tpp{JALANKAN}", headers={"Idempotency-Key": "12345678"})
    ).status_code == 401
    assert (await dunia.kirim(JALANKAN, KEUANGAN, "keuangan_opd", unit="PEMDA")).status_code == 403
    assert (await dunia.lihat(f"/perhitungan/{BULAN}", ANI)).status_code == 403
    assert (await dunia.lihat(f"/perhitungan/{BULAN}", ANI, "sysadmin")).status_code == 403
    assert (await dunia.kirim(JALANKAN, ADMIN, "admin_bkd")).status_code == 200


async def test_what_is_missing_is_named_with_its_owner(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    told = await dunia.kirim(JALANKAN, ADMIN, "admin_bkd")
    assert told.status_code == 409
    assert [(k["kode"], k["pemilik"]) for k in told.json()["kurang"]] == [
        ("periode_belum_ditutup", "admin_bkd"),
        ("kebijakan_belum_ada", "admin_bkd"),
    ]
    await dunia.siapkan(skip=frozenset({"tutup"}))
    closing = penutupan(dunia.facts)
    await dunia.dengar(*closing[1:])
    told = await dunia.kirim(JALANKAN, ADMIN, "admin_bkd")
    assert told.status_code == 409
    lacking = {k["kode"]: k["jumlah"] for k in told.json()["kurang"]}
    assert lacking == {"fakta_belum_lengkap": 1, "penilaian_belum_final": None}
    await dunia.dengar(closing[0])
    missed = dinilai(ANI, 1, version=2)
    await dunia.dengar(final([*dunia.facts, missed]))
    told = await dunia.kirim(JALANKAN, ADMIN, "admin_bkd")
    assert [(k["kode"], k["jumlah"]) for k in told.json()["kurang"]] == [("penilaian_belum_final", 1)]
    await dunia.dengar(missed)
    assert (await dunia.jalankan())["keadaan"] == "selesai"


async def test_a_person_known_at_an_older_version_than_the_roster_keeps_the_run_waiting(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.siapkan(skip=frozenset({"tutup"}))
    assert await dunia.tutup(versions={ANI: 2}) == 1
    assert (await dunia.lihat(f"/perhitungan/{BULAN}", ADMIN, "admin_bkd")).json()["keadaan"] == "belum_siap"
    assert await dunia.dengar(pegawai(ANI, version=2)) == 0
    assert (await dunia.jalankan())["dihitung"] == len(ORANG)


async def test_everyone_of_the_roster_gets_exactly_what_the_engine_says(dunia: Dunia) -> None:
    status = await dunia.jalankan()
    assert (status["keadaan"], status["pegawai"], status["selesai"], status["dihitung"]) == (
        "selesai",
        6,
        6,
        6,
    )
    assert status["kemajuan"] == 1
    policy = baca(kebijakan())
    hitung = engine.compile(policy)
    days = Kehadiran(len(HARI), 0, 0, (), (), 0, 0)
    expected = hitung(Masukan(OKTOBER, 7, "PNS", "III/a", None, True, 2, days, 4_500_000))
    (row,) = await dunia.tpp.baris("SELECT * FROM tpp_bulan WHERE pegawai_id = $1", ANI)
    assert (row["bruto"], row["potongan"], row["neto"]) == (expected.bruto, expected.potongan, expected.neto)
    assert baca_baris(row["baris"]) == expected.baris
    assert hitung(baca_masukan(row["masukan"])) == expected
    assert sum(line.jumlah for line in expected.baris) == row["neto"] > 0
    assert (row["v_pegawai"], row["v_penilaian"], row["v_kehadiran"], row["v_gaji"]) == (1, 1, 1, 1)
    events = {event.pegawai_id: event for event in await dunia.tpp.keluar(TppCalculated)}
    assert events.keys() == set(ORANG)
    assert int(str(events[ANI].neto)) == row["neto"]


async def test_missing_or_impossible_data_holds_that_person_alone(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan()
    people = [pegawai(who) for who in ORANG[:3]]
    people += [
        pegawai(ORANG[3], segmen(ORANG[3], mulai=date(2026, 11, 1))),
        pegawai(ORANG[4], segmen(ORANG[4], kelas=17).model_copy(update={"golongan": "XX/z"})),
        pegawai(ORANG[5]),
    ]
    await dunia.dengar(*people)
    await dunia.kehadiran(hadir_kecuali_ani())
    await dunia.gaji(*((NIP_DARI[who], 4_500_000) for who in ORANG if who != BUDI))
    await dunia.dengar(*(dinilai(who, None if who == CICI else 2) for who in ORANG))
    assert await dunia.tutup() == 0
    status = await dunia.jalankan()
    assert (status["dihitung"], status["ditahan"]) == (1, 5)
    held = {event.pegawai_id: [a.kode for a in event.alasan] for event in await tpp.keluar(TppHeld)}
    assert held[ANI] == ["kehadiran_belum_ada"]
    assert held[BUDI] == ["gaji_belum_ada"]
    assert held[CICI] == ["belum_dinilai"]
    assert held[DEDI] == ["penempatan_belum_ada"]
    assert "golongan_tidak_dikenal" in held[ORANG[4]]
    for event in await tpp.keluar(TppHeld):
        assert all(reason.pemilik and reason.kalimat for reason in event.alasan)
    assert [event.pegawai_id for event in await tpp.keluar(TppCalculated)] == [ORANG[5]]


def hadir_kecuali_ani() -> bytes:
    rows = [(NIP_DARI[who], day, "07:25", "16:05", "") for who in ORANG if who != ANI for day in HARI]
    return csv(KEPALA_HARIAN, *rows)


async def test_a_second_run_changes_only_what_changed_and_keeps_the_old_figure(dunia: Dunia) -> None:
    await dunia.jalankan()
    before = await dunia.angka()
    late = csv(KEPALA_HARIAN, (NIP_DARI[ANI], HARI[0], "09:30", "16:05", ""))
    assert (await dunia.kehadiran(late))["lembar"][0]["berubah"] == 1
    assert (await dunia.jalankan())["nomor"] == 2
    after = await dunia.angka()
    assert after[ANI][2] == 2
    assert after[ANI][1] < before[ANI][1]
    assert {who: row for who, row in after.items() if who != ANI} == {
        who: row for who, row in before.items() if who != ANI
    }
    (old,) = await dunia.tpp.baris("SELECT * FROM tpp_riwayat")
    assert (old["pegawai_id"], old["version"], old["neto"]) == (ANI, 1, before[ANI][1])
    versions = [e.version for e in await dunia.tpp.keluar(TppCalculated) if e.pegawai_id == ANI]
    assert versions == [1, 2]


async def test_several_workers_share_a_run_and_nobody_is_computed_twice(dunia: Dunia) -> None:
    await sebagian_seorang(dunia)
    parts = await bagian(dunia)
    # Each part comes to four workers at once, under another event each time, in other orders.
    workers = [[Recorded.of(one) for one in parts[turn:] + parts[:turn]] for turn in range(4)]
    await asyncio.gather(*(dunia.tpp.dengar(*events) for events in workers))
    await dunia.kerjakan()
    assert len(await dunia.tpp.keluar(TppCalculated)) == len(ORANG)
    assert len(await dunia.angka()) == len(ORANG)
    assert await dunia.tpp.nilai("SELECT keadaan FROM perhitungan") == "selesai"


async def sebagian_seorang(dunia: Dunia) -> None:
    """A run begun, one person in each part, nothing of it done."""
    await dunia.kirim(JALANKAN, ADMIN, "admin_bkd")
    await dunia.tpp.baris("DELETE FROM perhitungan_bagian")
    await dunia.tpp.baris("DELETE FROM kernel.outbox WHERE type = $1", TppRunPart.TYPE)
    for number, who in enumerate(ORANG):
        await dunia.tpp.baris(
            "INSERT INTO perhitungan_bagian (periode, nomor, bagian, pegawai_ids) VALUES ($1, 1, $2, $3)",
            BULAN, number, [who],
        )  # fmt: skip
    for command in ("jeda", "lanjutkan"):
        told = await dunia.kirim(f"/perhitungan/{BULAN}/{command}", ADMIN, "admin_bkd")
        assert told.status_code == 200, told.text


async def bagian(dunia: Dunia) -> list[TppRunPart]:
    """The parts handed out so far, in order."""
    return await dunia.tpp.keluar(TppRunPart)


async def test_a_paused_run_rests_and_goes_on_with_what_is_left(dunia: Dunia) -> None:
    await sebagian_seorang(dunia)
    first = await bagian(dunia)
    await dunia.tpp.dengar(*map(Recorded.of, first[:2]))
    told = await dunia.kirim(f"/perhitungan/{BULAN}/jeda", ADMIN, "admin_bkd")
    assert (told.json()["keadaan"], told.json()["selesai"], told.json()["bagian"]) == ("dijeda", 2, 6)
    await dunia.tpp.dengar(*map(Recorded.of, first[2:]))
    await dunia.kerjakan()
    assert len(await dunia.angka()) == 2
    # Begun again while paused: it stays the same run, and stays paused.
    assert (await dunia.kirim(JALANKAN, ADMIN, "admin_bkd")).json()["keadaan"] == "dijeda"
    told = await dunia.kirim(f"/perhitungan/{BULAN}/lanjutkan", ADMIN, "admin_bkd")
    assert told.json()["keadaan"] == "berjalan"
    again = (await bagian(dunia))[len(first) :]
    assert [(one.bagian, one.version) for one in again] == [(number, 3) for number in range(2, 6)]
    assert [one.key for one in again] == [one.key for one in first[2:]]
    # What was handed out before the pause may still come, too.
    await dunia.tpp.dengar(*map(Recorded.of, [*again, *first]))
    await dunia.kerjakan()
    state = (await dunia.lihat(f"/perhitungan/{BULAN}", ADMIN, "admin_bkd")).json()
    assert (state["keadaan"], state["selesai"], state["bagian_selesai"]) == ("selesai", 6, 6)
    assert len(await dunia.tpp.keluar(TppCalculated)) == len(ORANG)


async def test_only_what_runs_can_be_paused_and_only_what_is_paused_resumed(dunia: Dunia) -> None:
    for command in ("jeda", "lanjutkan"):
        path = f"/perhitungan/{BULAN}/{command}"
        headers = {"Idempotency-Key": "12345678"}
        assert (await dunia.tpp.client.post(f"/api/tpp{path}", headers=headers)).status_code == 401
        assert (await dunia.kirim(path, KEUANGAN, "keuangan_opd", unit="PEMDA")).status_code == 403
        assert (await dunia.kirim(path, ADMIN, "admin_bkd")).status_code == 409
    await dunia.kirim(JALANKAN, ADMIN, "admin_bkd")
    assert (await dunia.kirim(f"/perhitungan/{BULAN}/lanjutkan", ADMIN, "admin_bkd")).status_code == 409
    await dunia.kerjakan()
    assert (await dunia.kirim(f"/perhitungan/{BULAN}/jeda", ADMIN, "admin_bkd")).status_code == 409


async def test_parts_of_a_run_that_is_not_known_here_change_nothing(dunia: Dunia) -> None:
    """As a rebuilt tpp gets them that reads its topics from the start."""
    stranger = TppRunPart(version=1, bagian_id=f"{BULAN}/9/0", periode=OKTOBER, nomor=9, bagian=0)
    await dunia.tpp.dengar(Recorded.of(stranger))
    assert await dunia.angka() == {}
    assert (await dunia.jalankan())["dihitung"] == len(ORANG)


async def test_a_run_begun_again_while_it_works_is_the_same_run(dunia: Dunia) -> None:
    first = (await dunia.kirim(JALANKAN, ADMIN, "admin_bkd")).json()
    again = (await dunia.kirim(JALANKAN, ADMIN, "admin_bkd")).json()
    assert (first["nomor"], again["nomor"], again["keadaan"]) == (1, 1, "berjalan")


async def test_reopening_withdraws_the_run_and_the_next_closing_decides_anew(dunia: Dunia) -> None:
    await dunia.kirim(JALANKAN, ADMIN, "admin_bkd")
    await dunia.dengar(dibuka_kembali(4))
    await dunia.kerjakan()
    assert await dunia.tpp.nilai("SELECT keadaan FROM perhitungan") == "dibatalkan"
    assert await dunia.angka() == {}
    assert (await dunia.kirim(JALANKAN, ADMIN, "admin_bkd")).status_code == 409
    await dunia.dengar(dinilai(BUDI, 5, version=2))
    assert await dunia.tutup(version=6, people=[who for who in ORANG if who != CICI]) == 0
    status = await dunia.jalankan()
    assert (status["nomor"], status["pegawai"], status["keadaan"]) == (2, 5, "selesai")
    assert CICI not in await dunia.angka()


async def test_somebody_the_newest_closing_no_longer_names_is_held_with_the_reason(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.dengar(dibuka_kembali(4))
    assert await dunia.tutup(version=6, people=[who for who in ORANG if who != CICI]) == 0
    await dunia.jalankan()
    assert (await dunia.angka())[CICI] == ("ditahan", 0, 2)
    (held,) = await dunia.tpp.keluar(TppHeld)
    assert (held.pegawai_id, held.alasan[0].kode) == (CICI, "tidak_dalam_daftar")
    await dunia.jalankan()
    assert (await dunia.angka())[CICI] == ("ditahan", 0, 2)


async def test_the_segment_of_the_last_day_decides(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.siapkan(skip=frozenset({"tutup"}))
    moved = pegawai(
        ANI,
        segmen(ANI),
        segmen(ANI, mulai=date(2026, 10, 12), opd="DINKES", kelas=9, plt=11),
        segmen(ANI, mulai=date(2026, 11, 1), opd="SETDA", kelas=14),
        version=2,
    )
    await dunia.dengar(moved)
    assert await dunia.tutup(versions={ANI: 2}) == 0
    await dunia.jalankan()
    (row,) = await tpp.baris("SELECT * FROM tpp_bulan WHERE pegawai_id = $1", ANI)
    inputs = baca_masukan(row["masukan"])
    assert (row["opd_kode"], inputs.kelas, inputs.plt_kelas) == ("DINKES", 9, 11)


async def test_a_worker_that_dies_in_a_part_leaves_nothing_half_done(dunia: Dunia) -> None:
    await dunia.kirim(JALANKAN, ADMIN, "admin_bkd")
    (part,) = await bagian(dunia)
    received = Received(part, uuid4(), datetime.now(UTC), None)

    class Mati(Exception):
        """As kill -9 does: nothing of the transaction is committed."""

    async def mati_di_tengah() -> None:
        async with dunia.tpp.database.transaction() as tx:
            await kerjakan(tx, [received])
            await tx.flush()
            raise Mati

    with pytest.raises(Mati):
        await mati_di_tengah()
    assert await dunia.angka() == {}
    assert await dunia.tpp.keluar(TppCalculated) == []
    state = (await dunia.lihat(f"/perhitungan/{BULAN}", ADMIN, "admin_bkd")).json()
    assert (state["keadaan"], state["selesai"]) == ("berjalan", 0)
    await dunia.kerjakan()
    assert len(await dunia.angka()) == len(await dunia.tpp.keluar(TppCalculated)) == len(ORANG)
