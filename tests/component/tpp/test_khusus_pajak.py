"""Extra payments in the tax of a year: of the year they are paid in, each rupiah withheld once."""

from typing import Any
from uuid import UUID

from services.tpp.kebijakan.queries import terbaca
from services.tpp.perhitungan.rules import Setahun, baca_alasan, baca_masukan
from services.tpp.perhitungan.setahun import bulan_sebelumnya
from shared.period import Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    KEUANGAN_DINKES,
    NIP_DARI,
    ORANG,
    Dunia,
    kebijakan,
)
from tests.component.tpp.tahun import DESEMBER, NOVEMBER, aktivitas, baris, bulan, jumlah, ptkp, saldo

KE_13, THR, JANUARI = "2026-13", "2026-14", Period(2027, 1)
_SALDO = (70_000_000, 1_500_000, 1_000_000)


def berdasar_desember(*, januari: bool = False) -> bytes:
    """The policy with TER, whose extra payments are based on December."""
    text = kebijakan("jawa-barat").decode()
    for month in (5, 2):
        paid = ", dibayar_bulan: 1" if januari else ""
        text = text.replace(f"dasar_bulan: {month}}}", f"dasar_bulan: 12{paid}}}")
    return text.encode()


async def setahun(tpp: Layanan, isi: bytes, *, kunci: bool = True) -> Dunia:
    """October and November locked, the months before told from outside, December computed."""
    dunia = Dunia(tpp)
    await dunia.kebijakan(isi)
    await dunia.siapkan_tanpa_kebijakan()
    await ptkp(dunia)
    await aktivitas(dunia, BULAN, *((NIP_DARI[who], 6600) for who in ORANG))
    await dunia.jalankan()
    await dunia.kunci("DISDIK")
    await bulan(dunia, NOVEMBER)
    await dunia.kunci("DISDIK", str(NOVEMBER))
    await saldo(dunia, *((NIP_DARI[who], "2026-09", *_SALDO) for who in (ANI, BUDI)))
    await bulan(dunia, DESEMBER)
    if kunci:
        await dunia.kunci("DISDIK", str(DESEMBER))
    return dunia


async def sums(dunia: Dunia, who: UUID, masa: str) -> Setahun | None:
    return baca_masukan((await baris(dunia, who, masa))["masukan"]).setahun


async def pph(dunia: Dunia, masa: str, who: UUID = ANI) -> int:
    return -jumlah(await baris(dunia, who, masa), "pph21")


