"""What the employer pays beside a month is corrected with it, and put right by the next payment."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import Hasil, baca_baris, baca_masukan, tulis_baris
from shared.contracts.tpp import TppCorrected
from shared.period import Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    HARI,
    KEPALA_HARIAN,
    NIP_DARI,
    OKTOBER,
    ORANG,
    Dunia,
    csv,
    kebijakan,
    pegawai,
    segmen,
)
from tests.component.tpp.tahun import baris, bulan
from tests.component.tpp.tahun import oktober as jawa_barat
from tests.component.tpp.test_ekspor import lembar, rekening
from tests.component.tpp.test_rekening import baris as rekening_orang

NOVEMBER = OKTOBER.plus(1)
BPJS, JKK, JKM = "bpjs_kesehatan_pemberi_kerja", "jkk_pemberi_kerja", "jkm_pemberi_kerja"
KEBIJAKAN = baca(kebijakan("jawa-barat").decode())


async def kunci(dunia: Dunia, month: Period = OKTOBER) -> None:
    for opd in ("DISDIK", "DINKES"):
        await dunia.kunci(opd, str(month))


async def gaji(dunia: Dunia, who: UUID, jumlah: int, mulai: str = "2026-10-01") -> None:
    """A salary of a day, told late."""
    isi = csv(("nip", "gaji", "mulai"), (NIP_DARI[who], jumlah, mulai))
    params = {"berkas": "gaji.csv"}
    told = await dunia.kirim("/impor/gaji", ADMIN, "admin_bkd", content=isi, params=params)
    assert told.json()["diterapkan"], told.text
    await dunia.koreksi()


def per_kode(row: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in baca_baris(row["iuran"]):
        found[line.kode] = found.get(line.kode, 0) + line.jumlah
    return found


def dibawa(row: Any) -> dict[tuple[str, int], int]:
    """The lines that put earlier months right, by code and month."""
    return {(one.kode, one.angka[0]): one.jumlah for one in baca_baris(row["iuran"]) if one.angka}


def sama(row: Any, hasil: Hasil) -> None:
    """What is stored computes to itself."""
    assert (row["bruto"], row["neto"]) == (hasil.bruto, hasil.neto)
    assert (row["baris"], row["iuran"]) == (tulis_baris(hasil.baris), tulis_baris(hasil.iuran))


async def koreksi(dunia: Dunia) -> list[dict[str, Any]]:
    return await dunia.tpp.baris("SELECT * FROM koreksi ORDER BY periode, pegawai_id, urutan")


async def test_a_late_salary_puts_the_contributions_of_its_month_right_once(tpp: Layanan) -> None:
    dunia = await jawa_barat(tpp)
    await kunci(dunia)
    first = await baris(dunia, ANI, BULAN)
    await gaji(dunia, ANI, 6_000_000)
    (found,) = await koreksi(dunia)
    known = engine.compile(KEBIJAKAN)(baca_masukan(first["masukan"])._replace(gaji=6_000_000))
    due = {kode: amount - per_kode(first)[kode] for kode, amount in known.iuran_sendiri.items()}
    assert (due[JKK], due[JKM]) == (3_600, 10_800)
    due = {kode: amount for kode, amount in due.items() if amount}
    assert dict(json.loads(found["selisih_iuran"])) == due
    (listed,) = (await dunia.lihat(f"/koreksi/{BULAN}", BPKAD, "bpkad")).json()["data"]
    assert listed["selisih_iuran"] == listed["iuran_menunggu"] == str(sum(due.values()))
    await bulan(dunia, NOVEMBER)
    november = await baris(dunia, ANI, str(NOVEMBER))
    assert dibawa(november) == {(kode, 202610): amount for kode, amount in due.items()}
    inputs = baca_masukan(november["masukan"])
    sama(november, engine.compile(KEBIJAKAN)(inputs))
    own = engine.compile(KEBIJAKAN)(inputs._replace(rapel=(), rapel_iuran=None)).iuran_sendiri
    assert per_kode(november) == {kode: amount + due.get(kode, 0) for kode, amount in own.items()}
    (listed,) = (await dunia.lihat(f"/koreksi/{BULAN}", BPKAD, "bpkad")).json()["data"]
    assert (listed["keadaan"], listed["iuran_menunggu"]) == ("dibawa", "0")
    # Run again it stays the same; what was locked is as it was; nobody else has such a line.
    await dunia.jalankan(str(NOVEMBER))
    assert (await baris(dunia, ANI, str(NOVEMBER)))["version"] == 1
    assert (await baris(dunia, ANI, BULAN))["iuran"] == first["iuran"]
    assert dibawa(await baris(dunia, BUDI, str(NOVEMBER))) == {}
    # Slip and SIPD file say it.
    slip = (await dunia.lihat(f"/slip/{NOVEMBER}/saya", ANI)).json()
    lines = [one for one in slip["iuran"] if one["nama"].endswith("koreksi Oktober 2026")]
    assert {one["kode"]: int(one["jumlah"].split(".")[0]) for one in lines} == due
    assert (await dunia.lihat(f"/slip-pdf/{NOVEMBER}/saya", ANI)).content.startswith(b"%PDF-")
    await kunci(dunia, NOVEMBER)
    await rekening(
        dunia, *(rekening_orang(who, NIK=f"31710101018500{at:02d}") for at, who in enumerate(ORANG))
    )
    told = await dunia.lihat(f"/berkas/{NOVEMBER}/sipd-tpp", BPKAD, "bpkad")
    head, *people = lembar(told.content)
    at = head.index("tunjangan_iuran_jaminan_kesehatan")
    cells = next(row for row in people if row[1] == NIP_DARI[ANI])
    assert cells[at : at + 3] == [per_kode(november)[kode] for kode in (BPJS, JKK, JKM)]


async def test_what_was_paid_too_much_is_taken_off_the_contribution_of_the_next_month(tpp: Layanan) -> None:
    dunia = await jawa_barat(tpp)
    await kunci(dunia)
    first = await baris(dunia, ANI, BULAN)
    alpa = csv(KEPALA_HARIAN, *((NIP_DARI[ANI], day, "", "", "A") for day in HARI[:4]))
    assert (await dunia.kehadiran(alpa, alasan="kesalahan rekap"))["diterapkan"]
    await dunia.koreksi()
    (found,) = await koreksi(dunia)
    assert found["selisih_bruto"] < 0
    after = max(0, min(12_000_000 - 4_500_000, first["bruto"] + found["selisih_bruto"])) * 4 // 100
    assert json.loads(found["selisih_iuran"]) == [[BPJS, after - per_kode(first)[BPJS]]]
    await bulan(dunia, NOVEMBER)
    november = await baris(dunia, ANI, str(NOVEMBER))
    assert dibawa(november) == {(BPJS, 202610): after - per_kode(first)[BPJS]}
    # Both months together owe what they would have owed, whatever November takes back of the person.
    inputs = baca_masukan(november["masukan"])
    alone = engine.compile(KEBIJAKAN)(inputs._replace(rapel=(), rapel_iuran=None)).iuran_sendiri[BPJS]
    assert per_kode(first)[BPJS] + per_kode(november)[BPJS] == after + alone
    sama(november, engine.compile(KEBIJAKAN)(inputs))


IURAN = """  - kode: jkk_pemberi_kerja
    nama: Jaminan kecelakaan kerja
    pasal: PP 70/2015 jo. PP 66/2017
    sifat: iuran_pemberi_kerja
    persen: 0,24%
    dari: gaji
    kalimat: "{persen} dari gaji {dasar} = {jumlah}"

