"""Somebody left, and it is heard late: the right figure, the difference as rapel, or a thing to settle."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from services.tpp.perhitungan.rules import baca_alasan, baca_masukan
from shared.contracts.payroll import ItemPayable
from shared.contracts.pegawai import Penempatan
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BULAN,
    HARI,
    KEPALA_HARIAN,
    KEUANGAN,
    KEUANGAN_DINKES,
    NIP_DARI,
    OKTOBER,
    ORANG,
    Dunia,
    csv,
    pegawai,
    segmen,
)
from tests.component.tpp.test_pindah import dengan

NOVEMBER, DESEMBER = OKTOBER.plus(1), OKTOBER.plus(2)
PENUH = (3_603_064, 3_388_682)
"""Bruto and net of a full month of Ani: kelas 7, III/a, Baik, always present."""
KALENDER = (2_092_101, 1_967_621)
"""18 of 31 days: 2.164.500, 1.299.999 and 250.000 become 1.256.806, 754.838 and 145.161; less 3% for Baik
(64.704), BPJS 20.921 and 5% tax 103.559."""
KERJA = (1_965_307, 1_848_372)
"""12 of 22 working days: 1.180.636, 709.090 and 136.364; less 60.783, 19.653 and 97.282
(tax is rounded down)."""
TANGGAL_19 = date(2026, 10, 19)
ALPA = csv(KEPALA_HARIAN, (NIP_DARI[ANI], HARI[0], "", "", "A"))


def sampai(day: date) -> tuple[Penempatan, ...]:
    """Ani served until the day before."""
    return segmen(ANI), segmen(ANI, mulai=day).model_copy(update={"bertugas": False})


async def buka(tpp: Layanan, isi: bytes | None = None) -> Dunia:
    dunia = Dunia(tpp)
    await dunia.kebijakan(isi or dengan("pro_rata_hari_kalender"))
    await dunia.siapkan_tanpa_kebijakan()
    await dunia.jalankan()
    return dunia


async def kunci(dunia: Dunia, bulan: Any = OKTOBER) -> None:
    for opd in ("DISDIK", "DINKES"):
        await dunia.kunci(opd, str(bulan))


async def koreksi(dunia: Dunia) -> list[Any]:
    return await dunia.tpp.baris(
        "SELECT k.*, s.sisa FROM koreksi k JOIN koreksi_sisa s USING (periode, pegawai_id, urutan)"
        " ORDER BY periode, urutan"
    )


async def menunggu(dunia: Dunia) -> list[Any]:
    told = await dunia.lihat("/penyelesaian", BPKAD, "bpkad")
    assert told.status_code == 200, told.text
    return list(told.json()["data"])


async def angka(dunia: Dunia, bulan: Any = OKTOBER, who: UUID = ANI) -> Any:
    (row,) = await dunia.tpp.baris(
        "SELECT * FROM tpp_bulan WHERE periode = $1 AND pegawai_id = $2", str(bulan), who
    )
    return row


def mengatur(sebagian: str) -> bytes:
    """One jabatan pays the month, and the policy says how one is paid that was served in part."""
    text = dengan("pro_rata_hari_kalender").decode()
    return text.replace(
        "cara: pro_rata_hari_kalender", f"cara: hari_terakhir\n  sebagian: {sebagian}"
    ).encode()


@pytest.mark.parametrize(
    ("isi", "angka_oktober"),
    [
        (dengan("pro_rata_hari_kalender"), KALENDER),
        (dengan("pro_rata_hari_kerja"), KERJA),
        (mengatur("pro_rata_hari_kalender"), KALENDER),
        (mengatur("pro_rata_hari_kerja"), KERJA),
        (mengatur("penuh"), PENUH),
        (mengatur("tidak_dibayar"), (0, 0)),
    ],
    ids=["kalender", "kerja", "sebagian-kalender", "sebagian-kerja", "penuh", "tidak"],
)
@pytest.mark.parametrize("terkunci", [False, True], ids=["terbuka", "terkunci"])
async def test_days_of_service_are_paid_before_and_after_the_lock(
    tpp: Layanan, isi: bytes, angka_oktober: tuple[int, int], terkunci: bool
) -> None:
    dunia = await buka(tpp, isi)
    assert (await angka(dunia))["neto"] == PENUH[1]
    if not terkunci:
        await dunia.dengar(pegawai(ANI, *sampai(TANGGAL_19), version=2))
        await dunia.jalankan()
        row = await angka(dunia)
        assert (row["bruto"], row["neto"]) == angka_oktober
        assert row["status"] == ("dihitung" if angka_oktober[0] else "ditahan")
        return
    await kunci(dunia)
    await dunia.dengar(pegawai(ANI, *sampai(TANGGAL_19), version=2))
    await dunia.koreksi()
    found = await koreksi(dunia)
    selisih = (angka_oktober[0] - PENUH[0], angka_oktober[1] - PENUH[1])
    assert [(one["selisih_bruto"], one["selisih_neto"]) for one in found] == (
        [selisih] if any(selisih) else []
    )
    assert [(one["bruto"], one["neto"]) for one in found] == ([angka_oktober] if any(selisih) else [])
    # What was paid stays as it was paid, and what is too much waits for somebody to act.
    assert (await angka(dunia))["neto"] == PENUH[1]
    assert [(one["jenis"], one["jumlah"]) for one in await menunggu(dunia)] == (
        [("tagih", str(selisih[1]))] if any(selisih) else []
    )


async def test_from_the_first_day_on_nothing_is_due_and_later_months_pay_nothing(tpp: Layanan) -> None:
    dunia = await buka(tpp)
    await kunci(dunia)
    await dunia.bulan(NOVEMBER)
    await kunci(dunia, NOVEMBER)
    november = await angka(dunia, NOVEMBER)
    await dunia.dengar(pegawai(ANI, *sampai(date(2026, 10, 1)), version=2))
    await dunia.koreksi()
    found = await koreksi(dunia)
    assert [(one["periode"], one["bruto"], one["neto"], one["selisih_neto"]) for one in found] == [
        (BULAN, 0, 0, -PENUH[1]),
        (str(NOVEMBER), 0, 0, -november["neto"]),
    ]
    assert {tuple(one["sebab"]) for one in found} == {("Tidak bertugas sepanjang bulan ini",)}
    before = len(await dunia.tpp.keluar(ItemPayable))
    await dunia.bulan(DESEMBER, versions={ANI: 2})
    await kunci(dunia, DESEMBER)
    row = await angka(dunia, DESEMBER)
    (reason,) = baca_alasan(row["alasan"])
    assert (row["status"], row["neto"], reason.kode, reason.pemilik) == (
        "ditahan", 0, "tidak_bertugas", "admin_bkd",
    )  # fmt: skip
    # Nothing of it went into a month that is never paid.
    assert baca_masukan(row["masukan"]).rapel == ()
    items = (await dunia.tpp.keluar(ItemPayable))[before:]
    assert ANI not in {one.pegawai_id for one in items}
    assert len(items) == len(ORANG) - 1
    waiting = await menunggu(dunia)
    assert [(one["periode"], one["jenis"], one["jumlah"], one["pemilik"]) for one in waiting] == [
        (BULAN, "tagih", str(-PENUH[1]), "keuangan_opd"),
        (str(NOVEMBER), "tagih", str(-november["neto"]), "keuangan_opd"),
    ]
    assert all("ahli waris" in one["tindakan"] for one in waiting)


async def test_the_last_month_of_service_carries_what_it_can(tpp: Layanan) -> None:
    dunia = await buka(tpp)
    await kunci(dunia)
    assert (await dunia.kehadiran(ALPA, alasan="kesalahan rekap"))["diterapkan"]
    await dunia.koreksi()
    (found,) = await koreksi(dunia)
    await dunia.dengar(pegawai(ANI, *sampai(date(2026, 11, 16)), version=2))
    # November is still to be paid: nothing to claim by hand.
    assert await menunggu(dunia) == []
    await dunia.bulan(NOVEMBER, versions={ANI: 2})
    row = await angka(dunia, NOVEMBER)
    inputs = baca_masukan(row["masukan"])
    assert (row["status"], inputs.rapel) == ("dihitung", ((OKTOBER, found["selisih_bruto"]),))
    assert [(one.hari, one.kosong) for one in inputs.segmen] == [(15, False), (15, True)]
    assert found["selisih_bruto"] < 0 < row["neto"]
    await kunci(dunia, NOVEMBER)
    assert await menunggu(dunia) == []


async def test_what_is_owed_to_somebody_who_left_is_to_be_paid_apart(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(dengan("pro_rata_hari_kalender"))
    await dunia.siapkan_tanpa_kebijakan()
    assert (await dunia.kehadiran(ALPA))["diterapkan"]
    await dunia.jalankan()
    await kunci(dunia)
    await dunia.dengar(pegawai(ANI, *sampai(date(2026, 11, 1)), version=2))
    right = csv(KEPALA_HARIAN, (NIP_DARI[ANI], HARI[0], "07:25", "16:05", ""))
    assert (await dunia.kehadiran(right, alasan="kesalahan rekap"))["diterapkan"]
    await dunia.koreksi()
    (found,) = await koreksi(dunia)
    assert found["neto"] == PENUH[1]
    assert [(one["jenis"], one["jumlah"]) for one in await menunggu(dunia)] == [
        ("bayar", str(found["selisih_neto"]))
    ]


async def test_nobody_says_how_a_part_is_paid_and_the_office_is_told(tpp: Layanan) -> None:
    dunia = await buka(tpp, dengan("hari_terakhir"))
    await kunci(dunia)
    await dunia.dengar(pegawai(ANI, *sampai(TANGGAL_19), version=2))
    await dunia.koreksi()
    assert await koreksi(dunia) == []
    (one,) = await menunggu(dunia)
    assert (one["jenis"], one["urutan"], one["jumlah"], one["pemilik"]) == ("periksa", 0, "0", "admin_bkd")
    assert "pergantian: sebagian" in one["sebab"][0]
    # Taken back, or moved to the first of a month: nothing is left to be looked at.
    await dunia.dengar(pegawai(ANI, *sampai(date(2026, 10, 1)), version=3))
    await dunia.koreksi()
    assert [(one["jenis"], one["jumlah"]) for one in await menunggu(dunia)] == [("tagih", str(-PENUH[1]))]
    await dunia.dengar(pegawai(ANI, version=4))
    await dunia.koreksi()
    assert await menunggu(dunia) == []


async def test_a_wrong_retirement_taken_back_leaves_nothing(tpp: Layanan) -> None:
    dunia = await buka(tpp)
    await kunci(dunia)
    await dunia.dengar(pegawai(ANI, *sampai(date(2026, 10, 1)), version=2))
    await dunia.koreksi()
    await dunia.bulan(NOVEMBER, versions={ANI: 2})
    await kunci(dunia, NOVEMBER)
    assert (await angka(dunia, NOVEMBER))["status"] == "ditahan"
    assert len(await menunggu(dunia)) == 1
    await dunia.dengar(pegawai(ANI, version=3))
    await dunia.koreksi()
    assert await menunggu(dunia) == []
    oktober, back, november = await koreksi(dunia)
    assert oktober["selisih_neto"] + back["selisih_neto"] == 0
    assert back["sebab"] == ["Bertugas sebulan penuh"]
    assert november["selisih_neto"] == november["neto"] > 0
    await dunia.bulan(DESEMBER, versions={ANI: 3})
    # The whole of November, and nothing of October.
    row = await angka(dunia, DESEMBER)
    assert baca_masukan(row["masukan"]).rapel == ((NOVEMBER, november["selisih_bruto"]),)
    assert all(one["sisa"] == 0 for one in await koreksi(dunia))


async def test_who_is_no_employee_any_more_is_in_the_list_too(tpp: Layanan) -> None:
    dunia = await buka(tpp)
    await kunci(dunia)
    assert (await dunia.kehadiran(ALPA, alasan="kesalahan rekap"))["diterapkan"]
    await dunia.koreksi()
    assert await menunggu(dunia) == []
    await dunia.dengar(pegawai(ANI, version=2, aktif=False))
    (one,) = await menunggu(dunia)
    assert (one["jenis"], one["pegawai_id"]) == ("tagih", str(ANI))


async def test_a_month_held_for_its_data_carries_nothing_that_could_be_lost_with_it(tpp: Layanan) -> None:
    dunia = await buka(tpp)
    await kunci(dunia)
    assert (await dunia.kehadiran(ALPA, alasan="kesalahan rekap"))["diterapkan"]
    await dunia.koreksi()
    await dunia.bulan(NOVEMBER, predikat=None)  # type: ignore[arg-type]
    await kunci(dunia, NOVEMBER)
    (found,) = await koreksi(dunia)
    assert found["sisa"] is None
    await dunia.dengar(pegawai(ANI, *sampai(date(2026, 11, 1)), version=2))
    await dunia.koreksi()
    assert [one["jumlah"] for one in await menunggu(dunia)] == [str(found["selisih_neto"])]


SELESAI = {"cara": "disetor", "tanggal": "2026-11-20", "bukti": "STS 12/2026"}


async def test_how_it_was_settled_is_noted_once_by_the_rightful_person(tpp: Layanan) -> None:
    dunia = await buka(tpp)
    await kunci(dunia)
    await dunia.dengar(pegawai(ANI, *sampai(date(2026, 10, 1)), version=2))
    await dunia.koreksi()
    path = f"/penyelesaian/{OKTOBER}/{ANI}/1"
    assert (await tpp.client.get("/api/tpp/penyelesaian")).status_code == 401
    assert (await tpp.client.post(f"/api/tpp{path}", json=SELESAI)).status_code == 401
    assert (await dunia.lihat("/penyelesaian", ANI)).status_code == 403
    assert (await dunia.lihat(path, KEUANGAN_DINKES, "keuangan_opd", unit="PEMDA/DINKES")).status_code == 403
    elsewhere = await dunia.lihat("/penyelesaian", KEUANGAN_DINKES, "keuangan_opd", unit="PEMDA/DINKES")
    assert elsewhere.json()["data"] == []
    for who, role in ((KEUANGAN, "keuangan_opd"), (ADMIN, "admin_bkd")):
        assert (await dunia.lihat(path, who, role, unit="PEMDA/DISDIK")).json()["jumlah"] == str(-PENUH[1])
        assert (await dunia.kirim(path, who, role, unit="PEMDA/DISDIK", json=SELESAI)).status_code == 403
    assert (await dunia.kirim(path, ANI, "bpkad", json=SELESAI)).status_code == 403
    for wrong, field in (({"cara": "dibayar"}, "/cara"), ({"tanggal": "2099-01-01"}, "/tanggal")):
        told = await dunia.kirim(path, BPKAD, "bpkad", json={**SELESAI, **wrong})
        assert (told.status_code, [one["pointer"] for one in told.json()["errors"]]) == (422, [field])
    assert (
        await dunia.kirim(f"/penyelesaian/{OKTOBER}/{ANI}/9", BPKAD, "bpkad", json=SELESAI)
    ).status_code == 404
    assert (await dunia.kirim(path, BPKAD, "bpkad", json=SELESAI)).status_code == 200
    assert await menunggu(dunia) == []
    assert (await dunia.kirim(path, BPKAD, "bpkad", json=SELESAI)).status_code == 409
    (mine,) = (await dunia.lihat(f"/koreksi/{BULAN}", KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")).json()[
        "data"
    ]
    assert (mine["keadaan"], mine["bukti"]) == ("diselesaikan", "STS 12/2026")
    (shown,) = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()["koreksi"]
    assert (shown["menunggu"], shown["diselesaikan"]) == (False, "STS 12/2026")
    # The month cannot be opened under it, and a retirement that was wrong after all pays everything back.
    told = await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", json={"alasan": "Keliru hitung"})
    assert told.status_code == 409
    await dunia.dengar(pegawai(ANI, version=3))
    await dunia.koreksi()
    await dunia.bulan(NOVEMBER, versions={ANI: 3})
    assert baca_masukan((await angka(dunia, NOVEMBER))["masukan"]).rapel == ((OKTOBER, PENUH[0]),)


async def test_the_pages_say_what_to_do(tpp: Layanan) -> None:
    dunia = await buka(tpp)
    await kunci(dunia)
    await dunia.dengar(pegawai(ANI, *sampai(TANGGAL_19), version=2))
    await dunia.koreksi()
    address = f"/tpp/penyelesaian/{OKTOBER}/{ANI}/1"

    async def buka_halaman(path: str, who: UUID, *peran: str, unit: str | None = None) -> Any:
        return await tpp.client.get(
            path, headers={**tpp.kepala(who, *peran, unit=unit), "accept": "text/html"}
        )

    listed = await buka_halaman("/tpp/penyelesaian", BPKAD, "bpkad")
    assert (listed.status_code, address in listed.text, "Bertugas 18 dari 31 hari" in listed.text) == (
        200,
        True,
        True,
    )
    seen = await buka_halaman(address, BPKAD, "bpkad")
    assert (seen.status_code, "1.421.061" in seen.text, "Catat penyelesaian" in seen.text) == (
        200,
        True,
        True,
    )
    office = await buka_halaman(address, KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK")
    assert (office.status_code, "Catat penyelesaian" in office.text) == (200, False)


def riwayat(hari: list[int]) -> list[tuple[Penempatan, ...]]:
    """Versions of Ani: each day is when she left, counted from October; 0: she did not."""
    start = date(2026, 10, 1)
    return [sampai(start + timedelta(days=one - 1)) if one else (segmen(ANI),) for one in hari]


@st.composite
def kejadian(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """When she left by each version of her data, and the order in which they are heard, some twice."""
    days = draw(st.lists(st.sampled_from([0, 1, 2, 19, 31, 32, 47, 61]), min_size=1, max_size=4))
    order = [*range(len(days)), *draw(st.lists(st.integers(0, len(days) - 1), max_size=2))]
    return days, draw(st.permutations(order))


async def test_whatever_the_order_the_same_is_paid_and_the_same_waits(tpp: Layanan) -> None:
    """October and November are locked and paid in full; then versions come in any order."""
    dunia = await buka(tpp)
    await kunci(dunia)
    await dunia.bulan(NOVEMBER)
    await kunci(dunia, NOVEMBER)
    row = await angka(dunia, NOVEMBER)
    paid = {BULAN: PENUH, str(NOVEMBER): (row["bruto"], row["neto"])}
    owner = await asyncpg.connect(tpp.running.settings.owner_database)
    loop = asyncio.get_running_loop()
    truth: dict[int, Any] = {}

    async def satu(days: list[int], order: list[int]) -> None:
        await owner.execute("DELETE FROM koreksi_tertahan; DELETE FROM koreksi; DELETE FROM koreksi_antrean")
        await owner.execute("DELETE FROM kernel.inbox; UPDATE pegawai SET version = 0")
        await tpp.dengar(pegawai(ANI))
        await dunia.koreksi()
        assert await koreksi(dunia) == []
        versions = riwayat(days)
        for number in order:
            await tpp.dengar(pegawai(ANI, *versions[number], version=number + 2))
            await dunia.koreksi()
        found = await koreksi(dunia)
        now = {
            month: (bruto + sum(one["selisih_bruto"] for one in found if one["periode"] == month),
                    neto + sum(one["selisih_neto"] for one in found if one["periode"] == month))
            for month, (bruto, neto) in paid.items()
        }  # fmt: skip
        last = days[-1]
        # In each case as it comes to when it is the only thing that was ever heard.
        assert truth.setdefault(last, now) == now
        assert all(0 <= neto <= paid[month][1] for month, (_, neto) in now.items())
        gone = bool(last) and last <= 61
        listed = sum(int(one["jumlah"]) for one in await menunggu(dunia))
        assert listed == (sum(neto - paid[month][1] for month, (_, neto) in now.items()) if gone else 0)

    await satu([19], [0])
    assert truth[19] == {BULAN: KALENDER, str(NOVEMBER): (0, 0)}
    await satu([1], [0])
    assert truth[1] == {BULAN: (0, 0), str(NOVEMBER): (0, 0)}
    await satu([0], [0])
    assert truth[0] == paid

    @seed(11)
    @settings(max_examples=25, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(what=kejadian())
    def exact(what: tuple[list[int], list[int]]) -> None:
        asyncio.run_coroutine_threadsafe(satu(*what), loop).result()

    try:
        await asyncio.to_thread(exact)
    finally:
        await owner.close()


def wafat(sebagian: str = "") -> bytes:
    """The common policy with its rule for a death, days or not."""
    return (mengatur(sebagian) if sebagian else dengan("pro_rata_hari_kalender")).replace(
        b"  golongan: hari_terakhir", b"  meninggal: penuh\n  golongan: hari_terakhir"
    )


def berhenti(day: date, sebab: str | None, *later: date) -> tuple[Penempatan, ...]:
    """Ani served until the day before, and why; told in more segments from `later` on."""
    away = {"bertugas": False, "sebab": sebab}
    return segmen(ANI), *(segmen(ANI, mulai=one).model_copy(update=away) for one in (day, *later))


@pytest.mark.parametrize(
    ("isi", "segments", "angka_oktober"),
    [
        (wafat(), berhenti(TANGGAL_19, "meninggal"), PENUH),
        (wafat("pro_rata_hari_kalender"), berhenti(TANGGAL_19, "meninggal"), PENUH),
        (wafat("tidak_dibayar"), berhenti(TANGGAL_19, "meninggal"), PENUH),
        (wafat(), berhenti(TANGGAL_19, "meninggal", date(2026, 10, 26)), PENUH),
        (wafat(), berhenti(OKTOBER.first_day, "meninggal"), PENUH),
        (wafat(), berhenti(date(2026, 9, 30), "meninggal", date(2026, 10, 12)), (0, 0)),
        (wafat(), berhenti(TANGGAL_19, "pensiun"), KALENDER),
        (wafat(), berhenti(TANGGAL_19, None), KALENDER),
        (dengan("pro_rata_hari_kalender"), berhenti(TANGGAL_19, "meninggal"), KALENDER),
    ],
    ids=[
        "wafat", "satu-jabatan", "sebagian-tidak", "dua-segmen", "tanggal-1", "bulan-sesudahnya", "pensiun",
        "tidak-dikatakan", "kebijakan-diam",
    ],
)  # fmt: skip
async def test_a_death_is_told_from_a_retirement_where_the_policy_asks(
    tpp: Layanan, isi: bytes, segments: tuple[Penempatan, ...], angka_oktober: tuple[int, int]
) -> None:
    dunia = await buka(tpp, isi)
    await dunia.dengar(pegawai(ANI, *segments, version=2))
    await dunia.jalankan()
    row = await angka(dunia)
    assert (row["bruto"], row["neto"]) == angka_oktober
    assert ('"sebab"' in row["masukan"]) == (
        isi != dengan("pro_rata_hari_kalender") and segments[1].sebab is not None and angka_oktober[0] > 0
    )
    if angka_oktober == PENUH:
        slip = (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()
        assert slip["baris"][0]["kalimat"].endswith("meninggal pada bulan ini, dibayar sampai akhir bulan")


async def test_a_death_told_after_the_lock_gives_the_rest_of_the_month(tpp: Layanan) -> None:
    dunia = await buka(tpp, wafat())
    await dunia.dengar(pegawai(ANI, *berhenti(TANGGAL_19, "pensiun"), version=2))
    await dunia.jalankan()
    await kunci(dunia)
    await dunia.dengar(pegawai(ANI, *berhenti(TANGGAL_19, "meninggal"), version=3))
    await dunia.koreksi()
    (found,) = await koreksi(dunia)
    assert found["selisih_neto"] == PENUH[1] - KALENDER[1]
    assert found["sebab"] == ["Berhenti bertugas karena meninggal"]
