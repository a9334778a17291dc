"""An acting duty that has to last thirty days: what becomes of the months before it has.

The common policy pays a fifth of kelas 11 for a duty of thirty days: 1.346.966 a month. Ani's begins on the
20th of October.
"""

from datetime import date
from typing import Any

import pytest

from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import Baris, baca_baris, baca_masukan, tulis_baris
from shared.period import Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ANI,
    BUDI,
    OKTOBER,
    ORANG,
    Dunia,
    dibuka,
    dibuka_kembali,
    dinilai,
    hadir_semua,
    kebijakan,
    pegawai,
    segmen,
)

NOVEMBER, DESEMBER = OKTOBER.plus(1), OKTOBER.plus(2)
MULAI = date(2026, 10, 20)
SEBULAN = 1_346_966
SEJAK_TERCAPAI = kebijakan().replace(b"dibayar: sejak_awal", b"dibayar: sejak_tercapai")


def bertugas(*, sampai: date | None = None, version: int = 2) -> Any:
    """Ani with her duty, open or until a day."""
    rest = () if sampai is None else (segmen(ANI, mulai=sampai),)
    return pegawai(
        ANI, segmen(ANI), segmen(ANI, mulai=MULAI, plt=11, plt_mulai=MULAI), *rest, version=version
    )


async def oktober(tpp: Layanan, isi: bytes | None = None, *, sampai: date | None = None) -> Dunia:
    """October closed and computed, of a duty that has lasted twelve days."""
    dunia = Dunia(tpp)
    await dunia.kebijakan(isi)
    await dunia.siapkan_tanpa_kebijakan(skip=frozenset({"tutup"}))
    await dunia.dengar(bertugas(sampai=sampai))
    assert await dunia.tutup(versions={ANI: 2}) == 0
    await dunia.jalankan()
    return dunia


async def tutup(dunia: Dunia, bulan: Period, *, ani: int = 2, jalankan: bool = True) -> None:
    """A later month closed; what that leaves to correct is worked out, then the month is run."""
    await dunia.dengar(dibuka(bulan=bulan))
    assert (await dunia.kehadiran(hadir_semua(*ORANG, bulan=bulan), periode=str(bulan)))["diterapkan"]
    await dunia.dengar(*(dinilai(who, bulan=bulan) for who in ORANG))
    assert await dunia.tutup(bulan=bulan, versions={ANI: ani}) == 0
    await dunia.koreksi()
    if jalankan:
        assert (await dunia.jalankan(str(bulan)))["keadaan"] == "selesai"


async def kunci(dunia: Dunia, bulan: Period) -> None:
    for opd in ("DISDIK", "DINKES"):
        await dunia.kunci(opd, str(bulan))


async def bulan_ani(dunia: Dunia, bulan: Period) -> Any:
    (row,) = await dunia.tpp.baris(
        "SELECT * FROM tpp_bulan WHERE pegawai_id = $1 AND periode = $2", ANI, str(bulan)
    )
    return row


def baris(row: Any, kode: str) -> list[Baris]:
    return [line for line in baca_baris(row["baris"]) if line.kode == kode]


async def koreksi(dunia: Dunia) -> list[dict[str, Any]]:
    return await dunia.tpp.baris("SELECT * FROM koreksi ORDER BY periode, pegawai_id, urutan")


async def test_a_duty_that_comes_to_last_is_paid_from_its_first_day_by_the_month_it_does(
    tpp: Layanan,
) -> None:
    dunia = await oktober(tpp)
    first = await bulan_ani(dunia, OKTOBER)
    assert (baca_masukan(first["masukan"]).hari_plt, baris(first, "tambahan_plt")) == (12, [])
    await kunci(dunia, OKTOBER)
    await tutup(dunia, NOVEMBER)
    (found,) = await koreksi(dunia)
    assert (found["periode"], found["pegawai_id"]) == (str(OKTOBER), ANI)
    assert found["sebab"] == ["Lama tugas Plt (hari) 12 menjadi 42"]
    # As October would have been paid, had the length been known: the very same computation.
    known = baca_masukan(first["masukan"])._replace(hari_plt=42)
    assert found["bruto"] == engine.compile(baca(kebijakan().decode()))(known).bruto
    assert found["selisih_bruto"] == found["bruto"] - first["bruto"] > 0
    november = await bulan_ani(dunia, NOVEMBER)
    assert baris(november, "rapel_lalu") == [Baris("rapel_lalu", found["selisih_bruto"], (202610,))]
    assert baris(november, "tambahan_plt") == [Baris("tambahan_plt", SEBULAN)]
    # What is stored computes to itself, and October stays as it was locked.
    stored = baca_masukan(november["masukan"])
    assert stored.hari_plt == 42
    again = engine.compile(baca(kebijakan().decode()))(stored)
    assert (tulis_baris(again.baris), again.neto) == (november["baris"], november["neto"])
    assert (await bulan_ani(dunia, OKTOBER))["baris"] == first["baris"]
    # Another month of the duty is no news for those that are paid.
    await kunci(dunia, NOVEMBER)
    await tutup(dunia, DESEMBER)
    assert len(await koreksi(dunia)) == 1
    assert baris(await bulan_ani(dunia, DESEMBER), "rapel_lalu") == []


