"""December's tax counts the whole year: locked months, what is told from outside, and never a guess."""

from typing import Any

import pytest

from services.tpp.kebijakan.queries import terbaca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import baca_alasan, baca_masukan, tulis_baris, tulis_masukan
from services.tpp.perhitungan.setahun import sumbangan
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ANI,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    KEUANGAN,
    NIP_DARI,
    PENGELOLA,
    Dunia,
    csv,
)
from tests.component.tpp.tahun import (
    DESEMBER,
    KEPALA,
    NOVEMBER,
    aktivitas,
    baris,
    bulan,
    jumlah,
    oktober,
    saldo,
)


@pytest.fixture
async def jabar(tpp: Layanan) -> Dunia:
    return await oktober(tpp)


async def test_strangers_tell_nothing_of_anybodys_year(dunia: Dunia) -> None:
    isi = csv(KEPALA, (NIP_DARI[ANI], "2026-09", 1, 0, 0))
    url, params = "/api/tpp/impor/saldo-pajak", {"berkas": "x.csv"}
    told = await dunia.tpp.client.post(
        url, params=params, content=isi, headers={"Idempotency-Key": "12345678"}
    )
    assert told.status_code == 401
    for peran in ("pengelola", "auditor", "pimpinan", "sysadmin"):
        told = await dunia.kirim(
            "/impor/saldo-pajak", PENGELOLA, peran, unit="PEMDA", params=params, content=isi
        )
        assert told.status_code == 403, peran
    row = (NIP_DARI[DEDI], "2026-09", 1, 0, 0)
    report = await saldo(dunia, row, who=KEUANGAN, peran="keuangan_opd", unit="PEMDA/DISDIK")
    assert "wewenang Anda" in report["salah"][0]["alasan"]
    assert await dunia.tpp.nilai("SELECT count(*) FROM saldo_pajak") == 0
    mine = (NIP_DARI[ANI], "September 2026", "Rp 1.000.000", 0, 0)
    assert (await saldo(dunia, mine, who=KEUANGAN, peran="keuangan_opd", unit="PEMDA/DISDIK"))["diterapkan"]


@pytest.mark.parametrize(
    ("isi", "kolom"),
    [
        (("2026-12", 1, 0, 0), "sampai bulan"),
        (("kemarin", 1, 0, 0), "sampai bulan"),
        (("1999-09", 1, 0, 0), "sampai bulan"),
        (("2026-09", -1, 0, 0), "bruto"),
        (("2026-09", 1, "", 0), "pengurang"),
        (("2026-09", 1, 0, "0,5"), "pajak"),
        (("2026-09", 10, 6, 5), "pajak"),
    ],
)
async def test_a_wrong_balance_is_named(dunia: Dunia, isi: tuple[object, ...], kolom: str) -> None:
    report = await saldo(dunia, (NIP_DARI[ANI], *isi), (NIP_DARI[BUDI], "2026-09", 10, 1, 1))
    assert not report["diterapkan"]
    assert [one["kolom"] for one in report["salah"]] == [kolom]


async def test_december_is_the_year_less_what_was_withheld(jabar: Dunia) -> None:
    """October and November from what was locked, the months before from outside; replayed byte for byte."""
    await jabar.kunci("DISDIK")
    await aktivitas(jabar, BULAN, (NIP_DARI[BUDI], 3300))
    await jabar.koreksi()
    await bulan(jabar, NOVEMBER)
    await jabar.kunci("DISDIK", str(NOVEMBER))
    await saldo(
        jabar,
        (NIP_DARI[ANI], "2026-09", 70_000_000, 1_500_000, 1_000_000),
        (NIP_DARI[BUDI], "2026-09", 75_000_000, 0, 1_200_000),
        (NIP_DARI[BUDI], "2026-06", 1, 0, 0),
    )
    await bulan(jabar, DESEMBER)
    ani = await baris(jabar, ANI, "2026-12")
    found = baca_masukan(ani["masukan"]).setahun
    assert found is not None
    # 70.000.000 + 2 x 8.400.000, and 1,5% of both months.
    assert found[:3] == (86_800_000, 1_500_000, 1_252_000)
    assert found.asal == (("saldo:2026-09", 1), ("2026-10", 1), ("2026-11", 1))
    assert jumlah(ani, "pph21") == -495_000

    # What Budi owes back of October is counted in November, where it was taken.
    budi = await baris(jabar, BUDI, "2026-12")
    sums = baca_masukan(budi["masukan"]).setahun
    assert sums is not None
    pertama, november = await baris(jabar, BUDI, BULAN), await baris(jabar, BUDI, "2026-11")
    assert jumlah(november, "rapel_lalu") < 0
    assert sums.bruto == 75_000_000 + 2 * 4_500_000 + pertama["bruto"] + november["bruto"]

    # The other OPD locked nothing: each person waits, and is told which months are missing.
    dedi = await baris(jabar, DEDI, "2026-12")
    reasons = {one.kode: one.kalimat for one in baca_alasan(dedi["alasan"])}
    assert dedi["status"] == "ditahan"
    assert "Januari sampai November 2026" in reasons["setahun_belum_ada"]

    for who, row in ((ANI, ani), (BUDI, budi)):
        policy = terbaca(await jabar.tpp.nilai("SELECT dokumen FROM kebijakan"))
        inputs = baca_masukan(row["masukan"])
        assert tulis_masukan(inputs) == row["masukan"]
        assert tulis_baris(engine.compile(policy)(inputs).baris) == row["baris"]
        # The sums again, from the figures that they name.
        assert inputs.setahun is not None
        again = [0, 0, 0]
        for name, number in inputs.setahun.asal:
            if name.startswith("saldo:"):
                (told,) = await jabar.tpp.baris(
                    "SELECT bruto, pengurang, pajak FROM saldo_pajak"
                    " WHERE pegawai_id = $1 AND sampai = $2 AND version = $3",
                    who, name.removeprefix("saldo:"), number,
                )  # fmt: skip
                part: Any = tuple(told.values())
            else:
                stored = await jabar.tpp.nilai(
                    "SELECT masukan FROM (SELECT pegawai_id, periode, nomor, masukan FROM tpp_bulan UNION ALL"
                    " SELECT pegawai_id, periode, nomor, masukan FROM tpp_riwayat) AS semua"
                    " WHERE pegawai_id = $1 AND periode = $2 AND nomor = $3", who, name, number,
                )  # fmt: skip
                part = sumbangan(policy, baca_masukan(stored), number)
            again = [a + b for a, b in zip(again, part, strict=False)]
        assert tuple(again) == inputs.setahun[:3]


