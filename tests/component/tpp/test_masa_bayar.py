"""TPP 13 and 14 (THR): computed, decided on, locked and paid beside the months, by their policy's month."""

from typing import Any
from uuid import UUID

import pytest

from deploy.examples.payroll.ekinerja_payroll import Buku, Kunci, jawaban
from services.tpp.cli import cetak
from services.tpp.perhitungan.queries import slip_menurut_nip
from services.tpp.slip import queries as slip_pdf
from services.tpp.slip.rules import terbilang
from shared.auth.guard import Cakupan, Grant, Guard, Peranan, Principal, Rule
from shared.contracts.payroll import BatchApproved, ItemPaid, ItemPayable
from shared.contracts.tpp import TppCalculated, TppCorrected, TppPaid
from shared.db import Tx
from shared.period import MasaBayar, Period
from shared.testing.feed import Recorded
from tests.component.layanan import NIP, Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    DEDI,
    HARI,
    KEPALA_HARIAN,
    KEUANGAN,
    KEUANGAN_DINKES,
    NIP_DARI,
    ORANG,
    Dunia,
    csv,
    dibuka_kembali,
    dinilai,
    kebijakan,
)
from tests.component.tpp.tahun import DESEMBER, aktivitas, baris, bulan, jumlah, ptkp, saldo
from tests.component.tpp.test_payroll_contoh import Bank, record

NOVEMBER = Period(2026, 11)
KE_13, THR = "2026-13", "2026-14"
KHUSUS = """
pembayaran:
  - {kode: ke_13, nama: TPP ke-13, pasal: Perkada pasal 30, dasar_bulan: 10}
  - {kode: ke_14, nama: TPP Hari Raya, pasal: Perkada pasal 31, dasar_bulan: 11}

tabel:
"""
ALPA = csv(KEPALA_HARIAN, (NIP_DARI[ANI], HARI[0], "", "", "A"))


def dengan_khusus() -> bytes:
    """The common policy with a 13th and a 14th payment, of which no BPJS is taken."""
    text = kebijakan().decode().replace("\ntabel:\n", KHUSUS, 1)
    head, mark, rest = text.partition("  - kode: bpjs_kesehatan\n")
    free = rest.replace("    sifat: potongan\n", "    sifat: potongan\n    bila: pembayaran = 'bulanan'\n", 1)
    assert free != rest
    return (head + mark + free).encode()


@pytest.fixture
async def dunia(tpp: Layanan) -> Dunia:
    """A policy with both payments; October closed, on which the 13th is based."""
    world = Dunia(tpp)
    await world.kebijakan(dengan_khusus())
    await world.siapkan_tanpa_kebijakan()
    return world


async def angka(dunia: Dunia, masa: str) -> dict[UUID, tuple[int, int, int]]:
    """Bruto, cuts and neto of everyone who is computed."""
    rows = await dunia.tpp.baris("SELECT * FROM tpp_bulan WHERE periode = $1 AND status = 'dihitung'", masa)
    return {row["pegawai_id"]: (row["bruto"], row["potongan"], row["neto"]) for row in rows}


async def kurang(dunia: Dunia, masa: str) -> list[tuple[str, str]]:
    """What a run waits for."""
    told = (await dunia.lihat(f"/perhitungan/{masa}", ADMIN, "admin_bkd")).json()
    return [(one["kode"], one["kalimat"]) for one in told["kurang"]]


