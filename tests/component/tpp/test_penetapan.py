"""Three people decide on an OPD's month, in order; the lock freezes it and hands it over exactly once."""

import asyncio
from hashlib import sha256

from services.tpp.penetapan.commands import kirim_item
from shared.contracts.payroll import BatchApproved, ItemPayable
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    HARI,
    KEPALA_HARIAN,
    KEUANGAN,
    NIP_DARI,
    ORANG,
    Dunia,
    csv,
    dibuka_kembali,
    dinilai,
    pegawai,
    segmen,
)


async def states(dunia: Dunia) -> dict[str, str]:
    told = (await dunia.lihat(f"/penetapan/{BULAN}", BPKAD, "bpkad")).json()
    return {row["opd_kode"]: row["keadaan"] for row in told["opd"]}


async def test_nobody_else_decides(dunia: Dunia) -> None:
    await dunia.jalankan()
    path = f"/penetapan/{BULAN}/DISDIK"
    for tindakan in ("verifikasi", "setujui", "kunci", "kembalikan"):
        headers = {"Idempotency-Key": "12345678"}
        url = f"/api/tpp{path}/{tindakan}"
        assert (await dunia.tpp.client.post(url, headers=headers, json={})).status_code == 401
        assert (
            await dunia.kirim(f"{path}/{tindakan}", ANI, json={"alasan": "tidak cocok"})
        ).status_code == 403
        for peran in ("auditor", "sysadmin", "pengelola"):
            told = await dunia.kirim(
                f"{path}/{tindakan}", ANI, peran, unit="PEMDA", json={"alasan": "salah jam"}
            )
            assert told.status_code == 403
    told = await dunia.kirim(f"{path}/verifikasi", KEUANGAN, "keuangan_opd", unit="PEMDA/DINKES")
    assert told.status_code == 403
    told = await dunia.kirim(f"/penetapan/{BULAN}/LAIN/kunci", BPKAD, "bpkad")
    assert told.status_code == 404
    assert await states(dunia) == {"DINKES": "draf", "DISDIK": "draf"}


async def test_steps_come_in_order_and_from_three_people(dunia: Dunia) -> None:
    await dunia.jalankan()
    assert (await dunia.putuskan("DISDIK", "kunci", BPKAD, "bpkad")).status_code == 409
    assert (await dunia.putuskan("DISDIK", "setujui", ADMIN, "admin_bkd")).status_code == 409
    assert (await dunia.putuskan("DISDIK", "verifikasi", KEUANGAN, "keuangan_opd")).status_code == 200
    assert (await dunia.putuskan("DISDIK", "verifikasi", KEUANGAN, "keuangan_opd")).status_code == 409
    told = await dunia.putuskan("DISDIK", "setujui", KEUANGAN, "admin_bkd")
    assert told.status_code == 403
    assert "orang yang berbeda" in told.json()["detail"]
    assert (await dunia.putuskan("DISDIK", "setujui", ADMIN, "admin_bkd")).status_code == 200
    for repeated in (KEUANGAN, ADMIN):
        assert (await dunia.putuskan("DISDIK", "kunci", repeated, "bpkad")).status_code == 403
    assert (await dunia.putuskan("DISDIK", "kunci", BPKAD, "bpkad")).status_code == 200
    assert await states(dunia) == {"DINKES": "draf", "DISDIK": "dikunci"}
    for tindakan in ("verifikasi", "setujui", "kunci"):
        peran = {"verifikasi": "keuangan_opd", "setujui": "admin_bkd", "kunci": "bpkad"}[tindakan]
        assert (await dunia.putuskan("DISDIK", tindakan, ANI, peran)).status_code == 409
    told = await dunia.putuskan("DISDIK", "kembalikan", BPKAD, "bpkad", json={"alasan": "terlambat"})
    assert told.status_code == 409


