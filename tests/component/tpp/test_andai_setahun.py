"""A draft over months of a year whose December counts the others: each month as the draft itself makes it."""

import json
from typing import Any

import pytest

from services.tpp.andai.hitung import baca, lanjutkan
from services.tpp.andai.rules import Banding, Sel
from shared.period import Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    EKA,
    NIP_DARI,
    OKTOBER,
    ORANG,
    Dunia,
    dinilai,
    kebijakan,
    pegawai,
    segmen,
)
from tests.component.tpp.tahun import DESEMBER, NOVEMBER, aktivitas, bulan, oktober, ptkp, saldo

JABAR = kebijakan("jawa-barat")
KELAS_7 = b"7: Rp 3.900.000"


def mulai_november(isi: bytes, bruto: str) -> bytes:
    """A policy of this shape from November on, with a worked example of its own for kelas 7."""
    isi = isi[: isi.index(b"\nuji:\n")].replace(b"berlaku_mulai: 2026-01-01", b"berlaku_mulai: 2026-11-01")
    changes = isi.index(b"    perubahan:\n")
    isi = isi[:changes] + isi[isi.index(b"  persen_peran:\n") :]
    return (
        isi
        + f"""
uji:
  - nama: Sebulan
    masukan: {{periode: 2026-11, predikat_dari: 2026-10, kelas: 7, jabatan: Pelaksana, status: PNS,
      golongan: III/a, predikat: baik, skp_disetujui: ya, hadir: 20, menit_aktivitas: 6600, gaji: 4500000,
      ptkp: TK/0}}
    harap: {{bruto: {bruto}}}
""".encode()
    )


KEDUA = mulai_november(JABAR.replace(KELAS_7, b"7: Rp 4.400.000"), "Rp 4.400.000")
"""The region's second policy of the year."""
RANCANGAN = JABAR.replace(KELAS_7, b"7: Rp 4.900.000")
TIGA = (OKTOBER, NOVEMBER, DESEMBER)


async def andaikan(dunia: Dunia, isi: bytes, *months: Period) -> dict[str, Any]:
    """The sums of a what-if, each month's cells."""
    told = await dunia.kirim(
        "/andai", BPKAD, "bpkad", content=isi, params={"bulan": [str(one) for one in months]}
    )
    assert told.status_code == 201, told.text
    while await dunia.tpp.database.run(lanjutkan):
        pass
    made = told.json()["andai_id"]
    found = await dunia.lihat(f"/andai/{made}/hasil", BPKAD, "bpkad")
    kept = await dunia.tpp.nilai("SELECT hasil FROM andai WHERE andai_id = $1", made)
    kept = json.loads(kept) if isinstance(kept, str) else kept
    return {**found.json(), "sel": {month: baca(one).sel for month, one in kept["bulan"].items()}}


def sel(found: dict[str, Any], month: Period, kelas: int = 7, opd: str = "DISDIK") -> Banding:
    """One person's month: nobody of an OPD shares a kelas here."""
    cell = found["sel"][str(month)][Sel(opd, f"PEMDA/{opd}/{opd}-1", kelas)]
    assert isinstance(cell, Banding)
    return cell


async def tahun_dua_kebijakan(tpp: Layanan) -> Dunia:
    """October paid by one policy, November and December by the next; DISDIK locked and told of its year."""
    dunia = await oktober(tpp)
    await dunia.kunci("DISDIK")
    await dunia.kebijakan(KEDUA)
    await bulan(dunia, NOVEMBER)
    await dunia.kunci("DISDIK", str(NOVEMBER))
    await saldo(dunia, (NIP_DARI[ANI], "2026-09", 70_000_000, 1_500_000, 1_000_000))
    await bulan(dunia, DESEMBER)
    return dunia