async def test_strangers_neither_start_it_nor_read_it(dunia: Dunia) -> None:
    await dunia.jalankan()
    start = f"/perhitungan/{KE_13}/jalankan"
    key = {"Idempotency-Key": "12345678"}
    assert (await dunia.tpp.client.post(f"/api/tpp{start}", headers=key)).status_code == 401
    for peran in ("pengelola", "auditor", "pimpinan", "keuangan_opd", "sysadmin"):
        assert (await dunia.kirim(start, ANI, peran, unit="PEMDA")).status_code == 403, peran
    await dunia.jalankan(KE_13)
    for path in (f"/slip/{KE_13}/{ANI}", f"/slip-pdf/{KE_13}/{ANI}", f"/daftar/{KE_13}", f"/rekap/{KE_13}"):
        assert (await dunia.tpp.client.get(f"/api/tpp{path}")).status_code == 401
        assert (await dunia.lihat(path, BUDI)).status_code == 403, path
    other = await dunia.lihat(f"/slip/{KE_13}/{ANI}", KEUANGAN_DINKES, "keuangan_opd", unit="PEMDA/DINKES")
    assert other.status_code == 403
    seen = await dunia.lihat(f"/daftar/{KE_13}", KEUANGAN_DINKES, "keuangan_opd", unit="PEMDA/DINKES")
    assert {one["opd_kode"] for one in seen.json()["data"]} == {"DINKES"}
    for tindakan in ("verifikasi", "setujui", "kunci"):
        told = await dunia.kirim(f"/penetapan/{KE_13}/DISDIK/{tindakan}", ANI, "auditor", unit="PEMDA")
        assert told.status_code == 403
    assert (await dunia.lihat("/perhitungan/2026-15", ADMIN, "admin_bkd")).status_code == 422
    # Months of attendance and ratings stay months.
    told = await dunia.kirim(
        "/impor/kehadiran", ADMIN, "admin_bkd", content=ALPA, params={"periode": KE_13, "berkas": "x.csv"}
    )
    assert told.status_code == 422


async def test_it_is_paid_by_the_real_payroll_kit_beside_the_month_of_the_same_people(
    dunia: Dunia, tmp_path: Any
) -> None:
    """To the rupiah, and nobody's ordinary month changes."""
    await dunia.jalankan()
    monthly = await angka(dunia, BULAN)
    told = await dunia.jalankan(KE_13)
    assert (told["keadaan"], told["nama"], told["dasar"], told["dihitung"]) == (
        "selesai",
        "TPP ke-13",
        BULAN,
        6,
    )
    extra = await angka(dunia, KE_13)
    assert monthly[ANI] == (3_603_064, 214_382, 3_388_682)
    # No BPJS: 5% of all of 3.603.064, rounded down, is all that is taken.
    assert extra[ANI] == (3_603_064, 180_153, 3_422_911)
    assert {who: one[0] for who, one in extra.items()} == {who: one[0] for who, one in monthly.items()}
    for masa in (KE_13, BULAN):
        for opd in ("DISDIK", "DINKES"):
            await dunia.kunci(opd, masa)
    assert (await angka(dunia, BULAN), await angka(dunia, KE_13)) == (monthly, extra)
    manifests = await dunia.tpp.keluar(BatchApproved)
    items = await dunia.tpp.keluar(ItemPayable)
    assert sorted(str(one.periode) for one in manifests) == [BULAN, BULAN, KE_13, KE_13]
    assert {(one.pegawai_id, str(one.periode)): int(str(one.neto)) for one in items} == {
        (who, masa): one[2] for masa, all_ in ((BULAN, monthly), (KE_13, extra)) for who, one in all_.items()
    }

    jwks = (await dunia.tpp.client.get("/api/tpp/.well-known/jwks.json")).json()
    books, bank = Buku(tmp_path / "buku.sqlite", Kunci(jwks)), Bank()
    books.terima(record(one, number) for number, one in enumerate([*manifests, *items]))
    assert await books.bayarkan(bank) == 12
    assert books.laporan()[1], books.laporan()
    answers = [jawaban(row)[0] for row in books.belum_terjawab()]
    await dunia.dengar(*(Recorded.of(ItemPaid.model_validate_json(one)) for one in answers))
    paid = {(one.pegawai_id, str(one.periode)) for one in await dunia.tpp.keluar(TppPaid)}
    assert paid == {(who, masa) for who in ORANG for masa in (BULAN, KE_13)}

    slip = (await dunia.lihat(f"/slip/{KE_13}/saya", ANI)).json()
    assert (slip["nama_masa"], slip["neto"], slip["pembayaran"]["keadaan"]) == (
        "TPP ke-13",
        "3422911",
        "dibayar",
    )
    assert slip["masukan"]["pembayaran"] == "ke_13"
    months = (await dunia.lihat("/slip", ANI)).json()["data"]
    assert [(one["periode"], one["nama"], one["neto"]) for one in months] == [
        (BULAN, None, "3388682"),
        (KE_13, "TPP ke-13", "3422911"),
    ]
    found = (await dunia.lihat(f"/rekonsiliasi/{KE_13}", BPKAD, "bpkad")).json()
    assert sum(one["dibayar"] for one in found["opd"]) == 6, found
    for masa, sums in ((BULAN, monthly), (KE_13, extra)):
        total = (await dunia.lihat(f"/rekap/{masa}", BPKAD, "bpkad")).json()["jumlah"]
        assert int(total["dibayar_rupiah"]) == sum(one[2] for one in sums.values())
    events = await dunia.tpp.keluar(TppCalculated)
    assert {str(one.periode) for one in events} == {BULAN, KE_13}