penahanan:
"""


def umum() -> bytes:
    """The common policy with one contribution of the salary, which nothing else follows below its cap."""
    head, mark, rest = kebijakan().decode().partition("\npenahanan:\n")
    assert mark
    source = "sumber:\n  - bagian: jkk_pemberi_kerja\n    sifat: asumsi\n    catatan: Dibayar bersama TPP\n"
    return (head.replace("sumber:\n", source, 1) + "\n" + IURAN + rest).encode()


async def test_only_the_employers_part_differs_nobody_is_told_and_the_next_month_carries_it(
    tpp: Layanan,
) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(umum())
    await dunia.siapkan_tanpa_kebijakan()
    await dunia.jalankan()
    await kunci(dunia)
    await gaji(dunia, ANI, 5_000_000)
    (found,) = await koreksi(dunia)
    assert (found["selisih_bruto"], found["selisih_neto"]) == (0, 0)
    assert json.loads(found["selisih_iuran"]) == [[JKK, 1_200]]
    assert await tpp.keluar(TppCorrected) == []
    slip = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
    assert [(one["selisih"], one["selisih_iuran"], one["menunggu"]) for one in slip["koreksi"]] == [
        ("0", "1200", True)
    ]
    await dunia.bulan(NOVEMBER)
    november = await baris(dunia, ANI, str(NOVEMBER))
    assert dibawa(november) == {(JKK, 202610): 1_200}
    assert per_kode(november) == {JKK: 12_000 + 1_200}
    assert all(not line.angka for line in baca_baris(november["baris"]))
    (listed,) = (await dunia.lihat(f"/koreksi/{BULAN}", BPKAD, "bpkad")).json()["data"]
    assert (listed["keadaan"], listed["iuran_menunggu"]) == ("dibawa", "0")


async def test_of_who_left_it_is_settled_outside(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(umum())
    await dunia.siapkan_tanpa_kebijakan()
    await dunia.jalankan()
    await kunci(dunia)
    gone = segmen(ANI, mulai=date(2026, 11, 1)).model_copy(update={"bertugas": False})
    await dunia.dengar(pegawai(ANI, segmen(ANI), gone, version=2))
    await gaji(dunia, ANI, 5_000_000)
    (one,) = (await dunia.lihat("/penyelesaian", BPKAD, "bpkad")).json()["data"]
    assert (one["jenis"], one["jumlah"], one["selisih_iuran"]) == ("iuran", "0", "1200")
    assert "iuran pemberi kerja" in one["tindakan"]
    body = {"cara": "dibayar", "tanggal": "2026-11-20", "bukti": "SP2D 900/12"}
    told = await dunia.kirim(f"/penyelesaian/{BULAN}/{ANI}/1", BPKAD, "bpkad", json=body)
    assert told.status_code == 200, told.text
    assert (await dunia.lihat("/penyelesaian", BPKAD, "bpkad")).json()["data"] == []
    (listed,) = (await dunia.lihat(f"/koreksi/{BULAN}", BPKAD, "bpkad")).json()["data"]
    assert (listed["keadaan"], listed["iuran_menunggu"]) == ("diselesaikan", "0")