@pytest.mark.parametrize("ukuran", [2000, 1])
async def test_december_counts_the_months_of_the_what_if_as_the_draft_makes_them(
    tpp: Layanan, monkeypatch: pytest.MonkeyPatch, ukuran: int
) -> None:
    """Ani by hand. A month comes to salary 4.500.000 and TPP 3.900.000 (tax 1,5%), 4.400.000 (1,75%) or under
    the draft 4.900.000 (1,75%): 8.400.000 with 126.000, 8.900.000 with 155.750, 9.400.000 with 164.500. Of
    the draft's 4.900.000 also 49.000 of BPJS and 49.000 of IWP go. From outside to September: 70.000.000,
    1.500.000, 1.000.000. December's tax is 5% of (year - 5% of it - 1.500.000 - 54.000.000), less the tax
    of the months before."""
    monkeypatch.setattr("services.tpp.andai.commands._ORANG_SEBAGIAN", ukuran)
    dunia = await tahun_dua_kebijakan(tpp)
    for months, pajak in (
        # 70 + 8,4 + 8,9 + 9,4 = 96.700.000: 1.818.250 - 1.281.750. November as it was paid.
        ((DESEMBER,), 536_500),
        # 70 + 8,4 + 9,4 + 9,4 = 97.200.000: 1.842.000 - 1.290.500. October as the first policy paid it.
        ((NOVEMBER, DESEMBER), 551_500),
        # 70 + 9,4 + 8,9 + 9,4 = 97.700.000: 1.865.750 - 1.320.250.
        ((OKTOBER, DESEMBER), 545_500),
        # 70 + 9,4 + 9,4 + 9,4 = 98.200.000: 1.889.500 - 1.329.000.
        (TIGA, 560_500),
    ):
        found = await andaikan(dunia, RANCANGAN, *months)
        last = sel(found, DESEMBER)
        assert (last.dihitung_lama, last.dihitung_baru) == (1, 1)
        # As paid: 70 + 8,4 + 8,9 + 8,9 = 96.200.000: 1.794.500 - 1.281.750 = 512.750.
        assert (last.bruto_lama, last.neto_lama) == (4_400_000, 4_400_000 - 88_000 - 512_750)
        assert (last.bruto_baru, last.neto_baru) == (4_900_000, 4_900_000 - 98_000 - pajak), months
        for month in set(months) - {DESEMBER}:
            assert sel(found, month).neto_baru == 4_900_000 - 98_000 - 85_750


async def test_a_balance_stands_for_its_months_also_in_a_what_if(tpp: Layanan) -> None:
    dunia = await tahun_dua_kebijakan(tpp)
    await saldo(dunia, (NIP_DARI[ANI], "2026-11", 87_300_000, 1_500_000, 1_281_750))
    found = await andaikan(dunia, RANCANGAN, *TIGA)
    # 87,3 + 9,4 = 96.700.000, whatever the draft makes of October and November.
    assert sel(found, DESEMBER).neto_baru == 4_900_000 - 98_000 - 536_500


async def test_paid_again_by_the_same_policy_nothing_changes(tpp: Layanan) -> None:
    """Also in December, with balances, arrears, people who wait, and one who is no longer in service."""
    dunia = await oktober(tpp)
    await dunia.kunci("DISDIK")
    await aktivitas(dunia, BULAN, (NIP_DARI[BUDI], 3300))
    await dunia.koreksi()
    await bulan(dunia, NOVEMBER)
    await dunia.kunci("DISDIK", str(NOVEMBER))
    assert await dunia.tpp.nilai("SELECT count(*) FROM tpp_bulan WHERE masukan::text LIKE '%\"rapel\"%'") == 1
    told = [(NIP_DARI[who], "2026-09", 70_000_000, 1_500_000, 1_000_000) for who in (ANI, BUDI, CICI)]
    await saldo(dunia, *told, (NIP_DARI[CICI], "2026-11", 90_000_000, 0, 1_300_000))
    gone = segmen(EKA, mulai=DESEMBER.first_day).model_copy(update={"bertugas": False})
    await dunia.dengar(pegawai(EKA, segmen(EKA), gone, version=2))
    await bulan(dunia, DESEMBER)
    # What is told after a month was computed plays no part in it.
    await aktivitas(dunia, str(DESEMBER), (NIP_DARI[BUDI], 3300))
    await dunia.dengar(*(dinilai(who, 5, version=2, bulan=NOVEMBER) for who in ORANG))
    for months in ((DESEMBER,), (NOVEMBER, DESEMBER), TIGA):
        found = await andaikan(dunia, JABAR, *months)
        total = found["jumlah"]
        assert (total["naik"], total["turun"]) == (0, 0), months
        assert (total["jadi_ditahan"], total["jadi_dihitung"]) == (0, 0), months
        assert (total["bruto_lama"], total["neto_lama"]) == (total["bruto_baru"], total["neto_baru"])
        for month in months:
            for cell in found["sel"][str(month)].values():
                assert (cell.dihitung_lama, cell.neto_lama) == (cell.dihitung_baru, cell.neto_baru)
        assert {one["kode"]: one["orang"] for one in found["sebab"]}["tidak_bertugas"] == 1
    assert [sel(found, DESEMBER, kelas).dihitung_baru for kelas in (7, 8, 9)] == [1, 1, 1]
    assert sel(found, DESEMBER, 5, "DINKES").dihitung_baru == 0


