"""What somebody may expect of an extra payment: an estimate with its assumptions, for themselves alone."""

from typing import Any
from uuid import UUID

from shared.contracts.colek import ColekSent
from shared.period import Period
from tests.component.layanan import Layanan
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    DEDI,
    KEUANGAN,
    NIP_DARI,
    OKTOBER,
    ORANG,
    Dunia,
    dibuka,
    dinilai,
    hadir_semua,
    kebijakan,
    pegawai,
    predikat_sementara,
)
from tests.component.tpp.tahun import DESEMBER
from tests.component.tpp.test_khusus_pajak import berdasar_desember
from tests.component.tpp.test_masa_bayar import KE_13, THR, dengan_khusus


async def satu(dunia: Dunia, who: UUID, masa: str = KE_13) -> Any:
    told = await dunia.lihat(f"/andai-saya/{masa}", who)
    assert told.status_code == 200, told.text
    return told.json()


async def dinanti(dunia: Dunia, who: UUID) -> list[Any]:
    told = await dunia.lihat("/andai-saya", who)
    assert told.status_code == 200, told.text
    return list(told.json()["data"])


async def berjalan(tpp: Layanan, isi: bytes | None = None) -> Dunia:
    """October takes work: Ani and Dedi are there, with a salary, and nothing else is known."""
    dunia = Dunia(tpp)
    await dunia.kebijakan(isi or dengan_khusus())
    await dunia.dengar(pegawai(ANI), pegawai(DEDI), dibuka())
    await dunia.gaji(*((NIP_DARI[who], 4_500_000) for who in (ANI, DEDI)))
    return dunia


async def test_everybody_sees_their_own_and_nobody_elses(tpp: Layanan) -> None:
    dunia = await berjalan(tpp)
    key = {"Idempotency-Key": "12345678"}
    for path in ("/andai-saya", f"/andai-saya/{KE_13}"):
        assert (await tpp.client.get(f"/api/tpp{path}")).status_code == 401
    page = f"/tpp/saya/{KE_13}/andai"
    assert (await tpp.client.get(page)).status_code in (401, 303)
    nudge = f"/andai-saya/{KE_13}/ingatkan"
    told = await tpp.client.post(f"/api/tpp{nudge}", headers=key, json={"kode": "gaji_belum_ada"})
    assert told.status_code == 401
    # Whoever asks is answered about themselves, whatever their office: the address names nobody.
    for who, peran, unit in ((KEUANGAN, "keuangan_opd", "PEMDA/DISDIK"), (BPKAD, "bpkad", None)):
        assert (await dunia.lihat("/andai-saya", who, peran, unit=unit)).json() == {"data": []}
        assert (await dunia.lihat(f"/andai-saya/{KE_13}", who, peran, unit=unit)).status_code == 404
        seen = await tpp.client.get(page, headers=tpp.kepala(who, peran, unit=unit))
        assert seen.status_code == 404
    mine, other = await satu(dunia, ANI), await satu(dunia, DEDI)
    assert mine["status"] == other["status"] == "dihitung"
    # A PPPK beside a PNS: other sums, and each their own.
    assert mine["potongan"] != other["potongan"] or mine["neto"] != other["neto"]
    assert [one["neto"] for one in await dinanti(dunia, ANI)] == [mine["neto"]]
    assert [one["neto"] for one in await dinanti(dunia, DEDI)] == [other["neto"]]


async def test_while_its_month_runs_it_follows_from_what_is_known_and_says_what_is_assumed(
    tpp: Layanan,
) -> None:
    dunia = await berjalan(tpp)
    month, extra = await satu(dunia, ANI, BULAN), await satu(dunia, ANI)
    assert (extra["periode"], extra["nama"], extra["dasar"]) == (KE_13, "TPP ke-13", BULAN)
    assert extra["andaian"] == month["andaian"]
    assert any("diandaikan Baik" in one for one in extra["andaian"])
    # The same right as the month, without BPJS: 3.603.064 less 5%.
    assert (extra["bruto"], extra["neto"]) == (month["bruto"], "3422911")
    assert month["neto"] == "3388682"
    assert month["khusus"] == [{"periode": KE_13, "nama": "TPP ke-13"}]
    assert extra["khusus"] == []
    changes = {one["kode"]: one for one in extra["pengaruh"]}
    assert float(changes["terlambat"]["selisih"]) < 0
    # The THR's month is not there yet: nothing is said of it.
    assert [one["periode"] for one in await dinanti(dunia, ANI)] == [KE_13]
    waits = await dunia.lihat(f"/andai-saya/{THR}", ANI)
    assert waits.status_code == 404
    assert "TPP Hari Raya 2026 dihitung dari November 2026, yang belum dibuka" in waits.json()["detail"]
    assert (await dunia.lihat("/andai-saya/2025-13", ANI)).status_code == 404

    await dunia.dengar(predikat_sementara(ANI, 4))
    less = await satu(dunia, ANI)
    assert float(less["neto"]) < float(extra["neto"])
    assert not any("diandaikan Baik" in one for one in less["andaian"])

    home = await tpp.client.get("/tpp/saya", headers=tpp.kepala(ANI))
    assert f'href="/tpp/saya/{KE_13}/andai">TPP ke-13 2026</a>' in home.text
    assert "Bukan janji" in home.text
    page = await tpp.client.get(f"/tpp/saya/{KE_13}/andai", headers=tpp.kepala(ANI))
    assert "Perkiraan TPP ke-13 2026 saya" in page.text
    assert "Belum dihitung. Perkiraan ini dari data Oktober 2026, bulan dasar TPP ke-13 2026." in page.text
    assert "Yang diandaikan" in page.text
    linked = await tpp.client.get(f"/tpp/saya/{BULAN}/andai", headers=tpp.kepala(ANI))
    assert f'href="/tpp/saya/{KE_13}/andai"' in linked.text