async def test_taking_back_needs_a_reason_and_begins_again(dunia: Dunia) -> None:
    await dunia.jalankan()
    body = {"alasan": "Absensi Ani belum diperbaiki"}
    assert (await dunia.putuskan("DISDIK", "kembalikan", ADMIN, "admin_bkd", json=body)).status_code == 409
    await dunia.putuskan("DISDIK", "verifikasi", KEUANGAN, "keuangan_opd")
    assert (await dunia.putuskan("DISDIK", "kembalikan", ADMIN, "admin_bkd", json={})).status_code == 422
    assert (await dunia.putuskan("DISDIK", "kembalikan", ADMIN, "admin_bkd", json=body)).status_code == 200
    assert (await states(dunia))["DISDIK"] == "draf"
    told = (await dunia.lihat(f"/penetapan/{BULAN}", KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")).json()
    (opd,) = told["opd"]
    assert [(r["dari"], r["menjadi"], r["alasan"]) for r in opd["riwayat"]] == [
        ("draf", "diverifikasi", ""),
        ("diverifikasi", "draf", body["alasan"]),
    ]
    assert opd["diverifikasi_oleh"] is None
    await dunia.kunci("DISDIK")


async def test_the_manifest_counts_exactly_the_payments(dunia: Dunia) -> None:
    await dunia.dengar(dinilai(CICI, None, version=2))
    await dunia.tpp.baris("UPDATE periode SET final_version = version")
    await dunia.jalankan()
    told = await dunia.kunci("DISDIK")
    (batch,) = await dunia.tpp.keluar(BatchApproved)
    items = await dunia.tpp.keluar(ItemPayable)
    figures = await dunia.angka()
    assert {item.pegawai_id for item in items} == {ANI, BUDI}
    assert {str(batch.batch_id), *(str(item.batch_id) for item in items)} == {told["batch_id"]}
    assert (batch.opd_kode, batch.jumlah_item, told["jumlah_item"]) == ("DISDIK", 2, 2)
    for item in items:
        assert int(str(item.neto)) == figures[item.pegawai_id][1]
        assert item.nip == NIP_DARI[item.pegawai_id]
    for name in ("bruto", "potongan", "neto"):
        total = sum(int(str(getattr(item, name))) for item in items)
        assert int(str(getattr(batch, f"total_{name}"))) == total
    text = "".join(
        f"{item.item_id}|{item.nip}|{item.neto}\n" for item in sorted(items, key=lambda one: str(one.item_id))
    )
    assert batch.hash == sha256(text.encode()).hexdigest()
    assert sorted(item.version for item in items) == [2, 3]


async def test_payments_are_published_once_by_however_many_workers(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    await asyncio.gather(*(dunia.tpp.database.run(kirim_item) for _ in range(4)))
    items = await dunia.tpp.keluar(ItemPayable)
    assert len(items) == len({item.item_id for item in items}) == 3


async def test_a_locked_opd_is_frozen_whatever_comes_afterwards(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    before = await dunia.angka()
    report = await dunia.kehadiran(csv(KEPALA_HARIAN, (NIP_DARI[ANI], HARI[0], "", "", "A")))
    assert "sudah dikunci" in report["salah"][0]["alasan"]
    assert not report["diterapkan"]
    await dunia.dengar(dibuka_kembali(4), dinilai(ANI, 5, version=2), dinilai(DEDI, 5, version=2))
    joined = pegawai(DEDI, segmen(DEDI, opd="DISDIK"), version=2)
    await dunia.dengar(joined)
    assert await dunia.tutup(version=6, people=[w for w in ORANG if w != BUDI], versions={DEDI: 2}) == 0
    await dunia.jalankan()
    after = await dunia.angka()
    for who in (ANI, BUDI, CICI):
        assert after[who] == before[who]
    assert after[DEDI] == ("ditahan", 0, 2)
    slip = (await dunia.lihat(f"/slip/{BULAN}/saya", DEDI)).json()
    assert [reason["kode"] for reason in slip["alasan"]] == ["opd_sudah_dikunci"]
    assert (await states(dunia))["DISDIK"] == "dikunci"


async def test_decisions_fall_when_the_figures_below_them_change(dunia: Dunia) -> None:
    await dunia.jalankan()
    for opd in ("DISDIK", "DINKES"):
        await dunia.putuskan(opd, "verifikasi", KEUANGAN, "keuangan_opd")
    await dunia.kehadiran(csv(KEPALA_HARIAN, (NIP_DARI[ANI], HARI[0], "", "", "A")))
    await dunia.kirim(f"/perhitungan/{BULAN}/jalankan", ADMIN, "admin_bkd")
    assert (await dunia.putuskan("DISDIK", "setujui", ADMIN, "admin_bkd")).status_code == 409
    await dunia.kerjakan()
    assert await states(dunia) == {"DINKES": "diverifikasi", "DISDIK": "draf"}
    told = (await dunia.lihat(f"/penetapan/{BULAN}", BPKAD, "bpkad")).json()
    last = next(row for row in told["opd"] if row["opd_kode"] == "DISDIK")["riwayat"][-1]
    assert last["alasan"] == "Angka berubah pada perhitungan ke-2"


async def test_two_locks_at_once_make_one_batch(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.putuskan("DISDIK", "verifikasi", KEUANGAN, "keuangan_opd")
    await dunia.putuskan("DISDIK", "setujui", ADMIN, "admin_bkd")
    told = await asyncio.gather(*(dunia.putuskan("DISDIK", "kunci", BPKAD, "bpkad") for _ in range(3)))
    assert sorted(answer.status_code for answer in told) == [200, 409, 409]
    assert len(await dunia.tpp.keluar(BatchApproved)) == 1
    assert await dunia.tpp.nilai("SELECT count(*) FROM pembayaran") == 3