async def test_a_month_that_is_not_locked_is_not_paid_and_not_counted(jabar: Dunia) -> None:
    await jabar.kunci("DISDIK")
    await bulan(jabar, NOVEMBER)
    await saldo(jabar, *((NIP_DARI[who], "2026-09", 70_000_000, 0, 1_000_000) for who in (ANI, BUDI)))
    await bulan(jabar, DESEMBER)
    waits = await baris(jabar, ANI, "2026-12")
    assert waits["status"] == "ditahan"
    reasons = {one.kode: one.kalimat for one in baca_alasan(waits["alasan"])}
    assert "pajak November 2026 belum diketahui" in reasons["setahun_belum_ada"]
    # A balance up to November stands for it, and a locked November counts as soon as a run looks again.
    await saldo(jabar, (NIP_DARI[BUDI], "2026-11", 90_000_000, 0, 1_300_000))
    await jabar.kunci("DISDIK", "2026-11")
    await jabar.jalankan("2026-12")
    ani, budi = await baris(jabar, ANI, "2026-12"), await baris(jabar, BUDI, "2026-12")
    assert (ani["status"], budi["status"]) == ("dihitung", "dihitung")
    sums = baca_masukan(budi["masukan"]).setahun
    assert sums == (90_000_000, 0, 1_300_000, (("saldo:2026-11", 1),))


async def test_november_asks_for_no_earlier_month(jabar: Dunia) -> None:
    await bulan(jabar, NOVEMBER)
    row = await baris(jabar, ANI, "2026-11")
    assert row["status"] == "dihitung"
    assert "setahun" not in row["masukan"]


async def test_a_late_balance_corrects_a_locked_december(jabar: Dunia) -> None:
    await jabar.kunci("DISDIK")
    await bulan(jabar, NOVEMBER)
    await jabar.kunci("DISDIK", "2026-11")
    told = [(NIP_DARI[who], "2026-09", 70_000_000, 0, 1_000_000) for who in (ANI, BUDI)]
    await saldo(jabar, *told)
    await bulan(jabar, DESEMBER)
    await jabar.kunci("DISDIK", "2026-12")
    await saldo(
        jabar,
        (NIP_DARI[ANI], "2026-09", 72_000_000, 0, 1_000_000),
        (NIP_DARI[CICI], "2026-09", 60_000_000, 0, 900_000),
    )
    await jabar.koreksi()
    rows = await jabar.tpp.baris("SELECT pegawai_id, selisih_bruto, selisih_neto, sebab FROM koreksi")
    found = {row["pegawai_id"]: row for row in rows}
    assert set(found) == {ANI, CICI}
    # 2.000.000 more, of which 95% are taxed with 5%.
    assert (found[ANI]["selisih_bruto"], found[ANI]["selisih_neto"]) == (0, -95_000)
    assert found[ANI]["sebab"] == ["Penghasilan dan pajak bulan-bulan sebelumnya tahun ini berubah"]
    assert found[CICI]["selisih_neto"] > 0


async def test_a_month_locked_after_december_completes_it(jabar: Dunia) -> None:
    await jabar.kunci("DISDIK")
    await bulan(jabar, NOVEMBER)
    await saldo(jabar, *((NIP_DARI[who], "2026-09", 70_000_000, 0, 1_000_000) for who in (ANI, BUDI)))
    await bulan(jabar, DESEMBER)
    await jabar.kunci("DISDIK", "2026-12")
    await jabar.koreksi()
    assert await jabar.tpp.baris("SELECT FROM koreksi") == []
    await jabar.kunci("DISDIK", "2026-11")
    await jabar.koreksi()
    rows = await jabar.tpp.baris("SELECT pegawai_id, periode, neto, selisih_neto FROM koreksi")
    assert {(row["pegawai_id"], row["periode"]) for row in rows} == {(ANI, "2026-12"), (BUDI, "2026-12")}
    assert all(row["neto"] == row["selisih_neto"] > 0 for row in rows)
