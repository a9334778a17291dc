"""Days of lateness reach a policy that caps each day, and what the employer pays stands apart."""

import io
import json
from typing import Any
from zipfile import ZipFile

from services.tpp.kebijakan.berkas_contoh import satu, semua, skema
from services.tpp.kebijakan.reader import baca
from services.tpp.kehadiran.hitung import hitung_bulan
from services.tpp.perhitungan.rules import HariKejadian, baca_masukan
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ANI,
    BPKAD,
    BULAN,
    HARI,
    KEPALA_HARIAN,
    NIP_DARI,
    OKTOBER,
    ORANG,
    Dunia,
    csv,
    kebijakan,
)
from tests.component.tpp.tahun import aktivitas, baris, jumlah, ptkp
from tests.component.tpp.test_andai_setahun import andaikan, sel
from tests.component.tpp.test_ekspor import BERKAS, lembar, rekening
from tests.component.tpp.test_rekening import baris as rekening_orang


async def dunia_jabar(tpp: Layanan, *hari: tuple[int, str, str]) -> Dunia:
    """The month of everybody closed under a policy with a cap of each day; ANI's days at these times."""
    dunia = Dunia(tpp)
    await dunia.kebijakan(kebijakan("jawa-barat"))
    await dunia.siapkan_tanpa_kebijakan(skip=frozenset({"tutup"}))
    await ptkp(dunia)
    await aktivitas(dunia, BULAN, *((NIP_DARI[who], 6600) for who in ORANG))
    await datang(dunia, *hari)
    assert await dunia.tutup() == 0
    return dunia


async def datang(dunia: Dunia, *hari: tuple[int, str, str]) -> None:
    rows = [(NIP_DARI[ANI], HARI[at], masuk, pulang, "") for at, masuk, pulang in hari]
    told = await dunia.kehadiran(csv(KEPALA_HARIAN, *rows), alasan="mesin presensi diperbaiki")
    assert told["diterapkan"], told


async def rekap(dunia: Dunia) -> Any:
    (row,) = await dunia.tpp.baris(
        "SELECT * FROM kehadiran_bulan WHERE pegawai_id = $1 AND periode = $2", ANI, BULAN
    )
    return row


async def test_a_day_late_and_left_early_is_capped_and_moving_one_of_them_is_another_version(
    tpp: Layanan,
) -> None:
    together, apart = ((0, "08:10", "15:20"),), ((0, "08:10", "16:05"), (3, "07:25", "15:20"))
    dunia = await dunia_jabar(tpp, *together)
    await dunia.jalankan()
    paid, counted = await baris(dunia, ANI, BULAN), await rekap(dunia)
    m = baca_masukan(paid["masukan"])
    assert m.kehadiran is not None
    assert (len(m.kehadiran.terlambat), len(m.kehadiran.pulang_cepat)) == (1, 1)
    assert m.hari_kejadian == HariKejadian((HARI[0].day,), (HARI[0].day,))
    assert jumlah(paid, "batas_sehari") == -(jumlah(paid, "tl2") + jumlah(paid, "psw2")) - 4 * (
        -jumlah(paid, "tl2") // 3
    )
    assert jumlah(paid, "batas_sehari") > 0
    await datang(dunia, *apart)
    moved = await rekap(dunia)
    assert (moved["terlambat"], moved["pulang_cepat"]) == (counted["terlambat"], counted["pulang_cepat"])
    assert moved["version"] > counted["version"]
    await dunia.jalankan()
    again = await baris(dunia, ANI, BULAN)
    assert (again["version"], jumlah(again, "batas_sehari")) == (paid["version"] + 1, 0)
    assert again["bruto"] == paid["bruto"] - jumlah(paid, "batas_sehari")


async def test_days_of_a_month_counted_before_are_filled_in_and_held_until_then(tpp: Layanan) -> None:
    dunia = await dunia_jabar(tpp, (0, "08:10", "15:20"))
    before = await rekap(dunia)
    await dunia.tpp.nilai("UPDATE kehadiran_bulan SET hari_terlambat = NULL, hari_pulang_cepat = NULL")
    await dunia.jalankan()
    held = await baris(dunia, ANI, BULAN)
    assert [one["kode"] for one in json.loads(held["alasan"])] == ["hari_kejadian_belum_ada"]
    others = await dunia.angka()
    assert {others[who][0] for who in ORANG if who != ANI} == {"dihitung"}
    await dunia.tpp.database.run(lambda tx: hitung_bulan(tx, OKTOBER, [ANI]))
    filled = await rekap(dunia)
    # The days alone are no late fact of a month that may be locked.
    assert filled["version"] == before["version"]
    assert (filled["hari_terlambat"], filled["hari_pulang_cepat"]) == ([HARI[0].day], [HARI[0].day])
    await dunia.jalankan()
    assert (await baris(dunia, ANI, BULAN))["status"] == "dihitung"


