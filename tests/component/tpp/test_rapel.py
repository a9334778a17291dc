"""Facts heard after a lock: each difference is found once, carried once, and sums are exact."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.tpp.koreksi.hitung import koreksi
from services.tpp.perhitungan.rules import baca_baris, baca_masukan
from shared.contracts.payroll import ItemFailed, ItemPayable
from shared.contracts.tpp import TppCorrected
from shared.period import Period
from shared.testing.feed import Recorded
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    EKA,
    HARI,
    KEPALA_HARIAN,
    KEUANGAN,
    NIP_DARI,
    OKTOBER,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    dibayar,
    dibuka_kembali,
    dinilai,
    hadir_semua,
    kebijakan,
    pegawai,
    segmen,
)

NOVEMBER, DESEMBER = OKTOBER.plus(1), OKTOBER.plus(2)
ALPA = csv(KEPALA_HARIAN, (NIP_DARI[ANI], HARI[0], "", "", "A"))


async def terkunci(dunia: Dunia) -> None:
    """October computed and locked for everyone."""
    await dunia.jalankan()
    for opd in ("DISDIK", "DINKES"):
        await dunia.kunci(opd)


async def koreksi_ani(dunia: Dunia, isi: bytes = ALPA, **query: Any) -> Any:
    """Ani's October is corrected after the lock."""
    told = await dunia.kehadiran(isi, alasan="kesalahan rekap", **query)
    await dunia.koreksi()
    return told


async def baris(dunia: Dunia, who: UUID, bulan: Period) -> Any:
    """A person's stored month."""
    (row,) = await dunia.tpp.baris(
        "SELECT * FROM tpp_bulan WHERE pegawai_id = $1 AND periode = $2", who, str(bulan)
    )
    return row


async def catatan(dunia: Dunia) -> list[dict[str, Any]]:
    """All corrections, each with the payments that carry it."""
    return await dunia.tpp.baris(
        "SELECT k.*, b.dibawa, b.dasar, b.jumlah FROM koreksi k"
        " LEFT JOIN rapel_dibawa b USING (periode, pegawai_id, urutan)"
        " ORDER BY periode, pegawai_id, urutan, dibawa"
    )


async def seandainya(dunia: Dunia, isi: bytes) -> dict[UUID, tuple[int, int]]:
    """Bruto and neto of October, had this attendance been known before; nothing stays of it."""
    await dunia.kehadiran(isi)
    await dunia.jalankan()
    rows = await dunia.tpp.baris("SELECT pegawai_id, bruto, neto FROM tpp_bulan")
    return {row["pegawai_id"]: (row["bruto"], row["neto"]) for row in rows}


