"""Before an OPD is locked somebody answers for who is held and for what differs from last month."""

from uuid import UUID

from shared.period import Period
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    KEUANGAN,
    ORANG,
    Dunia,
    dibuka_kembali,
    dinilai,
)

LALU = str(Period(2026, 9))
JAWABAN = {"jawaban": "Sudah dicocokkan dengan data bulan lalu"}
_SEPTEMBER = """
INSERT INTO tpp_bulan
SELECT pegawai_id, $1, version, nomor, kebijakan_id, nip, opd_kode, unit_path, status, $3::bigint, 0,
       $3::bigint, baris, alasan, masukan, v_pegawai, v_penilaian, v_kehadiran, v_gaji, dihitung_pada
FROM tpp_bulan WHERE periode = $4 AND pegawai_id = $2
"""


async def september(dunia: Dunia, persen: dict[UUID, int]) -> None:
    """Last month these people had so many percent of what they have now."""
    now = await dunia.angka()
    for who, share in persen.items():
        await dunia.tpp.baris(_SEPTEMBER, LALU, who, now[who][1] * share // 100, BULAN)


async def sampai_disetujui(dunia: Dunia) -> None:
    for tindakan, who, peran in (("verifikasi", KEUANGAN, "keuangan_opd"), ("setujui", ADMIN, "admin_bkd")):
        assert (await dunia.putuskan("DISDIK", tindakan, who, peran)).status_code == 200


async def test_strangers_neither_see_nor_answer(dunia: Dunia) -> None:
    await dunia.jalankan()
    path = f"/penetapan/{BULAN}/DISDIK"
    assert (await dunia.tpp.client.get(f"/api/tpp{path}/pemeriksaan")).status_code == 401
    body = {"sidik": "0" * 64, **JAWABAN}
    strangers = (("", None), ("keuangan_opd", "PEMDA/DINKES"), ("sysadmin", None), ("pimpinan", "PEMDA"))
    for peran, unit in strangers:
        roles = (peran,) if peran else ()
        assert (await dunia.lihat(f"{path}/pemeriksaan", ANI, *roles, unit=unit)).status_code == 403, peran
        assert (await dunia.kirim(f"{path}/tanggapi", ANI, *roles, unit=unit, json=body)).status_code == 403
    assert (await dunia.lihat(f"{path}/pemeriksaan", ANI, "auditor")).status_code == 200
    assert (await dunia.kirim(f"{path}/tanggapi", ANI, "auditor", json=body)).status_code == 403


async def test_a_first_month_with_everyone_computed_needs_no_answer(dunia: Dunia) -> None:
    await dunia.jalankan()
    found = await dunia.periksa()
    assert (found["total"], found["pembanding"], found["selesai"]) == (0, None, True)
    await sampai_disetujui(dunia)
    assert (await dunia.putuskan("DISDIK", "kunci", BPKAD, "bpkad")).status_code == 200


async def test_who_is_held_and_why_must_be_answered_for_before_the_lock(dunia: Dunia) -> None:
    await dunia.dengar(dinilai(CICI, None, version=2))
    await dunia.tpp.baris("UPDATE periode SET final_version = version")
    await dunia.jalankan()
    found = await dunia.periksa()
    assert [(one["jenis"], one["jumlah"]) for one in found["jumlah"]] == [("ditahan", 1)]
    (held,) = found["orang"]
    assert (held["pegawai_id"], held["kini"]) == (str(CICI), None)
    assert {reason["kode"] for reason in held["alasan"]} == {"belum_dinilai"}
    assert all(reason["pemilik"] == "atasan" for reason in held["alasan"])
    await sampai_disetujui(dunia)
    told = await dunia.putuskan("DISDIK", "kunci", BPKAD, "bpkad")
    assert told.status_code == 409
    assert "1 temuan belum ditanggapi" in told.json()["detail"]
    path = f"/penetapan/{BULAN}/DISDIK/tanggapi"
    for body in ({"sidik": found["sidik"]}, {"sidik": found["sidik"], "jawaban": "ok"}):
        assert (await dunia.kirim(path, BPKAD, "bpkad", json=body)).status_code == 422
    told = await dunia.kirim(path, BPKAD, "bpkad", json={"sidik": "0" * 64, **JAWABAN})
    assert told.status_code == 409
    told = await dunia.kirim(path, BPKAD, "bpkad", json={"sidik": found["sidik"], **JAWABAN})
    assert told.json()["selesai"]
    assert told.json()["tanggapan"][0]["jawaban"] == JAWABAN["jawaban"]
    assert (await dunia.putuskan("DISDIK", "kunci", BPKAD, "bpkad")).status_code == 200
    told = await dunia.kirim(path, BPKAD, "bpkad", json={"sidik": found["sidik"], **JAWABAN})
    assert told.status_code == 409


async def test_what_differs_from_last_month_is_counted(dunia: Dunia) -> None:
    await dunia.jalankan()
    # Exactly a quarter more or less is within the limit: 80 -> 100 is +25%.
    await september(dunia, {ANI: 79, BUDI: 81, DEDI: 134})
    found = await dunia.periksa()
    assert found["pembanding"] == LALU
    assert {(one["pegawai_id"], one["jenis"]) for one in found["orang"]} == {
        (str(ANI), "naik"),
        (str(CICI), "baru"),
    }
    elsewhere = await dunia.periksa("DINKES")
    assert ("turun", 1) in [(one["jenis"], one["jumlah"]) for one in elsewhere["jumlah"]]
    rise = next(one for one in found["orang"] if one["jenis"] == "naik")
    assert int(rise["kini"].split(".")[0]) == (await dunia.angka())[ANI][1]


async def test_somebody_who_is_gone_is_named_and_an_older_answer_no_longer_counts(dunia: Dunia) -> None:
    await dunia.jalankan()
    await september(dunia, dict.fromkeys(ORANG, 100))
    assert (await dunia.periksa())["total"] == 0
    rest = [who for who in ORANG if who != BUDI]
    await dunia.dengar(dibuka_kembali(4))
    await dunia.tpp.baris("DELETE FROM tpp_bulan WHERE periode = $1 AND pegawai_id = $2", BULAN, BUDI)
    assert await dunia.tutup(version=6, people=rest) == 0
    await dunia.jalankan()
    (gone,) = (await dunia.periksa())["orang"]
    assert (gone["pegawai_id"], gone["jenis"], gone["kini"]) == (str(BUDI), "hilang", None)
    await dunia.tanggapi()
    assert (await dunia.periksa())["selesai"]
    await dunia.dengar(dibuka_kembali(7), dinilai(ANI, 5, version=2))
    assert await dunia.tutup(version=9, people=rest) == 0
    await dunia.jalankan()
    again = await dunia.periksa()
    assert [(one["jenis"], one["jumlah"]) for one in again["jumlah"]] == [("turun", 1), ("hilang", 1)]
    assert not again["selesai"]
    assert [one["berlaku"] for one in again["tanggapan"]] == [False]