async def test_after_its_month_it_is_what_will_be_paid_and_then_it_is_no_guess(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    await dunia.kebijakan(dengan_khusus())
    await dunia.siapkan_tanpa_kebijakan()
    await dunia.jalankan()
    expected = {who: await satu(dunia, who) for who in ORANG}
    assert all(one["andaian"] == [] for one in expected.values())
    await dunia.jalankan(KE_13)
    paid = await dunia.angka(KE_13)
    assert {who: int(one["neto"]) for who, one in expected.items()} == {
        who: neto for who, (_, neto, _) in paid.items()
    }
    assert (await dunia.lihat(f"/andai-saya/{KE_13}", ANI)).status_code == 409
    assert await dinanti(dunia, ANI) == []
    home = await tpp.client.get("/tpp/saya", headers=tpp.kepala(ANI))
    assert f"/tpp/saya/{KE_13}/andai" not in home.text
    assert f'href="/tpp/saya/{KE_13}"' in home.text


async def test_a_policy_without_extra_payments_promises_none(tpp: Layanan) -> None:
    dunia = await berjalan(tpp, kebijakan())
    assert await dinanti(dunia, ANI) == []
    assert (await satu(dunia, ANI, BULAN))["khusus"] == []
    told = await dunia.lihat(f"/andai-saya/{KE_13}", ANI)
    assert told.status_code == 404
    assert "tidak menyebut TPP ke-13 2026" in told.json()["detail"]
    home = await tpp.client.get("/tpp/saya", headers=tpp.kepala(ANI))
    assert "Yang akan datang" not in home.text


async def test_what_it_waits_for_is_named_and_its_owner_reminded_once(tpp: Layanan) -> None:
    dunia = await berjalan(tpp)
    await dunia.dengar(pegawai(BUDI))
    found = await satu(dunia, BUDI)
    assert (found["status"], [one["kode"] for one in found["alasan"]]) == ("ditahan", ["gaji_belum_ada"])
    (listed,) = await dinanti(dunia, BUDI)
    assert listed["status"] == "ditahan"
    path = f"/andai-saya/{KE_13}/ingatkan"
    for status in (200, 429):
        told = await dunia.kirim(path, BUDI, json={"kode": "gaji_belum_ada"})
        assert told.status_code == status, told.text
    (nudge,) = await tpp.keluar(ColekSent)
    assert (nudge.tentang_id, str(nudge.bulan)) == (BUDI, KE_13)
    assert (await dunia.kirim(path, ANI, json={"kode": "gaji_belum_ada"})).status_code == 409
    page = await tpp.client.get("/tpp/saya", headers=tpp.kepala(BUDI))
    assert "menunggu data" in page.text


async def test_one_of_the_next_year_says_when_it_is_paid(tpp: Layanan) -> None:
    dunia = Dunia(tpp)
    text = berdasar_desember(januari=True)
    await dunia.kebijakan(text)
    await dunia.dengar(pegawai(ANI), dibuka(bulan=DESEMBER), dinilai(ANI, 2, bulan=Period(2026, 11)))
    await dunia.gaji((NIP_DARI[ANI], 4_500_000))
    ptkp = await dunia.kirim(
        "/impor/ptkp", ADMIN, "admin_bkd", params={"berkas": "x.csv"},
        content=f"nip;ptkp;mulai\n{NIP_DARI[ANI]};TK/0;2026-01-01".encode(),
    )  # fmt: skip
    assert ptkp.json()["diterapkan"]
    found = {one["periode"]: one for one in await dinanti(dunia, ANI)}
    assert (found[KE_13]["dasar"], found[KE_13]["dibayar"]) == ("2026-12", "2027-01")
    # As of any month: 1,5% of 3.900.000, and nothing of the year that December waits for.
    assert (found[KE_13]["status"], found[KE_13]["neto"]) == ("dihitung", "3841500")
    assert (await satu(dunia, ANI, str(DESEMBER)))["status"] == "ditahan"
    page = await tpp.client.get(f"/tpp/saya/{KE_13}/andai", headers=tpp.kepala(ANI))
    assert "Menurut kebijakan dibayar Januari 2027." in page.text


async def test_a_month_that_is_over_and_not_yet_run_is_taken_as_it_is(tpp: Layanan) -> None:
    """Closed and rated, not computed: the facts stand, and only what may still come is assumed."""
    dunia = await berjalan(tpp)
    await dunia.kehadiran(hadir_semua(ANI, DEDI))
    await dunia.dengar(dinilai(ANI), dinilai(DEDI))
    assert await dunia.tutup(people=(ANI, DEDI)) == 0
    found = await satu(dunia, ANI)
    assert (found["andaian"], found["neto"]) == ([], "3422911")
    await dunia.jalankan(str(OKTOBER))
    assert (await satu(dunia, ANI))["neto"] == "3422911"