async def test_who_may_correct_and_who_may_look(dunia: Dunia) -> None:
    await terkunci(dunia)
    told = await dunia.kehadiran(ALPA)
    assert "koreksi dengan alasan" in told["salah"][0]["perbaikan"]
    params = {"periode": BULAN, "berkas": "hadir.csv", "alasan": "kesalahan rekap"}
    refused = await dunia.kirim(
        "/impor/kehadiran", PENGELOLA, "pengelola", unit="PEMDA", content=ALPA, params=params
    )
    assert refused.status_code == 403
    await koreksi_ani(dunia)
    path = f"/koreksi/{BULAN}"
    assert (await dunia.tpp.client.get(f"/api/tpp{path}")).status_code == 401
    for peran in ("", "sysadmin", "pengelola", "pimpinan"):
        assert (await dunia.lihat(path, BUDI, *filter(None, [peran]), unit="PEMDA")).status_code == 403
    other = await dunia.lihat(path, KEUANGAN, "keuangan_opd", unit="PEMDA/DINKES")
    assert other.json()["data"] == []
    (mine,) = (await dunia.lihat(path, KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")).json()["data"]
    assert (mine["pegawai_id"], mine["keadaan"], mine["urutan"]) == (str(ANI), "menunggu", 1)


async def test_a_difference_is_found_once_and_carried_once_by_the_next_month(dunia: Dunia) -> None:
    await terkunci(dunia)
    before = await baris(dunia, ANI, OKTOBER)
    await koreksi_ani(dunia)
    await koreksi_ani(dunia)
    (found,) = await catatan(dunia)
    assert found["selisih_neto"] < 0
    assert found["sebab"] == [
        f"Kehadiran: hadir {len(HARI)} hari menjadi {len(HARI) - 1} hari; "
        "tanpa keterangan 0 hari menjadi 1 hari"
    ]
    # What was locked and paid stays as it is.
    after = await baris(dunia, ANI, OKTOBER)
    assert (after["bruto"], after["neto"], after["version"]) == (
        before["bruto"], before["neto"], before["version"] + 1,
    )  # fmt: skip
    (told,) = await dunia.tpp.keluar(TppCorrected)
    assert (told.pegawai_id, told.version) == (ANI, after["version"])
    assert int(told.selisih.decimal) == found["selisih_neto"]
    await dunia.bulan(NOVEMBER)
    november = await baris(dunia, ANI, NOVEMBER)
    lines = [line for line in baca_baris(november["baris"]) if line.kode == "rapel_lalu"]
    assert [(line.jumlah, line.angka) for line in lines] == [(found["selisih_bruto"], (202610,))]
    # Known from the start, October would have been so much; the sum of both months is the same.
    plain = november["bruto"] - found["selisih_bruto"]
    assert before["bruto"] + november["bruto"] == found["bruto"] + plain
    assert (await baris(dunia, BUDI, NOVEMBER))["bruto"] != november["bruto"]
    await dunia.jalankan(str(NOVEMBER))
    assert (await baris(dunia, ANI, NOVEMBER))["version"] == 1
    for opd in ("DISDIK", "DINKES"):
        await dunia.kunci(opd, str(NOVEMBER))
    await dunia.bulan(DESEMBER)
    assert all(line.kode != "rapel_lalu" for line in baca_baris((await baris(dunia, ANI, DESEMBER))["baris"]))
    slip = (await dunia.lihat(f"/slip/{NOVEMBER}/saya", ANI)).json()
    assert (await dunia.lihat(f"/slip-pdf/{NOVEMBER}/saya", ANI)).content.startswith(b"%PDF-")
    (carried,) = slip["rapel"]
    assert (carried["periode"], carried["sebab"]) == (BULAN, found["sebab"])
    old = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
    assert [(one["dibawa"], one["menunggu"], one["urutan"]) for one in old["koreksi"]] == [
        ([str(NOVEMBER)], False, 1)
    ]
    assert sum(int(line["jumlah"].split(".")[0]) for line in slip["baris"]) == november["neto"]


async def test_what_the_month_would_have_been_from_the_start_is_what_is_paid_in_the_end(tpp: Layanan) -> None:
    """By the policy that puts arrears after tax the sum is exact in what people receive."""
    text = kebijakan().decode()
    place = text.index("  - kode: rapel_lalu\n    nama")
    step, rest = text[place:].split("  - kode: bpjs_kesehatan\n", 1)
    head, tail = ("  - kode: bpjs_kesehatan\n" + rest).split("\npenahanan:", 1)
    text = text[:place] + head + step + "\npenahanan:" + tail
    start, case = text.split("  - nama: Rapel dua bulan", 1)
    text = start + case[case.index("  - nama: Lima menit") :]
    dunia = Dunia(tpp)
    await dunia.kebijakan(text.encode())
    await dunia.dengar(*(pegawai(who) for who in ORANG))
    await dunia.gaji(*((NIP_DARI[who], 4_500_000) for who in ORANG))
    await dunia.kehadiran(hadir_semua(*ORANG))
    await dunia.dengar(*(dinilai(who) for who in ORANG))
    assert await dunia.tutup() == 0
    await terkunci(dunia)
    before = await baris(dunia, ANI, OKTOBER)
    await koreksi_ani(dunia)
    (found,) = await catatan(dunia)
    await dunia.bulan(NOVEMBER)
    november = await baris(dunia, ANI, NOVEMBER)
    (line,) = [line for line in baca_baris(november["baris"]) if line.kode == "rapel_lalu"]
    assert line.jumlah == found["selisih_neto"]
    assert before["neto"] + november["neto"] == found["neto"] + november["neto"] - line.jumlah


async def test_marks_and_workers_may_come_in_any_number(dunia: Dunia) -> None:
    await terkunci(dunia)
    await dunia.kehadiran(ALPA, alasan="kesalahan rekap")
    await asyncio.gather(*(dunia.tpp.database.run(koreksi) for _ in range(4)))
    await dunia.dengar(pegawai(ANI, version=2), pegawai(BUDI, version=2))
    await dunia.koreksi()
    await dunia.tpp.baris("INSERT INTO koreksi_antrean SELECT periode, pegawai_id FROM tpp_bulan")
    await dunia.koreksi()
    assert len(await catatan(dunia)) == len(await dunia.tpp.keluar(TppCorrected)) == 1
    assert await dunia.tpp.nilai("SELECT count(*) FROM koreksi_antrean") == 0


async def test_a_rating_changed_after_reopening_pays_the_difference(dunia: Dunia) -> None:
    await dunia.dengar(dinilai(BUDI, 5, version=2))
    await dunia.tpp.baris("UPDATE periode SET final_version = version")
    await terkunci(dunia)
    await dunia.dengar(dibuka_kembali(4), dinilai(BUDI, 2, version=3))
    # While the month is open its facts are on the move: nothing is computed yet.
    await dunia.koreksi()
    assert await catatan(dunia) == []
    assert await dunia.tutup(version=6) == 0
    await dunia.jalankan()
    await dunia.koreksi()
    (found,) = await catatan(dunia)
    assert (found["pegawai_id"], found["sebab"]) == (BUDI, ["Predikat Sangat Kurang menjadi Baik"])
    assert found["selisih_neto"] > 0
    await dunia.bulan(NOVEMBER)
    row = await baris(dunia, BUDI, NOVEMBER)
    assert baca_masukan(row["masukan"]).rapel == ((OKTOBER, found["selisih_bruto"]),)


async def test_a_jabatan_dated_back_pays_the_difference_of_every_month_since(dunia: Dunia) -> None:
    await terkunci(dunia)
    await dunia.bulan(NOVEMBER)
    for opd in ("DISDIK", "DINKES"):
        await dunia.kunci(opd, str(NOVEMBER))
    raised = pegawai(ANI, segmen(ANI), segmen(ANI, mulai=date(2026, 10, 1), kelas=9), version=2)
    await dunia.dengar(raised)
    await dunia.koreksi()
    found = await catatan(dunia)
    assert [(one["periode"], one["sebab"]) for one in found] == [
        (BULAN, ["Kelas jabatan 7 menjadi 9"]),
        (str(NOVEMBER), ["Kelas jabatan 7 menjadi 9"]),
    ]
    await dunia.bulan(DESEMBER, versions={ANI: 2})
    row = await baris(dunia, ANI, DESEMBER)
    assert baca_masukan(row["masukan"]).rapel == tuple(
        (month, one["selisih_bruto"]) for month, one in zip((OKTOBER, NOVEMBER), found, strict=True)
    )


async def test_a_payment_held_at_the_lock_is_carried_whole_when_its_data_is_there(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.siapkan(skip=frozenset({"kehadiran"}))
    assert (await dunia.kehadiran(hadir_semua(*(w for w in ORANG if w != CICI))))["diterapkan"]
    await terkunci(dunia)
    assert (await dunia.angka())[CICI][0] == "ditahan"
    await dunia.kehadiran(hadir_semua(CICI), alasan="mesin presensi bermasalah")
    await dunia.koreksi()
    (found,) = await catatan(dunia)
    assert found["selisih_neto"] == found["neto"] > 0
    assert found["sebab"][0].startswith("Tertahan ketika bulan ini dikunci")


async def test_a_salary_frees_what_waited_for_it_and_changes_nothing_else(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.siapkan(skip=frozenset({"gaji"}))
    await dunia.gaji(*((NIP_DARI[who], 4_500_000) for who in ORANG if who != CICI))
    await terkunci(dunia)
    await dunia.gaji(*((NIP_DARI[who], 9_000_000) for who in ORANG))
    await dunia.koreksi()
    (found,) = await catatan(dunia)
    assert (found["pegawai_id"], found["selisih_neto"]) == (CICI, found["neto"])
    assert baca_masukan(found["masukan"]).gaji == 9_000_000


async def test_a_status_of_today_is_no_reason_to_pay_an_earlier_month_again(dunia: Dunia) -> None:
    """Cici was CPNS in October, and is PNS when her attendance of October is corrected."""
    await terkunci(dunia)
    was = pegawai(CICI)
    now = pegawai(CICI, segmen(CICI), segmen(CICI, mulai=date(2026, 11, 1), kelas=10), version=2)
    payload = now.payload.replace('"CPNS"', '"PNS"')
    assert payload != now.payload
    assert was.payload != payload
    await dunia.dengar(replace(now, payload=payload))
    await dunia.koreksi()
    assert await catatan(dunia) == []
    await koreksi_ani(dunia, csv(KEPALA_HARIAN, (NIP_DARI[CICI], HARI[0], "", "", "A")))
    (found,) = await catatan(dunia)
    assert baca_masukan(found["masukan"]).status == "CPNS"
    assert all("Kehadiran" in one for one in found["sebab"])


async def test_somebody_who_came_after_the_lock_is_paid_with_the_next_month(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    await dunia.dengar(dibuka_kembali(4), pegawai(DEDI, segmen(DEDI, opd="DISDIK"), version=2))
    assert await dunia.tutup(version=6, versions={DEDI: 2}) == 0
    await dunia.jalankan()
    assert (await dunia.angka())[DEDI][0] == "ditahan"
    await dunia.koreksi()
    (found,) = await catatan(dunia)
    assert (found["pegawai_id"], found["opd_kode"]) == (DEDI, "DISDIK")
    assert found["selisih_neto"] == found["neto"] > 0


async def test_more_than_a_month_can_bear_waits_and_the_month_is_paid(dunia: Dunia) -> None:
    await terkunci(dunia)
    await koreksi_ani(dunia)
    await dunia.tpp.baris("UPDATE koreksi SET selisih_bruto = -90000000, selisih_neto = -90000000")
    await dunia.bulan(NOVEMBER)
    row = await baris(dunia, ANI, NOVEMBER)
    assert row["status"] == "dihitung"
    assert baca_masukan(row["masukan"]).rapel == ()
    (found,) = await catatan(dunia)
    assert (found["dibawa"], found["dasar"]) == (None, None)


async def test_what_is_owed_back_goes_in_instalments_that_add_up(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    text = kebijakan().decode()
    await dunia.kebijakan(
        text.replace("paling_lama_bulan: 12", "paling_lama_bulan: 1\n  angsuran: 20%").encode()
    )
    await dunia.siapkan_tanpa_kebijakan()
    await terkunci(dunia)
    await koreksi_ani(dunia)
    (found,) = await catatan(dunia)
    own = (await baris(dunia, ANI, OKTOBER))["bruto"]
    # Owed back: half a month, of which a fifth at a time may be taken.
    owed = own // 2
    await dunia.tpp.baris("UPDATE koreksi SET selisih_bruto = $1, selisih_neto = $1", -owed)
    path = f"/koreksi/{BULAN}"
    parts = []
    for month in (NOVEMBER, DESEMBER, DESEMBER.plus(1)):
        await dunia.bulan(month)
        row = await baris(dunia, ANI, month)
        ((asal, amount),) = baca_masukan(row["masukan"]).rapel
        assert (row["status"], asal) == ("dihitung", OKTOBER)
        parts.append(-amount)
        # A second run of the month takes the same, and no more.
        await dunia.jalankan(str(month))
        assert (await baris(dunia, ANI, month))["version"] == 1
        slip = (await dunia.lihat(f"/slip/{month}/saya", ANI)).json()
        ((told,), left) = (slip["rapel"], owed - sum(parts))
        amounts = (amount, -owed, -left)
        assert [told[name] for name in ("jumlah", "seluruhnya", "sisa")] == [str(value) for value in amounts]
        assert (await dunia.lihat(f"/slip-pdf/{month}/saya", ANI)).content.startswith(b"%PDF-")
        (mine,) = (await dunia.lihat(path, KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")).json()["data"]
        assert mine["keadaan"] == ("diangsur" if left else "dibawa")
        periksa = (await dunia.periksa("DISDIK", str(month)))["rapel"]
        assert (periksa["orang"], periksa["menunggu"]) == (1, int(left > 0))
        for opd in ("DISDIK", "DINKES"):
            await dunia.kunci(opd, str(month))
        refused = await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json={"alasan": "Keliru hitung"})
        assert refused.status_code == 409
    # A fifth, a fifth, and what is left; also beyond the months that a new correction may wait.
    assert parts == [own // 5, own // 5, owed - 2 * (own // 5)]
    await dunia.bulan(DESEMBER.plus(2))
    assert baca_masukan((await baris(dunia, ANI, DESEMBER.plus(2)))["masukan"]).rapel == ()
    old = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
    assert [(len(one["dibawa"]), one["menunggu"]) for one in old["koreksi"]] == [(3, False)]
    assert found["urutan"] == 1


async def test_an_earlier_month_computed_again_never_takes_what_a_later_one_carries(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    text = kebijakan().decode()
    await dunia.kebijakan(
        text.replace("paling_lama_bulan: 12", "paling_lama_bulan: 12\n  angsuran: 20%").encode()
    )
    await dunia.siapkan_tanpa_kebijakan()
    await terkunci(dunia)
    await koreksi_ani(dunia)
    own = (await baris(dunia, ANI, OKTOBER))["bruto"]
    owed = own // 4
    await dunia.tpp.baris("UPDATE koreksi SET selisih_bruto = $1, selisih_neto = $1", -owed)
    for month in (NOVEMBER, DESEMBER):
        await dunia.bulan(month)
    assert [one["jumlah"] for one in await catatan(dunia)] == [-(own // 5), -(owed - own // 5)]
    # November earns less than it did when it took its part.
    day = date(2026, 11, 3)
    fewer = csv(KEPALA_HARIAN, (NIP_DARI[ANI], day, "", "", "A"))
    assert (await dunia.kehadiran(fewer, periode=str(NOVEMBER)))["diterapkan"]
    await dunia.jalankan(str(NOVEMBER))
    first, second = await catatan(dunia)
    assert -(own // 5) < first["jumlah"] < 0
    assert second["jumlah"] == -(owed - own // 5)
    # What November no longer takes waits for the next month.
    await dunia.bulan(DESEMBER.plus(1))
    assert sum(one["jumlah"] for one in await catatan(dunia)) == -owed


async def test_a_month_that_can_no_longer_bear_what_it_carries_loses_none_of_it(dunia: Dunia) -> None:
    await terkunci(dunia)
    await koreksi_ani(dunia)
    own = (await baris(dunia, ANI, OKTOBER))["bruto"]
    owed = own * 9 // 10
    await dunia.tpp.baris("UPDATE koreksi SET selisih_bruto = $1, selisih_neto = $1", -owed)
    await dunia.bulan(NOVEMBER)
    for opd in ("DISDIK", "DINKES"):
        await dunia.kunci(opd, str(NOVEMBER))
    locked = await baris(dunia, ANI, NOVEMBER)
    # November itself turns out to be worth half, less than what it carries.
    await dunia.dengar(dinilai(ANI, 5, version=2, bulan=NOVEMBER))
    await dunia.koreksi()
    first, second = await catatan(dunia)
    worth = second["bruto"]
    assert baca_masukan(second["masukan"]).rapel == ()
    assert worth < owed
    assert locked["bruto"] + second["selisih_bruto"] == worth - owed
    # Heard once more, better this time: the difference is that of November alone.
    await dunia.dengar(dinilai(ANI, 2, version=3, bulan=NOVEMBER))
    await dunia.koreksi()
    third = (await catatan(dunia))[-1]
    assert second["selisih_bruto"] + third["selisih_bruto"] == 0
    assert first["dibawa"] == str(NOVEMBER)


async def test_an_opened_month_says_it_itself_and_one_already_carried_stays_locked(dunia: Dunia) -> None:
    await terkunci(dunia)
    await koreksi_ani(dunia)
    alasan = {"alasan": "Absensi satu orang keliru"}
    assert (await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=alasan)).status_code == 200
    items = [one for one in await dunia.tpp.keluar(ItemPayable) if one.pegawai_id in ORANG[:3]]
    await dunia.bulan(NOVEMBER)
    # Its lock is being taken back: nothing of October is carried meanwhile.
    assert baca_masukan((await baris(dunia, ANI, NOVEMBER))["masukan"]).rapel == ()
    await dunia.dengar(*(tidak_dibayar(one) for one in items))
    (found,) = await catatan(dunia)
    assert found["batal_pada"] is not None
    await dunia.jalankan()
    row = await baris(dunia, ANI, OKTOBER)
    assert (row["bruto"], row["neto"]) == (found["bruto"], found["neto"])
    await dunia.kunci("DISDIK")
    await dunia.koreksi()
    assert len(await catatan(dunia)) == 1
    # Another correction, carried by November: October cannot be opened any more.
    await koreksi_ani(dunia, csv(KEPALA_HARIAN, (NIP_DARI[ANI], HARI[1], "", "", "A")))
    assert [one["urutan"] for one in await catatan(dunia)] == [1, 2]
    await dunia.jalankan(str(NOVEMBER))
    told = await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json=alasan)
    assert told.status_code == 409
    assert "Rapel Oktober 2026 untuk 1 orang" in told.json()["detail"]


def tidak_dibayar(item: Any) -> Recorded:
    """Payroll answers that this one will never be paid."""
    return Recorded.of(
        ItemFailed(
            version=5,
            batch_id=item.batch_id,
            periode=item.periode,
            item_id=item.item_id,
            alasan="Batch dibatalkan",
            dibatalkan=True,
        )
    )


async def test_what_was_heard_between_computing_and_locking_is_not_forgotten(dunia: Dunia) -> None:
    await dunia.jalankan()
    for tindakan, who, peran in (("verifikasi", KEUANGAN, "keuangan_opd"), ("setujui", ADMIN, "admin_bkd")):
        await dunia.putuskan("DISDIK", tindakan, who, peran)
    assert (await dunia.kehadiran(ALPA))["diterapkan"]
    assert await dunia.tpp.nilai("SELECT count(*) FROM koreksi_antrean") == 0
    assert (await dunia.putuskan("DISDIK", "kunci", BPKAD, "bpkad")).status_code == 200
    await dunia.koreksi()
    (found,) = await catatan(dunia)
    assert found["pegawai_id"] == ANI


async def test_a_fact_and_a_lock_at_the_same_time_lose_nothing(dunia: Dunia) -> None:
    await dunia.jalankan()
    for opd in ("DISDIK", "DINKES"):
        await dunia.putuskan(opd, "verifikasi", KEUANGAN, "keuangan_opd")
        await dunia.putuskan(opd, "setujui", ADMIN, "admin_bkd")
    late = csv(KEPALA_HARIAN, *((NIP_DARI[who], HARI[0], "", "", "A") for who in (ANI, EKA)))
    await asyncio.gather(
        dunia.kehadiran(late, alasan="kesalahan rekap"),
        dunia.putuskan("DISDIK", "kunci", BPKAD, "bpkad"),
        dunia.putuskan("DINKES", "kunci", BPKAD, "bpkad"),
    )
    await dunia.koreksi()
    assert {one["pegawai_id"] for one in await catatan(dunia)} == {ANI, EKA}


async def test_a_month_that_carries_arrears_is_corrected_itself_without_losing_them(dunia: Dunia) -> None:
    await terkunci(dunia)
    await koreksi_ani(dunia)
    await dunia.bulan(NOVEMBER)
    for opd in ("DISDIK", "DINKES"):
        await dunia.kunci(opd, str(NOVEMBER))
    (item,) = [
        one for one in await dunia.tpp.keluar(ItemPayable) if (one.pegawai_id, one.periode) == (ANI, NOVEMBER)
    ]
    await dunia.dengar(dibayar(item))
    day = date(2026, 11, 3)
    await koreksi_ani(dunia, csv(KEPALA_HARIAN, (NIP_DARI[ANI], day, "", "", "A")), periode=str(NOVEMBER))
    first, second = await catatan(dunia)
    assert (first["dibawa"], second["periode"], second["dibawa"]) == (str(NOVEMBER), str(NOVEMBER), None)
    assert baca_masukan(second["masukan"]).rapel == ((OKTOBER, first["selisih_bruto"]),)
    assert second["selisih_bruto"] < 0
    await dunia.bulan(DESEMBER)
    row = await baris(dunia, ANI, DESEMBER)
    assert baca_masukan(row["masukan"]).rapel == ((NOVEMBER, second["selisih_bruto"]),)


async def halaman(dunia: Dunia, path: str, who: UUID, *peran: str, unit: str | None = None) -> Any:
    """A page of corrections as somebody."""
    headers = dunia.tpp.kepala(who, *peran, unit=unit) | {"Accept": "text/html"}
    return await dunia.tpp.client.get(f"/tpp/rapel{path}", headers=headers)


async def test_pages_of_corrections_are_for_those_of_the_api(dunia: Dunia) -> None:
    await terkunci(dunia)
    await koreksi_ani(dunia)
    for path in ("", f"/{BULAN}/antrean"):
        assert (await dunia.tpp.client.get(f"/api/tpp/koreksi{path}")).status_code == 401
        for peran in ("", "sysadmin", "pengelola", "pimpinan"):
            told = await dunia.lihat(f"/koreksi{path}", BUDI, *filter(None, [peran]), unit="PEMDA")
            assert told.status_code == 403
    for path in ("", f"/{BULAN}", f"/{BULAN}/rapel.csv"):
        for peran in ("", "sysadmin", "pengelola", "pimpinan"):
            told = await halaman(dunia, path, BUDI, *filter(None, [peran]), unit="PEMDA")
            assert told.status_code == 403
        other = await halaman(dunia, path, KEUANGAN, "keuangan_opd", unit="PEMDA/DINKES")
        assert other.status_code == 200
        assert str(ANI) not in other.text
        assert not path.endswith("csv") or NIP_DARI[ANI] not in other.text
    assert (await dunia.lihat("/koreksi", KEUANGAN, "keuangan_opd", unit="PEMDA/DINKES")).json()["data"] == []
    assert str(ANI) in (await halaman(dunia, f"/{BULAN}", BPKAD, "auditor")).text


async def test_a_correction_is_followed_from_the_late_fact_to_the_month_that_carries_it(dunia: Dunia) -> None:
    await terkunci(dunia)
    path, before = f"/koreksi/{BULAN}", (await dunia.angka())[ANI]
    # The fact is there, and the worker has not looked yet.
    await dunia.kehadiran(ALPA, alasan="kesalahan rekap")
    (waits,) = (await dunia.lihat(f"{path}/antrean", BPKAD, "bpkad")).json()["data"]
    assert (waits["pegawai_id"], waits["sebab"]) == (str(ANI), "giliran")
    assert "Giliran; biasanya dalam semenit." in (await halaman(dunia, f"/{BULAN}", BPKAD, "bpkad")).text
    await dunia.koreksi()
    assert (await dunia.lihat(f"{path}/antrean", BPKAD, "bpkad")).json()["data"] == []
    (one,) = (await dunia.lihat(path, BPKAD, "bpkad", menunggu=True)).json()["data"]
    assert int(one["neto_semula"]) == before[1]
    assert int(one["neto"]) - int(one["neto_semula"]) == int(one["selisih_neto"]) < 0
    assert (one["keadaan"], one["bagian"], one["tujuan"]) == ("menunggu", [], str(NOVEMBER))
    (month,) = (await dunia.lihat("/koreksi", BPKAD, "bpkad")).json()["data"]
    assert (month["periode"], month["orang"], month["menunggu"], month["antre"]) == (BULAN, 1, 1, 0)
    assert (month["tambah"], month["kurang"], month["terbawa"]) == ("0", one["selisih_neto"], "0")
    text = (await halaman(dunia, f"/{BULAN}?tampil=menunggu", BPKAD, "bpkad")).text
    assert "Paling cepat dibawa November 2026." in text
    assert "tanpa keterangan 0 hari menjadi 1 hari" in text
    await dunia.bulan(NOVEMBER)
    (one,) = (await dunia.lihat(path, BPKAD, "bpkad")).json()["data"]
    assert one["bagian"] == [{"periode": str(NOVEMBER), "jumlah": one["selisih_bruto"]}]
    assert (one["keadaan"], one["sisa"], one["tujuan"]) == ("dibawa", None, None)
    assert (await dunia.lihat(path, BPKAD, "bpkad", menunggu=True)).json()["data"] == []
    (month,) = (await dunia.lihat("/koreksi", BPKAD, "bpkad")).json()["data"]
    assert (month["menunggu"], month["kurang"], month["terbawa"]) == (0, "0", one["selisih_bruto"])
    file = (await halaman(dunia, f"/{BULAN}/rapel.csv", BPKAD, "bpkad")).text
    _, line = file.strip().splitlines()
    assert line.split(";")[:2] == [NIP_DARI[ANI], "DISDIK"]
    assert one["selisih_neto"] in line.split(";")


async def test_while_the_month_is_open_again_its_waiting_people_say_so(dunia: Dunia) -> None:
    await dunia.dengar(dinilai(BUDI, 5, version=2))
    await dunia.tpp.baris("UPDATE periode SET final_version = version")
    await terkunci(dunia)
    await dunia.dengar(dibuka_kembali(4), dinilai(BUDI, 2, version=3))
    rows = (await dunia.lihat(f"/koreksi/{BULAN}/antrean", BPKAD, "bpkad", limit=1)).json()
    assert rows["data"][0]["sebab"] == "periode"
    assert "Admin BKD menutup kembali bulan ini." in (await halaman(dunia, f"/{BULAN}", BPKAD, "bpkad")).text