async def test_based_on_december_it_takes_what_is_left_of_the_year_after_december(tpp: Layanan) -> None:
    """Ani by hand, as in the guide. A month is salary 4.500.000 and TPP 3.900.000. From outside to September
    70.000.000, of which 1.500.000 are deducted and 1.000.000 were withheld; October and November bring
    8.400.000 and 126.000 (1,5%) each. December: 95.200.000 in the year, less 5% and 1.500.000 and
    54.000.000 of PTKP 34.940.000, of which 5% are 1.747.000; 495.000 are left after 1.252.000.
    The 13th after it: 103.600.000 in the year, 42.920.000 taxed, 2.146.000; 399.000 are left after
    1.747.000. And the THR: 112.000.000, 50.900.000 taxed, 2.545.000; 399.000."""
    dunia = await setahun(tpp, berdasar_desember())
    for masa in (KE_13, THR):
        told = await dunia.jalankan(masa)
        assert (told["dibayar"], told["sesudah_dasar"]) == ("2026-12", True)
        await dunia.kunci("DISDIK", masa)
    december = (("saldo:2026-09", 1), ("2026-10", 1), ("2026-11", 1))
    assert await sums(dunia, ANI, "2026-12") == (86_800_000, 1_500_000, 1_252_000, december)
    thirteenth = (*december, ("2026-12", 1))
    assert await sums(dunia, ANI, KE_13) == (95_200_000, 1_500_000, 1_747_000, thirteenth)
    holiday = (*thirteenth, (KE_13, 1))
    assert await sums(dunia, ANI, THR) == (103_600_000, 1_500_000, 2_146_000, holiday)
    taken = [await pph(dunia, masa) for masa in ("2026-12", KE_13, THR)]
    assert taken == [495_000, 399_000, 399_000]
    # All that was withheld is the tax of all that was paid, to the rupiah.
    assert 1_252_000 + sum(taken) == (112_000_000 * 95 // 100 - 1_500_000 - 54_000_000) * 5 // 100
    await dunia.koreksi()
    assert await dunia.tpp.nilai("SELECT count(*) FROM koreksi") == 0
    slip = (await dunia.lihat(f"/slip/{THR}/saya", ANI)).json()
    titles = {one["judul"] for group in slip["dasar"] for one in group["data"]}
    assert "PPh 21 sampai pembayaran sebelumnya" in titles
    origins = [
        said["kalimat"]
        for group in slip["dasar"]
        for one in group["data"]
        for said in one["asal"]
        if one["nama"] == "pajak_setahun"
    ]
    assert "TPP ke-13 2026 seperti dikunci, perhitungan ke-1" in origins


async def test_it_waits_until_december_is_locked(tpp: Layanan) -> None:
    dunia = await setahun(tpp, berdasar_desember(), kunci=False)
    await dunia.jalankan(KE_13)
    waits = await baris(dunia, ANI, KE_13)
    reasons = {one.kode: one.kalimat for one in baca_alasan(waits["alasan"])}
    assert (waits["status"], list(reasons)) == ("ditahan", ["setahun_belum_ada"])
    assert "pajak Desember 2026 belum diketahui: bulannya belum dikunci" in reasons["setahun_belum_ada"]
    page = await tpp.client.get(f"/tpp/perhitungan/{KE_13}", headers=tpp.kepala(ADMIN, "admin_bkd"))
    assert "sesudah Desember 2026 dikunci" in page.text
    await dunia.kunci("DISDIK", str(DESEMBER))
    await dunia.jalankan(KE_13)
    assert await pph(dunia, KE_13) == 399_000
    # Of the other OPD nothing is locked, and of nobody there anything is guessed.
    rows = await tpp.baris("SELECT status FROM tpp_bulan WHERE periode = $1 AND opd_kode = 'DINKES'", KE_13)
    assert {row["status"] for row in rows} == {"ditahan"}
    told = await dunia.lihat(f"/daftar/{KE_13}", KEUANGAN_DINKES, "keuangan_opd", unit="PEMDA/DINKES")
    assert {one["opd_kode"] for one in told.json()["data"]} == {"DINKES"}


async def test_locked_as_held_it_is_settled_when_december_is_locked(tpp: Layanan) -> None:
    dunia = await setahun(tpp, berdasar_desember(), kunci=False)
    await dunia.jalankan(KE_13)
    await dunia.kunci("DISDIK", KE_13)
    await dunia.koreksi()
    assert await tpp.nilai("SELECT count(*) FROM koreksi") == 0
    await dunia.kunci("DISDIK", str(DESEMBER))
    await dunia.koreksi()
    rows = await tpp.baris("SELECT pegawai_id, periode, bruto, selisih_neto FROM koreksi")
    found = {(row["pegawai_id"], row["periode"]): row for row in rows}
    assert set(found) == {(ANI, KE_13), (BUDI, KE_13)}
    assert found[ANI, KE_13]["selisih_neto"] == 3_900_000 - 399_000
    waiting = (await dunia.lihat("/penyelesaian", BPKAD, "bpkad")).json()["data"]
    assert {one["jenis"] for one in waiting} == {"bayar"}


async def test_paid_in_january_it_is_taxed_with_january_and_counts_in_that_year(tpp: Layanan) -> None:
    """PPh 21 follows the payment: 1,5% of 3.900.000 as of any month, no recalculation, nothing of 2026."""
    dunia = await setahun(tpp, berdasar_desember(januari=True), kunci=False)
    told = await dunia.jalankan(KE_13)
    assert (told["dasar"], told["dibayar"], told["sesudah_dasar"]) == ("2026-12", "2027-01", False)
    page = await tpp.client.get(f"/tpp/perhitungan/{KE_13}", headers=tpp.kepala(ADMIN, "admin_bkd"))
    assert "Dibayar Januari 2027: pajaknya mengikuti tahun 2027." in page.text
    extra = await baris(dunia, ANI, KE_13)
    assert (extra["bruto"], -jumlah(extra, "pph21")) == (3_900_000, 58_500)
    assert await sums(dunia, ANI, KE_13) is None
    await dunia.kunci("DISDIK", KE_13)
    await dunia.jalankan("2026-12")
    assert await pph(dunia, "2026-12") == 495_000
    await dunia.kunci("DISDIK", "2026-12")
    await bulan(dunia, JANUARI)
    await dunia.kunci("DISDIK", str(JANUARI))
    policy = terbaca(await tpp.nilai("SELECT dokumen FROM kebijakan"))

    async def februari(tx: Any) -> Any:
        return await bulan_sebelumnya(tx, policy, JANUARI.plus(1), [ANI])

    known, missing = await tpp.database.run(februari)
    assert missing == {}
    # January, and the 13th with the 13th salary: 8.400.000 each, 1,5% of both.
    assert known[ANI] == (16_800_000, 0, 252_000, ((KE_13, 1), (str(JANUARI), 1)))
    await dunia.koreksi()
    assert await tpp.nilai("SELECT count(*) FROM koreksi") == 0


async def test_one_that_comes_after_december_is_taxed_by_december_alone(tpp: Layanan) -> None:
    """A THR of October, locked after December and after the 13th that follows December: the correction of
    December takes its tax, and the 13th, which counted December as it was, does not take it again."""
    text = kebijakan("jawa-barat").decode()
    text = text.replace("dasar_bulan: 5", "dasar_bulan: 12").replace("dasar_bulan: 2}", "dasar_bulan: 10}")
    dunia = await setahun(tpp, text.encode())
    await dunia.jalankan(KE_13)
    await dunia.kunci("DISDIK", KE_13)
    await dunia.jalankan(THR)
    assert await pph(dunia, THR) == 58_500
    await dunia.kunci("DISDIK", THR)
    await dunia.koreksi()
    rows = await tpp.baris("SELECT periode, selisih_neto FROM koreksi WHERE pegawai_id = $1", ANI)
    # 8.400.000 more, 95% of it taxed with 5%, less the 126.000 that went with it.
    assert [(row["periode"], row["selisih_neto"]) for row in rows] == [("2026-12", -(399_000 - 126_000))]


async def test_one_locked_between_the_run_and_the_lock_of_december_is_not_lost(tpp: Layanan) -> None:
    text = kebijakan("jawa-barat").decode().replace("dasar_bulan: 5", "dasar_bulan: 10, dibayar_bulan: 12")
    dunia = await setahun(tpp, text.encode(), kunci=False)
    await dunia.jalankan(KE_13)
    # Paid in December, based on October: as any month, and December's recalculation counts it.
    assert await pph(dunia, KE_13) == 58_500
    await dunia.kunci("DISDIK", KE_13)
    await dunia.kunci("DISDIK", "2026-12")
    await dunia.koreksi()
    rows = await tpp.baris("SELECT periode, selisih_neto FROM koreksi WHERE pegawai_id = $1", ANI)
    assert [(row["periode"], row["selisih_neto"]) for row in rows] == [("2026-12", -(399_000 - 126_000))]