async def test_each_payment_waits_for_its_own_month(dunia: Dunia) -> None:
    """`dasar_bulan` decides: the 13th is October again, the 14th November."""
    assert [kode for kode, _ in await kurang(dunia, KE_13)] == ["bulan_dasar_belum_dihitung"]
    assert "Oktober 2026" in (await kurang(dunia, KE_13))[0][1]
    refused = await dunia.kirim(f"/perhitungan/{KE_13}/jalankan", ADMIN, "admin_bkd")
    assert refused.status_code == 409
    assert await kurang(dunia, THR) == [("periode_belum_ditutup", "Periode November 2026 belum ditutup.")]
    assert [kode for kode, _ in await kurang(dunia, "2025-13")] == ["pembayaran_tidak_disebut"]
    missing = await dunia.lihat(f"/slip/{KE_13}/saya", ANI)
    assert missing.status_code == 404
    assert "TPP ke-13 2026 belum dihitung" in missing.json()["detail"]

    await dunia.jalankan()
    await dunia.jalankan(KE_13)
    await dunia.bulan(NOVEMBER, predikat=4)
    told = await dunia.jalankan(THR)
    assert (told["nama"], told["dasar"]) == ("TPP Hari Raya", "2026-11")
    october, thirteenth, november, holiday = [
        (await angka(dunia, masa))[ANI] for masa in (BULAN, KE_13, "2026-11", THR)
    ]
    assert (october[0], november[0]) == (thirteenth[0], holiday[0])
    assert november[0] < october[0]


async def test_a_policy_that_names_none_pays_none(tpp: Layanan) -> None:
    world = Dunia(tpp)
    await world.siapkan()
    await world.jalankan()
    assert [kode for kode, _ in await kurang(world, KE_13)] == ["pembayaran_tidak_disebut"]
    refused = await world.kirim(f"/perhitungan/{KE_13}/jalankan", ADMIN, "admin_bkd")
    assert refused.status_code == 409
    assert await world.tpp.nilai("SELECT count(*) FROM periode WHERE dasar IS NOT NULL") == 0


async def test_what_is_heard_before_the_lock_counts_and_afterwards_is_settled_apart(dunia: Dunia) -> None:
    """No month carries it: November is what November is, and brings October's arrears alone."""
    await dunia.dengar(dinilai(BUDI, None, version=2))
    await dunia.tutup(5)
    await dunia.jalankan()
    first = await dunia.jalankan(KE_13)
    assert (first["dihitung"], first["ditahan"]) == (5, 1)
    before = (await angka(dunia, KE_13))[ANI]
    assert (await dunia.kehadiran(ALPA))["diterapkan"]
    await dunia.jalankan()
    await dunia.jalankan(KE_13)
    absent = (await angka(dunia, KE_13))[ANI]
    assert absent[0] < before[0]
    for masa in (BULAN, KE_13):
        found = await dunia.periksa("DISDIK", masa)
        assert [one["jenis"] for one in found["jumlah"]] == ["ditahan"]
        # A month with the one before it, which there is none of; an extra payment with its own month.
        assert (found["pembanding"], found["setahun_lalu"]) == (BULAN if masa == KE_13 else None, None)
        await dunia.kunci("DISDIK", masa)
        await dunia.kunci("DINKES", masa)

    # Ani was there after all, and Budi is rated now.
    present = csv(KEPALA_HARIAN, (NIP_DARI[ANI], HARI[0], "07:25", "16:05", ""))
    await dunia.kehadiran(present, alasan="kesalahan rekap")
    await dunia.dengar(dinilai(BUDI, 2, version=3))
    await dunia.koreksi()
    rows = await dunia.tpp.baris("SELECT * FROM koreksi ORDER BY periode, pegawai_id")
    found_for = {(row["periode"], row["pegawai_id"]): row["selisih_neto"] for row in rows}
    assert found_for[KE_13, ANI] == before[2] - absent[2] > 0
    assert found_for[KE_13, BUDI] > 0
    assert {str(one.periode) for one in await dunia.tpp.keluar(TppCorrected)} == {BULAN, KE_13}

    waiting = (await dunia.lihat("/penyelesaian", BPKAD, "bpkad")).json()["data"]
    assert {(one["periode"], UUID(one["pegawai_id"])) for one in waiting} == {(KE_13, ANI), (KE_13, BUDI)}
    assert all(one["jenis"] == "bayar" and "pembayaran khusus" in one["tindakan"] for one in waiting)
    await dunia.bulan(NOVEMBER)
    november = await baris(dunia, ANI, "2026-11")
    lines = [one["baris"] for one in (await dunia.lihat("/slip/2026-11/saya", ANI)).json()["baris"]]
    assert any(one.endswith("202610") for one in lines)
    assert not any("202613" in one for one in lines)
    carried = await dunia.tpp.baris("SELECT DISTINCT periode FROM rapel_dibawa")
    assert [row["periode"] for row in carried] == [BULAN]
    assert november["status"] == "dihitung"

    path = f"/penyelesaian/{KE_13}/{ANI}/1"
    body = {"cara": "dibayar", "tanggal": "2026-11-20", "bukti": "SP2D-77/2026"}
    assert (
        await dunia.kirim(path, KEUANGAN, "keuangan_opd", unit="PEMDA/DISDIK", json=body)
    ).status_code == 403
    done = await dunia.kirim(path, BPKAD, "bpkad", json=body)
    assert done.status_code == 200, done.text
    slip = (await dunia.lihat(f"/slip/{KE_13}/saya", ANI)).json()
    assert slip["koreksi"][0]["diselesaikan"] == "SP2D-77/2026"
    # An extra payment takes no arrears along either, also of a month before it.
    await dunia.jalankan(THR)
    assert "rapel" not in (await dunia.lihat(f"/slip/{THR}/saya", ANI)).json()["masukan"]