async def test_months_of_a_what_if_need_no_lock(tpp: Layanan) -> None:
    """What is asked is what the draft would have paid: there the year of those who wait is known too."""
    dunia = await oktober(tpp)
    await bulan(dunia, NOVEMBER)
    await saldo(dunia, (NIP_DARI[DEDI], "2026-09", 70_000_000, 1_500_000, 1_000_000))
    await bulan(dunia, DESEMBER)
    waits = sel(await andaikan(dunia, RANCANGAN, DESEMBER), DESEMBER, opd="DINKES")
    assert (waits.dihitung_lama, waits.dihitung_baru) == (0, 0)
    known = sel(await andaikan(dunia, RANCANGAN, *TIGA), DESEMBER, opd="DINKES")
    assert (known.jadi_dihitung, known.neto_baru) == (1, 4_900_000 - 98_000 - 560_500)


@pytest.mark.parametrize("tanpa", ["ditahan", "setahun"])
async def test_a_month_that_the_draft_does_not_give_leaves_december_waiting(tpp: Layanan, tanpa: str) -> None:
    dunia = await tahun_dua_kebijakan(tpp)
    if tanpa == "ditahan":
        hold = b"  - {kode: november, bila: bulan = 11, kalimat: Belum, pemilik: bpkad, pasal: uji}\n"
        draft = RANCANGAN.replace(b"\npenahanan:\n", b"\npenahanan:\n" + hold)
    else:
        start = RANCANGAN.index(b"\nsetahun:\n")
        draft = RANCANGAN[:start] + RANCANGAN[RANCANGAN.index(b"\n\n", start) :]
        draft = draft.replace(b"bagian: setahun", b"bagian: pkp")
    found = await andaikan(dunia, draft, NOVEMBER, DESEMBER)
    last = sel(found, DESEMBER)
    assert (last.jadi_ditahan, last.jadi_ditahan_bruto) == (1, 4_400_000)
    reasons = {one["kode"]: one["kalimat"] for one in found["sebab"]}
    said = reasons["setahun_belum_ada"]
    assert "belum diketahui: bulannya ditahan dengan kebijakan ini atau belum dikunci" in said


async def test_what_only_the_draft_asks_for_is_read_as_it_is_now(tpp: Layanan) -> None:
    """The month was paid by a policy that knows neither PTKP nor activity nor the name of the jabatan."""
    dunia = Dunia(tpp)
    await dunia.siapkan()
    await dunia.jalankan()
    await ptkp(dunia)
    await aktivitas(dunia, BULAN, *((NIP_DARI[who], 6600) for who in ORANG))
    draft = JABAR.replace(b"Auditor: 110%", b"Analis: 110%")
    found = await andaikan(dunia, draft, OKTOBER)
    # 80% of 3.900.000 x 110%, and 20% of 3.900.000.
    assert sel(found, OKTOBER).bruto_baru == 3_432_000 + 780_000
    assert found["jumlah"]["dihitung_baru"] == 6
    # And the other way round: the month's own predikat, where the policy that paid took the one before.
    await dunia.kebijakan(mulai_november(JABAR, "Rp 3.900.000"))
    await dunia.dengar(*(dinilai(who, 5, version=2) for who in ORANG))
    await bulan(dunia, NOVEMBER)
    umum = await andaikan(dunia, kebijakan(), NOVEMBER)
    assert umum["jumlah"]["dihitung_baru"] == 6
    assert (
        sel(umum, NOVEMBER).bruto_baru == sel(await andaikan(dunia, kebijakan(), OKTOBER), OKTOBER).bruto_lama
    )
