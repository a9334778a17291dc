"""A day reported by mistake is taken back: nothing is known of it then, and nobody is absent for it."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.kehadiran import KehadiranRecorded
from shared.nip import Nip
from shared.testing.feed import Recorded
from shared.web.routes import KEY
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BULAN,
    CICI,
    DEDI,
    NIP_DARI,
    ORANG,
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
    # Nobody knows what the day was: what is paid stays, and the month waits for it.
    assert await dunia.tpp.baris("SELECT pegawai_id FROM koreksi_tertahan") == [{"pegawai_id": ANI}]
    assert await dunia.tpp.nilai("SELECT count(*) FROM koreksi") == 0
    isi = csv(
        ("nip", "tanggal", "masuk", "pulang", "keterangan"), (NIP_DARI[ANI], SENIN, "07:20", "16:10", "")
    )
    assert (await dunia.kehadiran(isi, alasan="kesalahan rekap"))["diterapkan"]
    await dunia.koreksi()
    (found,) = await dunia.tpp.baris("SELECT pegawai_id, selisih_neto, sebab FROM koreksi")
    assert found["pegawai_id"] == ANI
    assert found["selisih_neto"] > 0
    assert "tanpa keterangan 1 hari menjadi 0 hari" in found["sebab"][0]
    assert await dunia.tpp.nilai("SELECT count(*) FROM koreksi_tertahan") == 0


# --- Pages -----------------------------------------------------------------------------------------------

DAFTAR = f"/tpp/kehadiran-pegawai/{BULAN}"


async def buka(dunia: Dunia, path: str, who: UUID, *peran: str, unit: str | None = None) -> Any:
    """A page as somebody sees it."""
    headers = dunia.tpp.kepala(who, *peran, unit=unit) | {"Accept": "text/html"}
    return await dunia.tpp.client.get(path, headers=headers)


async def tekan(dunia: Dunia, path: str, who: UUID, *peran: str, unit: str | None = None, **isi: str) -> Any:
    """A form as somebody sends it."""
    headers = dunia.tpp.kepala(who, *peran, unit=unit) | {"Accept": "text/html"}
    return await dunia.tpp.client.post(path, data={KEY: str(uuid4()), **isi}, headers=headers)


def hari(who: UUID) -> str:
    return f"/tpp/kehadiran-pegawai/hari/{who}/{SENIN}"


async def test_strangers_see_nobodys_days(dunia: Dunia) -> None:
    pages = (DAFTAR, f"{DAFTAR}/{ANI}", hari(ANI))
    urls = (f"/api/tpp/kehadiran/{BULAN}", f"/api/tpp/kehadiran/{ANI}/{SENIN}/riwayat")
    for url in urls:
        assert (await dunia.tpp.client.get(url)).status_code == 401
    for path in pages:
        told = await dunia.tpp.client.get(path, headers={"Accept": "text/html"})
        assert "/masuk" in told.headers.get("location", "") or told.status_code == 401, path
        for peran in ("keuangan_opd", "bpkad", "pimpinan", "sysadmin"):
            told = await buka(dunia, path, PENGELOLA, peran, unit="PEMDA")
            if path == DAFTAR:  # anybody may lead somebody; these lead nobody
                assert not any(str(who) in told.text for who in ORANG), peran
            else:
                assert told.status_code == 403, (path, peran)
    for path in pages[1:]:
        told = await buka(dunia, path, PENGELOLA, "pengelola", unit="PEMDA/DINKES")
        assert told.status_code == 403, path
    told = await buka(dunia, DAFTAR, PENGELOLA, "pengelola", unit="PEMDA/DINKES")
    assert str(ANI) not in told.text
    assert str(DEDI) in told.text
    told = await dunia.lihat(f"/kehadiran/{BULAN}", PENGELOLA, "pengelola", unit="PEMDA/DISDIK")
    assert {one["pegawai_id"] for one in told.json()["data"]} == {str(who) for who in ORANG[:3]}
    told = await dunia.lihat(f"/kehadiran/{ANI}/{SENIN}/riwayat", DEDI)
    assert told.status_code == 403
    assert (await dunia.lihat(f"/kehadiran/{ANI}/{SENIN}/riwayat", ANI)).status_code == 200
    for who, peran, unit in (
        (ANI, "pegawai", None),
        (ADMIN, "auditor", None),
        (PENGELOLA, "pengelola", "PEMDA/DINKES"),
    ):
        told = await tekan(dunia, f"{hari(ANI)}/cabut", who, peran, unit=unit, alasan="Salah orang")
        assert told.status_code == 403, peran
    assert (await bulan(dunia, ANI))["tanpa_data"] == 0


async def test_a_list_is_turned_page_by_page_and_searched(dunia: Dunia) -> None:
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        told = (
            await dunia.lihat(
                f"/kehadiran/{BULAN}", ADMIN, "admin_bkd", limit=2, **{"cursor": cursor} if cursor else {}
            )
        ).json()
        seen += [one["nip"] for one in told["data"]]
        cursor = told["berikutnya"]
    assert seen == sorted(NIP_DARI.values())
    told = (await dunia.lihat(f"/kehadiran/{BULAN}", ADMIN, "admin_bkd", cari=NIP_DARI[ANI])).json()["data"]
    assert [(one["pegawai_id"], one["tanpa_data"]) for one in told] == [(str(ANI), 0)]
    told = (await dunia.lihat(f"/kehadiran/{BULAN}", ADMIN, "admin_bkd", opd="DINKES")).json()["data"]
    assert {one["pegawai_id"] for one in told} == {str(who) for who in ORANG[3:]}
    told = (await dunia.lihat("/kehadiran/2026-11", ADMIN, "admin_bkd", cari=NIP_DARI[ANI])).json()["data"]
    assert told[0]["hadir"] is None


async def test_a_day_is_taken_back_on_its_page_with_a_reason(dunia: Dunia) -> None:
    siapa = (PENGELOLA, "pengelola")
    seen = (await buka(dunia, f"{DAFTAR}/{ANI}", *siapa, unit="PEMDA/DISDIK")).text
    assert hari(ANI) in seen
    seen = (await buka(dunia, hari(ANI), *siapa, unit="PEMDA/DISDIK")).text
    for text in ("07.25", "Cabut catatan ini", "Tidak dihitung mangkir", "rupiahnya menyusul"):
        assert text in seen, text
    told = await tekan(dunia, f"{hari(ANI)}/cabut", *siapa, unit="PEMDA/DISDIK", alasan="x")
    assert told.status_code == 422
    assert (await bulan(dunia, ANI))["tanpa_data"] == 0
    told = await tekan(
        dunia, f"{hari(ANI)}/cabut", *siapa, unit="PEMDA/DISDIK", alasan="Sidik jari orang lain"
    )
    assert (told.status_code, told.headers["location"]) == (303, hari(ANI))
    assert (await bulan(dunia, ANI))["tanpa_data"] == 1
    seen = (await buka(dunia, hari(ANI), *siapa, unit="PEMDA/DISDIK")).text
    for text in ("Dicabut", "Sidik jari orang lain", "07.25"):
        assert text in seen, text
    assert "Ya, cabut catatan ini" not in seen
    rinci = (await dunia.lihat(f"/kehadiran/{ANI}/{SENIN}/riwayat", ADMIN, "admin_bkd")).json()
    assert (rinci["tercatat"], [one["version"] for one in rinci["riwayat"]]) == (False, [2, 1])
    assert [one["alasan"] for one in rinci["riwayat"]] == ["Sidik jari orang lain", None]
    assert [one["oleh"] for one in rinci["riwayat"]] == ["orang", "orang"]


async def test_the_page_says_who_must_act_where_a_day_cannot_be_taken_back(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    seen = (await buka(dunia, hari(ANI), PENGELOLA, "pengelola", unit="PEMDA/DISDIK")).text
    assert "sudah dikunci" in seen
    assert "Ya, cabut catatan ini" not in seen
    seen = (await buka(dunia, hari(ANI), ADMIN, "admin_bkd")).text
    assert "selisihnya menjadi rapel" in seen
    told = await tekan(dunia, f"{hari(ANI)}/cabut", ADMIN, "admin_bkd", alasan="Salah orang")
    assert told.status_code == 303
    body = {
        "tanggal": "2026-10-06", "masuk": "07:20", "pulang": "16:00", "sebab": "mesin",
        "bukti": "Laporan kerusakan mesin 3/2026",
    }  # fmt: skip
    asked = (await dunia.kirim("/koreksi-kehadiran", ANI, json=body)).json()["permohonan_id"]
    path = f"/koreksi-kehadiran/{asked}/setujui"
    await dunia.kirim(path, PENGELOLA, "pengelola", unit="PEMDA/DISDIK", json={})
    path = f"/tpp/kehadiran-pegawai/hari/{ANI}/2026-10-06"
    assert "permohonan koreksi yang sudah disetujui" in (await buka(dunia, path, ADMIN, "admin_bkd")).text
    told = await tekan(dunia, f"{path}/cabut", ADMIN, "admin_bkd", alasan="Salah orang")
    assert told.status_code == 409