@pytest.mark.parametrize("isi", [SEJAK_TERCAPAI, None], ids=["sejak-tercapai", "lima-puluh-hari"])
async def test_months_stay_unpaid_where_the_policy_says_so_or_the_duty_is_still_too_short(
    tpp: Layanan, isi: bytes | None
) -> None:
    text = kebijakan()
    for old, new in (
        (b">= 30 hari", b">= 50 hari"), (b"hari_plt < 30 hari", b"hari_plt < 50 hari"),
        (b"hari_plt: 31", b"hari_plt: 61"), (b"hari_plt: 30}", b"hari_plt: 50}"),
        (b"hari_plt: 42}", b"hari_plt: 52}"),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    dunia = await oktober(tpp, isi or text)
    await kunci(dunia, OKTOBER)
    await tutup(dunia, NOVEMBER)
    assert await koreksi(dunia) == []
    november = await bulan_ani(dunia, NOVEMBER)
    assert [line.jumlah for line in baris(november, "tambahan_plt")] == ([SEBULAN] if isi else [])
    assert baris(november, "rapel_lalu") == []


async def test_an_end_counts_when_it_is_reached_and_an_earlier_end_takes_back_what_was_paid(
    tpp: Layanan,
) -> None:
    """Known to last until Christmas, the duty still counts only what is closed; then it turns out shorter."""
    dunia = await oktober(tpp, sampai=date(2026, 12, 25))
    assert baca_masukan((await bulan_ani(dunia, OKTOBER))["masukan"]).hari_plt == 12
    await kunci(dunia, OKTOBER)
    await tutup(dunia, NOVEMBER)
    await kunci(dunia, NOVEMBER)
    (paid,) = await koreksi(dunia)
    await dunia.dengar(bertugas(sampai=date(2026, 11, 10), version=3))
    await dunia.koreksi()
    _, october, november = await koreksi(dunia)
    assert (october["periode"], october["selisih_bruto"]) == (str(OKTOBER), -paid["selisih_bruto"])
    assert october["sebab"] == ["Lama tugas Plt (hari) 42 menjadi 21"]
    assert (november["periode"], baris(november, "tambahan_plt")) == (str(NOVEMBER), [])
    await tutup(dunia, DESEMBER, ani=3)
    december = await bulan_ani(dunia, DESEMBER)
    carried = {line.angka: line.jumlah for line in baris(december, "rapel_lalu")}
    assert carried == {(202610,): october["selisih_bruto"], (202611,): november["selisih_bruto"]}
    # All three months come to what nobody acting would have been paid.
    whole = [(await bulan_ani(dunia, month))["bruto"] for month in (OKTOBER, NOVEMBER, DESEMBER)]
    assert sum(whole) == 3 * whole[0]


async def test_a_month_run_or_locked_after_a_later_one_was_closed_knows_the_length(tpp: Layanan) -> None:
    dunia = await oktober(tpp)
    await tutup(dunia, NOVEMBER, jalankan=False)
    # October is not locked yet: another run pays it, and opening November again changes nothing of that.
    assert await koreksi(dunia) == []
    await dunia.dengar(dibuka_kembali(4, NOVEMBER))
    before = await bulan_ani(dunia, OKTOBER)
    await dunia.kunci("DISDIK")
    await dunia.koreksi()
    (found,) = await koreksi(dunia)
    assert (found["pegawai_id"], found["bruto"] - before["bruto"]) == (ANI, found["selisih_bruto"])
    assert baca_masukan(found["masukan"]).hari_plt == 42
    assert all(row["pegawai_id"] != BUDI for row in await koreksi(dunia))


async def test_a_run_again_of_an_open_month_pays_it_at_once(tpp: Layanan) -> None:
    dunia = await oktober(tpp)
    await tutup(dunia, NOVEMBER, jalankan=False)
    await dunia.dengar(dibuka_kembali(4))
    assert await dunia.tutup(version=6, versions={ANI: 2}) == 0
    await dunia.jalankan()
    row = await bulan_ani(dunia, OKTOBER)
    assert baca_masukan(row["masukan"]).hari_plt == 42
    assert [line.kode for line in baris(row, "tambahan_plt")] == ["tambahan_plt"]
    assert baris(row, "plt_belum_dibayar") == []