async def test_what_the_employer_pays_is_on_slip_budget_and_sipd_and_in_no_sum(tpp: Layanan) -> None:
    dunia = await dunia_jabar(tpp)
    await dunia.jalankan()
    rows = await dunia.tpp.baris("SELECT * FROM tpp_bulan WHERE opd_kode = 'DISDIK'")
    paid = {row["nip"]: {line[0]: line[1] for line in json.loads(row["iuran"])} for row in rows}
    for row in rows:
        lines = [line[1] for line in json.loads(row["baris"])]
        assert sum(lines) == row["neto"] == row["bruto"] - row["potongan"]
        base = max(0, min(12_000_000 - 4_500_000, row["bruto"]))
        assert paid[row["nip"]] == {
            "bpjs_kesehatan_pemberi_kerja": base * 4 // 100,
            "jkk_pemberi_kerja": 10_800,
            "jkm_pemberi_kerja": 32_400,
        }
    slip = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
    mine = paid[NIP_DARI[ANI]]
    assert {one["kode"]: int(one["jumlah"].split(".")[0]) for one in slip["iuran"]} == mine
    assert not {one["kode"] for one in slip["baris"]} & set(mine)
    assert slip["iuran"][0]["kalimat"].startswith("4% dari ")
    pdf = await dunia.lihat(f"/slip-pdf/{BULAN}/saya", ANI)
    assert pdf.content.startswith(b"%PDF-")
    # Under the policy that paid nothing changes; under one without contributions they are gone.
    found = await andaikan(dunia, kebijakan("jawa-barat"), OKTOBER)
    cell = sel(found, OKTOBER)
    assert cell.iuran_lama == cell.iuran_baru == sum(mine.values())
    total = await dunia.tpp.nilai(
        "SELECT sum((satu ->> 1)::bigint)::bigint FROM tpp_bulan, json_array_elements(iuran) AS satu"
    )
    assert int(found["jumlah"]["iuran_lama"].split(".")[0]) == total
    without = await andaikan(dunia, kebijakan(), OKTOBER)
    assert int(without["jumlah"]["iuran_baru"].split(".")[0]) == 0
    await dunia.kunci("DISDIK")
    await rekening(
        dunia, *(rekening_orang(who, NIK=f"31710101018500{at:02d}") for at, who in enumerate(ORANG))
    )
    head, *people = lembar((await dunia.lihat(f"{BERKAS}/sipd-tpp", BPKAD, "bpkad")).content)
    at = head.index("tunjangan_iuran_jaminan_kesehatan")
    assert head[at + 1 : at + 3] == [
        "tunjangan_iuran_jaminan_kecelakaan_kerja", "tunjangan_iuran_jaminan_kematian",
    ]  # fmt: skip
    assert len(people) == 3
    for cells in people:
        assert cells[at : at + 3] == list(paid[cells[1]].values())
        assert cells[at + 3 : at + 5] == [0, 0]
        assert cells[29] == sum(cells[14:19]) - cells[30]


async def test_examples_and_schema_are_fetched_by_whoever_is_signed_in(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    paths = ("/kebijakan/skema", "/kebijakan/contoh", "/kebijakan/contoh/semua", "/kebijakan/contoh/bontang")
    for path in paths:
        assert (await tpp.client.get(f"/api/tpp{path}")).status_code == 401
    told = await dunia.lihat("/kebijakan/skema", ANI)
    assert told.text == skema()
    assert told.headers["content-disposition"] == 'attachment; filename="kebijakan.schema.json"'
    assert json.loads(told.text)["title"] == "Kebijakan TPP"
    listed = (await dunia.lihat("/kebijakan/contoh", ANI)).json()["data"]
    assert [one["kode"] for one in listed] == [one.kode for one in semua().data]
    assert all(one["keterangan"] and one["kasus"] >= 3 for one in listed)
    text = (await dunia.lihat("/kebijakan/contoh/bontang", ANI)).text
    assert text == satu("bontang")
    assert text.startswith("# yaml-language-server: $schema=kebijakan.schema.json\n")
    assert baca(text).sidik == baca(kebijakan("bontang")).sidik
    told = await dunia.lihat("/kebijakan/contoh/tidak-ada", ANI)
    assert (told.status_code, "bontang" in told.json()["remedy"]) == (404, True)
    archive = ZipFile(io.BytesIO((await dunia.lihat("/kebijakan/contoh/semua", ANI)).content))
    assert set(archive.namelist()) == {"kebijakan.schema.json", *(one.berkas for one in semua().data)}