async def test_it_shares_the_state_of_its_month(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.jalankan(KE_13)
    await dunia.dengar(dibuka_kembali(4))
    told = (await dunia.lihat(f"/slip/{KE_13}/saya", ANI)).json()
    assert told["pembaruan"] == "dibuka_kembali"
    refused = await dunia.putuskan("DISDIK", "verifikasi", KEUANGAN, "keuangan_opd", KE_13)
    assert refused.status_code == 409
    await dunia.tutup(6)
    assert [kode for kode, _ in await kurang(dunia, KE_13)] == ["bulan_dasar_belum_dihitung"]
    await dunia.jalankan()
    assert (await dunia.jalankan(KE_13))["keadaan"] == "selesai"
    assert (await dunia.putuskan("DISDIK", "verifikasi", KEUANGAN, "keuangan_opd", KE_13)).status_code == 200


async def test_a_change_of_a_month_that_is_not_locked_itself_is_found_too(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.jalankan(KE_13)
    await dunia.kunci("DISDIK", KE_13)
    assert (await dunia.kehadiran(ALPA))["diterapkan"]
    await dunia.koreksi()
    found = await dunia.tpp.baris("SELECT periode, pegawai_id, selisih_neto FROM koreksi")
    assert [(row["periode"], row["pegawai_id"]) for row in found] == [(KE_13, ANI)]
    assert found[0]["selisih_neto"] < 0
    waiting = (await dunia.lihat("/penyelesaian", BPKAD, "bpkad")).json()["data"]
    assert [one["jenis"] for one in waiting] == ["tagih"]
    await dunia.jalankan()
    assert (await dunia.lihat(f"/slip/{BULAN}/saya", ANI)).json()["koreksi"] == []


async def test_what_is_locked_keeps_its_month_whatever_a_later_policy_says(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.jalankan(KE_13)
    await dunia.kunci("DISDIK", KE_13)
    await dunia.bulan(NOVEMBER)
    before = await angka(dunia, KE_13)
    moved = dengan_khusus().replace(b"dasar_bulan: 10", b"dasar_bulan: 11")
    await dunia.kebijakan(moved)
    assert (await dunia.jalankan(KE_13))["dasar"] == BULAN
    assert await angka(dunia, KE_13) == before
    again = await dunia.tpp.baris("SELECT dasar FROM periode WHERE periode = $1", KE_13)
    assert again[0]["dasar"] == BULAN


async def test_a_cancelled_batch_is_decided_anew(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.jalankan(KE_13)
    await dunia.kunci("DISDIK", KE_13)
    await dunia.kunci("DISDIK")
    body = {"alasan": "Salah satu angka keliru"}
    told = await dunia.putuskan("DISDIK", "batalkan", BPKAD, "bpkad", KE_13, json=body)
    assert told.status_code == 200, told.text
    states = (await dunia.lihat(f"/penetapan/{BULAN}", BPKAD, "bpkad")).json()["opd"]
    assert [one["pembatalan"] for one in states if one["opd_kode"] == "DISDIK"] == [None]


async def test_december_counts_what_was_paid_extra(tpp: Layanan) -> None:
    """What was paid extra is income and tax of its year."""
    world = Dunia(tpp)
    policy = kebijakan("jawa-barat").decode().replace("dasar_bulan: 5", "dasar_bulan: 10")
    await world.kebijakan(policy.encode())
    await world.siapkan_tanpa_kebijakan()
    await ptkp(world)
    await aktivitas(world, BULAN, *((NIP_DARI[who], 6600) for who in ORANG))
    await world.jalankan()
    await world.kunci("DISDIK")
    await bulan(world, NOVEMBER)
    await world.kunci("DISDIK", "2026-11")
    await saldo(world, (NIP_DARI[ANI], "2026-09", 70_000_000, 1_500_000, 1_000_000))
    await bulan(world, DESEMBER)
    plain = await baris(world, ANI, "2026-12")
    await world.jalankan(KE_13)
    extra = await baris(world, ANI, KE_13)
    await world.kunci("DISDIK", KE_13)
    await world.jalankan("2026-12")
    counted = await baris(world, ANI, "2026-12")
    slip = (await world.lihat("/slip/2026-12/saya", ANI)).json()
    year = slip["masukan"]["setahun"]
    assert [name for name, _ in year["asal"]] == ["saldo:2026-09", "2026-10", "2026-11", KE_13]
    adds = 4_500_000 + extra["bruto"]
    before = (await world.tpp.baris(
        "SELECT masukan FROM tpp_riwayat WHERE periode = '2026-12' AND pegawai_id = $1", ANI
    ))[0]["masukan"]  # fmt: skip
    assert f'"bruto":{year["bruto"] - adds},' in before
    assert jumlah(counted, "pph21") != jumlah(plain, "pph21")
    assert year["pajak"] > 1_000_000


async def test_a_december_locked_first_is_looked_at_again(tpp: Layanan) -> None:
    world = Dunia(tpp)
    policy = kebijakan("jawa-barat").decode().replace("dasar_bulan: 5", "dasar_bulan: 10")
    await world.kebijakan(policy.encode())
    await world.siapkan_tanpa_kebijakan()
    await ptkp(world)
    await aktivitas(world, BULAN, *((NIP_DARI[who], 6600) for who in ORANG))
    await world.jalankan()
    await world.kunci("DISDIK")
    for month in (NOVEMBER, DESEMBER):
        await saldo(world, (NIP_DARI[ANI], "2026-09", 70_000_000, 1_500_000, 1_000_000))
        await bulan(world, month)
        await world.kunci("DISDIK", str(month))
    await world.koreksi()
    assert await world.tpp.nilai("SELECT count(*) FROM koreksi WHERE pegawai_id = $1", ANI) == 0
    await world.jalankan(KE_13)
    await world.kunci("DISDIK", KE_13)
    await world.koreksi()
    found = await world.tpp.baris("SELECT periode, sebab FROM koreksi WHERE pegawai_id = $1", ANI)
    assert [row["periode"] for row in found] == ["2026-12"]


async def test_the_slip_says_its_name_on_paper_and_at_the_prompt(dunia: Dunia, capsys: Any) -> None:
    await dunia.jalankan()
    await dunia.jalankan(KE_13)
    await dunia.kunci("DISDIK", KE_13)
    printed = await dunia.lihat(f"/slip-pdf/{KE_13}/saya", ANI)
    assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")
    who = Principal(ANI, NIP.format(1), (Peranan("pegawai"),), 1)
    guard = Guard(Rule((Grant("pegawai", Cakupan.DIRI),)), who)

    async def read(tx: Tx) -> dict[str, Any]:
        return await slip_pdf.saya(tx, MasaBayar.parse(KE_13), "http://uji", "WIB")

    paper = await dunia.tpp.database.run(read, guard=guard)
    assert (paper["masa"], paper["terbilang"]) == (
        "TPP ke-13 2026, dengan data Oktober 2026",
        terbilang(3_422_911),
    )
    slip = await dunia.tpp.database.run(
        lambda tx: slip_menurut_nip(tx, NIP_DARI[ANI], MasaBayar.parse(KE_13))
    )
    from rich.console import Console

    cetak(Console(width=200), slip)
    shown = capsys.readouterr().out
    assert "TPP ke-13 2026" in shown
    assert "3.422.911" in shown


async def test_pages_name_it_as_its_policy_does_and_the_month_stays_the_newest(dunia: Dunia) -> None:
    async def halaman(path: str, who: UUID, *peran: str) -> tuple[int, str]:
        told = await dunia.tpp.client.get(path, headers=dunia.tpp.kepala(who, *peran))
        return told.status_code, told.text

    await dunia.jalankan()
    assert (await halaman(f"/tpp/perhitungan/{KE_13}", ANI))[0] == 403
    _, listed = await halaman("/tpp/perhitungan", ADMIN, "admin_bkd")
    assert f'href="/tpp/perhitungan/{KE_13}">TPP ke-13 2026</a>' in listed
    assert f'href="/tpp/perhitungan/{THR}">TPP Hari Raya 2026</a>' in listed
    _, ready = await halaman(f"/tpp/perhitungan/{KE_13}", ADMIN, "admin_bkd")
    assert "Hitung TPP ke-13 2026" in ready
    assert "Dihitung dengan data dan kebijakan Oktober 2026." in ready
    _, waits = await halaman(f"/tpp/perhitungan/{THR}", ADMIN, "admin_bkd")
    assert "/skp/periode/2026-11" in waits
    await dunia.jalankan(KE_13)
    _, done = await halaman(f"/tpp/perhitungan/{KE_13}", ADMIN, "admin_bkd")
    assert f'href="/tpp/rekap/{KE_13}"' in done
    assert f'href="/tpp/persetujuan/{KE_13}"' in done
    assert (
        f'href="/tpp/rekap/{KE_13}"' not in (await halaman(f"/tpp/perhitungan/{KE_13}", ADMIN, "pimpinan"))[1]
    )
    for path in ("/tpp/saya", f"/tpp/saya/{KE_13}"):
        status, mine = await halaman(path, ANI)
        assert (status, "TPP ke-13 2026" in mine) == (200, True), path
    for path in (f"/tpp/rekap/{KE_13}", f"/tpp/rekap/{BULAN}", f"/tpp/persetujuan/{BULAN}", "/tpp/berkas"):
        status, seen = await halaman(path, BPKAD, "bpkad")
        assert (status, "TPP ke-13 2026" in seen) == (200, True), path
    # The card at home and what opens first are of the newest month.
    assert "Oktober 2026" in (await halaman("/tpp/fragmen/ringkasan", ANI))[1]
    told = await dunia.tpp.client.get("/tpp/rekap", headers=dunia.tpp.kepala(BPKAD, "bpkad"))
    assert told.headers["location"] == f"/tpp/rekap/{BULAN}"


async def test_files_are_made_of_it_and_a_tax_file_asks_for_its_month(dunia: Dunia) -> None:
    await dunia.jalankan()
    await dunia.jalankan(KE_13)
    await dunia.kunci("DISDIK", KE_13)
    listed = await dunia.lihat(f"/berkas/{KE_13}/nominatif-csv", BPKAD, "bpkad")
    assert listed.status_code == 200, listed.text
    assert f"nominatif-csv-{KE_13}.csv" in listed.headers["content-disposition"]
    assert listed.text.count(NIP_DARI[DEDI]) + listed.text.count(NIP_DARI[ANI]) >= 1
    asked: dict[str, Any] = {
        "isian": [
            "npwp_pemotong=0012345678901000",
            "id_tku=0012345678901000000000",
            "tanggal_potong=2026-12-01",
        ]
    }
    refused = await dunia.lihat(f"/berkas/{KE_13}/pajak-mmpayroll", BPKAD, "bpkad", **asked)
    assert refused.status_code == 422
    assert "masa_pajak" in refused.text
    asked["isian"].append("masa_pajak=2026-13")
    refused = await dunia.lihat(f"/berkas/{KE_13}/pajak-mmpayroll", BPKAD, "bpkad", **asked)
    assert refused.status_code == 422
