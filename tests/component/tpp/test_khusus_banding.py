"""Before an extra payment is locked: each person against its month, and against last year's payment."""

from typing import Any
from uuid import UUID

import pytest

from shared.period import Period
from tests.component.layanan import Layanan
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
    Dunia,
    csv,
)
from tests.component.tpp.test_masa_bayar import KE_13, THR, dengan_khusus

LALU = "2025-13"
_TAHUN_LALU = """
INSERT INTO tpp_bulan
SELECT pegawai_id, $1, version, nomor, kebijakan_id, nip, opd_kode, unit_path, status, $3::bigint, 0,
       $3::bigint, baris, alasan, masukan, v_pegawai, v_penilaian, v_kehadiran, v_gaji, dihitung_pada
FROM tpp_bulan WHERE periode = $4 AND pegawai_id = $2
"""


@pytest.fixture
async def dunia(tpp: Layanan) -> Dunia:
    world = Dunia(tpp)
    await world.kebijakan(dengan_khusus())
    await world.siapkan_tanpa_kebijakan()
    return world


async def tahun_lalu(dunia: Dunia, persen: dict[UUID, int]) -> None:
    """The 13th of last year: so many percent of this one."""
    now = await dunia.angka(KE_13)
    for who, share in persen.items():
        await dunia.tpp.baris(_TAHUN_LALU, LALU, who, now[who][1] * share // 100, KE_13)


def per_orang(found: Any) -> dict[tuple[str, str], tuple[str | None, int | None, int | None]]:
    return {
        (one["pegawai_id"], one["jenis"]): (
            one["pembanding"],
            *(None if one[name] is None else int(one[name].split(".")[0]) for name in ("lalu", "kini")),
        )
        for one in found["orang"]
    }


async def test_strangers_see_no_comparison(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.jalankan(KE_13)
    path = f"/penetapan/{KE_13}/DISDIK"
    body = {"sidik": "0" * 64, "jawaban": "Sudah diperiksa"}
    page = f"/tpp/persetujuan/{KE_13}/DISDIK"
    assert (await dunia.tpp.client.get(f"/api/tpp{path}/pemeriksaan")).status_code == 401
    assert (await dunia.tpp.client.get(page)).status_code in (401, 303)
    for peran, unit in (
        ("", None), ("keuangan_opd", "PEMDA/DINKES"), ("sysadmin", None), ("pimpinan", "PEMDA"),
        ("pengelola", "PEMDA/DISDIK"),
    ):  # fmt: skip
        roles = (peran,) if peran else ()
        assert (await dunia.lihat(f"{path}/pemeriksaan", ANI, *roles, unit=unit)).status_code == 403, peran
        assert (await dunia.kirim(f"{path}/tanggapi", ANI, *roles, unit=unit, json=body)).status_code == 403
        told = await dunia.tpp.client.get(page, headers=dunia.tpp.kepala(ANI, *roles, unit=unit))
        # Whoever reads decisions, but no figures, or of another OPD, is told that there is nothing to see.
        assert told.status_code in (403, 404), (peran, told.status_code)
    for who, peran, unit in ((KEUANGAN, "keuangan_opd", "PEMDA/DISDIK"), (ADMIN, "admin_bkd", None)):
        assert (await dunia.lihat(f"{path}/pemeriksaan", who, peran, unit=unit)).status_code == 200


async def test_each_person_is_held_against_the_base_month(dunia: Dunia) -> None:
    """Budi was away for most of October, which the 13th of this policy does not look at less; Ani is the
    same but for BPJS. A month that carried arrears is compared without them."""
    policy = dengan_khusus().decode()
    free = policy.replace(
        "    kali: tanpa_keterangan\n", "    kali: tanpa_keterangan\n    bila: pembayaran = 'bulanan'\n", 1
    )
    assert free != policy
    await dunia.kebijakan(free.encode())
    absent = [(NIP_DARI[BUDI], day, "", "", "A") for day in HARI[:14]]
    assert (await dunia.kehadiran(csv(KEPALA_HARIAN, *absent)))["diterapkan"]
    await dunia.jalankan()
    await dunia.jalankan(KE_13)
    found = await dunia.periksa("DISDIK", KE_13)
    assert (found["pembanding"], found["setahun_lalu"]) == (BULAN, None)
    month, extra = await dunia.angka(), await dunia.angka(KE_13)
    assert 100 * extra[BUDI][1] > 125 * month[BUDI][1]
    assert 100 * extra[ANI][1] <= 125 * month[ANI][1]
    assert per_orang(found) == {(str(BUDI), "naik"): (BULAN, month[BUDI][1], extra[BUDI][1])}
    assert [one["nama"] for one in found["jumlah"]] == ["Naik melebihi batas dibanding bulan dasarnya"]
    assert (await dunia.periksa("DINKES", KE_13))["total"] == 0

    page = f"/tpp/persetujuan/{KE_13}/DISDIK"
    seen = await dunia.tpp.client.get(page, headers=dunia.tpp.kepala(BPKAD, "bpkad"))
    assert "orang demi orang, dengan yang diterima untuk Oktober 2026, bulan dasarnya" in seen.text
    assert "Naik melebihi batas dibanding bulan dasarnya" in seen.text
    listed = await dunia.tpp.client.get(f"/tpp/persetujuan/{KE_13}", headers=dunia.tpp.kepala(BPKAD, "bpkad"))
    assert "Perlu ditanggapi" in listed.text

    # It is not locked before somebody answers, and an answer is to these figures only.
    for tindakan, who, peran in (("verifikasi", KEUANGAN, "keuangan_opd"), ("setujui", ADMIN, "admin_bkd")):
        assert (await dunia.putuskan("DISDIK", tindakan, who, peran, KE_13)).status_code == 200
    refused = await dunia.putuskan("DISDIK", "kunci", BPKAD, "bpkad", KE_13)
    assert refused.status_code == 409
    assert "naik melebihi batas dibanding bulan dasarnya" in refused.json()["detail"]
    await dunia.tanggapi("DISDIK", KE_13)
    assert (await dunia.putuskan("DISDIK", "kunci", BPKAD, "bpkad", KE_13)).status_code == 200


async def test_arrears_of_the_base_month_are_left_out(dunia: Dunia) -> None:
    await dunia.jalankan()
    for opd in ("DISDIK", "DINKES"):
        await dunia.kunci(opd)
    absent = [(NIP_DARI[BUDI], day, "", "", "A") for day in HARI[:14]]
    await dunia.kehadiran(csv(KEPALA_HARIAN, *absent), alasan="kesalahan rekap")
    await dunia.koreksi()
    await dunia.bulan(Period(2026, 11))
    carried = await dunia.tpp.nilai("SELECT sum(jumlah)::bigint FROM rapel_dibawa WHERE dibawa = '2026-11'")
    month = (await dunia.angka("2026-11"))[BUDI][1]
    await dunia.jalankan(THR)
    holiday = (await dunia.angka(THR))[BUDI][1]
    # Held against what he received, the THR would be far above the limit.
    assert carried < 0
    assert 100 * holiday > 125 * month
    found = await dunia.periksa("DISDIK", THR)
    assert (found["pembanding"], found["total"]) == ("2026-11", 0)


async def test_it_is_compared_with_the_same_payment_of_last_year(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.jalankan(KE_13)
    # Exactly a quarter more or less is within the limit: 80 -> 100 is +25%.
    await tahun_lalu(dunia, {ANI: 79, BUDI: 81, CICI: 134, DEDI: 100})
    found = await dunia.periksa("DISDIK", KE_13)
    now = await dunia.angka(KE_13)
    assert (found["pembanding"], found["setahun_lalu"]) == (BULAN, LALU)
    assert per_orang(found) == {
        (str(ANI), "naik_tahunan"): (LALU, now[ANI][1] * 79 // 100, now[ANI][1]),
        (str(CICI), "turun_tahunan"): (LALU, now[CICI][1] * 134 // 100, now[CICI][1]),
    }
    page = f"/tpp/persetujuan/{KE_13}/DISDIK"
    seen = await dunia.tpp.client.get(page, headers=dunia.tpp.kepala(BPKAD, "bpkad"))
    assert "Juga dengan TPP ke-13 2025" in seen.text
    assert "Naik melebihi batas dibanding tahun lalu" in seen.text
    # Who was not there last year is no finding, nor who came to the other OPD; a month knows no such thing.
    assert (await dunia.periksa("DINKES", KE_13))["total"] == 0
    assert (await dunia.periksa("DISDIK"))["setahun_lalu"] is None


async def test_nobody_of_its_month_is_left_out_unnoticed(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.jalankan(KE_13)
    await dunia.tpp.baris("DELETE FROM tpp_bulan WHERE periode = $1 AND pegawai_id = $2", KE_13, BUDI)
    await dunia.tpp.baris("DELETE FROM tpp_bulan WHERE periode = $1 AND pegawai_id = $2", BULAN, CICI)
    found = await dunia.periksa("DISDIK", KE_13)
    assert [(one["jenis"], one["nama"]) for one in found["jumlah"]] == [
        ("baru", "Tidak ada pada bulan dasarnya"),
        ("hilang", "Ada pada bulan dasarnya, tidak ada di sini"),
    ]
    assert {key[0]: key[1] for key in per_orang(found)} == {str(CICI): "baru", str(BUDI): "hilang"}
