"""A day reported by mistake is taken back: nothing is known of it then, and nobody is absent for it."""

from datetime import date
from typing import Any
from uuid import UUID

from shared.contracts.kehadiran import KehadiranRecorded
from shared.nip import Nip
from shared.testing.feed import Recorded
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    CICI,
    DEDI,
    NIP_DARI,
    PENGELOLA,
    Dunia,
    csv,
)

SENIN = date(2026, 10, 5)
ALASAN = {"alasan": "Salah orang di mesin"}


async def cabut(
    dunia: Dunia,
    who: UUID,
    tanggal: date = SENIN,
    *,
    sebagai: UUID = ADMIN,
    peran: str = "admin_bkd",
    **rest: Any,
) -> Any:
    return await dunia.kirim(
        f"/kehadiran/{who}/{tanggal}/cabut", sebagai, peran, json=rest.pop("json", ALASAN), **rest
    )


async def bulan(dunia: Dunia, who: UUID) -> Any:
    (row,) = await dunia.tpp.baris(
        "SELECT hadir, tanpa_keterangan, tanpa_data, ada FROM kehadiran_bulan WHERE pegawai_id = $1", who
    )
    return row


async def test_strangers_take_nothing_back(dunia: Dunia) -> None:
    url = f"/api/tpp/kehadiran/{ANI}/{SENIN}/cabut"
    told = await dunia.tpp.client.post(url, json=ALASAN, headers={"Idempotency-Key": "12345678"})
    assert told.status_code == 401
    assert (await cabut(dunia, ANI, sebagai=ANI, peran="pegawai")).status_code == 403
    for peran in ("keuangan_opd", "bpkad", "auditor", "pimpinan", "sysadmin"):
        told = await cabut(dunia, ANI, sebagai=PENGELOLA, peran=peran, unit="PEMDA")
        assert told.status_code == 403, peran
    told = await cabut(dunia, DEDI, sebagai=PENGELOLA, peran="pengelola", unit="PEMDA/DISDIK")
    assert told.status_code in (403, 404)
    assert (await bulan(dunia, ANI))["tanpa_data"] == 0
    told = await cabut(dunia, ANI, sebagai=PENGELOLA, peran="pengelola", unit="PEMDA/DISDIK")
    assert told.status_code == 200, told.text


async def test_a_day_taken_back_is_unknown_not_absent_and_may_come_again(dunia: Dunia) -> None:
    before = await bulan(dunia, ANI)
    told = await cabut(dunia, ANI)
    assert told.json()["sesudah_dikunci"] is False
    after = await bulan(dunia, ANI)
    assert (after["hadir"], after["tanpa_keterangan"], after["tanpa_data"]) == (before["hadir"] - 1, 0, 1)
    old = await dunia.tpp.nilai("SELECT isi ->> 'masuk' FROM riwayat_fakta WHERE tabel = 'kehadiran_harian'")
    assert old == "07:25:00"
    assert (await cabut(dunia, ANI)).status_code == 404
    assert (await cabut(dunia, ANI, date(2026, 10, 4))).status_code == 404
    assert (await cabut(dunia, CICI, json={"alasan": "x"})).status_code == 422
    isi = csv(
        ("nip", "tanggal", "masuk", "pulang", "keterangan"), (NIP_DARI[ANI], SENIN, "07:20", "16:10", "")
    )
    assert (await dunia.kehadiran(isi))["diterapkan"]
    assert await bulan(dunia, ANI) == before


async def test_what_a_machine_said_before_stays_taken_back(dunia: Dunia) -> None:
    def sent(version: int) -> Recorded:
        event = KehadiranRecorded(
            version=version, nip=Nip(NIP_DARI[ANI]), tanggal=SENIN, keterangan="A", masuk=None, pulang=None
        )
        return Recorded.of(event)

    first = sent(1)
    await dunia.tpp.dengar(first)
    assert (await bulan(dunia, ANI))["tanpa_keterangan"] == 1
    assert (await cabut(dunia, ANI)).status_code == 200
    await dunia.tpp.dengar(first)
    assert (await bulan(dunia, ANI))["tanpa_keterangan"] == 0
    await dunia.tpp.dengar(sent(2))
    assert (await bulan(dunia, ANI))["tanpa_keterangan"] == 1


async def test_a_locked_month_is_for_admin_bkd_and_becomes_rapel(dunia: Dunia) -> None:
    isi = csv(("nip", "tanggal", "masuk", "pulang", "keterangan"), (NIP_DARI[ANI], SENIN, "", "", "A"))
    assert (await dunia.kehadiran(isi))["diterapkan"]
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    told = await cabut(dunia, ANI, sebagai=PENGELOLA, peran="pengelola", unit="PEMDA/DISDIK")
    assert told.status_code == 403
    told = await cabut(dunia, ANI)
    assert told.json()["sesudah_dikunci"] is True
    await dunia.koreksi()
    (found,) = await dunia.tpp.baris("SELECT pegawai_id, selisih_neto, sebab FROM koreksi")
    assert found["pegawai_id"] == ANI
    assert found["selisih_neto"] > 0
    assert found["sebab"] == ["Kehadiran: tanpa keterangan 1 hari menjadi 0 hari"]
